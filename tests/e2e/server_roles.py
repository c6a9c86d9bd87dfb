#!/usr/bin/env python3
"""Every route for every role: what is allowed, refused, or not there, as docs/server.md and the table of the dashboard's guide say it.

usage: [with_postgres.py] server_roles.py SEIRYUD

The routes come from the server's own list, so a new one is tried as soon as it is there; what should come follows from the rules below.
"""
import pathlib
import re
import sys

from server_case import PASSWORD, Api, Server, check

SEIRYUD = sys.argv[1]
LIST = pathlib.Path(__file__).parents[2] / "src/server/route_list.h"
RANK = {"viewer": 1, "operator": 2, "engineer": 3, "administrator": 4}
ENDLESS = "/api/v1/live"
NOTHING = {"no such key": 1}


def routes():
    """(method, path, scope, least role, whether it takes a body)"""
    found = re.findall(r'SEI_ROUTE\((\w+),\s*"([^"]+)",\s*SEI_(\w+),\s*(\w+),\s*(\w+),\s*\w+\)', LIST.read_text())
    return [(m, p, scope, role.lower(), body != "0") for m, p, scope, role, body in found]


def covers(role, least):
    """An auditor reads and looks into the audit log; the others are a ladder, whose top may look into it, too."""
    if role == "auditor":
        return least in ("viewer", "auditor")
    return role == "administrator" if least == "auditor" else RANK[role] >= RANK[least]


def expected(role, where, scope, least):
    """where: the role is given for "all" sites, for "this" one, or for "another"."""
    if scope in ("OPEN", "SIGNED_IN"):
        return "let in"
    if scope == "SOMEWHERE":
        return "let in" if covers(role, least) else "refused"
    if scope == "EVERYWHERE":
        return "let in" if where == "all" and covers(role, least) else "refused"
    if where == "another":
        return "not there"
    return "let in" if covers(role, least) else "refused"


class Person(Api):
    """Signed in, behind a proxy that names an address of one's own: nobody uses up another's requests."""
    n = 0

    def __init__(self, port):
        super().__init__(port)
        Person.n += 1
        self.address = f"198.51.100.{Person.n}"

    def ask(self, method, path, body=None, head=None, raw=None):
        return super().ask(method, path, body, {"X-Forwarded-For": self.address, **(head or {})}, raw)


def furnish(api):
    """Something of every kind that a route's number can name, each with number 1."""
    site = api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine"})["id"]
    api.good("POST", "/api/v1/sites", {"key": "other", "name": "Other"})
    station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s", "name": "s", "transport": "http"})["id"]
    channel = api.good("POST", f"/api/v1/stations/{station}/channels", {"key": "ph", "name": "ph", "quantity": "ph", "unit": ""})["id"]
    api.good("POST", f"/api/v1/channels/{channel}/layers", {"kind": "flag", "start_us": 0, "end_us": 1, "code": "spike", "level": 4, "reason": "x"})
    target = api.good("POST", f"/api/v1/sites/{site}/targets", {"kind": "webhook", "name": "a", "address": "https://alarm.invalid/hook"})["id"]
    alarm = api.good("POST", f"/api/v1/channels/{channel}/alarms", {"name": "a", "kind": "high", "priority": 1, "rule": {"threshold": 9}})["id"]
    api.good("PUT", f"/api/v1/stations/{station}/command-keys", {"address": 1, "answer_key": "00" * 32})
    point = api.good("POST", f"/api/v1/stations/{station}/command-points", {"point": 1, "name": "Gate", "low": 0, "high": 100})["id"]
    command = api.good("POST", f"/api/v1/command-points/{point}/select", {"value": 1, "reason": "test"})["id"]
    check({site, station, channel, target, alarm, point, command} == {1}, "the first of each kind has number 1")


def people(server, api):
    """One of each role for all sites and for this one; of another site the least and the highest."""
    for role in [*RANK, "auditor"]:
        for where, site in (("all", None), ("this", 1), *([("another", 2)] if role in ("viewer", "administrator") else [])):
            name = f"{role}-{where}"
            token = api.good("POST", "/api/v1/users", {"name": name, "grants": [{"role": role, "site": site}]})["token"]
            person = Person(server.port)
            person.good("POST", "/api/v1/first-login", {"token": token, "password": PASSWORD})
            check(person.login(name, PASSWORD)[0] == 200, f"{name} signs in")
            yield role, where, person


def try_route(person, who, route):
    method, path, scope, least, has_body = route
    role, where = who
    wanted = expected(role, where, scope, least)
    if wanted == "let in" and (path == ENDLESS or (method != "GET" and not has_body) or scope == "OPEN"):
        return False  # it would do something, or never end
    plain = re.sub(r"\{\w+\}", "Things" if path.endswith("{path}") else "1", path)
    status, answer = person.ask(method, plain, None if method == "GET" or not has_body else NOTHING)
    code = answer.get("error", {}).get("code") if isinstance(answer, dict) else None
    came = "refused" if status == 403 and code == "role_too_low" else "not there" if status == 404 and code == "not_found" else "let in" if status != 401 else "signed out"
    check(came == wanted, f"{role} of {where} at {method} {path}: {came} ({status} {code}), should be {wanted}")
    return True


def main():
    with Server(SEIRYUD, settings="webhook: {hosts: alarm.invalid}", http=", proxied: true") as server:
        furnish(server.api)
        listed, tried, known = routes(), 0, set()
        check(len(listed) == LIST.read_text().count("SEI_ROUTE(") - 1, f"{len(listed)} routes are read from the list")
        for role, where, person in people(server, server.api):
            known.add((role, where))
            tried += sum(try_route(person, (role, where), route) for route in listed)
        check(tried > 700, f"{tried} tries")
    print(f"{len(listed)} routes, {len(known)} roles and reaches, {tried} tries: as the rules say")


main()
