#!/usr/bin/env python3
"""Runs made-up columns with PHREEQC and with seiryu phreeqc and tells where they differ.

usage: compare_columns.py SEIRYU DATABASE [FIRST [LAST]]

Each number from FIRST to LAST (0 to 99) is the seed of one input: TRANSPORT in one or two blocks with cells of several lengths
and dispersivities, every boundary condition and direction, stagnant cells by factor or MIX, exchange, a kinetic reactant, waters
of two temperatures and sizes. PHREEQC is the Python package phreeqc (pip install phreeqc). A line for each input that differs by
more than 1e-5; inputs that PHREEQC refuses are counted. Exit code 1 when one differs.
"""
import csv
import io
import random
import subprocess
import sys
import tempfile

import phreeqc

ALLOWED, TRACE = 1e-5, 1e-6

HEAD = """SELECTED_OUTPUT 1
 -reset true
 -pe false
 -percent_error false
 -charge_balance false
 -high_precision true
 -totals Ca Na K N Cl
 -kinetic_reactants Salt
RATES
Salt
-start
10 SAVE 2e-8 * M / M0 * TIME
-end
"""


def waters(r, cells, layers):
    numbers = list(range(1, cells + 1))
    numbers += [i + 1 + n * cells for n in range(1, layers + 1) for i in range(1, cells + 1) if r.random() < 0.8]
    text = f"SOLUTION 0\n Na 1\n N(5) 1.2\n K 0.2\n temp {r.choice([25, 10])}\nSOLUTION {cells + 1}\n Na 2\n Cl 2\n"
    for n in numbers:
        kg = r.choice([1, 0.5]) if n > cells else 1
        text += f"SOLUTION {n}\n Ca {r.choice([0.6, 0.3])}\n Cl {r.choice([1.2, 0.6])}\n water {kg}\n"
    return numbers, text


def mixes(numbers, cells, layers):
    text = ""
    for i in range(1, cells + 1):
        before = i
        for n in range(1, layers + 1):
            k = i + 1 + n * cells
            if k in numbers and before in numbers:
                text += f"MIX {k}\n {k} 0.9\n {before} 0.1\n"
                text += f"MIX {before}\n {before} 0.95\n {k} 0.05\n" if n == 1 else ""
            before = k
    return text + "USE mix none\nUSE solution none\nEND\n" if text else ""


def transport(r, cells, layers, by_factor):
    direction = r.choice(["forward", "back", "diffusion_only"])
    still = direction == "diffusion_only"
    text = f"TRANSPORT\n -cells {cells}\n -shifts {r.choice([1, 3, 5])}\n -flow_direction {direction}\n"
    text += f" -lengths {r.choice(['0.1', '0.1', '0.1 0.2', '0.05 0.1 0.2'])}\n"
    text += f" -dispersivities {r.choice(['0', '0.01', '0.05', '0.01 0.1', '0.3'])}\n"
    text += f" -diffusion_coefficient {r.choice([1e-9, 1e-8] if still else [1e-9, 1e-8, 0])}\n"
    text += f" -thermal_diffusion {r.choice([1, 2, 3])} 0\n -time_step {r.choice([1e5, 2e6] if still else [1e3, 1e4])}\n"
    text += f" -boundary_conditions {r.choice(['constant', 'closed', 'flux'])} {r.choice(['constant', 'closed', 'flux'])}\n"
    if by_factor:
        text += f" -stagnant 1 {r.choice([1e-5, 1e-4])} 0.3 {r.choice([0.1, 0.3])}\n"
    elif layers:
        text += f" -stagnant {layers}\n"
    for chance, option in ((0.3, "-correct_disp true"), (0.3, f"-punch_cells 1-{cells}"), (0.3, "-punch_frequency 2"),
                           (0.2, "-initial_time 500")):
        text += f" {option}\n" if r.random() < chance else ""
    return text + "END\n"


def make(seed):
    r = random.Random(seed)
    cells, layers = r.choice([2, 3, 5, 8]), r.choice([0, 0, 0, 1, 1, 2])
    by_factor = layers == 1 and r.random() < 0.6
    numbers, text = waters(r, cells, layers)
    text = HEAD + text + "END\n"
    if r.random() < 0.5:
        text += f"EXCHANGE 1-{cells}\n -equilibrate 1\n X 0.0011\n"
    if r.random() < 0.4:
        text += f"KINETICS {r.choice(numbers)}\nSalt\n -formula KCl\n -m0 1e-3\n -tol 1e-11\n"
    text += "END\n" + ("" if by_factor else mixes(numbers, cells, layers))
    return text + "".join(transport(r, cells, layers, by_factor) for _ in range(r.choice([1, 2])))


def run_peer(text, database):
    peer = phreeqc.Phreeqc()
    peer.LoadDatabase(database)
    if peer.RunString(text):
        return None
    columns = range(peer.GetSelectedOutputColumnCount())
    return [[peer.GetSelectedOutputValue(row, c) for c in columns] for row in range(peer.GetSelectedOutputRowCount())]


def run_seiryu(program, text, database):
    with tempfile.NamedTemporaryFile("w", suffix=".pqi") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([program, "phreeqc", file.name, "-d", database, "-f", "csv"], capture_output=True, text=True)
    return list(csv.reader(io.StringIO(done.stdout)))


def difference(peer, own):
    """The first number that differs, as text; empty: none."""
    if len(peer) != len(own):
        return f"{len(peer) - 1} rows, seiryu {len(own) - 1}"
    for row, (wanted, got) in enumerate(zip(peer[1:], own[1:]), 1):
        for name, a, b in zip(peer[0], wanted, got):
            if name == "state":
                continue
            a, b = float(a), float(b)
            if abs(a - b) > ALLOWED * max(abs(a), TRACE):
                return f"row {row}, {name}: {a:.9g}, seiryu {b:.9g}"
    return ""


def main(program, database, first=0, last=99):
    differing = refused = 0
    for seed in range(int(first), int(last) + 1):
        text = make(seed)
        peer = run_peer(text, database)
        if peer is None:
            refused += 1
            continue
        what = difference(peer, run_seiryu(program, text, database))
        if what:
            differing += 1
            print(f"{seed}: {what}")
    print(f"{int(last) - int(first) + 1} columns, {differing} differ, PHREEQC refuses {refused}")
    return 1 if differing else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
