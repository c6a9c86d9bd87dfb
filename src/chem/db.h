/* db.h - what is read from a thermodynamic database, before any network is compiled */
#ifndef SEI_CHEM_DB_H
#define SEI_CHEM_DB_H

#include <stdint.h>

#include "base/arena.h"
#include "seiryu/chem.h"

enum {
    SEI_DB_FORMULA_TERMS  = 16, /* different elements in one formula */
    SEI_DB_REACTION_TERMS = 24, /* species in one reaction */
    SEI_DB_BYTES_MAX      = 32 << 20,
    SEI_DB_ITEMS_MAX      = 100000
};

/*
 * log10 K(T) = c[0] + c[1] T + c[2]/T + c[3] log10 T + c[4]/T^2 + c[5] T^2, T in K.
 * A reaction enthalpy is written in the same form (van 't Hoff: c[0] and c[2]), so that the
 * constants of combined reactions are sums.
 */
enum { SEI_LOGK_TERMS = 6 };
typedef struct {
    double c[SEI_LOGK_TERMS];
} sei_logk;

/* Species or phase `name` = sum of coef * species, with the constant of that formation. */
typedef struct {
    size_t species; /* index into db->species */
    double coef;
} sei_rterm;

typedef struct {
    size_t    n_terms;
    sei_rterm terms[SEI_DB_REACTION_TERMS];
    sei_logk  logk;
} sei_reaction;

typedef enum {
    SEI_GAMMA_DAVIES,  /* charged, no -gamma */
    SEI_GAMMA_NEUTRAL, /* log g = 0.1 I */
    SEI_GAMMA_WATEQ,   /* log g = -A z^2 sqrt(I) / (1 + B a sqrt(I)) + b I */
    SEI_GAMMA_ONE,     /* H2O, e- */
    SEI_GAMMA_LLNL,    /* as WATEQ with A, B and one b (B-dot) of the database; 1 without charge */
    SEI_GAMMA_LLNL_CO2 /* of dissolved CO2 and other neutrals, Drummond 1981 */
} sei_gamma_kind;

typedef struct {
    size_t element; /* index into db->elements */
    double count;
} sei_fterm;

typedef struct {
    size_t    n;
    sei_fterm terms[SEI_DB_FORMULA_TERMS];
    double    charge;
} sei_composition;

enum { SEI_VM_TERMS = 10, SEI_DW_TERMS = 7, SEI_VISCOSITY_TERMS = 9 };

typedef struct {
    const char     *name; /* canonical: charge as +2, -, +3 */
    sei_composition composition;
    bool            is_defined; /* has a reaction (or is an identity) */
    bool            is_identity;
    bool
        is_unbalanced; /* -no_check without -mole_balance: its reaction may say other atoms than its name */
    bool
        is_water; /* -activity_water: another isotope of water, whose activity is its mole fraction */
    sei_reaction   formation; /* in terms of other species; empty for an identity */
    sei_gamma_kind gamma;
    double         dha, dhb;
    bool           has_vm;
    double
        vm[SEI_VM_TERMS]; /* of -Vm: a1 a2 a3 a4 W a0 i1 i2 i3 i4, as they stand in the database */
    double dw
        [SEI_DW_TERMS]; /* of -dw: m2/s at 25 degC, by temperature (K), a a2 viscosity a3 a_v_dif */
    bool has_erm; /* erm_ddl: how much more of it than others of its charge is in a Donnan layer */
    double erm_ddl;
    bool   has_viscosity;
    double
        viscosity[SEI_VISCOSITY_TERMS]; /* of -viscosity: b0 b1 b2 d1 d2 d3 anion b0(25) d1(25) */
    size_t n_balance;                   /* -mole_balance; 0: by the reaction */
    size_t balance_masters[SEI_DB_FORMULA_TERMS]; /* index into db->masters */
    double balance_coefs[SEI_DB_FORMULA_TERMS];
    double g_mol;
    size_t line;
} sei_species;

/* What a phase is made of beside species: other phases, by name ("Calcite(s)" or "CO2(g)" in its reaction). */
enum { SEI_DB_PHASE_PARTS = 8 };
typedef struct {
    const char *name; /* as it stands in the reaction */
    double      coef;
} sei_phase_part;

typedef struct {
    bool           check;
    size_t         n;
    sei_phase_part part[SEI_DB_PHASE_PARTS];
    sei_reaction   own; /* species of the reaction alone, and its constant */
} sei_phase_parts;

/* Reaction of a phase: its dissolution products; log K is that of the dissolution. */
typedef struct {
    const char *name;
    const char *key; /* name in lower case: phases are found whatever their case, as PHREEQC does */
    const char *formula;
    sei_composition composition;
    bool            is_gas;       /* "(g)" ends the name */
    double          vm_cm3_mol;   /* of -Vm; 0: not given */
    double t_c_k, p_c_atm, omega; /* critical point and acentric factor of a gas; 0: not given */
    sei_reaction           dissolution;
    const sei_phase_parts *parts; /* NULL: it is made of species alone, as most are */
    double                 g_mol;
    size_t                 line;
} sei_phase;

/* One row of SOLUTION_MASTER_SPECIES: "Fe" or "Fe(3)". */
typedef struct {
    const char *name; /* canonical: "Fe(3)", never "Fe(+3)" */
    size_t      element;
    bool        is_valence;
    size_t      species;
    double      alk;
    const char *mass_formula; /* fourth column: a number or a formula */
    double      g_mol;        /* that mg/L are read with; 0 when not given */
} sei_master;

typedef struct {
    const char *name;
    double      g_mol;
    size_t      primary; /* index into masters of the element's own row, SIZE_MAX when missing */
} sei_element;

/* Open addressing: index + 1, 0 for a free slot. */
typedef struct {
    uint32_t *slot;
    size_t    size;
} sei_db_index;

typedef enum {
    SEI_DB_ELEMENT,
    SEI_DB_SPECIES,
    SEI_DB_PHASE,
    SEI_DB_MASTER,
    SEI_DB_KINDS
} sei_db_kind;

/* LLNL_AQUEOUS_MODEL_PARAMETERS: Debye-Hückel parameters at some temperatures. */
enum { SEI_LLNL_TEMPS = 16, SEI_LLNL_CO2 = 5 };
typedef struct {
    size_t n; /* 0: the database has none */
    double temp_c[SEI_LLNL_TEMPS], a[SEI_LLNL_TEMPS], b[SEI_LLNL_TEMPS], bdot[SEI_LLNL_TEMPS];
    double co2[SEI_LLNL_CO2];
} sei_llnl;

/* How much less two gases attract each other than the mean of their own attractions: GAS_BINARY_PARAMETERS. */
typedef struct {
    const char *gas[2];
    double      k;
} sei_gas_pair;

/* What ln gamma follows from: the ionic strength alone, or specific interactions of species as well. */
typedef enum { SEI_MODEL_IONIC_STRENGTH, SEI_MODEL_PITZER, SEI_MODEL_SIT } sei_activity_model;

/* Parameters of PITZER and SIT, by the option that lists them. */
typedef enum {
    SEI_INTERACTION_B0,
    SEI_INTERACTION_B1,
    SEI_INTERACTION_B2,
    SEI_INTERACTION_C0,
    SEI_INTERACTION_THETA,
    SEI_INTERACTION_LAMBDA,
    SEI_INTERACTION_ALPHAS,
    SEI_INTERACTION_EPSILON,
    SEI_INTERACTION_EPSILON1, /* kinds of three species follow */
    SEI_INTERACTION_ZETA,
    SEI_INTERACTION_PSI,
    SEI_INTERACTION_ETA,
    SEI_INTERACTION_MU,
    SEI_INTERACTION_APHI, /* of no species: db->a_phi */
    SEI_INTERACTION_NONE
} sei_interaction_kind;

/*
 * c[0] + c[1] (1/T - 1/Tr) + c[2] ln(T/Tr) + c[3] (T - Tr) + c[4] (T^2 - Tr^2) + c[5] (1/T^2 - 1/Tr^2), Tr = 298.15 K;
 * of -ALPHAS c[0] and c[1] are the two numbers.
 */
enum { SEI_INTERACTION_TERMS = 6, SEI_INTERACTION_SPECIES = 3, SEI_INTERACTIONS_MAX = 20000 };
typedef struct {
    sei_interaction_kind kind;
    size_t               order; /* of two for the same species the later one is in force */
    const char *species[SEI_INTERACTION_SPECIES]; /* canonical, in the order of strcmp; NULL: two */
    double      c[SEI_INTERACTION_TERMS];
} sei_interaction;

/* A constant of NAMED_EXPRESSIONS, for -add_logk. */
typedef struct {
    const char *name;
    sei_logk    logk;
} sei_named_logk;

struct sei_db {
    sei_arena    arena;
    const char  *name;
    char         sha256[65];
    size_t       n_elements, n_species, n_phases, n_masters;
    size_t       cap_elements, cap_species, cap_phases, cap_masters;
    sei_element *elements;
    sei_species *species;
    sei_phase   *phases;
    sei_master  *masters;
    sei_db_index index[SEI_DB_KINDS];
    size_t       h_plus, e_minus,
        water; /* species indices; h_plus: the master species of H, H+ or H3O+ */
    bool            has_phase_parts;
    sei_llnl        llnl;
    size_t          n_gas_pairs, cap_gas_pairs;
    sei_gas_pair   *gas_pairs;
    size_t          n_named, cap_named;
    sei_named_logk *named;
    /* PITZER or SIT: one parameter a kind and species, in the order of both. */
    sei_activity_model model;
    bool               has_no_macinnes, has_no_etheta; /* -MacInnes false, -use_etheta false */
    bool               has_a_phi;                      /* -APHI */
    double             a_phi[SEI_INTERACTION_TERMS];
    size_t             n_interactions, cap_interactions;
    sei_interaction   *interactions;
};

/* A text of a database; first_line is the number of its first line in the file of that name. */
typedef struct {
    const char *name;
    size_t      first_line;
    const char *text;
    size_t      len;
} sei_db_source;

/* Several texts read one after another as one database, later definitions in place of former ones; the first (n >= 1) gives
 * the name. A database made of texts has no checksum; that of a file has (sei_db_parse, sei_db_read). */
SEI_CHECKED sei_status sei_db_parse_sources(sei_ctx *ctx, size_t n, const sei_db_source sources[],
                                            sei_db **ret_db);
/* A copy of base with more texts read into it: the same as reading base's and these one after another. It borrows base's
 * names, so that base must outlive it. ret_n_species: how many species there are after each of the texts; NULL: not wanted. */
SEI_CHECKED sei_status sei_db_extend(sei_ctx *ctx, const sei_db *base, size_t n,
                                     const sei_db_source sources[], size_t ret_n_species[],
                                     sei_db **ret_db);

/* Index or SIZE_MAX. Names in any accepted spelling ("Fe++", "Fe(+2)"). */
size_t sei_db_find_species(const sei_db *db, const char *name);
size_t sei_db_find_phase(const sei_db *db, const char *name);
size_t sei_db_find_master(const sei_db *db, const char *name);
size_t sei_db_find_element(const sei_db *db, const char *name);

/* A component is an element, a valence, or valences of one element that share a total ("N(5) N(3)"): its rows of masters.
 * Their number; 0 when one is unknown, when there are too many, or when they are not all valences of one element. */
enum { SEI_COMPONENT_PARTS_MAX = 8 };
size_t sei_db_component_parts(const sei_db *db, const char *component, size_t ret_masters[]);
/* The first of them; SIZE_MAX for 0. */
size_t sei_db_component_master(const sei_db *db, const char *component);

/* Atoms of its element in the master species of a row: 2 for O(0), whose master is O2. */
double sei_db_atoms(const sei_db *db, size_t master);

/* By the exact key; and enters item k, whose key must be set. */
size_t                 sei_db_lookup(const sei_db *db, sei_db_kind kind, const char *key);
SEI_CHECKED sei_status sei_db_enter(sei_ctx *ctx, sei_db *db, sei_db_kind kind, size_t k);
/* name in lower case (ASCII), cut to size. */
void sei_db_fold(const char *name, char *out, size_t size);

/* Adds delta to log K of a phase's dissolution or a species' formation, at every temperature; false
 * when the database has no such phase or species. Before a network is compiled. */
bool sei_db_shift_log_k(sei_db *db, const char *name, double delta);

double sei_logk_at(const sei_logk *logk, double temp_k); /* log10 K */

/* Canonical spelling of a species ("Cu+1" -> "Cu+", "Fe+++" -> "Fe+3") or a component
 * ("Fe(+3)" -> "Fe(3)"); false when the text is longer than size. */
bool sei_species_canonical(const char *text, size_t len, char *out, size_t size);
bool sei_component_canonical(const char *text, size_t len, char *out, size_t size);

#endif
