#!/usr/bin/env python3
"""Runs a command with a PostgreSQL of its own: a database in a temporary folder, on a socket there, stopped at the end.

usage: with_postgres.py [--durable] COMMAND [ARGUMENT ...]

The command finds the store in SEI_TEST_STORE. Without --durable the database does not wait for the disk, which only a power cut
could tell. Leaves with the command's code, or with 77 (skipped) where no PostgreSQL is installed.
"""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77


def programs():
    """The folder of the newest installed version's programs."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return pathlib.Path(initdb).resolve().parent if initdb else None


def user():
    """PostgreSQL does not run as root."""
    if os.getuid() != 0:
        return {}
    try:
        person = pwd.getpwnam("postgres")
    except KeyError:
        person = pwd.getpwnam("nobody")
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def start(folder, bin_folder, durable):
    """The running server; ready when it takes connections."""
    data, log = folder / "data", folder / "log"
    who = user()
    if who:
        os.chown(folder, who["user"], who["group"])
    locale = ["--locale=C", "--encoding=UTF8"]
    made = subprocess.run([bin_folder / "initdb", "-D", data, "-U", "seiryu", "-A", "trust", "--no-sync", *locale],
                          capture_output=True, text=True, cwd=folder, **who)
    if made.returncode != 0:
        raise SystemExit(f"with_postgres.py: initdb: {made.stderr}")
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "60", "shared_buffers": "64MB",
                "fsync": "on" if durable else "off", "full_page_writes": "on" if durable else "off"}
    words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    with open(log, "w") as out:
        if who:
            os.chown(log, who["user"], who["group"])
        server = subprocess.Popen([bin_folder / "postgres", "-D", data, *words], stdout=out, stderr=out, cwd=folder, **who)
    for _ in range(600):
        ready = subprocess.run([bin_folder / "pg_isready", "-q", "-h", folder, "-d", "postgres"], check=False).returncode == 0
        if ready or server.poll() is not None:
            break
        time.sleep(0.05)
    if not ready:
        server.kill()
        raise SystemExit(f"with_postgres.py: the database does not start: {log.read_text()[-2000:]}")
    return server


def main():
    arguments = sys.argv[1:]
    durable = arguments[:1] == ["--durable"]
    command = arguments[1:] if durable else arguments
    if not command:
        raise SystemExit(__doc__)
    bin_folder = programs()
    if not bin_folder:
        print("skipped: no PostgreSQL server here (Debian: postgresql)")
        return SKIPPED
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-pg-", dir="/var/tmp" if durable else None))
    server = None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        server = start(folder, bin_folder, durable)
        url = f"postgresql:///postgres?host={folder}&user=seiryu"
        return subprocess.run(command, env={"CK_DEFAULT_TIMEOUT": "300", **os.environ, "SEI_TEST_STORE": url}, check=False).returncode
    finally:
        if server:
            server.send_signal(signal.SIGINT)  # fast shutdown
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())
