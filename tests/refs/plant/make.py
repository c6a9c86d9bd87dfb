#!/usr/bin/env python3
"""Makes phreeqc.csv of this folder with PHREEQC itself (Python package phreeqc), see README.md.

usage: make.py DATABASE >phreeqc.csv
"""
import csv
import pathlib
import sys

import phreeqc

HERE = pathlib.Path(__file__).resolve().parent
COMPONENTS = ["Al", "C(4)", "Ca", "Cl", "Fe(3)", "Mg", "Mn", "Na", "O(0)", "S(6)", "Zn"]
# what this program calls a valence and PHREEQC a total that its redox state makes that valence
NAMES = {"Fe(3)": "Fe"}
# PHREEQC counts atoms of O in O2, this program molecules
ATOMS = {"O(0)": 2}
LAWS = """
RATES
Strip_CO2
-start
10 t = TK
20 h = 10^(108.3865 + 0.01985076 * t - 6919.53 / t - 40.45154 * LOG10(t) + 669365 / t^2)
30 SAVE 0.956 * PARM(1) / 3600 * 1.024^(TC - 20) * h * (4.2e-4 - SR("CO2(g)")) * TOT("water") * TIME
-end
Strip_O2
-start
10 t = TK
20 h = 10^(-7.5001 + 0.0078981 * t + 200270 / t^2)
30 SAVE PARM(1) / 3600 * 1.024^(TC - 20) * h * (0.2095 - SR("O2(g)")) * TOT("water") * TIME
-end
Oxidise_Mn
-start
10 SAVE 6.9e7 * ACT("OH-")^2 * MOL("O2") * TOT("Mn") * TOT("water") * TIME
-end
Dissolve
-start
10 t = TK
20 k1 = 10 * 10^(0.198 - 444 / t)
30 k2 = 10 * 10^(2.84 - 2177 / t)
40 k3 = 10 * 10^(-5.86 - 317 / t)
50 IF TC > 25 THEN k3 = 10 * 10^(-1.1 - 1737 / t)
60 SAVE PARM(1) * (k1 * ACT("H+") + k2 * ACT("CO2") + k3) * (1 - SR("Calcite")^(2 / 3)) * TOT("water") * TIME
-end
"""


def kinetics(name, formula, moles, parameter):
    return f"{name}\n -formula {formula}\n -m0 {moles}\n -parms {parameter}\n -tol 1e-12\n"


def block(row):
    """What happens to the water, and what is punched besides."""
    kind, *words = row["how"].split()
    if kind == "dose":  # reagent, pH, solids ...
        phases = "".join(f" {m} 0 0\n" for m in words[2:])
        return (f"EQUILIBRIUM_PHASES 1\n Fix_H+ -{words[1]} {words[0]} 10\n{phases}",
                ['10 - EQUI("Fix_H+")'] + [f'EQUI("{m}")' for m in words[2:]], ["dose"] + words[2:])
    if kind == "calcite":
        return f"EQUILIBRIUM_PHASES 1\n Calcite {words[0] if words else 0} 10\n", [], []
    steps = " -steps " + " ".join(row["times_s"].split()) + "\n -cvode true\n"
    if kind == "strip":
        return ("KINETICS 1\n" + kinetics("Strip_CO2", "CO2 1", 1, words[0]) + kinetics("Strip_O2", "O2 1", 1, words[0])
                + steps, [], [])
    if kind == "manganese":
        return "KINETICS 1\n" + kinetics("Oxidise_Mn", "MnO2 -1", 1, 0) + steps, [], []
    if kind == "dissolve":
        return "KINETICS 1\n" + kinetics("Dissolve", "CaCO3 1", 10, words[0]) + steps, [], []
    sys.exit(f"{row['name']}: {kind}?")


def run(database, row):
    p = phreeqc.Phreeqc()  # a fresh one: what ran before moves the last digits
    if p.LoadDatabase(database):
        sys.exit(p.GetErrorString())
    totals = "\n".join(f" {NAMES.get(c, c)} {1e3 * ATOMS.get(c, 1) * float(row[c])}" for c in COMPONENTS if row[c])
    what, more, names = block(row)
    here = [c for c in COMPONENTS if row[c]]
    punch = ['-LA("H+")', "ALK"] + [f'TOT("{NAMES.get(c, c)}") / {ATOMS.get(c, 1)}' for c in here] + more
    lines = "\n".join(f" {10 + i} PUNCH {w}" for i, w in enumerate(punch))
    text = f"""
PHASES
Fix_H+
 H+ = H+
 log_k 0
{LAWS}
SOLUTION 1
 units mmol/kgw
 temp {row['temp_c']}
 pH {row['ph']}
 pe 16
{totals}
{what}
INCREMENTAL_REACTIONS true
KNOBS
 -convergence_tolerance 1e-12
 -iterations 400
SELECTED_OUTPUT
 -reset false
 -high_precision true
USER_PUNCH
 -headings {' '.join(f'c{i}' for i in range(len(punch)))}
{lines}
END
"""
    if p.RunString(text):
        sys.exit(row["name"] + ": " + p.GetErrorString())
    table = p.GetSelectedOutput()
    return ["ph", "alkalinity"] + here + names, list(zip(*(table[f"c{i}"] for i in range(len(punch)))))


def seconds(row):
    t, out = 0.0, [0.0]
    for step in row["times_s"].split():
        t += float(step)
        out.append(t)
    return out


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "time_s", "quantity", "value"])
    for row in csv.DictReader(open(HERE / "cases.csv", encoding="utf-8")):
        names, rows = run(sys.argv[1], row)
        for t, values in zip(seconds(row), rows if row["times_s"] else [rows[-1]]):
            for name, value in zip(names, values):
                out.writerow([row["name"], f"{t:g}", name, f"{value:.12g}"])


main()
