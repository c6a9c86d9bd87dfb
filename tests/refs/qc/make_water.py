#!/usr/bin/env python3
"""Writes conductance.tsv and statistics.tsv beside itself.

usage: make_water.py     (needs: pip install phreeqpython scipy)

conductance.tsv: specific conductance by PHREEQC (phreeqc.dat, ions with their own activity and mobility, ion pairs) of
waters given as totals, mol/m3, and as the free ions it finds (names with free-); and of KCl standards as Standard Methods 2510 has them (uS/cm at 25 degC).
statistics.tsv: paired samples, with what scipy makes of them; the line is that of orthogonal regression, by the smallest
eigenvector of the covariance.
"""
import pathlib
import random

import numpy as np
import phreeqpython
import scipy
from scipy import stats

HERE = pathlib.Path(__file__).parent
WATERS = {
    "nacl-1": {"na": 1, "cl": 1},
    "nacl-50": {"na": 50, "cl": 50},
    "kcl-100": {"k": 100, "cl": 100},
    "cacl2-5": {"ca": 5, "cl": 10},
    "nahco3-5": {"na": 5, "hco3": 5},
    "hcl-1": {"h": 1, "cl": 1},
    "spring": {"ca": 0.8, "mg": 0.3, "na": 0.5, "k": 0.05, "hco3": 2.0, "so4": 0.25, "cl": 0.25},
    "caso4-2": {"ca": 2, "so4": 2},
    "mine-neutral": {"ca": 3.0, "mg": 1.0, "na": 0.6, "zn": 0.25, "mn": 0.15, "so4": 4.2, "hco3": 0.8, "cl": 0.2},
}
NAMES = {"na": "Na", "k": "K", "ca": "Ca", "mg": "Mg", "zn": "Zn", "mn": "Mn(2)", "so4": "S(6)", "cl": "Cl", "hco3": "C(4)"}
STANDARDS = {"standard-kcl-1": (1, 146.9), "standard-kcl-10": (10, 1412), "standard-kcl-100": (100, 12890)}


FREE = {"Ca+2": "ca", "Mg+2": "mg", "Na+": "na", "K+": "k", "Zn+2": "zn", "Mn+2": "mn", "Fe+2": "fe2", "Fe+3": "fe3",
        "Al+3": "al", "Cu+2": "cu", "H+": "h", "OH-": "oh", "SO4-2": "so4", "HSO4-": "hso4", "HCO3-": "hco3", "CO3-2": "co3",
        "Cl-": "cl"}
ACID = {"units": "mmol/L", "temp": 25, "pH": 2.6, "pe": 11, "Ca": 1.5, "Mg": 0.8, "Na": 0.4, "Fe(2)": 1.5, "Al": 0.8, "Zn": 0.6,
        "Cu": 0.1, "Mn(2)": 0.2, "Cl": 0.2, "S(6)": "9 charge"}


def free_ions(text):
    """The free ions PHREEQC finds (not its pairs), and its conductance."""
    solution = phreeqpython.PhreeqPython(database="phreeqc.dat").add_solution_raw(text)
    return {FREE[k]: float(f"{1e3 * v:.6g}") for k, v in solution.species.items() if k in FREE and v > 1e-8}, solution.sc


def phreeqc_us_cm(ions):
    pp = phreeqpython.PhreeqPython(database="phreeqc.dat")
    acid = ions.get("h", 0)
    text = {"units": "mmol/L", "temp": 25, "pH": "7 charge" if not acid else "3 charge"}
    text.update({NAMES[k]: v for k, v in ions.items() if k != "h"})
    return pp.add_solution_raw(text).sc


def conductance():
    rows = ["name\tions\tus_cm"]
    for name, ions in WATERS.items():
        rows.append(f"{name}\t{' '.join(f'{k}={v}' for k, v in ions.items())}\t{phreeqc_us_cm(ions):.2f}")
    for name, text in [("free-caso4-2", {"units": "mmol/L", "temp": 25, "pH": "7 charge", "Ca": 2, "S(6)": 2}),
                       ("free-mine-neutral", {"units": "mmol/L", "temp": 25, "pH": "7 charge",
                                              **{NAMES[k]: v for k, v in WATERS["mine-neutral"].items()}}),
                       ("free-mine-acid", ACID)]:
        ions, us_cm = free_ions(text)
        rows.append(f"{name}\t{' '.join(f'{k}={v}' for k, v in ions.items())}\t{us_cm:.2f}")
    for name, (c, us_cm) in STANDARDS.items():
        rows.append(f"{name}\tk={c} cl={c}\t{us_cm}")
    (HERE / "conductance.tsv").write_text("\n".join(rows) + "\n")


def statistics():
    rows = ["laboratory\tsensor\tbias\tsd\tt\trmse\tslope\tintercept"]
    r = random.Random(8)
    for n in (3, 8, 25):
        x = np.array([round(r.uniform(2, 9), 2) for _ in range(n)])
        y = np.array([round(0.3 + 0.95 * v + r.gauss(0, 0.15), 2) for v in x])
        d = y - x
        t = stats.ttest_rel(y, x).statistic
        normal = np.linalg.eigh(np.cov(x, y))[1][:, 0]
        slope = -normal[0] / normal[1]
        numbers = [d.mean(), d.std(ddof=1), t, np.sqrt((d ** 2).mean()), slope, y.mean() - slope * x.mean()]
        rows.append("\t".join([" ".join(map(str, x)), " ".join(map(str, y)), *(f"{v:.12g}" for v in numbers)]))
    (HERE / "statistics.tsv").write_text("\n".join(rows) + "\n")
    print("scipy", scipy.__version__)


if __name__ == "__main__":
    conductance()
    statistics()
