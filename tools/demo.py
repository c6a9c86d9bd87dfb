#!/usr/bin/env python3
"""A simulated mine to look at: broker, server, a year of history, stations that go on measuring.

usage: tools/demo.py SEIRYUD MOSQUITTO FOLDER [WEB]

Everything stands below FOLDER and listens on 127.0.0.1 only. The values are made up (seasons, rain, noise, faults of sensors);
nothing of them is measured. A third station is a gate that can be operated; the simulator of the tests plays it.
Prints the address and the one-time token of the first login. Ctrl-C ends all of it.
"""
import base64
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
DAYS = 400  # a year, and some weeks of the year before to compare with
LIVE_S = 10
# key, Japanese and English name, quantity, unit, decimals, limits (of what the chart draws)
CHANNELS = [
    ("ph", "pH", "pH", "ph", "", 2, 5.8, 8.6),
    ("temp", "水温", "Water temperature", "temp", "c", 1, None, None),
    ("ec", "電気伝導率", "Conductivity", "sc", "ms_m", 1, None, None),
    ("flow", "流量", "Flow", "flow", "l_min", 1, None, None),
    ("level", "水位", "Level", "level", "m", 3, None, 1.2),
    ("rain", "雨量", "Rain", "precipitation", "mm", 1, None, None),
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


def with_faults(values, dice, at_s, stuck):
    """What sensors do now and then: a spike in a thousand, and a pH that stands still for a day each month."""
    if dice.random() < 0.001:
        values["ph"] += dice.choice((-2.5, 2.5))
    if at_s // 86400 % 30 == 11:
        values["ph"] = stuck.setdefault("ph", values["ph"])
    else:
        stuck.clear()
    return values


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


def start(seiryud, broker, folder, web, running):
    mqtt, port = free_port(), free_port()
    (folder / "broker.conf").write_text(f"listener {mqtt} 127.0.0.1\nallow_anonymous true\npersistence true\n"
                                        f"persistence_location {folder}/\nmax_inflight_messages 500\n")
    (folder / "seiryud.yaml").write_text(f"store: sqlite:{folder}/store.db\nsecret: key\nhttp: {{port: {port}{f', web: {web}' if web else ''}}}\n"
                                         f"mqtt: {{host: 127.0.0.1, port: {mqtt}}}\n")
    log = open(folder / "demo.log", "w")
    running.append(subprocess.Popen([broker, "-c", f"{folder}/broker.conf"], stdout=log, stderr=log))
    running.append(subprocess.Popen([seiryud, "run", f"{folder}/seiryud.yaml"], stdout=log, stderr=log))
    for p in (mqtt, port):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", p), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"nothing listens: see {folder}/demo.log")
    return mqtt, port


def make_administrator(seiryud, folder, api):
    """The script's own way in, until close_own_way."""
    token = subprocess.run([seiryud, "init-admin", f"{folder}/seiryud.yaml"], check=True, capture_output=True, text=True).stdout.strip()
    password = secrets.token_urlsafe(24)
    api.ask("POST", "/api/v1/first-login", {"token": token, "name": "demo-setup", "password": password})
    answer, response = api.ask("POST", "/api/v1/session", {"name": "demo-setup", "password": password})
    head = {"Cookie": response.getheader("Set-Cookie").split(";")[0], "X-CSRF-Token": answer["csrf"]}
    api.token = api.ask("POST", "/api/v1/tokens", {"name": "demo", "role": "administrator", "days": 1}, head=head)[0]["token"]


def close_own_way(api):
    """Once the administrator of the printed token has a password: the server keeps at least one who can sign in."""
    users = {u["name"]: u for u in api.ask("GET", "/api/v1/users")[0]["users"]}
    if users["admin"]["last_login_us"]:
        api.ask("PATCH", f"/api/v1/users/{users['demo-setup']['id']}", {"active": False})
        return True
    return False


def build_mine(api):
    site = api.ask("POST", "/api/v1/sites", {"key": "demo", "name": "Simulated mine", "name_ja": "模擬鉱山(架空)", "latitude": 39.6,
                                             "longitude": 140.9, "note": "架空のデータ / made-up data"})[0]["id"]
    stations = {}
    for key, ja, en, _ in STATIONS:
        stations[key] = api.ask("POST", f"/api/v1/sites/{site}/stations", {"key": key, "name": en, "name_ja": ja, "interval_s": STEP_S})[0]["id"]
        for channel, name_ja, name, quantity, unit, decimals, low, high in CHANNELS:
            if key == "inlet" and quantity:
                low = high = None  # raw water has no limits to keep
            api.ask("POST", f"/api/v1/stations/{stations[key]}/channels", {"key": channel, "name": name, "name_ja": name_ja, "quantity": quantity,
                                                                           "unit": unit, "decimals": decimals, "low": low, "high": high})
    return site, stations


def add_history(api, stations, weather):
    now = int(time.time()) // STEP_S * STEP_S
    rows, stuck = {key: [] for key in stations}, {key: {} for key in stations}
    head = "time," + ",".join(c[0] for c in CHANNELS) + "\n"
    for at in range(now - DAYS * 86400, now, STEP_S):
        weather.step(at)
        if 3.0 <= (now - at) / 86400 < 3.4:
            continue  # the radio was away and came back
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
        for key, _, _, ph in STATIONS:
            values = with_faults(weather.values(at, ph), weather.dice, at, stuck[key])
            rows[key].append(stamp + "," + ",".join(cells(values)) + "\n")
    for key, lines in rows.items():
        for i in range(0, len(lines), 4000):
            api.ask("POST", f"/api/v1/stations/{stations[key]}/frames", head + "".join(lines[i:i + 4000]), "text/csv")


def set_up_desks(api, site, stations):
    """Quality control over the whole year, a correction, laboratory results, alarms; one of them stands from the start."""
    now_us, year_us, day_us = int(time.time() * 1e6), int(365 * 86400e6), int(86400e6)
    channels = {(s["key"], c["key"]): c["id"] for s in api.ask("GET", f"/api/v1/sites/{site}")[0]["stations"] for c in s["channels"]}
    tests = {"ph": [{"test": "gross-range", "params": {"fail_min": 0, "fail_max": 14, "suspect_min": 2.5, "suspect_max": 9}},
                    {"test": "spike", "params": {"suspect": 0.5, "fail": 1.5}}, {"test": "flat-line", "params": {"suspect_s": 21600, "fail_s": 43200}}],
             "ec": [{"test": "gross-range", "params": {"fail_min": 0, "fail_max": 2000}}, {"test": "spike", "params": {"suspect": 20}}],
             "temp": [{"test": "climatology", "spans": [{"period": "month", "from": 12, "to": 3, "suspect_min": 4, "suspect_max": 13, "fail_min": 0, "fail_max": 30},
                                                        {"period": "month", "from": 4, "to": 11, "suspect_min": 6, "suspect_max": 17, "fail_min": 0, "fail_max": 30}]}]}
    for (station, key), channel in channels.items():
        if key in tests and station in stations:
            api.ask("PUT", f"/api/v1/channels/{channel}/qc", {"tests": tests[key], "from_us": now_us - year_us})
    outlet = channels["outlet", "ph"]
    api.ask("POST", f"/api/v1/channels/{outlet}/layers", {"kind": "correction", "code": "drift", "start_us": now_us - 20 * day_us, "end_us": now_us,
                                                          "params": {"a": 0, "b": 0.15}, "reason": "点検時のずれ(架空) / drift found at a visit (made up)"})
    for months in range(1, 12):
        api.ask("POST", f"/api/v1/sites/{site}/laboratory", {"station": stations["outlet"], "sampled_us": now_us - months * 30 * day_us, "quantity": "ph",
                                                             "value": 7.1 + 0.02 * (months % 3), "unit": "", "laboratory": "架空 / made up"})
    for days, kind, text, cost, hours in ((200, "visit", "定期巡回(架空) / round (made up)", None, 3), (120, "maintenance", "沈殿池の清掃(架空) / settling pond cleaned (made up)", 180000, 16),
                                          (75, "fault", "pH計の電極破損(架空) / pH electrode broken (made up)", None, 2),
                                          (74, "maintenance", "pH電極の交換(架空) / pH electrode replaced (made up)", 42000, 2)):
        api.ask("POST", f"/api/v1/sites/{site}/logbook", {"station": stations["outlet"], "at_us": now_us - days * day_us, "kind": kind, "text": text,
                                                          "cost_yen": cost, "hours": hours})
    alarms = [("inlet", "ec", "Conductivity high", "電気伝導率上昇", "high", 3, {"threshold": 100, "deadband": 5}),
              ("inlet", "flow", "Flow high", "流量増加", "high", 2, {"threshold": 150, "deadband": 20, "on_delay_s": 60, "storm": True}),
              ("outlet", "ph", "pH below the limit", "放流pH下限", "low", 1, {"threshold": 5.8, "deadband": 0.1, "latching": True}),
              ("outlet", "ph", "No data", "データ途絶", "no-data", 2, {"no_data_s": 900, "live_s": 600}),
              ("outlet", "battery", "Battery low", "電池電圧低下", "battery", 3, {"threshold": 11.8, "deadband": 0.2})]
    for station, key, name, name_ja, kind, priority, rule in alarms:
        api.ask("POST", f"/api/v1/channels/{channels[station, key]}/alarms", {"name": name, "name_ja": name_ja, "kind": kind, "priority": priority, "rule": rule})
    api.ask("PUT", f"/api/v1/stations/{stations['inlet']}/storm", {"interval_s": 60, "hold_s": 3600})


def add_gate(api, site, folder, simulator, mqtt):
    """A station that can be operated, played by the simulator of the tests."""
    if not simulator.exists():
        return None
    seed = secrets.token_bytes(32)
    private = b"-----BEGIN PRIVATE KEY-----\n" + base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + seed) + b"\n-----END PRIVATE KEY-----\n"
    public = subprocess.run(["openssl", "pkey", "-pubout", "-outform", "DER"], input=private, check=True, capture_output=True).stdout[-32:]
    station = api.ask("POST", f"/api/v1/sites/{site}/stations", {"key": "s1", "name": "Gate house", "name_ja": "ゲート室"})[0]["id"]
    keys = api.ask("PUT", f"/api/v1/stations/{station}/command-keys", {"address": 1, "answer_key": public.hex()})[0]["keys"]
    points = [("Discharge gate", "放流ゲート", "m", 2, 150, False), ("Dosing pump", "薬注ポンプ", "", 0, 1, True)]
    for number, (name, name_ja, unit, decimals, high, two) in enumerate(points, 1):
        api.ask("POST", f"/api/v1/stations/{station}/command-points", {"point": number, "name": name, "name_ja": name_ja, "unit": unit, "decimals": decimals,
                                                                       "low": 0, "high": high, "tolerance": 1 if high > 1 else 0, "two_persons": two})
    (folder / "s1.command").write_text(json.dumps({"address": 1, "seed": seed.hex(), "keys": [k["public_key"] for k in keys], "points": [
        {"point": n, "min": 0, "max": high, "tolerance": 1 if high > 1 else 0, "two_persons": two} for n, (_, _, _, _, high, two) in enumerate(points, 1)]}))
    return subprocess.Popen([simulator, "127.0.0.1", str(mqtt), "demo", "1", "0", "600", "0", "1000", "0", "0", str(folder)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def go_on(mqtt, weather, api, running):
    way, is_closed = Mqtt(mqtt), False
    while all(process.poll() is None for process in running):
        is_closed = is_closed or close_own_way(api)
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
    for end in (signal.SIGTERM, signal.SIGHUP):  # also when its terminal is closed
        signal.signal(end, lambda *_: sys.exit(0))
    running = []
    try:
        mqtt, port = start(seiryud, broker, folder, sys.argv[4] if len(sys.argv) > 4 else "", running)
        api, weather = Api(port), Weather(1)
        make_administrator(seiryud, folder, api)
        site, stations = build_mine(api)
        print("a year of history for two stations ...", flush=True)
        add_history(api, stations, weather)
        set_up_desks(api, site, stations)
        gate = add_gate(api, site, folder, pathlib.Path(seiryud).resolve().parents[1] / "tests/seiryu-sim", mqtt)
        running += [gate] if gate else []
        user = api.ask("POST", "/api/v1/users", {"name": "admin", "full_name": "管理者", "lang": "ja", "grants": [{"role": "administrator"}]})[0]
        print(f"address / アドレス:       http://127.0.0.1:{port}/\n"
              f"first login / 初回ログイン: user admin, one-time token {user['token']}\n"
              "  open the address, choose \"First sign-in\" and give name, token and a password of 12 or more characters\n"
              "  アドレスを開き、「初回ログイン」で名前・トークン・12文字以上のパスワードを入力する; or / または:\n"
              f"  curl -H 'Content-Type: application/json' -d '{{\"token\":\"{user['token']}\",\"password\":\"...12 or more...\"}}' "
              f"http://127.0.0.1:{port}/api/v1/first-login\nCtrl-C stops", flush=True)
        go_on(mqtt, weather, api, running)
        raise SystemExit(f"one of the programs has ended: see {folder}/demo.log")
    except KeyboardInterrupt:
        print("\nstopped")
    except OSError as lost:  # the broker or the server is gone
        raise SystemExit(f"{lost}: see {folder}/demo.log") from None
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()


main()
