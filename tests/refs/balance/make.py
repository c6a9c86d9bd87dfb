#!/usr/bin/env python3
"""Makes phreeqc.csv of this folder with PHREEQC itself (Python package phreeqc), see README.md.

usage: make.py DATABASE >phreeqc.csv
"""
import csv
import pathlib
import sys

import phreeqc

HERE = pathlib.Path(__file__).resolve().parent
UNITS = {"Fe(2)_mmol_l": ("Fe(2)", "mmol/L"), "Zn_ug_l": ("Zn", "ug/L")}
CONDITIONS = ("name", "temp", "pH", "pe", "density", "charge")
SPECIES = ["H+", "Ca+2", "CaSO4", "SO4-2", "HCO3-", "CO3-2", "CO2", "Zn+2", "Al+3", "Mn+2"]
ELEMENTS = ["Ca", "Na", "Cl", "S(6)", "C(4)", "Mn", "Zn"]
PHASES = ["Calcite", "Gypsum", "CO2(g)"]


def main():
    p = phreeqc.Phreeqc()
    if p.LoadDatabase(sys.argv[1]):
        sys.exit(p.GetErrorString())
    out = csv.writer(sys.stdout, lineterminator="\n")
    words = ["pH", "mu", "charge", "alk", "aw"] + [f"m({s})" for s in SPECIES] \
        + [f"tot({e})" for e in ELEMENTS] + [f"SI({n})" for n in PHASES]
    out.writerow(["name"] + words)
    for row in csv.DictReader(open(HERE / "waters.csv")):
        lines = [" units mg/L"]
        for key in ("temp", "pe", "density"):
            if row[key]:
                lines.append(f" {key} {row[key]}")
        lines.append(f" pH {row['pH']}" + (" charge" if row["charge"] == "pH" else ""))
        for key, value in row.items():
            if key in CONDITIONS or not value:
                continue
            name, unit = UNITS.get(key, (key, ""))
            lines.append(f" {name} {value} {unit}" + (" as CaCO3" if name == "Alkalinity" else "")
                         + (" charge" if row["charge"] == name else ""))
        punch = ['-LA("H+")', "MU", "CHARGE_BALANCE", "ALK", 'ACT("H2O")'] + [f'MOL("{s}")' for s in SPECIES] \
            + [f'TOT("{e}")' for e in ELEMENTS] + [f'SI("{n}")' for n in PHASES]
        text = "SOLUTION 1\n" + "\n".join(lines) + """
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
        out.writerow([row["name"]] + [f"{v:.12g}" for v in values])


main()
