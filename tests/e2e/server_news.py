#!/usr/bin/env python3
"""New points told by MQTT as SensorThings has it (OGC 18-088, section 14): each once, equal to what GET gives.

usage: [with_postgres.py] server_news.py SEIRYUD SIMULATOR MOSQUITTO
"""
import json
import pathlib
import shutil
import sys
import tempfile

from server import SEIRYUD, Broker, World
from server_case import Api, check, first_login, until


def add(api, station, rows):
    status, answer = api.ask("POST", f"/api/v1/stations/{station}/frames", raw="time,zn\n" + rows, head={"Content-Type": "text/csv"})
    check(status == 200, f"values: {status} {answer}")


def compare(api, channel, lines):
    """Topic of the Datastream; the Observation is what the address gives, but for its links."""
    for line in lines:
        topic, text = line.split(" ", 1)
        check(topic == f"v1.1/Datastreams({channel})/Observations", topic)
        told = json.loads(text)
        given = api.good("GET", f"/sta/v1.1/Observations('{told['@iot.id']}')")
        check(told == {k: v for k, v in given.items() if "Link" not in k}, f"told {told}, given {given}")


def main():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="seiryu-news-"))
    world = World(folder)
    config = folder / "seiryud.yaml"
    config.write_text(config.read_text().replace("key: seiryud.key}", "key: seiryud.key, observations: true}"))
    try:
        world.start("broker")
        world.start("server")
        world.wait_http()
        api = Api(world.http)
        first_login(SEIRYUD, config, api)
        site = api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine"})["id"]
        station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": "s1", "name": "Station"})["id"]
        channel = api.good("POST", f"/api/v1/stations/{station}/channels", {"key": "zn", "unit": "mg_l", "quantity": "zn"})["id"]
        broker = Broker(world)
        heard = broker.listen("v1.1/#", "%t %p")
        until("broker", lambda: b"seiryu_broker_connected 1" in api.ask("GET", "/metrics")[1])
        rows = "2026-04-01T00:00:00Z,2.25\n2026-04-01T00:10:00Z,<0.5\n2026-04-01T00:20:00Z,1e-3\n"
        add(api, station, rows)
        until("three observations", lambda: len(heard()) >= 3)
        add(api, station, rows)  # again: nobody is told twice
        broker.publish("seiryu/v1/mine/s1/senml", json.dumps([{"n": "zn", "u": "mg/l", "t": 1775003400, "v": 3.5}]).encode())
        until("the one that came by MQTT", lambda: len(heard()) >= 4)
        lines = heard()
        check(len(lines) == 4, f"four points, told: {lines}")
        check([json.loads(line.split(" ", 1)[1])["result"] for line in lines] == [2.25, 0.5, 0.001, 3.5], f"order: {lines}")
        compare(api, channel, lines)
        metrics = api.ask("GET", "/metrics")[1].decode()
        check("\nseiryu_observations_total 4\n" in metrics and "\nseiryu_observations_dropped_total 0\n" in metrics, "metrics")
        print(f"{len(lines)} observations told, each as GET gives it")
    finally:
        world.stop()
        if sys.exc_info()[0]:
            print((folder / "server.log").read_text()[-3000:], file=sys.stderr)
        shutil.rmtree(folder)


main()
