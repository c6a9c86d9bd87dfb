#!/usr/bin/env python3
"""Checks data/thermo/minewater.dat after a constant was added or changed.

usage: tools/check_thermo.py           every constant has a known source tag, reactions balance,
                                       log_k agrees with -analytic, the phases of the kinetics exist
       tools/check_thermo.py --refs    also rewrites tests/refs/minewater/phreeqc.csv with PHREEQC
                                       (needs the Python package "phreeqc", an IPhreeqc wrapper)

Prints line: message, one a finding; exit code 1 when there is one.
"""
import csv
import hashlib
import math
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATABASE = ROOT / "data/thermo/minewater.dat"
REFS = ROOT / "tests/refs/minewater"
FILES = {"W4", "M4", "TD", "SIT", "PQ", "LL"}
KINETIC_PHASES = (
    "Schwertmannite Ferrihydrite Goethite Al(OH)3(a) Basaluminite Calcite Sphalerite ZnS(a) "
    "Greenockite Covellite Galena Mackinawite Gypsum Siderite Rhodochrosite Smithsonite "
    "Birnessite O2(g) CO2(g) H2S(g)").split()
SPECIES = (
    "H+ OH- Fe+2 FeSO4 FeHCO3+ FeHS+ Fe+3 FeOH+2 FeSO4+ Fe(SO4)2- Zn+2 ZnSO4 ZnCO3 Zn(HS)2 "
    "Zn(HS)2OH- Zn(HS)3- Cd+2 CdSO4 Cd(HS)2 Pb+2 PbCO3 Pb(HS)2 Cu+2 CuCO3 Cu(OH)2 Cu+ Cu(HS)2- "
    "Al+3 AlSO4+ AlF+2 Mn+2 MnSO4 Ca+2 CaSO4 CaHCO3+ Mg+2 SO4-2 HSO4- HS- H2S HCO3- CO3-2 CO2 "
    "Acetate- H(Acetate) Zn(Acetate)+ H3AsO3 H2AsO4- NH4+").split()
ACTIVITIES = "H+ Fe+3 Zn+2 Cd+2 Pb+2 Cu+2 Al+3 SO4-2 HS- CO3-2".split()
INDICES = KINETIC_PHASES + (
    "Fe(OH)3(a) Jarosite-K Gibbsite Hydrobasaluminite Anglesite Otavite Cerussite Malachite "
    "Hydrozincite Pyrolusite FeS(ppt) CdS(ppt) Chalcocite SiO2(a) Scorodite").split()
SECTIONS = {"SOLUTION_MASTER_SPECIES", "SOLUTION_SPECIES", "PHASES", "SURFACE_MASTER_SPECIES",
            "SURFACE_SPECIES", "END"}


def terms(side):
    """'2 H+ + CO3-2' -> [(2.0, 'H+'), (1.0, 'CO3-2')]"""
    out = []
    for term in re.split(r"\s\+\s", side.strip()):
        number, name = re.fullmatch(r"(\d+\.?\d*)?\s*(\S+)", term.strip()).groups()
        out.append((float(number or 1), name))
    return out


def composition(name):
    """Elements and charge of a formula; Hfo_w and Hfo_s count as elements."""
    tail = re.search(r"([+-]\d*)$", name)
    charge = float(tail[1] if len(tail[1]) > 1 else tail[1] + "1") if tail else 0.0
    body = name[:tail.start()] if tail else name
    total = {"charge": charge}
    for part in body.split(":"):
        factor, rest = re.fullmatch(r"(\d*\.?\d*)(.*)", part).groups()
        for element, count in group(rest)[0].items():
            total[element] = total.get(element, 0) + count * float(factor or 1)
    total.pop("e", None)
    return total


def group(text, at=0):
    counts = {}
    while at < len(text) and text[at] != ")":
        if text[at] == "(":
            inner, at = group(text, at + 1)
            at += 1
        else:
            element = re.match(r"Hfo_[sw]|[A-Z][a-z]*|e", text[at:])[0]
            inner, at = {element: 1.0}, at + len(element)
        number = re.match(r"\d*\.?\d*", text[at:])[0]
        at += len(number)
        for element, count in inner.items():
            counts[element] = counts.get(element, 0) + count * float(number or 1)
    return counts, at


def unbalanced(reaction):
    left, right = reaction.split(" = ")
    total = {}
    for sign, side in ((-1, left), (1, right)):
        for factor, name in terms(side):
            for element, count in composition(name).items():
                total[element] = total.get(element, 0) + sign * factor * count
    return {element: n for element, n in total.items() if abs(n) > 1e-9}


def analytic_at_25c(words):
    a = [float(word) for word in words] + [0.0] * 6
    t = 298.15
    return a[0] + a[1] * t + a[2] / t + a[3] * math.log10(t) + a[4] / t**2 + a[5] * t**2


def check(lines):
    found, phases, section, log_k = [], set(), "", None
    known = set(FILES)
    for line in lines:
        key = re.match(r"#\s+([\w/]+)\s{2,}\S", line)
        known.update([key[1]] if key else [])
    for number, line in enumerate(lines, 1):
        text, _, comment = line.partition("#")
        word = text.strip()
        if word in SECTIONS:
            section = word
        elif " = " in word:
            for element, n in unbalanced(word).items():
                found.append((number, f"{element} does not balance by {n:g}: {word}"))
            left, right = word.split(" = ")
            identity, log_k = left == right, None
        elif re.match(r"\s+(log_k|-analytic)", text):
            tag = re.match(r"\s*(\w+)(?::(\w+(?:\.\d)?(?:/\w+)?))?", comment)
            if not tag and not (identity and word == "log_k 0"):
                found.append((number, f"no source tag: {word}"))
            elif tag and (tag[1] not in known or (tag[1] == "TD" and tag[2] and tag[2] not in known)):
                found.append((number, f"source {tag[0].strip()} is not listed"))
            log_k = float(word.split()[1]) if word.startswith("log_k") else log_k
            if "-analytic" in word:
                at_25 = analytic_at_25c(word.split()[1:])
                if log_k is None or abs(at_25 - log_k) > 0.0015:
                    found.append((number, f"log_k {log_k} but -analytic gives {at_25:.4f}"))
        elif section == "PHASES" and word:
            phases.add(word)
    for name in KINETIC_PHASES:
        if name not in phases:
            found.append((0, f"phase {name} is missing: the kinetics need it"))
    return found


def write_refs():
    import phreeqc
    engine = phreeqc.Phreeqc()
    if engine.LoadDatabase(str(DATABASE)):
        sys.exit(engine.GetErrorString())
    waters = list(csv.DictReader((REFS / "waters-subset.csv").open()))
    text = ["SELECTED_OUTPUT 1\n-reset false\n-high_precision true\n-pH\n-pe\n-ionic_strength\n"
            "-charge_balance\n-molalities " + " ".join(SPECIES) + "\n-activities "
            + " ".join(ACTIVITIES) + "\n-saturation_indices " + " ".join(INDICES)]
    for n, water in enumerate(waters, 1):
        text.append(f"SOLUTION {n}\n units mg/L")
        text += [f" {key} {value}" for key, value in water.items() if key != "name" and value]
    if engine.RunString("\n".join(text) + "\nEND\n") or engine.GetWarningString():
        sys.exit(engine.GetErrorString() + engine.GetWarningString())
    header = (["name", "pH", "pe", "mu", "charge"] + [f"m({s})" for s in SPECIES]
              + [f"la({s})" for s in ACTIVITIES] + [f"SI({s})" for s in INDICES])
    with (REFS / "phreeqc.csv").open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        for n, water in enumerate(waters, 1):
            row = [engine.GetSelectedOutputValue(n, c) for c in range(len(header) - 1)]
            first_la = 4 + len(SPECIES)
            cells = ["" if (v == 0 and 4 <= c < first_la) or v <= -999 else f"{v:.8g}"
                     for c, v in enumerate(row)]
            out.writerow([water["name"]] + cells)
    print("PHREEQC", engine.GetVersionString(), "minewater.dat sha256",
          hashlib.sha256(DATABASE.read_bytes()).hexdigest())


def main():
    found = check(DATABASE.read_text(encoding="ascii").splitlines())
    for number, text in found:
        print(f"{DATABASE.relative_to(ROOT)}:{number}: {text}")
    if not found and "--refs" in sys.argv[1:]:
        write_refs()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
