#!/usr/bin/env python3
"""What ./dev serve starts (tools/demo.py): the printed first login works and nothing else does, a year is there, stations go on, and all of it ends.

usage: serve.py SEIRYUD MOSQUITTO
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from server_case import PASSWORD, Api, check, until

DEMO = pathlib.Path(__file__).resolve().parents[2] / "tools/demo.py"
YEAR_US = 366 * 86400 * 1_000_000


def told_by(demo):
    """Address and token of the first login, as a person reads them."""
    text = ""
    for line in demo.stdout:
        text += line
        if "Ctrl-C stops" in line:
            break
    port, token = re.search(r"http://127\.0\.0\.1:(\d+)/\n", text), re.search(r"user admin, one-time token (\S+)", text)
    check(port and token, f"what is printed: {text}")
    return int(port.group(1)), token.group(1)


def try_mine(api):
    site = api.good("GET", "/api/v1/sites")["sites"][0]["id"]
    stations = [s for s in api.good("GET", f"/api/v1/sites/{site}")["stations"] if s["channels"]]
    check(len(stations) >= 2, f"stations: {stations}")
    channel = next(c["id"] for c in stations[0]["channels"] if c["key"].startswith("ph"))
    now_us = int(time.time() * 1e6)
    days = api.good("GET", f"/api/v1/observations?channels={channel}&from={now_us - YEAR_US}&to={now_us}&points=400")["series"][0]
    check(len(days["time_us"]) > 350, f"a year has {len(days['time_us'])} steps with values")
    newest = lambda: max(c["time_us"] or 0 for c in api.good("GET", f"/api/v1/sites/{site}/latest")["channels"])
    first = newest()
    until("a newer value of a live station", lambda: newest() > first)
    check(api.good("GET", "/api/v1/alarms")["alarms"], "alarms are set up")


def main():
    seiryud, broker = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-serve-"))
    demo = subprocess.Popen([DEMO, seiryud, broker, folder / "mine"], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        port, token = told_by(demo)
        api = Api(port)
        for name, password in (("admin", "admin"), ("admin", ""), ("admin", token), ("demo-setup", "demo-setup")):
            check(api.login(name, password)[0] in (401, 422), f"{name} signs in with {password}")
        api.good("POST", "/api/v1/first-login", {"token": token, "password": PASSWORD})
        check(api.login("admin", PASSWORD)[0] == 200, "the printed first login")
        try_mine(api)
        own = lambda: next(u for u in api.good("GET", "/api/v1/users")["users"] if u["name"] == "demo-setup")
        until("the end of the script's own way in", lambda: not own()["active"])
    finally:
        demo.send_signal(signal.SIGINT)
        code = demo.wait()
    check(code == 0, f"Ctrl-C ends it with {code}")
    left = subprocess.run(["pgrep", "-f", str(folder)], capture_output=True, text=True).stdout.split()
    check(not left, f"processes are left: {left}")
    shutil.rmtree(folder)
    print("./dev serve: first login as printed, no other; a year and live values; nothing is left behind")


main()
