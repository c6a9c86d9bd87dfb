#!/usr/bin/env python3
"""Makes phreeqc.csv of this folder with PHREEQC itself (Python package phreeqc), see README.md.

usage: make.py DATABASE >phreeqc.csv

Each water of waters.csv is equilibrated with its phases, NAME=SI[:MOL] joined by ";" (without MOL: 10 mol).
"""
import csv
import pathlib
import sys

import phreeqc

HERE = pathlib.Path(__file__).resolve().parent
SPECIES = ["H+", "Ca+2", "SO4-2", "HCO3-", "CO3-2", "Fe+2", "Fe+3", "Zn+2", "Cd+2", "Pb+2", "Al+3", "Mn+2", "HS-", "F-"]
# molalities of a valence that the water was not given are left empty: see README.md
VALENCE = {"Fe+2": "Fe(2)", "Fe+3": "Fe(3)", "SO4-2": "S(6)", "HS-": "S(-2)"}
ELEMENTS = ["Ca", "S", "C", "Fe", "Zn", "Cd", "Pb", "Al", "Mn", "F", "Na"]


def phases_of(text):
    for part in text.split(";"):
        name, _, value = part.partition("=")
        si, _, mol = value.partition(":")
        yield name, float(si), float(mol) if mol else 10.0


def main():
    p = phreeqc.Phreeqc()
    if p.LoadDatabase(sys.argv[1]):
        sys.exit(p.GetErrorString())
    out = csv.writer(sys.stdout, lineterminator="\n")
    rows = list(csv.DictReader(open(HERE / "waters.csv")))
    width = max(len(list(phases_of(row["phases"]))) for row in rows)
    out.writerow(["name", "pH", "mu", "water_kg"] + [f"m({s})" for s in SPECIES]
                 + [f"tot({e})" for e in ELEMENTS] + [f"delta_{k + 1}" for k in range(width)])
    for row in rows:
        phases = list(phases_of(row["phases"]))
        totals = "\n".join(f" {k} {v}" for k, v in row.items()
                           if v and k not in ("name", "temp", "pH", "pe", "phases"))
        punch = ['-LA("H+")', "MU", 'TOT("water")'] + [f'MOL("{s}")' for s in SPECIES] \
            + [f'TOT("{e}")' for e in ELEMENTS] + [f'EQUI_DELTA("{name}")' for name, _, _ in phases]
        lines = "\n".join(f" {10 + i} PUNCH {what}" for i, what in enumerate(punch))
        text = f"""
SOLUTION 1
 units mg/L
 temp {row['temp']}
 pH {row['pH']}
 pe {row['pe']}
{totals}
EQUILIBRIUM_PHASES 1
""" + "\n".join(f" {name} {si} {mol}" for name, si, mol in phases) + f"""
KNOBS
 -convergence_tolerance 1e-12
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
        values = [table[f"c{i}"][-1] for i in range(len(punch))]
        for i, species in enumerate(SPECIES):
            if species in VALENCE and not row[VALENCE[species]]:
                values[3 + i] = None
        out.writerow([row["name"]] + ["" if v is None else f"{v:.12g}" for v in values] + [""] * (width - len(phases)))


main()
