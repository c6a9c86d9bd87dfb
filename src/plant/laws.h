/* laws.h - the rate laws and parameters that units set, each name once */
#ifndef SEI_PLANT_LAWS_H
#define SEI_PLANT_LAWS_H

#define SEI_LAW_FE2_MICROBIAL       "fe2-microbial"
#define SEI_LAW_FE2_GROWTH          "fe2-growth"
#define SEI_LAW_SULFATE_REDUCTION   "sulfate-reduction"
#define SEI_LAW_SRB_GROWTH          "srb-growth"
#define SEI_LAW_ETHANOL_SULFATE     "ethanol-sulfate"
#define SEI_LAW_ETHANOL_OXIDATION   "ethanol-oxidation"
#define SEI_LAW_FE3_DISSOLVED       "fe3-reduction-dissolved"
#define SEI_LAW_FE3_SOLID           "fe3-reduction-solid"
#define SEI_LAW_AEROBIC_RESPIRATION "aerobic-respiration"
#define SEI_LAW_O2_EXCHANGE         "o2-exchange"
#define SEI_LAW_CO2_EXCHANGE        "co2-exchange"
#define SEI_LAW_H2S_EXCHANGE        "h2s-exchange"
#define SEI_LAW_CALCITE             "calcite-pwp"
#define SEI_LAW_MN2_OXIDATION       "mn2-oxidation"

#define SEI_LAW_FERRIHYDRITE      "ferrihydrite"
#define SEI_LAW_AL_HYDROXIDE      "al-hydroxide"
#define SEI_LAW_BASALUMINITE      "basaluminite"
#define SEI_LAW_FE2_HETEROGENEOUS "fe2-heterogeneous"

#define SEI_FLOC_LAWS \
    "hfo-as-floc", "hfo-cd-floc", "hfo-cu-floc", "hfo-p-floc", "hfo-pb-floc", "hfo-zn-floc"

#define SEI_EXCHANGE_LAWS "compost-cd", "compost-cu", "compost-pb", "compost-zn"

#define SEI_LAW_NITRIFICATION   "nitrification"
#define SEI_LAW_DENITRIFICATION "denitrification"

/* Parameters by their keys; values that units set are in SI. */
#define SEI_KEY_KLA             "kla_1_h"
#define SEI_KEY_CALCITE_AREA    "area_m2_mol"
#define SEI_KEY_FULL_POPULATION "full_population_mmol_kgw"
#define SEI_KEY_CALCITE_M0      "m0_mol_kgw"
#define SEI_KEY_CALCITE_ACTIVE  "active_fraction"
#define SEI_KEY_CALCITE_STALL   "stall_log"
#define SEI_KEY_GROWTH          "k_1_h"
#define SEI_KEY_REACTIVE        "reactive_fraction"
#define SEI_KEY_SUSPENDED       "suspended_fraction"

#endif
