#!/usr/bin/env python3
"""A simulated mine to look at: broker, server, a year of history, stations that go on measuring.

usage: tools/demo.py SEIRYUD MOSQUITTO FOLDER [WEB]

Everything stands below FOLDER and listens on 127.0.0.1 only. The values are made up (seasons, rain, noise); nothing of them
is measured. Prints the address and the one-time token of the first login. Ctrl-C ends all of it.
"""
import http.client
import json
import math
import pathlib
import random
import secrets
import signal
import socket
import struct
import subprocess
import sys
import time

STEP_S = 600
LIVE_S = 10
# key, Japanese and English name, quantity, unit, decimals, limits (of what the chart draws)
CHANNELS = [
    ("ph", "pH", "pH", "ph", "", 2, 5.8, 8.6),
    ("temp", "水温", "Water temperature", "temp", "c", 1, None, None),
    ("ec", "電気伝導率", "Conductivity", "", "ms_m", 1, None, None),
    ("flow", "流量", "Flow", "flow", "l_min", 1, None, None),
    ("level", "水位", "Level", "", "m", 3, None, 1.2),
    ("rain", "雨量", "Rain", "", "mm", 1, None, None),
    ("battery", "電池電圧", "Battery", "", "v", 2, 11.8, None),
]
STATIONS = [("inlet", "坑口", "Adit", 3.4), ("outlet", "放流口", "Outlet", 7.1)]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Api:
    def __init__(self, port):
        self.port, self.token = port, ""

    def ask(self, method, path, body=None, kind="application/json", head=None):
        head = {"Content-Type": kind, **(head or {}), **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.request(method, path, json.dumps(body) if kind == "application/json" and body is not None else body, head)
        r = c.getresponse()
        data = r.read()
        if r.status >= 300:
            raise SystemExit(f"{method} {path}: {r.status} {data.decode(errors='replace')}")
        return json.loads(data) if data else None, r


class Weather:
    """Rain in spells, flow that follows it slowly: made up, but with the shape of the real thing."""

    def __init__(self, seed):
        self.dice, self.rain, self.store = random.Random(seed), 0.0, 0.0

    def step(self, at_s):
        day = (at_s / 86400 + 365.25 * 0.2) % 365.25 / 365.25
        self.season = math.sin(2 * math.pi * (day - 0.3))
        if self.rain == 0 and self.dice.random() < 0.0012 * (1.3 + self.season):
            self.rain = self.dice.expovariate(0.7)
        elif self.rain and self.dice.random() < 0.03:
            self.rain = 0.0
        self.store = self.store * 0.9985 + self.rain
        return self

    def values(self, at_s, ph):
        noise = lambda s: self.dice.gauss(0, s)
        wet = self.store / 100
        flow = 60 + 220 * wet + noise(1)
        sun = max(0.0, math.sin(2 * math.pi * ((at_s + 9 * 3600) % 86400 / 86400 - 0.25)))
        return {"ph": ph - 0.25 * wet + noise(0.02), "temp": 10.5 + 4 * self.season + 0.5 * sun + noise(0.05),
                "ec": 145 / (1 + 0.5 * wet) + noise(0.5), "flow": flow, "level": 0.2 + 0.0022 * flow,
                "rain": self.rain * self.dice.uniform(0.6, 1.4), "battery": 12.5 + 0.9 * sun - 0.25 * (self.season < -0.5) + noise(0.02)}


def cells(values):
    return [f"{values[key]:.{decimals}f}" for key, _, _, _, _, decimals, _, _ in CHANNELS]


class Mqtt:
    """MQTT 3.1.1 with as much of it as one publisher with QoS 1 needs."""

    def __init__(self, port):
        self.socket, self.number = socket.create_connection(("127.0.0.1", port), 5), 0
        self.send(0x10, b"\x00\x04MQTT\x04\x02\x00\x3c" + self.text("demo"))
        self.socket.recv(4)

    @staticmethod
    def text(s):
        return struct.pack(">H", len(s)) + s.encode()

    def send(self, head, body):
        n, length = len(body), b""
        while True:
            length += bytes([n % 128 | (128 if n > 127 else 0)])
            n //= 128
            if not n:
                break
        self.socket.sendall(bytes([head]) + length + body)

    def publish(self, topic, payload):
        self.number = self.number % 65535 + 1
        self.send(0x32, self.text(topic) + struct.pack(">H", self.number) + payload)
        self.socket.recv(4)


def start(seiryud, broker, folder, web):
    mqtt, port = free_port(), free_port()
    (folder / "broker.conf").write_text(f"listener {mqtt} 127.0.0.1\nallow_anonymous true\npersistence true\n"
                                        f"persistence_location {folder}/\nmax_inflight_messages 500\n")
    (folder / "seiryud.yaml").write_text(f"store: sqlite:{folder}/store.db\nsecret: key\nhttp: {{port: {port}{f', web: {web}' if web else ''}}}\n"
                                         f"mqtt: {{host: 127.0.0.1, port: {mqtt}}}\n")
    log = open(folder / "demo.log", "w")
    running = [subprocess.Popen([broker, "-c", f"{folder}/broker.conf"], stdout=log, stderr=log),
               subprocess.Popen([seiryud, "run", f"{folder}/seiryud.yaml"], stdout=log, stderr=log)]
    for p in (mqtt, port):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", p), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"nothing listens: see {folder}/demo.log")
    return running, mqtt, port


def make_administrator(seiryud, folder, api):
    """The script's own way in; closed again when the mine is built."""
    token = subprocess.run([seiryud, "init-admin", f"{folder}/seiryud.yaml"], check=True, capture_output=True, text=True).stdout.strip()
    password = secrets.token_urlsafe(24)
    api.ask("POST", "/api/v1/first-login", {"token": token, "name": "demo-setup", "password": password})
    answer, response = api.ask("POST", "/api/v1/session", {"name": "demo-setup", "password": password})
    head = {"Cookie": response.getheader("Set-Cookie").split(";")[0], "X-CSRF-Token": answer["csrf"]}
    api.token = api.ask("POST", "/api/v1/tokens", {"name": "demo", "role": "administrator", "days": 1}, head=head)[0]["token"]


def build_mine(api):
    site = api.ask("POST", "/api/v1/sites", {"key": "demo", "name": "Simulated mine", "name_ja": "模擬鉱山(架空)", "latitude": 39.6,
                                             "longitude": 140.9, "note": "架空のデータ / made-up data"})[0]["id"]
    stations = {}
    for key, ja, en, _ in STATIONS:
        stations[key] = api.ask("POST", f"/api/v1/sites/{site}/stations", {"key": key, "name": en, "name_ja": ja, "interval_s": STEP_S})[0]["id"]
        for channel, name_ja, name, quantity, unit, decimals, low, high in CHANNELS:
            api.ask("POST", f"/api/v1/stations/{stations[key]}/channels", {"key": channel, "name": name, "name_ja": name_ja, "quantity": quantity,
                                                                           "unit": unit, "decimals": decimals, "low": low, "high": high})
    return site, stations


def add_history(api, stations, weather):
    now = int(time.time()) // STEP_S * STEP_S
    rows = {key: [] for key in stations}
    head = "time," + ",".join(c[0] for c in CHANNELS) + "\n"
    for at in range(now - 365 * 86400, now, STEP_S):
        weather.step(at)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
        for key, _, _, ph in STATIONS:
            rows[key].append(stamp + "," + ",".join(cells(weather.values(at, ph))) + "\n")
    for key, lines in rows.items():
        for i in range(0, len(lines), 4000):
            api.ask("POST", f"/api/v1/stations/{stations[key]}/frames", head + "".join(lines[i:i + 4000]), "text/csv")


def go_on(mqtt, weather):
    way = Mqtt(mqtt)
    while True:
        at = int(time.time())
        weather.step(at)
        for key, _, _, ph in STATIONS:
            values = dict(zip((c[0] for c in CHANNELS), cells(weather.values(at, ph))))
            pack = [{"n": name, "v": float(v), "t": at} for name, v in values.items()]
            way.publish(f"seiryu/v1/demo/{key}/senml", json.dumps(pack).encode())
        time.sleep(LIVE_S)


def main():
    seiryud, broker, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*"):
        old.unlink()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    running, mqtt, port = start(seiryud, broker, folder, sys.argv[4] if len(sys.argv) > 4 else "")
    try:
        api, weather = Api(port), Weather(1)
        make_administrator(seiryud, folder, api)
        site, stations = build_mine(api)
        print("a year of history for two stations ...", flush=True)
        add_history(api, stations, weather)
        user = api.ask("POST", "/api/v1/users", {"name": "admin", "full_name": "管理者", "lang": "ja", "grants": [{"role": "administrator"}]})[0]
        print(f"address / アドレス:       http://127.0.0.1:{port}/\n"
              f"first login / 初回ログイン: user admin, one-time token {user['token']}\n"
              f"  curl -H 'Content-Type: application/json' -d '{{\"token\":\"{user['token']}\",\"password\":\"...12 or more...\"}}' "
              f"http://127.0.0.1:{port}/api/v1/first-login\nCtrl-C stops", flush=True)
        go_on(mqtt, weather)
    except KeyboardInterrupt:
        pass
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


main()
