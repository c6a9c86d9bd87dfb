/*
 * validation_data.h - what was published, one file of docs/validation/data/ a group of cases
 *
 *     title, title_ja: of the group        page: of docs/validation/ on which it stands
 *     published:                           one entry a figure
 *       - id, what, unit                   for people; unit may be left out
 *         kind                             what scores are added up over: zinc, iron, temperature ...
 *         about, below, above or between   the published value, bound or range [low, high]
 *         measure                          RUN PLACE QUANTITY STATISTIC as in validation.h
 *         role                             fit or held_out; left out: compared blind only
 *         informed: true                   a default was derived from this figure, or changed after its miss was seen: not blind
 *     fit:
 *       none: reason                       why nothing is fitted; or
 *       error, error_absolute              standard error of ln value; of pH and temperature
 *       parameters:                        KEY, or the whole path, of numbers that all runs share
 *         KEY: {p10, p90, value, low, high, informed, edge}
 *
 * p10 and p90 give a log-normal prior where the catalogue's does not hold (say why in a comment). value to edge are
 * what `test_validation fit GROUP` found: the fit, its 80 % band, the share of the prior's variance taken away, and
 * whether the fit rests at the edge of the prior. A run named RUN@GROUP has the values of GROUP.
 */
#ifndef SEI_TESTS_VALIDATION_DATA_H
#define SEI_TESTS_VALIDATION_DATA_H

#include "base/arena.h"
#include "unit/validation.h"

enum { V_GROUPS_MAX = 40, V_FIGURES_MAX = 40, V_PARAMETERS_MAX = 6 };

typedef enum { V_ABOUT, V_BELOW, V_ABOVE, V_BETWEEN } v_bound;
typedef enum { V_BLIND, V_FIT, V_HELD_OUT } v_role;

typedef struct {
    const char *id, *what, *unit, *kind;
    v_bound     bound;
    double      low, high; /* the same for V_ABOUT; -inf or inf where there is no bound */
    v_role      role;
    bool        is_informed;
    bool        is_difference; /* pH, temperature: compared by difference, not by ratio */
    v_measure   measure;
} v_figure;

typedef struct {
    const char *key;
    double      p10, p90; /* NAN: the catalogue's prior */
    double      value, low, high, informed;
    bool        is_at_edge;
} v_parameter;

typedef struct {
    const char *name, *title, *title_ja, *page, *none;
    double      error, error_absolute;
    size_t      n_figures, n_parameters;
    v_figure    figures[V_FIGURES_MAX];
    v_parameter parameters[V_PARAMETERS_MAX];
} v_group;

struct v_data {
    sei_ctx  *ctx;
    sei_arena arena;
    size_t    n;
    v_group   groups[V_GROUPS_MAX];
};

/* All files, in the order of their names. A fault of a file fails the test. */
v_data        *v_data_read(void);
void           v_data_free(v_data *data);
const v_group *v_data_find(const v_data *data, const char *group);

#endif
