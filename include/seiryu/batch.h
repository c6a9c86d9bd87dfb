/*
 * batch.h - many waters of the same components at once, for screening and ensembles
 *
 * The waters and what is asked of them stand as columns. They are solved eight at a time in the lanes of vector
 * registers, shared out to threads. A water's result depends on that water alone: not on the others, their
 * order, or the number of threads. It agrees with that of sei_speciator_solve to 1e-10.
 */
#ifndef SEIRYU_BATCH_H
#define SEIRYU_BATCH_H

#include "seiryu/chem.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sei_batch sei_batch;

typedef struct {
    const sei_db *db; /* must outlive the batch */
    size_t        n_components;
    const char *const
          *components; /* "Fe(2)", "Zn", "C(4)"; an element named whole is spread by the pe */
    size_t n_words;
    const char *const *words;   /* what is asked of each water, see sei_word: "pH", "SI(Gypsum)" */
    bool               balance; /* the pH is what balances the charge; ph is the first guess */
    size_t             threads; /* 0: one for each processor */
} sei_batch_spec;

SEI_API SEI_CHECKED sei_status sei_batch_create(sei_ctx *ctx, const sei_batch_spec *spec,
                                                sei_batch **ret_batch);
SEI_API void                   sei_batch_free(sei_batch *batch); /* NULL is a harmless no-op */
SEI_API size_t                 sei_batch_threads(const sei_batch *batch);

/* Columns of n numbers. A total of 0 means that there is nothing of the component. */
typedef struct {
    size_t               n;
    const double        *temp_c, *ph, *pe;
    const double *const *total_mol_kgw; /* [n_components] columns */
} sei_batch_waters;

typedef struct {
    sei_status    *status;   /* [n] of each water */
    double *const *value;    /* [n_words] columns; where status is not SEI_OK nothing is written */
    size_t         n_failed; /* out */
    size_t         n_scalar; /* out: waters that were solved one at a time */
} sei_batch_results;

/*
 * Solves all waters. SEI_OK also when some could not be: their status says why (SEI_E_RANGE, SEI_E_NOT_CONVERGED),
 * and sei_batch_error tells the first of them. One caller at a time.
 */
SEI_API SEI_CHECKED sei_status sei_batch_solve(sei_batch *batch, const sei_batch_waters *waters,
                                               sei_batch_results *ret_results);
/* "water 17: ..." of the first water of the last call that could not be solved; "" when all were. */
SEI_API const char *sei_batch_error(const sei_batch *batch);

/* ------------------------------------------------------------------ waters that react */

/*
 * The same for waters that come to equilibrium with minerals, gases at fixed pressure, exchangers and a surface. A water is
 * speciated as above, its sites are brought to equilibrium with it as it is (-equilibrate), then all react together:
 * 1 kg of water each. A water's result depends on that water alone, to the last bit.
 */
typedef struct sei_react_batch sei_react_batch;

typedef struct {
    const sei_db *db; /* must outlive the batch */
    const char
        *sorption; /* blocks EXCHANGE_... and SURFACE_... of a database, as text; NULL: no sites */
    size_t             sorption_len;
    size_t             n_components;
    const char *const *components; /* of the water as given, as in sei_batch_spec */
    size_t             n_phases;
    const char *const *phases;    /* "Calcite", "CO2(g)" */
    const double      *target_si; /* [n_phases]; of a gas log10 of its partial pressure in atm */
    size_t             n_sites;
    const char *const *sites; /* "X", "Hfo_w" */
    size_t             n_words;
    const char *const
          *words;   /* see sei_word, of the water at the end; n(PHASE) is what is left of it, mol */
    size_t threads; /* 0: one for each processor */
} sei_react_batch_spec;

/* Columns of n numbers, for 1 kg of water. */
typedef struct {
    sei_batch_waters     water;
    const double *const *phase_mol; /* [n_phases] there at the start */
    const double *const *site_mol;  /* [n_sites] */
    const double        *area_m2;   /* of the surface, with a diffuse layer; NULL: without one */
} sei_react_batch_waters;

SEI_API SEI_CHECKED sei_status sei_react_batch_create(sei_ctx                    *ctx,
                                                      const sei_react_batch_spec *spec,
                                                      sei_react_batch           **ret_batch);
SEI_API void                   sei_react_batch_free(sei_react_batch *batch);
SEI_API size_t                 sei_react_batch_threads(const sei_react_batch *batch);
/* As sei_batch_solve; n_scalar is the number of all waters. */
SEI_API SEI_CHECKED sei_status sei_react_batch_solve(sei_react_batch              *batch,
                                                     const sei_react_batch_waters *waters,
                                                     sei_batch_results            *ret_results);
SEI_API const char            *sei_react_batch_error(const sei_react_batch *batch);

#ifdef __cplusplus
}
#endif
#endif
