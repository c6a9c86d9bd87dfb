#!/usr/bin/env python3
"""A broker that packs many messages into one record of TLS, as some do: all of them are taken, whatever the socket tells.

usage: server_broker.py SEIRYUD

Plays as much of an MQTT 5 broker as is needed: hundreds of messages at once, and as many answers before a time that is no wait.
"""
import socket
import ssl
import struct
import subprocess
import sys

from server_case import Server, check, free_port

MESSAGES, AT_ONCE, WAIT_S = 2000, 250, 20


def packet(head, body):
    n, length = len(body), b""
    while True:
        length += bytes([n % 128 | (128 if n > 127 else 0)])
        n //= 128
        if not n:
            return bytes([head]) + length + body


def read_packet(stream):
    head, n, shift = stream.read(1)[0], 0, 0
    while True:
        byte = stream.read(1)[0]
        n |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return head, stream.read(n)


def publish(number):
    topic = b"seiryu/v1/mine/nobody/rec"
    return packet(0x32, struct.pack(">H", len(topic)) + topic + struct.pack(">HB", number, 0) + b"no record %03d" % number)


def play(connection):
    stream, acknowledged, sent = connection.makefile("rb"), set(), 0
    while len(acknowledged) < MESSAGES:
        try:
            head, body = read_packet(stream)
        except TimeoutError:
            check(False, f"{len(acknowledged)} of {MESSAGES} messages are acknowledged, and nothing more comes")
        if head >> 4 == 1:  # CONNECT
            connection.sendall(packet(0x20, bytes([0, 0, 0])))
        elif head >> 4 == 8:  # SUBSCRIBE
            connection.sendall(packet(0x90, body[:2] + bytes([0, 1])))
        elif head >> 4 == 4:  # PUBACK
            acknowledged.add(body[:2])
        if head >> 4 in (4, 8) and len(acknowledged) == sent:  # up to 16 kB are one record of TLS
            connection.sendall(b"".join(publish(n) for n in range(sent + 1, sent + AT_ONCE + 1)))
            sent += AT_ONCE
        elif head >> 4 == 12:  # PINGREQ
            connection.sendall(packet(0xD0, b""))


def main():
    port = free_port()
    server = Server(sys.argv[1], f"mqtt: {{host: 127.0.0.1, port: {port}, ca: broker.crt}}")
    with socket.create_server(("127.0.0.1", port)) as listener, server:
        listener.settimeout(WAIT_S)
        certificate, key = server.folder / "broker.crt", server.folder / "broker.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                        "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.stop()  # it read its settings before there was a certificate
        server.start()
        while True:
            connection, _ = listener.accept()
            connection.settimeout(WAIT_S)
            try:
                connection = context.wrap_socket(connection, server_side=True)
            except (OSError, ssl.SSLError):  # of the server before
                continue
            break
        with connection:
            play(connection)
    print(f"{MESSAGES} messages in records of TLS, each acknowledged")


main()
