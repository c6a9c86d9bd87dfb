#!/usr/bin/env python3
"""Makes tests/refs/react/phreeqc.csv from cases.txt of that folder with PHREEQC (Python package phreeqc).

usage: refs_react.py FOLDER_OF_DATABASES >tests/refs/react/phreeqc.csv

The folder holds wateq4f.dat and phreeqc.dat of the U.S. Geological Survey; minewater.dat is the project's own.
"""
import csv
import pathlib
import sys

import phreeqc

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = ROOT / "tests/refs/react/cases.txt"
R_L_ATM = 0.0820597  # as PHREEQC has it


def read_cases(path):
    case = None
    for line in open(path):
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "case":
            if case:
                yield case
            case = {"name": words[1], "lines": []}
        else:
            case["lines"].append(words)
    if case:
        yield case


def rows(case, key):
    return [words[1:] for words in case["lines"] if words[0] == key]


def one(case, key, otherwise=None):
    found = rows(case, key)
    return found[0][0] if found else otherwise


def solution(case):
    balance = one(case, "charge")
    text = f"SOLUTION 1\n temp {one(case, 'temp', '25')}\n pH {one(case, 'ph')}\n pe {one(case, 'pe')}\n units mol/kgw\n"
    for name, mol in rows(case, "total"):
        text += f" {name} {mol}{' charge' if name == balance else ''}\n"
    return text


def minerals(case):
    text = ""
    for name, si, mol, *how in rows(case, "mineral"):
        if how and how[0] == "formula":
            text += f" {name} {si} {how[1]} {mol}\n"
        else:
            text += f" {name} {si} {mol} {' '.join(how)}\n"
    return "EQUILIBRIUM_PHASES 1\n" + text if text else ""


def gas(case):
    found = rows(case, "gas")
    if not found:
        return ""
    kind, *numbers = found[0]
    text = "GAS_PHASE 1\n"
    if kind == "pressure":
        text += f" -fixed_pressure\n -pressure {numbers[0]}\n -volume {numbers[1]}\n"
    else:
        text += f" -fixed_volume\n -volume {numbers[0]}\n"
    text += f" -temperature {one(case, 'temp', '25')}\n"
    for name, atm in rows(case, "part"):
        text += f" {name} {atm}\n"
    return text


def solid(case):
    found = rows(case, "solid")
    if not found:
        return ""
    comp = ("-comp1", "-comp2") if rows(case, "guggenheim") else ("-comp", "-comp")
    text = f"SOLID_SOLUTIONS 1\n {found[0][0]}\n"
    text += "".join(f" {comp[k % 2]} {p} {m}\n" for k, (p, m) in enumerate(rows(case, "component")))
    return text + "".join(f" -Gugg_nondim {a0} {a1}\n" for a0, a1 in rows(case, "guggenheim"))


def sites(case):
    text = ""
    for site, mol in rows(case, "exchange"):
        text += f"EXCHANGE 1\n {site} {mol}\n -equilibrate 1\n"
    for name, area, *how in rows(case, "surface"):
        text += "SURFACE 1\n -equilibrate 1\n" + ("".join(f" -{h}\n" for h in how))
        for k, (site, mol) in enumerate(rows(case, "site")):
            text += f" {site} {mol}" + (f" {float(area):.15g} 1\n" if k == 0 else "\n")
    return text


def reaction(case):
    found = rows(case, "steps")
    if not found:
        return ""
    mol, n = found[0]
    text = "REACTION 1\n" + "".join(f" {f} {c}\n" for f, c in rows(case, "reaction"))
    return text + f" {mol} moles in {n} steps\n"


def elements(case):
    names = [name.split("(")[0] for name, _ in rows(case, "total")]
    return sorted(set(names))


def columns(case):
    list_ = [("pH", '-LA("H+")'), ("pe", '-LA("e-")'), ("mu", "MU"), ("water_kg", 'TOT("water")')]
    list_ += [(f"tot:{e}", f'TOT("{e}")') for e in elements(case)]
    list_ += [(f"mineral:{m[0]}", f'EQUI("{m[0]}")') for m in rows(case, "mineral")]
    list_ += [(f"gas:{p}", f'GAS("{p}")') for p, _ in rows(case, "part")]
    list_ += [(f"solid:{p}", f'S_S("{p}")') for p, _ in rows(case, "component")]
    species = []
    names = " ".join(e for e in elements(case))
    if rows(case, "exchange"):
        species += [f"{e}{x}" for e, x in (("Na", "X"), ("K", "X"), ("Ca", "X2"), ("Mg", "X2"), ("Fe", "X2"), ("Zn", "X2"),
                                           ("Cd", "X2"), ("Al", "X3")) if e in names.split()]
    if rows(case, "surface"):
        species += ["Hfo_wOH", "Hfo_wOH2+", "Hfo_wO-", "Hfo_sOH"]
        species += [f"Hfo_{s}O{e}+" for s in "ws" for e in ("Zn", "Cd", "Pb", "Cu") if e in names.split()]
        if "As" in names.split():
            species += ["Hfo_wHAsO4-", "Hfo_wH2AsO4", "Hfo_wOHAsO4-3"]
    return list_ + [(f"sorbed:{s}", f'MOL("{s}") * TOT("water")') for s in species]


def punch(cols):
    text = "SELECTED_OUTPUT 1\n -reset false\n -high_precision true\n -step true\n -state true\nUSER_PUNCH 1\n"
    text += " -headings " + " ".join(f"c{i}" for i in range(len(cols))) + "\n -start\n"
    text += "".join(f" {10 + i} PUNCH {what}\n" for i, (_, what) in enumerate(cols))
    return text + " -end\n"


def main():
    folder = pathlib.Path(sys.argv[1])
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["case", "step", "quantity", "value"])
    for case in read_cases(CASES):
        p = phreeqc.Phreeqc()
        name = one(case, "database")
        path = ROOT / "data/thermo/minewater.dat" if name == "minewater" else folder / f"{name}.dat"
        if p.LoadDatabase(str(path)):
            sys.exit(p.GetErrorString())
        cols = columns(case)
        text = solution(case) + sites(case) + "END\n" + punch(cols)
        text += "KNOBS\n -convergence_tolerance 1e-12\n -iterations 500\nUSE solution 1\n"
        text += "USE exchange 1\n" if rows(case, "exchange") else ""
        text += "USE surface 1\n" if rows(case, "surface") else ""
        text += minerals(case) + gas(case) + solid(case) + reaction(case) + "END\n"
        if p.RunString(text):
            print(case["name"], p.GetErrorString(), file=sys.stderr)
            continue
        p.SetCurrentSelectedOutputUserNumber(1)
        for r in range(1, p.GetSelectedOutputRowCount()):
            values = [p.GetSelectedOutputValue(r, c) for c in range(p.GetSelectedOutputColumnCount())]
            for (quantity, _), value in zip(cols, values[2:]):
                out.writerow([case["name"], values[1], quantity, f"{value:.12g}"])


if __name__ == "__main__":
    main()
