#!/usr/bin/env python3
"""Runs a command with a PostgreSQL of its own: a database in a temporary folder, on a socket there, stopped at the end.

usage: with_postgres.py [--durable] [--disk MB | --wal MB] COMMAND [ARGUMENT ...]

The command finds the store in SEI_TEST_STORE. Without --durable the database does not wait for the disk, which only a power cut
could tell. With --disk its tables lie on a file system of that size (a tmpfs in a mount namespace of this test, so only for root; its log of
changes lies elsewhere), and the command finds the folder in SEI_TEST_DISK where that was possible. With --wal it is the other way round: the log
of changes lies there alone, in pieces of a megabyte, and a database that ends by itself is started again, as an init system does; what it says
stands in the file SEI_TEST_PG_LOG. Leaves with the command's code, or with 77 (skipped) where no PostgreSQL is installed.
"""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
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


def enter_namespace():
    """Mounts of this test are its own and go with it; where that is not allowed, it does without."""
    if os.environ.get("SEI_PG_MOUNTS") or os.getuid() != 0:
        return
    tried = subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"], capture_output=True, check=False)
    if tried.returncode == 0:
        os.execvpe("unshare", ["unshare", "-m", sys.executable, *sys.argv], {**os.environ, "SEI_PG_MOUNTS": "1"})


def make_disk(folder, size_mb):
    """A small file system; None without."""
    if not size_mb or not os.environ.get("SEI_PG_MOUNTS"):
        return None
    disk = folder / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", disk], capture_output=True, check=False)
    return disk if made.returncode == 0 else None


def start(folder, disk, wal_only, bin_folder, durable):
    """The running server, ready when it takes connections, and a function that starts it once more."""
    data, wal, log = (folder if wal_only or not disk else disk) / "data", (disk if wal_only and disk else folder) / "wal", folder / "log"
    who = user()
    for one in [folder, *([disk] if disk else [])]:
        if who:
            os.chown(one, who["user"], who["group"])
    locale = ["--locale=C", "--encoding=UTF8"]
    made = subprocess.run([bin_folder / "initdb", "-D", data, "-U", "seiryu", "-A", "trust", "--no-sync", "-X", wal, *(["--wal-segsize=1"] if wal_only else []), *locale],
                          capture_output=True, text=True, cwd=folder, **who)
    if made.returncode != 0:
        raise SystemExit(f"with_postgres.py: initdb: {made.stderr}")
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "60", "shared_buffers": "64MB",
                "fsync": "on" if durable else "off", "full_page_writes": "on" if durable else "off",
                **({"min_wal_size": "2MB", "max_wal_size": "4MB", "wal_recycle": "off"} if wal_only else {})}
    words = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]

    def run():
        with open(log, "a") as out:
            if who:
                os.chown(log, who["user"], who["group"])
            return subprocess.Popen([bin_folder / "postgres", "-D", data, *words], stdout=out, stderr=out, cwd=folder, **who)
    server = run()
    for _ in range(600):
        ready = subprocess.run([bin_folder / "pg_isready", "-q", "-h", folder, "-d", "postgres"], check=False).returncode == 0
        if ready or server.poll() is not None:
            break
        time.sleep(0.05)
    if not ready:
        server.kill()
        raise SystemExit(f"with_postgres.py: the database does not start: {log.read_text()[-2000:]}")
    return server, run


class Keeper:
    """Starts the database again when it ends by itself."""

    def __init__(self, server, run, again):
        self.server, self.run, self.stopping = server, run, threading.Event()
        self.thread = threading.Thread(target=self.keep)
        if again:
            self.thread.start()

    def keep(self):
        while not self.stopping.is_set():
            if self.server.poll() is not None:
                self.server = self.run()
            self.stopping.wait(0.2)

    def stop(self):
        self.stopping.set()
        if self.thread.ident:
            self.thread.join()
        self.server.send_signal(signal.SIGINT)  # fast shutdown
        self.server.wait()


def options():
    """--durable, megabytes of --disk or --wal, whether it was --wal, and the command."""
    words, durable, size_mb, wal_only = sys.argv[1:], False, 0, False
    while words and words[0].startswith("--"):
        word = words.pop(0)
        durable = durable or word == "--durable"
        if word in ("--disk", "--wal") and words and words[0].isdigit():
            size_mb, wal_only = int(words.pop(0)), word == "--wal"
        elif word != "--durable":
            raise SystemExit(__doc__)
    if not words:
        raise SystemExit(__doc__)
    return durable, size_mb, wal_only, words


def main():
    durable, size_mb, wal_only, command = options()
    bin_folder = programs()
    if not bin_folder:
        print("skipped: no PostgreSQL server here (Debian: postgresql)")
        return SKIPPED
    if size_mb:
        enter_namespace()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-pg-", dir="/var/tmp" if durable else None))
    disk, keeper = make_disk(folder, size_mb), None
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        keeper = Keeper(*start(folder, disk, wal_only, bin_folder, durable), wal_only)
        more = {"SEI_TEST_STORE": f"postgresql:///postgres?host={folder}&user=seiryu", "SEI_TEST_PG_LOG": str(folder / "log"),
                **({"SEI_TEST_DISK": str(disk)} if disk else {})}
        return subprocess.run(command, env={"CK_DEFAULT_TIMEOUT": "300", **os.environ, **more}, check=False).returncode
    finally:
        if keeper:
            keeper.stop()
        if disk:
            subprocess.run(["umount", "-l", disk], check=False)
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())
