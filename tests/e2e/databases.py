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


def with_isotopes(text):
    """Waters with isotopes, calcite that grows from them and a gas beside them: the ratios that do not hang on an unbuffered pe."""
    kept = re.compile(r"R\((?!15N)\w+\)(_(H2O\([lg]\)|OH-|H3O\+|CO2\((aq|g)\)|HCO3-|CO3-2|Calcite|H?SO4-2?))?")
    ratios = " ".join(sorted(name for name in rows_of(text, "ISOTOPE_RATIOS") if kept.fullmatch(name)))
    given = " D -30\n T 20\n [18O] -5\n [13C] -12\n [14C] 70\n [34S] 8\n"
    members = ["Calcite", "CaCO2[18O](s)", "CaCO[18O]2(s)", "CaC[18O]3(s)", "Ca[13C]O3(s)", "Ca[13C]O2[18O](s)", "Ca[14C]O3(s)"]
    return (
        "SELECTED_OUTPUT 1\n -reset false\n -water true\n -high_precision true\n -pH true\n -ionic_strength true\n"
        f" -totals Ca C [13C] [14C] D T [18O] S [34S]\n -solid_solutions {' '.join(members)}\n -calculate_values {ratios}\n"
        "SOLUTION 1\n pH 7.4\n Na 3\n Ca 2\n Cl 4 charge\n C 3\n S 1\n" + given + "END\n"
        "USE solution 1\nREACTION_TEMPERATURE\n 5 40\nSAVE solution 2\nEND\n"
        "SOLID_SOLUTIONS 1\n Calcite\n" + "".join(f"  -comp {name} 0\n" for name in members) + "USE solution 2\n"
        "REACTION\n CO2 -1\n 0.8 mmol in 2 steps\nEND\n"
        "USE solution 2\nGAS_PHASE 1\n -fixed_volume\n -volume 1\n"
        + "".join(f" {name} 0\n" for name in ["CO2(g)", "CO[18O](g)", "[13C]O2(g)", "H2O(g)", "HDO(g)", "H2[18O](g)"]) + "END\n"
    )


def compare_one(path, options, folder):
    text, include = text_of(path), ""
    options.database = path
    if path.name in PARTS:
        options.database = DATABASES / PARTS[path.name]
        include = f"INCLUDE$ {path}\n"
        text = text_of(options.database)
    made = folder / f"{path.stem}.pqi"
    made.write_text(input_for(text, include))
    good = compare_file(path, made, options)
    if rows_of(text, "ISOTOPE_RATIOS"):
        made = folder / f"{path.stem}-isotopes.pqi"
        made.write_text(with_isotopes(text))
        good = compare_file(path, made, options) and good
    return good


def compare_file(path, made, options):
    row, where = next(iter(compare.lines_for(made, options)))
    if not row[2].startswith("runs"):
        named = re.search(rf"{re.escape(path.name)}:\d+: ", row[2]) is not None
        print(f"{path.name}: {row[2]}" + ("" if named else "  NO PLACE"))
        return named
    ph, log, value = (float(word) for word in row[5:8])
    good = row[4] == "same" and ph <= LOG and log <= LOG and value <= VALUE
    print(f"{made.stem}: {row[3]} numbers, pH within {ph:g}, logarithms {log:g}, others {value:g}" + ("" if good else "  WRONG"))
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
