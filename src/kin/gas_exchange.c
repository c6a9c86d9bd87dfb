/* gas_exchange.c - transfer of a gas between water and air, shared by three laws */
#include "kin/gas_exchange.h"

#define LN_P_KNEE 7.0 /* 1097 atm: beyond any water; the exponential goes on as a line */

/* Air pressure in atm: standard atmosphere up to 11 km (ISO 2533). */
static double air_pressure_atm(double altitude_m)
{
    const double lapse_k_m = 0.0065, sea_k = SEI_T15_K, exponent = 5.25588;

    return pow(1.0 - lapse_k_m * altitude_m / sea_k, exponent);
}

void sei_gas_exchange_eval(double henry, const sei_rate_env *env, const double p[],
                           const double in[], double *ret_rate, double ret_slope[])
{
    *ret_rate = ret_slope[0] = 0.0;
    if (p[SEI_GAS_KLA] == 0.0)
        return;
    const double   k = p[SEI_GAS_KLA] * sei_theta(p[SEI_GAS_THETA], env->temp_k, SEI_T20_K) * henry;
    const double   p_air   = p[SEI_GAS_AIR] * air_pressure_atm(p[SEI_GAS_ALTITUDE]);
    const sei_term p_water = sei_term_exp(in[0], LN_P_KNEE);

    *ret_rate    = k * (p_air - p_water.value);
    ret_slope[0] = -k * p_water.slope;
}
