#!/usr/bin/env python3
"""Makes phreeqc.csv of this folder with PHREEQC itself (Python package phreeqc), see README.md.

usage: make.py >phreeqc.csv
"""
import csv
import pathlib
import sys

import phreeqc

HERE = pathlib.Path(__file__).resolve().parent
SPECIES = ["H+", "OH-", "O2", "CO2", "CO3-2", "CaHCO3+", "CaSO4", "NaSO4-", "Fe+3", "FeOH+2", "FeSO4+", "FeSO4", "SO4-2"]
ACTIVITIES = ["H2O", "CO2", "Ca+2", "Fe+3", "SO4-2", "Cl-"]
PHASES = ["Calcite", "Gypsum", "CO2(g)"]


def main():
    p = phreeqc.Phreeqc()
    if p.LoadDatabase(str(HERE / "small.dat")):
        sys.exit(p.GetErrorString())
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["name", "pH", "mu", "charge"] + [f"m({s})" for s in SPECIES] + [f"la({s})" for s in ACTIVITIES]
                 + [f"SI({n})" for n in PHASES])
    for row in csv.DictReader(open(HERE / "waters.csv")):
        punch = ['-LA("H+")', "MU", "CHARGE_BALANCE"] + [f'MOL("{s}")' for s in SPECIES] \
            + [f'LA("{s}")' for s in ACTIVITIES] + [f'SI("{n}")' for n in PHASES]
        text = "SOLUTION 1\n units mg/L\n" + "\n".join(f" {k} {v}" for k, v in row.items() if v and k != "name") + """
KNOBS
 -convergence_tolerance 1e-12
SELECTED_OUTPUT
 -reset false
 -high_precision true
USER_PUNCH
 -headings """ + " ".join(f"c{i}" for i in range(len(punch))) + "\n" \
            + "\n".join(f" {10 + i} PUNCH {what}" for i, what in enumerate(punch)) + "\nEND\n"
        if p.RunString(text):
            sys.exit(row["name"] + ": " + p.GetErrorString())
        table = p.GetSelectedOutput()
        values = [table[f"c{i}"][-1] for i in range(len(punch))]
        out.writerow([row["name"]] + ["" if v in (-99.99, -999.999) or abs(v) < 1e-98 else f"{v:.12g}" for v in values])


main()
