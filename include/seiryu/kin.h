/*
 * kin.h - the catalogue of rate laws
 *
 * A law is a const row: reaction, parameters, what it reads, and a function that gives rate and
 * derivatives. Adding one: a file src/kin/rate_<name>.c, a line in rate_list.h, a page in
 * docs/rates/, a block in the tests.
 */
#ifndef SEIRYU_KIN_H
#define SEIRYU_KIN_H

#include <stdbool.h>

#include "seiryu/ctx.h"
#include "seiryu/param.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a law may read of its cell. Names are those of the thermodynamic database. */
typedef enum {
    SEI_IN_TOTAL, /* dissolved total of a component ("Fe(2)", "Zn", "S(-2)"), mol/kgw */
    SEI_IN_TOTAL_IF, /* the same of a nutrient; SEI_AMPLE where nutrients are not reckoned or the model does not
                           have it: what is not reckoned never lacks */
    SEI_IN_MOLALITY,    /* molality of a species ("O2"), mol/kgw */
    SEI_IN_ACTIVITY,    /* activity of a species ("H+"), 1 */
    SEI_IN_ACTIVITY_IF, /* the same, 0 where the model does not have it; a law whose other inputs are
                           missing is left out */
    SEI_IN_LNSR,        /* natural log of the saturation ratio IAP/K of a phase ("Calcite"); for a
                        gas ("O2(g)") the log of its equilibrium partial pressure in atm */
    SEI_IN_SOLID,    /* solid in the bed of this cell ("Calcite", "bran"), mol/kgw of pore water */
    SEI_IN_SUSPENDED /* the same solid carried by the water, mol/kgw */
} sei_rate_input_kind;

#define SEI_AMPLE 1e30

typedef struct {
    sei_rate_input_kind kind;
    const char         *name;
} sei_rate_input;

/* What every law may know beside its inputs. */
typedef struct {
    double                 temp_k;
    double                 ionic_strength; /* mol/kgw */
    struct sei_hfo_memory *hfo; /* for laws that share a surface; NULL: each finds its own */
} sei_rate_env;

typedef struct {
    double low, high; /* validity as published; NAN = not stated */
} sei_validity;

/*
 * reaction: "Fe+2 + 0.25 O2 + H+ = Fe+3 + 0.5 H2O". Species of the database; phases of the
 *   database as solids ("Calcite") ; gases ("O2(g)") as exchange with the air; organic pools
 *   "bran" and "husk" (both CH2O) and what is sorbed ("Zn_hfo", as ZnO; sei_model_pool_formula). The reaction must balance in every element and in charge; it
 *   is checked when a model is compiled.
 * eval: rate in mol of reaction per kg of pore water and second, > 0 from left to right, and
 *   ret_slope[i] = d rate / d in[i] for each input (for LNSR the derivative by the log). p[] are
 *   the resolved parameters in SI. Must be finite for any in[] >= 0 and any LNSR.
 * suspended_param: name of the parameter that says which fraction (0..1) of the solids produced
 *   goes into suspension; NULL when all stays in the bed. A negative rate takes from the bed only, unless the law
 *   reads what it makes in suspension (sorption on flocs).
 * media_param: name of the capacity that lives on media or a biofilm: a unit without them sets it
 *   to 0; NULL when the law needs none.
 * off_param: name of a parameter at 0 of which the law does nothing at all, whatever it reads: neither rate nor slopes;
 *   NULL when there is none. Often the media_param.
 * of_bed: the rate belongs to the volume of the bed and not to the water in it, and so do bounds on solids that
 *   parameters give per pore water: deposits that take room from the water leave it as it was. Holds for laws with a
 *   media_param and for exchange with the air without being said.
 * is_storage: the law fills a finite store (sorption): at rest in a steady state, where the store is
 *   as full as the water makes it.
 * follows: a law of the same process whose parameters hold here too, by their keys, where this law is
 *   not given its own; NULL: none.
 */
typedef struct sei_rate_law {
    const char           *key;
    const char           *title, *title_ja;
    const char           *source; /* key of docs/references.bib */
    const char           *reaction;
    sei_validity          ph, temp_c;
    const sei_param      *params;
    size_t                n_params;
    const sei_rate_input *inputs;
    size_t                n_inputs;
    const char           *suspended_param;
    const char           *media_param;
    const char           *off_param;
    bool                  of_bed;
    bool                  is_storage;
    const char           *follows;
    void (*eval)(const sei_rate_env *env, const double p[], const double in[], double *ret_rate,
                 double ret_slope[]);
} sei_rate_law;

enum { SEI_RATE_INPUTS_MAX = 14, SEI_RATE_PARAMS_MAX = 16 };

SEI_API size_t              sei_rate_count(void);
SEI_API const sei_rate_law *sei_rate_at(size_t i);          /* NULL past the end */
SEI_API const sei_rate_law *sei_rate_find(const char *key); /* NULL when not known */
/* Parameter of a law that takes the value of parameter `param` of `leader`; n_params for none. */
SEI_API size_t sei_rate_follower_param(const sei_rate_law *law, const sei_rate_law *leader,
                                       size_t param);
/* Defaults of a law in SI, n_params of them. */
SEI_API void sei_rate_defaults(const sei_rate_law *law, double ret_p[]);

/* Factor of a rate at temp_k against ref_k: exp(-ea/R (1/T - 1/Tref)); ea in J/mol. */
SEI_API double sei_arrhenius(double ea_j_mol, double temp_k, double ref_k);

#ifdef __cplusplus
}
#endif
#endif
