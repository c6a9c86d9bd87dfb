/* validation_fit.h - the numbers of a group fitted to its published figures, and the check that stored ones still are */
#ifndef SEI_TESTS_VALIDATION_FIT_H
#define SEI_TESTS_VALIDATION_FIT_H

#include "unit/validation_data.h"

/* Sets the stored values of a group (const v_group *user) in a site: a v_set_fn. */
void v_fit_set_stored(void *user, const sei_knobs *knobs, double *const places[]);

/* sqrt of what a fit minimises for one figure: as docs/calibration.md, bounds from both sides. */
double v_fit_residual(const v_group *group, const v_figure *figure, double computed);

/* P10, median and P90 of the prior of a parameter, as they are shown. */
void v_fit_prior(const v_group *group, size_t parameter, double ret_shown[3]);

/* Fits, and writes the entries of `parameters:` to standard output. */
void v_fit_print(const v_group *group);

/*
 * How far the stored values are from the least sum of squares: the step that Gauss and Newton's method takes from them, in
 * posterior standard deviations, the longest over the parameters. Takes 1 + 2 n runs of each site that is fitted to.
 */
double v_fit_distance(const v_group *group);

#endif
