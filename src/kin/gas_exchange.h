/*
 * gas_exchange.h - transfer of a gas between water and air, shared by three laws
 *
 *     r = kLa theta^(T-20) H(T) (p_air - p_water)      [mol/kgw/s], > 0 into the water
 *
 * p_water is the equilibrium partial pressure of the water by the thermodynamic database, so that
 * the exchange stops exactly where the database sees equilibrium; H only scales kLa.
 */
#ifndef SEI_KIN_GAS_EXCHANGE_H
#define SEI_KIN_GAS_EXCHANGE_H

#include "kin/rate.h"

enum { SEI_GAS_KLA, SEI_GAS_AIR, SEI_GAS_ALTITUDE, SEI_GAS_THETA, SEI_GAS_N_PARAMS };

/* in[0] is the log of the partial pressure; henry in mol/kgw/atm at the temperature of env. */
void sei_gas_exchange_eval(double henry, const sei_rate_env *env, const double p[],
                           const double in[], double *ret_rate, double ret_slope[]);

#define SEI_PARAM_KLA                                                                                                    \
    {                                                                                                                    \
        .key = "kla_1_h", .unit = "1/h", .def = 0.0, .lower = 0.0, .upper = 1e3,                                         \
        .transform = SEI_LINEAR, .evidence = SEI_ASSUMED, .source = "",                                                  \
        .help    = "transfer coefficient times surface per volume of pore water at 20 °C; 0: "                          \
                   "closed to the air",                                                                                  \
        .help_ja = "20 ℃ における間隙水体積あたりの総括物質移動容量係数。0 は大気と遮断" \
    }
#define SEI_PARAM_AIR(def_, lower_, upper_, evidence_, source_)                                   \
    {                                                                                             \
        .key = "air_fraction", .unit = "mol/mol", .def = (def_), .lower = (lower_),               \
        .upper = (upper_), .transform = SEI_LINEAR, .evidence = (evidence_), .source = (source_), \
        .help    = "mole fraction of the gas in the air above the water",                         \
        .help_ja = "水面上の空気中のモル分率"                                         \
    }
#define SEI_PARAM_ALTITUDE                                                                             \
    {                                                                                                  \
        .key = "altitude_m", .unit = "m", .def = 0.0, .lower = -400.0, .upper = 4000.0,                \
        .transform = SEI_LINEAR, .evidence = SEI_ASSUMED, .source = "",                                \
        .help = "height above the sea; sets the air pressure", .help_ja = "標高(気圧を決める)" \
    }
#define SEI_PARAM_THETA                                                           \
    {                                                                             \
        .key = "theta", .unit = "", .def = 1.024, .lower = 1.0, .upper = 1.05,    \
        .transform = SEI_LINEAR, .evidence = SEI_PUBLISHED, .source = "boog2019", \
        .help    = "growth of the transfer coefficient per °C",                   \
        .help_ja = "物質移動係数の温度補正係数(1 ℃ あたり)"     \
    }

#endif
