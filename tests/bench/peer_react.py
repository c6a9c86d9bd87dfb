#!/usr/bin/env python3
"""Times PHREEQC on the problems of tests/refs/react/cases.txt: microseconds of processor time per reaction step.

usage: peer_react.py FOLDER_OF_DATABASES

Needs the Python package phreeqc. Each problem takes ten times its steps in one input text, so that the time is
PHREEQC's own; the time of the same text with one step is taken off (reading, initial solution). One line a problem:
name and time.
"""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import phreeqc  # noqa: E402
import refs_react as refs  # noqa: E402

ROUNDS = 5


def text_of(case, steps):
    mol, _ = refs.rows(case, "steps")[0]
    text = "PRINT\n -reset false\nSELECTED_OUTPUT 1\n -reset false\n -pH\n" + refs.solution(case) + refs.sites(case) + "END\n"
    text += "USE solution 1\n"
    text += "USE exchange 1\n" if refs.rows(case, "exchange") else ""
    text += "USE surface 1\n" if refs.rows(case, "surface") else ""
    text += refs.minerals(case) + refs.gas(case) + refs.solid(case)
    text += "REACTION 1\n" + "".join(f" {f} {c}\n" for f, c in refs.rows(case, "reaction"))
    return text + f" {mol} moles in {steps} steps\nEND\n"


def seconds(p, text):
    best = 1e9
    for _ in range(ROUNDS):
        start = time.process_time()
        if p.RunString(text):
            return None
        best = min(best, time.process_time() - start)
    return best


def main():
    engines = {}
    for case in refs.read_cases(refs.CASES):
        name = refs.one(case, "database")
        if name != "wateq4f":
            continue
        if name not in engines:
            engines[name] = phreeqc.Phreeqc()
            engines[name].LoadDatabase(str(pathlib.Path(sys.argv[1]) / f"{name}.dat"))
        steps = 10 * int(refs.rows(case, "steps")[0][1])
        many, once = seconds(engines[name], text_of(case, steps)), seconds(engines[name], text_of(case, 1))
        if many and once:
            print(f"{case['name']} {1e6 * (many - once) / (steps - 1):.3f}")


main()
