#!/usr/bin/env python3
"""The broker's settings as they are shipped (etc/mosquitto-seiryu.conf, etc/mosquitto-acl) with the real broker: a station reaches its own topics only.

usage: server_acl.py MOSQUITTO
"""
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time

from server_case import check, free_port, until

ETC = pathlib.Path(__file__).resolve().parents[2] / "etc"
OWN = {"rec", "senml", "senmlc", "ack"}


def certify(folder, name, file, authority="ca"):
    subprocess.run(["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", f"/CN={name.replace('/', chr(92) + '/')}",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{file}.key", "-out", f"{file}.csr"], check=True, capture_output=True, cwd=folder)
    subprocess.run(["openssl", "x509", "-req", "-in", f"{file}.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key", "-CAcreateserial", "-days", "2",
                    "-copy_extensions", "copy", "-out", f"{file}.crt"], check=True, capture_output=True, cwd=folder)


def prepare(folder, port):
    for authority in ("ca", "foreign"):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={authority}",
                        "-keyout", f"{authority}.key", "-out", f"{authority}.crt"], check=True, capture_output=True, cwd=folder)
    for name, file in (("127.0.0.1", "broker"), ("seiryud", "seiryud"), ("mine/s1", "s1"), ("mine/s2", "s2")):
        certify(folder, name, file)
    certify(folder, "seiryud", "false", "foreign")
    shutil.copy(ETC / "mosquitto-acl", folder / "acl")
    (folder / "data").mkdir()
    text = (ETC / "mosquitto-seiryu.conf").read_text()
    for old, new in (("listener 8883", f"listener {port} 127.0.0.1"), ("/etc/seiryu/", f"{folder}/"), ("/var/lib/mosquitto/", f"{folder}/data/")):
        check(old in text, f"mosquitto-seiryu.conf: no {old}")
        text = text.replace(old, new)
    (folder / "broker.conf").write_text(text + "user root\n")


class Client:
    def __init__(self, folder, port, file, authority="ca"):
        self.folder, self.args = folder, ["-h", "127.0.0.1", "-p", str(port), "--cafile", f"{folder}/ca.crt", "-V", "5", "-q", "1"]
        if file:
            self.args += ["--cert", f"{folder}/{file}.crt", "--key", f"{folder}/{file}.key"]

    def publish(self, topic, text):
        return subprocess.run(["mosquitto_pub", *self.args, "-t", topic, "-m", text], capture_output=True, text=True, timeout=30)

    def hear(self, topic, file):
        out = open(self.folder / file, "w")
        process = subprocess.Popen(["mosquitto_sub", *self.args, "-t", topic, "-F", "%t %p"], stdout=out, stderr=subprocess.STDOUT)
        return process, lambda: (self.folder / file).read_text().splitlines()


def try_rights(folder, port, running):
    server, s1 = Client(folder, port, "seiryud"), Client(folder, port, "s1")
    ear, heard = server.hear("seiryu/v1/#", "server.heard")
    spy, stolen = s1.hear("#", "s1.heard")  # what of all this does a station get to hear?
    running += [ear, spy]
    until("the server's subscription", lambda: server.publish("seiryu/v1/ready", "x").returncode == 0 and heard())
    for station in ("mine/s1", "mine/s2", "mine/s1x", "other/s1"):
        for leaf in (*sorted(OWN), "down", "cmd", "new"):
            s1.publish(f"seiryu/v1/{station}/{leaf}", f"from s1: {station}/{leaf}")
    for station in ("mine/s1", "mine/s2"):
        for leaf in ("down", "cmd", "rec"):
            server.publish(f"seiryu/v1/{station}/{leaf}", f"from server: {station}/{leaf}")
    until("the last word", lambda: any("from server: mine/s2/rec" in line for line in heard()))
    came = {line.split(" ", 1)[0] for line in heard() if "from s1" in line}
    check(came == {f"seiryu/v1/mine/s1/{leaf}" for leaf in OWN}, f"a station is heard on {sorted(came)}")
    until("what is for the station", lambda: len([line for line in stolen() if "from server" in line]) >= 2)
    time.sleep(0.5)
    got = {line.split(" ", 1)[0] for line in stolen() if line.startswith("seiryu/")}
    check(got == {"seiryu/v1/mine/s1/down", "seiryu/v1/mine/s1/cmd"}, f"a station hears {sorted(got)}")


def try_strangers(folder, port):
    for what, file in (("nobody", None), ("a certificate of another authority", "false")):
        check(Client(folder, port, file).publish("seiryu/v1/mine/s1/rec", "x").returncode != 0, f"{what} is let in")
    with socket.create_connection(("127.0.0.1", port), 5) as s:
        s.settimeout(5)
        try:
            s.sendall(bytes.fromhex("101000044d5154540402003c0004746573740000"))
            got = s.recv(10)
        except OSError:
            got = b""
    check(not got.startswith(b"\x20"), "clear text is let in")


def main():
    folder, port, running = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-acl-")), free_port(), []
    try:
        prepare(folder, port)
        running.append(subprocess.Popen([sys.argv[1], "-c", folder / "broker.conf"], stderr=open(folder / "log", "w"), stdout=subprocess.DEVNULL))
        until("broker", lambda: Client(folder, port, "seiryud").publish("x", "x").returncode == 0)
        try_rights(folder, port, running)
        try_strangers(folder, port)
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait()
    shutil.rmtree(folder)
    print("the broker as shipped: a station writes and hears its own topics and no others; strangers stay outside")


main()
