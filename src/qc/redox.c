/* redox.c - Eh from ORP, and whether it fits pH and iron */
#include <math.h>

#include "base/constants.h"
#include "seiryu/qc_water.h"

#define E0_IRON   0.770 /* V, Fe+3 + e- = Fe+2 */
#define E0_OXYGEN 1.229 /* V, O2 + 4 H+ + 4 e- = 2 H2O */

/* Potential at 25 degC and its change, V/K. At 25 degC the usual figures (199 and 244 mV for saturated electrodes); 3 M and
 * the slopes are general knowledge, to be checked against the maker's data sheet. */
static const struct {
    double at_25c, slope;
} electrodes[] = {
    [SEI_AG_AGCL_SATURATED] = {0.199, -1.01e-3},
    [SEI_AG_AGCL_3M]        = {0.209, -0.75e-3},
    [SEI_CALOMEL_SATURATED] = {0.244, -0.65e-3},
};

static sei_status check(sei_ctx *ctx, double orp_v, double temp_c)
{
    if (!(temp_c >= 0.0 && temp_c <= 60.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "temp_c = %g is outside 0..60", temp_c);
    if (!(fabs(orp_v) <= 2.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "an ORP of %g V", orp_v);
    return SEI_OK;
}

sei_status sei_eh_from_orp(sei_ctx *ctx, double orp_v, sei_electrode electrode, double temp_c,
                           double *ret_eh_v)
{
    const sei_status st = check(ctx, orp_v, temp_c);

    if (st != SEI_OK)
        return st;
    if ((unsigned)electrode > SEI_CALOMEL_SATURATED)
        return sei_fail(ctx, SEI_E_ARG, NULL, "electrode %d is not known", (int)electrode);
    *ret_eh_v =
        orp_v + electrodes[electrode].at_25c + electrodes[electrode].slope * (temp_c - 25.0);
    return SEI_OK;
}

double sei_eh_of_zobell(double temp_c)
{
    return 0.428 -
           0.0022 * (temp_c - 25.0); /* form of the usual procedure for platinum against Ag/AgCl */
}

sei_status sei_eh_from_zobell(sei_ctx *ctx, double orp_v, double orp_zobell_v, double temp_c,
                              double *ret_eh_v)
{
    sei_status st = check(ctx, orp_v, temp_c);

    if (st == SEI_OK)
        st = check(ctx, orp_zobell_v, temp_c);
    if (st == SEI_OK)
        *ret_eh_v = orp_v + sei_eh_of_zobell(temp_c) - orp_zobell_v;
    return st;
}

static double nernst_v(double temp_c)
{
    return SEI_GAS_CONSTANT * (temp_c + SEI_ZERO_CELSIUS) / SEI_FARADAY;
}

double sei_eh_of_iron(double fe2, double fe3, double temp_c)
{
    return E0_IRON + nernst_v(temp_c) * log(fe3 / fe2);
}

uint8_t sei_redox_flag(double eh_v, double ph, double temp_c, double fe2, double fe3,
                       double tolerance_v)
{
    const double per_ph = nernst_v(temp_c) * log(10.0);

    if (!isfinite(eh_v))
        return SEI_FLAG_MISSING;
    if (!isfinite(ph) || !isfinite(temp_c))
        return SEI_FLAG_NOT_EVALUATED;
    if (eh_v > E0_OXYGEN - per_ph * ph + tolerance_v || eh_v < -per_ph * ph - tolerance_v)
        return SEI_FLAG_FAIL;
    if (fe2 > 0.0 && fe3 > 0.0 && fabs(eh_v - sei_eh_of_iron(fe2, fe3, temp_c)) > tolerance_v)
        return SEI_FLAG_SUSPECT;
    return SEI_FLAG_GOOD;
}
