#!/usr/bin/env python3
"""Exports: what was brought in comes out of CSV and of Excel workbooks with its flags, grades, approvals and corrections, memory does not grow
with it, no file is left over.

usage: [with_postgres.py] server_export.py SEIRYUD [POINTS]
"""
import csv
import datetime
import io
import math
import os
import pathlib
import sys
import time
import xml.etree.ElementTree
import zipfile

from server_case import Server, check

POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
BEGIN = datetime.datetime(2024, 2, 28, 0, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=9)))
HEAD = ["time", "station", "channel", "value", "unit", "kind", "flag", "flag_by", "grade", "approval"]
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def value(i):
    return i * 7919 % 100003 / 1000


def bring_in(api):
    site = api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine"})["id"]
    station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s", "name": "S", "interval_s": 600})["id"]
    for key in ("zn", "ph"):
        api.good("POST", f"/api/v1/stations/{station}/channels", {"key": key, "unit": "mg_l" if key == "zn" else "", "decimals": 3})
    for first in range(0, POINTS, 50000):
        rows = (f"{(BEGIN + datetime.timedelta(minutes=i)).isoformat()},{'<' if i == 5 else ''}{value(i)},{'' if i == 6 else '7.5'}\n"
                for i in range(first, min(first + 50000, POINTS)))
        status, answer = api.ask("POST", f"/api/v1/stations/{station}/frames", raw="time,zn,ph\n" + "".join(rows), head={"Content-Type": "text/csv"})
        check(status == 200, f"import: {answer}")
    return site


def sheet_rows(book, name):
    """Rows of a sheet as lists of cells' texts, by column."""
    rows = []
    for _, row in xml.etree.ElementTree.iterparse(book.open(name)):
        if row.tag == NS + "row":
            cells = {}
            for c in row:
                texts = [t.text or "" for t in c.iter() if t.tag in (NS + "v", NS + "t")]
                check(not list(c.iter(NS + "f")), "a formula")
                cells[c.get("r").rstrip("0123456789")] = texts[0] if texts else ""
            rows.append([cells.get(letter, "") for letter in "ABCDEFGHIJKL"])
            row.clear()
    return rows


def try_glance(api):
    """What the list tells of a site without opening it: the newest record, stations that are late, some last values."""
    site = api.good("POST", "/api/v1/sites", {"key": "near", "name": "Near"})["id"]
    now = datetime.datetime.now(BEGIN.tzinfo).replace(microsecond=0)
    for key, minutes in (("on-time", 1), ("late", 20), ("gate", None)):
        station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": key, "name": key, "name_ja": "局", "interval_s": 60})["id"]
        if minutes is None:
            continue  # has no channels: nothing to wait for
        for channel, more in (("battery", {"unit": "v"}), ("zn", {"quantity": "zn", "unit": "mg_l"}), ("ph", {"quantity": "ph", "unit": "", "low": 5.8, "high": 8.6})):
            api.good("POST", f"/api/v1/stations/{station}/channels", {"key": channel, "decimals": 2, **more})
        row = f"time,battery,zn,ph\n{(now - datetime.timedelta(minutes=minutes)).isoformat()},12.5,<0.01,{7 + minutes / 100}\n"
        check(api.ask("POST", f"/api/v1/stations/{station}/frames", raw=row, head={"Content-Type": "text/csv"})[0] == 200, "a row")
    sites = {s["key"]: s for s in api.good("GET", "/api/v1/sites")["sites"]}
    near, mine = sites["near"], sites["mine"]
    check(near["n_late"] == 1 and near["n_stations"] == 3 and mine["n_late"] == 1, f"late: {near['n_late']}, {mine['n_late']}")
    check(near["last_record_us"] == round((now - datetime.timedelta(minutes=1)).timestamp() * 1e6), "the newest record")
    told = [(v["key"], v["station"], v["value"], v["kind"], v["symbol"]) for v in near["values"]]
    check(told == [("ph", "on-time", 7.01, "value", ""), ("ph", "late", 7.2, "value", ""), ("zn", "on-time", 0.01, "below_loq", "mg/L"),
                   ("zn", "late", 0.01, "below_loq", "mg/L")], f"water with limits first, four at most: {told}")
    check(near["values"][0]["low"] == 5.8 and near["values"][0]["station_ja"] == "局", "limits and names")
    check(api.good("GET", f"/api/v1/sites/{site}")["n_late"] == 1, "the site's own answer")


def us(minutes):
    return int(BEGIN.timestamp() * 1e6) + minutes * 60 * 10**6


def try_layers(api, site, path):
    """Flags that overlap, a grade, an approval, corrections; each where it begins and ends; and the state before them."""
    stations = api.good("GET", f"/api/v1/sites/{site}")["stations"]
    ph = next(c["id"] for c in stations[0]["channels"] if c["key"] == "ph")
    add = lambda kind, first, end, **more: api.good("POST", f"/api/v1/channels/{ph}/layers",
                                                    {"kind": kind, "start_us": us(first), "end_us": us(end), "reason": "test", **more})["id"]
    add("flag", 10, 20, code="spike", level=3)
    add("flag", 15, 17, code="gross-range", level=4)
    add("grade", 0, 30, code="fair")
    add("approval", 5, 25, code="approved")
    undone = add("flag", 0, 100, code="mistake", level=4)
    add("correction", 40, 51, code="drift", params={"a": 0, "b": 1})  # nothing at its beginning, +1 at its end
    add("correction", 60, 62, code="delete", params={})
    before = int(time.time() * 1e6)
    api.good("POST", f"/api/v1/layers/{undone}/undo", {"reason": "test"})
    api.good("POST", f"/api/v1/channels/{ph}/layers", {"kind": "correction", "code": "offset", "start_us": us(70), "end_us": us(72), "params": {"a": -0.5},
                                                       "reason": "later"})
    get = lambda more: list(csv.reader(io.StringIO(api.good("GET", f"{path}&channels={ph}{more}").decode("utf-8-sig"))))
    check(len(get("")[0]) == len(HEAD), "raw values have no column for corrected ones")
    rows = get("&corrected=1")
    check(rows[0] == HEAD + ["corrected", "corrected_kind"], f"{rows[0]}")
    for i, r in enumerate(rows[1:101]):
        flag = ["4", "gross-range"] if 15 <= i < 17 else ["3", "spike"] if 10 <= i < 20 else ["", ""]
        kind = "missing" if i == 6 else "value"
        check(r[3] == ("" if i == 6 else "7.5") and r[5] == kind, f"raw value {r}")
        check(r[6:10] == flag + ["fair" if i < 30 else "", "approved" if 5 <= i < 25 else ""], f"minute {i}: {r}")
        # USGS TM1-D3: a correction of two values is spread over the time between them
        moved = 7.5 + (us(i) - us(40)) / (us(51) - 1 - us(40)) if 40 <= i < 51 else 7.0 if 70 <= i < 72 else 7.5
        gone = i == 6 or 60 <= i < 62
        check((r[10] == "" and r[11] == "missing") if gone else (abs(float(r[10]) - moved) < 1e-9 and r[11] == "value"), f"minute {i}: {r}")
    past = get(f"&corrected=1&as_of={before}")
    check(all(r[6:8] == ["4", "gross-range" if 15 <= i < 17 else "mistake"] for i, r in enumerate(past[1:101])), "a flag that was undone later holds in the past")
    check(past[71][10] == "7.5" and rows[71][10] == "7", "a correction that was made later does not hold in the past")
    check(len(rows) == POINTS + 1, f"{len(rows)} lines")
    add("grade", 200, 201, code="=cmd|calc")
    check(get("")[201][8] == "'=cmd|calc", "a code that a spreadsheet would run")
    api.good("POST", f"/api/v1/sites/{site}/logbook", {"at_us": us(0), "kind": "visit", "text": "+1+1, \"清掃\"", "cost_yen": 12000, "station": stations[0]["id"]})
    for name, body in (("logbook", None), ("laboratory", {"sampled_us": us(3), "quantity": "zn", "value": 0.005, "below_loq": True, "unit": "mg_l", "note": "@x"})):
        if body:
            api.good("POST", f"/api/v1/sites/{site}/{name}", body)
        table = list(csv.DictReader(io.StringIO(api.good("GET", f"/api/v1/sites/{site}/{name}?format=csv").decode("utf-8-sig"))))
        check(api.head["Content-Disposition"] == f'attachment; filename="{name}.csv"' and len(table) == 1, f"{name} as a file: {table}")
        if body:
            check(table[0]["below_loq"] == "<" and table[0]["value"] == "0.005" and table[0]["note"] == "'@x" and table[0]["sampled"].startswith("2024-02-28T00:03"), f"{table}")
        else:
            check(table[0]["text"] == "'+1+1, \"清掃\"" and table[0]["station"] == "s" and table[0]["cost_yen"] == "12000", f"{table}")
    check(api.ask("GET", f"{path}&corrected=2")[0] == 422 and api.ask("GET", f"{path}&as_of=then")[0] == 422, "parameters that are none")
    check(all(r[6:10] == [""] * 4 for r in list(csv.reader(io.StringIO(api.good("GET", f"{path}&as_of=1").decode("utf-8-sig"))))[1:]), "nothing held in 1970")


def target_of(link):
    """Of an open file that may be closed by now: the server does other things meanwhile."""
    try:
        return os.readlink(link)
    except FileNotFoundError:
        return ""


def main():
    with Server(sys.argv[1]) as server:
        api = server.api
        site = bring_in(api)
        try_glance(api)
        path = f"/api/v1/sites/{site}/export?from=2024-01-01&to=2034-01-01"
        before = server.rss_kb()
        status, text = api.ask("GET", path)
        check(status == 200 and api.head["Content-Type"].startswith("text/csv"), "CSV")
        check(text.startswith("\ufefftime,".encode()), "byte order mark")
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        del text
        zn = [r for r in rows[1:] if r[2] == "zn"]
        check(rows[0] == HEAD and len(zn) == POINTS, f"{len(rows)} lines")
        for i, r in enumerate(zn):
            check(datetime.datetime.fromisoformat(r[0]) == BEGIN + datetime.timedelta(minutes=i) and float(r[3]) == value(i), f"line {r}")
        check(zn[5][5] == "below_loq", "below the limit of quantification")
        try_layers(api, site, path)
        status, text = api.ask("GET", path + "&corrected=1")
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        del text
        status, data = api.ask("GET", path + "&format=xlsx&corrected=1")
        check(status == 200 and "spreadsheetml" in api.head["Content-Type"] and "observations.xlsx" in api.head["Content-Disposition"], "workbook")
        grown = server.rss_kb() - before
        book = zipfile.ZipFile(io.BytesIO(data))
        check(book.testzip() is None, "the archive is damaged")
        sheets = sorted(n for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
        got = [r for n in sheets for r in sheet_rows(book, n) if r[0] != "time"]
        check(len(got) == len(rows) - 1, f"{len(got)} rows in {len(sheets)} sheets, CSV has {len(rows) - 1}")
        zero = datetime.datetime(1899, 12, 30, tzinfo=BEGIN.tzinfo)
        for x, c in zip(got, rows[1:]):
            at = zero + datetime.timedelta(days=float(x[0]))
            check(abs((at - datetime.datetime.fromisoformat(c[0])).total_seconds()) < 0.01, f"time {x} {c}")
            same = all(float(x[k]) == float(c[k]) if c[k] else x[k] == "" for k in (3, 6))
            same = same and (math.isclose(float(x[10]), float(c[10]), rel_tol=1e-15) if c[10] else x[10] == "")  # a workbook has 16 digits
            check(same and all(x[k] == c[k].removeprefix("'") for k in range(1, 12) if k not in (3, 6, 10)), f"row {x} {c}")
        check(api.ask("GET", path + "&format=exe")[0] == 422, "an unknown format")
        left = [p for p in pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir() if "seiryu-export" in target_of(p)]
        check(not left, f"files of exports stay open: {left}")
        check(grown < 60000 or "asan" in sys.argv[1], f"memory grew by {grown} kB for {len(got)} points")
        print(f"{len(got)} points as CSV and as a workbook of {len(data) // 1024} kB in {len(sheets)} sheets; the server grew by {grown} kB")


main()
