/*
 * ensemble.h - the same run with many drawn inputs: bands, and the chance of meeting each limit
 *
 * Member k draws every varied number with a counter-based generator from (seed, k, path of the
 * number), so that it is the same member whatever thread or process computes it and whatever else
 * varies. Each member is stored whole in folder/members; a run that was interrupted computes the
 * missing ones. docs/uncertainty.md describes priors and files.
 */
#ifndef SEIRYU_ENSEMBLE_H
#define SEIRYU_ENSEMBLE_H

#include "seiryu/result.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SEI_ENSEMBLE_MAX = 100000 };

typedef struct {
    size_t      n; /* members, 1..SEI_ENSEMBLE_MAX */
    uint64_t    seed;
    size_t      n_threads;     /* 0: as many as there are processors */
    size_t      rank, n_ranks; /* of processes that share the folder; n_ranks 0: alone */
    const char *folder;        /* of the ensemble's files */
} sei_ensemble_options;

/*
 * Computes the members that folder/members lacks. Ranks (n_ranks > 1) each take the next one that nobody has
 * had, so that all of them are busy to the end, whatever a member costs and whenever a rank begins.
 * A member that cannot be computed is stored with its reason. hooks->progress gets the share done.
 *
 * Returns  SEI_OK; SEI_E_CANCELLED when hooks->stop ended it (finished members are kept);
 *          SEI_E_KEY, SEI_E_RANGE for a section uncertainty that means nothing
 * Threads  one call a context; runs n_threads threads of its own
 */
SEI_API SEI_CHECKED sei_status sei_ensemble_run(sei_ctx *ctx, const sei_site *site,
                                                const sei_ensemble_options *options,
                                                const sei_run_hooks        *hooks);

/* For several ranks: _begin once, before any of them computes; _stop by one of them, where what is missing is no
 * longer wanted: nobody begins another member; _end once, when all of them have returned: it removes a folder in which
 * nothing is. */
SEI_API SEI_CHECKED sei_status sei_ensemble_begin(sei_ctx *ctx, const char *folder);
SEI_API SEI_CHECKED sei_status sei_ensemble_stop(sei_ctx *ctx, const char *folder);
SEI_API SEI_CHECKED sei_status sei_ensemble_end(sei_ctx *ctx, const char *folder);

typedef struct sei_ensemble sei_ensemble;

/* Reads all members back; nominal is the run with the file's own numbers and must outlive it.
 * E_MISSING when a member is not there yet. */
SEI_API SEI_CHECKED sei_status sei_ensemble_collect(sei_ctx *ctx, const sei_result *nominal,
                                                    const sei_ensemble_options *options,
                                                    sei_ensemble              **ret_ensemble);
SEI_API void                   sei_ensemble_free(sei_ensemble *ensemble);
/* Members whose run failed; the report names them. */
SEI_API size_t sei_ensemble_n_failed(const sei_ensemble *ensemble);

/* bands.csv, probability.csv, members.csv, inputs.csv, ensemble.json, figures/, report.html. */
SEI_API SEI_CHECKED sei_status sei_ensemble_save(sei_ctx *ctx, const sei_ensemble *ensemble,
                                                 const char *folder);

#ifdef __cplusplus
}
#endif
#endif
