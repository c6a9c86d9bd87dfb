#!/usr/bin/env python3
"""make.py DATABASE - by-phreeqc.dmp is PHREEQC's dump of state.pqi; .tsv beside each from-*.pqi is PHREEQC's selected output of it (needs the
package phreeqc). by-seiryu.dmp is the state.dmp that seiryu phreeqc writes of state.pqi: PHREEQC reads it here."""
import os
import pathlib
import sys

import phreeqc

database = os.path.abspath(sys.argv[1])
os.chdir(pathlib.Path(__file__).parent)


def run(path):
    made = phreeqc.Phreeqc()
    made.LoadDatabase(database)
    made.SetDumpStringOn(True)
    if made.RunString(pathlib.Path(path).read_text()):
        sys.exit(f"{path}: {made.GetErrorString()}")
    return made


def table(made):
    columns = range(made.GetSelectedOutputColumnCount())
    rows = [[made.GetSelectedOutputValue(r, c) for c in columns] for r in range(made.GetSelectedOutputRowCount())]
    return "\n".join("\t".join(f"{v:.10g}" if isinstance(v, float) else str(v) for v in row) for row in rows) + "\n"


pathlib.Path("by-phreeqc.dmp").write_text(run("state.pqi").GetDumpString())
for name in ("from-phreeqc", "from-seiryu"):
    pathlib.Path(name + ".tsv").write_text(table(run(name + ".pqi")))
