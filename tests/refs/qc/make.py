#!/usr/bin/env python3
"""Writes ioos_qc.tsv: flags that ioos_qc gives, beside what we say where it does not see a gap.

usage: make.py > ioos_qc.tsv     (needs: pip install ioos_qc==3.0.0 gsw)

Inputs marked "published" are those of ioos_qc's own test suite (tests/test_qartod.py), and its expected flags are
checked here. The others are drawn from a fixed seed.
"""
import math
import random
import sys
import warnings

import numpy as np
from ioos_qc import qartod as q

warnings.simplefilter("ignore")
N = None
HEAD = ["case", "origin", "test", "interval_s", "parameters", "spans", "times_s", "values", "other", "ioos_qc", "ours", "why"]


def show(x):
    return "-" if x is None else "%.17g" % x if isinstance(x, float) else str(x)


def words(values):
    return " ".join(show(v) for v in values)


def put(case, origin, test, interval, params, times, values, flags, ours=None, why="", other=(), spans=""):
    flags = [int(f) for f in flags]
    if ours == flags:
        raise SystemExit(f"{case}: no difference to explain")
    text = " ".join(f"{k}={v if isinstance(v, str) else show(float(v))}" for k, v in params.items())
    print("\t".join([case, origin, test, show(float(interval)), text, spans, words(times), words(values), words(other),
                     words(flags), words(ours or flags), why]))


def agree(flags, published):
    if list(flags) != list(published):
        raise SystemExit(f"ioos_qc gives {list(flags)}, its test suite expects {published}")
    return flags


def steps(n, dt, start=0):
    return [start + i * dt for i in range(n)]


ANY_GAP = {"max_gap_intervals": "inf"}


def spikes():
    def one(case, values, suspect, fail, method, published=None, **kw):
        flags = q.spike_test(np.array(values, dtype=float), suspect, fail, method=method)
        if published:
            agree(flags, published)
        test = "spike" if method == "average" else "spike-differential"
        put(case, "published" if published else "drawn", test, 60, {"suspect": suspect, "fail": fail, **ANY_GAP},
            steps(len(values), 60), values, flags, **kw)

    one("spike", [10, 12, 999.99, 13, 15, 40, 9, 9], 25, 50, "average", [2, 4, 4, 4, 1, 3, 1, 2])
    one("spike-negative", [-10, -12, -999.99, -13, -15, -40, -9, -9], 25, 50, "average", [2, 4, 4, 4, 1, 3, 1, 2])
    one("spike-ends", [-100, -99, -99, -98], 25, 50, "average", [2, 1, 1, 2])
    one("spike-missing", [10, 12, 999.99, 13, 15, 40, 9, 9, N, 10, 10, 999.99, 10, N], 25, 50, "average")
    real = [-0.189, -0.0792, -0.0122, 0.0457, 0.0671, 0.0213, -0.0488, -0.1463, -0.2438, -0.3261, -0.3871, -0.4054,
            -0.3932, -0.3383, -0.2804, -0.2347, -0.2134, -0.2347, -0.2926, -0.3597, -0.442, -0.509, 0, -0.5944, -0.57,
            -0.4267, -0.2926, -0.1585, -0.0945, -0.0762]
    one("spike-real", real, 0.5, 1, "average", [2] + [1] * 21 + [3] + [1] * 6 + [2])
    both = [3, 4.99, 5, 6, 8, 6, 6, 6.75, 6, 6, 5.3, 6, 6, 9, 5, N, 4, 4]
    one("spike-methods", both, 0.5, 1, "average")
    one("spike-methods", both, 0.5, 1, "differential")
    r = random.Random(1)
    for k in range(12):
        values = [round(r.gauss(7, 0.1) + (r.random() < 0.1) * r.choice([-2, 2, 5]), 3) for _ in range(60)]
        if k % 3 == 2:
            values = [N if r.random() < 0.1 else v for v in values]
        one(f"spike-{k}", values, 0.8, 2.5, ["average", "differential"][k % 2])


def rates():
    def one(case, times, values, suspect, fail=None, published=None, **kw):
        flags = q.rate_of_change_test(np.array(values, dtype=float), np.array(times), suspect, fail)
        if published:
            agree(flags, published)
        params = {"suspect_per_s": suspect, **({"fail_per_s": fail} if fail else {}), **ANY_GAP}
        put(case, "published" if published else "drawn", "rate-of-change", 900, params, times, values, flags, **kw)

    quick = 5 / 15 / 60
    one("rate", steps(24, 900), [2, 10, 2.1, 3, 4, 5, 7, 10, 0, 2, 2.2, 2, 1, 2, 3, 90, 91, 92, 93, 1, 2, 3, 4, 5], quick,
        published=[1, 3, 3, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1, 1])
    one("rate-missing", steps(8, 900), [2, 10, 2, 3, N, N, 7, 10], quick, published=[1, 3, 3, 1, 9, 9, 1, 1])
    one("rate-negative", steps(4, 900), [-2, -10, -2, -3], quick, published=[1, 3, 3, 1])
    r = random.Random(2)
    for k in range(10):
        times = [0]
        while len(times) < 60:
            times.append(times[-1] + r.choice([300, 900, 1800]) if k % 2 else times[-1] + 900)
        values = [round(r.gauss(50, 3), 2) for _ in times]
        one(f"rate-{k}", times, values, 0.004, 0.008)
    one("rate-after-missing", steps(6, 900), [2, 2, N, 90, 90, 90], quick, ours=[1, 1, 9, 3, 1, 1],
        why="the step over a missing value is a step: it is divided by the time it took")


def flats():
    def one(case, times, values, interval, suspect, fail, tolerance, published=None, through=1, gap=3, **kw):
        flags = q.flat_line_test(np.array(values, dtype=float), np.array(times), suspect, fail, tolerance)
        if published:
            agree(flags, published)
        params = {"suspect_s": suspect, "fail_s": fail, "tolerance": tolerance, "through_gaps": through,
                  "max_gap_intervals": gap}
        put(case, "published" if published else "drawn", "flat-line", interval, params, times, values, flags, **kw)

    t = steps(14, 900)
    v = [1, 2, 2.0001, 2, 2.0001, 2, 2.0001, 2, 4, 5, 3, 3.0001, 3.0005, 3.00001]
    one("flat", t, v, 900, 3000, 4800, 0.01, [1, 1, 1, 1, 3, 3, 4, 4, 1, 1, 1, 1, 1, 3])
    one("flat-strict", t, v, 900, 3000, 4800, 0.01, [1, 1, 1, 1, 3, 3, 4, 4, 1, 1, 1, 1, 1, 3], through=0)
    one("flat-negative", t, [-x for x in v], 900, 3000, 4800, 0.01, [1, 1, 1, 1, 3, 3, 4, 4, 1, 1, 1, 1, 1, 3])
    one("flat-start", t[:13], [2, 2.0001, 2, 2.0001, 2, 2.0001, 2, 4, 5, 3, 3.0001, 3.0005, 3.00001], 900, 3000, 4800,
        0.01, [1, 1, 1, 3, 3, 4, 4, 1, 1, 1, 1, 1, 3])
    for n, expected in [(1, [1]), (2, [1, 1]), (3, [1, 1, 1]), (4, [1, 1, 1, 3]), (5, [1, 1, 1, 3, 3]),
                        (6, [1, 1, 1, 3, 3, 4])]:
        one(f"flat-short-{n}", steps(n, 1), [5] * n, 1, 3, 5, 0.1, expected)
    one("flat-spike", steps(10, 1, 1), [1, 1, 1, 1, 1, 6, 5, 4, 3, 2], 1, 3, 6, 4, [1, 1, 1, 3, 3, 1, 1, 1, 3, 3])
    v = [1, N, N, 2, 2.0001, 2, 2.0001, 2, 4, N, 3, N, N, 3.00001]
    expected = [1, 9, 9, 1, 3, 3, 4, 4, 1, 9, 1, 9, 9, 3]
    one("flat-missing", t, v, 900, 3000, 4800, 0.01, expected)
    one("flat-missing-strict", t, v, 900, 3000, 4800, 0.01, expected, through=0, gap=2,
        ours=[1, 9, 9, 1, 1, 1, 3, 3, 1, 9, 1, 9, 9, 1],
        why="missing values prove no stand: two values 15 min apart are not flat for 50 min")
    gap = steps(4, 900) + steps(4, 900, 900 * 100)
    one("flat-gap", gap, [5, 5.1, 5, 5.1, 5, 5.3, 5.1, 5], 900, 2700, 5400, 0.5, through=0,
        ours=[1, 1, 1, 3, 1, 1, 1, 3], why="a day without records is no flat line; the stretch begins anew")
    one("flat-tolerance-0", t[:8], [5, 5, 5, 5, 5, 5, 5, 6], 900, 2700, 3600, 0, through=0,
        ours=[1, 1, 1, 3, 4, 4, 4, 1], why="with tolerance 0 equal values stand still; ioos_qc never flags them")
    r = random.Random(3)
    for k in range(16):
        level, values = 10.0, []
        for _ in range(90):
            level = level if r.random() < 0.8 else level + r.choice([-1, 1])
            values.append(round(level + r.choice([0, 0, 0.02, 0.05]), 3))
        through = k % 2
        if through and k % 4 == 1:
            values = [N if r.random() < 0.08 else v for v in values]
        one(f"flat-{k}", steps(90, 600), values, 600, [3000, 1800, 3500][k % 3], [6000, 3600, 4300][k % 3],
            [0.03, 0.06, 1.01][k % 3], through=through)


def attenuated():
    day = 86400

    def one(case, values, suspect, fail, kind, published=None, period=None, min_obs=1, times=None, interval=day, **kw):
        times = times or steps(len(values), interval)
        flags = q.attenuated_signal_test(np.array(values, dtype=float), np.array(times), suspect, fail, test_period=period,
                                         min_obs=min_obs, check_type=kind)
        if published:
            agree(flags, published)
        params = {"suspect": suspect, "fail": fail, "period_s": float(period or math.inf), "min_obs": min_obs}
        params = {k: "inf" if v == math.inf else v for k, v in params.items()}
        put(case, "published" if published else "drawn", "attenuated-signal" if kind == "std" else "attenuated-range",
            interval, params, times, values, flags, **kw)

    one("att", [1, 2, 3, 4], 0.75, 0.5, "std", [1, 1, 1, 1])
    one("att-suspect", [1, 2, 3, 4], 5, 0, "std", [3, 3, 3, 3])
    one("att-constant", [1, 1, 1, 1], 10, 8, "std", [4, 4, 4, 4])
    one("att-fail", [10, 20, 30, 40], 100000, 1000, "std", [4, 4, 4, 4])
    one("att-range-fail", [10, 20, 30, 40], 50, 31, "range", [4, 4, 4, 4])
    one("att-range-suspect", [10, 20, 30, 40], 31, 10, "range", [3, 3, 3, 3])
    one("att-range-good", [3, 4, 5, 8.1, 9, 8.5, 8.7, 8.4, 8.2, 8.35, 2, 1], 0.15, 0.1, "range", [1] * 12)
    one("att-window-1", [1, 2, 3, 100, 1000], 100, 10, "range", [4, 4, 4, 3, 1], 2 * day, 1)
    one("att-window-2", [1, 2, 3, 100, 1000], 100, 10, "range", [2, 4, 4, 3, 1], 2 * day, 2)
    one("att-missing", [N, 2, 3, 4], 0.75, 0.5, "std", [9, 1, 1, 1])
    one("att-all-missing", [N] * 4, 0.75, 0.5, "std", [9, 9, 9, 9])
    one("att-range-missing", [10, N, N, 40], 50, 31, "range", [4, 9, 9, 4])
    one("att-window-missing", [1, N, 10, 100, 1000], 100, 50, "range", [2, 9, 2, 3, 1], 2 * day, 2)
    one("att-window-missing", [1, N, 10, 100, 1000], 150, 40, "std", [2, 9, 2, 3, 1], 2 * day, 2)
    one("att-range-hole", [0, N, 0.01, 0.5, 0.5], 0.1, 0.05, "range", period=1800, min_obs=2, interval=600,
        ours=[2, 9, 4, 1, 1], why="a missing value in the window leaves the others: there are two, as asked for")
    r = random.Random(4)
    for k in range(12):
        times, values = [0], []
        while len(times) < 80:
            times.append(times[-1] + (r.choice([300, 600, 600, 1800]) if k % 3 == 2 else 600))
        for i in range(80):
            spread = 0.02 if 25 < i < 45 else 0.06 if i < 60 else 0.5
            values.append(N if k % 6 == 4 and r.random() < 0.1 else round(r.gauss(1000.0 if k % 4 == 3 else 7, spread), 4))
        one(f"att-{k}", values, [0.05, 0.2][k % 2], [0.025, 0.08][k % 2], ["std", "range"][k % 2], period=6000, min_obs=3,
            times=times, interval=600)


def ranges():
    def one(case, values, fail, suspect, published=None):
        flags = q.gross_range_test(np.array(values, dtype=float), fail, suspect)
        if published:
            agree(flags, published)
        params = {"fail_min": fail[0], "fail_max": fail[1], "suspect_min": suspect[0], "suspect_max": suspect[1]}
        put(case, "published" if published else "drawn", "gross-range", 60, params, steps(len(values), 60), values, flags)

    one("range", [5, 10, 15, 20, 25, 30, 35, 40, 45, 51], (10, 50), (20, 40), [4, 3, 3, 1, 1, 1, 1, 1, 3, 4])
    one("range-missing", [N, 10, 15, 20, 25, 30, 35, 40, N, 51], (10, 50), (20, 40), [9, 3, 3, 1, 1, 1, 1, 1, 9, 4])
    r = random.Random(5)
    one("range-0", [round(r.uniform(0, 14), 2) for _ in range(60)], (2, 12), (4, 9))


def places():
    def one(case, lon, lat, move=None, published=None, **kw):
        flags = q.location_test(lon=np.array(lon, dtype=float), lat=np.array(lat, dtype=float), range_max=move)
        if published:
            agree(flags, published)
        params = {"max_move_m": move} if move else {}
        put(case, "published" if published else "drawn", "location", 60, params, steps(len(lon), 60), lon, flags, other=lat,
            **kw)

    one("place", [80.0, -78.5, 500.5], [N, 50.0, -60.0], published=[4, 1, 4])
    one("place-none", [N], [N], published=[9])
    one("place-move", [-71.05, -71.06, -80.0], [41.0, 41.02, 45.05], 3000.0, [1, 1, 3])
    r = random.Random(6)
    lon, lat = [140.8], [40.5]
    for _ in range(40):
        lon.append(round(lon[-1] + r.uniform(-0.02, 0.02), 5))
        lat.append(round(lat[-1] + r.uniform(-0.02, 0.02), 5))
    one("place-0", lon, lat, 1500.0)


def seconds(date):
    return int(np.datetime64(date, "s").astype("int64"))


def climate():
    def one(case, rows, members, published=None, **kw):
        times, values, depths = zip(*rows)
        c = q.ClimatologyConfig()
        for m in members:
            c.add(**m)
        flags = q.climatology_test(c, np.array(values, dtype=float), np.array([np.datetime64(t) for t in times]),
                                   np.array(depths, dtype=float))
        if published:
            agree(flags, published)
        spans = []
        for m in members:
            period = m.get("period", "dates")
            tspan = sorted(m["tspan"]) if "period" in m else [seconds(t) * 1000000 for t in m["tspan"]]
            parts = [period, *tspan, *m["vspan"], *m.get("fspan", ("-inf", "inf")), *m.get("zspan", ())]
            spans.append(",".join(str(p) for p in parts))
        put(case, "published" if published else "drawn", "climatology", 60, {}, [seconds(t) for t in times], values, flags,
            other=depths, spans=" ".join(spans), **kw)

    ends = [{"tspan": ("2019-11-01", "2020-02-04"), "fspan": (40, 70), "vspan": (50, 60), "zspan": (0, 10)}]
    day = "2020-01-01"
    for case, row, flag in [
        ("time-low", ("2019-10-31", 55, 5), 2), ("time-min", ("2019-11-01", 55, 5), 1), ("time-max", ("2020-02-04", 55, 5), 1),
        ("time-high", ("2020-02-05", 55, 5), 2), ("value-low", (day, 49, 5), 3), ("value-min", (day, 50, 5), 1),
        ("value-max", (day, 60, 5), 1), ("value-high", (day, 61, 5), 3), ("fail-low", (day, 30, 5), 4),
        ("fail-min", (day, 40, 5), 3), ("fail-max", (day, 70, 5), 3), ("fail-high", (day, 71, 5), 4),
        ("depth-low", (day, 55, -1), 2), ("depth-min", (day, 55, 0), 1), ("depth-max", (day, 55, 10), 1),
        ("depth-high", (day, 55, 11), 2), ("depth-none", (day, 55, N), 2),
    ]:
        one(f"climate-{case}", [row], ends, [flag])
    years = [{"tspan": ("2011-01-01", "2011-07-01"), "vspan": (10, 20)}, {"tspan": ("2011-07-01", "2012-01-01"), "vspan": (30, 40)},
             {"tspan": ("2012-01-01", "2013-01-01"), "vspan": (40, 50)},
             {"tspan": ("2012-01-01", "2013-01-01"), "vspan": (50, 60), "zspan": (0, 10)},
             {"tspan": ("2012-01-01", "2013-01-01"), "vspan": (70, 80), "zspan": (10, 100)}]
    one("climate", [("2011-01-02", 9, N), ("2011-01-03", 11, N), ("2011-01-04", 21, N), ("2015-01-02", 21, N)], years)
    one("climate-depths", [("2012-01-02", 51, 2), ("2012-01-03", 71, 90), ("2012-01-04", 42, N), ("2012-01-05", 39, N),
                           ("2012-01-06", 59, 11), ("2012-01-07", 79, 101)], years)
    r = random.Random(7)
    for period, spans in [("month", [(1, 3), (4, 6), (9, 12)]), ("dayofyear", [(1, 60), (59, 61), (300, 366)]),
                          ("week", [(1, 1), (10, 20), (52, 53)]), ("quarter", [(1, 2), (4, 4)])]:
        members = [{"tspan": s, "vspan": (10 * i, 10 * i + 20), "period": period} for i, s in enumerate(spans)]
        days = sorted(r.sample(range(seconds("1995-01-01") // 86400, seconds("2030-01-01") // 86400), 150))
        days = sorted({*days, *(seconds(f"{y}-{d}") // 86400 for y in (2004, 2005, 2008, 2009, 2010, 2015, 2016, 2020, 2021)
                                for d in ("01-01", "01-03", "12-28", "12-31"))})
        rows = [(str(np.datetime64(d, "D")), round(r.uniform(0, 40), 1), N) for d in days]
        one(f"climate-{period}", rows, members)


def main():
    print("\t".join(HEAD))
    for part in (ranges, climate, spikes, rates, flats, attenuated, places):
        part()


if __name__ == "__main__":
    sys.exit(main())
