/*
 * titrate.h - neutralisation: how much reagent for which pH, which metals are left, how much sludge
 *
 * A water is brought to equilibrium with growing doses of a reagent and with the solids that form at
 * once. Everything is counted per kilogram of the water before the reagent; for a litre of mine water
 * that is the same within a per cent.
 */
#ifndef SEIRYU_TITRATE_H
#define SEIRYU_TITRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/chem.h"
#include "seiryu/ctx.h"
#include "seiryu/water.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ one dose */

enum { SEI_TITRATION_MINERALS_MAX = 40, SEI_TITRATION_ELEMENTS_MAX = 40 };

/*
 * The water, the reagent and what may react. minerals: names of the solids that may form; "default" among
 * them stands for the usual ones, "-NAME" takes one of those out; n_minerals = 0 is the same as "default".
 *
 * Valences: is_coupled, or open to O2: all valences of an element reach equilibrium with each other and
 * with O2. Else every valence stays what it is in the water (no iron is oxidised, no sulfate reduced).
 *
 * surface_file: a database whose surface Hfo (Dzombak & Morel 1990) the ferric hydroxide has that forms; NULL: nothing is
 * sorbed. When that database has no Hfo, needs_surface makes it an error; else a warning tells it.
 */
typedef struct {
    const sei_db       *db;
    const sei_analysis *analysis;
    const sei_reagent  *reagent;
    bool                open_co2, open_o2;
    double              log_pco2, log_po2; /* log10 of atm */
    bool                is_coupled;
    size_t              n_minerals;
    const char *const  *minerals;
    const char         *surface_file;
    bool                needs_surface;
} sei_titration_setup;

/* A water with a dose of reagent, at equilibrium. Arrays go by element and mineral of the titrator. */
typedef struct {
    double dose_mol; /* of pure reagent that reacts, per kg of water */
    double ph, pe, mu;
    double water_kg;
    double dissolved_mol[SEI_TITRATION_ELEMENTS_MAX]; /* mol/kgw of the water that is left */
    double solid_mol[SEI_TITRATION_MINERALS_MAX];     /* per kg of water */
    double sorbed_mol[SEI_TITRATION_ELEMENTS_MAX];    /* on ferric hydroxide, per kg of water */
} sei_titration_point;

typedef struct sei_titrator sei_titrator;

/* Speciates the water. The database must outlive the titrator; reagent and names are kept, the analysis is not.
 * E_NOT_FOUND names a mineral that the database lacks, E_KEY one that needs valences to be coupled. */
SEI_API SEI_CHECKED sei_status sei_titrator_create(sei_ctx *ctx, const sei_titration_setup *setup,
                                                   sei_titrator **ret_titrator);
SEI_API void                   sei_titrator_free(sei_titrator *titrator);
SEI_API size_t                 sei_titrator_n_elements(const sei_titrator *titrator);
SEI_API const char *sei_titrator_element(const sei_titrator *titrator, size_t i); /* "Fe" */
SEI_API size_t      sei_titrator_find_element(const sei_titrator *titrator,
                                              const char         *element); /* SIZE_MAX */
SEI_API size_t      sei_titrator_n_minerals(const sei_titrator *titrator);
SEI_API const char *sei_titrator_mineral(const sei_titrator *titrator, size_t i);
SEI_API double      sei_titrator_mineral_g_mol(const sei_titrator *titrator, size_t i);
/* Is anything sorbed: a surface was given and a solid that has it may form? */
SEI_API bool sei_titrator_sorbs(const sei_titrator *titrator);
/* The water as it was analysed: before gases, solids and reagent. */
SEI_API const sei_titration_point *sei_titrator_raw(const sei_titrator *titrator);
/* Share of the charges of the analysed water that is not balanced: (cations - anions) / (cations + anions). */
SEI_API double sei_titrator_charge_error(const sei_titrator *titrator);

/* The water with dose_mol of pure reagent per kg. E_NOT_CONVERGED names the balance that was left over. */
SEI_API SEI_CHECKED sei_status sei_titrator_at(sei_titrator *titrator, double dose_mol,
                                               sei_titration_point *ret_point);

/* ------------------------------------------------------------------ a curve */

/* Doses: 0 to the last in even steps; between them more where the pH jumps. The last is max_dose_mol, or
 * what the highest pH asked for needs. */
typedef struct {
    double to_ph;        /* NAN: as far as max_dose_mol */
    double max_dose_mol; /* 0: as far as to_ph, and a fifth further */
    size_t steps;        /* 1..1000 */
} sei_titration_range;

typedef struct {
    size_t               n;
    sei_titration_point *points;  /* [n] dose grows */
    bool                *is_step; /* [n] one of the even steps */
    bool                 has_target;
    sei_titration_point  target; /* the lowest dose that reaches to_ph */
    sei_ctx             *ctx;
} sei_titration;

/* E_RANGE for steps or a pH outside their range; a pH that no dose reaches is none. */
SEI_API SEI_CHECKED sei_status sei_titration_run(sei_titrator              *titrator,
                                                 const sei_titration_range *range,
                                                 sei_titration            **ret_titration);
SEI_API void                   sei_titration_free(sei_titration *titration);

/* An upper limit of a dissolved element. */
typedef struct {
    size_t element;
    double mol_kgw;
} sei_titration_limit;

/* The lowest dose of the curve's range that keeps all n limits, and the dose up to which they are then kept
 * without a break. ret_found false: no dose of the curve keeps them. */
SEI_API SEI_CHECKED sei_status sei_titration_keep(sei_titrator        *titrator,
                                                  const sei_titration *titration, size_t n,
                                                  const sei_titration_limit limits[],
                                                  bool *ret_found, sei_titration_point *ret_from,
                                                  sei_titration_point *ret_to);

/* ------------------------------------------------------------------ sludge and stoichiometry */

/* Sludge of one dose, per m3 of water. */
typedef struct {
    double mineral_kg_m3;     /* solids that formed */
    double undissolved_kg_m3; /* reagent that did not dissolve */
    double inert_kg_m3;       /* what the product holds besides reagent */
    double dry_kg_m3;         /* the sum */
    double solids_kg_l;       /* density of the dry solids */
    double sludge_kg_l;       /* density of the sludge */
    double volume_l_m3;       /* litres of sludge per m3 of water */
} sei_sludge;

/* How the product is used. */
typedef struct {
    double purity;          /* reagent in the product, 0..1 */
    double dissolution;     /* reagent that dissolves, 0..1 */
    double solids_fraction; /* dry mass in the settled sludge, 0..1 */
} sei_dosing;

/* Product for a dose, kg/m3. */
SEI_API double     sei_dosing_product_kg_m3(const sei_titrator *titrator, const sei_dosing *dosing,
                                            double dose_mol);
SEI_API sei_sludge sei_titration_sludge(const sei_titrator *titrator, const sei_dosing *dosing,
                                        const sei_titration_point *point);
/* Density of a mineral in kg/L as sludge counts it. */
SEI_API double sei_mineral_kg_l(const char *mineral);

/* Acidity of the analysed water by pH and metals less its alkalinity, mg/L as CaCO3 (kirby2005). */
SEI_API double sei_titrator_net_acidity_mg_l(const sei_titrator *titrator);
/* Reagent in mol/kgw that this acidity takes up; 0 when it is negative. */
SEI_API double sei_titrator_stoichiometric_mol(const sei_titrator *titrator);

#ifdef __cplusplus
}
#endif
#endif
