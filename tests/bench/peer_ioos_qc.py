#!/usr/bin/env python3
"""Times ioos_qc on the series of bench_qc.c: nanoseconds of processor time per value, median of five runs.

usage: peer_ioos_qc.py TEST     (spike, flat-line, rate-of-change, attenuated-signal; needs: pip install ioos_qc==3.0.0)

One line a run: time, and how many values got flag 1, 2, 3 and 4.
"""
import sys
import time
import warnings

import numpy as np
from ioos_qc import qartod as q

warnings.simplefilter("ignore")
N, ROUNDS = 1_000_000, 5


def series():
    i = np.arange(N)
    turn = i * 0.6180339887498949
    value = 7.0 + np.abs(i % 2000 - 1000) / 1000.0 + 0.1 * (turn - np.floor(turn))
    value[i // 1000 % 7 == 3] = 7.5
    value[i % 997 == 0] += 3.0
    return i * 600, value


def main(test):
    t, x = series()
    run = {
        "spike": lambda: q.spike_test(x, 0.5, 1.5),
        "flat-line": lambda: q.flat_line_test(x, t, 7200, 21600, 0.01),
        "rate-of-change": lambda: q.rate_of_change_test(x, t, 0.0008, 0.003),
        "attenuated-signal": lambda: q.attenuated_signal_test(x, t, 0.03, 0.01, test_period=86400, min_obs=72),
    }[test]
    for _ in range(ROUNDS):
        start = time.process_time()
        flags = run()
        ns = (time.process_time() - start) / N * 1e9
        print(f"{ns:.3f}", *(int((flags == f).sum()) for f in (1, 2, 3, 4)))


if __name__ == "__main__":
    main(sys.argv[1])
