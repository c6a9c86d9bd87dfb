/* kin_checks.h - what holds for every rate law, so that a new one is tested without a line of its own */
#ifndef SEI_TESTS_KIN_CHECKS_H
#define SEI_TESTS_KIN_CHECKS_H

#include <stdint.h>

#include "seiryu/kin.h"
#include "t.h"

/* Numbers in 0..1 from a fixed seed (xorshift64*), the same on every machine. */
static inline double kin_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * 2685821657736338717ULL) >> 11) / 9007199254740992.0;
}

/* Defaults, but with every capacity that is 0 by default switched on. */
static inline void kin_active_params(const sei_rate_law *law, double p[])
{
    sei_rate_defaults(law, p);
    for (size_t i = 0; i < law->n_params; i++) {
        const sei_param *row = &law->params[i];
        if (row->def <= 0.0 && row->lower >= 0.0)
            p[i] = sei_param_si(row, row->lower + 0.1 * (row->upper - row->lower));
    }
}

/* A state that a solver may meet: concentrations log-uniform, logs of saturation ratios uniform. */
static inline void kin_random_state(const sei_rate_law *law, uint64_t *seed, double in[])
{
    for (size_t i = 0; i < law->n_inputs; i++) {
        const double x = kin_random(seed);
        in[i] =
            law->inputs[i].kind == SEI_IN_LNSR ? -50.0 + 100.0 * x : pow(10.0, -12.0 + 11.0 * x);
    }
}

/* Slopes against central differences at one state; the largest relative disagreement. */
static inline double kin_slope_error(const sei_rate_law *law, const sei_rate_env *env,
                                     const double p[], double in[])
{
    double rate, slope[SEI_RATE_INPUTS_MAX], unused[SEI_RATE_INPUTS_MAX], worst = 0.0;

    law->eval(env, p, in, &rate, slope);
    double parts = fabs(rate); /* a rate may be the difference of two that nearly cancel */
    for (size_t i = 0; i < law->n_inputs; i++)
        if (law->inputs[i].kind != SEI_IN_LNSR)
            parts = fmax(parts, fabs(slope[i] * in[i]));
    for (size_t i = 0; i < law->n_inputs; i++) {
        /* small beside the input, and beside the bend at saturation */
        const double x = in[i];
        const double h = 1e-5 * (law->inputs[i].kind == SEI_IN_LNSR ? fmin(1.0, fabs(x)) : x);
        double       up, down;

        in[i] = x + h;
        law->eval(env, p, in, &up, unused);
        in[i] = x - h;
        law->eval(env, p, in, &down, unused);
        in[i]               = x;
        const double change = (up - down) / (2.0 * h) - slope[i];
        /* rounding of the difference itself: 1e-14 of the rate's parts over the step */
        const double noise = 1e-14 * parts / h;
        const double size  = fmax(fabs(slope[i]), 1e-300);
        if (fabs(change) > noise)
            worst = fmax(worst, (fabs(change) - noise) / size);
    }
    return worst;
}

/* Rate and slopes finite at the corners of what a solver may try. */
static inline int kin_is_finite_at_corners(const sei_rate_law *law, const double p[])
{
    static const double amounts[] = {0.0, 1e-300, 1e-12, 1.0, 1e6, 1e300};
    static const double logs[]    = {-1e308, -500.0, -1e-12, 0.0, 1e-12, 1e-3, 500.0, 1e308};
    const double        temps[]   = {273.15, 288.15, 298.15, 313.15};
    uint64_t            seed      = 20240401;

    for (int trial = 0; trial < 20000; trial++) {
        double             in[SEI_RATE_INPUTS_MAX], rate = (double)NAN, slope[SEI_RATE_INPUTS_MAX];
        const sei_rate_env env = {temps[trial % 4], 0.01, NULL};

        for (size_t i = 0; i < law->n_inputs; i++) {
            const double x = kin_random(&seed);
            in[i]          = law->inputs[i].kind == SEI_IN_LNSR
                                 ? logs[(size_t)(x * (double)T_COUNT(logs))]
                                 : amounts[(size_t)(x * (double)T_COUNT(amounts))];
        }
        law->eval(&env, p, in, &rate, slope);
        if (!isfinite(rate))
            return 0;
        for (size_t i = 0; i < law->n_inputs; i++)
            if (!isfinite(slope[i]))
                return 0;
    }
    return 1;
}

#endif
