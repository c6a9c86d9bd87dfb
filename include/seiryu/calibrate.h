/*
 * calibrate.h - 現況再現解析: parameters that bring a run near the measured water
 *
 * The measured water is that of section observations of the site file. Parameters are named by their paths (docs/uncertainty.md);
 * each keeps to its prior, which counts like one more measurement. The last part of the measured time is held out: the fit does
 * not see it, and its scores tell what the calibrated model is worth. docs/calibration.md has the equations.
 */
#ifndef SEIRYU_CALIBRATE_H
#define SEIRYU_CALIBRATE_H

#include "seiryu/result.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    size_t             n_paths; /* 0: the numbers that section uncertainty of the site file lists */
    const char *const *paths;
    double error_ln;     /* standard error of a concentration or flow, of its natural logarithm */
    double error_ph;     /* of pH */
    double error_temp_k; /* of a temperature */
    double robust_z; /* a residual beyond so many standard errors counts linearly; 0: none does */
    double held_out; /* share of the measured time at its end that is held out, 0..0.9 */
    int    max_iterations;
    size_t n_threads; /* 0: as many as there are processors */
} sei_calibration_options;

/* What seiryu calibrate takes when nothing is said. */
SEI_API sei_calibration_options sei_calibration_defaults(void);

typedef struct sei_calibration sei_calibration;

/*
 * Runs the site as it is, fits, and runs it with the fitted numbers. hooks->progress gets the share of the allowed
 * iterations; hooks->stop ends the whole.
 *
 * Returns  SEI_OK; SEI_E_MISSING without measured values, or without parameters; SEI_E_KEY for an unknown path (ctx names
 *          the nearest); SEI_E_RANGE for a parameter whose prior is a single value; SEI_E_CANCELLED; what the first run returned
 * Memory   free with sei_calibration_free before the site
 * Threads  one call a context; runs n_threads threads of its own
 */
SEI_API SEI_CHECKED sei_status sei_calibrate(sei_ctx *ctx, const sei_site *site,
                                             const sei_calibration_options *options,
                                             const sei_run_hooks *hooks, sei_calibration **ret);
SEI_API void                   sei_calibration_free(sei_calibration *calibration);

/* parameters.csv, scores.csv, observations.csv, used.csv, far.csv (when there are any), correlations.csv, figures/, report.html, calibration.json, and the result
 * folders before/ and after/. */
SEI_API SEI_CHECKED sei_status sei_calibration_save(sei_ctx               *ctx,
                                                    const sei_calibration *calibration,
                                                    const char            *folder);

#ifdef __cplusplus
}
#endif
#endif
