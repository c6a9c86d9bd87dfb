/* sensitivity.h - what each number of a site does to each judged quantity of the discharge */
#ifndef SEI_STUDY_SENSITIVITY_H
#define SEI_STUDY_SENSITIVITY_H

#include "study/ensemble.h"
#include "study/result_words.h"

/* One output of a run: the mean of a column of the discharge, or its monthly mean nearest to a limit. */
typedef struct {
    size_t column;
    bool   is_worst_month;
    bool   is_lowest; /* of the months: nearest to a lower limit, as the pH of an acid water */
    double nominal;   /* SI */
} sei_sensitivity_output;

typedef struct {
    size_t      knob;      /* in knobs */
    double      low, high; /* values taken: the prior's 30th and 70th percentile */
    sei_status  status;    /* of the two runs */
    const char *error;
} sei_sensitivity_input;

typedef struct {
    sei_ctx                *ctx;
    const sei_result       *nominal;
    sei_digest             *digest;
    sei_knobs              *knobs;
    sei_arena               arena;
    size_t                  n_outputs, n_inputs;
    sei_sensitivity_output *outputs;
    sei_sensitivity_input  *inputs;
    double                 *y_low, *y_high; /* [input * n_outputs + output] SI */
} sei_sensitivities;

/* Central differences around a finished run, two runs a number, on threads. Numbers are those that an
 * ensemble would vary, and log K of the model's minerals (normal, deviation 0.1). */
SEI_CHECKED sei_status sei_sensitivities_run(sei_ctx *ctx, const sei_result *nominal,
                                             size_t n_threads, const sei_run_hooks *hooks,
                                             sei_sensitivities **ret);
void                   sei_sensitivities_free(sei_sensitivities *s);
/* Change of the output by that of the number, both as the model holds them; NAN after failed runs. */
double sei_sensitivity_slope(const sei_sensitivities *s, size_t input, size_t output);
/* Slope by the number times its P90 - P10: what its uncertainty is worth, SI. */
double sei_sensitivity_swing(const sei_sensitivities *s, size_t input, size_t output);
/* d ln y / d ln x; NAN for a number that is a shift. */
double sei_sensitivity_elasticity(const sei_sensitivities *s, size_t input, size_t output);
/* Inputs by falling size of the swing. */
void sei_sensitivity_rank(const sei_sensitivities *s, size_t output, size_t ret_order[]);
/* No larger than what two runs differ by in their last digits; largest: the first of the ranking. */
bool sei_sensitivity_is_noise(const sei_sensitivities *s, size_t input, size_t largest,
                              size_t output);
/* By how many percent (pH: by how much) the output changes when the number grows by one step: 1 %, or
 * where percents mean nothing 0.1 (log K, pH) or one unit (temperatures, other shifts). */
double sei_sensitivity_response(const sei_sensitivities *s, size_t input, size_t output);
/* "石灰石(方解石) の log K" / "log K of limestone (calcite)". */
sei_words sei_sensitivity_input_words(const sei_sensitivities *s, size_t input);
/* Does the site give the number one value, which knobs show? Shifts and series have none. */
bool sei_sensitivity_has_value(const sei_sensitivities *s, size_t input);
/* "Zn 全量 平均" / "Zn total, mean". */
sei_words sei_sensitivity_output_words(const sei_sensitivities *s, size_t output);
/* The largest responses as bars, added to the document; nothing where no number has any. order: of
 * sei_sensitivity_rank. */
void sei_sensitivity_draw(sei_doc *doc, const sei_sensitivities *s, size_t output,
                          const size_t order[]);
/* sensitivities.csv and report.html. */
SEI_CHECKED sei_status sei_sensitivities_save(sei_ctx *ctx, const sei_sensitivities *s,
                                              const char *folder);

#endif
