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

#ifdef __cplusplus
}
#endif
#endif
