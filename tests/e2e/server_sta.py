#!/usr/bin/env python3
"""OGC SensorThings API 1.1 (OGC 18-088): resource paths, query options, data array, and what is refused.

usage: [with_postgres.py] server_sta.py SEIRYUD

Requests are those of the standard's own tables and examples, on entities made here.
"""
import datetime
import sys
import time
import urllib.parse

from server_case import PASSWORD, Api, Server, check

DAY_US, T0 = 86400_000000, 1767225600_000000  # 2026-01-01T00:00:00Z


def get(api, path, code=200, **options):
    query = "&".join(f"${k}={urllib.parse.quote(str(v))}" for k, v in options.items())
    status, answer = api.ask("GET", f"/sta/v1.1{path}" + ("?" + query if query else ""))
    check(status == code, f"{path} {options} gave {status}: {answer}")
    return answer


def ids(answer):
    return [e["@iot.id"] for e in answer["value"]]


def build(api):
    """Two sites; one with two stations of two channels: daily values 0, 1, 2 … 999, newer ones last."""
    site = api.good("POST", "/api/v1/sites", {"key": "mine", "name": "Mine", "latitude": 39.1, "longitude": 141.0})["id"]
    channels = []
    for k in (1, 2):
        station = api.good("POST", f"/api/v1/sites/{site}/stations", {"key": f"s{k}", "name": f"Station {k}", "interval_s": 600})["id"]
        for quantity, unit in (("ph", ""), ("zn", "mg_l")):
            channels.append(api.good("POST", f"/api/v1/stations/{station}/channels",
                                     {"key": quantity, "name": f"{quantity} of {k}", "quantity": quantity, "unit": unit, "decimals": 2})["id"])
        rows = "".join(f"{time_text(T0 + i * DAY_US)},{i % 14},{'<' if i == 3 else ''}{i}\n" for i in range(1000))
        text = "time,ph,zn\n" + rows
        answer = api.ask("POST", f"/api/v1/stations/{station}/frames", raw=text, head={"Content-Type": "text/csv"})
        check(answer[0] == 200 and answer[1]["added"] == 2000, f"import: {answer}")
    other = api.good("POST", "/api/v1/sites", {"key": "other", "name": "Other"})["id"]
    api.good("POST", f"/api/v1/sites/{other}/stations", {"key": "far", "name": "Far", "interval_s": 600})
    return site, channels


def time_text(us):
    return datetime.datetime.fromtimestamp(us / 1e6, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def try_paths(api, channels):
    root = get(api, "")
    names = [e["name"] for e in root["value"]]
    check(names == ["Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
                    "FeaturesOfInterest"], f"sets: {names}")
    check("http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel" in root["serverSettings"]["conformance"], "conformance")
    for entity in root["value"]:
        one = get(api, f"/{entity['name']}", top=1)["value"][0]
        path = urllib.parse.urlsplit(one["@iot.selfLink"]).path.removeprefix("/sta/v1.1")
        again = get(api, urllib.parse.quote(path))
        check(again == one, f"{path} by its own link")
        for key, link in one.items():
            if key.endswith("@iot.navigationLink"):
                get(api, urllib.parse.quote(urllib.parse.urlsplit(link).path.removeprefix("/sta/v1.1")), 200)
    c = channels[1]
    check(get(api, f"/Datastreams({c})/name") == {"name": "zn of 1"}, "a property")
    check(get(api, f"/Datastreams({c})/name/$value") == b"zn of 1", "its value")
    check(get(api, f"/Datastreams({c})/unitOfMeasurement")["unitOfMeasurement"]["symbol"] == "mg/L", "unit")
    check(get(api, f"/Datastreams({c})/phenomenonTime")["phenomenonTime"] == f"{time_text(T0)}/{time_text(T0 + 999 * DAY_US)}", "span")
    check(get(api, "/Things/$ref", top=1)["value"][0].keys() == {"@iot.selfLink"}, "$ref")
    check(ids(get(api, f"/Datastreams({c})/Thing/Datastreams")) == channels[:2], "through a Thing")
    check(get(api, f"/Things(1)/Datastreams({c})")["@iot.id"] == c, "Datastream of its Thing")
    get(api, f"/Things(2)/Datastreams({c})", 404)
    check(get(api, "/ObservedProperties('zn')")["name"] == "zinc", "quantity")
    check(ids(get(api, "/ObservedProperties('zn')/Datastreams")) == channels[1::2], "Datastreams of a quantity")
    for path in ("/Nothing", "/Things(99)", "/Things(1)/Nothing", "/Things(1)/name/x", "/Things(1", "/Things()", "/Things(1)(1)", "/Things//name",
                 "/Things(1)/$value", "/Things/$value", "/Things(01)x", "/Observations('1')", "/Observations('1-2-3-4')", "/Things('1')",
                 "/ObservedProperties(zn)", "/Datastreams(1)/Observations('x')"):
        get(api, urllib.parse.quote(path), 404)


def try_options(api, channels):
    zn = f"/Datastreams({channels[1]})/Observations"
    first = get(api, zn)
    check(len(first["value"]) == 100 and first["@iot.nextLink"].endswith("$skip=100"), "the first hundred, and a link")
    seen, link, n = [], f"{zn}?$top=300", 0
    while link and n < 10:
        status, answer = api.ask("GET", link if link.startswith("/sta") else "/sta/v1.1" + link)
        check(status == 200, f"{link}: {answer}")
        seen += [o["result"] for o in answer["value"]]
        following = urllib.parse.urlsplit(answer["@iot.nextLink"]) if "@iot.nextLink" in answer else None
        link, n = f"{following.path}?{following.query}" if following else None, n + 1
    check(seen == [float(i) for i in range(1000)], f"pages hold each once: {len(seen)}")
    none = get(api, zn, count="true", top=0)
    check(none["@iot.count"] == 1000 and "@iot.nextLink" not in none, "$count; a page of nothing leads nowhere")
    last = get(api, zn, orderby="phenomenonTime desc", top=1)["value"][0]
    check(last["result"] == 999 and last["phenomenonTime"] == time_text(T0 + 999 * DAY_US), "the newest")
    third = get(api, zn, filter="result eq 3")["value"][0]
    check(third["parameters"]["kind"] == "below_loq", "below the limit of quantification")
    check([o["result"] for o in get(api, zn, orderby="result desc,phenomenonTime", top=2, skip=1)["value"]] == [998.0, 997.0], "by result")
    filters = {  # operators and functions of the standard's tables 23 and 24, and how many of 0 … 999 they leave
        "result lt 10": 10, "result gt 5 and result le 10": 5, "result lt 5 or result ge 995": 10, "not result lt 990": 10,
        "not (result gt 5)": 6, "result mod 100 eq 0": 10, "result add 1 eq 10": 1, "result sub 10 gt 980": 9, "result mul 2 lt 10": 5,
        "result div 4 eq 2.5": 1, "(result gt 10 or result lt 5) and result lt 20": 14, "5 gt result": 5, "-1 lt result and result lt 1": 1,
        "phenomenonTime lt 2026-01-11T00:00:00Z": 10, "phenomenonTime ge 2026-01-02T09:00:00+09:00 and resultTime le 2026-01-03T00:00:00.000Z": 2,
        "year(phenomenonTime) eq 2027": 365, "month(phenomenonTime) eq 2 and year(phenomenonTime) eq 2028": 29, "day(resultTime) eq 1": 33,
        "hour(phenomenonTime) eq 0 and result le 3": 4, "round(result div 10) eq 2": 10, "floor(result div 100) eq 3": 100,
        "ceiling(result div 100) eq 1": 100, "Datastream/ObservedProperty/name eq 'zinc' and result eq 7": 1, "Datastream/id eq 999": 0,
        "Datastream/unitOfMeasurement/symbol eq 'mg/L' and result lt 2": 2, "parameters/kind eq 'below_loq'": 1,
        "date(phenomenonTime) eq 2026-01-02": 1, "phenomenonTime ge 2026-01-02 and phenomenonTime lt 2026-01-04": 2, "time(phenomenonTime) lt 00:00:01": 1000,
        "time(phenomenonTime) gt 13:20:00": 0, "fractionalseconds(phenomenonTime) eq 0 and result lt 5": 5, "totaloffsetminutes(resultTime) eq 0": 1000,
        "mindatetime() lt resultTime and resultTime lt maxdatetime()": 1000,
        "phenomenonTime lt 2026-01-01T00:00:00Z add duration'P9DT12H'": 10, "phenomenonTime ge 2026-01-03T00:00:00Z sub duration'PT36H' and result lt 5": 4,
        "phenomenonTime sub 2026-01-01T00:00:00Z le duration'P2DT1M0.5S'": 3, "duration'P1D' add phenomenonTime lt 2026-01-04T00:00:00Z": 2,
        "phenomenonTime sub duration'-P1D' lt 2026-01-04T00:00:00Z": 2, "duration'PT24H' eq duration'P1D' and result eq 1": 1,
        "duration'P1D' sub duration'PT12H' lt duration'PT13H' and result eq 1": 1, "phenomenonTime gt now() sub duration'P100000D'": 1000,
        "phenomenonTime lt now()": int((time.time() * 1e6 - T0) // DAY_US) + 1, "result eq null": 0, "result ne null": 1000,
    }
    for text, n in filters.items():
        answer = get(api, zn, filter=text, count="true", top=0)
        check(answer["@iot.count"] == n, f"{text}: {answer['@iot.count']}, expected {n}")
    texts = {"name eq 'zn of 1'": 1, "substringof('zn',name)": 2, "startswith(name,'ph')": 2, "endswith(name,'2')": 2, "length(name) eq 7": 4,
             "indexof(name,'of') eq 3": 4, "substring(name,3) eq 'of 1'": 2, "substring(name,0,2) eq 'ph'": 2, "tolower(name) eq 'zn of 1'": 1,
             "toupper(name) eq 'ZN OF 1'": 1, "trim(name) eq name": 4, "concat(concat(name,', '),Thing/name) eq 'zn of 1, Station 1'": 1,
             "Thing/properties/site eq 'mine' and unitOfMeasurement/symbol eq null": 2, "contains(description,'s2')": 2, "name eq 'it''s'": 0,
             "id eq 1": 1, "Thing/@iot.id eq 2": 2}
    for text, n in texts.items():
        got = len(get(api, "/Datastreams", filter=text)["value"])
        check(got == n, f"{text}: {got}, expected {n}")
    check([e["name"] for e in get(api, "/Datastreams", orderby="Thing/name desc,name")["value"]] == ["ph of 2", "zn of 2", "ph of 1", "zn of 1"], "$orderby")
    only = get(api, "/Things", select="id,name", top=1)["value"][0]
    check(only == {"@iot.id": 1, "name": "Station 1"}, f"$select: {only}")


def try_expand(api, channels):
    thing = get(api, "/Things(1)", expand="Datastreams($select=name;$expand=Observations($orderby=phenomenonTime desc;$top=2;$count=true),"
                                          "ObservedProperty),Locations")
    streams = thing["Datastreams"]
    check([s["name"] for s in streams] == ["ph of 1", "zn of 1"] and "@iot.id" not in streams[0], "expanded and selected")
    check([o["result"] for o in streams[1]["Observations"]] == [999.0, 998.0] and streams[1]["Observations@iot.count"] == 1000, "inner options")
    link = urllib.parse.urlsplit(streams[1]["Observations@iot.nextLink"])
    status, answer = api.ask("GET", f"{link.path}?{link.query}")
    check(status == 200 and [o["result"] for o in answer["value"]] == [997.0, 996.0], "the next page of what was expanded")
    check(streams[1]["ObservedProperty"]["@iot.id"] == "zn" and thing["Locations"][0]["location"]["coordinates"] == [141.0, 39.1], "others")
    deep = get(api, "/Datastreams", expand="Thing/Locations,Sensor", top=1)["value"][0]
    check(deep["Thing"]["Locations"][0]["location"]["type"] == "Point" and deep["Sensor"]["@iot.id"] == 1, "with a path")


def try_data_array(api, channels):
    answer = get(api, "/Observations", resultFormat="dataArray", select="phenomenonTime,result", filter="phenomenonTime lt 2026-01-03T00:00:00Z", orderby="Datastream/id,result")
    groups = answer["value"]
    check(len(groups) == 4 and all(g["components"] == ["phenomenonTime", "result"] for g in groups), f"groups: {groups}")
    check(groups[1]["dataArray"] == [[time_text(T0), 0.0], [time_text(T0 + DAY_US), 1.0]] and groups[1]["dataArray@iot.count"] == 2, "rows")
    check(groups[1]["Datastream@iot.navigationLink"].endswith(f"/Datastreams({channels[1]})"), "whose they are")
    get(api, "/Things", 501, resultFormat="dataArray")


def try_geometry(api):
    """Functions of the standard's tables 24 and 25 on Locations: two stations at (141.0, 39.1), one without a place. What each relation says
    of a point follows from the definitions of OGC 06-103r4 section 6.1.15; distances are worked by hand."""
    square = "geography'POLYGON ((140 38, 142 38, 142 40, 140 40, 140 38))'"
    holed = "geography'POLYGON ((140 38, 142 38, 142 40, 140 40, 140 38), (140.5 38.5, 141.5 38.5, 141.5 39.5, 140.5 39.5, 140.5 38.5))'"
    edge = "geography'POLYGON ((141 38, 142 38, 142 40, 141 40, 141 38))'"  # the stations stand on its left edge
    away = "geography'POLYGON ((150 38, 152 38, 152 40, 150 38))'"
    here, there = "geography'POINT (141.0 39.1)'", "geography'POINT (141.3 39.5)'"
    along, from_here = "geography'LINESTRING (140 39.1, 142 39.1)'", "geography'LINESTRING (141 39.1, 142 40)'"
    ring = "geography'LINESTRING (141 39.1, 142 39.1, 142 40, 141 39.1)'"  # closed: no boundary
    counts = {
        f"st_within(location,{square})": 2, f"st_within(location,{holed})": 0, f"st_within(location,{edge})": 0, f"st_within(location,{here})": 2,
        f"st_within(location,{along})": 2, f"st_within(location,{from_here})": 0, f"st_within(location,{ring})": 2, f"st_within(location,{away})": 0,
        f"st_contains({square},location)": 2, f"st_contains({edge},location)": 0, f"st_contains(location,{here})": 2,
        f"st_equals(location,{here})": 2, f"st_equals(location,{there})": 0, f"st_equals(location,{along})": 0,
        f"st_intersects(location,{edge})": 2, f"st_intersects(location,{holed})": 0, f"geo.intersects(location,{square})": 2, f"geo.intersects({away},location)": 0,
        f"st_disjoint(location,{holed})": 2, f"st_disjoint(location,{edge})": 0, f"st_touches(location,{edge})": 2, f"st_touches(location,{square})": 0,
        f"st_touches(location,{from_here})": 2, f"st_touches(location,{ring})": 0, f"st_touches({edge},location)": 2, f"st_touches(location,{here})": 0,
        f"st_overlaps(location,{here})": 0, f"st_crosses(location,{along})": 0, f"st_crosses({along},location)": 0,
        f"st_relate(location,{square},'T*F**F***')": 2, f"st_relate(location,{square},'0FFFFF212')": 2, f"st_relate({square},location,'0F2FF1FF2')": 2,
        f"st_relate(location,{edge},'F0FFFF212')": 2, f"st_relate(location,{away},'FF0FFF212')": 2, f"st_relate(location,{here},'0FFFFFFF2')": 2,
        f"st_relate(location,{along},'0FFFFF102')": 2, f"st_relate(location,{ring},'0FFFFF1F2')": 2,
        f"geo.distance(location,{there}) lt 0.5000001 and geo.distance(location,{there}) gt 0.4999999": 2,  # 0.3 and 0.4 degrees
        f"geo.distance(location,{square}) eq 0": 2, f"geo.distance(location,{away}) gt 8.9": 2, f"geo.distance({holed},location) lt 0.4000001": 2,
        f"geo.distance(location,{here}) lt 1 and st_within(location,{square})": 2, f"geo.length({along}) eq 2": 3, f"not st_within(location,{square})": 1,
        "geo.length(geography'LINESTRING (0 0, 3 4, 3 5)') eq 6": 3, "st_within(location,geometry'polygon((140 38 0,142 38 0,140 41 0,140 38 0))')": 2,
    }
    for text, n in counts.items():
        got = len(get(api, "/Locations", filter=text)["value"])
        check(got == n, f"{text}: {got}, expected {n}")
    check(ids(get(api, "/Things", filter=f"st_within(Locations/location,{square})")) == [1, 2], "Things by their Locations")
    check(len(get(api, "/Datastreams", filter=f"geo.distance(Thing/Locations/location,{here}) lt 0.1")["value"]) == 4, "Datastreams by the place of their Thing")
    check(get(api, "/Observations", filter=f"st_within(FeatureOfInterest/feature,{square}) and result lt 1", count="true", top=0)["@iot.count"] > 0, "Observations")
    refused = {"st_within(location,geography'POLYGON ((0 0, 1 1, 0 0))')": 400, "st_within(location,geography'POLYGON ((0 0, 1 0, 1 1, 0 1))')": 400,
               "st_within(location,geography'POINT (1)')": 400, "st_within(location,geography'POINT (1 2')": 400, "st_within(location,geography'POINT (1 2) x')": 400,
               "st_within(location,geography'CIRCULARSTRING (1 2)')": 501, "st_within(location,'POINT (1 2)')": 400, "st_within(location,1)": 400,
               "geo.distance(name,location) lt 1": 400, "st_relate(location,location,'T')": 400, "location eq location": 400, "location gt 1": 400,
               f"st_within({square},{square})": 501, "st_within(location,geography'POINT (1e9 2)')": 400, "st_within(location)": 400,
               "st_within(location,geography'LINESTRING (" + ",".join("1 2" for _ in range(980)) + ",0x 2)')": 400}
    for text, code in refused.items():
        get(api, "/Locations", code, filter=text)


def try_many(api, channels):
    """$filter along navigations to many: the standard's example on Things (section 9.3.3.5), and what it means for one and the same entity."""
    between = "Datastreams/Observations/resultTime ge 2026-06-01T00:00:00Z and {} le {}"
    plain = between.format("Datastreams/Observations/resultTime", "2026-07-01T00:00:00Z")
    dated = between.format("date(Datastreams/Observations/resultTime)", "date(2026-07-01T00:00:00Z)")
    stream, point = "Datastreams", "Datastreams/Observations"
    things = {
        f"{point}/FeatureOfInterest/id eq 1 and {plain}": [1], f"{point}/FeatureOfInterest/id eq 2 and {dated}": [2], plain.replace("2026-0", "2036-0"): [],
        f"{point}/FeatureOfInterest/id eq 3": [], f"{stream}/ObservedProperty/id eq 'zn'": [1, 2], f"{stream}/name eq 'zn of 2'": [2],
        f"{stream}/ObservedProperty/id eq 'ph' and {stream}/unitOfMeasurement/symbol eq null": [1, 2],
        f"{stream}/ObservedProperty/id eq 'zn' and {stream}/unitOfMeasurement/symbol eq null": [],  # no one Datastream is both
        f"{point}/result eq 999": [1, 2], f"{point}/result gt 999": [], f"{point}/result eq 13 and {stream}/name eq 'ph of 1'": [1],
        f"{point}/result eq 14 and {stream}/name eq 'ph of 1'": [], f"{point}/result eq 20 and {point}/phenomenonTime eq 2026-01-21T00:00:00Z": [1, 2],
        f"{point}/result eq 20 and {point}/phenomenonTime eq 2026-01-22T00:00:00Z": [], f"{point}/parameters/kind eq 'below_loq' and id eq 2": [2],
        f"name eq 'Far' or {stream}/name eq 'zn of 2'": [2, 3], f"{stream}/name eq null": [3], f"{point}/result eq null": [3],
        f"not ({stream}/name eq 'ph of 1')": [1, 2, 3],  # for a Datastream of it that has another name, or for none
        "HistoricalLocations/time lt now() and Datastreams/name eq 'ph of 1'": [1], f"{stream}/Thing/{stream}/name eq 'ph of 2'": [2],
    }
    for text, expected in things.items():
        got = ids(get(api, "/Things", filter=text))
        check(got == expected, f"Things by {text}: {got}, expected {expected}")
    others = {
        ("/ObservedProperties", "Datastreams/Thing/Datastreams/ObservedProperty/name eq 'zinc'"): ["ph", "zn"],
        ("/ObservedProperties", "Datastreams/Observations/result eq 500"): ["zn"], ("/Sensors", "Datastreams/Thing/name eq 'Station 2'"): channels[2:],
        ("/FeaturesOfInterest", "Observations/result eq 13 and Observations/Datastream/name eq 'ph of 2'"): [2],
        ("/Locations", "Things/Datastreams/name eq 'ph of 2'"): [2], ("/Datastreams", "Observations/result gt 998"): channels[1::2],
        ("/Things(1)/Datastreams", "Observations/result gt 998"): [channels[1]],
    }
    for (path, text), expected in others.items():
        got = ids(get(api, path, filter=text))
        check(got == expected, f"{path} by {text}: {got}, expected {expected}")
    inner = get(api, "/Things(2)", expand="Datastreams($filter=Observations/result gt 998)")["Datastreams"]
    check([d["@iot.id"] for d in inner] == channels[3:], "in an expanded collection")
    few = "phenomenonTime lt 2026-01-03 and Datastream/Observations/result gt 998"
    check(get(api, f"/Datastreams({channels[1]})/Observations", filter=few, count="true", top=0)["@iot.count"] == 2, "Observations by others of their Datastream")
    five = " and ".join("Datastreams/" + "Thing/Datastreams/" * k + "id gt 0" for k in range(5))
    for text, code in {f"{stream}/nothing eq 1": 400, f"id eq 3 and {stream}/nothing eq 1": 400, five: 501, stream: 400, f"{stream}/name": 400}.items():
        get(api, "/Things", code, filter=text)
    for path, keys in {"/Things": "Datastreams/name", f"/Datastreams({channels[1]})/Observations": "Datastream/Observations/result",
                       "/Locations(99)/Things": "name,Datastreams/name desc", "/Datastreams": "length(Thing/Datastreams/name)"}.items():
        answer = get(api, path, 404 if "99" in path else 400, orderby=keys)
        check("99" in path or "one value for each" in str(answer), f"{path} by {keys}: {answer}")
    get(api, "/Things", 400, filter="id eq 99", orderby="Datastreams/name")  # also where there is nothing to order
    get(api, "/Things", 400, expand="Datastreams($orderby=Observations/result)")
    five_keys = "name,description,Locations/name,Locations/id,id desc"
    check(ids(get(api, "/Things", orderby=five_keys)) == ids(get(api, "/Things", orderby="name,id desc")), "five keys")
    check("too many keys" in str(get(api, "/Things", 400, orderby=five_keys + ",id")), "a sixth key")
    endless = f"{point}/result sub 5000 gt {stream}/Thing/{point}/result"
    check("shorter span" in str(get(api, "/Things", 413, filter=endless)), "every point beside every point")


def try_refusals(api):
    refused = {
        "$filter=": 400, "$filter=result": 400, "$filter=(result eq 1": 400, "$filter=result eq": 400, "$filter=result eq 'x": 400, "$filter=foo(1)": 400,
        "$filter=nothing eq 1": 400, "$filter=result eq 1 eq": 400, "$filter=result gt 'a'": 400, "$filter=length(result) eq 1": 400,
        "$filter=1 and 2": 400, "$filter=result eq 1;drop table point": 400, "$filter=result eq 1)": 400, "$filter=substring('a') eq 'a'": 400,
        "$filter=" + "(" * 100 + "1": 400, "$filter=" + "not " * 100 + "true": 400, "$filter=" + "a" * 5000: 413, "$top=-1": 400, "$top=x": 400,
        "$skip=9999999999": 400, "$count=maybe": 400, "$orderby=": 400, "$orderby=result down": 400, "$select=password": 400, "$select=": 400,
        "$expand=Nothing": 400, "$expand=Datastream($top=1": 400, "$expand=Datastream($filter=id eq 1)": 400,
        "$filter=phenomenonTime sub duration'P1M' lt now()": 400, "$filter=result gt duration'PT1H'": 400, "$filter=result add duration'PT1H' gt 1": 400,
        "$filter=phenomenonTime gt now() sub duration'P'": 400, "$filter=phenomenonTime gt now() sub duration'PT'": 400, "$filter=phenomenonTime gt now() sub duration'P1DX'": 400,
        "$filter=phenomenonTime gt now() sub duration'P99999999999D'": 400, "$filter=phenomenonTime gt now() sub duration'P1D": 400, "$filter=phenomenonTime add phenomenonTime gt now()": 400,
        "$filter=date(result) eq 2026-01-02": 400, "$filter=phenomenonTime gt 2026-13-02": 400,
        "$filter=time(phenomenonTime) lt 25:00:00": 400, "$search=x": 501, "$format=xml": 501, "unknown=1": 501, "$resultFormat=csv": 400, "$expand=" + "Datastream/" * 60 + "Thing": 400,
        "$filter=phenomenonTime gt 2026-99-99T00:00:00Z": 400, "$filter=result eq 1e999": 400, "$filter=result eq 0x10": 400,
    }
    for query, code in refused.items():
        name, _, value = query.partition("=")
        status, answer = api.ask("GET", f"/sta/v1.1/Observations?{name}={urllib.parse.quote(value)}")
        check(status == code, f"{query[:80]} gave {status}, expected {code}: {str(answer)[:200]}")
    many = "&".join("$top=1" for _ in range(30))
    check(api.ask("GET", f"/sta/v1.1/Things?{many}")[0] == 413, "thirty options")
    big = urllib.parse.quote("Datastreams($expand=Observations($top=10000;$expand=Datastream($expand=Observations($top=10000))))")
    check(api.ask("GET", f"/sta/v1.1/Things?$expand={big}")[0] == 413, "an answer without end")
    check(api.ask("GET", "/sta/v1.1/Things", head={"Host": "evil.example/x?<script>"})[0] in (200, 400), "a Host that is none")
    check(b"evil" not in str(api.ask("GET", "/sta/v1.1/Things", head={"Host": "evil.example/x?<script>"})[1]).encode(), "it is not repeated")
    check(api.ask("GET", "/sta/v1.1/")[0] == 404 and api.ask("GET", "/sta/v2/Things")[0] == 404, "a page of the dashboard instead of an answer")
    for method in ("POST", "PATCH", "DELETE", "PUT"):
        check(api.ask(method, "/sta/v1.1/Things")[0] == 405, f"{method} is answered")


def try_rights(server, api, site):
    token = api.good("POST", "/api/v1/users", {"name": "eye", "grants": [{"role": "viewer", "site": site}]})["token"]
    eye = Api(server.port)
    eye.good("POST", "/api/v1/first-login", {"token": token, "password": PASSWORD})
    check(eye.login("eye", PASSWORD)[0] == 200, "viewer's login")
    check(ids(get(api, "/Things")) == [1, 2, 3] and ids(get(eye, "/Things")) == [1, 2], "things of other people's sites")
    get(eye, "/Things(3)", 404)
    check(ids(get(eye, "/Things", filter="Datastreams/name eq null")) == [], "a filter finds things of other people's sites")
    check(Api(server.port).ask("GET", "/sta/v1.1/Things")[0] == 401, "without login")


def main():
    with Server(sys.argv[1]) as server:
        api = server.api
        site, channels = build(api)
        try_paths(api, channels)
        try_options(api, channels)
        try_expand(api, channels)
        try_data_array(api, channels)
        try_geometry(api)
        try_many(api, channels)
        try_refusals(api)
        try_rights(server, api, site)
        print("SensorThings: paths, options, filters along navigations to many, data array, refusals and rights as the standard has them")


main()
