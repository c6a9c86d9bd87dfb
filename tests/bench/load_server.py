#!/usr/bin/env python3
"""A thousand stations through the real broker: points a second from their frames to the disk, and what memory the server takes.

usage: [with_postgres.py --durable] load_server.py SEIRYUD SIMULATOR MOSQUITTO [STATIONS [RECORDS [EVERY_MS]]]

Every station makes a record of ten channels every EVERY_MS (100); the run ends when the server has committed the points of all records of all,
which is then looked up in the store itself. Stations begin with the run, so no run is faster than their RECORDS times EVERY_MS.
"""
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))
from server_case import PASSWORD, Api, check, free_port  # noqa: E402

SEIRYUD, SIM, BROKER = sys.argv[1:4]
STATIONS, RECORDS, EVERY_MS = (int(sys.argv[i]) if len(sys.argv) > i else d for i, d in ((4, 1000), (5, 40), (6, 100)))
POSTGRES = os.environ.get("SEI_TEST_STORE")


def seed(folder):
    """The stations as rows: 11,000 requests would take longer than the run."""
    profile = json.dumps([{"number": 1, "fields": [{"channel": f"c{i}", "bits": 10, "decimals": 2} for i in range(1, 11)]}])
    rows = ["INSERT INTO site VALUES(1, 'mine', 'Mine', '', NULL, NULL, '', 0)"]
    for k in range(1, STATIONS + 1):
        rows.append(f"INSERT INTO station(id, site_id, key, name, name_ja, latitude, longitude, transport, address, interval_s, active, profiles, made_us)"
                    f" VALUES({k}, 1, 's{k}', 'S', '', NULL, NULL, 'mqtt', '', 600, 1, '{profile}', 0)")
        rows += [f"INSERT INTO channel(id, station_id, key, name, name_ja, quantity, unit, decimals, low, high, made_us)"
                 f" VALUES({k * 10 + i}, {k}, 'c{i}', '', '', '', '', 2, NULL, NULL, 0)" for i in range(1, 11)]
    if POSTGRES:
        subprocess.run(["psql", "-q", "-d", POSTGRES], input=";\n".join(["BEGIN", *rows, "COMMIT", ""]), text=True, check=True)
    else:
        with sqlite3.connect(folder / "store.db") as db:
            for row in rows:
                db.execute(row)
        db.close()


def sum_of(folder, column):
    query = f"SELECT CAST(coalesce(sum({column}), 0) AS BIGINT) FROM received"
    if POSTGRES:
        return int(subprocess.run(["psql", "-qtA", "-d", POSTGRES, "-c", query], text=True, capture_output=True, check=True).stdout)
    db = sqlite3.connect(folder / "store.db", timeout=30)
    n = db.execute(query).fetchone()[0]
    db.close()
    return n


def cpu_s(pid):
    return sum(float(x) for x in open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[11:13]) / os.sysconf("SC_CLK_TCK")


def database_cpu_s():
    """Of the database's processes that serve the server."""
    if not POSTGRES:
        return 0.0
    pids = subprocess.run(["psql", "-qtA", "-d", POSTGRES, "-c", "SELECT pid FROM pg_stat_activity WHERE application_name = 'seiryud'"],
                          text=True, capture_output=True, check=True).stdout.split()
    return sum(cpu_s(pid) for pid in pids)


def points_kept(api):
    """The server counts them after their commit."""
    return int(next(x for x in api.good("GET", "/metrics").decode().split("\n") if x.startswith("seiryu_points_total ")).split()[1])


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-load-", dir="/var/tmp"))
    mqtt, web = free_port(), free_port()
    (folder / "broker.conf").write_text(f"listener {mqtt} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\nuser root\n")
    (folder / "seiryud.yaml").write_text(f"store: {POSTGRES or f'sqlite:{folder}/store.db'}\nsecret: key\nask_after_s: 5\n"
                                         f"http: {{port: {web}}}\nmqtt: {{host: 127.0.0.1, port: {mqtt}}}\n")
    log = open(folder / "log", "w")
    token = subprocess.run([SEIRYUD, "init-admin", folder / "seiryud.yaml"], check=True, capture_output=True, text=True).stdout.strip()
    seed(folder)
    running = [subprocess.Popen([BROKER, "-c", folder / "broker.conf"], stdout=log, stderr=log)]
    time.sleep(0.5)
    running.append(subprocess.Popen([SEIRYUD, "run", folder / "seiryud.yaml"], stdout=log, stderr=log))
    time.sleep(1)
    api = Api(web)
    api.good("POST", "/api/v1/first-login", {"token": token, "name": "chief", "password": PASSWORD})
    check(api.login("chief", PASSWORD)[0] == 200, "login")
    server, begun = running[1], time.monotonic()
    running.append(subprocess.Popen([SIM, "127.0.0.1", str(mqtt), "mine", str(STATIONS), "1767193200000000", "600", str(RECORDS), str(EVERY_MS), "0", "0",
                                     folder], stdout=log, stderr=log))
    wanted, most = STATIONS * RECORDS, 0
    try:
        while points_kept(api) < wanted * 10 and time.monotonic() - begun < 600:
            most = max(most, int(next(x for x in open(f"/proc/{server.pid}/status") if x.startswith("VmRSS")).split()[1]))
            check(server.poll() is None, "the server ended")
            time.sleep(0.1)
        took = time.monotonic() - begun
        cpu, database = cpu_s(server.pid), database_cpu_s()
        everything = cpu + database + sum(cpu_s(p.pid) for p in (running[0], running[2]))
        kept = sum_of(folder, "last_seq - first_seq + 1")
        check(kept == wanted, f"{kept} records of {wanted}")
        check(Api(web).ask("GET", "/health")[0] == 200, "health")
        print(f"{STATIONS} stations, {wanted * 10} points by MQTT on {'PostgreSQL' if POSTGRES else 'SQLite'}: {wanted * 10 / took:.0f} points/s in all "
              f"of {STATIONS * 10000 / EVERY_MS:.0f} that come (load of the machine {os.getloadavg()[0]:.0f}); a second of processor time for {wanted * 10 / cpu:.0f} of the server, "
              f"{wanted * 10 / (cpu + database):.0f} of server and database, {wanted * 10 / everything:.0f} with broker and stations; "
              f"memory {most / 1024:.0f} MB at most")
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
            process.wait()
        log.close()
        shutil.rmtree(folder)


main()
