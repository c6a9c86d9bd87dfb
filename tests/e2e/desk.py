#!/usr/bin/env python3
"""Alarms, quality control, corrections and remote operation of the server, through a real broker with a simulated station.

usage: [with_postgres.py] desk.py SEIRYUD SIMULATOR MOSQUITTO

A mail server and a receiver of webhooks stand on the loopback. Attacks on commands (forged, changed, replayed tokens and answers)
go through the broker, as an attacker's would who got hold of it.
"""
import hashlib
import http.server
import json
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from server import FIRST_US, INTERVAL_S, SEIRYUD, Broker, World
from server_case import PASSWORD, Api, check, first_login, until

US = 1_000_000
SEED = hashlib.sha256(b"a simulated station").hexdigest()


# ---- who is told ----------------------------------------------------------------------------------------


class Hook(http.server.BaseHTTPRequestHandler):
    got, fail, seen = [], 1, 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Hook.seen += 1
        if self.path == "/elsewhere":  # leads to an address that is not in the list
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
        elif Hook.fail > 0:
            Hook.fail -= 1
            self.send_response(503)
        else:
            Hook.got.append((self.path, json.loads(body)))
            self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Mail(threading.Thread):
    """As much SMTP as one message needs; takes nothing before STARTTLS."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.got = self.listener.getsockname()[1], []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "127.0.0.1.crt", folder / "127.0.0.1.key")

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            try:
                self.talk(connection)
            except OSError:
                pass

    def talk(self, connection):
        say = lambda text: connection.sendall(text.encode() + b"\r\n")
        secure, to, lines = False, "", connection.makefile("rb")
        say("220 test")
        while line := lines.readline().decode().strip():
            word = line.upper()
            if word.startswith(("EHLO", "HELO")):
                say("250-test\r\n250 STARTTLS" if not secure else "250 test")
            elif word == "STARTTLS":
                say("220 go")
                connection = self.context.wrap_socket(connection, server_side=True)
                secure, lines = True, connection.makefile("rb")
                say = lambda text, c=connection: c.sendall(text.encode() + b"\r\n")
            elif not secure:
                say("530 TLS first")
            elif word == "DATA":
                say("354 go")
                data = b""
                while (part := lines.readline()) != b".\r\n":
                    data += part
                self.got.append((to, data.decode()))
                say("250 ok")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                to = line if word.startswith("RCPT") else to
                say("250 ok")


# ---- frames by hand -------------------------------------------------------------------------------------


def send_values(api, station, rows):
    """(microseconds, value) of channel ph, by HTTP."""
    text = "time,ph\n" + "".join(f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(t // US))}.{t % US:06d}Z,{v}\n" for t, v in rows)
    status, answer = api.ask("POST", f"/api/v1/stations/{station}/frames", raw=text, head={"Content-Type": "text/csv"})
    check(status == 200, f"values: {status} {answer}")
    return answer


def now_us():
    return time.time_ns() // 1000


# ---- alarms ---------------------------------------------------------------------------------------------


def alarm_of(api, alarm):
    return next(a for a in api.good("GET", "/api/v1/alarms")["alarms"] if a["id"] == alarm)


def try_alarms(api, world, site, station, channel, hook, mail):
    def target(kind, address, **more):
        return api.ask("POST", f"/api/v1/sites/{site}/targets", {"kind": kind, "name": kind, "address": address, **more})
    for address in ("https://example.com/", f"http://127.0.0.2:{hook.server_port}/", "ftp://127.0.0.1/", f"http://user@127.0.0.1:{hook.server_port}/", "no url"):
        check(target("webhook", address)[0] == 422, f"webhook {address}")
    for address in ("a@b\r\nRCPT TO:<x@y>", "<a@b.jp>", "a b@c.jp", "@b.jp", "a@"):
        check(target("mail", address)[0] == 422, f"mail {address}")
    hooked = target("webhook", f"http://127.0.0.1:{hook.server_port}/hook", lang="en")[1]["id"]
    astray = target("webhook", f"http://127.0.0.1:{hook.server_port}/elsewhere")[1]["id"]
    mailed = target("mail", "kanri@example.jp", lang="ja")[1]["id"]
    path = f"/api/v1/channels/{channel}/alarms"
    rule = {"threshold": 5.8, "deadband": 0.2, "notify": [hooked, astray, mailed], "storm": True, "steps": [{"after_s": 1, "target": hooked}]}
    for bad in ({"kind": "low", "rule": {}}, {"kind": "low", "rule": {"threshold": "x"}}, {"kind": "sideways", "rule": {"threshold": 1}},
                {"kind": "low", "rule": {"threshold": 1, "treshold": 1}}, {"kind": "low", "rule": {"threshold": 1, "notify": [999]}},
                {"kind": "no-data", "rule": {}}, {"kind": "low", "priority": 5, "rule": {"threshold": 1}}):
        check(api.ask("POST", path, {"name": "x", "priority": 1, **bad})[0] in (404, 422), f"alarm {bad}")
    alarm = api.good("POST", path, {"name": "pH low", "name_ja": "pH低下", "kind": "low", "priority": 1, "rule": rule})["id"]
    api.good("PUT", f"/api/v1/stations/{station}/storm", {"interval_s": 60, "hold_s": 0})

    t = now_us()
    send_values(api, station, [(t - 86400 * US - k, 4.0) for k in range(3)])
    check(alarm_of(api, alarm)["stand"] == "normal", "backfill fired a live alarm")
    kinds = [e["kind"] for e in api.good("GET", f"/api/v1/alarms/{alarm}/events")["events"]]
    check(kinds == ["past"] * 3 and not hook.RequestHandlerClass.seen, f"backfill: {kinds}")
    send_values(api, station, [(t, 7.0), (t + US, 5.0)])
    check(alarm_of(api, alarm)["stand"] == "unacknowledged", "a breach did not fire")
    send_values(api, station, [(t + US, 5.0), (t - 3600 * US, 3.0)])  # again, and late
    events = api.good("GET", f"/api/v1/alarms/{alarm}/events")["events"]
    check([e["action"] for e in events if e["kind"] == "moved"] == ["activate"], "repeated and late records moved the alarm")
    check(next(e for e in events if e["kind"] == "moved")["time_us"] == t + US, f"the event is not dated to the record {t + US}: {events}")
    got = until("webhook of the breach and the escalation", lambda: len(Hook.got) >= 2 and Hook.got, 120)
    check({m["what"] for _, m in got} == {"moved", "escalate"} and all(m["alarm"] == "pH low" and m["value"] == 5 for _, m in got), f"webhook {got}")
    check(all(p == "/hook" for p, _ in got), "a redirect was followed")
    to, text = until("mail", lambda: mail.got and mail.got[0], 120)
    check("kanri@example.jp" in to and "Subject: =?UTF-8?B?" in text and max(map(len, text.split("\r\n"))) <= 78, f"mail {text}")
    failed = until("failed target", lambda: api.good("GET", f"/api/v1/sites/{site}/targets")["failed"])
    check(any(f["target"] == astray for f in failed), f"failed {failed}")
    until("storm mode at the station", lambda: (world.folder / "s1.rate").exists() and (world.folder / "s1.rate").read_text() == "60 60\n")
    check(next(s for s in api.good("GET", "/api/v1/alarms")["storms"] if s["station"] == station)["on"], "storm mode is not shown")
    try_actions(api, alarm)
    send_values(api, station, [(t + 3 * US, 5.9)])
    check(alarm_of(api, alarm)["breached"], "it ended within the deadband")
    send_values(api, station, [(t + 4 * US, 6.5)])
    check(alarm_of(api, alarm)["stand"] == "normal", "it did not end")
    until("end of storm mode", lambda: (world.folder / "s1.rate").read_text() == "0 0\n")
    csv = api.good("GET", f"/api/v1/sites/{site}/alarm-events?from=2020-01-01&to=2100-01-01&format=csv").decode("utf-8-sig")
    check("'=1+1" in csv and csv.count("\r\n") > 8, "export of events")
    return alarm


RECORDS = 60


def add_numbered(api, site):
    """A station whose numbered records come by radio, some lost, some twice, all long past, while everything else is tried."""
    fields = [{"channel": f"c{i}", "bits": 10, "decimals": 2} for i in range(1, 11)]
    station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s2", "name": "Second", "interval_s": 600, "profiles": [{"number": 1, "fields": fields}]})["id"]
    channel = api.good("POST", f"/api/v1/stations/{station}/channels", {"key": "c1", "unit": ""})["id"]
    alarm = api.good("POST", f"/api/v1/channels/{channel}/alarms", {"name": "c1", "kind": "high", "priority": 4, "rule": {"threshold": 5}})["id"]
    return station, alarm


def try_numbered(api, station, alarm):
    """Each breach is told once, whatever came again, and whichever server was killed meanwhile."""
    until("all records", lambda: (h := api.good("GET", f"/api/v1/stations/{station}")["health"])["received"] == RECORDS and h["missing"] == 0)
    times = [e["time_us"] for e in api.good("GET", f"/api/v1/alarms/{alarm}/events?limit=1000")["events"] if e["kind"] == "past"]
    wanted = [FIRST_US + n * INTERVAL_S * US for n in range(RECORDS) if (n * 37 + 101 + 26) % 1000 / 100 > 5]
    check(sorted(times) == wanted, f"{len(times)} breaches told of {len(wanted)}")


def try_actions(api, alarm):
    path = f"/api/v1/alarms/{alarm}/actions"
    check(api.ask("POST", path, {"action": "shelve", "until_us": now_us() + 60 * US})[0] == 422, "shelved without a reason")
    check(api.ask("POST", path, {"action": "shelve", "note": "x", "until_us": now_us() + 10**6 * US})[0] == 422, "shelved for too long")
    check(api.ask("POST", path, {"action": "activate"})[0] == 422, "a person activates")
    check(api.ask("POST", path, {"action": "reset"})[0] == 409, "reset of what does not latch")
    check(api.good("POST", path, {"action": "acknowledge", "note": "=1+1"})["stand"] == "acknowledged", "acknowledge")
    check(api.ask("POST", path, {"action": "acknowledge"})[0] == 409, "acknowledged twice")
    check(api.good("POST", path, {"action": "shelve", "note": "visit", "until_us": now_us() + 3600 * US})["stand"] == "shelved", "shelve")
    check(api.good("POST", path, {"action": "unshelve"})["stand"] == "unacknowledged", "unshelve")
    api.good("POST", path, {"action": "acknowledge"})
    events = api.good("GET", f"/api/v1/alarms/{alarm}/events")["events"]
    check({e["actor"] for e in events if e["action"] in ("acknowledge", "shelve")} == {"chief"}, "who did it")


def add_silent(api, world, channel):
    """An alarm that falls due by the clock alone, also over a restart."""
    path = f"/api/v1/channels/{channel}/alarms"
    silent = api.good("POST", path, {"name": "silent", "kind": "no-data", "priority": 3, "rule": {"no_data_s": 2, "live_s": 1}})["id"]
    world.kill("server")
    world.start("server")
    world.wait_http()
    return silent


def try_time_alarms(api, silent, station, channel):
    """It fell due with nothing said; a forecast moves its alarm."""
    path = f"/api/v1/channels/{channel}/alarms"
    until("no-data alarm", lambda: alarm_of(api, silent)["stand"] == "unacknowledged")
    check(api.good("PATCH", f"/api/v1/alarms/{silent}", {"active": False})["active"] is False, "switch off")
    high = api.good("POST", path, {"name": "flood", "kind": "forecast-high", "priority": 2, "rule": {"threshold": 9}})["id"]
    check(api.ask("POST", f"/api/v1/channels/{channel}/forecast", {"made_us": now_us(), "highest": 9.5})[0] == 204, "forecast")
    check(alarm_of(api, high)["stand"] == "unacknowledged", "a forecast beyond the limit")
    send_values(api, station, [(now_us(), 7.0)])
    check(alarm_of(api, high)["breached"], "a measurement moved an alarm of the forecast")
    api.ask("POST", f"/api/v1/channels/{channel}/forecast", {"made_us": now_us(), "highest": 8})
    check(not alarm_of(api, high)["breached"], "a forecast within the limit")


# ---- quality control and corrections --------------------------------------------------------------------


def flags_of(api, channel, query=""):
    return [(f["code"], f["level"], f["start_us"], f["end_us"], f["author"]) for f in
            api.good("GET", f"/api/v1/channels/{channel}/layers{query}")["layers"] if f["kind"] == "flag"]


def settled(api, channel):
    return until("end of quality control", lambda: not api.good("GET", f"/api/v1/channels/{channel}/qc")["due"])


def flagged(api, channel):
    """(code, level, index of the minute) as set of all records flagged."""
    return {(c, level, (t - START) // MINUTE) for c, level, a, e, _ in flags_of(api, channel) for t in range(a, e, MINUTE)}


MINUTE, START = 60 * US, 1767225600 * US


def try_quality(api, station, channel):
    tests = [{"test": "gross-range", "params": {"fail_min": 0, "fail_max": 14, "suspect_min": 4, "suspect_max": 9}},
             {"test": "spike", "params": {"suspect": 1, "fail": 3}}, {"test": "flat-line", "params": {"suspect_s": 300, "fail_s": 600}}]
    path = f"/api/v1/channels/{channel}/qc"
    for bad in ([{"test": "x"}], [{"test": "spike", "params": {"heigth": 1}}], [{"test": "gross-range"}], [{"test": "neighbour", "params": {"suspect": 1}}],
                [{"test": "neighbour", "params": {"suspect": 1}, "other": 99999}], {"test": "spike"}):
        check(api.ask("PUT", path, {"tests": bad})[0] in (404, 422), f"tests {bad}")
    api.good("PUT", path, {"tests": tests})
    wave = lambda k: 6.5 + 0.3 * (k % 3 - 1)
    values = {k: wave(k) for k in range(40)}
    values.update({5: 15.0, 10: 8.2, 20: 9.4})  # beyond the sensor; a spike of 1.7 over its neighbours; above what is usual
    first = {k: v for k, v in values.items() if not 9 <= k <= 11}
    send_values(api, station, [(START + k * MINUTE, v) for k, v in first.items()])
    settled(api, channel)
    check(("gross-range", 4, 5) in flagged(api, channel) and ("spike", 4, 5) in flagged(api, channel), f"flags {flags_of(api, channel)}")
    check(("gross-range", 3, 20) in flagged(api, channel) and not any(k == 10 for _, _, k in flagged(api, channel)), "flags of what was not there")
    send_values(api, station, [(START + k * MINUTE, values[k]) for k in (9, 10, 11)])  # late
    settled(api, channel)
    check(("spike", 3, 10) in flagged(api, channel), f"a late spike: {flags_of(api, channel)}")
    send_values(api, station, [(START + k * MINUTE, 6.6) for k in range(40, 60)])
    settled(api, channel)
    flat = sorted(k for c, level, k in flagged(api, channel) if c == "flat-line" and level == 4)
    check(flat == list(range(50, 60)), f"ten minutes without a change: {flat}")
    check(all(author == "qc" for *_, author in flags_of(api, channel)), "author of flags")
    mine = next(f for f in api.good("GET", f"/api/v1/channels/{channel}/layers")["layers"] if f["code"] == "gross-range" and f["level"] == 3)
    api.good("POST", f"/api/v1/layers/{mine['id']}/undo", {"reason": "it was measured by hand, too"})
    before = flags_of(api, channel)
    api.good("PUT", path, {"tests": tests, "from_us": START})
    settled(api, channel)
    check(flags_of(api, channel) == before, "a run over the same records changed flags, or set again what a person undid")
    as_of = now_us()
    time.sleep(0.01)
    api.good("PUT", path, {"tests": tests[:1], "from_us": START})
    settled(api, channel)
    check({c for c, *_ in flags_of(api, channel)} == {"gross-range"}, "flags of tests that are switched off")
    check(flags_of(api, channel, f"?as_of={as_of}") == before, "the past state is gone")
    return as_of


def try_corrections(api, site, station, channel):
    path = f"/api/v1/channels/{channel}/layers"
    span = {"kind": "correction", "start_us": START, "end_us": START + 40 * MINUTE + 1}
    read = lambda more="": api.good("GET", f"/api/v1/observations?channels={channel}&from={START}&to={START + 41 * MINUTE}&points=1000{more}")["series"][0]
    for bad in ({"code": "wish", "params": {"a": 1}}, {"code": "offset", "params": {}}, {"code": "drift", "params": {"a": 0, "b": "x"}}):
        check(api.ask("POST", path, {**span, "reason": "x", **bad})[0] == 422, f"correction {bad}")
    raw = read()["value"]
    layer = api.good("POST", path, {**span, "code": "drift", "params": {"a": 0.0, "b": 0.8}, "reason": "drift"})
    fixed = read("&corrected=1")["value"]
    check(all(abs(f - r - 0.8 * k / 40) < 1e-9 for k, (r, f) in enumerate(zip(raw, fixed)) if k < 40), "drift in a straight line")
    check(read()["value"] == raw, "raw values changed")
    bins = api.good("GET", f"/api/v1/observations?channels={channel}&from={START}&to={START + 40 * MINUTE}&points=10&corrected=1")["series"][0]
    n, total = sum(bins["n"]), sum(m * k for m, k in zip(bins["value"], bins["n"]))
    check(bins["mode"] == "bins" and n == 40 and abs(total - sum(fixed[:40])) < 1e-6, "bins of corrected values")
    as_of = now_us()
    time.sleep(0.01)
    api.good("POST", f"/api/v1/layers/{layer['id']}/undo", {"reason": "wrong sensor"})
    check(read("&corrected=1")["value"] == raw, "an undone correction holds")
    check(read(f"&corrected=1&as_of={as_of}")["value"] == fixed, "the past state is gone")
    visit = {"from_us": START, "to_us": START + 40 * MINUTE, "before": 6.9, "after": 6.7, "standard_1": 7.0, "reading_1": 7.1, "reason": "cleaned"}
    answer = api.good("POST", f"/api/v1/channels/{channel}/visits", visit)
    check(abs(answer["fouling"] + 0.2) < 1e-9 and abs(answer["drift"][0] + 0.1) < 1e-9 and len(answer["layers"]) == 2, f"visit {answer}")
    check(abs(read("&corrected=1")["value"][40] - raw[40] + 0.3) < 1e-9, "fouling and drift at the visit")
    for k in (1, 12, 30):
        api.good("POST", f"/api/v1/sites/{site}/laboratory", {"sampled_us": START + k * MINUTE, "quantity": "ph", "value": raw[k] + 0.1 + 0.001 * k, "unit": ""})
    pairs = api.good("GET", f"/api/v1/channels/{channel}/pairs?window_s=30")
    check(len(pairs["pairs"]) == 3 and abs(pairs["statistics"]["bias"] + 0.1 + 0.001 * 43 / 3) < 1e-9, f"pairs {pairs}")
    fixed = api.good("GET", f"/api/v1/channels/{channel}/pairs?window_s=30&corrected=1")["statistics"]["bias"]
    check(abs(fixed - pairs["statistics"]["bias"] + 0.3 * 43 / 3 / 40) < 1e-9, f"pairs after the visit's corrections: {fixed}")


def try_water(api, site):
    """0.01 mol/kg KCl: 0.1409 S/m at 25 degC (the standard that cells are calibrated with); a third ion is there in traces."""
    at = START + 3600 * US
    for quantity, value, unit in (("k", 390.98, "mg_l"), ("cl", 354.5, "mg_l"), ("na", 0.001, "mg_l"), ("sc", 140.9, "ms_m")):
        api.good("POST", f"/api/v1/sites/{site}/laboratory", {"sampled_us": at, "quantity": quantity, "fraction": "dissolved" if unit == "mg_l" else "", "value": value, "unit": unit})
    found = [c for c in api.good("GET", f"/api/v1/sites/{site}/water-checks")["checks"] if c["check"] == "conductance"]
    check(len(found) == 1 and found[0]["flag"] == 1 and abs(found[0]["computed_s_m"] / 0.1409 - 1) < 0.02, f"conductance {found}")


# ---- commands -------------------------------------------------------------------------------------------


def build_gate(api, world, station):
    public = subprocess.run(["openssl", "pkey", "-pubout", "-outform", "DER"], check=True, capture_output=True,
                            input=b"-----BEGIN PRIVATE KEY-----\n" + __import__("base64").b64encode(bytes.fromhex("302e020100300506032b657004220420" + SEED)) +
                            b"\n-----END PRIVATE KEY-----\n").stdout[-32:].hex()
    keys = api.good("PUT", f"/api/v1/stations/{station}/command-keys", {"address": 77, "answer_key": public})["keys"]
    check([k["number"] for k in keys] == [0, 1] and keys[0]["public_key"] != keys[1]["public_key"], f"keys {keys}")
    again = api.good("PUT", f"/api/v1/stations/{station}/command-keys", {"address": 77, "answer_key": public})["keys"]
    check(again == keys, "keys were made anew")
    points = [{"point": 1, "min": 0, "max": 1000, "tolerance": 2}, {"point": 2, "min": 0, "max": 1, "tolerance": 0, "two_persons": True}]
    (world.folder / "s1.command").write_text(json.dumps({"address": 77, "seed": SEED, "keys": [k["public_key"] for k in keys], "points": points}))
    path = f"/api/v1/stations/{station}/command-points"
    gate = api.good("POST", path, {"point": 1, "name": "Gate", "name_ja": "ゲート", "unit": "m", "decimals": 3, "low": 0, "high": 1500, "tolerance": 2})["id"]
    pump = api.good("POST", path, {"point": 2, "name": "Pump", "low": 0, "high": 1, "two_persons": True})["id"]
    return gate, pump


def select(api, point, value, **more):
    return api.good("POST", f"/api/v1/command-points/{point}/select", {"value": value, "reason": "test", **more})["id"]


def stands(api, command, *wanted):
    return until(f"command {' or '.join(wanted)}", lambda: (c := api.good("GET", f"/api/v1/commands/{command}"))["stand"] in wanted and c)


def run(api, point, value, wanted="done"):
    command = select(api, point, value)
    stands(api, command, "selected")
    api.good("POST", f"/api/v1/commands/{command}/operate")
    return stands(api, command, wanted)


def point_of(api, site, point):
    return next(p for p in api.good("GET", f"/api/v1/sites/{site}/commands")["points"] if p["id"] == point)


def try_commands(api, other, world, site, gate, pump):
    check(api.ask("POST", f"/api/v1/command-points/{gate}/select", {"value": 1501, "reason": "x"})[0] == 422, "beyond the point's range")
    done = run(api, gate, 250)
    check([e["what"] for e in done["events"]][:2] == ["select", "selected"] and done["cause"] == 25, f"events {done['events']}")
    check(point_of(api, site, gate)["position"] == 250, "position")
    refused = stands(api, select(api, gate, 1200), "not-done")
    check(refused["cause_text"] == "Inconsistent-parameters", f"beyond the station's range: {refused['cause_text']}")
    check(stands(api, select(api, gate, 300, expected=100), "not-done")["cause_text"] == "Invalid-position", "another position was seen")
    check(stands(api, select(api, gate, 250), "not-done")["cause_text"] == "Position-reached", "stands there")
    for file, cause in (("local", "Blocked-by-switching-hierarchy"), ("sick", "Blocked-by-health")):
        (world.folder / f"s1.{file}").touch()
        check(stands(api, select(api, gate, 500), "not-done")["cause_text"] == cause, cause)
        (world.folder / f"s1.{file}").unlink()
    command = select(api, gate, 400)
    check(api.ask("POST", f"/api/v1/command-points/{gate}/select", {"value": 1, "reason": "x"})[0] == 409, "two commands at once")
    stands(api, command, "selected")
    check(other.ask("POST", f"/api/v1/commands/{command}/operate")[0] == 403, "another person operates")
    check(other.good("POST", f"/api/v1/commands/{command}/cancel")["stand"] == "not-done", "cancel")
    check(api.ask("POST", f"/api/v1/commands/{command}/operate")[0] == 409, "operated after it was cancelled")
    api.good("PATCH", f"/api/v1/command-points/{gate}", {"remote": False})
    check(api.ask("POST", f"/api/v1/command-points/{gate}/select", {"value": 1, "reason": "x"})[0] == 409, "operated on local")
    api.good("PATCH", f"/api/v1/command-points/{gate}", {"remote": True})
    command = select(api, pump, 1)
    stands(api, command, "selected")
    check(api.ask("POST", f"/api/v1/commands/{command}/operate")[0] == 403, "one person is two")
    other.good("POST", f"/api/v1/commands/{command}/operate")
    check(stands(api, command, "done")["operated_by"] == "second", "the second person")
    (world.folder / "s1.stuck").touch()
    failed = run(api, gate, 900, "failed")
    check("unknown" in [e["stand"] for e in failed["events"]], f"it did not arrive, and nothing proved where it stands: {failed['events']}")
    (world.folder / "s1.stuck").unlink()


def try_attacks(api, world, site, gate, tokens, answers, broker):
    """The gate stands where run() left it, whatever is published."""
    run(api, gate, 100)
    heard, position = list(tokens()), 100
    check(len(heard) > 10 and all(len(t) == 93 for t in heard), "tokens on the way")
    for token in heard:  # replayed
        broker.publish("seiryu/v1/mine/s1/cmd", token)
    changed = bytearray(heard[-1])
    changed[15] ^= 0x20
    counted = bytearray(heard[-1])
    counted[8:12] = (2**31).to_bytes(4, "big")  # a counter to come
    forged = [bytes(changed), bytes(counted), heard[-1][:-1], b"", b"\x11" * 93]
    for frame in forged:
        broker.publish("seiryu/v1/mine/s1/cmd", frame)
    real = until("an answer that tells where the gate stands", lambda: next((a for a in reversed(answers()) if a[12:16] == position.to_bytes(4, "big")), None))
    lie = bytearray(real)
    lie[12:16] = (999).to_bytes(4, "big")
    lie[27:31] = (int(time.time()) + 3600).to_bytes(4, "big")  # newer than all that is known
    before = point_of(api, site, gate)["heard_us"]
    for frame in (bytes(lie), real[:50], b"\x18" * 99, answers()[0]):
        broker.publish("seiryu/v1/mine/s1/ack", frame)
    until("a status after the attack", lambda: point_of(api, site, gate)["heard_us"] > before + US)
    check(point_of(api, site, gate)["position"] == position, f"the gate stands at {point_of(api, site, gate)}")
    done = run(api, gate, 120)
    check(done["stand"] == "done", "the counters of the station are spoilt")
    world.kill("stations")
    silent = select(api, gate, 130)
    world.kill("server")
    world.start("server")
    world.wait_http()
    check(api.good("GET", f"/api/v1/commands/{silent}")["stand"] == "selecting", "a restart lost the command")
    world.start("stations")
    stands(api, silent, "selected")
    api.good("POST", f"/api/v1/commands/{silent}/operate")
    stands(api, silent, "done")
    own = set(tokens()) - set(forged)
    check(len({t[7:12] for t in own}) == len(own), "a counter was used for two tokens")


# ---- all ------------------------------------------------------------------------------------------------


def second_person(api, world):
    made = api.good("POST", "/api/v1/users", {"name": "second", "grants": [{"role": "operator"}]})
    other = Api(world.http)
    other.good("POST", "/api/v1/first-login", {"token": made["token"], "password": PASSWORD})
    check(other.login("second", PASSWORD)[0] == 200, "second login")
    check(other.ask("POST", "/api/v1/alarms/1/actions", {"action": "suppress"})[0] == 403, "an operator changes the design of an alarm")
    return other


def configure(world, hook, mail):
    with open(world.folder / "seiryud.yaml", "a") as f:
        f.write(f"""smtp: {{host: 127.0.0.1, port: {mail.port}, from: seiryu@example.jp, ca: ca.crt}}
""")
    text = (world.folder / "seiryud.yaml").read_text()
    (world.folder / "seiryud.yaml").write_text(text.replace("webhook: {hosts: alarm.example.jp}",
                                                            f'webhook: {{hosts: "hook.example, 127.0.0.1:{hook.server_port}", allow_private: true}}'))


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-desk-"))
    world = World(folder)
    hook, mail = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook), Mail(folder)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    mail.start()
    configure(world, hook, mail)
    try:
        world.start("broker")
        world.start("server")
        world.wait_http()
        api = Api(world.http)
        first_login(SEIRYUD, world.folder / "seiryud.yaml", api)
        site = api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine"})["id"]
        station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s1", "name": "Station", "interval_s": 60})["id"]
        channels = [api.good("POST", f"/api/v1/stations/{station}/channels", {"key": key, "unit": "", "quantity": "ph"})["id"] for key in ("ph", "ph2")]
        gate, pump = build_gate(api, world, station)
        broker = Broker(world)
        tokens, answers = broker.listen("seiryu/v1/mine/s1/cmd"), broker.listen("seiryu/v1/mine/s1/ack")
        second, breaches = add_numbered(api, site)
        world.start("stations", RECORDS, 20)
        until("first word of the station", lambda: point_of(api, site, gate)["proven"])
        alarm = try_alarms(api, world, site, station, channels[0], hook, mail)
        other = second_person(api, world)
        silent = add_silent(api, world, channels[0])
        try_commands(api, other, world, site, gate, pump)
        try_time_alarms(api, silent, station, channels[0])
        try_quality(api, station, channels[0])
        try_corrections(api, site, station, channels[0])
        try_water(api, site)
        try_numbered(api, second, breaches)
        try_attacks(api, world, site, gate, tokens, answers, broker)
        check(api.good("GET", "/api/v1/audit")["chain"]["holds"], "audit chain")
        print(f"alarm {alarm}: {len(Hook.got)} webhooks, {len(mail.got)} mails; {len(set(tokens()))} tokens, {len(set(answers()))} answers")
    finally:
        world.stop()
        if sys.exc_info()[0]:
            print((folder / "server.log").read_text()[-3000:], file=sys.stderr)
        shutil.rmtree(folder)


main()
