#!/usr/bin/env python3
"""simulate.py PROGRAM TREE - seiryu simulate: files, progress, stopping, full disks, messages"""
import csv
import fcntl
import filecmp
import json
import os
import pathlib
import pty
import re
import resource
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import xml.etree.ElementTree

PROGRAM, TREE = sys.argv[1], pathlib.Path(sys.argv[2])
ENVIRONMENT = {**os.environ, "SEIRYU_DATA": str(TREE / "data"), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
ENVIRONMENT.pop("NO_COLOR", None)

SITE = """
site: {name: Small site, name_ja: 小さな現場}
limits: {discharge_m3_d: 60}
influent:
  flow_l_min: 5
  temp_c: 12
  ph: 3.5
  fe_mg_l: 30
  fe2_share: {value: 0.9, assumed: "not measured"}
  zn_mg_l: 8
  do_mg_l: 5
  so4_mg_l: 250
  ca_mg_l: 40
  charge_balance: so4
climate: {air_temperature_c: [-4, -3, 0, 6, 12, 16, 20, 21, 17, 10, 4, -1]}
train:
  - {type: iron_oxidation_bed, name: iron, name_ja: 鉄酸化槽, volume_m3: 0.8, depth_m: 1, cells: 2}
  - type: sulfate_reducing_bed
    name: srb
    name_ja: 硫酸還元槽
    volume_m3: 6
    layers:
      - {name: bran, depth_m: 0.3, cells: 1, bran_fraction: 0.7, husk_fraction: 0.3}
      - {name: husk, depth_m: 0.7, cells: 2, husk_fraction: 0.6, limestone_fraction: 0.4}
run: {start: 2024-01-01, duration_d: %s, output_interval_h: 24}
"""


def check(condition, text):
    if not condition:
        sys.exit(f"simulate.py: {text}")


def write_site(folder, days=20):
    path = folder / f"site-{days}.yaml"
    path.write_text(SITE % days, encoding="utf-8")
    return str(path)


def run(*arguments, code=0, **keys):
    done = subprocess.run([PROGRAM, "simulate", *arguments], env=ENVIRONMENT, capture_output=True,
                          stdin=subprocess.DEVNULL, timeout=300, **keys)
    out, err = done.stdout.decode(), done.stderr.decode()
    check(done.returncode == code, f"{arguments}: exit {done.returncode}, expected {code}: {err}")
    return out, err


def files_of(folder):
    return sorted(p.relative_to(folder) for p in pathlib.Path(folder).rglob("*") if p.is_file())


# ---- what stands in a folder ---------------------------------------------------------------------

def check_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    check(len(rows) > 1, f"{path}: no rows")
    check(len({len(row) for row in rows}) == 1, f"{path}: rows of unequal length")


def check_report(path):
    text = path.read_text(encoding="utf-8")
    root = xml.etree.ElementTree.fromstring(text.split("\n", 1)[1])
    for element in root.iter():
        for name, value in element.attrib.items():
            name = name.rsplit("}", 1)[-1]
            if name in ("src", "href", "data", "action", "poster", "srcset"):
                check(value.startswith(("#", "data:")), f"{path}: {name}={value[:60]}")
        check(element.tag.rsplit("}", 1)[-1] not in ("script", "link", "iframe", "object"),
              f"{path}: {element.tag}")
    check(not re.search(r"url\((?!#)|@import", text), f"{path}: a style rule loads something")


def check_folder(folder):
    folder = pathlib.Path(folder)
    for name in ("summary.json", "provenance.json"):
        json.loads((folder / name).read_text(encoding="utf-8"))
    for name in ("series.csv", "compliance.csv", "solids.csv", "profiles.csv"):
        check_csv(folder / name)
    figures = {p.stem for p in (folder / "figures").iterdir()}
    check({"train", "water-zn", "water-ph", "media", "solids", "temperature"} <= figures,
          f"figures: {figures}")
    for stem in figures:
        check_csv(folder / "figures" / f"{stem}.csv")
        xml.etree.ElementTree.parse(folder / "figures" / f"{stem}.svg")
        png = (folder / "figures" / f"{stem}.png").read_bytes()
        check(png.startswith(b"\x89PNG\r\n") and png.rstrip().endswith(b"IEND\xaeB`\x82"),
              f"{stem}.png is no PNG")
    check_report(folder / "report.html")
    for path in files_of(folder):
        check(".part-" not in path.name, f"{path} was left behind")


def files_are_sound_and_reproducible(work):
    site, one, two = write_site(work), str(work / "one"), str(work / "two/deep")
    out, err = run(site, "-o", one)
    check(err == "", f"a pipe got progress: {err!r}")
    check("\x1b" not in out, "a pipe got colours")
    lines = out.splitlines()
    check(lines[-1] == f"report: {one}/report.html", f"last line: {lines[-1]}")
    check(lines[-2] == f"results: {one}", f"line before: {lines[-2]}")
    check(re.search(r"^Zn 全量 / Zn total +mg/L .*≤ 2 ", out, re.M), f"no row of zinc: {out}")
    check_folder(one)
    summary = json.loads((work / "one/summary.json").read_text())
    check(summary["run"]["is_complete"] is True, "a whole run is marked as partial")
    check(abs(summary["mass_balance"]["worst_imbalance"]) < 1e-8, "mass does not balance")
    run(site, "-o", two)
    check(files_of(one) == files_of(two), "two runs leave different files")
    for name in files_of(one):
        check(filecmp.cmp(pathlib.Path(one) / name, pathlib.Path(two) / name, shallow=False),
              f"{name} differs between two runs")


def languages_and_quiet(work):
    site, folder = write_site(work), str(work / "lang")
    out, _ = run(site, "-o", folder, "--lang", "en")
    check("放流" not in out and "discharge" in out, f"--lang en: {out}")
    out, _ = run(site, "-o", folder, "--lang=ja")
    check("discharge" not in out.splitlines()[1] and out.splitlines()[-1].startswith("報告書: "),
          f"--lang ja: {out}")
    out, err = run(site, "-o", folder, "-q")
    check(out == "" and err == "", f"quiet said {out!r} {err!r}")


def rerun_replaces(work):
    site, folder = write_site(work), work / "again"
    run(site, "-o", str(folder))
    before = (folder / "series.csv").stat().st_size
    run(site, "-o", str(folder), "--until", "2024-01-08")
    check((folder / "series.csv").stat().st_size < before, "series.csv was not replaced")
    summary = json.loads((folder / "summary.json").read_text())
    check(summary["run"]["planned_end"].startswith("2024-01-08"), "--until is not in the summary")
    check_folder(folder)
    run(site, "-o", str(folder), "--steady")
    check(not (folder / "figures/water-zn.svg").exists(), "a figure of the earlier run stayed")
    check((folder / "figures/train.svg").exists(), "no train of the steady run")
    check(len((folder / "series.csv").read_text().split("2024-01-01")) > 2, "no steady values")


def wrong_arguments(work):
    site = write_site(work)
    for arguments, pattern, code in (
            ((site,), r"^seiryu simulate: -o DIR is missing", 2),
            ((site, "-o", ""), r"-o DIR is missing", 2),
            ((site, "-o", str(work / "x"), "--until", "soon"), r'--until "soon" is no date', 2),
            ((site, "-o", str(work / "x"), "--until", "2023-12-31"),
             r"--until 2023-12-31 does not lie after run.start 2024-01-01", 2),
            ((site, "-o", str(work / "x"), "--until", "2024-01-05", "--steady"), r"exclude", 2),
            ((str(work / "none.yaml"), "-o", str(work / "x")), r"none.yaml: cannot open", 3)):
        _, err = run(*arguments, code=code)
        check(re.search(pattern, err), f"{arguments}: {err}")
    check(not (work / "x").exists(), "a folder was made for a run that cannot be")


# ---- disks ---------------------------------------------------------------------------------------

def one_line_of(err, pattern):
    check(re.search(pattern, err), f"'{err}' does not match {pattern}")
    check(len(err.splitlines()) == 1, f"not one line: {err}")


def unwritable_places(work):
    site = write_site(work)
    (work / "file").write_text("x")
    _, err = run(site, "-o", str(work / "file"), code=5)
    one_line_of(err, r"file: cannot make folder: Not a directory")
    _, err = run(site, "-o", str(work / "file/below"), code=5)
    one_line_of(err, r"cannot make folder: Not a directory")
    _, err = run(site, "-o", "/dev/full", code=5)
    one_line_of(err, r"/dev/full: cannot make folder")
    if os.geteuid() != 0:
        (work / "closed").mkdir(mode=0o500)
        _, err = run(site, "-o", str(work / "closed"), code=5)
        one_line_of(err, r"closed: the folder cannot be written to")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([PROGRAM, "simulate", site, "-o", str(work / "full")], env=ENVIRONMENT,
                              stdout=full, stderr=subprocess.PIPE, timeout=300, check=False)
    check(done.returncode == 5, f"full standard output: exit {done.returncode}")


def sound_so_far(folder):
    """A failed run leaves whole files only."""
    for name in files_of(folder):
        path = pathlib.Path(folder) / name
        check(".part-" not in name.name, f"{name} was left behind")
        if name.suffix == ".json":
            json.loads(path.read_text())
        elif name.suffix == ".csv":
            check_csv(path)


def files_that_cannot_grow(work):
    site, folder = write_site(work), work / "small"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60000, 60000))

    _, err = run(site, "-o", str(folder), code=5, preexec_fn=limit)
    one_line_of(err, r"cannot write: File too large")
    sound_so_far(folder)


def full_disk(work):
    disk = work / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "none", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        print("simulate.py: no small disk here: its part is skipped")
        return
    try:
        _, err = run(write_site(work), "-o", str(disk / "result"), code=5)
        one_line_of(err, r"cannot (write|make folder): No space left on device")
        sound_so_far(disk)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


# ---- terminals and signals -----------------------------------------------------------------------

class Terminal:
    """The program with its standard error on a terminal of some width."""

    def __init__(self, *arguments, columns=80):
        self.far, near = pty.openpty()
        fcntl.ioctl(near, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.seen = b""
        self.process = subprocess.Popen([PROGRAM, "simulate", *arguments], env=ENVIRONMENT,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=near)
        os.close(near)

    def read(self):
        """Some more text; False at the end."""
        ready, _, _ = select.select([self.far], [], [], 120)
        check(ready, "the program says nothing")
        try:
            more = os.read(self.far, 65536)
        except OSError:  # the other side is closed
            return False
        self.seen += more
        return bool(more)

    def wait_for(self, pattern):
        while not re.search(pattern, self.seen):
            check(self.read(), f"{pattern} never came: {self.seen[-200:]}")

    def finish(self):
        while self.read():
            pass
        out = self.process.stdout.read().decode()
        self.process.wait(timeout=300)
        os.close(self.far)
        return out


def progress_line(work):
    for columns in (100, 40, 12):
        t = Terminal(write_site(work, 120), "-o", str(work / "bar"), columns=columns)
        out = t.finish()
        text = t.seen.decode()
        check(t.process.returncode == 0, f"exit {t.process.returncode}: {text}")
        lines = [line for line in text.split("\r\x1b[K") if line]
        check(any("%" in line for line in lines), f"no progress at {columns} columns: {text!r}")
        check(max(map(len, lines)) < columns, f"a line of {columns} columns is full: {lines}")
        check(text.endswith("\r\x1b[K"), f"the line is not cleared: {text[-60:]!r}")
        check("\n" not in text, "progress scrolled the terminal")
        check(any("[#" in line or "[." in line for line in lines) == (columns >= 40),
              f"bar at {columns} columns: {lines[:3]}")
        check("report: " in out, "no table behind the progress")
    t = Terminal(write_site(work, 120), "-o", str(work / "bar"), "--quiet")
    t.finish()
    check(t.seen == b"", f"--quiet drew {t.seen!r}")


def first_signal_keeps_the_result(work, number):
    folder = work / f"stopped-{number}"
    t = Terminal(write_site(work, 36000), "-o", str(folder))
    t.wait_for(rb"  [12] %")  # well beyond the wash-out
    t.process.send_signal(number)
    out = t.finish()
    check(t.process.returncode == 130, f"signal {number}: exit {t.process.returncode}")
    text = t.seen.decode()
    check("stopped on request; the results end at 20" in text, f"not told: {text[-200:]}")
    check("stopped before its end" in out, "the table does not say that it is partial")
    check_folder(folder)
    run_part = json.loads((folder / "summary.json").read_text())["run"]
    check(run_part["is_complete"] is False, "summary.json does not say partial")
    check(run_part["end"] < run_part["planned_end"], "the end is not before the planned one")
    html = (folder / "report.html").read_text(encoding="utf-8")
    check("The run was stopped on request" in html, "no banner in the report")


def has_handler(process, number):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"^SigCgt:\s*(\w+)", status, re.M).group(1), 16) >> (number - 1) & 1


def second_signal_ends_at_once(work):
    folder = work / "ended"
    t = Terminal(write_site(work, 36000), "-o", str(folder))
    t.wait_for(rb"  [12] %")
    t.process.send_signal(signal.SIGINT)
    while t.process.poll() is None and has_handler(t.process, signal.SIGINT):
        time.sleep(0.001)
    t.process.send_signal(signal.SIGINT)
    t.finish()
    check(t.process.returncode == -signal.SIGINT, f"exit {t.process.returncode}")


def main():
    work = pathlib.Path(tempfile.mkdtemp())
    try:
        for test in (files_are_sound_and_reproducible, languages_and_quiet, rerun_replaces,
                     wrong_arguments, unwritable_places, files_that_cannot_grow, full_disk,
                     progress_line, second_signal_ends_at_once):
            test(work)
        for number in (signal.SIGINT, signal.SIGTERM):
            first_signal_keeps_the_result(work, number)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print("simulate.py: passed")


if __name__ == "__main__":
    main()
