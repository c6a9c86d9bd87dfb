/*
 * chem.h - thermodynamic data and aqueous equilibrium
 *
 * A database is read once, a network is compiled from it for the components at hand, and waters
 * are speciated on that network. Networks are read-only and may be shared by threads; each thread
 * has its own workspace.
 */
#ifndef SEIRYU_CHEM_H
#define SEIRYU_CHEM_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/ctx.h"
#include "seiryu/units.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sei_db  sei_db;
typedef struct sei_net sei_net;

/* Reads a database in PHREEQC's format. Errors name file, line and the offending text. */
SEI_API SEI_CHECKED sei_status sei_db_read(sei_ctx *ctx, const char *path, sei_db **ret_db);
SEI_API SEI_CHECKED sei_status sei_db_parse(sei_ctx *ctx, const char *name, const char *text,
                                            size_t len, sei_db **ret_db);
SEI_API void                   sei_db_free(sei_db *db);
SEI_API const char            *sei_db_name(const sei_db *db);
SEI_API const char *sei_db_sha256(const sei_db *db); /* of the file's bytes, hexadecimal */
SEI_API size_t      sei_db_n_species(const sei_db *db);
SEI_API size_t      sei_db_n_phases(const sei_db *db);
SEI_API bool        sei_db_has_phase(const sei_db *db, const char *phase);
SEI_API bool        sei_db_has_component(const sei_db *db, const char *component);
/* Molar mass in g/mol that mg/L of a component ("S(6)", "Alkalinity") is read with, as the
 * database's SOLUTION_MASTER_SPECIES says; 0 when the component is not in the database. */
SEI_API double sei_db_component_g_mol(const sei_db *db, const char *component);
/* Molar mass of a formula ("Fe(OH)3") in g/mol by the database's elements; 0 when it cannot. */
SEI_API double sei_db_formula_g_mol(const sei_db *db, const char *formula);

/* ------------------------------------------------------------------ waters */

enum { SEI_ANALYTES_MAX = 40 };

/* One result of an analysis. value > 0; a component that was not found is left out. Alkalinity is
 * "Alkalinity", in mg/L as CaCO3 or in mol (eq) units. */
typedef struct {
    const char     *component; /* "Fe(2)", "Zn", "C(4)": that of the database */
    double          value;     /* in unit */
    const sei_unit *unit;      /* NULL = mg/L */
} sei_analyte;

/* A water as a laboratory writes it down. An element given whole ("Fe") is spread over its
 * valences by the pe; valences given apart ("Fe(2)", "Fe(3)") stay apart. Alkalinity without C(4)
 * gives C(4); with C(4) it gives the pH. */
typedef struct {
    double             temp_c;       /* 0..100 */
    double             ph, pe;       /* ph is the first guess when balance is "pH" */
    double             density_kg_l; /* 0 = 1 */
    size_t             n;            /* at most SEI_ANALYTES_MAX */
    const sei_analyte *analytes;     /* [n] */
    const char *balance; /* what makes the charge balance: "pH" or a component; NULL = none */
} sei_analysis;

/* What a sei_analysis starts from: 25 degC, pH 7, pe 4, no analytes. */
SEI_API sei_analysis sei_analysis_default(void);

/* Solid or gas that the water is brought to equilibrium with. */
typedef struct {
    const char *phase;
    double      si; /* wanted saturation index; log10 of the partial pressure in atm for a gas */
    double      mol_kgw; /* what there is of it; INFINITY = as much as is needed */
} sei_equilibrium;

/* Speciates waters with one database; networks are compiled as waters need them and kept. One
 * thread at a time. The database must outlive it. */
typedef struct sei_speciator sei_speciator;

SEI_API SEI_CHECKED sei_status sei_speciator_create(sei_ctx *ctx, const sei_db *db,
                                                    sei_speciator **ret_speciator);
SEI_API void                   sei_speciator_free(sei_speciator *speciator);

/* Solves a water; then, with phases, its equilibrium with them at constant composition (protons
 * conserved, valences that were given apart not mixed, pe held). E_NOT_CONVERGED names the balance
 * that was left over; the former solution is then lost. */
SEI_API SEI_CHECKED sei_status sei_speciator_solve(sei_speciator      *speciator,
                                                   const sei_analysis *analysis, size_t n_phases,
                                                   const sei_equilibrium *phases);

/*
 * A word that asks for one result:
 *     pH pe mu charge alk aw temp     ionic strength in mol/kgw, charge and alkalinity in eq/kgw
 *     m(SPECIES) la(SPECIES)          molality; log10 of the activity
 *     tot(ELEMENT)                    dissolved, mol/kgw; an element or a valence, "Fe", "Fe(3)"
 *     SI(PHASE)                       saturation index
 *     n(PHASE)                        mol/kgw of a phase of the last equilibrium
 */
typedef enum {
    SEI_WORD_PH,
    SEI_WORD_PE,
    SEI_WORD_MU,
    SEI_WORD_CHARGE,
    SEI_WORD_ALK,
    SEI_WORD_AW,
    SEI_WORD_TEMP,
    SEI_WORD_M,
    SEI_WORD_LA,
    SEI_WORD_TOT,
    SEI_WORD_SI,
    SEI_WORD_N
} sei_word_kind;

typedef struct {
    sei_word_kind kind;
    bool          is_known; /* the database has what the word names */
    size_t        index;    /* in the database: species, master row, element or phase */
    bool          whole;    /* tot of an element rather than of one valence */
} sei_word;

/* E_KEY when the word is none of those above. That the database lacks its species, element or phase
 * is no error: is_known is false. */
SEI_API SEI_CHECKED sei_status sei_word_parse(sei_ctx *ctx, const sei_db *db, const char *text,
                                              size_t len, sei_word *ret_word);

/* Value of the last solution; false when there is none: not known, or SI and la of what holds a
 * component that the water lacks (m and tot are 0 then). */
SEI_API bool sei_speciator_value(const sei_speciator *speciator, const sei_word *word,
                                 double *ret_value);

/* ------------------------------------------------------------------ reagents of neutralisation */

/* What a reagent is made of, and what a product of it usually is. */
typedef struct {
    const char *key; /* "Ca(OH)2" */
    const char *name_en, *name_ja;
    int         eq_mol;              /* acid that a mole takes up, eq */
    double      purity, dissolution; /* of the product, when the user says nothing; 0..1 */
    bool        impurity_is_solid;   /* what is no reagent ends in the sludge */
} sei_reagent;

SEI_API size_t             sei_reagent_count(void);
SEI_API const sei_reagent *sei_reagent_at(size_t i);          /* NULL past the end */
SEI_API const sei_reagent *sei_reagent_find(const char *key); /* NULL when not known */
SEI_API double             sei_reagent_g_mol(const sei_reagent *reagent);

#ifdef __cplusplus
}
#endif
#endif
