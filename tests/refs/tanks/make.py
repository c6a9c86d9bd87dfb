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
COMPONENTS = ["Acetate", "Al", "C(4)", "Ca", "Cl", "Fe(2)", "Fe(3)", "Mg", "Mn", "Na", "O(0)", "S(6)", "Zn"]
# ferric iron is an element of its own, so that PHREEQC leaves it and ferrous iron alone as this program does
ELEMENTS = {"C(4)": "C", "Fe(2)": "Fe", "Fe(3)": "Ft", "S(6)": "S"}
TURNOVERS = (5, 10, 20, 40)  # times of the water in a tank; the last two are compared


# ---- the database with ferric iron apart -----------------------------------------------------------------------

def apart(text):
    """Fe+3 and all that is made of it become Ft, and nothing joins it to Fe+2."""
    out, drop, section = [], False, ""
    for line in text.splitlines():
        if re.match(r"[A-Z_]{6,}\s*$", line):
            section = line.strip()
        if line[:1] not in (" ", "#", ""):
            drop = False
        if section == "SOLUTION_SPECIES" and re.match(r"Fe\+2 = Fe\+3", line):
            out += ["Ft+3 = Ft+3", " log_k 0 ; -gamma 9 0"]
            drop = True
        elif section == "SOLUTION_MASTER_SPECIES" and re.match(r"Fe\(\+2", line):
            continue
        elif section == "SOLUTION_MASTER_SPECIES" and re.match(r"Fe\(\+3", line):
            out.append("Ft Ft+3 -2 Ft 55.845")
            continue
        elif "Fe+3" in line and "Fe+2" in line:  # greigite
            out.pop()
            drop = True
        elif "Fe+3" in line:
            line = line.replace("Fe", "Ft")
        if section in ("SURFACE_SPECIES", "SURFACE_MASTER_SPECIES"):
            continue  # no sites here
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
LAWS = {
    "co2-exchange": ("CO2 1", GAS.format(henry="108.3865 + 0.01985076 * t - 6919.53 / t - 40.45154 * LOG10(t) + 669365 / t^2",
                                         air=4.2e-4, gas="CO2(g)").replace("PARM(1)", "0.956 * PARM(1)")),
    "o2-exchange": ("O2 1", GAS.format(henry="-7.5001 + 0.0078981 * t + 200270 / t^2", air=0.2095, gas="O2(g)")),
    "mn2-oxidation": ("MnO2 -1", """
10 water = 6.9e7 * ACT("OH-")^2 * MOL("O2")
20 bed = 4.39e-4 / 3600 * PARM(1) * MOL("O2") / (0.03e-3 + MOL("O2")) * 1e-6 / (1e-6 + ACT("H+"))
30 SAVE (water + bed) * TOT("Mn") * TOT("water") * TIME
"""),
    "calcite-pwp": ("CaCO3 1", """
10 t = TK
20 k1 = 10 * 10^(0.198 - 444 / t)
30 k2 = 10 * 10^(2.84 - 2177 / t)
40 k3 = 10 * 10^(-5.86 - 317 / t)
60 SAVE PARM(1) * (k1 * ACT("H+") + k2 * ACT("CO2") + k3) * (1 - SR("Calcite")^(2 / 3)) * TOT("water") * TIME
"""),
    # Fe+2 + 0.25 O2 + H+ = Fe+3 + 0.5 H2O, the iron changing its name
    "fe2-abiotic": ("Fe -1 Ft 1", """
10 p = SR("O2(g)")
20 f = EXP(15.6 / 8.31446261815324e-3 * (1 / TK - 1 / 298.15))
30 SAVE f * (2.91e-9 * p / (p + 1e-4) + 1.33e12 * ACT("OH-")^2 * p) * TOT("Fe") * TOT("water") * TIME
"""),
    "fe2-microbial": ("Fe -1 Ft 1", """
10 f = EXP(-58.8 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 w = ACT("H+") / (ACT("H+") + 1e-5) * 10^-1.5 / (10^-1.5 + ACT("H+"))
30 q = TOT("Fe") / (0.555e-3 * (1 + TOT("Ft") / 2.49e-3) + TOT("Fe")) * MOL("O2") / (0.01e-3 + MOL("O2"))
40 SAVE PARM(1) / 86400 / 1000 * f * q * w * TOT("water") * TIME
"""),
    "ferrihydrite": ("Ft(OH)3 1", GROWTH.format(phase="Ferrihydrite", n=1, ea=50, k=10, metal="Ft",
                                                window='1e-5 / (1e-5 + ACT("H+"))')),
    "schwertmannite": ("Ft8O8(OH)6SO4 1", GROWTH.format(phase="Schwertmannite", n=8, ea=50, k=10, metal="Ft",
                                                        window='ACT("H+") / (1e-5 + ACT("H+"))')),
    "smithsonite": ("ZnCO3 1", GROWTH.format(phase="Smithsonite", n=1, ea=50, k=0.1, metal="Zn", window="1")),
    # Acetate- + 2 O2 = 2 HCO3- + H+
    "aerobic-respiration": ("Acetate -1 H 3 C 2 O 2", """
10 f = EXP(-47.8 / 8.31446261815324e-3 * (1 / TK - 1 / 288.15))
20 w = ACT("H+") / (ACT("H+") + 1e-10) * 1e-3 / (1e-3 + ACT("H+"))
30 q = TOT("Acetate") / (0.0625e-3 + TOT("Acetate")) * MOL("O2") / (0.00625e-3 + MOL("O2"))
40 SAVE PARM(1) / 86400 / 1000 * f * q * w * TOT("water") * TIME
"""),
}
SOLIDS = {"ferrihydrite": "Ferrihydrite", "schwertmannite": "Schwertmannite", "smithsonite": "Smithsonite"}


# ---- what a unit's own numbers make of its cells, from the pages of docs/units ----------------------------------

def stone_m2_m3(p):
    """Surface of the stones over the water between them."""
    return 6e3 / p["grain_mm"] * (1 - p["porosity"]) / p["porosity"]


def tanks(p, volume, catch, gas, laws, **more):
    """Equal stirred volumes in series: water in m3, capture and gas in 1/h, laws with their own number."""
    n = int(p["cells"])
    return [dict(volume=volume / n, catch=catch, laws={**laws, "co2-exchange": gas, "o2-exchange": gas}, **more)] * n


def stone(p, purity, active=1.0):
    laws = {"mn2-oxidation": p.get("mn_coated", 0) * stone_m2_m3(p), "smithsonite": 0}
    if purity > 0:
        laws["calcite-pwp"] = active * stone_m2_m3(p) / 1000
    return laws


IRON = {"fe2-abiotic": 0, "ferrihydrite": 0, "schwertmannite": 0}
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
        laws["calcite-pwp"] = stone_m2_m3(p) / 1000
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


UNITS = {
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
NEEDS = {"mn2-oxidation": ["Mn"], "smithsonite": ["Zn"], "fe2-abiotic": ["Fe(2)"], "fe2-microbial": ["Fe(2)"],
         "ferrihydrite": ["Fe(2)"], "schwertmannite": ["Fe(2)"], "aerobic-respiration": ["Acetate"]}
SUSPENDED = {"ferrihydrite": 0.2, "schwertmannite": 0.1, "smithsonite": 0.1}  # where a unit does not keep all of it


# ---- PHREEQC -------------------------------------------------------------------------------------------------------

class Water:
    """One solution that goes from tank to tank."""

    def __init__(self, database, row):
        self.p = phreeqc.Phreeqc()
        self.here = [c for c in COMPONENTS if row[c] or (c == "Fe(3)" and row["Fe(2)"])]
        self.elements = ["H", "O"] + [ELEMENTS.get(c, c) for c in self.here if c != "O(0)"]
        self.name = row["name"]
        if self.p.LoadDatabaseString(apart(open(database, encoding="utf-8").read())):
            sys.exit(self.p.GetErrorString())
        totals = "\n".join(f" {ELEMENTS.get(c, c)} {1e3 * float(row[c]) * (2 if c == 'O(0)' else 1)}"
                           for c in self.here if row[c])
        self.run(f"SOLUTION 1\n units mmol/kgw\n temp {row['temp_c']}\n pH {row['ph']}\n pe 16\n{totals}\n -water 1\nEND\n")

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
        block += f"Flow_{e}\n -formula {e} 1\n -m0 1e4\n -parms {flow_1_s!r} {moles!r}\n -tol 1e-10\n"
    for law, parameter in cell["laws"].items():
        formula, basic = LAWS[law]
        text += f"{law}\n-start\n{basic.strip()}\n-end\n"
        block += f"{law}\n -formula {formula}\n -m0 1e4\n -parms {parameter!r}\n -tol 1e-10\n"
    for law in floats:  # its amount is M; formula of nothing
        share = cell.get("suspended", SUSPENDED[law])
        made = re.sub(r"(\d+) SAVE (.*) \* TIME", r"\1 r = -(\2)", LAWS[law][1].strip())
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
        flow_1_s = float(row["flow_l_s"]) * 1e-3 / cell["volume"]
        text, block = rates(flow_1_s, inflow, cell, floats, brought)
        steps = " ".join(f"{t / flow_1_s!r}" for t in TURNOVERS)
        rows = water.look(f"{text}USE solution 1\n{block} -steps {steps}\n -cvode true\n -cvode_steps 2000\n -bad_step_max 2000\n"
                          "INCREMENTAL_REACTIONS true\nSAVE solution 1", more)
        values, inflow, carried = rows[-1]
        for now, before in zip(values + carried, rows[-2][0] + rows[-2][2]):
            if not math.isclose(now, before, rel_tol=2e-6, abs_tol=2e-11):
                sys.exit(f"{row['name']}: not at rest: {before} {now}")
        brought = dict(zip(floats, carried))
    values[2 + water.here.index("O(0)")] = inflow_o2(water)
    return ["ph", "alkalinity"] + water.here + [SOLIDS[law] for law in floats], values + carried


def inflow_o2(water):
    return water.look("USE solution 1\nREACTION 1\n H2O 1\n 0 moles", ['MOL("O2")'])[-1][2][0]


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "quantity", "value"])
    for row in csv.DictReader(open(HERE / "cases.csv", encoding="utf-8")):
        for name, value in zip(*outflow(sys.argv[1], row)):
            out.writerow([row["name"], name, f"{value:.10g}"])
        sys.stdout.flush()


main()
