/*
 * prior.h - how far a number may lie from the value that a run takes
 *
 * A prior is a distribution in SI. Where the site file gives none, it follows from the catalogue's
 * row by one rule (sei_prior_of_param): the shape from the row's transform and range, the width from
 * the evidence behind the value.
 */
#ifndef SEI_STUDY_PRIOR_H
#define SEI_STUDY_PRIOR_H

#include "seiryu/param.h"
#include "seiryu/study.h"

/* Normal and log-normal are cut at lower and upper (may be infinite); logit-normal lies between them. */
typedef struct {
    sei_prior_kind kind;
    double         a, m, b;
    double         lower, upper;
} sei_prior;

/* Value below which a share p of the distribution lies; p in (0, 1). */
double sei_prior_quantile(const sei_prior *prior, double p);
/*
 * The measure of fits: z is standard normal under the prior, value = quantile(Phi(z)). Bounds at +-SEI_PRIOR_Z_MAX leave 3 in
 * 100,000 outside on each side. sei_prior_z: the nearer bound for a value beyond it.
 */
#define SEI_PRIOR_Z_MAX 4.0
double sei_prior_at(const sei_prior *prior, double z);
double sei_prior_z(const sei_prior *prior, double value);
/* False with *ret_why when no distribution has these numbers. */
bool        sei_prior_is_valid(const sei_prior *prior, const char **ret_why);
const char *sei_prior_word(sei_prior_kind kind); /* "log_normal" */

/* Factor between median and P90 of a log-normal prior (of a logit-normal one between their odds), and share of the way
 * from the value to the ends of its range that a triangular one takes, by evidence. */
double sei_prior_factor(sei_evidence evidence);
double sei_prior_share(sei_evidence evidence);
/* The rule, for a row and the value (SI) that the run takes. FIXED for a value of 0, which turns
 * things off. */
sei_prior sei_prior_of_param(const sei_param *row, double value, sei_evidence evidence);
/* Log-normal with this median and P90/P50. */
sei_prior sei_prior_log_normal(double median, double factor);
/* Logit-normal between two ends with this median; factor: odds (v - lower)/(upper - v) of P90 over those of P50. */
sei_prior sei_prior_share_of(double median, double factor, double lower, double upper);

#endif
