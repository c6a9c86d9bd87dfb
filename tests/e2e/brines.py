#!/usr/bin/env python3
"""brines.py SEIRYU - brines by PHREEQC and by seiryu phreeqc, with PHREEQC's own pitzer.dat and sit.dat

The databases come with the Python package phreeqc; without it (./dev bench --peer brines gets it into build/peer) the test is
skipped. Every number of selected output is compared: pH and logarithms within LOG, others above 1e-9 within VALUE of themselves.
"""
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEER = ROOT / "build/peer/bin/python3"
LOG, VALUE = 1e-4, 2e-4  # PHREEQC stops at 1e-7 of the ionic strength, a thousandth of the digits of small differences

try:
    import phreeqc
except ImportError:
    if PEER.exists() and pathlib.Path(sys.prefix) != PEER.parents[1]:
        os.execv(PEER, [str(PEER), *sys.argv])
    print("skipped: no Python package phreeqc, which brings pitzer.dat and sit.dat; ./dev bench --peer brines gets it")
    sys.exit(77)

sys.path.insert(0, str(ROOT / "tools"))
import compare_phreeqc as compare  # noqa: E402

REFS = ROOT / "tests/refs"
# with minerals that the databases of those folders have alone
OWN_MINERALS = {"iron-acid", "saturated"}


class Options:
    formats, pe = False, False


def inputs():
    for folder, database in (("pitzer", "pitzer.dat"), ("sit", "sit.dat")):
        for path in sorted((REFS / "brines" / folder).glob("*.pqi")) + sorted((REFS / folder).glob("*.pqi")):
            if path.parent.parent == REFS and path.stem in OWN_MINERALS:
                continue
            yield path, database


def main():
    options = Options()
    options.seiryu = sys.argv[1]
    databases = pathlib.Path(phreeqc.__file__).parent / "databases"
    wrong = count = 0
    for path, database in inputs():
        options.database = databases / database
        for row, where in compare.lines_for(path, options):
            count += 1
            name, of, result, size = row[:4]
            if not result.startswith("runs"):
                print(f"{path.relative_to(REFS)}: {result}")
                wrong += 1
                continue
            ph, log, value = (float(word) for word in row[5:8])
            good = row[4] == "same" and ph <= LOG and log <= LOG and value <= VALUE
            print(f"{path.relative_to(REFS)} with {of}: {size} numbers, pH within {ph:g}, logarithms {log:g}, others {value:g}" + ("" if good else "  WRONG"))
            if not good:
                wrong += 1
                print("\n".join(f"    {kind}: {text}" for kind, text in where.items()))
    if wrong or count < 10:
        sys.exit(f"{wrong} of {count} differ from PHREEQC")


main()
