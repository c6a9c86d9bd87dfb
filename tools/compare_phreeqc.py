#!/usr/bin/env python3
"""Runs PHREEQC inputs with PHREEQC and with seiryu phreeqc on one database and tells how far apart they are.

usage: compare_phreeqc.py [--seiryu PROGRAM] [--markdown] DATABASE INPUT_OR_FOLDER...

PHREEQC is the Python package phreeqc (pip install phreeqc), which bundles IPhreeqc. A file beside an input that its DATABASE line
names is used for that input. Inputs without SELECTED_OUTPUT get one with pH, pe, water and the totals of all elements; both
programs read the same text. One line for each file of selected output:

    rows x columns | layout | pH | log | values

layout is "same" when the line of headings is the same byte for byte, and number of rows, and width and kind of every field.
pH is the largest difference of columns named pH; log that of saturation indices (si_), log activities (la_) and the like;
values the largest relative difference of every other number of more than 1e-9. pe is left out unless --pe is given: in a water
without a redox couple it is rounding.
"""
import argparse
import csv
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import phreeqc

TRACE = 1e-9
MISSING = -999.0  # and below: the column has no value there


def definitions(text):
    """Numbers of SELECTED_OUTPUT and USER_PUNCH, and 1."""
    return sorted({1} | {int(n) for n in re.findall(r"(?im)^\s*(?:select(?:ed)?_out(?:put)?|user_punch)\s+(\d+)", text)})


def run_peer(text, database, folder):
    """Files of selected output by name, or PHREEQC's first error."""
    peer = phreeqc.Phreeqc()
    if peer.LoadDatabase(str(database)):
        return None, peer.GetErrorString().strip().splitlines()[0]
    for number in definitions(text):
        peer.SetCurrentSelectedOutputUserNumber(number)
        peer.SetSelectedOutputFileOn(True)
    before = os.getcwd()
    os.chdir(folder)
    try:
        failed = peer.RunString(text)
    finally:
        os.chdir(before)
    if failed:
        return None, peer.GetErrorString().strip().splitlines()[0]
    del peer
    return read_folder(folder), ""


def run_seiryu(program, text, database, folder):
    source = folder / "input.pqi"
    source.write_text(text)
    done = subprocess.run([program, "phreeqc", "--lang", "en", str(source), "-d", str(database), "-o", str(folder / "out")],
                          capture_output=True, text=True)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "warning" not in line]
        return None, re.sub(r"^.*input\.pqi:", "line ", errors[-1]) if errors else f"exit code {done.returncode}"
    return read_folder(folder / "out"), ""


def formats_agree(program, text, database, folder):
    """Does standard output as CSV and as JSON hold the numbers of the files, to their digits?"""
    source = folder / "formats.pqi"
    source.write_text(text)

    def output(form):
        return subprocess.run([program, "phreeqc", str(source), "-d", str(database), "-f", form], capture_output=True, text=True).stdout

    blocks = [json.loads(block) for block in re.findall(r"\{.*?\n\]\}\n", output("json"), re.S)]
    table = list(csv.reader(output("csv").splitlines()))
    tabs = [[field.strip() for field in line.split("\t")] for line in output("phreeqc").splitlines()]
    at = 0
    for block in blocks:
        if len(set(block["columns"])) != len([h for h in tabs[at] if h]):
            return None  # a column that is there twice stands once in tables by name
        if table[at] != block["columns"]:
            return False
        for k, row in enumerate(block["rows"], at + 1):
            if any(not same_number(v, j) for v, j in zip(table[k], row)):
                return False
            if any(not same_number(v, t, True) for v, t in zip(table[k], tabs[k])):
                return False
        at += len(block["rows"]) + 1
    return True


def last_digit(text):
    """What half of the last digit of a printed number is, and a little more."""
    mantissa, _, exponent = text.lower().partition("e")
    places = len(mantissa.partition(".")[2])
    if "." not in mantissa or exponent == "" and places < 4:  # %g: six digits
        return 0.51e-5 * abs(float(text))
    return 0.51 * 10.0 ** (int(exponent or 0) - places)


def same_number(one, other, rounded=False):
    a, b = number(one), number(other)
    if a is None or b is None:
        return str(one) == str(other)
    return abs(a - b) <= (max(last_digit(other), 0.51e-5 * abs(b)) if rounded else 0.0)


def usual_name(name):
    """IPhreeqc calls a file without -file selected_1.0.out, PHREEQC selected_output_1.sel."""
    return re.sub(r"^selected_(\d+)\.\d+\.out$", r"selected_output_\1.sel", name)


def read_folder(folder):
    # curves of USER_GRAPH are files of seiryu alone
    return {usual_name(p.name): p.read_text(errors="replace").splitlines() for p in sorted(folder.iterdir() if folder.is_dir() else []) if p.is_file() and not p.name.startswith("user_graph_")}


def elements(text, database):
    """All that PHREEQC finds in the input."""
    peer = phreeqc.Phreeqc()
    peer.LoadDatabase(str(database))
    peer.RunString(text)
    return [c for c in (peer.GetComponent(i) for i in range(peer.GetComponentCount())) if c not in ("H", "O", "E", "Charge")]


def with_output(text, database):
    if re.search(r"^\s*SELECTED_OUTPUT", text, re.M | re.I):
        return text, False
    totals = " ".join(elements(text, database))
    head = ("SELECTED_OUTPUT\n -file added.sel\n -reset false\n -simulation\n -state\n -step\n -pH\n -pe\n -temperature\n -alkalinity\n"
            " -ionic_strength\n -water\n" + (f" -totals {totals}\n" if totals else ""))
    return head + text, True


def number(field):
    try:
        return float(field)
    except (TypeError, ValueError):
        return None


def kind_of(heading):
    if heading == "pH":
        return "pH"
    if heading == "pe":
        return "pe"
    if re.match(r"(si|la|lg|lm)_|si_|.*log|lg_", heading, re.I):
        return "log"
    return "values"


def difference(kind, mine, peers):
    if mine <= MISSING or peers <= MISSING:
        return 0.0 if mine == peers else float("inf")
    if kind != "values":
        return abs(mine - peers)
    scale = max(abs(mine), abs(peers))
    return abs(mine - peers) / scale if scale > TRACE else 0.0


def shape(line):
    """Widths of the fields, and which of them are numbers."""
    return [(len(field), number(field) is not None) for field in line.split("\t")]


def compare(mine, peers):
    worst = {"pH": 0.0, "pe": 0.0, "log": 0.0, "values": 0.0}
    where = {}
    headings = peers[0].split("\t")
    same = mine[0] == peers[0] and len(mine) == len(peers)
    for at, (a, b) in enumerate(zip(mine[1:], peers[1:]), 1):
        left, right = a.split("\t"), b.split("\t")
        same = same and shape(a) == shape(b)
        for k, (x, y) in enumerate(zip(left, right)):
            x, y = number(x), number(y)
            if x is None or y is None:
                continue
            heading = headings[k].strip() if k < len(headings) else "values"
            kind = kind_of(heading)
            d = difference(kind, x, y)
            if d > worst[kind]:
                worst[kind], where[kind] = d, f"{heading} row {at}: {x:g}, PHREEQC {y:g}"
    return same, worst, where


def database_of(path, otherwise):
    found = re.search(r"^\s*DATABASE\s+(\S+)", path.read_text(errors="replace"), re.M | re.I)
    if found and (path.parent / found.group(1)).exists():
        return path.parent / found.group(1)
    return otherwise


def lines_for(path, options):
    database = database_of(path, pathlib.Path(options.database).resolve()).resolve()
    text = path.read_text(errors="replace")
    plain = re.sub(r"^\s*DATABASE.*\n", "", text, flags=re.M | re.I)  # both are told the database
    plain, added = with_output(plain, database)
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        theirs, why = run_peer(plain, database, pathlib.Path(a))
        if theirs is None:
            yield [path.name, database.name, f"PHREEQC: {why}", "", "", "", "", ""], {}
            return
        mine, why = run_seiryu(options.seiryu, plain, database, pathlib.Path(b))
        if options.formats and mine is not None:
            agree = {True: "agree", False: "DIFFER", None: "not compared: a column stands there twice"}
            print(f"{path.name}: csv, json and the file {agree[formats_agree(options.seiryu, plain, database, pathlib.Path(b))]}")
    if mine is None:
        yield [path.name, database.name, why, "", "", "", "", ""], {}
        return
    for name in sorted(set(theirs) | set(mine)):
        if name not in mine or name not in theirs:
            yield [path.name, database.name, f"{name}: only {'PHREEQC' if name in theirs else 'seiryu'} wrote it"] + [""] * 5, {}
            continue
        same, worst, where = compare(mine[name], theirs[name])
        rows, columns = len(theirs[name]) - 1, len(theirs[name][0].split("\t")) - 1
        yield [path.name, database.name, "runs" + ("*" if added else ""), f"{rows} x {columns}", "same" if same else "differs",
               f"{worst['pH']:.1g}", f"{worst['log']:.1g}", f"{worst['values']:.1g}"] + ([f"{worst['pe']:.1g}"] if options.pe else []), where


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database")
    parser.add_argument("inputs", nargs="+", type=pathlib.Path)
    parser.add_argument("--seiryu", default="seiryu")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--where", action="store_true", help="tell the place of each largest difference")
    parser.add_argument("--formats", action="store_true", help="also compare CSV and JSON with the files")
    parser.add_argument("--pe", action="store_true")
    options = parser.parse_args()
    paths = [p for given in options.inputs for p in (sorted(given.iterdir()) if given.is_dir() else [given])]
    paths = [p for p in paths if p.is_file() and p.suffix not in (".dat", ".tsv", ".csv", ".out", ".sel")]
    paths.sort(key=lambda p: [int(w) if w.isdigit() else w for w in re.split(r"(\d+)", p.name)])
    head = ["input", "database", "result", "rows x columns", "layout", "pH", "log", "values"] + (["pe"] if options.pe else [])
    print(("| " + " | ".join(head) + " |\n|" + "---|" * len(head)) if options.markdown else "\t".join(head))
    for path in paths:
        for row, where in lines_for(path, options):
            print(("| " + " | ".join(row) + " |") if options.markdown else "\t".join(row))
            if options.where:
                for kind, text in where.items():
                    print(f"    {kind}: {text}")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
