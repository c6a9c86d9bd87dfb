/*
 * param.h - one row describes a number that a user may set
 *
 * The same row serves the site file's schema, its error messages, the lists that `seiryu units`
 * and `seiryu rates` print, calibration bounds and the forms of the dashboard.
 */
#ifndef SEIRYU_PARAM_H
#define SEIRYU_PARAM_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/units.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { SEI_LINEAR, SEI_LOG, SEI_LOGIT } sei_transform;

/* How well a default is known. PUBLISHED: read in the named source. INFERRED: arithmetic from
 * sourced figures. ASSUMED: general knowledge that no source here confirms. */
typedef enum { SEI_PUBLISHED, SEI_INFERRED, SEI_ASSUMED } sei_evidence;

/*
 * key ends with its unit when it has one (`depth_m`, `k_1_s`); def, lower and upper are in that
 * unit. Functions that receive resolved parameters get SI (sei_to_si) whenever the unit is in
 * the unit list, else the number as it stands with `unit` telling what it is.
 * def = NAN means that the user must give it.
 */
typedef struct {
    const char   *key;
    const char   *unit; /* as printed: "1/s", "1/(s atm M2)", "" */
    double        def, lower, upper;
    sei_transform transform; /* for calibration and sensitivities */
    sei_evidence  evidence;
    const char   *source; /* key of docs/references.bib, "" for a plain choice */
    const char   *help, *help_ja;
} sei_param;

/* Index of the row whose key is given, n when there is none. */
static inline size_t sei_param_index(const sei_param *params, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++) {
        const char *a = params[i].key, *b = key;
        while (*a && *a == *b) {
            a++;
            b++;
        }
        if (*a == *b)
            return i;
    }
    return n;
}

/* Unit that a row's values are converted with: the one that ends its key, when `unit` is that
 * unit's symbol or key ("m3/s" stands for "m³/s"); NULL when values are taken as they stand. */
SEI_API const sei_unit *sei_param_unit(const sei_param *param);
/* A value in the row's unit as resolved parameters hold it. */
SEI_API double sei_param_si(const sei_param *param, double value);

#ifdef __cplusplus
}
#endif
#endif
