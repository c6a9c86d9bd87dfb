#!/usr/bin/env python3
"""Writes vectors.tsv: frames of the command protocol, put together and signed without our code.

usage: make.py > vectors.tsv     (needs: pip install cryptography)

Keys: the seeds of RFC 8032, section 7.1: TEST 1 for the person, TEST 2 for the station.
"""
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PERSON = Ed25519PrivateKey.from_private_bytes(
    bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
STATION = Ed25519PrivateKey.from_private_bytes(
    bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))


def token(kind, station, point, key, counter, value, expected, not_after, nonce):
    body = struct.pack(">BIHBIiiIIB", 0x10 | kind, station, point, key, counter, value, expected or 0, not_after, nonce,
                       0 if expected is None else 1)
    assert len(body) == 29
    return body + PERSON.sign(b"seiryu-token-v1\n" + body)


def answer(kind, station, point, key, counter, position, done_key, done_counter, cause, nonce, time, life):
    body = struct.pack(">BIHBIiBIBBIII", 0x10 | kind, station, point, key, counter, position or 0, done_key, done_counter,
                       cause, 0 if position is None else 1, nonce, time, life)
    assert len(body) == 35
    return body + STATION.sign(b"seiryu-answer-v1" + body)


def put(name, fields, frame):
    print("\t".join([name, " ".join("-" if f is None else str(f) for f in fields), frame.hex()]))


print("name\tfields\tframe")
for name, fields in [
    ("select", (1, 0x01020304, 3, 0, 41, 250, None, 1800000000, 0)),
    ("operate", (2, 0x01020304, 3, 0, 42, 250, None, 1800000000, 0xDEADBEEF)),
    ("operate-expected", (2, 0x01020304, 3, 1, 4294967295, -2147483648, -1, 4294967295, 1)),
    ("cancel", (3, 0x01020304, 65535, 0, 43, 2147483647, 0, 1800000000, 0xDEADBEEF)),
]:
    put(name, fields, token(*fields))
for name, fields in [
    ("selected", (4, 0x01020304, 3, 0, 41, 0, 255, 0, 25, 0xDEADBEEF, 1799999000, 0xCAFE0001)),
    ("refused", (5, 0x01020304, 3, 0, 42, 100, 0, 17, 10, 0, 1799999010, 0xCAFE0001)),
    ("accepted", (6, 0x01020304, 3, 0, 42, None, 0, 42, 25, 0xDEADBEEF, 1799999010, 0xCAFE0001)),
    ("result", (7, 0x01020304, 3, 0, 42, 250, 0, 42, 25, 0xDEADBEEF, 1799999040, 0xCAFE0001)),
    ("result-late", (7, 0x01020304, 3, 0, 42, None, 0, 42, 16, 0xDEADBEEF, 1799999070, 0xCAFE0001)),
    ("status", (8, 0x01020304, 3, 0, 0, -5, 0, 42, 25, 0, 4294967295, 0xCAFE0001)),
]:
    put(name, fields, answer(*fields))
