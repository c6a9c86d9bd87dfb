/*
 * unit_list.h - the one home of conversion factors
 *
 * X(key, symbol, dimension, factor, offset): SI value = value * factor + offset. Exact by
 * definition unless a remark says otherwise. A day has 86,400 s, a year here 365.25 days.
 */
#ifndef SEI_BASE_UNIT_LIST_H
#define SEI_BASE_UNIT_LIST_H

#define SEI_UNIT_LIST(X)                                      \
    X("m", "m", LENGTH, 1.0, 0.0)                             \
    X("km", "km", LENGTH, 1e3, 0.0)                           \
    X("cm", "cm", LENGTH, 1e-2, 0.0)                          \
    X("mm", "mm", LENGTH, 1e-3, 0.0)                          \
    X("m2", "m²", AREA, 1.0, 0.0)                             \
    X("ha", "ha", AREA, 1e4, 0.0)                             \
    X("m3", "m³", VOLUME, 1.0, 0.0)                           \
    X("l", "L", VOLUME, 1e-3, 0.0)                            \
    X("ml", "mL", VOLUME, 1e-6, 0.0)                          \
    X("kg", "kg", MASS, 1.0, 0.0)                             \
    X("g", "g", MASS, 1e-3, 0.0)                              \
    X("t", "t", MASS, 1e3, 0.0)                               \
    X("s", "s", TIME, 1.0, 0.0)                               \
    X("min", "min", TIME, 60.0, 0.0)                          \
    X("h", "h", TIME, 3600.0, 0.0)                            \
    X("d", "d", TIME, 86400.0, 0.0)                           \
    X("day", "d", TIME, 86400.0, 0.0)                         \
    X("yr", "y", TIME, 31557600.0, 0.0)                       \
    X("m3_s", "m³/s", FLOW, 1.0, 0.0)                         \
    X("m3_min", "m³/min", FLOW, 1.0 / 60.0, 0.0)              \
    X("m3_h", "m³/h", FLOW, 1.0 / 3600.0, 0.0)                \
    X("m3_d", "m³/d", FLOW, 1.0 / 86400.0, 0.0)               \
    X("l_s", "L/s", FLOW, 1e-3, 0.0)                          \
    X("l_min", "L/min", FLOW, 1e-3 / 60.0, 0.0)               \
    X("ml_min", "mL/min", FLOW, 1e-6 / 60.0, 0.0)             \
    X("m_s", "m/s", VELOCITY, 1.0, 0.0)                       \
    X("m_d", "m/d", VELOCITY, 1.0 / 86400.0, 0.0)             \
    X("m_h", "m/h", VELOCITY, 1.0 / 3600.0, 0.0)              \
    X("kg_m3", "kg/m³", MASS_CONC, 1.0, 0.0)                  \
    X("g_l", "g/L", MASS_CONC, 1.0, 0.0)                      \
    X("mg_l", "mg/L", MASS_CONC, 1e-3, 0.0)                   \
    X("g_m3", "g/m³", MASS_CONC, 1e-3, 0.0)                   \
    X("ug_l", "µg/L", MASS_CONC, 1e-6, 0.0)                   \
    X("mol_m3", "mol/m³", MOLAR_CONC, 1.0, 0.0)               \
    X("mol_l", "mol/L", MOLAR_CONC, 1e3, 0.0)                 \
    X("mmol_l", "mmol/L", MOLAR_CONC, 1.0, 0.0)               \
    X("umol_l", "µmol/L", MOLAR_CONC, 1e-3, 0.0)              \
    X("mol_kgw", "mol/kgw", MOLALITY, 1.0, 0.0)               \
    X("mmol_kgw", "mmol/kgw", MOLALITY, 1e-3, 0.0)            \
    X("umol_kgw", "µmol/kgw", MOLALITY, 1e-6, 0.0)            \
    X("mol", "mol", AMOUNT, 1.0, 0.0)                         \
    X("kmol", "kmol", AMOUNT, 1e3, 0.0)                       \
    X("mg_kg", "mg/kg", MASS_FRACTION, 1e-6, 0.0)             \
    X("g_kg", "g/kg", MASS_FRACTION, 1e-3, 0.0)               \
    X("pct", "%", NONE, 1e-2, 0.0)                            \
    X("g_mol", "g/mol", MOLAR_MASS, 1e-3, 0.0)                \
    X("c", "°C", TEMPERATURE, 1.0, 273.15)                    \
    X("degc", "°C", TEMPERATURE, 1.0, 273.15)                 \
    X("kelvin", "K", TEMPERATURE, 1.0, 0.0)                   \
    X("k_diff", "K", TEMPERATURE_DIFFERENCE, 1.0, 0.0)        \
    X("1_s", "1/s", RATE, 1.0, 0.0)                           \
    X("1_min", "1/min", RATE, 1.0 / 60.0, 0.0)                \
    X("1_h", "1/h", RATE, 1.0 / 3600.0, 0.0)                  \
    X("1_d", "1/d", RATE, 1.0 / 86400.0, 0.0)                 \
    X("1_yr", "1/y", RATE, 1.0 / 31557600.0, 0.0)             \
    X("mol_m3_s", "mol/m³/s", MOLAR_RATE, 1.0, 0.0)           \
    X("mol_m3_d", "mol/m³/d", MOLAR_RATE, 1.0 / 86400.0, 0.0) \
    X("mol_l_s", "mol/L/s", MOLAR_RATE, 1e3, 0.0)             \
    X("mol_m2_s", "mol/m²/s", SURFACE_RATE, 1.0, 0.0)         \
    X("v", "V", POTENTIAL, 1.0, 0.0)                          \
    X("mv", "mV", POTENTIAL, 1e-3, 0.0)                       \
    X("s_m", "S/m", CONDUCTIVITY, 1.0, 0.0)                   \
    X("ms_m", "mS/m", CONDUCTIVITY, 1e-3, 0.0)                \
    X("ms_cm", "mS/cm", CONDUCTIVITY, 1e-1, 0.0)              \
    X("us_cm", "µS/cm", CONDUCTIVITY, 1e-4, 0.0)              \
    X("w_m2_k", "W/m²/K", HEAT_TRANSFER, 1.0, 0.0)            \
    X("w_m2", "W/m²", HEAT_FLUX, 1.0, 0.0)                    \
    X("mj_m2_d", "MJ/m²/d", HEAT_FLUX, 1e6 / 86400.0, 0.0)    \
    X("kwh_m2_d", "kWh/m²/d", HEAT_FLUX, 1e3 / 24.0, 0.0)     \
    X("mm_d", "mm/d", VELOCITY, 1e-3 / 86400.0, 0.0)          \
    X("mm_k_d", "mm/K/d", SNOWMELT, 1e-3 / 86400.0, 0.0)      \
    X("t_m3", "t/m³", MASS_CONC, 1e3, 0.0)                    \
    X("m2_kg", "m²/kg", SPECIFIC_AREA, 1.0, 0.0)              \
    X("m2_g", "m²/g", SPECIFIC_AREA, 1e3, 0.0)                \
    X("g_m2_d", "g/m²/d", AREAL_LOAD, 1e-3 / 86400.0, 0.0)    \
    X("j_mol", "J/mol", MOLAR_ENERGY, 1.0, 0.0)               \
    X("kj_mol", "kJ/mol", MOLAR_ENERGY, 1e3, 0.0)             \
    X("kwh", "kWh", ENERGY, 3.6e6, 0.0)                       \
    X("mj", "MJ", ENERGY, 1e6, 0.0)                           \
    X("w", "W", POWER, 1.0, 0.0)                              \
    X("kw", "kW", POWER, 1e3, 0.0)                            \
    X("pa", "Pa", PRESSURE, 1.0, 0.0)                         \
    X("kpa", "kPa", PRESSURE, 1e3, 0.0)                       \
    X("atm", "atm", PRESSURE, 101325.0, 0.0)                  \
    X("ntu", "NTU", TURBIDITY, 1.0, 0.0)                      \
    X("cfu_ml", "CFU/mL", COUNT_CONC, 1e6, 0.0)

#endif
