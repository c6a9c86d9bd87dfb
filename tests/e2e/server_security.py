#!/usr/bin/env python3
"""What attackers try: injected SQL, paths, forged and replayed requests, fixed sessions, oversized and slow requests, weak TLS.

usage: [with_postgres.py] server_security.py SEIRYUD

docs/security/ipa-checklist.md names the functions of this file.
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import select
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import time
import warnings

from server_case import PASSWORD, Api, Server, check, until

SEIRYUD = sys.argv[1]
EVIL = ["'; DROP TABLE point; --", "' OR '1'='1", "\"; DELETE FROM site; --", "\\'; SELECT 1; --", "$1", "%27%20OR%201=1", "x'||(SELECT hash FROM audit)||'"]


def raw(port, data, wait=2.0):
    """What comes back on a connection of its own."""
    with socket.create_connection(("127.0.0.1", port), wait) as s:
        s.settimeout(wait)
        got = b""
        try:
            s.sendall(data)
            while part := s.recv(65536):
                got += part
        except OSError:
            pass
        return got


def try_sql(api):
    """Whatever stands in a text is kept as that text; in a number, a path, a time or a filter it is refused."""
    for n, text in enumerate(EVIL):
        site = api.good("POST", "/api/v1/sites", {"key": f"e{n}", "name": text, "name_ja": text, "note": text})["id"]
        got = api.good("GET", f"/api/v1/sites/{site}")
        check((got["name"], got["name_ja"], got["note"]) == (text, text, text), f"{text} came back as {got}")
        api.good("POST", f"/api/v1/sites/{site}/logbook", {"at_us": 1, "kind": "visit", "text": text})
        check(api.good("GET", f"/api/v1/sites/{site}/logbook")["entries"][0]["text"] == text, f"{text} in the logbook")
        check(api.ask("POST", "/api/v1/sites", {"key": text, "name": "x"})[0] == 422, f"{text} as a key")
    for text in EVIL[:2]:  # tries of passwords are limited
        check(Api(api.port).login(text, PASSWORD)[0] == 401, f"{text} logs in")
        check(Api(api.port).login("chief", text)[0] == 401, f"{text} as a password")
    for query in ("channels=1;DROP TABLE point&from=0&to=1", "channels=1%20OR%201=1&from=0&to=1", "channels=1&from=0'--&to=1"):
        check(api.ask("GET", f"/api/v1/observations?{query.replace(' ', '%20')}")[0] == 422, query)
    check(api.ask("GET", "/api/v1/sites/1%20OR%201=1")[0] == 404, "SQL in a path")
    check(api.ask("GET", "/sta/v1.1/Things?$filter=name%20eq%20'x'%20or%201%20eq%201;%20DROP%20TABLE%20site")[0] == 400, "SQL in a filter")
    names = [s["name"] for s in api.good("GET", "/api/v1/sites")["sites"]]
    check(len(names) == len(EVIL), f"sites: {names}")


def try_paths(server):
    """The file beside the folder of pages holds the key of all secrets: nothing leads there."""
    secret = (server.folder / "key").read_bytes()
    os.symlink(server.folder / "key", server.folder / "web/link.txt")
    os.symlink(server.folder, server.folder / "web/up")
    shutil.copy(server.folder / "key", server.folder / "web/copy.key")  # of a kind that is not served
    shutil.copy(server.folder / "key", server.folder / "web/.hidden.txt")
    (server.folder / "web/plain.txt").write_text("plain")
    os.symlink("plain.txt", server.folder / "web/inside.txt")
    for path in ("/plain.txt", "/inside.txt"):
        check(raw(server.port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()).endswith(b"plain"), f"{path} is not served")
    for path in ("/link.txt", "/up/key", "/up/seiryud.yaml", "/up/log", "/copy.key", "/.hidden.txt", "/web/../.hidden.txt", "/./plain.txt","/../key", "/..%2fkey", "/%2e%2e/key", "/..%c0%afkey", "/....//key", "/web/../../key", "//key", "/./../key", "/%2e%2e%2fkey", "/..\\key",
                 "/assets/../../key", "/key", "/.", "/..", "/%00", "/index.html%00.txt", "/../seiryud.yaml", "/../store.db", "file:///etc/passwd"):
        answer = raw(server.port, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        status = answer.split(b" ", 2)[1:2]
        check(secret not in answer and b"root:" not in answer and b"store:" not in answer, f"{path} shows what it must not")
        check(status in ([b"404"], [b"400"], []) or b"<title>page</title>" in answer, f"{path} is answered with {answer[:100]}")


def try_csrf(server, api):
    """A page of another site can send the cookie, but neither read nor guess what stands in X-CSRF-Token."""
    second = Api(server.port)
    second.login("chief", PASSWORD)
    for name, head in {"none": {"X-CSRF-Token": ""}, "wrong": {"X-CSRF-Token": "x" * len(api.csrf)}, "of another session": {"X-CSRF-Token": second.csrf},
                       "as long as it may": {"X-CSRF-Token": api.csrf + "x"}}.items():
        check(api.ask("POST", "/api/v1/sites", {"key": "csrf", "name": "x"}, head)[0] == 403, f"a CSRF value: {name}")
    form = raw(server.port, (f"POST /api/v1/sites HTTP/1.1\r\nHost: x\r\nCookie: {api.cookie}\r\nX-CSRF-Token: {api.csrf}\r\nContent-Type: text/plain\r\n"
                             "Content-Length: 26\r\nConnection: close\r\n\r\n{\"key\":\"csrf\",\"name\":\"abc\"}").encode())
    check(b" 415 " in form[:20], f"a body that a form can send: {form[:60]}")
    for method in ("GET", "HEAD"):
        check(api.ask(method, "/api/v1/sites/1/stations")[0] == 405, f"{method} changes something")
    check("csrf" not in [s["key"] for s in api.good("GET", "/api/v1/sites")["sites"]], "a forged request did something")


def try_sessions(server, api):
    """A session begins at login with a new random name, lives in a cookie alone, and ends when it is said to."""
    fixed = Api(server.port)
    fixed.cookie = "seiryu_session=" + "A" * 43
    check(fixed.login("chief", PASSWORD)[0] == 200 and "A" * 43 not in fixed.cookie, "a session that somebody else chose")
    check(Api(server.port).ask("GET", f"/api/v1/sites?seiryu_session={fixed.cookie.split('=')[1]}")[0] == 401, "a session in the address")
    again = Api(server.port)
    again.cookie = fixed.cookie
    again.login("chief", PASSWORD)
    check(again.cookie != fixed.cookie, "a login keeps the session's name")
    flags = again.head["Set-Cookie"]
    check(all(f in flags for f in ("HttpOnly", "SameSite=Strict", "Path=/")), f"cookie: {flags}")
    check(len(again.cookie.split("=")[1]) >= 43, "256 bits")
    stolen = Api(server.port)
    stolen.cookie = again.cookie
    check(stolen.ask("GET", "/api/v1/session")[0] == 200, "session")
    again.good("DELETE", "/api/v1/session")
    check(stolen.ask("GET", "/api/v1/session")[0] == 401, "a session lives after logout")
    new = PASSWORD + " new"
    api.good("POST", "/api/v1/password", {"old": PASSWORD, "new": new})
    check(fixed.ask("GET", "/api/v1/session")[0] == 401, "other sessions live after a new password")
    api.good("POST", "/api/v1/password", {"old": new, "new": PASSWORD})


def code_of(secret, step):
    """RFC 6238."""
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def try_replay(server, api):
    """One-time tokens and codes work once."""
    token = api.good("POST", "/api/v1/users", {"name": "once", "grants": []})["token"]
    api.good("POST", "/api/v1/first-login", {"token": token, "password": PASSWORD})
    check(api.ask("POST", "/api/v1/first-login", {"token": token, "password": PASSWORD + "2"})[0] == 401, "a token twice")
    once = Api(server.port)
    once.login("once", PASSWORD)
    secret = once.good("POST", "/api/v1/totp")["secret"]
    step = int(time.time()) // 30
    once.good("PUT", "/api/v1/totp", {"code": code_of(secret, step)})
    server.stop()  # tries are counted in memory: there are ten again
    server.start()
    status = Api(server.port).login("once", PASSWORD)
    check(status[0] == 401, f"without the second factor: {status}")
    check(Api(server.port).login("once", PASSWORD, code_of(secret, step))[0] == 401, "a code twice")
    check(Api(server.port).login("once", PASSWORD, code_of(secret, step + 1))[0] == 200, "the next code")
    check(Api(server.port).login("once", PASSWORD, code_of(secret, step + 1))[0] == 401, "the next code twice")


def try_sizes(server, api):
    """Headers above 32 KiB, bodies above the route's limit (announced or not) and deep JSON are refused; the server goes on."""
    login = f"Cookie: {api.cookie}\r\nX-CSRF-Token: {api.csrf}\r\nContent-Type: application/json\r\n"
    answer = raw(server.port, b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 70000 + b"\r\n\r\n")
    check(answer == b"" or b" 431 " in answer[:20] or b" 413 " in answer[:20] or b" 400 " in answer[:20], f"long headers: {answer[:60]}")
    answer = raw(server.port, f"POST /api/v1/sites HTTP/1.1\r\nHost: x\r\n{login}Content-Length: 99999999999\r\nConnection: close\r\n\r\n".encode())
    check(b" 413 " in answer[:20], f"an announced long body: {answer[:60]}")
    piece = lambda data: f"{len(data):x}\r\n".encode() + data + b"\r\n"  # whole it would be a good site: it is refused for its length alone
    grown = piece(b'{"key":"grown","name":"abc"') + piece(b" " * 65536) * 2 + piece(b"}") + b"0\r\n\r\n"
    answer = raw(server.port, f"POST /api/v1/sites HTTP/1.1\r\nHost: x\r\n{login}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode() + grown)
    check(b" 201 " not in answer and b" 200 " not in answer, f"a long body in pieces: {answer[:60]}")
    check("grown" not in [s["key"] for s in api.good("GET", "/api/v1/sites")["sites"]], "a long body in pieces did something")
    check(api.ask("POST", "/api/v1/sites", raw="[" * 60000, head={"Content-Type": "application/json"})[0] == 422, "deep JSON")
    check(api.ask("GET", "/" + "a" * 8000)[0] in (404, 414), "a long path")
    for length in ("-1", "5, 6", "0x5", "99999999999999999999999999"):
        answer = raw(server.port, f"POST /api/v1/sites HTTP/1.1\r\nHost: x\r\n{login}Content-Length: {length}\r\n\r\n12345".encode())
        check(b" 201 " not in answer and b" 200 " not in answer, f"Content-Length {length}: {answer[:60]}")
    try_lists(api)
    check(api.ask("GET", "/health")[0] == 200, "the server after it")


def try_lists(api):
    """Lists of channels have an end, and so have the bodies that name them."""
    site = api.good("POST", "/api/v1/sites", {"key": "sizes", "name": "sizes"})["id"]
    station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s", "name": "s", "transport": "http"})["id"]
    channel = api.good("POST", f"/api/v1/stations/{station}/channels", {"key": "c", "name": "c", "quantity": "", "unit": ""})["id"]
    for path, most in (("/api/v1/observations?", 50), (f"/api/v1/sites/{site}/export?", 500)):
        for n, codes in ((most, (200,)), (most + 1, (413,)), (most * 4, (413,))):
            status, answer = api.ask("GET", f"{path}from=0&to=1&channels=" + ",".join([str(channel)] * n))
            check(status in codes, f"{n} channels of {path}: {status} {answer[:80] if isinstance(answer, bytes) else answer}")


def drip(port, seconds):
    """Seconds that a sender of one byte each 100 ms is listened to, at most those given."""
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 5) as s:
        s.setblocking(True)
        s.settimeout(0.1)
        s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nA: ")
        while time.monotonic() - begun < seconds:
            try:
                s.sendall(b"a")
                if s.recv(100) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
    return time.monotonic() - begun


def try_slow(server, api, arrival_s):
    """A request has arrival_s to arrive, however lively its sender."""
    took = drip(server.port, arrival_s + 12)
    check(took < arrival_s + 11, f"a slow sender is listened to for {took:.1f} s")
    check(api.ask("GET", "/health")[0] == 200, "the server after it")


def try_places(server):
    """One address has 64 connections, which nothing else ends here, and gets new ones when it gives them back."""
    many = [socket.create_connection(("127.0.0.1", server.port), 5) for _ in range(80)]
    gone = lambda: len(select.select(many, [], [], 0)[0])  # the server ended them
    until("the end of those that are too many", lambda: gone() >= len(many) - 64)
    time.sleep(0.5)
    held = len(many) - gone()  # one of the drip may not have been forgotten yet
    check(60 <= held <= 64, f"{held} connections of one address")
    for s in many:
        s.close()
    until("places that are free again", lambda: raw(server.port, b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 200"))


def guess_on(what, guess):
    """Guesses until the server asks to wait: ten at once and then five a minute, however long each takes on this machine."""
    begun, n = time.monotonic(), 0
    while (status := guess(n)) != 429:
        n += 1
        check(status == 401 and n <= 11 + (time.monotonic() - begun) / 12, f"{what}: guess {n} after {time.monotonic() - begun:.1f} s: {status}")
    check(n >= 5, f"{what}: {n} guesses")


def try_guessing(server):
    """Passwords can be tried ten times at once, and then five times a minute."""
    guess_on("one name from one address", lambda n: Api(server.port).login("chief", f"wrong password {n}")[0])
    answer = Api(server.port)
    check(answer.login("chief", PASSWORD)[0] == 429 and int(answer.head["Retry-After"]) > 0, "the right password in between")


def try_guessing_widely(server):
    """One name from many addresses, and many names from one: neither goes on for long. The server stands behind a proxy that names the address."""
    def guess(name, address):
        return Api(server.port).ask("POST", "/api/v1/session", {"name": name, "password": "wrong password"}, {"X-Forwarded-For": f"192.0.2.1, {address}"})[0]
    guess_on("one name from many addresses", lambda n: guess("chief", f"198.51.100.{n}"))
    guess_on("many names from one address", lambda n: guess(f"name{n}", "203.0.113.7"))
    check(guess("nobody", "203.0.113.8") == 401, "others can still try")


def try_rate(server):
    """400 requests at once and then 50 a second from one address; who asks more often is told to wait, and can go on after it."""
    n = 1500
    with socket.create_connection(("127.0.0.1", server.port), 60) as s:
        request = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        s.sendall(request * (n - 1) + request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        got = b""
        while part := s.recv(1 << 16):
            got += part
    good, refused = got.count(b"HTTP/1.1 200 "), got.count(b"HTTP/1.1 429 ")
    check(good + refused == n and good >= 300 and refused > 0 and b"\r\nRetry-After: 1\r\n" in got, f"{good} of {n} requests at once are answered, {refused} refused")
    until("an answer after a second", lambda: Api(server.port).ask("GET", "/health")[0] == 200)


def try_headers(api, tls):
    """On every answer, good or bad."""
    for path, code in (("/", 200), ("/api/v1/sites", 200), ("/api/v1/nothing", 404), ("/api/v1/observations?channels=x&from=0&to=1", 422)):
        check(api.ask("GET", path)[0] == code, f"{path}")
        head = api.head
        check("default-src 'self'" in head.get("Content-Security-Policy", "") and "frame-ancestors 'none'" in head["Content-Security-Policy"]
              and "unsafe" not in head["Content-Security-Policy"], f"{path}: CSP")
        check(head.get("X-Content-Type-Options") == "nosniff" and head.get("X-Frame-Options") == "DENY" and head.get("Referrer-Policy") == "no-referrer", path)
        check("charset=utf-8" in head["Content-Type"] or head["Content-Type"] == "application/json", f"{path}: charset")
        check(not re.search(r"\d+\.\d+", head.get("Server", "")), f"{path}: Server: {head.get('Server')}")
        check(("max-age=31536000" in head.get("Strict-Transport-Security", "")) == tls, f"{path}: HSTS")
    status, answer = api.ask("GET", "/api/v1/observations?channels=1'&from=0&to=1")
    check(status == 422 and not re.search(r"SELECT|sqlite|libpq|\.c:", json.dumps(answer)), f"an error tells too much: {answer}")
    check(api.ask("TRACE", "/")[0] in (404, 405, 501), "TRACE")
    injected = api.ask("GET", "/api/v1/sites?x=%0d%0aSet-Cookie:%20evil=1")
    check(injected[0] == 200 and "evil" not in str(api.head), "a header from outside")


def handshake(port, version):
    """The protocol that a client of exactly this version comes to, or the server's refusal."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as s, context.wrap_socket(s) as t:
            return t.version()
    except (ssl.SSLError, OSError) as e:
        return str(e)


class TlsApi(Api):
    def connect(self):
        context = ssl.create_default_context(cafile=self.authority)
        context.check_hostname = False
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)


def try_tls():
    folder = subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip()
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                    "-keyout", f"{folder}/k", "-out", f"{folder}/c"], check=True, capture_output=True)
    TlsApi.authority = f"{folder}/c"
    with Server(SEIRYUD, http=f", certificate: {folder}/c, key: {folder}/k", api=TlsApi) as server:
        warnings.simplefilter("ignore", DeprecationWarning)
        check(handshake(server.port, ssl.TLSVersion.TLSv1_2) == "TLSv1.2", "TLS 1.2")
        check(handshake(server.port, ssl.TLSVersion.TLSv1_3) == "TLSv1.3", "TLS 1.3")
        for old in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            got = handshake(server.port, old)
            check("alert" in got.lower() or "version" in got.lower() or "reset" in got.lower() or "EOF" in got, f"{old.name}: {got}")
            check(not got.startswith("TLSv"), f"{old.name} is spoken")
        check(raw(server.port, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")[:4] != b"HTTP", "clear text on the port of TLS")
        server.api.login("chief", PASSWORD)
        check("Secure" in server.api.head["Set-Cookie"], "cookie without Secure")
        try_headers(server.api, True)
    subprocess.run(["rm", "-r", folder], check=True)


def main():
    with Server(SEIRYUD, http=", arrival_s: 1") as server:
        api = server.api
        try_headers(api, False)
        try_sql(api)
        try_paths(server)
        try_csrf(server, api)
        try_sizes(server, api)
        try_slow(server, api, 1)
    with Server(SEIRYUD, http=", arrival_s: 600") as server:
        check(drip(server.port, 4) >= 4, "the limit of time is not what ended the slow sender")
        try_places(server)
        try_sessions(server, server.api)
    with Server(SEIRYUD, http=", proxied: true") as server:
        try_replay(server, server.api)
        for attack in (try_guessing, try_guessing_widely):
            server.stop()
            server.start()
            attack(server)
        try_rate(server)
    try_tls()
    print("injection, paths, CSRF, sessions, replay, sizes, slow senders, guessing, floods, headers, TLS: refused")


main()
