/* root.h - a root between two bounds */
#ifndef SEI_NUM_ROOT_H
#define SEI_NUM_ROOT_H

#include <stdbool.h>

/* A function that is positive at at[0] and negative at at[1]; f may be HUGE_VAL and -HUGE_VAL where only the
 * signs are known. at[0] may lie on either side of at[1]. */
typedef struct {
    double at[2], f[2];
    int    last_side, n; /* inside; start with -1 and 0 */
} sei_root;

sei_root sei_root_between(double at_positive, double f_positive, double at_negative,
                          double f_negative);
/* Where to look next: regula falsi with halved ends (Illinois; Dowell & Jarratt 1971, BIT 11, 168), now and then
 * the middle. */
double sei_root_next(sei_root *root);
/* Takes what was found there. */
void sei_root_narrow(sei_root *root, double at, double f);
/* No double lies between the bounds any more. */
bool sei_root_is_narrow(const sei_root *root);

/* Newton's next point where it lies between the bounds or on one, as it does at the root itself, else their middle. step: -f / f', or a number that is none
 * (NAN) where the slope tells nothing. */
static inline double sei_root_newton(double at, double step, double low, double high)
{
    const double next = at + step;

    return next >= low && next <= high ? next : 0.5 * (low + high);
}

#endif
