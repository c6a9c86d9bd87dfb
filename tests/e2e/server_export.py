#!/usr/bin/env python3
"""Exports: what was brought in comes out of CSV and of Excel workbooks, memory does not grow with it, no file is left over.

usage: [with_postgres.py] server_export.py SEIRYUD [POINTS]
"""
import csv
import datetime
import io
import os
import pathlib
import sys
import xml.etree.ElementTree
import zipfile

from server_case import Server, check

POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
BEGIN = datetime.datetime(2024, 2, 28, 0, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=9)))
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
            rows.append([cells.get(letter, "") for letter in "ABCDEF"])
            row.clear()
    return rows


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
        path = f"/api/v1/sites/{site}/export?from=2024-01-01&to=2034-01-01"
        before = server.rss_kb()
        status, text = api.ask("GET", path)
        check(status == 200 and api.head["Content-Type"].startswith("text/csv"), "CSV")
        check(text.startswith("\ufefftime,".encode()), "byte order mark")
        rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))
        del text
        zn = [r for r in rows[1:] if r[2] == "zn"]
        check(rows[0] == ["time", "station", "channel", "value", "unit", "kind"] and len(zn) == POINTS, f"{len(rows)} lines")
        for i, r in enumerate(zn):
            check(datetime.datetime.fromisoformat(r[0]) == BEGIN + datetime.timedelta(minutes=i) and float(r[3]) == value(i), f"line {r}")
        check(zn[5][5] == "below_loq", "below the limit of quantification")
        status, data = api.ask("GET", path + "&format=xlsx")
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
            check(x[1:3] == c[1:3] and x[4:] == c[4:] and (float(x[3]) == float(c[3]) if c[3] else x[3] == ""), f"row {x} {c}")
        check(api.ask("GET", path + "&format=exe")[0] == 422, "an unknown format")
        left = [p for p in pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir() if "seiryu-export" in target_of(p)]
        check(not left, f"files of exports stay open: {left}")
        check(grown < 60000 or "asan" in sys.argv[1], f"memory grew by {grown} kB for {len(got)} points")
        print(f"{len(got)} points as CSV and as a workbook of {len(data) // 1024} kB in {len(sheets)} sheets; the server grew by {grown} kB")


main()
