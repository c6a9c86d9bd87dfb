#!/usr/bin/env python3
"""PostgreSQL's log of changes on a full disk: the database ends itself (PANIC) and cannot come up. seiryud outlives it and starts without it.

usage: with_postgres.py --wal MB server_wal.py SEIRYUD

Posts frames of a hundred values by HTTP until they are refused, fills what is left of the disk and begins a new piece of the log meanwhile, kills the server and starts it
while there is no database, makes room, and posts again what was not acknowledged: every value is there once.
"""
import os
import pathlib
import signal
import subprocess
import sys
import time

from server_case import Server, check, until

SKIPPED, ROWS, AT_A_TIME, FIRST_S, STEP_S = 77, 100, 3, 1767193200, 60


def value(row):
    return row * 37 % 1000 / 100


def text(row):
    """ROWS rows of one channel, from row on."""
    return "time,zn\n" + "".join(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(FIRST_S + r * STEP_S))},{value(r)}\n" for r in range(row, row + ROWS))


def post(api, station, row):
    """Was it acknowledged? Rows that were kept without an answer come again, and are known then."""
    try:
        status, answer = api.ask("POST", f"/api/v1/stations/{station}/frames", raw=text(row), head={"Content-Type": "text/csv"})
    except OSError:
        return False
    if status == 429:  # more than the server takes in a second
        time.sleep(1)
        return post(api, station, row)
    check(status in (200, 500, 503), f"a frame gave {status}: {answer}")
    return status == 200


def fill(disk):
    with open(disk / "filler", "ab", buffering=0) as filler:
        for size in (1 << 20, 4096):
            try:
                while True:
                    filler.write(bytes(size))
            except OSError:
                pass


def ask_database(query):
    """Did it answer?"""
    return subprocess.run(["psql", "-q", "-d", os.environ["SEI_TEST_STORE"], "-c", query], capture_output=True, check=False).returncode == 0


def is_down(disk):
    """Recovery may find the room that an old piece of the log has left: then that is filled, too, and the next piece begun."""
    fill(disk)
    ask_database("SELECT pg_switch_wal()")
    return not ask_database("SELECT 1")


def health(api):
    try:
        return api.ask("GET", "/health")[0]
    except OSError:
        return 0


def main():
    disk, log = os.environ.get("SEI_TEST_DISK"), pathlib.Path(os.environ["SEI_TEST_PG_LOG"])
    if not disk:
        print("skipped: no file system can be mounted here (that takes root)")
        return SKIPPED
    disk, refused, row = pathlib.Path(disk), [], 0
    with Server(sys.argv[1]) as server:
        api = server.api
        site = api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine"})["id"]
        station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s1", "name": "S", "interval_s": 60, "transport": "http"})["id"]
        channel = api.good("POST", f"/api/v1/stations/{station}/channels", {"key": "zn", "unit": "mg_l", "decimals": 2})["id"]
        while not refused and row < 15000:
            fill(disk)
            ask_database("SELECT pg_switch_wal()")
            for _ in range(AT_A_TIME):
                if not post(api, station, row):
                    refused.append(row)
                row += ROWS
        check(refused, f"{row} rows went onto a full disk")
        until("PANIC", lambda: "PANIC:  could not write" in log.read_text())
        until("failing health", lambda: is_down(disk) and health(api) == 503)
        server.stop(signal.SIGKILL)
        server.start()
        until("health without a database", lambda: is_down(disk) and health(api) == 503)
        check(not post(api, station, row) or ask_database("SELECT 1"), "a frame is acknowledged without a database")
        (disk / "filler").unlink()
        until("database", lambda: health(api) == 200)
        for again in refused + [row]:
            until("acknowledgement", lambda: post(api, station, again))
        answer = api.good("GET", f"/api/v1/observations?channels={channel}&from=2025-01-01&to=2035-01-01&points=20000")["series"][0]
        n = row + ROWS
        check(answer["time_us"] == [1000000 * (FIRST_S + r * STEP_S) for r in range(n)], f"times: {len(answer['time_us'])} of {n}")
        check(answer["value"] == [value(r) for r in range(n)], "values")
        print(f"the database ended itself, {len(refused)} frames were refused meanwhile; {n} values: each once")
    return 0


sys.exit(main())
