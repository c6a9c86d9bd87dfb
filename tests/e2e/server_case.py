"""What the end-to-end tests of the server share: an HTTP client, the first login, a server without a broker."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PASSWORD = "correct horse battery"
SEED = int(os.environ.get("SEI_SEED") or int.from_bytes(os.urandom(4), "big"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def check(condition, text):
    if not condition:
        raise SystemExit(f"{pathlib.Path(sys.argv[0]).name}: failed: {text} (seed {SEED})")


def until(what, f, seconds=60):
    """Waits for what comes, however slow the machine is."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if value := f():
            return value
        time.sleep(0.05)
    check(False, f"no {what} within {seconds} s")


class Api:
    def __init__(self, port):
        self.port, self.cookie, self.csrf = port, "", ""

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def ask(self, method, path, body=None, head=None, raw=None):
        head = dict(head or {})
        if self.cookie:
            head["Cookie"] = self.cookie
        if self.csrf:
            head.setdefault("X-CSRF-Token", self.csrf)
        if body is not None:
            head["Content-Type"] = "application/json"
            raw = json.dumps(body)
        c = self.connect()
        c.request(method, path, raw, head)
        r = c.getresponse()
        data = r.read()
        self.head = dict(r.getheaders())
        c.close()
        is_json = self.head.get("Content-Type", "") == "application/json"
        return r.status, json.loads(data) if is_json and data else data

    def good(self, *arguments, **more):
        status, answer = self.ask(*arguments, **more)
        check(status < 300, f"{arguments[:2]} gave {status}: {answer}")
        return answer

    def login(self, name, password, totp=""):
        status, answer = self.ask("POST", "/api/v1/session", {"name": name, "password": password, "totp": totp})
        if status == 200:
            self.cookie = self.head["Set-Cookie"].split(";")[0]
            self.csrf = answer["csrf"]
        return status, answer


def first_login(seiryud, config, api):
    token = subprocess.run([seiryud, "init-admin", config], check=True, capture_output=True, text=True).stdout.strip()
    check(api.ask("GET", "/api/v1/sites")[0] == 401, "sites without login")
    check(api.ask("POST", "/api/v1/first-login", {"token": token, "name": "chief", "password": "short"})[0] == 422, "short password")
    check(api.ask("POST", "/api/v1/first-login", {"token": ("y" if token[0] == "x" else "x") + token[1:], "name": "chief", "password": PASSWORD})[0] == 401, "wrong token")
    api.good("POST", "/api/v1/first-login", {"token": token, "name": "chief", "password": PASSWORD})
    check(api.ask("POST", "/api/v1/first-login", {"token": token, "name": "other", "password": PASSWORD})[0] == 401, "token used twice")
    check(subprocess.run([seiryud, "init-admin", config], capture_output=True).returncode == 3, "second init-admin")
    check(api.login("chief", "wrong password here")[0] == 401, "wrong password")
    check(api.login("chief", PASSWORD)[0] == 200, "login")
    check("HttpOnly" in api.head["Set-Cookie"] and "SameSite=Strict" in api.head["Set-Cookie"], "cookie flags")


class Server:
    """seiryud without a broker in a folder of its own, with its first administrator logged in; use with "with"."""

    def __init__(self, seiryud, settings="", http="", api=Api):
        self.seiryud, self.settings, self.http, self.api_type, self.process = seiryud, settings, http, api, None

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-e2e-"))
        self.port, self.config = free_port(), self.folder / "seiryud.yaml"
        postgres = os.environ.get("SEI_TEST_STORE")  # one database for all servers of a test: emptied for each
        if postgres:
            subprocess.run(["psql", "-q", "-d", postgres, "-c", "SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public"],
                           check=True)
        store = postgres or f"sqlite:{self.folder}/store.db"
        self.config.write_text(f"store: {store}\nsecret: key\n{self.settings}\nhttp: {{port: {self.port}, web: web{self.http}}}\n")
        (self.folder / "web").mkdir()
        (self.folder / "web/index.html").write_text("<!doctype html><title>page</title>")
        self.start()
        self.api = self.api_type(self.port)
        first_login(self.seiryud, self.config, self.api)
        return self

    def start(self):
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen([self.seiryud, "run", self.config], stdout=log, stderr=log)
        for _ in range(400):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.05)
        check(False, "the server does not listen: " + (self.folder / "log").read_text())

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait()
        self.process = None
        return code

    def rss_kb(self):
        """Resident memory, from /proc."""
        return int(next(line for line in open(f"/proc/{self.process.pid}/status") if line.startswith("VmRSS")).split()[1])

    def __exit__(self, kind, *_):
        code = self.stop() if self.process else 0
        if kind:
            print((self.folder / "log").read_text()[-3000:], file=sys.stderr)
        shutil.rmtree(self.folder)
        if not kind:
            check(code == 0, f"SIGTERM ends the server with {code}")
