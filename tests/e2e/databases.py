#!/usr/bin/env python3
"""databases.py SEIRYU - every database that comes with PHREEQC's Python package: waters by both programs, or a refusal with its place

The databases come with the package phreeqc; without it (./dev bench --peer gets it into build/peer) the test is skipped. A water of
what most of them know, fresh and sour, is compared number by number; files that are no whole database are included into one.
"""
import os
import pathlib
import re
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEER = ROOT / "build/peer/bin/python3"
LOG, VALUE = 1e-4, 2e-4

try:
    import phreeqc
except ImportError:
    if PEER.exists() and pathlib.Path(sys.prefix) != PEER.parents[1]:
        os.execv(PEER, [str(PEER), *sys.argv])
    print("skipped: no Python package phreeqc, which brings the databases; ./dev bench --peer gets it")
    sys.exit(77)

sys.path.insert(0, str(ROOT / "tools"))
import compare_phreeqc as compare  # noqa: E402

DATABASES = pathlib.Path(phreeqc.__file__).parent / "databases"
# to be included into an input: with the database that they say they are made for
PARTS = {"Concrete_PHR.dat": "phreeqc.dat", "Concrete_PZ.dat": "pitzer.dat"}
ELEMENTS = {"Ca": 4, "Mg": 2, "Na": 3, "K": 0.5, "Cl": 4, "S(6)": 5, "C(4)": 1, "Al": 0.01, "Si": 0.2, "Fe(2)": 0.3, "Zn": 0.1, "Mn(2)": 0.05}
PHASES = ["Calcite", "Gypsum", "Halite", "Gibbsite", "Quartz", "Siderite", "Dolomite", "Mirabilite", "Goethite"]


class Options:
    formats, pe = False, False


def text_of(path):
    return path.read_text(encoding="latin-1")


def rows_of(text, keyword):
    """First words of the lines of a block."""
    inside, words = False, set()
    for line in text.splitlines():
        word = (line.split("#")[0].split() or [""])[0]
        if re.fullmatch("[A-Z][A-Z_]+[A-Z]", word):
            inside = word == keyword
        elif inside and word:
            words.add(word)
    return words


def water(number, temp, ph, known, more=""):
    lines = [f"SOLUTION {number}", f" temp {temp}", f" pH {ph}", " pe 6", " units mmol/kgw"]
    lines += [f" {name} {value}{' charge' if name == 'Cl' else ''}" for name, value in ELEMENTS.items() if name in known]
    return "\n".join(lines) + "\n" + more


def input_for(text, include=""):
    masters, phases = rows_of(text, "SOLUTION_MASTER_SPECIES"), rows_of(text, "PHASES")
    known = {name for name in ELEMENTS if name in masters}
    minerals = [name for name in PHASES if name in phases]
    totals = " ".join(sorted(known))
    head = include + "SELECTED_OUTPUT 1\n -reset false\n -pH true\n -ionic_strength true\n -high_precision true\n"
    head += f" -totals {totals}\n -activities H+ Ca+2 SO4-2 Na+\n -saturation_indices {' '.join(minerals)}\n"
    known_acid = known - {"C(4)"}
    return head + water(1, 10, 7.2, known) + water(2, 25, 3.0, known_acid) + "END\n"


def compare_one(path, options, folder):
    text, include = text_of(path), ""
    options.database = path
    if path.name in PARTS:
        options.database = DATABASES / PARTS[path.name]
        include = f"INCLUDE$ {path}\n"
        text = text_of(options.database)
    made = folder / f"{path.stem}.pqi"
    made.write_text(input_for(text, include))
    row, where = next(iter(compare.lines_for(made, options)))
    if not row[2].startswith("runs"):
        named = re.search(rf"{re.escape(path.name)}:\d+: ", row[2]) is not None
        print(f"{path.name}: {row[2]}" + ("" if named else "  NO PLACE"))
        return named
    ph, log, value = (float(word) for word in row[5:8])
    good = row[4] == "same" and ph <= LOG and log <= LOG and value <= VALUE
    print(f"{path.name}: {row[3]} numbers, pH within {ph:g}, logarithms {log:g}, others {value:g}" + ("" if good else "  WRONG"))
    if not good:
        print("\n".join(f"    {kind}: {place}" for kind, place in where.items()))
    return good


def main():
    options = Options()
    options.seiryu = sys.argv[1]
    names = sys.argv[2:]
    paths = [path for path in sorted(DATABASES.glob("*.dat")) if not names or path.name in names]
    with tempfile.TemporaryDirectory() as folder:
        wrong = [path.name for path in paths if not compare_one(path, options, pathlib.Path(folder))]
    if wrong or not paths:
        sys.exit(f"of {len(paths)} databases not as in PHREEQC: {' '.join(wrong)}")


main()
