#!/usr/bin/env python3
"""InfluxDB and VictoriaMetrics with the work of bench_server.c: a year of 20 channels in, a chart of it out. Prints one line a row.

usage: peer_server.py

Same machine, same times and batches (2,400 points a request), values that wander by hundredths as there. Over HTTP on the loopback, as both
offer; the text of the requests is made before the clock runs. InfluxDB waits for the disk at each request (its default);
VictoriaMetrics answers before its data is on the disk. Rows of what is not installed are skipped.
"""
import http.client
import json
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

STATIONS, CHANNELS, RECORDS, BATCH, STEP_S, BEGIN_S = 2, 10, 52560, 240, 600, 1704067200


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def batches():
    """Line protocol, a batch a text."""
    dice, level, texts = random.Random(1), {}, []
    for first in range(0, RECORDS // BATCH * BATCH, BATCH):
        for s in range(STATIONS):
            lines = []
            for n in range(first, first + BATCH):
                fields = []
                for c in range(CHANNELS):
                    v = min(19.0, max(1.0, level.get((s, c), 5.0 + c) + dice.uniform(-0.05, 0.05)))
                    level[s, c] = v
                    fields.append(f"c{c}={v + dice.uniform(-0.02, 0.02):.2f}")
                lines.append(f"r,station=s{s} {','.join(fields)} {(BEGIN_S + n * STEP_S) * 1000000000}")
            texts.append("\n".join(lines).encode())
    return texts


class Peer:
    def __init__(self, name, command, port, folder):
        self.name, self.port, self.folder = name, port, folder
        self.log = open(folder / "log", "w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        for _ in range(300):
            try:
                with socket.create_connection(("127.0.0.1", port), 1):
                    break
            except OSError:
                time.sleep(0.1)
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, method, path, body=None):
        self.http.request(method, path, body)
        answer = self.http.getresponse()
        data = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{self.name}: {path} gave {answer.status} {data[:300]}")
        return data

    def rss_mb(self):
        return int(next(x for x in open(f"/proc/{self.process.pid}/status") if x.startswith("VmRSS")).split()[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.log.close()


def run(peer, texts, write, charts, settle):
    points = RECORDS // BATCH * BATCH * STATIONS * CHANNELS
    begun, each = time.perf_counter(), []
    for text in texts:
        one = time.perf_counter()
        peer.ask("POST", write, text)
        each.append((time.perf_counter() - one) / (BATCH * CHANNELS) * 1e6)
    took = time.perf_counter() - begun
    settle()
    times = []
    for _ in range(10):
        one = time.perf_counter()
        found = charts()
        times.append((time.perf_counter() - one) * 1e3)
    if found < 20 * 300:
        raise SystemExit(f"{peer.name}: {found} bins")
    memory = peer.rss_mb()
    peer.stop()
    size = sum(f.stat().st_size for f in peer.folder.rglob("*") if f.is_file() and f.name != "log")
    each.sort()
    times.sort()
    print(f"{peer.name}: ingest {each[len(each) // 2]:.3g} us a point (median; {points / took:.0f} points/s in all), "
          f"{size / points:.2f} bytes a point, chart of a year of 20 channels {times[len(times) // 2]:.3g} ms, memory {memory:.0f} MB")


def influx(texts):
    program = shutil.which("influxd")
    if not program:
        return print("InfluxDB: skipped, not installed (Debian: influxdb)")
    folder, port, rpc = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-influx-", dir="/var/tmp")), free_port(), free_port()
    (folder / "conf").write_text(f"""reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
""")
    peer = Peer("InfluxDB", [program, "-config", str(folder / "conf")], port, folder)
    time.sleep(1)
    peer.ask("POST", "/query?q=" + urllib.parse.quote("CREATE DATABASE m"))

    def charts():
        fields = ",".join(f"mean(c{c}),min(c{c}),max(c{c})" for c in range(CHANNELS))
        q = f"SELECT {fields} FROM r WHERE time >= {BEGIN_S}s AND time < {BEGIN_S + 365 * 86400}s GROUP BY time(12h), station"
        answer = json.loads(peer.ask("GET", "/query?db=m&q=" + urllib.parse.quote(q)))
        return sum(len(s["values"]) for s in answer["results"][0]["series"]) * CHANNELS
    run(peer, texts, "/write?db=m", charts, lambda: time.sleep(2))
    shutil.rmtree(folder)
    return None


def victoria(texts):
    program = shutil.which("victoria-metrics") or shutil.which("victoria-metrics-prod")
    if not program:
        return print("VictoriaMetrics: skipped, not installed (Debian: victoria-metrics)")
    folder, port = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-vm-", dir="/var/tmp")), free_port()
    peer = Peer("VictoriaMetrics", [program, f"-storageDataPath={folder}/data", f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y",
                                    "-search.maxPointsPerTimeseries=100000"], port, folder)

    def charts():
        n = 0
        for how in ("avg", "min", "max"):
            query = urllib.parse.urlencode({"query": f'{how}_over_time({{__name__=~"r_c.+"}}[12h])', "start": BEGIN_S, "end": BEGIN_S + 364 * 86400,
                                            "step": "12h", "nocache": "1"})
            n += sum(len(r["values"]) for r in json.loads(peer.ask("GET", "/api/v1/query_range?" + query))["data"]["result"])
        return n // 3
    run(peer, texts, "/write", charts, lambda: (peer.ask("GET", "/internal/force_flush"), time.sleep(1)))
    shutil.rmtree(folder)
    return None


def main():
    texts = batches()
    influx(texts)
    victoria(texts)


sys.exit(main())
