/*
 * input.h - a PHREEQC input file as typed blocks, in the order of the file
 *
 * The reader checks words, numbers and options of every keyword; it knows nothing of databases, so that
 * names of elements, species and phases are looked up by the runner. Amounts are in mol, times in s,
 * temperatures in degC, pressures in atm as PHREEQC has them; concentrations keep their unit words.
 * Everything belongs to the sei_pq_input and lives as long as it does.
 */
#ifndef SEI_PHREEQC_INPUT_H
#define SEI_PHREEQC_INPUT_H

#include <signal.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/text.h"

enum {
    SEI_PQ_BYTES_MAX         = 32 << 20, /* of all files together */
    SEI_PQ_LINES_MAX         = 1000000,
    SEI_PQ_INCLUDE_DEPTH_MAX = 10,
    SEI_PQ_ITEMS_MAX         = 100000, /* of one list */
    SEI_PQ_STEPS_MAX         = 100000,
    SEI_PQ_NUMBER_MAX        = 1000000000
};

/* Up to here the density of water under pressure is known (chem/dielectric.h). */
#define SEI_PQ_PRESSURE_MAX_ATM 1000.0

/* A name with a number: reactant and coefficient, end member and moles. */
typedef struct {
    sei_where   where;
    const char *name;
    double      value;
    bool        has_value; /* false: value is the default of its place */
} sei_pq_named;

/* ------------------------------------------------------------------ concentrations */

typedef enum { SEI_PQ_MOL, SEI_PQ_EQ, SEI_PQ_GRAM } sei_pq_amount;
typedef enum { SEI_PQ_PER_KGW, SEI_PQ_PER_LITRE, SEI_PQ_PER_KGS } sei_pq_per;

/* "mg/L" is {1e-3, GRAM, PER_LITRE}; "ppm" is {1e-3, GRAM, PER_KGS}. */
typedef struct {
    double        factor; /* mol, eq or g in one unit */
    sei_pq_amount amount;
    sei_pq_per    per;
} sei_pq_unit;

/* What a number is made to be by changing it: the charge balance, or equilibrium with a phase. */
typedef enum { SEI_PQ_GIVEN, SEI_PQ_CHARGE, SEI_PQ_PHASE } sei_pq_fix;

typedef struct {
    sei_where   where;
    const char *component; /* "Fe", "Fe(2)" (never "Fe(+2)"), "Alkalinity" */
    double      value;     /* in unit */
    sei_pq_unit unit;
    const char *as;     /* formula that grams are counted in; NULL = as the database says */
    double      g_mol;  /* of -gfw; 0 = as the database says */
    const char *couple; /* "O(0)/O(-2)" or "pe"; NULL = the solution's */
    sei_pq_fix  fix;
    const char *phase; /* of SEI_PQ_PHASE */
    double      si;
} sei_pq_analyte;

/* "13C -12 1": the element or valence and its isotope ratio, in whatever scale all of a file are. */
typedef struct {
    sei_where   where;
    const char *label;     /* "13C", "34S(6)" */
    const char *component; /* "C", "S(6)" */
    double      mass;      /* 13 */
    double      ratio, limit;
    bool        has_limit;
} sei_pq_isotope;

/* ISOTOPES: an isotope that counts as an element of its own, by what it is told in. */
typedef enum { SEI_PQ_PERMIL, SEI_PQ_PERCENT, SEI_PQ_TRITIUM_UNIT } sei_pq_isotope_unit;
typedef struct {
    sei_where           where;
    const char         *element, *name; /* "C", "[13C](4)" */
    sei_pq_isotope_unit unit;
    const char         *unit_text;
    double              standard; /* mole ratio in the standard */
} sei_pq_isotope_standard;

/* ISOTOPE_RATIOS: a program of CALCULATE_VALUES and the isotope whose unit it has. */
typedef struct {
    sei_where   where;
    const char *name, *isotope;
} sei_pq_isotope_ratio;

typedef struct {
    size_t                   n_standards, n_ratios;
    sei_pq_isotope_standard *standards;
    sei_pq_isotope_ratio    *ratios;
} sei_pq_isotopes;

typedef struct {
    double          temp_c, pressure_atm, ph, pe, water_kg;
    double          density_kg_l, potential_v;
    bool            density_is_calculated; /* "-density 1.02 calculate" */
    sei_pq_unit     unit;                  /* default of the analytes */
    const char     *couple;                /* default; "pe" */
    sei_pq_fix      ph_fix, pe_fix;
    const char     *ph_phase, *pe_phase;
    double          ph_si, pe_si;
    sei_where       ph_where, pe_where, density_where;
    size_t          n;
    sei_pq_analyte *analytes;
    size_t          n_isotopes; /* for INVERSE_MODELING alone */
    sei_pq_isotope *isotopes;
} sei_pq_solution;

/* ------------------------------------------------------------------ phases */

typedef struct {
    sei_where   where;
    const char *name;
    double      si;      /* 0 when left out */
    double      mol;     /* 10 when left out */
    const char *formula; /* what reacts instead of the phase; NULL = the phase */
    bool        dissolve_only, precipitate_only, force_equality;
} sei_pq_mineral;

typedef struct {
    size_t          n;
    sei_pq_mineral *minerals;
} sei_pq_equilibrium;

typedef struct {
    sei_where   where;
    const char *name;
    double      pressure_atm; /* partial, at the start */
    bool        has_pressure;
} sei_pq_gas;

typedef struct {
    bool        is_fixed_volume;
    double      pressure_atm, volume_l, temp_c;
    bool        is_equilibrated; /* with a solution, to fix the partial pressures at the start */
    int         solution;
    size_t      n;
    sei_pq_gas *gases;
} sei_pq_gas_phase;

/* How the non-ideality of a binary is given; IDEAL for none. x is the mole fraction of the second end member. */
typedef enum {
    SEI_PQ_SS_IDEAL,
    SEI_PQ_SS_GUGG_NONDIM, /* a0, a1 */
    SEI_PQ_SS_GUGG_KJ,     /* a0, a1 in kJ/mol at temp_k */
    SEI_PQ_SS_ACTIVITY, /* coefficients of the second at x1 and of the first at x2: l2, l1, x1, x2 */
    SEI_PQ_SS_DISTRIBUTION, /* coefficients at x1 and x2: d1, d2, x1, x2 */
    SEI_PQ_SS_MISCIBILITY,  /* x of both solids */
    SEI_PQ_SS_SPINODAL,     /* x of both ends of instability */
    SEI_PQ_SS_CRITICAL,     /* x and temperature in K */
    SEI_PQ_SS_ALYOTROPIC,   /* x and log10 of the total solubility product */
    SEI_PQ_SS_THOMPSON,     /* wg2, wg1 in kJ/mol */
    SEI_PQ_SS_MARGULES      /* alpha2, alpha3 */
} sei_pq_ss_kind;

enum { SEI_PQ_SS_PARAMETERS = 4 };

typedef struct {
    sei_where      where;
    const char    *name;
    sei_pq_ss_kind kind;
    double         p[SEI_PQ_SS_PARAMETERS]; /* as they stand in the input */
    double         temp_k;                  /* 298.15 when left out */
    size_t         n;
    sei_pq_named  *members; /* phase and mol */
} sei_pq_solid_solution;

typedef struct {
    size_t                 n;
    sei_pq_solid_solution *solutions;
} sei_pq_solid_solutions;

/* ------------------------------------------------------------------ sorption */

/* What fixes the number of sites: a number, a mineral of EQUILIBRIUM_PHASES, a reactant of KINETICS. */
typedef enum { SEI_PQ_SITES_MOL, SEI_PQ_SITES_MINERAL, SEI_PQ_SITES_KINETIC } sei_pq_sites_kind;

typedef struct {
    sei_where         where;
    const char       *formula; /* "X", "CaX2", "Hfo_w", "Hfo_wOH" */
    sei_pq_sites_kind kind;
    double            value;   /* mol, or mol of sites per mol of the mineral or reactant */
    const char       *related; /* the mineral or reactant; NULL with SITES_MOL */
    size_t            charge;  /* of a surface: index into charges */
} sei_pq_sites;

typedef struct {
    bool          is_equilibrated;
    int           solution;
    bool          own_gammas; /* -pitzer_exchange_gammas false */
    size_t        n;
    sei_pq_sites *sites;
} sei_pq_exchange;

/* One surface with its own potential: the part of the name before "_". */
typedef struct {
    const char *name; /* "Hfo" */
    double      area; /* m2/g; m2/mol when its sites are tied to a mineral or reactant */
    double      mass_g;
    bool        is_related;          /* to a mineral or reactant */
    double      capacitance_f_m2[2]; /* between its planes, of -cd_music; the first one of -ccm */
} sei_pq_charge;

typedef enum { SEI_PQ_DDL, SEI_PQ_NO_EDL, SEI_PQ_CD_MUSIC, SEI_PQ_CCM } sei_pq_edl;
typedef enum { SEI_PQ_LAYER_NONE, SEI_PQ_LAYER_DIFFUSE, SEI_PQ_LAYER_DONNAN } sei_pq_layer;

typedef struct {
    bool         is_equilibrated;
    int          solution;
    sei_pq_edl   edl;
    sei_pq_layer layer; /* composition of the diffuse layer counted explicitly */
    double       thickness_m, debye_lengths; /* the latter 0: a thickness is given */
    double       limit_ddl; /* most of all water that may be in layers of so many Debye lengths */
    bool         only_counter_ions;
    double    layer_viscosity; /* of the layer's water beside the solution's; 0: by what it holds */
    bool      is_density;      /* sites are given per nm2, not in mol */
    sei_where layer_where, edl_where;
    size_t    n, n_charges;
    sei_pq_sites  *sites;
    sei_pq_charge *charges;
} sei_pq_surface;

/* ------------------------------------------------------------------ changes */

/* With is_equal, values[0] (or the way from values[0] to values[1] of temperatures) is walked in n_equal
 * steps; otherwise every value is a step. */
typedef struct {
    size_t  n;
    double *values;
    bool    is_equal;
    size_t  n_equal;
} sei_pq_steps;

typedef struct {
    size_t        n;
    sei_pq_named *reactants; /* phase or formula, and coefficient */
    sei_pq_steps  steps;     /* mol; one step of 1 mol when left out */
} sei_pq_reaction;

typedef struct {
    sei_pq_steps steps; /* degC (or atm) */
} sei_pq_ramp;

typedef struct {
    int    solution;
    double fraction;
} sei_pq_part;

typedef struct {
    size_t       n;
    sei_pq_part *parts;
} sei_pq_mix;

typedef struct {
    sei_where     where;
    const char   *name; /* of its rate */
    double        m, m0, tol;
    size_t        n_parms, n_formula;
    double       *parms;
    sei_pq_named *formula; /* never empty: {name, 1} when left out */
} sei_pq_reactant;

typedef struct {
    sei_pq_steps     steps; /* s */
    double           step_divide;
    int              runge_kutta, bad_step_max, cvode_steps, cvode_order;
    bool             use_cvode;
    size_t           n;
    sei_pq_reactant *reactants;
} sei_pq_kinetics;

/* ------------------------------------------------------------------ text */

typedef struct {
    sei_where   where;
    const char *text;
} sei_pq_line;

/* Lines handed on to another reader. */
typedef struct {
    size_t       n;
    sei_pq_line *lines;
} sei_pq_text;

typedef struct {
    sei_where   where;
    const char *name;
    sei_pq_text basic;
} sei_pq_rate;

typedef struct {
    size_t       n;
    sei_pq_rate *rates;
} sei_pq_rates;

/* Rows of numbers that functions of BASIC ask for: RATE_PARAMETERS_PK, _SVD, _HERMANSKA; of MEAN_GAMMAS the ions of a salt. */
typedef enum {
    SEI_PQ_PALANDRI_KHARAKA,
    SEI_PQ_SVERDRUP,
    SEI_PQ_HERMANSKA,
    SEI_PQ_MEAN_GAMMAS
} sei_pq_parameter_kind;

typedef struct {
    sei_where     where;
    const char   *name;
    size_t        n_values, n_ions;
    double       *values;
    sei_pq_named *ions; /* with how often each is in the salt */
} sei_pq_parameter;

typedef struct {
    sei_pq_parameter_kind kind;
    size_t                n;
    sei_pq_parameter     *items;
} sei_pq_parameters;

typedef struct {
    size_t       n_headings;
    const char **headings;
    sei_pq_text  basic;
    bool initial, active; /* of a graph: also for what is there before a reaction; drawn at all */
} sei_pq_program;         /* USER_PUNCH, USER_PRINT */

/* ------------------------------------------------------------------ what to do */

/* Kinds of things that have numbers. */
#define SEI_PQ_ENTITY_LIST(X)                       \
    X(SOLUTION, "solution")                         \
    X(EQUILIBRIUM_PHASES, "equilibrium_phases")     \
    X(EXCHANGE, "exchange")                         \
    X(SURFACE, "surface")                           \
    X(GAS_PHASE, "gas_phase")                       \
    X(SOLID_SOLUTIONS, "solid_solutions")           \
    X(KINETICS, "kinetics")                         \
    X(MIX, "mix")                                   \
    X(REACTION, "reaction")                         \
    X(REACTION_TEMPERATURE, "reaction_temperature") \
    X(REACTION_PRESSURE, "reaction_pressure")       \
    X(CELL, "cell")

#define SEI_PQ_ENTITY_ENUM(name, text) SEI_PQ_##name,
typedef enum { SEI_PQ_ENTITY_LIST(SEI_PQ_ENTITY_ENUM) SEI_PQ_ENTITY_COUNT } sei_pq_entity;
#undef SEI_PQ_ENTITY_ENUM

typedef struct {
    sei_pq_entity entity;
    bool          is_none;     /* USE surface none */
    int           first, last; /* USE has first only */
} sei_pq_target;               /* USE, SAVE */

typedef struct {
    sei_pq_entity entity;
    int           from, first, last;
} sei_pq_copy;

typedef struct {
    int first, last;
} sei_pq_range;

typedef struct {
    size_t        n;
    sei_pq_range *ranges;
    bool          has_start, has_step;
    double start_s, step_s; /* time at the start; time that kinetics take instead of their steps */
} sei_pq_cells;

typedef struct {
    sei_where     where;
    bool          everything; /* -all: of every entity */
    sei_pq_entity entity;
    size_t        n; /* 0: every number of the entity */
    sei_pq_range *ranges;
} sei_pq_deletion;

typedef struct {
    size_t           n;
    sei_pq_deletion *items;
} sei_pq_delete;

/* What a line of SOLUTION_RAW, SOLUTION_MODIFY and the like sets. */
typedef enum {
    SEI_PQ_SET_NOTHING,
    SEI_PQ_SET_NEW, /* what is defined is to be made ready as if it came from a usual block */
    SEI_PQ_SET_DESCRIPTION,
    SEI_PQ_SET_COMPONENT, /* the following is of this phase, reactant, kind of sites, gas, end member */
    SEI_PQ_SET_GROUP,     /* ... of this surface with a charge, this solid solution */
    SEI_PQ_SET_MOL,
    SEI_PQ_SET_TOTAL,  /* mol of an element or a valence */
    SEI_PQ_SET_CHARGE, /* eq */
    SEI_PQ_SET_TEMP,
    SEI_PQ_SET_TEMP_K,
    SEI_PQ_SET_PRESSURE,
    SEI_PQ_SET_VOLUME,
    /* solutions */
    SEI_PQ_SET_H, /* mol in all, water included */
    SEI_PQ_SET_O,
    SEI_PQ_SET_WATER, /* kg */
    SEI_PQ_SET_PH,
    SEI_PQ_SET_PE,
    SEI_PQ_SET_VOLTAGE,
    SEI_PQ_SET_STRENGTH,
    SEI_PQ_SET_ACTIVITY, /* log10, of the master species of an element or valence */
    /* phases */
    SEI_PQ_SET_SI,
    SEI_PQ_SET_FORMULA,
    SEI_PQ_SET_FORCE_EQUALITY,
    SEI_PQ_SET_DISSOLVE_ONLY,
    SEI_PQ_SET_PRECIPITATE_ONLY,
    /* reactants and reactions */
    SEI_PQ_SET_M,
    SEI_PQ_SET_M0,
    SEI_PQ_SET_TOL,
    SEI_PQ_SET_PARMS,
    SEI_PQ_SET_PART, /* of a reactant or a reaction: formula and coefficient */
    SEI_PQ_SET_STEPS,
    SEI_PQ_SET_EQUAL, /* steps are parts of a whole */
    SEI_PQ_SET_COUNT, /* so many */
    SEI_PQ_SET_UNITS,
    SEI_PQ_SET_STEP_DIVIDE,
    SEI_PQ_SET_CVODE,
    SEI_PQ_SET_MIX, /* number and fraction */
    /* sites */
    SEI_PQ_SET_GAMMAS,
    SEI_PQ_SET_EQUILIBRATED,
    SEI_PQ_SET_SOLUTION,
    SEI_PQ_SET_PHASE, /* that the sites are tied to */
    SEI_PQ_SET_RATE,
    SEI_PQ_SET_PROPORTION,
    SEI_PQ_SET_SURFACE, /* that the sites belong to */
    SEI_PQ_SET_TYPE,
    SEI_PQ_SET_LAYER,
    SEI_PQ_SET_COUNTER_IONS,
    SEI_PQ_SET_THICKNESS,
    SEI_PQ_SET_DEBYE,
    SEI_PQ_SET_LIMIT,
    SEI_PQ_SET_AREA,
    SEI_PQ_SET_CAPACITANCE0,
    SEI_PQ_SET_CAPACITANCE1,
    SEI_PQ_SET_GRAMS,
    SEI_PQ_SET_SURFACE_CHARGE, /* with what its diffuse layer holds */
    SEI_PQ_SET_LAYER_WATER,
    SEI_PQ_SET_POTENTIAL,
    SEI_PQ_SET_LAYER_TOTAL,
    /* mixtures */
    SEI_PQ_SET_GAS_PRESSURE,
    SEI_PQ_SET_CASE,
    SEI_PQ_SET_PARAMETERS,
    SEI_PQ_SET_A0,
    SEI_PQ_SET_A1
} sei_pq_change;

typedef struct {
    sei_where     where;
    sei_pq_change change;
    const char   *component, *group, *name; /* whose; element, formula or word */
    double        value;
    size_t        n;
    double       *values;
} sei_pq_assignment;

typedef struct {
    sei_pq_entity      entity;
    bool               is_raw; /* of something new, not of what is there */
    size_t             n;
    sei_pq_assignment *items;
} sei_pq_modify;

/* DUMP: what of everything with a number is written to a file. */
typedef struct {
    const char    *file; /* NULL: dump.out */
    bool           appends;
    sei_pq_delete *what;
} sei_pq_dump;

/* ------------------------------------------------------------------ inverse modeling */

/* Uncertainties, one a solution, the last one for all that follow: fractions above 0, mol below it. */
typedef struct {
    size_t  n;
    double *values;
} sei_pq_limits;

typedef struct {
    sei_where     where;
    const char   *name; /* an element, a valence, "Alkalinity" */
    sei_pq_limits limits;
} sei_pq_inverse_balance;

typedef struct {
    sei_where     where;
    const char   *label, *component; /* as those of sei_pq_isotope */
    double        mass;
    sei_pq_limits limits;
} sei_pq_inverse_isotope;

typedef struct {
    sei_where       where;
    const char     *name;
    bool            dissolve_only, precipitate_only, is_forced;
    size_t          n_isotopes;
    sei_pq_isotope *isotopes;
} sei_pq_inverse_phase;

typedef struct {
    size_t                  n_solutions, n_forced, n_balances, n_isotopes, n_phases;
    int                    *solutions; /* the last one is made of the others */
    bool                   *forced;    /* [n_forced] by solution */
    sei_pq_limits           limits, ph_limits;
    sei_pq_inverse_balance *balances;
    sei_pq_inverse_isotope *isotopes;
    sei_pq_inverse_phase   *phases;
    double                  tolerance, range_most, water_limit_mol;
    bool                    with_ranges, minimal_only, mineral_water;
} sei_pq_inverse;

/* ------------------------------------------------------------------ output */

/* Switches of SELECTED_OUTPUT in the order of their columns: X(name, default of definition 1). */
#define SEI_PQ_SWITCH_LIST(X) \
    X(simulation, true)       \
    X(state, true)            \
    X(solution, true)         \
    X(distance, true)         \
    X(time, true)             \
    X(step, true)             \
    X(ph, true)               \
    X(pe, true)               \
    X(reaction, false)        \
    X(temperature, false)     \
    X(alkalinity, false)      \
    X(ionic_strength, false)  \
    X(water, false)           \
    X(charge_balance, false)  \
    X(percent_error, false)

/* Lists of SELECTED_OUTPUT in the order of their columns. */
#define SEI_PQ_LIST_LIST(X) \
    X(totals)               \
    X(molalities)           \
    X(activities)           \
    X(equilibrium_phases)   \
    X(saturation_indices)   \
    X(gases)                \
    X(kinetic_reactants)    \
    X(solid_solutions)      \
    X(isotopes)             \
    X(calculate_values)

typedef struct {
    size_t       n;
    const char **names;
} sei_pq_names;

#define SEI_PQ_SWITCH_FIELD(name, initial) bool name;
#define SEI_PQ_LIST_FIELD(name)            sei_pq_names name;
typedef struct {
    SEI_PQ_SWITCH_LIST(SEI_PQ_SWITCH_FIELD)
    SEI_PQ_LIST_LIST(SEI_PQ_LIST_FIELD)
    bool high_precision, user_punch, active, inverse;
    bool no_new_line; /* -new_line false: rows follow each other on one line of PHREEQC's file */
    bool goes_on; /* nothing but -active or -user_punch was given: the table of before goes on */
    const char *file; /* NULL: selected_output_N.sel */
} sei_pq_selected;
#undef SEI_PQ_SWITCH_FIELD
#undef SEI_PQ_LIST_FIELD

/* Only what matters here; all else is accepted. */
typedef struct {
    bool has_selected_output, selected_output;
    bool has_user_print, user_print;
} sei_pq_print;

typedef enum { SEI_PQ_CONSTANT = 1, SEI_PQ_CLOSED = 2, SEI_PQ_FLUX = 3 } sei_pq_boundary;

/* Diffusion of every species by itself: -multi_d, -porosities, -interlayer_d, -implicit. */
typedef struct {
    bool    is_on;
    double  default_m2_s; /* of species without a coefficient of their own, at 25 degC */
    double  porosity, porosity_limit, exponent;
    bool    by_conductance; /* coefficients of ions as their conductance has them */
    size_t  n_porosities;   /* fewer than cells: the last one goes on; 0: porosity in all */
    double *porosities;
    bool    has_interlayer;
    double  interlayer_porosity, interlayer_limit, interlayer_tortuosity;
    bool    is_implicit;
    double  mix_max;          /* implicit: dt D / dx2 of one step */
    double  log_molality_min; /* what is less is not there */
    double
        current_a; /* of -fix_current, in the direction that potentials drive; 0: what they drive */
} sei_pq_multi;

/* Shared by TRANSPORT and ADVECTION: who is printed when. */
typedef struct {
    size_t        n_punch; /* 0: every cell */
    sei_pq_range *punch;
    int           punch_frequency;
} sei_pq_sampling;

typedef struct {
    int             cells, shifts;
    double          time_step_s;
    bool            has_time_step; /* without it shifts have no time and no kinetics */
    double          initial_time_s;
    bool            has_initial_time;
    sei_pq_sampling sampling;
} sei_pq_advection;

typedef struct {
    int             cells, shifts, direction; /* 1 forward, -1 backward, 0 diffusion only */
    double          time_step_s, substeps;
    sei_pq_boundary first, last;
    double          diffusion_m2_s, thermal_retardation, thermal_diffusion_m2_s;
    const char     *dump;           /* file that the cells are written to; NULL: none */
    int             dump_frequency; /* in shifts; 0: half of them */
    int             first_shift;    /* -dump_restart: those before are done already; else 1 */
    double          initial_time_s;
    bool            has_initial_time, correct_dispersion;
    size_t          n_lengths, n_dispersivities; /* fewer than cells: the last one goes on */
    double         *lengths_m, *dispersivities_m;
    int             stagnant_layers;
    bool            has_exchange_factor;
    double          exchange_factor, porosity_mobile, porosity_immobile;
    sei_pq_multi    multi;
    sei_pq_sampling sampling;
} sei_pq_transport;

/* ------------------------------------------------------------------ the file */

typedef enum {
    SEI_PQ_BLOCK_SOLUTION,
    SEI_PQ_BLOCK_EQUILIBRIUM_PHASES,
    SEI_PQ_BLOCK_EXCHANGE,
    SEI_PQ_BLOCK_SURFACE,
    SEI_PQ_BLOCK_GAS_PHASE,
    SEI_PQ_BLOCK_SOLID_SOLUTIONS,
    SEI_PQ_BLOCK_REACTION,
    SEI_PQ_BLOCK_REACTION_TEMPERATURE,
    SEI_PQ_BLOCK_REACTION_PRESSURE,
    SEI_PQ_BLOCK_MIX,
    SEI_PQ_BLOCK_KINETICS,
    SEI_PQ_BLOCK_RATES,
    SEI_PQ_BLOCK_CALCULATE,
    SEI_PQ_BLOCK_PARAMETERS, /* RATE_PARAMETERS_PK ..., MEAN_GAMMAS */
    SEI_PQ_BLOCK_ISOTOPES,   /* and ISOTOPE_RATIOS, ISOTOPE_ALPHAS */
    SEI_PQ_BLOCK_RUN_CELLS,
    SEI_PQ_BLOCK_INCREMENTAL,
    SEI_PQ_BLOCK_USE,
    SEI_PQ_BLOCK_SAVE,
    SEI_PQ_BLOCK_COPY,
    SEI_PQ_BLOCK_DELETE,
    SEI_PQ_BLOCK_SELECTED_OUTPUT,
    SEI_PQ_BLOCK_USER_PUNCH,
    SEI_PQ_BLOCK_USER_PRINT,
    SEI_PQ_BLOCK_USER_GRAPH,
    SEI_PQ_BLOCK_PRINT,
    SEI_PQ_BLOCK_TITLE,
    SEI_PQ_BLOCK_INVERSE,
    SEI_PQ_BLOCK_TRANSPORT,
    SEI_PQ_BLOCK_ADVECTION,
    SEI_PQ_BLOCK_MODIFY, /* and _RAW */
    SEI_PQ_BLOCK_BLEND,  /* SOLUTION_MIX, EXCHANGE_MIX ... */
    SEI_PQ_BLOCK_DUMP,
    SEI_PQ_BLOCK_DATABASE /* SOLUTION_SPECIES, PHASES, EXCHANGE_SPECIES ...: text for the database readers */
} sei_pq_block_kind;

typedef struct {
    sei_pq_block_kind kind;
    const char       *keyword; /* canonical, "EQUILIBRIUM_PHASES" */
    sei_where         where;
    int               first, last; /* "SOLUTION 1-20": 1, 20 */
    const char       *description; /* "" when there is none */
    union {
        sei_pq_solution        *solution;
        sei_pq_equilibrium     *equilibrium;
        sei_pq_exchange        *exchange;
        sei_pq_surface         *surface;
        sei_pq_gas_phase       *gas_phase;
        sei_pq_solid_solutions *solid_solutions;
        sei_pq_reaction        *reaction;
        sei_pq_ramp            *ramp; /* REACTION_TEMPERATURE, REACTION_PRESSURE */
        sei_pq_mix             *mix;  /* MIX, SOLUTION_MIX ... */
        sei_pq_kinetics        *kinetics;
        sei_pq_rates           *rates; /* RATES, CALCULATE_VALUES */
        sei_pq_parameters      *parameters;
        sei_pq_isotopes        *isotopes;
        sei_pq_cells           *cells;  /* RUN_CELLS */
        sei_pq_target          *target; /* USE, SAVE */
        sei_pq_copy            *copy;
        sei_pq_delete          *deletion;
        sei_pq_modify          *modify;
        sei_pq_dump            *dump;
        sei_pq_selected        *selected;
        sei_pq_program         *program; /* USER_PUNCH, USER_PRINT, USER_GRAPH */
        sei_pq_print           *print;
        sei_pq_inverse         *inverse;
        sei_pq_transport       *transport;
        sei_pq_advection       *advection;
        sei_pq_text            *text; /* DATABASE, TITLE */
        bool                   *flag; /* INCREMENTAL */
    } as;
} sei_pq_block;

/* Up to END or the end of the file. */
typedef struct {
    sei_where     where; /* of its first keyword */
    size_t        n;
    sei_pq_block *blocks;
} sei_pq_simulation;

/* How TRANSPORT is solved: as PHREEQC does, or all cells at once (run_implicit.c) to verify that by. */
typedef enum { SEI_PQ_SPLIT, SEI_PQ_IMPLICIT } sei_pq_scheme;

/* Told between the steps and shifts of a simulation (1 .. n of the input), by the thread that runs it: the share of it that
 * is done. *stop != 0 (stop may be NULL) ends the run with E_CANCELLED; what was finished before stays. */
typedef struct {
    void (*reached)(void *user, size_t simulation, double share);
    void                        *user;
    const volatile sig_atomic_t *stop;
} sei_pq_hooks;

typedef struct {
    sei_arena           arena;
    const sei_pq_hooks *hooks; /* NULL as read; the caller may set it */
    size_t threads; /* for large columns; 0 as read: one a processor; the caller may set it */
    sei_pq_scheme      scheme;   /* SPLIT as read; the caller may set it */
    const char        *database; /* of the DATABASE line; NULL when there is none */
    sei_where          database_where;
    size_t             n;
    sei_pq_simulation *simulations;
    /* A file that the simulations write and the next one includes: what follows is read when its text is there
     * (sei_pq_read_on). NULL: none. */
    const char *awaits;
    sei_where   awaits_where;
    struct {
        const char      *name, *folder;
        sei_slice        text;
        size_t           n_given;
        const sei_slice *given; /* texts of such files before */
    } source;
} sei_pq_input;

/*
 * Reads an input file with the files it includes. Errors name file and line, and the keyword with the
 * offending text; E_UNSUPPORTED is what PHREEQC knows and this program does not. What is accepted without
 * effect (KNOBS, printing options) is named in a warning of ctx.
 */
SEI_CHECKED sei_status sei_pq_read(sei_ctx *ctx, const char *path, sei_pq_input **ret_input);
SEI_CHECKED sei_status sei_pq_parse(sei_ctx *ctx, const char *name, const char *text, size_t len,
                                    sei_pq_input **ret_input);
/* The same input read again with the text of the file that it awaits; it may await another one. */
SEI_CHECKED sei_status sei_pq_read_on(sei_ctx *ctx, const sei_pq_input *input, const char *text,
                                      size_t len, sei_pq_input **ret_input);
void                   sei_pq_free(sei_pq_input *input); /* NULL is a harmless no-op */

/* How long an input looks, about in equilibria: by the cells, shifts and steps that it asks for. */
double sei_pq_effort(const sei_pq_input *input);
/* order[n]: the numbers of the inputs (NULL: nothing to do), the one that looks longest first; what looks alike stays in
 * its order. */
SEI_CHECKED sei_status sei_pq_longest_first(sei_ctx *ctx, size_t n, sei_pq_input *const inputs[],
                                            size_t order[]);

/* The lines of a DATABASE block as one text that starts with its keyword. Line numbers of the file are
 * kept by empty lines where that is possible; *ret_first_line is that of the keyword. Free with
 * sei_release. */
SEI_CHECKED sei_status sei_pq_database_text(sei_ctx *ctx, const sei_pq_block *block,
                                            char **ret_text, size_t *ret_len,
                                            size_t *ret_first_line);

const char *sei_pq_entity_name(sei_pq_entity entity);

#endif
