#!/usr/bin/env python3
"""make.py DATABASE - PHREEQC's selected output for every .pqi of this folder, as .tsv beside it (needs the package phreeqc)

PHREEQC's own file: a line of headings and one a model, for every INVERSE_MODELING. Sum_Delta/U and MaxFracErr are worked out while the
report is printed, so that it is switched on."""
import pathlib
import sys

import phreeqc

for path in sorted(pathlib.Path(__file__).parent.glob("*.pqi")):
    run = phreeqc.Phreeqc()
    run.LoadDatabase(sys.argv[1])
    run.SetOutputStringOn(True)
    run.SetSelectedOutputStringOn(True)
    if run.RunString(path.read_text()):
        sys.exit(f"{path.name}: {run.GetErrorString()}")
    lines = [[cell.strip() for cell in line.split("\t")] for line in run.GetSelectedOutputString().splitlines()]
    text = "\n".join("\t".join(cell for cell in line if cell) for line in lines if any(line))
    path.with_suffix(".tsv").write_text(text + "\n")
    print(path.name, len(text.splitlines()), "lines", "Roundoff" in run.GetOutputString() and "rounding errors" or "")
