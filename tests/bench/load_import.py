#!/usr/bin/env python3
"""A million points without numbers by HTTP as CSV: points a second until they are on the disk; then what a chart of them takes.

usage: [with_postgres.py --durable] load_import.py SEIRYUD [ROWS]

Two stations of ten channels and ROWS (52560: a year of ten minutes) rows each, in files of a month. The same files once more: all is known. The
chart asks for a year of all twenty channels, as the dashboard does.
"""
import http.client
import math
import os
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
from server_case import Server, check  # noqa: E402

SEIRYUD = sys.argv[1]
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 52560
CHANNELS, FILE_ROWS, STEP_S, BEGIN_S = 10, 4380, 600, 1735689600  # 2025-01-01


def file_of(station, first):
    """Values that wander by hundredths, as of sensors."""
    lines = ["time," + ",".join(f"c{i}" for i in range(CHANNELS))]
    for row in range(first, min(first + FILE_ROWS, ROWS)):
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(BEGIN_S + row * STEP_S))
        lines.append(at + "," + ",".join(f"{5 + i + station + 2 * math.sin(row / 300 + i) + (row * 37 + i * 11) % 7 / 100:.2f}" for i in range(CHANNELS)))
    return ("\n".join(lines) + "\n").encode()


def post_all(server, stations, files):
    """Seconds; and points that were added."""
    begun, added = time.perf_counter(), 0
    for station, texts in zip(stations, files):
        for text in texts:
            answer = server.api.good("POST", f"/api/v1/stations/{station}/frames", raw=text, head={"Content-Type": "text/csv"})
            added += answer["added"]
    return time.perf_counter() - begun, added


def chart(server, channels):
    """Milliseconds between question and answer, fastest and median of many, and the server's processor time for one."""
    path = f"/api/v1/observations?channels={','.join(map(str, channels))}&from=2025-01-01&to=2026-01-01&points=1000"
    connection, times = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60), []
    before = cpu_s(server)
    for _ in range(20):
        begun = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": server.api.cookie})
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - begun) * 1e3)
        check(answer.status == 200 and len(body) > 100000, f"chart: {answer.status}, {len(body)} bytes")
    return min(times), sorted(times)[len(times) // 2], (cpu_s(server) - before) / len(times) * 1e3


def cpu_s(server):
    return sum(float(x) for x in open(f"/proc/{server.process.pid}/stat").read().rsplit(")", 1)[1].split()[11:13]) / os.sysconf("SC_CLK_TCK")


def main():
    store = "PostgreSQL" if os.environ.get("SEI_TEST_STORE") else "SQLite"
    files = [[file_of(s, first) for first in range(0, ROWS, FILE_ROWS)] for s in range(2)]
    with Server(SEIRYUD) as server:
        site = server.api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine"})["id"]
        stations, channels = [], []
        for s in range(2):
            stations.append(server.api.good("POST", f"/api/v1/sites/{site}/stations", {"key": f"s{s}", "name": "S", "interval_s": STEP_S})["id"])
            channels += [server.api.good("POST", f"/api/v1/stations/{stations[s]}/channels", {"key": f"c{i}", "unit": "mg_l"})["id"] for i in range(CHANNELS)]
        points = 2 * ROWS * CHANNELS
        took, added = post_all(server, stations, files)
        check(added == points, f"{added} of {points} points")
        again, added = post_all(server, stations, files)
        check(added == 0, f"{added} points were new the second time")
        fastest, median, cpu = chart(server, channels)
        print(f"{points} points by HTTP as CSV on {store}: {took:.1f} s, {points / took:.0f} points/s on the disk; the same once more {again:.1f} s; "
              f"chart of a year of 20 channels {fastest:.0f} ms fastest, {median:.0f} ms median, {cpu:.0f} ms of the server's processor time; "
              f"memory {server.rss_kb() / 1024:.0f} MB")


main()
