#!/usr/bin/env python3
"""The systemd units in etc/: settings that systemd knows, hardening as it counts it, and a nightly copy that is one.

usage: units.py SEIRYUD
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from server_case import check

SEIRYUD = str(pathlib.Path(sys.argv[1]).resolve())
ETC = pathlib.Path(__file__).resolve().parent.parent.parent / "etc"
EXPOSURE_MAX = 2.0  # of 10, as "systemd-analyze security" counts; below 2.5 it says OK


def analyze(*arguments):
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True)
    return done.stdout + done.stderr


def try_units():
    units = sorted(ETC.glob("*.service")) + sorted(ETC.glob("*.timer"))
    check(len(units) == 3, f"units: {units}")
    for line in analyze("verify", *map(str, units)).splitlines():
        # that the program and its manual are not installed here is told, too
        check(not re.search(r"Unknown|Invalid|parse|ignoring|Missing|syntax", line, re.I), f"systemd says: {line}")
    for unit in units:
        if unit.suffix == ".service":
            said = analyze("security", "--offline=true", str(unit))
            found = re.search(r"exposure level for \S+: ([0-9.]+)", said)
            check(found and float(found.group(1)) <= EXPOSURE_MAX, f"{unit.name}: {said[-200:]}")


def try_copy():
    """The command of the unit with folders of this test: what it leaves is a store."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-units-"))
    config = folder / "seiryud.yaml"
    config.write_text(f"store: sqlite:{folder}/store.db\nsecret: key\nhttp: {{port: 1}}\n")
    subprocess.run([SEIRYUD, "init-admin", config], check=True, capture_output=True)
    unit = (ETC / "seiryud-backup.service").read_text()
    for key in ("ExecStart", "ExecStartPost"):
        line = re.search(rf"^{key}=(.*)$", unit, re.M).group(1).replace("$$", "$").replace("%%", "%")
        line = line.replace("/usr/local/sbin/seiryud", SEIRYUD).replace("/etc/seiryu/seiryud.yaml", str(config)).replace("/var/lib/seiryu", str(folder))
        subprocess.run(line, shell=True, check=True, capture_output=True)
    copies = list((folder / "backup").glob("seiryu-????-??-??.db"))
    check(len(copies) == 1 and copies[0].stat().st_mode & 0o77 == 0, f"copies: {list((folder / 'backup').iterdir())}")
    other = folder / "other.yaml"
    other.write_text(config.read_text().replace("store.db", f"backup/{copies[0].name}"))
    check(subprocess.run([SEIRYUD, "check", other], capture_output=True).returncode == 0, "the copy is no store")
    shutil.rmtree(folder)


try_copy()
if not shutil.which("systemd-analyze"):
    print("SKIPPED: the units themselves. No systemd-analyze here")
    sys.exit(77)
try_units()
print("units: known settings, hardened, and the copy is a store")
