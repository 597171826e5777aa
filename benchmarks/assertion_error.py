"""How often ``assert_mean_rank`` fails on what is true, and on planted bugs: the tables of docs/assertions.md.

    python benchmarks/assertion_error.py [--calls 10000] [--seed 0] [--write]

Exits with 1 if the upper confidence limit (Clopper and Pearson, one-sided, 95%) of a rate of false alarms at level 0.01
exceeds 0.0125. ``--only`` measures one of the tables. Each takes a minute or two on one core.
"""

from __future__ import annotations

import argparse
import functools
import math
import sys
import time
from pathlib import Path

import numpy as np
from scipy import stats

import montecarlo
from rankbound import Setting, bounds
from rankbound.testing import assert_mean_rank

PAGE = Path(__file__).parent.parent / "docs" / "assertions.md"
LEVEL, ALLOWED, SAMPLES = 0.01, 0.0125, 200
POWER_LEVEL, POWER_CALLS = 1e-6, 100
SIZES = (50, 200, 1000, 5000)


def setting(n, head_dim, **others):
    return Setting(n_keys=n, n_queries=n, head_dim=head_dim, **others)


# What is true.


@functools.cache
def wide_law(n):
    """Return the distribution function of the occupancy number: the rank in the limit of wide heads."""
    law = bounds.occupancy_law(n)
    return np.cumsum(law.upper) / law.upper.sum()


def wide(rng, n, shape):
    return np.searchsorted(wide_law(n), rng.random(shape), side="right")


def simulated(rng, n, head_dim, shape):
    return montecarlo.sample_ranks(n, head_dim, math.prod(shape), rng=rng, workers=1).reshape(shape)


def stopped(ranks, mean):
    """Return the samples up to where their mean lies furthest from the truth, in standard errors, from 20 on."""
    ahead = np.abs(np.cumsum(ranks - mean)) / np.sqrt(np.arange(1.0, ranks.size + 1.0))
    return ranks[: int(np.argmax(ahead[19:])) + 20]


def fixed(ranks, at):
    return [(row, at, None) for row in ranks]


def stopped_early(ranks, at, n):
    return [(stopped(row, bounds.barrier(n).lower), at, SAMPLES) for row in ranks]


TRUTHS = {  # samples, setting and horizon of each call
    "n = 512, wide heads": lambda rng, calls: fixed(wide(rng, 512, (calls, SAMPLES)), setting(512, math.inf)),
    "n = 512, wide heads, stopped by the results": lambda rng, calls: stopped_early(
        wide(rng, 512, (calls, SAMPLES)), setting(512, math.inf), 512
    ),
    "n = 8, wide heads": lambda rng, calls: fixed(wide(rng, 8, (calls, SAMPLES)), setting(8, math.inf)),
    "n = 8, head_dim = 2, simulated": lambda rng, calls: fixed(simulated(rng, 8, 2, (calls, SAMPLES)), setting(8, 2)),
    "n = 16, head_dim = 16, simulated": lambda rng, calls: fixed(
        simulated(rng, 16, 16, (calls, SAMPLES)), setting(16, 16)
    ),
}


def alarms(calls, level):
    """Count the calls that fail."""
    count = 0
    for ranks, at, horizon in calls:
        try:
            assert_mean_rank(ranks, at, level=level, horizon=horizon)
        except AssertionError:
            count += 1
    return count


def false_alarms(name, calls, seed, level=LEVEL):
    rng = np.random.default_rng([seed, list(TRUTHS).index(name)])
    return alarms(TRUTHS[name](rng, calls), level)


def upper_limit(count, calls):
    """Return the one-sided 95% limit of Clopper and Pearson for a probability."""
    return 1.0 if count == calls else float(stats.beta.ppf(0.95, count + 1, calls - count))


# What is not.


def variant(rng, count, **fields):
    return montecarlo.sample_variant_ranks(setting(**fields), count, rng=rng, workers=1).per_head[:, 0]


BUGS = {  # what the samples should be drawn from, and how they are
    "W_q shared with W_k, (64, 64)": (
        setting(64, 64),
        lambda rng, k: variant(rng, k, n=64, head_dim=64, weights="tied"),
    ),
    "causal mask, (64, 64)": (setting(64, 64), lambda rng, k: variant(rng, k, n=64, head_dim=64, mask="causal")),
    "half the head_dim, (64, 64)": (setting(64, 64), lambda rng, k: montecarlo.sample_ranks(64, 32, k, rng=rng)),
    "one query less, (8, 2)": (setting(8, 2), lambda rng, k: montecarlo.sample_ranks(8, 2, k, n_queries=7, rng=rng)),
    "one query less, (32, 256)": (
        setting(32, 256),
        lambda rng, k: montecarlo.sample_ranks(32, 256, k, n_queries=31, rng=rng),
    ),
    "one query less, (64, wide heads)": (
        setting(64, math.inf),
        lambda rng, k: montecarlo.sample_variant_ranks(
            Setting(n_keys=64, n_queries=63, head_dim=math.inf), k, rng=rng, workers=1
        ).per_head[:, 0],
    ),
}


def power(name, seed, calls=POWER_CALLS, sizes=SIZES):
    """Count the calls that fail at level 1e-6, by the number of samples, up to the number at which all do."""
    at, draw = BUGS[name]
    rng = np.random.default_rng([seed, 1000 + list(BUGS).index(name)])
    counts = []
    for size in sizes:
        counts.append(alarms(fixed(draw(rng, calls * size).reshape(calls, size), at), POWER_LEVEL))
        if counts[-1] == calls:
            break
    return counts


def table(head, rows):
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def filled(page, name, block):
    """Return the page with what was measured between the marks that name it."""
    start, end = f"<!-- {name} -->\n\n", f"<!-- end of {name} -->"
    before, rest = page.split(start)
    return before + start + block + "\n" + end + rest.split(end)[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=["alarms", "power"])
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.name}")
    given = parser.parse_args()
    started, blocks, above = time.monotonic(), {}, []
    if given.only != "power":
        rows = []
        for name in TRUTHS:
            count = false_alarms(name, given.calls, given.seed)
            limit = upper_limit(count, given.calls)
            rows.append([name, str(given.calls), str(count), f"{math.ceil(limit * 1e5) / 1e5:.5f}"])
            above += [name] if limit > ALLOWED else []
        blocks["alarms"] = table(["samples of", "calls", "failures", "upper limit of the rate"], rows)
    if given.only != "alarms":
        rows = []
        for name in BUGS:
            shown = [f"{count / POWER_CALLS:.2f}" for count in power(name, given.seed)]
            rows.append([name, *shown, *["-"] * (len(SIZES) - len(shown))])
        blocks["power"] = table(["bug, (n, head_dim)", *(f"{size} samples" for size in SIZES)], rows)
    print(*blocks.values(), sep="\n")
    print(f"{time.monotonic() - started:.0f} s")
    for name in above:
        print(f"ABOVE {ALLOWED}: {name}")
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        for name, block in blocks.items():
            page = filled(page, name, block)
        PAGE.write_text(page, encoding="utf-8")
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
