"""Python's contenders: asked for one repetition at a time, a line of JSON each, so that they take turns with the others.

First line in: {"workload": ..., "n": ...}. First line out: versions, and which methods there are. Then a method's name in, milliseconds out.
"""
import json
import math
import platform
import sys
import time
from multiprocessing import Pool

try:
    import joblib
except ImportError:
    joblib = None
try:
    import numpy
except ImportError:
    numpy = None

WORKERS = 2
MASK = 0xFFFFFFFF


def square(x):
    return x ** 2


def square_all(xs):
    return [x ** 2 for x in xs]


def empty(x):
    return x


def of_object(o):
    return o["x"]


def length(a):
    return len(a)


def spin(rounds):
    x = 1
    for _ in range(rounds):
        x = (x * 1664525 + 1013904223) & MASK
    return x


def total(row):
    return row["price"] * row["qty"] + len(row["tags"])


def calibrated(ms):
    best = math.inf
    for _ in range(15):
        started = time.perf_counter()
        spin(50_000)
        best = min(best, time.perf_counter() - started)
    return max(1, round(50_000 / (best * 1000) * ms))


def spins(parts):
    return [rounds for count, ms in parts for rounds in [calibrated(ms)] * count]


def cut(xs, count):
    size = math.ceil(len(xs) / count)
    return [xs[i:i + size] for i in range(0, len(xs), size)]


def rows(n):
    return [{"id": i, "name": f"row {i}", "price": i % 97 + 0.5, "qty": i % 7, "tags": ["a", "b"]} for i in range(n)]


def contest(request, pool):
    """The function, the items, the chunk size of Pool.map, and whether joblib gets chunks that were cut by hand."""
    kind, n = request["workload"], request.get("n", 0)
    if kind == "squares":
        return square, list(range(n)), None, square_all
    if kind == "rows":
        return total, rows(n), None, None
    if kind == "per message":
        return empty, list(range(n)), 1, None
    if kind == "empty":
        return empty, list(range(n)), None, None
    if kind == "empty objects":
        return of_object, [{"x": x} for x in range(n)], None, None
    if kind == "spins":
        return spin, spins(request["parts"]), None, None
    if kind == "payload":
        # Arrays of numpy are what Python people send: pickled as bytes by Pool, mapped from a file by joblib.
        arrays = [numpy.ones(n) for _ in range(request["arrays"])]
        return length, arrays, 1, None
    raise ValueError(kind)


def main():
    request = json.loads(sys.stdin.readline())
    methods = request["methods"]
    with Pool(WORKERS) as pool:
        fn, items, chunksize, by_hand = contest(request, pool) if request["workload"] != "payload" or numpy else (None, [], 1, None)
        expected = fn(items[-1]) if items else None

        def joblib_run():
            if by_hand:
                parts = joblib.Parallel(n_jobs=WORKERS)(joblib.delayed(by_hand)(part) for part in cut(items, 4 * WORKERS))
                return [y for part in parts for y in part]
            return joblib.Parallel(n_jobs=WORKERS)(joblib.delayed(fn)(x) for x in items)

        runs = {
            "loop": lambda: [fn(x) for x in items],
            "Pool": lambda: pool.map(fn, items, chunksize),
            "joblib": joblib_run,
        }
        absent = {}
        if request["workload"] == "payload" and numpy is None:
            absent = {method: "numpy is not installed" for method in methods}
        if joblib is None and "joblib" in methods:
            absent["joblib"] = "joblib is not installed"
        for method in methods:
            if method not in absent:
                runs[method]()
        print(json.dumps({"python": platform.python_version(), "joblib": joblib and joblib.__version__, "absent": absent}), flush=True)
        for line in sys.stdin:
            started = time.perf_counter()
            results = runs[json.loads(line)]()
            took_ms = (time.perf_counter() - started) * 1000
            right = len(results) == len(items) and results[-1] == expected
            print(json.dumps(took_ms if right else None), flush=True)
            del results


if __name__ == "__main__":
    main()
