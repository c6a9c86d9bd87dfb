/* calibrate.h - what the files of a calibration share */
#ifndef SEI_STUDY_CALIBRATE_H
#define SEI_STUDY_CALIBRATE_H

#include "base/file.h"
#include "calib/lm.h"
#include "seiryu/calibrate.h"
#include "study/knob.h"
#include "study/result_digest.h"
#include "study/result_words.h"

/* ---- measured values (calibrate_data.c) ---- */

/* Values of one quantity behind one unit. */
typedef struct {
    const sei_quantity_column *column; /* of the measured series */
    size_t                     watch, result_column;
    bool                       is_log;
    double                     sigma; /* standard error, of ln value or of the value */
    double                     floor; /* added to both sides before the logarithm, SI */
} sei_measured;

typedef struct {
    size_t  series; /* in measured */
    int64_t time_us;
    double  value; /* SI; the limit of quantification when is_below */
    bool    is_below, is_held_out;
} sei_datum;

/* What became of a value of the observations. */
typedef enum {
    SEI_FATE_TAKEN,
    SEI_FATE_MISSING,
    SEI_FATE_BAD,
    SEI_FATE_UNKNOWN_LIMIT, /* "ND" without a limit tells nothing */
    SEI_FATE_OUTSIDE,       /* of the run's period */
    SEI_FATE_NOT_COMPUTED,  /* the model has no such quantity there */
    SEI_FATE_INPUT,         /* of the raw water, which the run is given */
    SEI_N_FATES
} sei_fate;

/* A column of the observations and what became of its values. */
typedef struct {
    const sei_observation *observation;
    const sei_series      *values;
    size_t                 series; /* in measured; SIZE_MAX: none was taken */
    size_t                 fate[SEI_N_FATES];
} sei_use;

typedef struct {
    size_t        n_series, n, n_fitted; /* n_fitted: not held out, they stand first */
    size_t        n_uses;
    sei_use      *uses; /* [n_uses], every column of every file */
    sei_measured *series;
    sei_datum    *datum; /* [n] */
    int64_t       held_out_from_us;
} sei_data;

/* Every value of the site's observations within the run whose quantity the result has. */
SEI_CHECKED sei_status sei_data_collect(sei_ctx *ctx, const sei_result *result,
                                        const sei_calibration_options *options, sei_data *ret);
void                   sei_data_done(sei_ctx *ctx, sei_data *data);
/* What the run gives at the time of a datum, a straight line between its instants; NAN when it has nothing there. */
double sei_data_computed(const sei_result *result, const sei_measured *series,
                         const sei_datum *datum);
/*
 * What the fit squares and adds up. Of a value: (f(computed) - f(measured)) / sigma with f = ln(. + floor) or the value
 * itself. Of one below a limit L: sqrt(-2 ln P(measured < L)), P normal about f(computed): Tobin 1958 (tobin1958).
 */
double sei_data_residual(const sei_measured *series, const sei_datum *datum, double computed);
/* The residual that the fit squares: beyond `beyond` standard errors its square grows linearly (Huber 1964, huber1964), so
 * that a slip of the pen does not rule the fit. 0: every residual as it is. */
double sei_data_softened(double residual, double beyond);

/* ---- scores (calibrate_score.c) ---- */

/* Sizes of the misfit of values that are not below a limit; bias and rmse in SI. */
typedef struct {
    size_t n, n_below,
        n_below_met;   /* below: measured below the limit; met: computed below it, too */
    double bias, rmse; /* mean of computed - measured, root of the mean square */
    double nse;        /* Nash and Sutcliffe 1970; NAN when the measured values do not vary */
    double pbias;      /* 100 sum(computed - measured) / sum(measured), %; NAN when the sum is 0 */
    double misfit;     /* mean of the squared residuals; 1: as large as the stated error */
    double lag1;       /* correlation of successive residuals; NAN for fewer than four */
} sei_score;

sei_score sei_score_of(size_t n, const sei_data *data, const sei_datum *const datum[],
                       const double computed[]);

/* ---- the whole ---- */

typedef struct {
    size_t knob;
    double start_z, start;  /* z: standard normal measure of the prior */
    double best, low, high; /* value of the fit, and where its 80 % band ends */
    double sd_z;            /* posterior standard deviation in units of the prior's */
    bool   is_at_bound;
} sei_fitted;

struct sei_calibration {
    sei_ctx                *ctx;
    const sei_site         *site;
    sei_calibration_options options;
    sei_knobs              *knobs;
    size_t                  n;
    sei_fitted             *fitted; /* [n] */
    sei_data                data;
    double                 *before, *after; /* computed at each datum, [data.n] */
    sei_lm_result           lm;             /* of the unknowns z */
    double      inflation;  /* of the posterior deviations: root of the misfit, at least 1 */
    sei_site   *calibrated; /* with the fitted numbers */
    sei_result *result_before, *result_after;
};

/* calibrate_tables.c */
sei_rtable *sei_table_fitted(const sei_calibration *c);
sei_rtable *sei_table_scores(const sei_calibration *c);
sei_rtable *sei_table_correlations(const sei_calibration *c);
sei_rtable *sei_table_measured(const sei_calibration *c);
/* When, where and what a measured value is: the columns that begin a table, and those of a new row. */
void sei_add_datum_columns(sei_rtable *t);
void sei_put_datum(sei_rtable *t, const sei_calibration *c, size_t i);
/* calibrate_use.c */
sei_rtable *sei_table_used(const sei_calibration *c);
/* Values more than three standard errors from what is computed after the fit; NULL when there are none. */
sei_rtable *sei_table_far(const sei_calibration *c);
/* "3 missing, 1 below an unknown limit ..."; empty when every value was taken. */
sei_words sei_use_left_out(const sei_use *use);

#endif
