/*
 * qc_water.h - what belongs together in mine water: conductivity and ions, redox potential and iron, flow and rain,
 * sensor and laboratory
 */
#ifndef SEIRYU_QC_WATER_H
#define SEIRYU_QC_WATER_H

#include "seiryu/param.h"
#include "seiryu/qc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ conductivity and ions */

typedef struct {
    const char  *key; /* "ca", "so4", "h" */
    int          charge;
    double       equivalent; /* S m2 per mol of charge, infinite dilution, 25 degC */
    sei_evidence evidence;
} sei_ion;

SEI_API size_t         sei_ion_count(void);
SEI_API const sei_ion *sei_ion_at(size_t i); /* NULL past the end */
SEI_API const sei_ion *sei_ion_find(const char *key);

enum { SEI_CONDUCTANCE_IONIC_MAX = 500 }; /* mol/m3 */

/* Specific conductance at 25 degC (S/m) of ions given as mol/m3: sum of limiting equivalent conductances (Kohlrausch),
 * lowered with the ionic strength (appelo2010). Ion pairs are not looked at: sulfate waters come out too high, by some
 * per cent, unless the free ions are given. E_KEY for an ion that is not in the list, E_RANGE for a concentration below 0
 * or an ionic strength beyond the maximum. */
SEI_API SEI_CHECKED sei_status sei_conductance_25c(sei_ctx *ctx, size_t n, const char *const ions[],
                                                   const double mol_m3[], double *ret_s_m);
/* Measured against computed: SUSPECT when the ratio is off 1 by more than suspect, FAIL by more than fail. */
SEI_API uint8_t sei_conductance_flag(double measured, double computed, double suspect, double fail);

/* ------------------------------------------------------------------ redox potential, pH, iron */

typedef enum { SEI_AG_AGCL_SATURATED, SEI_AG_AGCL_3M, SEI_CALOMEL_SATURATED } sei_electrode;

/* Eh (V, against the standard hydrogen electrode) of an ORP reading. temp_c 0..60. */
SEI_API SEI_CHECKED sei_status sei_eh_from_orp(sei_ctx *ctx, double orp_v, sei_electrode electrode,
                                               double temp_c, double *ret_eh_v);
/* By a reading in ZoBell's solution at the same temperature: whatever the electrode is. */
SEI_API SEI_CHECKED sei_status sei_eh_from_zobell(sei_ctx *ctx, double orp_v, double orp_zobell_v,
                                                  double temp_c, double *ret_eh_v);
/* Eh of ZoBell's solution: 0.428 - 0.0022 (t - 25) V. */
SEI_API double sei_eh_of_zobell(double temp_c);
/* Eh of dissolved iron, activities taken as concentrations (any unit, both > 0). */
SEI_API double sei_eh_of_iron(double fe2, double fe3, double temp_c);
/* FAIL outside the field in which water is stable, widened by tolerance_v; SUSPECT when it is off the iron couple by more
 * than tolerance_v (fe2, fe3 > 0); else GOOD. */
SEI_API uint8_t sei_redox_flag(double eh_v, double ph, double temp_c, double fe2, double fe3,
                               double tolerance_v);

/* ------------------------------------------------------------------ flow and rain */

/* Antecedent precipitation index: api[i] = rain[i] + k^days api[i-1]; days between records, k per day in 0..1. */
SEI_API SEI_CHECKED sei_status sei_rain_api(sei_ctx *ctx, size_t n, const int64_t time_us[],
                                            const double rain[], double k, double ret_api[]);
/* Correlation of b[i + lag] with a[i], lag 0..max_lag, over even records; ret_r[max_lag + 1]; *ret_best is the lag of the
 * greatest. E_RANGE below three pairs or when one does not vary. */
SEI_API SEI_CHECKED sei_status sei_lag_correlation(sei_ctx *ctx, size_t n, const double a[],
                                                   const double b[], size_t max_lag, double ret_r[],
                                                   size_t *ret_best);

/* ------------------------------------------------------------------ sensor and laboratory */

typedef struct {
    size_t sample; /* index of the laboratory's value */
    double laboratory, sensor;
} sei_pair;

/* Each sample with the sensor's value at its time: by a straight line between the values around it, both within window_us,
 * or the one value within it. ret_pairs[n]; *ret_n of them have a partner. Times increase in both. */
SEI_API SEI_CHECKED sei_status sei_pair_samples(sei_ctx *ctx, size_t n, const int64_t time_us[],
                                                const double         laboratory[],
                                                const sei_qc_series *sensor, int64_t window_us,
                                                sei_pair ret_pairs[], size_t *ret_n);

typedef struct {
    size_t n;
    double bias;      /* mean of sensor - laboratory */
    double sd;        /* of the differences, n - 1 */
    double t;         /* bias / (sd / sqrt n), n - 1 degrees of freedom; 0 when sd is 0 */
    double low, high; /* bias - and + 1.96 sd: where most differences lie (bland1986) */
    double rmse;
    double slope,
        intercept; /* sensor = intercept + slope laboratory, errors alike in both (deming1943) */
} sei_pair_statistics;

/* E_MISSING below three pairs; E_RANGE when the values do not vary. */
SEI_API SEI_CHECKED sei_status sei_pair_compare(sei_ctx *ctx, size_t n, const sei_pair pairs[],
                                                sei_pair_statistics *ret_statistics);

#ifdef __cplusplus
}
#endif
#endif
