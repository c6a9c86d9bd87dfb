#!/usr/bin/env python3
"""Times PHREEQC on a table of waters: microseconds of processor time per water, one line a round.

usage: peer_phreeqc.py DATABASE WATERS.csv

Needs the Python package phreeqc or phreeqpython. All waters of a round stand in one input text, so that the
time is PHREEQC's own: reading the text, speciation, one column of selected output.
"""
import csv
import pathlib
import sys
import time

ROUNDS = 7


def engine(database):
    """A function that runs an input text."""
    try:
        import phreeqc
        p = phreeqc.Phreeqc()
        if p.LoadDatabase(database):
            sys.exit(p.GetErrorString())
        return p.RunString
    except ImportError:
        import phreeqpython
        path = pathlib.Path(database)
        return phreeqpython.PhreeqPython(database=path.name, database_directory=path.parent).ip.run_string


def main():
    run = engine(sys.argv[1])
    with open(sys.argv[2]) as file:
        rows = list(csv.DictReader(file))
    text = "SELECTED_OUTPUT\n -reset false\n -pH\nPRINT\n -reset false\n"
    for row in rows:
        text += "SOLUTION 1\n units mg/L\n"
        text += "\n".join(f" {key} {value}" for key, value in row.items() if value and key != "name") + "\nEND\n"
    run(text)
    for _ in range(ROUNDS):
        start = time.process_time()
        run(text)
        print(1e6 * (time.process_time() - start) / len(rows))


main()
