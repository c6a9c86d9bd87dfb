#!/usr/bin/env python3
"""Makes phreeqc.csv of this folder with PHREEQC itself (Python package phreeqc), see README.md.

usage: make.py DATABASE >phreeqc.csv
"""
import csv
import pathlib
import sys

import phreeqc

HERE = pathlib.Path(__file__).resolve().parent
ELEMENTS = ["Fe", "Al", "Mn", "Zn", "Cu", "Cd", "Pb", "As", "Ca", "Mg", "S", "C"]
MINERALS = ("Ferrihydrite Fe(OH)2 Siderite(d) Al(OH)3(a) Gypsum Calcite Brucite Portlandite Pyrochroite Rhodochrosite(d) "
            "Zn(OH)2(a) ZnCO3:H2O Cu(OH)2 Cd(OH)2 Otavite Pb(OH)2 Cerussite Anglesite").split()
HFO = """SURFACE 1
 Hfo_sOH Ferrihydrite equilibrium_phase 0.005 5.33e4
 Hfo_wOH Ferrihydrite equilibrium_phase 0.2
"""
GASES = {"co2": "CO2(g) -3.38 1000", "o2": "O2(g) -0.68 1000"}
CONDITIONS = ("name", "temp", "pH", "pe", "mmol", "steps", "how")


def can_form(mineral, row):
    need = {"Cd(OH)2": "Cd", "Otavite": "Cd", "Pb(OH)2": "Pb", "Cerussite": "Pb", "Anglesite": "Pb"}
    return bool(row.get(need.get(mineral, "Ca")))


def run(database, row):
    p = phreeqc.Phreeqc()  # a fresh one: what ran before moves the last digits
    if p.LoadDatabase(database):
        sys.exit(p.GetErrorString())
    reagent, *opened = row["how"].split()
    totals = "\n".join(f" {k} {v}" for k, v in row.items() if v and k not in CONDITIONS)
    minerals = [m for m in MINERALS if can_form(m, row)]
    phases = "\n".join([f" {m} 0 0" for m in minerals] + [" " + GASES[word] for word in opened if word in GASES])
    punch = ['-LA("H+")', "MU"] + [f'TOT("{e}")' for e in ELEMENTS] + [f'EQUI("{m}")' for m in MINERALS]
    lines = "\n".join(f" {10 + i} PUNCH {what}" for i, what in enumerate(punch))
    text = f"""
SOLUTION 1
 units mg/L
 temp {row['temp']}
 pH {row['pH']}
 pe {row['pe']}
{totals}
EQUILIBRIUM_PHASES 1
{phases}
{HFO if "hfo" in opened else ""}REACTION 1
 {reagent} 1
 {row['mmol']} mmol in {row['steps']} steps
KNOBS
 -convergence_tolerance 1e-12
 -iterations 400
SELECTED_OUTPUT
 -reset false
 -high_precision true
USER_PUNCH
 -headings {' '.join('c%d' % i for i in range(len(punch)))}
{lines}
END
"""
    if p.RunString(text):
        sys.exit(row["name"] + ": " + p.GetErrorString())
    table = p.GetSelectedOutput()
    n = int(row["steps"])
    return [[table[f"c{i}"][k - n] for i in range(len(punch))] for k in range(n)]


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "step", "pH", "mu"] + ELEMENTS + MINERALS)
    for row in csv.DictReader(open(HERE / "cases.csv")):
        for step, values in enumerate(run(sys.argv[1], row), 1):
            out.writerow([row["name"], step] + [f"{v:.12g}" for v in values])


main()
