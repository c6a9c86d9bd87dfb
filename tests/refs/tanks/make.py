#!/usr/bin/env python3
"""Makes phreeqc.csv of this folder with PHREEQC itself (Python package phreeqc), see README.md.

usage: make.py DATABASE >phreeqc.csv
"""
import csv
import math
import pathlib
import re
import sys

import phreeqc

HERE = pathlib.Path(__file__).resolve().parent
COMPONENTS = ["Acetate", "Al", "C(4)", "Ca", "Cd", "Cl", "Ethanol", "Fe(2)", "Fe(3)", "Mg", "Mn", "Na", "O(0)", "Peroxide", "S(-2)",
              "S(6)", "Zn"]
# ferric iron, sulfide and oxygen are elements of their own, so that PHREEQC leaves valences alone as this program does
ELEMENTS = {"C(4)": "C", "Fe(2)": "Fe", "Fe(3)": "Ft", "O(0)": "Oxg", "S(-2)": "Sd", "S(6)": "S"}
TURNOVERS = (5, 10, 20, 40)  # times of the water in a tank; the last two are compared


# ---- the database with ferric iron, sulfide and oxygen apart ---------------------------------------------------

# what starts an element of its own, in the place of what joined it to the others
FIRST = {
    "Fe+2 = Fe+3": ["Ft+3 = Ft+3", " log_k 0 ; -gamma 9 0"],
    "SO4-2 + 9 H+": ["HSd- = HSd-", " log_k 0 ; -gamma 3.5 0", "Oxg = Oxg", " log_k 0"],
}
MASTER = {"Fe(+3": "Ft Ft+3 -2 Ft 55.845", "S(-2": "Sd HSd- 1 Sd 32.06\nOxg Oxg 0 Oxg 31.998"}
MASTER_DROP = ("Fe(+2", "S(6")


def sulfide(line):
    """HS-, H2S, S-2 and sulfides of a line by the name of the element of their own."""
    if not re.search(r"HS\b|H2S\b|\bS-2", line):
        return line
    line = re.sub(r"\b(Zn|Fe|Cd|Pb|Mn)S\b", r"\1Sd", line)
    return re.sub(r"\bS-2", "Sd-2", re.sub(r"(HS|H2S)\b(?!\(g)", r"\1d", line))


def is_joined(line):
    """An equation that holds two valences of one element, or sulfide with what is not here."""
    return "Fe+3" in line and "Fe+2" in line or bool(re.search(r"HS\b", line)) and bool(re.search(r"e-|Cu|As", line))


def apart(text):
    """Fe+3, HS- and what is made of them become Ft and Sd, oxygen that takes part Oxg; nothing joins them to the other valences."""
    out, drop, section = [], False, ""
    for line in text.splitlines():
        if re.match(r"[A-Z_]{6,}\s*$", line):
            section = line.strip()
        if line[:1] not in (" ", "#", ""):
            drop = False
        if section in ("SURFACE_SPECIES", "SURFACE_MASTER_SPECIES"):
            continue  # no sites here
        first = [k for k in FIRST if line.startswith(k)]
        master = [k for k in MASTER if line.startswith(k)]
        if section == "SOLUTION_SPECIES" and first:
            out += FIRST[first[0]]
            drop = True
        elif section == "SOLUTION_MASTER_SPECIES" and (master or line.startswith(MASTER_DROP)):
            out += [MASTER[k] for k in master]
            continue
        elif "=" in line and line[:1] != "#" and is_joined(line.split("#")[0]):
            if section == "PHASES":
                out.pop()  # its name
            drop = True
        elif section == "PHASES" and line.strip() == "O2 = O2":
            line = "    Oxg = Oxg"
        elif "Fe+3" in line:
            line = line.replace("Fe", "Ft")
        elif "=" in line:
            line = sulfide(line)
        if not drop:
            out.append(line)
    return "\n".join(out)


# ---- rate laws, written from the pages of docs/rates; sorted as in the list there -------------------------------

GAS = """
10 t = TK
20 h = 10^({henry})
30 SAVE PARM(1) / 3600 * 1.024^(TC - 20) * h * ({air} - SR("{gas}")) * TOT("water") * TIME
"""
# growth above saturation of n metal atoms, w the part of the law's own
GROWTH = """
10 v = LOG(SR("{phase}")) / {n}
20 s = 0
30 IF v > 0 THEN s = v / (v + 0.02) * (1 - EXP(-v))
40 f = EXP(-{ea} / 8.31446261815324e-3 * (1 / TK - 1 / 298.15))
50 w = {window}
60 SAVE -{k} / 3600 * f * TOT("{metal}") * w * s / {n} * TOT("water") * TIME
"""
# 2 CH2O = Acetate- + H+, PARM(1) organic matter in the bed, mol/kgw
HYDROLYSIS = ("Acetate 1 H 1", """
10 f = EXP(-50 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 w = ACT("H+") / (ACT("H+") + 1e-10) * 10^-2.5 / (10^-2.5 + ACT("H+"))
30 x = PARM(1) * 100 / (100 + PARM(1)) * 0.05 / (0.05 + TOT("Acetate"))
40 SAVE 0.5 * {k} / 86400 * f * x * w * TOT("water") * TIME
""")
# what sulfate reducers ask of the water beside their substrate
REDUCERS = """
10 f = EXP(-65 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 w = ACT("H+") / (ACT("H+") + 10^-9.5) * 10^-4.75 / (10^-4.75 + ACT("H+"))
30 q = TOT("S") / (0.593e-3 + TOT("S")) * 1e-6 / (1e-6 + MOL("Oxg")) * 4.37e-3 / (4.37e-3 + TOT("Sd"))
40 SAVE PARM(1) / 86400 / 1000 * f * q * w * TOT("{food}") / ({half} + TOT("{food}")) * TOT("water") * TIME
"""
# M+2 + HS- = MS + H+ far above saturation, nothing of it in the bed
SULFIDE = """
10 v = LOG(SR("{phase}"))
20 s = 0
30 IF v > 0 THEN s = v / (v + 0.02) * (1 - EXP(-v))
40 f = EXP(-20 / 8.31446261815324e-3 * (1 / TK - 1 / 298.15))
60 SAVE -{k} * f * TOT("{metal}") * TOT("Sd") * s * TOT("water") * TIME
"""
LAWS = {
    "co2-exchange": ("CO2 1", GAS.format(henry="108.3865 + 0.01985076 * t - 6919.53 / t - 40.45154 * LOG10(t) + 669365 / t^2",
                                         air=4.2e-4, gas="CO2(g)").replace("PARM(1)", "0.956 * PARM(1)")),
    "o2-exchange": ("Oxg 1", GAS.format(henry="-7.5001 + 0.0078981 * t + 200270 / t^2", air=0.2095, gas="O2(g)")),
    "mn2-oxidation": ("Mn -1 Oxg -0.5 O -1", """
10 water = 6.9e7 * ACT("OH-")^2 * MOL("Oxg")
20 bed = 4.39e-4 / 3600 * PARM(1) * MOL("Oxg") / (0.03e-3 + MOL("Oxg")) * 1e-6 / (1e-6 + ACT("H+"))
30 SAVE (water + bed) * TOT("Mn") * TOT("water") * TIME
"""),
    "calcite-pwp": ("CaCO3 1", """
10 t = TK
20 k1 = 10 * 10^(0.198 - 444 / t)
30 k2 = 10 * 10^(2.84 - 2177 / t)
40 k3 = 10 * 10^(-5.86 - 317 / t)
50 left = 1 - (10^PARM(2) * SR("Calcite"))^(2 / 3)
55 IF PARM(2) > 0 AND left < 0 THEN left = 0
60 SAVE PARM(1) * (k1 * ACT("H+") + k2 * ACT("CO2") + k3) * left * TOT("water") * TIME
"""),
    # Fe+2 + 0.25 O2 + H+ = Fe+3 + 0.5 H2O, the iron changing its name
    "fe2-abiotic": ("Fe -1 Ft 1 Oxg -0.25 O 0.5", """
10 p = SR("O2(g)")
20 f = EXP(15.6 / 8.31446261815324e-3 * (1 / TK - 1 / 298.15))
30 SAVE f * (2.91e-9 * p / (p + 1e-4) + 1.33e12 * ACT("OH-")^2 * p) * TOT("Fe") * TOT("water") * TIME
"""),
    "fe2-microbial": ("Fe -1 Ft 1 Oxg -0.25 O 0.5", """
10 f = EXP(-58.8 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 w = ACT("H+") / (ACT("H+") + 1e-5) * 10^-1.5 / (10^-1.5 + ACT("H+"))
30 q = TOT("Fe") / (0.555e-3 * (1 + TOT("Ft") / 2.49e-3) + TOT("Fe")) * MOL("Oxg") / (0.01e-3 + MOL("Oxg"))
40 SAVE PARM(1) / 86400 / 1000 * f * q * w * TOT("water") * TIME
"""),
    "ferrihydrite": ("Ft(OH)3 1", GROWTH.format(phase="Ferrihydrite", n=1, ea=50, k="PARM(1)", metal="Ft",
                                                window='1e-5 / (1e-5 + ACT("H+"))')),
    "schwertmannite": ("Ft8O8(OH)6SO4 1", GROWTH.format(phase="Schwertmannite", n=8, ea=50, k=10, metal="Ft",
                                                        window='ACT("H+") / (1e-5 + ACT("H+"))')),
    "smithsonite": ("ZnCO3 1", GROWTH.format(phase="Smithsonite", n=1, ea=50, k=0.1, metal="Zn", window="1")),
    # Acetate- + 2 O2 = 2 HCO3- + H+
    "aerobic-respiration": ("Acetate -1 Oxg -2 H 3 C 2 O 6", """
10 f = EXP(-47.8 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 w = ACT("H+") / (ACT("H+") + 1e-10) * 1e-3 / (1e-3 + ACT("H+"))
30 q = TOT("Acetate") / (0.0625e-3 + TOT("Acetate")) * MOL("Oxg") / (0.00625e-3 + MOL("Oxg"))
40 SAVE PARM(1) / 86400 / 1000 * f * q * w * TOT("water") * TIME
"""),
}
LAWS.update({
    "hydrolysis-bran": (HYDROLYSIS[0], HYDROLYSIS[1].format(k=1e-3)),
    "hydrolysis-husk": (HYDROLYSIS[0], HYDROLYSIS[1].format(k=3e-5)),
    "hydrolysis-compost": (HYDROLYSIS[0], HYDROLYSIS[1].format(k=1.2e-4)),
    # Acetate- + SO4-2 = 2 HCO3- + HS-
    "sulfate-reduction": ("Acetate -1 S -1 Sd 1 C 2 H 3 O 2", REDUCERS.format(food="Acetate", half=0.375e-3)),
    # 2 Ethanol + SO4-2 = 2 Acetate- + HS- + H+ + 2 H2O
    "ethanol-sulfate": ("Ethanol -2 S -1 Sd 1 Acetate 2 H 6 O -2", REDUCERS.format(food="Ethanol", half=0.1e-3)),
    # Ethanol + O2 = Acetate- + H+ + H2O
    "ethanol-oxidation": ("Ethanol -1 Oxg -1 Acetate 1 H 3 O 1", """
10 f = EXP(-47.8 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 w = ACT("H+") / (ACT("H+") + 1e-10) * 1e-3 / (1e-3 + ACT("H+"))
30 q = TOT("Ethanol") / (0.1e-3 + TOT("Ethanol")) * MOL("Oxg") / (0.00625e-3 + MOL("Oxg"))
40 SAVE PARM(1) / 86400 / 1000 * f * q * w * TOT("water") * TIME
"""),
    # Acetate- + 8 Fe+3 + 4 H2O = 2 HCO3- + 8 Fe+2 + 9 H+
    "fe3-reduction-dissolved": ("Acetate -1 Ft -8 Fe 8 C 2 O 2 H 3", """
10 f = EXP(-65 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 q = TOT("Ft") / (0.02e-3 + TOT("Ft")) * TOT("Acetate") / (0.375e-3 + TOT("Acetate")) * 1e-6 / (1e-6 + MOL("Oxg"))
30 SAVE PARM(1) / 86400 / 1000 * f * q * TOT("water") * TIME
"""),
    # HS- + 2 O2 = SO4-2 + H+
    "sulfide-oxidation": ("Sd -1 Oxg -2 S 1 O 4", """
10 f = EXP(-57 / 8.31446261815324e-3 * (1 / TK - 1 / 298.15))
20 SAVE 0.00507 * f * TOT("Sd") * MOL("Oxg") * TOT("water") * TIME
"""),
    "h2s-exchange": ("H 2 Sd 1", GAS.format(henry="-1.01 + 18.16 / (2.302585093 * 8.31446261815324e-3) * (1 / t - 1 / 298.15)",
                                            air=0, gas="H2S(g)").replace("PARM(1)", "0.876 * PARM(1)")),
    "sulfide-zn": ("Zn 1 Sd 1", SULFIDE.format(phase="ZnS(a)", k=100, metal="Zn")),
    "sulfide-cd": ("Cd 1 Sd 1", SULFIDE.format(phase="Greenockite", k=300, metal="Cd")),
    "sulfide-fe": ("Fe 1 Sd 1", SULFIDE.format(phase="Mackinawite", k=30, metal="Fe")),
    # 2 Fe+2 + Peroxide + 2 H+ = 2 Fe+3 + 2 H2O
    "peroxide-iron": ("Peroxide -1 Fe -2 Ft 2 O 2 H 2", """
10 f = EXP(-40 / 8.31446261815324e-3 * (1 / TK - 1 / 298.15))
20 SAVE 60 * f * TOT("Fe") * TOT("Peroxide") * TOT("water") * TIME
"""),
    # Peroxide = H2O + 0.5 O2
    "peroxide-decay": ("Peroxide -1 H 2 O 1 Oxg 0.5", """
10 f = EXP(-50 / 8.31446261815324e-3 * (1 / TK - 1 / 298.15))
20 SAVE 0.5 / 86400 * f * TOT("Peroxide") * TOT("water") * TIME
"""),
})
SOLIDS = {"ferrihydrite": "Ferrihydrite", "schwertmannite": "Schwertmannite", "smithsonite": "Smithsonite", "sulfide-zn": "ZnS(a)",
          "sulfide-cd": "Greenockite", "sulfide-fe": "Mackinawite"}


# ---- what a unit's own numbers make of its cells, from the pages of docs/units ----------------------------------

def stone_m2_m3(p):
    """Surface of the stones over the water between them."""
    return 6e3 / p["grain_mm"] * (1 - p["porosity"]) / p["porosity"]


def tanks(p, volume, catch, gas, laws, **more):
    """Equal stirred volumes in series: water in m3, capture and gas in 1/h, laws with their own number or two."""
    n = int(p["cells"])
    gases = {"co2-exchange": gas, "o2-exchange": gas, "h2s-exchange": gas}
    return [dict(volume=volume / n, catch=catch, laws={**laws, **gases}, **more)] * n


def stone(p, purity, active=1.0):
    laws = {"mn2-oxidation": p.get("mn_coated", 0) * stone_m2_m3(p), "smithsonite": 0}
    if purity > 0:
        laws["calcite-pwp"] = (active * stone_m2_m3(p) / 1000, 0)
    return laws


IRON = {"fe2-abiotic": 0, "ferrihydrite": 10, "schwertmannite": 0}
SULFIDES = dict.fromkeys(["sulfide-zn", "sulfide-cd", "sulfide-fe", "sulfide-oxidation", "smithsonite"], 0)
PEROXIDE = {"peroxide-iron": 0, "peroxide-decay": 0}
FLOATS = dict(suspended=1.0)


def contact_tank(p, flow):
    return tanks(p, p["volume_m3"], p["capture_1_h"], p["kla_o2_1_h"], {"mn2-oxidation": p["media_ratio"]})


def stone_bed(p, flow):
    return tanks(p, p["volume_m3"] * p["porosity"], p["capture_1_h"], p["kla_o2_1_h"], stone(p, p["purity"]))


def subsurface(p, flow):
    return tanks(p, p["area_m2"] * p["depth_m"] * p["porosity"], p["capture_1_h"],
                 p["oxygen_transfer_m_d"] / (24 * p["depth_m"] * p["porosity"]), stone(p, p["limestone_share"] * p["purity"]))


def surface_flow(p, flow):
    d = p["depth_m"]
    laws = {**IRON, "fe2-microbial": p["fe_capacity_g_m2_d"] / 55.845 / d, "mn2-oxidation": p["mn_area_ratio"] / d}
    return tanks(p, p["area_m2"] * d, p["settling_velocity_m_h"] / d, p["oxygen_transfer_m_d"] / (24 * d), laws, **FLOATS)


def polishing(p, flow):
    laws = {"aerobic-respiration": p["respiration_capacity_mol_m3_d"] / p["porosity"]}
    if p["limestone_purity"] > 0:
        laws["calcite-pwp"] = (stone_m2_m3(p) / 1000, 0)
    return tanks(p, p["volume_m3"] * p["porosity"], p["capture_1_h"], p["kla_o2_1_h"], laws)


def cascade(p, flow):
    """A fall divides the deficit at 20 degC by r; a pool of a minute that does so has kLa t = r - 1."""
    pool = 60 * flow * 1e-3
    ratio = 1 + 0.361 * p["weir_factor"] * (1 + 0.046 * 20) * p["drop_m"]
    return tanks({"cells": p["steps"]}, pool * p["steps"], 0, (ratio - 1) * 60, IRON)


def channel(p, flow):
    water = p["length_m"] * p["width_m"] * p["water_depth_m"] * p["porosity"]
    fall = p["length_m"] * p["slope_pct"] / 100
    kla = 0.361 * p["weir_factor"] * (1 + 0.046 * 20) * fall * flow * 3.6 / water
    return tanks(p, water, p["capture_1_h"], kla, stone(p, p["purity"], p["active_fraction"]))


def oxidation_pond(p, flow):
    return tanks(p, p["area_m2"] * p["depth_m"], p["settling_1_h"], p["oxygen_transfer_m_d"] / (24 * p["depth_m"]), IRON, **FLOATS)


def bacteria_tank(p, flow):
    laws = {**IRON, "fe2-microbial": p["bacteria_capacity_mol_m3_d"]}
    return tanks(p, p["volume_m3"], 0, p["kla_o2_1_h"], laws, **FLOATS)


def iron_bed(p, flow):
    """A stirred inlet that makes up a share of the oxygen deficit, then the bed, closed to the air."""
    share, hours = p["inlet_aeration"], p["inlet_hrt_min"] / 60
    inlet = tanks({"cells": 1}, hours * flow * 3.6, 0, share / (1 - share) / hours, IRON)
    laws = {**IRON, "fe2-microbial": p["biofilm_capacity_mol_m3_d"] / p["porosity"]}
    return inlet + tanks(p, p["volume_m3"] * p["porosity"], p["capture_1_h"], p["kla_o2_1_h"], laws)


def stirred(p, flow):
    return tanks(p, p["volume_m3"], p["settling_1_h"], p["kla_o2_1_h"], {**IRON, "smithsonite": 0})


def mixed(p, flow):
    """As stirred, but all that precipitates floats."""
    return [{**cell, **FLOATS} for cell in stirred(p, flow)]


def aerated(p, flow):
    return tanks(p, p["volume_m3"], 0, p["kla_o2_1_h"], {**IRON, "ferrihydrite": p["precipitation_1_h"]}, **FLOATS)


def oxidant_tank(p, flow):
    cells = tanks(p, p["volume_m3"], 0, p["kla_o2_1_h"], {**IRON, **PEROXIDE}, **FLOATS)
    return [{**cells[0], "dose": ("Peroxide", p["peroxide_mg_l"] / 34.015)}] + cells[1:]


def reducing(p, stall, stone_m2_kgw, pools):
    """Laws of a layer whose bacteria reduce sulfate; pools: g of carbon over kg of pore water."""
    most = p["sulfate_capacity_mol_m3_d"] / p["porosity"]
    laws = {**IRON, **SULFIDES, "aerobic-respiration": 5, "fe3-reduction-dissolved": 0.1, "sulfate-reduction": most,
            "ethanol-sulfate": most, "ethanol-oxidation": 10}
    laws.update((f"hydrolysis-{pool}", g_kgw / 12.011) for pool, g_kgw in pools.items())
    if stone_m2_kgw > 0:
        laws["calcite-pwp"] = (stone_m2_kgw, stall)
    return laws


def stone_m2_kg(grain_mm):
    return 6e3 / (2650 * grain_mm)


def reducing_bed(p, flow):
    """Layers, each with its cells; the first one may be open to the air and gets the ethanol."""
    cells = []
    for k in range(1, 1 + int(p["layers"])):
        q = {"cells": 4, "porosity": 0.5, "sulfate_capacity_mol_m3_d": 2, "capture_1_h": 0.2}
        q.update((key[2:], v) for key, v in p.items() if key.startswith(f"{k}."))
        pore_kg_m3 = 1000 * q["porosity"]
        pools = {"bran": q.get("bran_fraction", 0) * 350 * 440 / pore_kg_m3, "husk": q.get("husk_fraction", 0) * 120 * 370 / pore_kg_m3}
        stones = q.get("limestone_fraction", 0) * 1510 * stone_m2_kg(p["grain_mm"]) / pore_kg_m3
        laws = reducing(q, p["stall_log"], stones, pools)
        cells += tanks(q, p["area_m2"] * q["depth_m"] * q["porosity"], q["capture_1_h"], p["kla_o2_1_h"] if k == 1 else 0, laws)
    return [{**cells[0], "dose": ("Ethanol", p["ethanol_mg_l"] / 46.069)}] + cells[1:]


def vertical_flow(p, flow):
    """Free water, compost with fines of limestone, stone."""
    n, x, above = p["porosity"], p["fines_fraction"], {**IRON, **SULFIDES}
    pond = tanks({"cells": 1}, p["area_m2"] * p["pond_m"], p["settling_1_h"], p["kla_o2_1_h"], above)
    pore_kg_m3 = 1000 * p["compost_porosity"]
    layer = dict(cells=p["compost_cells"], porosity=p["compost_porosity"], sulfate_capacity_mol_m3_d=p["sulfate_capacity_mol_m3_d"])
    compost = {"compost": (1 - x) * p["compost_bulk_kg_m3"] * p["compost_carbon_g_kg"] / pore_kg_m3}
    fines = x * (1 - n) * 2650 * stone_m2_kg(p["fines_grain_mm"]) / pore_kg_m3
    upper = tanks(layer, p["area_m2"] * p["compost_m"] * p["compost_porosity"], p["capture_1_h"], 0,
                  reducing(layer, p["stall_log"], fines, compost))
    stones = (stone_m2_m3(p) / 1000, p["stall_log"])
    return pond + upper + tanks({"cells": p["limestone_cells"]}, p["area_m2"] * p["limestone_m"] * n, p["capture_1_h"], 0,
                                {**above, "calcite-pwp": stones})


UNITS = {
    "aeration_tank": (aerated, dict(cells=1, kla_o2_1_h=10, precipitation_1_h=100)),
    "equalisation_tank": (mixed, dict(cells=1, kla_o2_1_h=0.1, settling_1_h=0)),
    "oxidant_tank": (oxidant_tank, dict(cells=1, kla_o2_1_h=0.5)),
    "settling_pond": (stirred, dict(cells=4, settling_1_h=0.021, kla_o2_1_h=0.036)),
    "sulfate_reducing_bed": (reducing_bed, dict(grain_mm=10, stall_log=1, kla_o2_1_h=0, ethanol_mg_l=0)),
    "tank": (stirred, dict(cells=1, kla_o2_1_h=0, settling_1_h=0)),
    "vertical_flow_pond": (vertical_flow, dict(pond_m=0.3, compost_m=0.3, limestone_m=0.9, compost_cells=2, limestone_cells=4,
                                               kla_o2_1_h=0.036, settling_1_h=0.021, compost_porosity=0.6, compost_bulk_kg_m3=300,
                                               compost_carbon_g_kg=250, fines_fraction=0.2, fines_grain_mm=3,
                                               sulfate_capacity_mol_m3_d=2, porosity=0.43, grain_mm=60, stall_log=1, capture_1_h=1)),
    "aerobic_wetland": (surface_flow, dict(cells=5, oxygen_transfer_m_d=0.5, settling_velocity_m_h=0.054, fe_capacity_g_m2_d=11,
                                           mn_area_ratio=10)),
    "cascade": (cascade, dict(steps=5, drop_m=0.3, weir_factor=0.88)),
    "iron_bacteria_tank": (bacteria_tank, dict(cells=2, kla_o2_1_h=10, bacteria_capacity_mol_m3_d=74)),
    "iron_oxidation_bed": (iron_bed, dict(cells=8, porosity=0.66, biofilm_capacity_mol_m3_d=26, inlet_aeration=0.6,
                                          inlet_hrt_min=2, kla_o2_1_h=0, capture_1_h=2)),
    "limestone_bed": (stone_bed, dict(cells=8, porosity=0.43, purity=0.9, grain_mm=30, kla_o2_1_h=0, capture_1_h=0.1)),
    "mn_contact_tank": (contact_tank, dict(cells=3, media_ratio=100, kla_o2_1_h=1, capture_1_h=0.5)),
    "mn_limestone_bed": (stone_bed, dict(cells=8, porosity=0.43, purity=0.9, grain_mm=30, mn_coated=1, kla_o2_1_h=0.5, capture_1_h=0.5)),
    "open_limestone_channel": (channel, dict(length_m=100, width_m=1, water_depth_m=0.2, slope_pct=10, cells=10, porosity=0.43,
                                             purity=0.9, grain_mm=150, active_fraction=0.3, weir_factor=0.88, capture_1_h=0.1)),
    "oxidation_pond": (oxidation_pond, dict(cells=4, oxygen_transfer_m_d=0.9, settling_1_h=0.021)),
    "polishing_bed": (polishing, dict(cells=6, porosity=0.43, limestone_purity=0, grain_mm=10, kla_o2_1_h=0.5,
                                      respiration_capacity_mol_m3_d=5, capture_1_h=0.2)),
    "subsurface_wetland": (subsurface, dict(cells=10, porosity=0.4, limestone_share=1, purity=0.9, grain_mm=30, mn_coated=1,
                                            oxygen_transfer_m_d=0.1, capture_1_h=0.5)),
}
# what the water must have for a law to be in the model
NEEDS = {"mn2-oxidation": ["Mn"], "smithsonite": ["Zn"], "fe2-abiotic": ["Fe(2)"], "fe2-microbial": ["Fe(2)"],
         "ferrihydrite": ["Fe(2)"], "schwertmannite": ["Fe(2)"], "aerobic-respiration": ["Acetate"], "hydrolysis-bran": ["S(-2)"],
         "hydrolysis-husk": ["S(-2)"], "hydrolysis-compost": ["S(-2)"], "sulfate-reduction": ["S(-2)"],
         "fe3-reduction-dissolved": ["S(-2)"], "sulfide-oxidation": ["S(-2)"], "h2s-exchange": ["S(-2)"],
         "sulfide-zn": ["S(-2)", "Zn"], "sulfide-cd": ["S(-2)", "Cd"], "sulfide-fe": ["S(-2)", "Fe(2)"],
         "ethanol-sulfate": ["Ethanol"], "ethanol-oxidation": ["Ethanol"], "peroxide-iron": ["Peroxide"], "peroxide-decay": ["Peroxide"]}
SUSPENDED = {"ferrihydrite": 0.2, "schwertmannite": 0.1, "smithsonite": 0.1, "sulfide-zn": 0.1, "sulfide-cd": 0.1,
             "sulfide-fe": 0.1}  # where a unit does not keep all of it


# ---- PHREEQC -------------------------------------------------------------------------------------------------------

class Water:
    """One solution that goes from tank to tank."""

    def __init__(self, database, row):
        self.p = phreeqc.Phreeqc()
        self.here = [c for c in COMPONENTS if row[c] or (c == "Fe(3)" and row["Fe(2)"])]
        self.elements = ["H", "O"] + [ELEMENTS.get(c, c) for c in self.here]
        self.name = row["name"]
        if self.p.LoadDatabaseString(apart(open(database, encoding="utf-8").read())):
            sys.exit(self.p.GetErrorString())
        totals = "\n".join(f" {ELEMENTS.get(c, c)} {1e3 * float(row[c])}" for c in self.here if row[c])
        self.run(f"SOLUTION 1\n units mmol/kgw\n temp {row['temp_c']}\n pH {row['ph']}\n pe 16\n{totals}\n O(0) 0.5\n -water 1\nEND\n")

    def run(self, text):
        if self.p.RunString(text):
            sys.exit(self.name + ": " + self.p.GetErrorString() + text)

    def look(self, before, more=()):
        """Runs `before` and returns pH, alkalinity, totals, moles of the elements, and `more`, after its last step."""
        punch = ['-LA("H+")', "ALK"] + [f'TOT("{ELEMENTS.get(c, c)}")' for c in self.here] \
            + [f'TOTMOLE("{e}")' for e in self.elements] + list(more)
        lines = "\n".join(f" {10 + i} PUNCH {w}" for i, w in enumerate(punch))
        self.run("KNOBS\n -convergence_tolerance 1e-13\n -iterations 600\nSELECTED_OUTPUT\n -reset false\n -high_precision true\n"
                 f"USER_PUNCH\n -headings {' '.join(f'c{i}' for i in range(len(punch)))}\n{lines}\n{before}\nEND\n")
        table = self.p.GetSelectedOutput()
        rows = list(zip(*(table[f"c{i}"] for i in range(len(punch)))))
        n, e = 2 + len(self.here), len(self.elements)
        return [(list(r[:n]), dict(zip(self.elements, r[n:n + e])), list(r[n + e:])) for r in rows]


def rates(flow_1_s, inflow, cell, floats, brought):
    """RATES and KINETICS of one tank: its water changed, its laws, and what it carries of the solids."""
    text, block = "RATES\n", "KINETICS 1\n"
    for e, moles in inflow.items():
        text += f'Flow_{e}\n-start\n10 SAVE PARM(1) * (PARM(2) - TOTMOLE("{e}")) * TIME\n-end\n'
        block += f"Flow_{e}\n -formula {e} 1\n -m0 1e4\n -parms {flow_1_s!r} {moles!r}\n -tol {cell['tol']}\n"
    for law, parameter in cell["laws"].items():
        formula, basic = LAWS[law]
        numbers = " ".join(map(repr, parameter)) if isinstance(parameter, tuple) else repr(parameter)
        text += f"{law}\n-start\n{basic.strip()}\n-end\n"
        block += f"{law}\n -formula {formula}\n -m0 1e4\n -parms {numbers}\n -tol {cell['tol']}\n"
    for law in floats:  # its amount is M; formula of nothing
        share = cell.get("suspended", SUSPENDED[law])
        basic = LAWS[law][1].strip().replace("PARM(1)", repr(cell["laws"].get(law, 0)))
        made = re.sub(r"(\d+) SAVE (.*) \* TIME", r"\1 r = -(\2)", basic)
        text += f"Carried_{law}\n-start\n{made}\n70 SAVE -({share} * r + PARM(1) * PARM(2) - (PARM(1) + PARM(3)) * M) * TIME\n-end\n"
        block += f"Carried_{law}\n -formula H 0\n -m0 1e-12\n -parms {flow_1_s!r} {brought[law]!r} {cell['catch'] / 3600!r}\n -tol 1e-12\n"
    return text, block


def cells_of(row):
    derive, p = UNITS[row["unit"]]
    p = dict(p)
    p.update((k, float(v)) for k, v in (w.split("=") for w in row["set"].split()))
    if "volume_m3" in p:
        p.setdefault("depth_m", 1.0)
        p.setdefault("area_m2", p["volume_m3"] / p["depth_m"])
    cells = derive(p, float(row["flow_l_s"]))
    for cell in cells:
        cell["tol"] = "1e-12" if row["S(-2)"] else "1e-10"  # sulfides leave little of their metals
        cell["laws"] = {k: v for k, v in cell["laws"].items() if all(row[c] for c in NEEDS.get(k, []))}
    return cells


def outflow(database, row):
    cells = cells_of(row)
    water = Water(database, row)
    floats = [law for law in SOLIDS if any(law in cell["laws"] for cell in cells)]
    inflow = water.look("USE solution 1\nREACTION 1\n H2O 1\n 0 moles")[-1][1]
    brought = dict.fromkeys(floats, 0.0)
    more = [f'KIN("Carried_{law}")' for law in floats]
    for cell in cells:
        fed, mmol = cell.get("dose", ("", 0.0))
        if mmol:
            inflow[fed] += 1e-3 * mmol
        flow_1_s = float(row["flow_l_s"]) * 1e-3 / cell["volume"]
        text, block = rates(flow_1_s, inflow, cell, floats, brought)
        steps = " ".join(f"{t / flow_1_s!r}" for t in TURNOVERS)
        rows = water.look(f"{text}USE solution 1\n{block} -steps {steps}\n -cvode true\n -cvode_steps 2000\n -bad_step_max 2000\n"
                          "INCREMENTAL_REACTIONS true\nSAVE solution 1", more)
        values, inflow, carried = rows[-1]
        names = ["ph", "alkalinity"] + water.here + floats
        for name, now, before in zip(names, values + carried, rows[-2][0] + rows[-2][2]):
            if not math.isclose(now, before, rel_tol=2e-6, abs_tol=2e-11):
                sys.exit(f"{row['name']}: {name} not at rest: {before} {now}")
        brought = dict(zip(floats, carried))
    return ["ph", "alkalinity"] + water.here + [SOLIDS[law] for law in floats], values + carried


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "quantity", "value"])
    for row in csv.DictReader(open(HERE / "cases.csv", encoding="utf-8")):
        for name, value in zip(*outflow(sys.argv[1], row)):
            out.writerow([row["name"], name, f"{value:.10g}"])
        sys.stdout.flush()


main()
