#!/usr/bin/env python3
"""docs/security/ipa-checklist.md: each of IPA's 47 items is answered, and what is named as its proof exists: files, and functions in them.

usage: checklist.py
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/security/ipa-checklist.md"
ITEMS = {1: 5, 2: 2, 3: 4, 4: 7, 5: 10, 6: 4, 7: 3, 8: 4, 9: 3, 10: 3, 11: 2}  # of IPA's list, by class (ipa2021)


def proofs_of(cell, files):
    """(name, file) that a cell names: "SEC `try_a`, `try_b`", "`name` in `path`", "`path` (`NAME`)"; a path by itself has no name."""
    where = ""
    for found in re.finditer(r"`([^`]+)`(?: in `([^`]+)`)?|\b([A-Z0-9]{3,4})\b", cell):
        name, place, alias = found.groups()
        if alias:
            where = files.get(alias, where)
        elif "/" in name:
            where = name
            yield "", where
        else:
            yield name, place or where


def faults_of(page):
    files = dict(re.findall(r"`([A-Z0-9]+)` = `([^`]+)`", page))
    items, n_proofs, faults = [], 0, []
    for number, line in enumerate(page.splitlines(), 1):
        cells = [c.strip() for c in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if not re.match(r"\| \d+-\(", line) or len(cells) != 4:
            continue
        items += re.findall(r"\d+-\([ivx]+\)(?:-[a-c])?", cells[0])
        if not cells[3] and not re.match(r"not (there|used)", cells[2]):
            faults.append(f"{number}: an answer without proof")
        for name, place in proofs_of(cells[3], files):
            n_proofs += 1
            path = ROOT / place
            if not place or not path.exists():
                faults.append(f"{number}: {place or name} does not exist")
            elif name and not re.search(rf"\b{re.escape(name)}\b", path.read_text()):
                faults.append(f"{number}: {place} has no {name}")
    for kind, n in ITEMS.items():
        answered = len({i for i in items if i.startswith(f"{kind}-")})
        if answered != n:
            faults.append(f"class {kind} has {n} items, {answered} are answered")
    if len(items) != len(set(items)):
        faults.append("an item is answered twice")
    return faults, len(items), n_proofs


def main():
    text = PAGE.read_text()
    faults, n_items, n_proofs = faults_of(text)
    for fault in faults:
        print(f"{PAGE.relative_to(ROOT)}:{fault}")
    for spoilt in (text.replace("`try_sql`", "`try_nothing`", 1), text.replace("tests/e2e/server_security.py", "tests/e2e/gone.py", 1),
                   re.sub(r"\n\| 9-\(ii\).*", "", text, count=1)):
        if not faults_of(spoilt)[0]:
            sys.exit("checklist.py: a fault that was put in is not found")
    print(f"{n_items} items, {n_proofs} proofs")
    sys.exit(1 if faults else 0)


main()
