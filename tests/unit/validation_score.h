/*
 * validation_score.h - tables that a page of docs/validation has from the program alone
 *
 * Between the lines "<!-- program: WHAT NAME -->" and "<!-- program: end -->" of a page:
 *
 *     figures GROUP   what was published and what is computed blind; GROUP "all": every figure, calibrated beside blind
 *     fit GROUP       what was fitted, and what it makes of the figures that were held out
 *     score PAGE      bias and spread over the figures of all groups of a page, by kind; PAGE "all": of all pages
 *     inputs PAGE     water, units and sources of the cases of all groups of a page
 */
#ifndef SEI_TESTS_VALIDATION_SCORE_H
#define SEI_TESTS_VALIDATION_SCORE_H

#include "base/buf.h"
#include "unit/validation_data.h"

/*
 * Computed over published; for a bound that is kept 1, for a broken one computed over the bound, between two bounds the nearer.
 * A difference for pH and temperature. Ratios are held within 1/1000 to 1000.
 */
double v_score_ratio(const v_figure *figure, double computed);
/* Within the bound, or within 20 % of the value (pH 0.2, 1 K). */
bool v_score_is_hit(const v_figure *figure, double computed);

/* Bias: geometric mean of ratios, mean of differences; spread: exp of the standard deviation of ln ratio, or that of the
 * differences; NAN where there are fewer than two. */
typedef struct {
    size_t n, n_hits, n_bounds;
    double sum, square;
} v_score;
void   v_score_add(v_score *score, const v_figure *figure, double computed);
double v_score_bias(const v_score *score, bool is_difference);
double v_score_spread(const v_score *score, bool is_difference);

double v_score_blind(v_book *book, const v_figure *figure);
double v_score_calibrated(v_book *book, const v_group *group, const v_figure *figure);

/* The tables of "WHAT NAME". */
void v_score_put(sei_buf *out, v_book *book, const char *what);

void v_inputs_put(sei_buf *out, v_book *book, const char *page);

/* docs/validation/figures: predicted against measured. */
void v_figure_save(v_book *book, const char *folder);

#endif
