/* run_impl.h - what the files of the runner share */
#ifndef SEI_PHREEQC_RUN_IMPL_H
#define SEI_PHREEQC_RUN_IMPL_H

#include "basic/basic.h"
#include "phreeqc/inverse.h"
#include "phreeqc/reader.h"
#include "phreeqc/run.h"
#include "react/kinetics.h"

/* ------------------------------------------------------------------ what has numbers */

typedef struct {
    sei_amounts     total; /* dissolved, with the water */
    sei_react_state state; /* start for the next equilibrium */
    double          temp_c, pressure_atm;
    double          potential_v; /* of a cell of -multi_d with an electric field */
    const char     *description;
    const sei_equil
        *initial; /* as it was given, before its valences have reacted; NULL: a result */
    const sei_pq_solution *given; /* of initial */
} pq_solution;

typedef struct {
    const sei_pq_exchange *def;
    sei_amounts            held; /* what its sites hold, with the sites */
    double
        tied_mol[SEI_REACT_SITES_MAX]; /* of what each line of the definition is tied to, in held */
} pq_exchange;

typedef struct {
    const sei_pq_surface *def;
    sei_amounts           held;
    sei_amounts           layer;          /* what its diffuse layers hold, with their water */
    double layer_kg[SEI_REACT_SITES_MAX]; /* water of layers of so many Debye lengths */
    double
        potential[SEI_REACT_SITES_MAX]; /* F psi / RT, by charge of the definition and its planes */
    double
        related_mol[SEI_REACT_SITES_MAX]; /* of the mineral or reactant that a charge is tied to */
} pq_surface;

typedef struct {
    const sei_pq_mineral *def;
    size_t                phase; /* in the network; SIZE_MAX: none of its elements is in the file */
    double                mol, start_mol;
} pq_mineral;

typedef struct {
    size_t     n;
    pq_mineral minerals[SEI_REACT_PHASES_MAX];
} pq_equilibrium;

typedef struct {
    const sei_pq_gas_phase *def;
    double                  pressure_atm, volume_l;
    size_t                  phase[SEI_REACT_MIXTURE_PARTS];
    double                  mol[SEI_REACT_MIXTURE_PARTS];
    double ln_phi[SEI_REACT_MIXTURE_PARTS], z; /* of a real gas; 0 and 1 when it is ideal */
} pq_gas;

typedef struct {
    const sei_pq_solid_solutions *def;
    size_t                        phase[SEI_REACT_MIXTURES_MAX][SEI_REACT_MIXTURE_PARTS];
    double                        mol[SEI_REACT_MIXTURES_MAX][SEI_REACT_MIXTURE_PARTS];
    double a0[SEI_REACT_MIXTURES_MAX], a1[SEI_REACT_MIXTURES_MAX]; /* Guggenheim's, without unit */
} pq_solids;

typedef struct {
    const sei_pq_kinetics *def;
    double                 m[SEI_KINETICS_MAX], start_m[SEI_KINETICS_MAX];
    sei_amounts            formula[SEI_KINETICS_MAX];
    size_t                 rate[SEI_KINETICS_MAX]; /* in runner->rates */
    double                 step_s, low_order_s;    /* that the integrator ended with; 0: none yet */
} pq_kinetics;

/* Things of one kind by their number, in rising order. */
typedef struct {
    int   number;
    void *item;
} pq_entry;

typedef struct {
    size_t    n, cap, size;
    pq_entry *entries;
} pq_store;

/* What reacts together. NULL: there is none. */
typedef struct {
    pq_solution    *solution;
    pq_exchange    *exchange;
    pq_surface     *surface;
    pq_equilibrium *equilibrium;
    pq_gas         *gas;
    pq_solids      *solids;
    pq_kinetics    *kinetics;
} pq_cell;

/* ------------------------------------------------------------------ the runner */

typedef struct pq_lookup pq_lookup;

typedef struct {
    const sei_pq_rate *def;
    sei_basic_program *program; /* NULL until it is needed */
    sei_basic_vm      *vm;
    bool               is_value; /* of CALCULATE_VALUES */
    bool               is_running;
    pq_lookup         *lookups;  /* by its uses of the host */
    bool               is_timed; /* asks what time it is */
} pq_rate;

typedef struct {
    int                    number;
    const sei_pq_selected *selected;
    sei_pq_table          *table; /* NULL until the first row after its definition */
    const sei_pq_program  *punch; /* USER_PUNCH with this number; NULL: none */
    sei_basic_program     *program;
    sei_basic_vm          *vm;
    size_t n_punched, n_headings; /* columns of the table for items of the program */
    size_t n_added,
        n_named; /* headings of ADD_HEADING, behind those of -headings; that columns have */
    const char **added;
} pq_output;

typedef enum {
    PQ_INITIAL_SOLUTION,
    PQ_INITIAL_EXCHANGE,
    PQ_INITIAL_SURFACE,
    PQ_INITIAL_GAS,
    PQ_REACTION,
    PQ_ADVECTION,
    PQ_TRANSPORT
} pq_state;

/* What the functions of BASIC and the columns of selected output look at. */
typedef struct {
    pq_state         state;
    int              number;           /* solution or cell */
    double           distance, time_s; /* NAN: none */
    double           total_time_s;
    double           sim_start_s; /* of the column: SIM_TIME counts from there */
    int              step;
    double           reaction_mol;
    bool             has_reaction;
    bool             has_couples; /* elements with a pe of their own */
    double           given_pe;    /* of an initial solution with a redox couple; NAN: that of eq */
    double           temp_c;
    const sei_equil *eq; /* aqueous side */
    double           water_kg;
    const double    *sorbed_mol; /* NULL: nothing is sorbed */
    const pq_cell   *cell;
    const sei_react_state *react_state; /* NULL for an initial solution */
    /* of the rate that is running */
    const pq_kinetics     *kinetics;
    size_t                 reactant;
    const double          *m; /* amounts now, by reactant */
    double                 rate_time_s, kin_time_s;
    const char            *description;
    const sei_pq_solution *given; /* what an initial solution was made of; else NULL */
} pq_view;

/* A program of USER_PRINT (number 0) or of a USER_GRAPH. */
typedef struct {
    int                   number;
    const sei_pq_program *def; /* NULL: there is none any more */
    sei_basic_program    *program;
    sei_basic_vm         *vm;
    sei_pq_table         *table; /* of a graph; NULL until its first row */
} pq_report;

typedef struct {
    bool is_set, is_none;
    int  number;
} pq_use;

/* Sites beside a held water as they came out last: the start of the next like them. */
typedef struct {
    size_t n_sites, n_surfaces; /* 0: none yet */
    size_t site[SEI_REACT_SITES_MAX];
    double x_site[SEI_REACT_SITES_MAX], potential[SEI_REACT_SITES_MAX];
} pq_site_start;

/* Coefficients of -dw that SETDIFF_C has set, until the species is defined anew (on another line). */
enum { PQ_OWN_DW_MAX = 64 };
typedef struct {
    size_t species, line;
    double dw[SEI_DW_TERMS];
} pq_species_dw;

typedef struct {
    size_t        n;
    pq_species_dw of[PQ_OWN_DW_MAX];
} pq_own_dw;

typedef struct {
    sei_ctx             *ctx;
    const sei_pq_input  *input;
    const sei_db        *db;
    const sei_sorb      *sorb;
    struct pq_additions *additions; /* what the input adds to the database; NULL: nothing */
    struct pq_compiled  *compiled;  /* networks of db */
    const sei_react     *react;
    sei_react_work      *work;
    const sei_net       *net; /* of react */
    sei_arena            arena;
    pq_site_start        site_start;
    bool                 keeps_initial; /* something is to be equilibrated with a solution */
    size_t               n_kept;
    struct {
        struct pq_compiled *compiled;
        const sei_net      *net;
        sei_equil          *eq;
    } * kept;
    sei_equil *spare; /* of the initial solution before, for one of the same network; NULL: none */
    sei_amounts *sorbed_of;    /* [n_sorbed] of one mol */
    bool        *element_used; /* [db->n_elements] */
    size_t       n_sites;      /* that the file names */
    const char  *sites[SEI_REACT_SITES_MAX];
    /* rates by name */
    size_t                    n_rates;
    pq_rate                  *rates;
    size_t                    n_parameters; /* RATE_PARAMETERS_PK ..., MEAN_GAMMAS in their order */
    const sei_pq_parameters **parameters;
    size_t                    n_isotopes; /* ISOTOPES, ISOTOPE_RATIOS in their order */
    const sei_pq_isotopes   **isotopes;
    struct pq_job            *job;                     /* of the cell that is run */
    size_t           mineral_at[SEI_REACT_PHASES_MAX]; /* of the last system; SIZE_MAX: left out */
    sei_basic_store *memory;
    sei_basic_host   host;
    pq_view          view;
    const pq_view   *now;             /* what BASIC sees */
    pq_lookup       *lookups;         /* of the rate that is running; NULL: another program */
    double           kinetic_start_s; /* of the cell that is integrated */
    const sei_react_anchor *anchor, *inflow_anchor; /* of the cell that is run; NULL: none */
    sei_react_anchor       *ret_anchor;
    bool is_on_the_way; /* the cell that is run mixes and reacts again before the shift is over */
    bool may_rest;      /* nobody looks at the workspace after the cell that is run */
    /* entities */
    pq_store store[SEI_PQ_ENTITY_COUNT];
    /* the simulation */
    int                     simulation;
    int                     n_transports;   /* so far */
    const sei_pq_transport *last_transport; /* NULL: none yet */
    pq_use                  use[SEI_PQ_ENTITY_COUNT];
    const sei_pq_block     *new_solution, *unused;
    const char             *title;
    bool                    incremental, punch_off;
    double                  total_time_s;          /* before the present reaction */
    double                  batch_time_s;          /* that the last batch reaction took */
    const sei_pq_cells     *cells;                 /* of RUN_CELLS; NULL: another reaction */
    double                  reaction_pressure_atm; /* of REACTION_PRESSURE in this step; 0: none */
    size_t                  n_porosities;          /* cells that CHANGE_POR may name: 1 and on */
    pq_own_dw              *own_dw;                /* NULL: none yet */
    double                 *porosity;              /* [n_porosities] that it has given; NAN: none */
    struct pq_multi        *multi;         /* of the column that is run with -multi_d; else NULL */
    bool                    told_pressure; /* that a gas is denser than constants are known for */
    int saves_to; /* RUN_CELLS: the cell that keeps what reacted; -1: SAVE tells */
    /* output */
    size_t         n_outputs;
    pq_output     *outputs;
    pq_output     *punching; /* whose program runs; NULL: none */
    pq_report      print;
    size_t         n_graphs;
    pq_report     *graphs;
    bool           print_off;
    sei_buf        printed;
    sei_pq_result *result;
} pq_runner;

struct sei_pq_database {
    sei_ctx            *ctx;
    char               *path, *text;
    size_t              len;
    sei_db             *db;
    sei_sorb           *sorb;
    sei_pq_input        rates_input; /* arena of the rates */
    size_t              n_rates;
    sei_pq_rates       *rates; /* [n_rates] one a block RATES */
    size_t              n_values, n_parameters;
    sei_pq_rates       *values; /* of CALCULATE_VALUES */
    sei_pq_parameters  *parameters;
    size_t              n_isotopes;
    sei_pq_isotopes    *isotopes;
    struct pq_compiled *compiled;
    struct pq_epochs   *epochs;
};

/* run_compiled.c: networks and systems of a database, compiled once for all inputs; threads may share it. What is
 * taken is given back when it is used no more. */
typedef struct pq_compiled pq_compiled;
SEI_CHECKED sei_status     pq_compiled_create(sei_ctx *ctx, pq_compiled **ret_compiled);
void                       pq_compiled_free(pq_compiled *compiled);
SEI_CHECKED sei_status     pq_compiled_net(pq_compiled *compiled, sei_ctx *ctx, const sei_db *db,
                                           const sei_net_spec *spec, const sei_net **ret_net);
SEI_CHECKED sei_status     pq_compiled_react(pq_compiled *compiled, sei_ctx *ctx,
                                             const sei_react_spec *spec, const sei_react **ret_react);
void pq_compiled_give_back(pq_compiled *compiled, const sei_net *net, const sei_react *react);
/* A workspace of a system of these that has forgotten what it did; _rest: nobody needs it any more, before its system is given
 * back. */
SEI_CHECKED sei_status pq_compiled_work(pq_compiled *compiled, sei_ctx *ctx, const sei_react *react,
                                        sei_react_work **ret_work);
void pq_compiled_rest(pq_compiled *compiled, const sei_react *react, sei_react_work *work);

/* run_epoch.c: a database with what inputs define read into it. */
typedef struct {
    sei_db      *db;
    sei_sorb    *sorb;
    pq_compiled *compiled;
} pq_epoch;

/* Texts of all simulations of an input, then, when there are later ones, the database's and those up to this one again. */
typedef struct {
    size_t         n, n_known; /* n_known: of this simulation and before */
    bool           has_later;
    sei_db_source *sources;
} pq_definitions;

/* What was read for one input and is the same for all that define the same; threads may share it. */
typedef struct pq_epochs pq_epochs;
SEI_CHECKED sei_status   pq_epochs_create(sei_ctx *ctx, pq_epochs **ret_epochs);
void                     pq_epochs_free(pq_epochs *epochs);
/* Taken from those that are kept, where they are and may be, or read for this input alone; given back in either way. */
SEI_CHECKED sei_status pq_epoch_take(sei_ctx *ctx, const sei_pq_database *database,
                                     const pq_definitions *definitions, pq_epoch **ret_epoch);
void pq_epoch_give_back(sei_ctx *ctx, const sei_pq_database *database, pq_epoch *epoch);

/* run_additions.c: species, phases and sites that the input defines. _create sets db, sorb and compiled to what is in force in
 * the first simulation, _enter to what is in another one; _change: that one defines something. */
typedef struct pq_additions pq_additions;
SEI_CHECKED sei_status      pq_additions_create(pq_runner *r, const sei_pq_database *database);
bool                        pq_additions_change(const pq_runner *r, size_t simulation);
SEI_CHECKED sei_status      pq_additions_enter(pq_runner *r, size_t simulation);
void                        pq_additions_free(pq_runner *r);

/* run_model.c: elements and sites of the file, network */
SEI_CHECKED sei_status pq_model_create(pq_runner *r, const sei_pq_database *database);
/* The network of the definitions that are in force in a simulation (from 0): everything that was compiled for others goes. */
SEI_CHECKED sei_status pq_model_enter(pq_runner *r, size_t simulation);
void                   pq_model_free(pq_runner *r);
/* Adds mol of a phase or a formula; E_NOT_FOUND names the place. */
SEI_CHECKED sei_status pq_add_named(pq_runner *r, const sei_where *where, const char *name,
                                    double mol, sei_amounts *amounts);
size_t                 pq_network_phase(const pq_runner *r, const char *name);

/* run_system.c, run_host.c: everything that reacts */
double pq_mineral_now(const pq_runner *r, const pq_view *v, const char *name, bool difference);
double pq_in_system(const pq_runner *r, const pq_view *v, const char *element); /* mol */
SEI_CHECKED sei_status pq_list_system(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                                      const char *element, double *ret);

/* run_sum.c: over names that match a pattern; EDL; elements of formulas */
SEI_CHECKED sei_status pq_sum(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                              const char *pattern, const char *element, double *ret);
SEI_CHECKED sei_status pq_layer(pq_runner *r, const pq_view *v, const char *what,
                                const char *surface, double *ret);
/* run_sum.c: over which the potential of a layer falls to 1/e */
double pq_debye_length_m(const sei_equil *eq);

/* run_lists.c: into arguments 1 to 3: how many, their names, their numbers; pq_by_name: for qsort */
typedef struct {
    const char *name;
    double      number;
} pq_named;
SEI_CHECKED sei_status pq_give_named(const sei_basic_call *call, size_t n, const pq_named rows[]);
int                    pq_by_name(const void *a, const void *b);

/* run_lists.c: functions that fill lists with what a cell holds; _kinetics_formula: the name of a reactant, its elements in
 * the arguments */
SEI_CHECKED sei_status pq_fill_lists(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                                     const char *name, double *ret);
SEI_CHECKED sei_status pq_kinetics_formula(pq_runner *r, const pq_view *v,
                                           const sei_basic_call *call, const char *name,
                                           const char **ret_text);
SEI_CHECKED sei_status pq_formula(pq_runner *r, const sei_basic_call *call, const char *name,
                                  const char **ret_text);

/* run_store.c */
void *pq_find(const pq_runner *r, sei_pq_entity entity, int number); /* NULL: none */
SEI_CHECKED sei_status pq_put(pq_runner *r, sei_pq_entity entity, int number, const void *item);
void                   pq_remove(pq_runner *r, sei_pq_entity entity, int number);
void                   pq_remove_all(pq_runner *r, sei_pq_entity entity);
void                   pq_store_free(pq_runner *r);
size_t                 pq_size_of(sei_pq_entity entity);

/* run_define.c: from typed blocks to entities */
SEI_CHECKED sei_status pq_define(pq_runner *r, const sei_pq_block *block);

/* run_modify_water.c: charge of amounts, eq */
double pq_charge_of(const pq_runner *r, const sei_amounts *amounts);

/* run_modify.c */
SEI_CHECKED sei_status pq_modify(pq_runner *r, const sei_pq_block *block);

/* run_blend.c: SOLUTION_MIX, EXCHANGE_MIX ... */
SEI_CHECKED sei_status pq_blend(pq_runner *r, const sei_pq_block *block);

/* run_dump.c: DUMP */
SEI_CHECKED sei_status pq_dump(pq_runner *r, const sei_pq_block *block);
SEI_CHECKED sei_status pq_dump_cells(pq_runner *r, const char *file, int last); /* from 0 */

/* run_gas.c */
void   pq_fill_gas(const pq_runner *r, pq_gas *gas);
void   pq_resume_gas(const pq_runner *r, pq_gas *gas); /* whose moles are known, and no more */
double pq_fill_gas_by_water(const pq_runner *r, pq_gas *gas, const sei_equil *eq,
                            double temp_c); /* atm in all */
/* Fugacity coefficients anew by the last equilibrium, which has these moles in the gas; how much they were off. At a fixed
 * volume they go share of the way. NAN: too much for the volume. */
double pq_renew_gas(const pq_runner *r, pq_gas *gas, const double mol[], const sei_equil *eq,
                    double temp_k, double share);
void   pq_close_gas(pq_gas *gas, double temp_k); /* pressure or volume by what it holds */
double pq_gas_of(const pq_runner *r, const pq_view *v, const char *name, bool pressure);
double pq_gas_volume(const pq_view *v);
double pq_fugacity(const pq_runner *r, size_t db_phase, double si, double temp_k);

/* run_solid.c: parameters of a binary in whatever way they are given */
SEI_CHECKED sei_status pq_guggenheim(pq_runner *r, const sei_pq_solid_solution *def, double *ret_a0,
                                     double *ret_a1);
/* Mole fraction of the second end member in one of the two solids of its gap; 1 without a gap, 0 without the solid. */
double pq_miscibility(const pq_view *v, const char *name, bool upper);

/* run_solution.c, run_initial.c */
SEI_CHECKED sei_status pq_initial_solution(pq_runner *r, const sei_pq_block *block);
SEI_CHECKED sei_status pq_initial_exchange(pq_runner *r, const sei_pq_block *block);
/* Brings sites to equilibrium with a water that stays as it is. */
SEI_CHECKED sei_status pq_exchange_beside(pq_runner *r, pq_solution *solution,
                                          pq_exchange *exchange);
SEI_CHECKED sei_status pq_initial_surface(pq_runner *r, const sei_pq_block *block);
SEI_CHECKED sei_status pq_initial_gas(pq_runner *r, const sei_pq_block *block);
/* A water as it is, to ask for its totals; the view is good until the next equilibrium. */
SEI_CHECKED sei_status pq_look_at_solution(pq_runner *r, const pq_solution *solution,
                                           pq_view *ret_view);
/* Alkalinity (eq/kgw) of a water that is given in mol/kgw. */
SEI_CHECKED sei_status pq_alkalinity_of(pq_runner *r, const sei_pq_block *place,
                                        const sei_pq_solution *def, double *ret_alk);

/* run_inverse.c, run_inverse_phase.c */
SEI_CHECKED sei_status pq_run_inverse(pq_runner *r, const sei_pq_block *block);

/* run_cell.c: equilibrium of a cell; reaction is added to it; dt_s > 0 with kinetics. The cell holds the
 * result. */
SEI_CHECKED sei_status pq_run_cell(pq_runner *r, pq_cell *cell, const sei_amounts *reaction,
                                   double temp_c, double dt_s);
/* The equilibrium of a cell with change added, from its solution's state; the cell stays as it is. For slopes by
 * sei_react_move and, with kinetics, for pq_rates_of over dt_s, until the next cell is run. */
SEI_CHECKED sei_status pq_try_cell(pq_runner *r, pq_cell *cell, const sei_amounts *change,
                                   double dt_s, const sei_react_system **ret_system,
                                   const sei_react_state **ret_state);
/* Surface i of a definition; what a surface and its layers hold, added to a total, and taken from a solution. */
sei_surface pq_surface_of(const pq_surface *surface, size_t i);
/* Potentials that each surface of a definition has, and how many surfaces there may be. */
size_t pq_planes_of(const sei_pq_surface *def);
size_t pq_surfaces_max(const sei_pq_surface *def);
/* That the diffuse layer of surface i begins at: of its last plane. */
double pq_layer_potential(const pq_surface *surface, size_t i);
void   pq_add_surface(const pq_runner *r, const pq_surface *surface, sei_amounts *total);
void   pq_take_layers(const sei_react_state *state, pq_surface *surface);
#define PQ_LAYER_KG_M3 1000.0 /* of the water of diffuse layers, as in PHREEQC */
/* The water of layers that are so many Debye lengths thick, beside water_kg of water that stays (is_beside) or changes by what
 * the layers take; true: it was another. */
bool pq_renew_layers(const sei_equil *eq, double water_kg, bool is_beside, pq_surface *surface);
/* The sites of exchanger and surface as they stand in a system. */
void pq_set_sites(const pq_runner *r, const pq_exchange *exchange, const pq_surface *surface,
                  sei_react_system *system, sei_react_state *state);
/* The view of the last cell that was run, for punching. */
void pq_look_at_cell(pq_runner *r, const pq_cell *cell, pq_view *view);
/* The workspace as the last run of a cell left it, whoever ran it: of cells without sites, gas and solid solutions at 1 atm. */
SEI_CHECKED sei_status pq_show_cell(pq_runner *r, const pq_cell *cell);
void                   pq_mark_start(pq_cell *cell); /* amounts that differences are counted from */

/* run_tied.c: surfaces and exchangers tied to minerals and kinetic reactants */
bool                   pq_is_tied(const pq_cell *cell);
SEI_CHECKED sei_status pq_tie_sites(const pq_runner *r,
                                    const pq_cell   *cell); /* to what is there now */
typedef sei_status     pq_tied_solve(void *user);
/* Solves again and again, sites changed between, until they agree with the minerals of state. */
SEI_CHECKED sei_status pq_solve_tied(pq_runner *r, const pq_cell *cell,
                                     const sei_react_state *state, pq_tied_solve *solve,
                                     void *user);

/* run_batch.c */
/* Tells the hooks of the input how much of the simulation is done; E_CANCELLED when they want it to stop. */
SEI_CHECKED sei_status pq_reached(const pq_runner *r, double share);
SEI_CHECKED sei_status pq_run_batch(pq_runner *r);
SEI_CHECKED sei_status pq_run_cells(pq_runner *r, const sei_pq_block *block);
/* Amount of reaction or time that step (from 1) stands for; whole since the start, or since the step before. */
double pq_step_value(const sei_pq_steps *s, size_t step, bool incremental);
double pq_step_temperature(const sei_pq_steps *s, size_t step);
/* REACTION_PRESSURE (NULL: none) of what is run next, and of its gas phase of fixed pressure. */
void pq_apply_pressure(pq_runner *r, const sei_pq_ramp *ramp, size_t step, pq_gas *gas);
SEI_CHECKED sei_status pq_reaction_amounts(pq_runner *r, const sei_pq_reaction *reaction,
                                           double mol, sei_amounts *ret); /* NULL: none */
/* run_column.c, run_transport.c */
SEI_CHECKED sei_status pq_run_advection(pq_runner *r, const sei_pq_block *block);
SEI_CHECKED sei_status pq_run_transport(pq_runner *r, const sei_pq_block *block);
SEI_CHECKED sei_status pq_mix_solutions(pq_runner *r, const sei_where *where, size_t n,
                                        const sei_pq_part parts[], pq_solution *ret_solution);

/* run_basic.c */
sei_status pq_rates_of(void *user, sei_ctx *ctx, double time_s, const sei_react_state *state,
                       const double m[], double ret_rate[]);
SEI_CHECKED sei_status pq_compile(pq_runner *r, const sei_pq_text *text,
                                  sei_basic_program **ret_program, sei_basic_vm **ret_vm);
SEI_CHECKED sei_status pq_find_rate(pq_runner *r, const sei_where *where, const char *name,
                                    size_t *ret_rate);
SEI_CHECKED sei_status pq_add_rates(pq_runner *r, const sei_pq_rates *rates, bool are_values);
/* A program of CALCULATE_VALUES at the present view. */
SEI_CHECKED sei_status pq_calculate(pq_runner *r, const char *name, double *ret_number);
void                   pq_free_rates(pq_runner *r);
SEI_CHECKED sei_status pq_basic_call(void *user, const sei_basic_call *call, sei_basic_value *ret);

/* run_parameters.c: RATE_PK, RATE_SVD, RATE_HERMANSKA and MEANG of a name; E_NOT_FOUND: no row is called so */
SEI_CHECKED sei_status pq_add_parameters(pq_runner *r, const sei_pq_parameters *parameters);
SEI_CHECKED sei_status pq_by_parameters(pq_runner *r, const pq_view *v, sei_basic_function function,
                                        const char *name, double *ret);

/* run_transport.c: room for what CHANGE_POR gives n cells; anew: what it has given is over */
SEI_CHECKED sei_status pq_keep_porosities(pq_runner *r, size_t n, bool anew);

/* run_isotope.c: ISOTOPES and ISOTOPE_RATIOS */
#define PQ_NO_RATIO (-9999.999) /* as programs of iso.dat tell that there is none */
SEI_CHECKED sei_status         pq_add_isotopes(pq_runner *r, const sei_pq_isotopes *isotopes);
const sei_pq_isotope_standard *pq_isotope(const pq_runner *r, const char *name); /* NULL: none */
/* A column of -isotopes; ISO and ISO_UNIT. */
SEI_CHECKED sei_status pq_isotope_column(pq_runner *r, const pq_view *v, const char *name,
                                         double *ret);
SEI_CHECKED sei_status pq_iso(pq_runner *r, const char *name, double *ret, const char **ret_unit);

/* run_equation.c */
SEI_CHECKED sei_status pq_equation(pq_runner *r, const sei_basic_call *call, const char *name,
                                   const char **ret_text);

/* run_lookup.c: values by constant names of a rate program, for the host's short way and the first call; false: go the long
 * way */
SEI_CHECKED sei_status pq_create_lookups(pq_runner *r, pq_rate *rate);
bool                   pq_look_up(pq_runner *r, const sei_basic_call *call, double *ret);
bool                   pq_look(void *user, size_t use, const double numbers[], double *ret);

/* run_value.c: what selected output and BASIC ask of a view */
double pq_total(const pq_runner *r, const pq_view *v, const char *name);        /* mol/kgw */
double pq_molality(const pq_runner *r, const pq_view *v, const char *name);     /* 0: not there */
double pq_log_activity(const pq_runner *r, const pq_view *v, const char *name); /* -999.999 */
bool   pq_log_gamma(const pq_runner *r, const pq_view *v, const char *name,
                    double *ret); /* log10; false: there is no such species in the water */
double pq_saturation(const pq_runner *r, const pq_view *v, const char *name); /* -999.999 */
double pq_ph(const pq_runner *r, const pq_view *v);
double pq_alkalinity(const pq_view *v);
double pq_pe(const pq_view *v);
double pq_percent_error(const pq_view *v); /* of the charge balance */

/* run_volume.c */
sei_water_properties pq_pure_water(const sei_equil *eq);
double               pq_density(const sei_equil *eq);     /* kg/L */
double               pq_volume_l_kg(const sei_equil *eq); /* of the solution, per kg of its water */
double               pq_volume(const pq_view *v);         /* L */
double pq_molar_volume(const pq_runner *r, const pq_view *v, const char *name); /* cm3/mol */

/* run_conductivity.c: SC and VISCOS, T_SC and DIFF_C; coefficients of all species of a water, with its returned viscosity */
#define PQ_WATER_25_MPA_S 0.8900239182946 /* of water at 25 degC and 1 atm, as in PHREEQC */
typedef struct {
    bool   is_known; /* the database has viscosities of ions */
    double water_mpa_s, mpa_s;
} pq_viscosity;
/* In the water as it is and, unless NULL, in pure water. _layer_mpa_s: of water that holds this instead. */
/* The numbers of -dw of a species; SETDIFF_C: from now on others. _keep: room for them, before others look. */
const double          *pq_dw_of(const pq_runner *r, size_t db_species);
SEI_CHECKED sei_status pq_keep_diffusion(pq_runner *r);
SEI_CHECKED sei_status pq_set_diffusion(pq_runner *r, const pq_view *v, const char *name,
                                        double m2_s, double by_viscosity, double *ret);
pq_viscosity pq_tracers_m2_s(const pq_runner *r, const sei_equil *eq, const sei_pq_multi *def,
                             double ret_m2_s[], double ret_water_m2_s[]);
double       pq_layer_mpa_s(const pq_runner *r, const sei_equil *eq, const double molal[]);
double       pq_conductance_us_cm(const pq_runner *r, const pq_view *v);
double       pq_viscosity_mpa_s(const pq_runner *r, const pq_view *v, bool of_water);
double       pq_viscous_share(const pq_runner *r, const pq_view *v,
                              const char *name); /* of what ions add by terms of their own */
double       pq_transport_number(const pq_runner *r, const pq_view *v,
                                 const char *name); /* share of the current */
/* Of a tracer; with what other ions leave of it, where the last TRANSPORT had it so */
double pq_diffusion_m2_s(const pq_runner *r, const pq_view *v, const char *name);

/* run_punch.c */
SEI_CHECKED sei_status pq_define_output(pq_runner *r, const sei_pq_block *block);
SEI_CHECKED sei_status pq_punch(pq_runner *r, const pq_view *view);
/* ADD_HEADING: how many headings there are with it; 0: no USER_PUNCH runs. */
SEI_CHECKED sei_status pq_add_heading(pq_runner *r, const char *heading, double *ret);
void                   pq_free_outputs(pq_runner *r);
SEI_CHECKED sei_status pq_punch_inverse(pq_runner *r, const sei_inverse_result *models);
SEI_CHECKED sei_status pq_new_table(pq_runner *r, sei_pq_table **ret_table); /* the result's own */

/* run_report.c: USER_PRINT and USER_GRAPH */
enum { PQ_PRINTED_MAX = 1 << 28 };
SEI_CHECKED sei_status pq_define_report(pq_runner *r, const sei_pq_block *block);
SEI_CHECKED sei_status pq_print(pq_runner *r, const pq_view *view);
SEI_CHECKED sei_status pq_plot(pq_runner *r, const pq_view *view);
void                   pq_free_reports(pq_runner *r);

#define PQ_LN10    2.302585092994045684
#define PQ_MISSING (-999.999)
/* mol/kgw: exp() is held above 1e-305; what is that little (a species that a later simulation defines) is not there. */
#define PQ_LEAST_MOLAL 1e-300

#endif
