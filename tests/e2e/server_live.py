#!/usr/bin/env python3
"""Server-Sent Events: who may listen, what is told to whom and how soon, heartbeat, slow readers, bounds, the end of a session and of the server.

usage: [with_postgres.py] server_live.py SEIRYUD
"""
import http.client
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time

from server_case import PASSWORD, Api, Server, check, until

A_PERSON = 16  # streams of one user, as docs/server.md says


class Ear:
    """One stream, read in a thread: what came, with the time at which it came."""

    def __init__(self, api, head=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=60)
        self.connection.request("GET", "/api/v1/live", headers=head or {"Cookie": api.cookie})
        self.answer = self.connection.getresponse()
        self.events, self.ended = [], False
        if self.answer.status == 200:
            threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        event, data = "", ""
        try:
            while line := self.answer.readline():
                word, _, rest = line.decode().rstrip("\n").partition(": ")
                if word == "event":
                    event = rest
                elif word == "data":
                    data = rest
                elif not word and event:
                    self.events.append((time.monotonic(), event, json.loads(data)))
                    event = ""
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass  # the last of them: closed while it is read
        self.ended = True

    def told(self, site, topic, since=0.0):
        """The first time after since at which the topic of the site was told, or None."""
        for at, event, data in list(self.events):
            if event == "change" and at >= since and topic in data.get("sites", {}).get(str(site), []) + data.get("all", []):
                return at
        return None

    def sites(self):
        return {int(s) for _, event, data in list(self.events) if event == "change" for s in data.get("sites", {})}

    def close(self):
        try:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            pass
        self.connection.close()


def furnish(api):
    places = []
    for key in ("north", "south"):
        site = api.good("POST", "/api/v1/sites", {"key": key, "name": key})["id"]
        station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s", "name": "S", "interval_s": 600})["id"]
        channel = api.good("POST", f"/api/v1/stations/{station}/channels", {"key": "zn", "unit": "mg_l", "decimals": 3})["id"]
        places.append((site, station, channel))
    return places


def measure(api, station, at_s, value=1.0):
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at_s))
    status, answer = api.ask("POST", f"/api/v1/stations/{station}/frames", raw=f"time,zn\n{stamp},{value}\n", head={"Content-Type": "text/csv"})
    check(status == 200, f"a frame: {answer}")


def add_user(api, name, grants):
    made = api.good("POST", "/api/v1/users", {"name": name, "lang": "ja", "grants": grants})
    user = Api(api.port)
    user.good("POST", "/api/v1/first-login", {"token": made["token"], "password": PASSWORD})
    check(user.login(name, PASSWORD)[0] == 200, f"login of {name}")
    return user, made["id"]


def sql(server, text):
    if store := os.environ.get("SEI_TEST_STORE"):
        subprocess.run(["psql", "-q", "-d", store, "-c", text], check=True)
        return
    with sqlite3.connect(server.folder / "store.db", timeout=30) as db:
        db.execute(text)
    db.close()


def try_access(api):
    nobody = Api(api.port)
    check(nobody.ask("GET", "/api/v1/live")[0] == 401, "a stream without a session")
    check(nobody.ask("GET", "/api/v1/live", head={"Cookie": "seiryu_session=" + "x" * 43})[0] == 401, "a stream with a made-up session")
    check(api.ask("POST", "/api/v1/live")[0] == 405, "POST")
    token = api.good("POST", "/api/v1/tokens", {"name": "ear", "role": "viewer", "days": 1})["token"]
    ear = Ear(api, {"Authorization": f"Bearer {token}"})
    until("hello by token", lambda: ear.events)
    ear.close()


def try_topics(api, ears, places, now_s):
    """Each kind of change is told to those who may see the site, and to nobody else; points within a second or so."""
    (north, station, channel), (south, other, _) = places
    everywhere, only_north = ears
    measure(api, station, now_s)
    until("points", lambda: everywhere.told(north, "points") and only_north.told(north, "points"))
    api.good("POST", f"/api/v1/channels/{channel}/alarms", {"name": "high", "kind": "high", "priority": 1, "rule": {"threshold": 5}})
    measure(api, station, now_s + 1, 9)
    until("alarm", lambda: only_north.told(north, "alarms"))
    api.good("POST", f"/api/v1/channels/{channel}/layers", {"kind": "grade", "code": "fair", "start_us": 0, "end_us": 1, "reason": "test"})
    until("record", lambda: only_north.told(north, "records"))
    since = time.monotonic()
    api.good("POST", f"/api/v1/sites/{north}/logbook", {"at_us": now_s * 10**6, "kind": "visit", "text": "清掃"})
    until("logbook", lambda: only_north.told(north, "records", since))
    api.good("PUT", f"/api/v1/stations/{station}/command-keys", {"address": 1, "answer_key": "00" * 32})
    point = api.good("POST", f"/api/v1/stations/{station}/command-points", {"point": 1, "name": "Gate", "low": 0, "high": 100})["id"]
    api.good("POST", f"/api/v1/command-points/{point}/select", {"value": 1, "reason": "test"})
    until("command", lambda: only_north.told(north, "commands"))
    measure(api, other, now_s)
    api.good("POST", f"/api/v1/sites/{south}/logbook", {"at_us": now_s * 10**6, "kind": "visit", "text": "南"})
    until("the other site", lambda: everywhere.told(south, "points") and everywhere.told(south, "records"))
    since = time.monotonic()
    measure(api, station, now_s + 2)
    until("points again", lambda: only_north.told(north, "points", since))
    check(only_north.sites() == {north}, f"told of sites that one may not see: {only_north.sites()}")
    before = len(only_north.events)
    measure(api, station, now_s + 2)  # a repeat: nothing is new
    time.sleep(0.7)
    check(len(only_north.events) == before, f"a repeat is told: {only_north.events[before:]}")


def try_slow_reader(server, api, station, fast, now_s):
    """Readers that do not read: the server keeps nothing for them, and others do not wait."""
    slow = []
    for _ in range(8):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        s.connect(("127.0.0.1", api.port))
        s.sendall(f"GET /api/v1/live HTTP/1.1\r\nHost: x\r\nCookie: {api.cookie}\r\n\r\n".encode())
        slow.append(s)
    streams = lambda: int(next(l for l in api.good("GET", "/metrics").decode().splitlines() if l.startswith("seiryu_live_streams ")).split()[1])
    until("slow readers", lambda: streams() >= 8)
    before, delays = server.rss_kb(), []
    for i in range(12):
        since = time.monotonic()
        measure(api, station, now_s + 100 + i)
        until("points beside slow readers", lambda since=since: any(at >= since for at, event, _ in list(fast.events) if event == "change"))
        delays.append(time.monotonic() - since)
    grown = server.rss_kb() - before
    check(grown < 4000 or "asan" in sys.argv[1], f"memory grew by {grown} kB")
    for s in slow:
        s.close()
    return sorted(delays)[len(delays) // 2], grown


def try_bounds(api):
    ears = []
    for _ in range(A_PERSON + 4):
        ears.append(Ear(api))
        if ears[-1].answer.status != 200:
            break
    refused = ears.pop()
    check(refused.answer.status == 429 and refused.answer.getheader("Retry-After") == "60", f"stream {len(ears) + 1} of one user: {refused.answer.status}")
    check(len(ears) <= A_PERSON, f"{len(ears)} streams of one user")
    check(api.ask("GET", "/api/v1/sites")[0] == 200, "other requests go on")
    for e in ears:
        e.close()


def try_metrics(api):
    """Prometheus' text format 0.0.4: every sample under a name that is described once before it; counters are called totals."""
    text = api.good("GET", "/metrics").decode()
    check(api.head["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8" and text.endswith("\n"), f"metrics: {api.head['Content-Type']}")
    helped, kinds, seen = set(), {}, set()
    for line in text.splitlines():
        if found := re.fullmatch(r"# HELP ([a-z_]+) \S.*", line):
            helped.add(found.group(1))
        elif found := re.fullmatch(r"# TYPE ([a-z_]+) (counter|gauge)", line):
            check(found.group(1) not in kinds, f"described twice: {line}")
            kinds[found.group(1)] = found.group(2)
        else:
            found = re.fullmatch(r"([a-z_]+) (-?\d+)", line)
            check(found and found.group(1) in kinds and found.group(1) not in seen, f"metrics: {line}")
            seen.add(found.group(1))
    check(helped == set(kinds) == seen and len(seen) > 10, f"metrics: {helped ^ seen}")
    check(all(name.endswith("_total") == (kind == "counter") for name, kind in kinds.items()), f"metrics: {kinds}")


def main():
    with Server(sys.argv[1]) as server:
        api, now_s = server.api, int(time.time()) - 1000
        try_access(api)
        places = furnish(api)
        eye, eye_id = add_user(api, "eye", [{"role": "viewer", "site": places[0][0]}])
        ears = everywhere, only_north = Ear(api), Ear(eye)
        made = api.good("POST", "/api/v1/tokens", {"name": "beside", "role": "viewer", "days": 1})
        beside = Ear(api, {"Authorization": f"Bearer {made['token']}"})
        until("hello", lambda: beside.events)
        sql(server, f"UPDATE token SET gone_us = 1 WHERE id = {made['id']}")  # by another way than HTTP: heard below
        check(all(e.answer.status == 200 for e in ears), "streams")
        for name, value in (("Content-Type", "text/event-stream; charset=utf-8"), ("X-Accel-Buffering", "no"), ("Cache-Control", "no-store")):
            check(only_north.answer.getheader(name) == value, f"{name}: {only_north.answer.getheader(name)}")
        until("hello", lambda: all(e.events and e.events[0][1] == "hello" for e in ears))
        try_topics(api, ears, places, now_s)
        delay, grown = try_slow_reader(server, api, places[0][1], only_north, now_s)
        try_bounds(api)
        try_metrics(api)
        began = time.monotonic()
        check(not only_north.ended, "a stream ended by itself")
        api.good("PATCH", f"/api/v1/users/{eye_id}", {"active": False})
        measure(api, places[0][1], now_s + 500)
        until("end of a session that is not valid any more", lambda: only_north.ended)
        ended = time.monotonic() - began
        until("end of a stream whose token was taken back in the store: rights are looked up every five seconds", lambda: beside.ended)
        api.good("DELETE", "/api/v1/session")
        until("end after logging out", lambda: everywhere.ended)
        check(api.login("chief", PASSWORD)[0] == 200, "login")
        last = Ear(api)
        until("hello", lambda: last.events)
        check(server.stop() == 0, "the server stops with a stream open")
        until("end with the server", lambda: last.ended)
        print(f"a change is told after {delay:.2f} s (median) beside 8 readers that do not read; the server grew by {grown} kB; a user who was disabled is cut off after {ended:.1f} s")


main()
