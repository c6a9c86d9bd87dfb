#!/usr/bin/env python3
"""The server as its users and stations see it, through a real broker with TLS and one right a station.

usage: [with_postgres.py --disk MB] server.py SEIRYUD SIMULATOR MOSQUITTO [SECONDS]

Plays stations whose radio loses and repeats frames and whose clocks jump back by three days half-way. Kills server, broker and stations
with SIGKILL at random moments for SECONDS (5; ./dev soak: longer) while the server's clock jumps by days in both directions (where libfaketime is
installed), leaves the stations alone for 30 days of their time, fills the disk (where a small file system can be mounted), and then asks for
every record: each once, in event-time order, with its own values. Prints counts; in a run of more than 30 seconds also how far it is.
"""
import email.utils
import errno
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from server_case import PASSWORD, SEED, Api, check, first_login, free_port, until

SEIRYUD, SIM, BROKER = sys.argv[1:4]
SECONDS = float(sys.argv[4]) if len(sys.argv) > 4 else 5.0
STATIONS, FIRST_US = 3, 1767193200_000000
INTERVAL_S = 600 if SECONDS > 30 else 3600  # so that 30 days are soon made up for
RECORDS = int(min(SECONDS * 100, 9000))     # of each station while things are killed
OUTAGE = 30 * 86400 // INTERVAL_S
EVERY_MS = max(5, int(700 * SECONDS / RECORDS)) if SECONDS > 30 else 5  # records come as long as things are killed
FULL = 6000 if SECONDS > 30 else 1500  # what a store has room for in its own file is no full disk
JUMP_AT, JUMP_S = RECORDS // 2, 3 * 86400
POSTGRES = os.environ.get("SEI_TEST_STORE")  # a database of with_postgres.py instead of a file
CLOCK = max(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), default=None)
CLOCK_JUMPS_S = (3 * 86400, -2 * 86400, 5400, -5400, 0)


def make_certificates(folder):
    """An authority of one's own, a certificate for broker and server, one a station: the name is the right."""
    then = {**os.environ, "LD_PRELOAD": str(CLOCK), "FAKETIME": "-10d"} if CLOCK else None  # they hold whatever the server's clock says

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder, env=then)
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "20",
            "-subj", "/CN=test authority", "-keyout", "ca.key", "-out", "ca.crt")
    for name in ["127.0.0.1", "seiryud", *(f"s{k}" for k in range(1, STATIONS + 1))]:
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name}",
                "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "20",
                "-copy_extensions", "copy", "-out", f"{name}.crt")


class World:
    """Broker, server and stations in a folder of their own; each can be killed and started again."""

    def __init__(self, folder):
        self.folder, self.running = folder, {}
        self.mqtt, self.http = free_port(), free_port()
        make_certificates(folder)
        (folder / "broker.conf").write_text(f"""
listener {self.mqtt} 127.0.0.1
cafile {folder}/ca.crt
certfile {folder}/127.0.0.1.crt
keyfile {folder}/127.0.0.1.key
require_certificate true
use_identity_as_username true
acl_file {folder}/acl
persistence true
persistence_location {folder}/broker/
autosave_on_changes false
autosave_interval 1
max_inflight_messages 500
max_queued_messages 100000
log_type error
log_type warning
log_type notice
log_type information
log_type subscribe
user root
""")
        (folder / "acl").write_text("user seiryud\ntopic readwrite #\n" +
                                    "pattern write seiryu/v1/mine/%u/rec\npattern read seiryu/v1/mine/%u/down\n" +
                                    "pattern write seiryu/v1/mine/%u/ack\npattern read seiryu/v1/mine/%u/cmd\n")
        (folder / "broker").mkdir()
        (folder / "disk").mkdir()
        self.disk, self.n_jumps = folder / "disk", 0
        self.set_clock(0)
        (folder / "seiryud.yaml").write_text(f"""
store: {POSTGRES or f"sqlite:{folder}/disk/store.db"}
secret: key
ask_after_s: 1
http: {{port: {self.http}, web: web}}
webhook: {{hosts: alarm.example.jp}}
mqtt: {{host: 127.0.0.1, port: {self.mqtt}, ca: ca.crt, certificate: seiryud.crt, key: seiryud.key}}
""")
        (folder / "web").mkdir()
        (folder / "web/index.html").write_text("<!doctype html><title>page</title>")

    def commands(self, name, records, every_ms):
        return {"broker": [BROKER, "-c", f"{self.folder}/broker.conf"],
                "server": [SEIRYUD, "run", f"{self.folder}/seiryud.yaml"],
                "stations": [SIM, "127.0.0.1", str(self.mqtt), "mine", str(STATIONS), str(FIRST_US), str(INTERVAL_S), str(records),
                             str(every_ms), "0.1", "0.1", str(self.folder), f"{self.folder}/ca.crt", str(self.folder), str(JUMP_AT), str(JUMP_S)]}[name]

    def set_clock(self, ahead_s):
        """The server's clock, and that of no other, goes ahead or behind by so much, from now on."""
        (self.folder / "clock.new").write_text(f"{ahead_s:+d}\n")
        os.replace(self.folder / "clock.new", self.folder / "clock")
        self.n_jumps += 1

    def start(self, name, records=0, every_ms=5):
        log, more = open(self.folder / f"{name}.log", "a"), {}
        if CLOCK and name == "server":
            more = {"LD_PRELOAD": str(CLOCK), "FAKETIME_TIMESTAMP_FILE": f"{self.folder}/clock", "FAKETIME_CACHE_DURATION": "1",
                    "FAKETIME_DONT_FAKE_MONOTONIC": "1", "ASAN_OPTIONS": "verify_asan_link_order=0:" + os.environ.get("ASAN_OPTIONS", "")}
        self.running[name] = subprocess.Popen(self.commands(name, records, every_ms), stdout=log, stderr=log, env={**os.environ, **more})

    def kill(self, name, how=signal.SIGKILL):
        process = self.running.pop(name)
        process.send_signal(how)
        return process.wait()

    def wait_http(self):
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.http), 1):
                    return
            except OSError:
                time.sleep(0.05)
        check(False, "the server does not listen: " + (self.folder / "server.log").read_text())

    def stop(self):
        for name in list(self.running):
            self.kill(name)


class Broker:
    """What somebody at the broker can do: listen to everything, publish anything."""

    def __init__(self, world):
        self.world = world

    def arguments(self):
        f = self.world.folder
        return ["-h", "127.0.0.1", "-p", str(self.world.mqtt), "--cafile", f"{f}/ca.crt", "--cert", f"{f}/seiryud.crt", "--key", f"{f}/seiryud.key"]

    def listen(self, topic, form="%x"):
        """A function that gives what came so far: payloads; with another form of mosquitto_sub its lines. What is published from now on is heard."""
        f = self.world.folder / (topic.replace("/", "_").replace("#", "all") + ".heard")
        out = open(f, "wb")
        subscribed = lambda: (self.world.folder / "broker.log").read_text().count(f" 1 {topic}\n")
        before = subscribed()
        self.world.running["listen " + topic] = subprocess.Popen(["mosquitto_sub", *self.arguments(), "-V", "5", "-F", form, "-q", "1", "-t", topic], stdout=out)
        until(f"subscription to {topic}", lambda: subscribed() > before)
        lines = lambda: f.read_text().split("\n")[:-1]
        return (lambda: [bytes.fromhex(line) for line in lines()]) if form == "%x" else lines

    def publish(self, topic, payload):
        subprocess.run(["mosquitto_pub", *self.arguments(), "-q", "1", "-t", topic, "-s" if payload else "-n"], input=payload, check=True)


def build_site(api):
    fields = [{"channel": f"c{i}", "bits": 10, "decimals": 2} for i in range(1, 11)]
    site = api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine", "latitude": 39.1, "longitude": 141.0})["id"]
    channels = {}
    for k in range(1, STATIONS + 1):
        station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": f"s{k}", "name": f"Station {k}", "interval_s": INTERVAL_S,
                                                                     "profiles": [{"number": 1, "fields": fields}]})["id"]
        for i in range(1, 11):
            channels[k, i] = api.good("POST", f"/api/v1/stations/{station}/channels", {"key": f"c{i}", "unit": "mg_l", "decimals": 2})["id"]
    return site, channels


def try_defences(world, api, site, channels):
    status, _ = api.ask("POST", "/api/v1/sites", {"key": "x", "name": "x"}, head={"X-CSRF-Token": "wrong"})
    check(status == 403, f"a change without CSRF token gave {status}")
    api.good("GET", "/")
    check("default-src 'self'" in api.head["Content-Security-Policy"], "CSP")
    for path in ["/../key", "/..%2fkey", "/%2e%2e/key", "/.hidden", "//etc/passwd", "/api/v1/nothing", "/index.php"]:
        check(api.ask("GET", path)[0] in (400, 404), f"{path} is answered")
    check(api.ask("POST", "/api/v1/sites", raw="x" * 100000, head={"Content-Type": "application/json"})[0] == 413, "long body")
    check(api.ask("PUT", "/api/v1/sites")[0] == 405, "method that is not there")
    check(api.ask("GET", f"/api/v1/sites/{site}%27%20OR%201=1")[0] == 404, "SQL in a path")
    check(api.ask("GET", f"/api/v1/observations?channels=1%20OR%201&from=2026-01-01&to=2026-01-02")[0] == 422, "SQL in a query")
    user = api.good("POST", "/api/v1/users", {"name": "eye", "grants": [{"role": "viewer", "site": site}]})
    eye = Api(world.http)
    eye.cookie = "seiryu_session=fixed-by-somebody-else"
    eye.good("POST", "/api/v1/first-login", {"token": user["token"], "password": PASSWORD})
    check(eye.login("eye", PASSWORD)[0] == 200, "viewer's login")
    check("fixed-by-somebody-else" not in eye.cookie, "session fixation")
    check(eye.ask("POST", f"/api/v1/sites/{site}/stations", {"key": "y", "name": "y"})[0] == 403, "a viewer adds a station")
    check(eye.ask("GET", "/api/v1/users")[0] == 403 and eye.ask("GET", "/api/v1/audit")[0] == 403, "a viewer sees users or the audit log")
    other = api.good("POST", "/api/v1/sites", {"key": "other", "name": "Other"})["id"]
    check(eye.ask("GET", f"/api/v1/sites/{other}")[0] == 404, "a site one may not see")
    check([s["key"] for s in eye.good("GET", "/api/v1/sites")["sites"]] == ["mine"], "sites of a viewer")
    layer = api.good("POST", f"/api/v1/channels/{channels[1, 1]}/layers",
                     {"kind": "flag", "start_us": FIRST_US, "end_us": FIRST_US + 1000, "code": "spike", "level": 4, "reason": "fouled"})
    api.good("POST", f"/api/v1/layers/{layer['id']}/undo", {"reason": "it was real"})
    furnish_desks(api, site, channels)
    try_each_route(world, eye)
    path = f"/api/v1/channels/{channels[1, 1]}/layers"
    check(api.good("GET", path)["layers"] == [], "an undone layer holds")
    check(len(api.good("GET", f"{path}?as_of={layer['made_us']}")["layers"]) == 1, "the past state is gone")
    api.good("POST", f"/api/v1/sites/{site}/laboratory", {"sampled_us": FIRST_US, "quantity": "zn", "fraction": "total", "value": 1.2, "unit": "mg_l"})
    check(api.ask("POST", f"/api/v1/sites/{site}/laboratory", {"sampled_us": FIRST_US, "quantity": "zn", "value": 1.2, "unit": "c"})[0] == 422, "zinc in degrees")
    api.good("POST", f"/api/v1/sites/{site}/logbook", {"at_us": FIRST_US, "kind": "visit", "text": "清掃", "cost_yen": 12000})
    check(api.good("GET", f"/api/v1/sites/{site}/logbook")["entries"][0]["text"] == "清掃", "logbook")
    check(api.good("GET", "/api/v1/audit")["chain"]["holds"], "audit chain")
    token = api.good("POST", "/api/v1/tokens", {"name": "export", "role": "viewer", "days": 1})["token"]
    program = Api(world.http)
    check(program.ask("GET", "/metrics", head={"Authorization": f"Bearer {token}"})[0] == 200, "token")
    check(program.ask("POST", "/api/v1/sites", {"key": "z", "name": "z"}, head={"Authorization": f"Bearer {token}"})[0] == 403, "token's role")


def furnish_desks(api, site, channels):
    """Something of every kind that a route's number can name."""
    station = api.good("GET", f"/api/v1/sites/{site}")["stations"][0]["id"]
    api.good("POST", f"/api/v1/channels/{channels[1, 1]}/alarms", {"name": "high", "kind": "high", "priority": 2, "rule": {"threshold": 1e9}})
    api.good("PUT", f"/api/v1/stations/{station}/command-keys", {"address": 1, "answer_key": "00" * 32})
    point = api.good("POST", f"/api/v1/stations/{station}/command-points", {"point": 1, "name": "Gate", "low": 0, "high": 100})["id"]
    api.good("POST", f"/api/v1/command-points/{point}/select", {"value": 1, "reason": "test"})
    check(api.ask("POST", f"/api/v1/sites/{site}/targets", {"kind": "mail", "name": "a", "address": "a@example.jp"})[0] == 422, "mail is on by itself")
    target = {"kind": "webhook", "name": "a", "address": "https://example.jp/"}
    check(api.ask("POST", f"/api/v1/sites/{site}/targets", target)[0] == 422, "a webhook to a host that is not listed")
    api.good("POST", f"/api/v1/sites/{site}/targets", {**target, "address": "https://alarm.example.jp/hook"})


def described_routes():
    """(method, path, least role) of each route that api/openapi.yaml describes."""
    text = (pathlib.Path(__file__).parents[2] / "api/openapi.yaml").read_text()
    path, routes = "", []
    for block in re.split(r"\n(?=  /|    (?:get|post|put|patch|delete):)", text.split("\ncomponents:")[0]):
        if found := re.match(r"  (/\S+):", block):
            path = found.group(1)
        elif found := re.match(r"    (\w+):", block):
            routes.append((found.group(1).upper(), path, re.search(r"x-role: ([\w-]+)", block).group(1)))
    return routes


def status_of(who, method, path, head=None):
    """With a body where the route takes one."""
    status = who.ask(method, path, None if method == "GET" else {}, head)[0]
    return who.ask(method, path, None, head)[0] if status == 413 else status


def try_each_route(world, eye):
    """Nobody passes without a login, and a viewer not where more is asked for; with a wrong CSRF value nothing changes."""
    nobody, routes = Api(world.http), described_routes()
    check(len(routes) > 30, f"{len(routes)} routes are described")
    for method, path, role in routes:
        if role == "none":
            continue
        path = re.sub(r"\{\w+\}", "1", path)
        check(status_of(nobody, method, path) == 401, f"{method} {path} is answered without login")
        if method != "GET":
            check(status_of(eye, method, path, {"X-CSRF-Token": "x" * 43}) == 403, f"{method} {path} takes a wrong CSRF value")
        if role not in ("viewer", "signed-in"):
            check(status_of(eye, method, path) == 403, f"{method} {path} is answered to a viewer")


class Progress:
    """Says at which stage a long run is, and every half minute what it has done there."""

    def __init__(self):
        self.begun = self.said = time.monotonic()

    def say(self, text, every_s=0.0):
        now = time.monotonic()
        if SECONDS > 30 and now - self.said >= every_s:
            self.said = now
            print(f"{'PostgreSQL' if POSTGRES else 'SQLite'}, {now - self.begun:.0f} s: {text}", flush=True)


PROGRESS = Progress()


def kill_at_random(world, dice, records):
    """Each is started again at once, or after half a second, or (the broker) after three."""
    ends, kills = time.monotonic() + SECONDS, {"server": 0, "broker": 0, "stations": 0}
    PROGRESS.say(f"killing things for {SECONDS:.0f} s (seed {SEED})")
    while time.monotonic() < ends:
        PROGRESS.say(f"kills {kills}", 30.0)
        time.sleep(dice.uniform(0.2, 1.0))
        if CLOCK and dice.random() < 0.5:
            world.set_clock(dice.choice(CLOCK_JUMPS_S))
        name = dice.choice(list(kills))
        world.kill(name)
        kills[name] += 1
        if dice.random() < 0.3:
            time.sleep(3.0 if name == "broker" and SECONDS > 30 else 0.5)
        world.start(name, records, EVERY_MS)
    world.set_clock(0)
    return kills


def login_again(world, api):
    """A session ends when the clock says that it is old, also when the clock was wrong."""
    until("the server's own clock", lambda: abs(time.time() - api_clock(world)) < 60)
    until("login", lambda: api.login("chief", PASSWORD)[0] == 200)


def api_clock(world):
    """Seconds, as the server has them."""
    try:
        nobody = Api(world.http)
        nobody.ask("GET", "/health")
        return email.utils.parsedate_to_datetime(nobody.head["Date"]).timestamp()
    except OSError:
        return 0


def wait_for_all(world, api, site, records):
    state, last, since = None, None, time.monotonic()
    while time.monotonic() - since < 60:  # a minute without any progress
        try:
            stations = api.good("GET", f"/api/v1/sites/{site}")["stations"]
            state = [(s["health"]["received"], s["health"]["missing"]) for s in stations]
            if all(s == (records, 0) for s in state):
                return
        except OSError:
            pass
        if state != last:
            last, since = state, time.monotonic()
        PROGRESS.say(f"records received and missing {state} of {records}", 30.0)
        time.sleep(0.1)
    check(False, f"records received and missing {state}, expected {records}, 0")


def wait_for_journals(world, records):
    for _ in range(3000):
        if all((world.folder / f"s{k}.journal").read_text() == f"{records:020d}" for k in range(1, STATIONS + 1)):
            return
        time.sleep(0.05)
    check(False, "stations do not make their records")


def leave_alone(world, records):
    """Neither broker nor server for 30 days of the stations' time."""
    for name in ("server", "broker", "stations"):
        world.kill(name)
    world.start("stations", records + OUTAGE, 1)
    wait_for_journals(world, records + OUTAGE)
    world.start("broker")
    world.start("server")
    world.wait_http()
    return records + OUTAGE


def fill_disk(world, api, site, records):
    """A full disk costs nothing but time: what cannot be kept is not acknowledged, and comes again."""
    if not world.has_disk:
        print("skipped: the full disk (no file system can be mounted here: that takes root)")
        return records
    filler, seen = world.disk / "filler", set()
    world.kill("stations")
    world.start("stations", records + FULL, 3)
    with open(filler, "wb", buffering=0) as file:
        for _ in range(1200):
            try:
                room = os.statvfs(filler)
                left = room.f_bavail * room.f_frsize
                while left > 0:
                    left -= file.write(bytes(min(left, 1 << 20)))
            except OSError as full:  # the server took the rest
                check(full.errno == errno.ENOSPC, f"the disk: {full}")
            if "disk full" in (world.folder / "server.log").read_text():
                seen.add("log")
            if api.ask("GET", "/health")[0] == 503:
                seen.add("health")
            if len(seen) == 2:
                break
            time.sleep(0.05)
    check(len(seen) == 2, f"a full disk is told by {seen or 'nothing'} only")
    world.kill("server")
    world.start("server")
    world.wait_http()
    wait_for_journals(world, records + FULL)
    filler.unlink()
    return records + FULL


def check_points(api, channels, records):
    points = 0
    order = sorted((FIRST_US + (n * INTERVAL_S - (JUMP_S if n >= JUMP_AT else 0)) * 1000000, n) for n in range(records))
    for (k, i), channel in channels.items():
        answer = api.good("GET", f"/api/v1/observations?channels={channel}&from=2025-01-01&to=2030-01-01&points=20000")
        series = answer["series"][0]
        check(series["mode"] == "points" and len(series["time_us"]) == records, f"station {k} channel {i}: {len(series['time_us'])} points")
        check(series["time_us"] == [t for t, _ in order], "times")
        check(series["value"] == [(n * 37 + i * 101 + k * 13) % 1000 / 100 for _, n in order], "values")
        points += records
    return points


def check_maintenance(world):
    config = f"{world.folder}/seiryud.yaml"
    for verb in (["check", config], ["verify-audit", config], ["backup", config, f"{world.folder}/copy.db"]):
        result = subprocess.run([SEIRYUD, *verb], capture_output=True, text=True)
        check(result.returncode == 0, f"{verb[0]}: {result.stderr}")
    check((world.folder / "copy.db").stat().st_size > 10000, "backup")
    refused = subprocess.run([SEIRYUD, "backup", config, f"{world.folder}/copy.db"], capture_output=True, text=True)
    check("there already" in refused.stderr, "a backup over another")
    if POSTGRES:
        alone = subprocess.run([SEIRYUD, "backup", config, f"{world.folder}/no"], capture_output=True, text=True, env={"PATH": "/nowhere"})
        check(alone.returncode != 0 and "no program pg_dump" in alone.stderr, f"without pg_dump: {alone.stderr}")


def state_of(world):
    """Of the store, to see that nothing changed: the file, or what the database's tables hold."""
    if not POSTGRES:
        return (world.folder / "disk/store.db").read_bytes()
    return sql(world, "SELECT count(*), max(id) FROM audit; SELECT count(*) FROM segment; SELECT count(*) FROM point;"
                      " SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")


def sql(world, text):
    if POSTGRES:
        return subprocess.run(["psql", "-qtA", "-d", POSTGRES, "-c", text], text=True, capture_output=True, check=True).stdout
    with sqlite3.connect(f"file:{world.folder}/disk/store.db?mode=ro", uri=True) as db:
        return str(db.execute(text).fetchone()[0])


def try_restore(world, points):
    """A copy takes the place of the store only when it is one, is whole, and no server runs."""
    config = f"{world.folder}/seiryud.yaml"

    def restore(name):
        return subprocess.run([SEIRYUD, "restore", config, world.folder / name], capture_output=True, text=True)
    check("stop it first" in restore("copy.db").stderr, "a restore under a running server")
    check(world.kill("server", signal.SIGTERM) == 0, "SIGTERM ends the server with 0")
    whole = (world.folder / "copy.db").read_bytes()
    (world.folder / "empty").write_bytes(b"")
    (world.folder / "text").write_bytes(b"no database " * 1000)
    (world.folder / "half").write_bytes(whole[:len(whole) // 2 & ~4095])
    bad = ["empty", "text", "half", "absent"]
    if POSTGRES:  # a sound copy of something else, by the database's own program
        subprocess.run(["pg_dump", "-Fc", "-n", "pg_toast", "-d", POSTGRES, "-f", world.folder / "other"], check=True)
        bad.append("other")
    before = state_of(world)
    for name in bad:
        result = restore(name)
        check(result.returncode != 0, f"restored from {name}: {result.stdout}")
    check(state_of(world) == before, "a refused restore changed the store")
    if POSTGRES:  # as a restore leaves it that is killed half-way
        sql(world, "ALTER SCHEMA public RENAME TO seiryu_restoring; CREATE SCHEMA public")
        alone = subprocess.run([SEIRYUD, "run", config], capture_output=True, text=True, timeout=60)
        check(alone.returncode != 0 and "cut short" in alone.stderr, f"a server on half a restore: {alone.stderr}")
    result = restore("copy.db")
    check(result.returncode == 0 and "sound" in result.stdout, f"restore: {result.stderr}")
    if POSTGRES:
        check("before_2" in state_of(world) and "seiryu_restoring" not in state_of(world), "schemas of a restore")
    else:
        check(len(list((world.folder / "disk").glob("store.db.before-*Z"))) == 1 and not list(world.folder.glob("*.restoring*")), "files of a restore")
    world.start("server")
    world.wait_http()
    api = Api(world.http)
    check(api.login("chief", PASSWORD)[0] == 200, "login after a restore")
    actions = [e["action"] for e in api.good("GET", "/api/v1/audit")["entries"]]
    check("restore" in actions, f"a restore leaves no entry: {actions[:5]}")
    check(check_points(api, *points) > 0, "points after a restore")
    check(int(sql(world, "SELECT min(counter) FROM issuer_key")) > 2**20, "counters of tokens after a restore")


def enter_namespace():
    """Mounts of this test are its own and go with it; where that is not allowed, it does without."""
    if os.environ.get("SEI_E2E_MOUNTS") or POSTGRES:
        return
    for how in ("-m", "-rm"):
        tried = subprocess.run(["unshare", how, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"], capture_output=True, check=False)
        if tried.returncode == 0:
            os.execvpe("unshare", ["unshare", how, sys.executable, *sys.argv], {**os.environ, "SEI_E2E_MOUNTS": "1"})


def main():
    enter_namespace()
    dice, records = random.Random(SEED), RECORDS
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-e2e-"))
    world = World(folder)
    try:
        if os.environ.get("SEI_TEST_DISK"):
            world.disk = pathlib.Path(os.environ["SEI_TEST_DISK"])
        world.has_disk = bool(POSTGRES and os.environ.get("SEI_TEST_DISK")) or bool(os.environ.get("SEI_E2E_MOUNTS")) and subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=96m", "none", folder / "disk"], check=False).returncode == 0
        world.start("broker")
        world.start("server")
        world.wait_http()
        api = Api(world.http)
        first_login(SEIRYUD, f"{world.folder}/seiryud.yaml", api)
        site, channels = build_site(api)
        try_defences(world, api, site, channels)
        world.start("stations", records, EVERY_MS)
        kills = kill_at_random(world, dice, records)
        world.wait_http()
        login_again(world, api)
        wait_for_all(world, api, site, records)
        PROGRESS.say("stations alone for 30 days of their time")
        records = leave_alone(world, records)
        wait_for_all(world, api, site, records)
        PROGRESS.say("filling the disk")
        records = fill_disk(world, api, site, records)
        wait_for_all(world, api, site, records)
        PROGRESS.say("asking for every point; backup and restore")
        points = check_points(api, channels, records)
        status = api.good("GET", "/api/v1/status")
        check_maintenance(world)
        try_restore(world, (channels, records))
        check(world.kill("server", signal.SIGTERM) == 0, "SIGTERM ends the server with 0")
        jumps = f"{world.n_jumps} settings of the server's clock" if CLOCK else "server's clock left alone (no libfaketime here)"
        print(f"{'PostgreSQL' if POSTGRES else 'SQLite'}: kills {kills}; {jumps}; {STATIONS} stations: {RECORDS} records of each while things were killed (clock set back at {JUMP_AT}),",
              f"{OUTAGE} of 30 days alone, {records - RECORDS - OUTAGE} on a full disk; {points} points: each once, in order;",
              f"since the last start {status['frames']} frames, {status['points_repeated']} points came again")
    finally:
        world.stop()
        if sys.exc_info()[0]:
            for name in ("server", "broker", "stations"):
                print((folder / f"{name}.log").read_text()[-3000:], file=sys.stderr)
        if os.path.ismount(folder / "disk"):
            subprocess.run(["umount", "-l", folder / "disk"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
