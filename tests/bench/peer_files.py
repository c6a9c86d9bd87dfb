#!/usr/bin/env python3
"""Times PHREEQC on input files: seconds of processor time for all of them, one line a round.

usage: peer_files.py [--load|--each] ROUNDS DATABASE FILE.pqi ...

With --each a line holds the time of every file, in the order given.

Needs the Python package phreeqc. Every file finds the database as it was read from disk; with --load reading it is in
the time. All columns of selected output are made, as text, and nothing is written.
"""
import pathlib
import sys
import time

import phreeqc


def main():
    words = sys.argv[1:]
    with_load, with_each = words[0] == "--load", words[0] == "--each"
    if with_load or with_each:
        words = words[1:]
    rounds, database, files = int(words[0]), words[1], words[2:]
    texts = [pathlib.Path(f).read_text() for f in files]
    p = phreeqc.Phreeqc()
    p.LoadDatabase(database)
    p.SetSelectedOutputStringOn(True)
    for _ in range(rounds):
        seconds = []
        for text in texts:
            start = time.process_time()
            p.LoadDatabase(database)
            if not with_load:
                start = time.process_time()
            if p.RunString(text):
                sys.exit(p.GetErrorString())
            seconds.append(time.process_time() - start)
        print(*seconds if with_each else [sum(seconds)], flush=True)


main()
