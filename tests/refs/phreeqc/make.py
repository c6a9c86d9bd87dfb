#!/usr/bin/env python3
"""make.py DATABASE [FOLDER] - PHREEQC's selected output for every .pqi of the folder (this one), as .tsv beside it (needs the package phreeqc)"""
import pathlib
import sys

import phreeqc

folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).parent
for path in sorted(folder.glob("*.pqi")):
    run = phreeqc.Phreeqc()
    run.LoadDatabase(sys.argv[1])
    if run.RunString(path.read_text()):
        sys.exit(f"{path.name}: {run.GetErrorString()}")
    run.SetCurrentSelectedOutputUserNumber(run.GetNthSelectedOutputUserNumber(0))
    columns = range(run.GetSelectedOutputColumnCount())
    rows = [[run.GetSelectedOutputValue(r, c) for c in columns] for r in range(run.GetSelectedOutputRowCount())]
    text = "\n".join("\t".join(f"{v:.10g}" if isinstance(v, float) else str(v) for v in row) for row in rows)
    path.with_suffix(".tsv").write_text(text + "\n")
