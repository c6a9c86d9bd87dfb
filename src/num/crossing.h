/*
 * crossing.h - the time that x' = f(x) takes along x, f being known at some places
 *
 * Between the places f is the polynomial through them (Newton's form). What the terms of highest order add tells how good it is.
 */
#ifndef SEI_NUM_CROSSING_H
#define SEI_NUM_CROSSING_H

#include <stdbool.h>
#include <stddef.h>

enum { SEI_CROSSING_TERMS = 8 };

typedef struct {
    size_t n;
    double place[SEI_CROSSING_TERMS], term[SEI_CROSSING_TERMS]; /* divided differences */
} sei_rate_curve;

/*
 * place[n], rate[n], slope[n]: slope[i] counts where place[i] stands twice, at i - 1 and i. The fewest terms that are as good as
 * any between from and to are taken, three at least where there are as many.
 */
void sei_rate_curve_fit(sei_rate_curve *curve, size_t n, const double place[], const double rate[],
                        const double slope[], double from, double to);
double sei_rate_curve_at(const sei_rate_curve *curve, double x);
/* ret_weight[n] of what is known at n different places in its polynomial at x. */
void sei_rate_curve_weights(size_t n, const double place[], double x, double ret_weight[]);

typedef struct {
    double x, time_s;
    double error; /* of x, by the terms of highest order */
} sei_crossing;

/* From at->x on, until to is reached or time_s is used up; x stays where f is 0. */
void sei_rate_curve_cross(const sei_rate_curve *curve, double to, double time_s, sei_crossing *at);

#endif
