"""Write docs/performance.md and its picture from the results of test_simulator.py.

python -m pytest benchmarks/test_simulator.py --benchmark-json=simulator.json
python benchmarks/simulator_page.py simulator.json
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt

DOCS = Path(__file__).parent.parent / "docs"
PEERS = ("NumPy", "PyTorch", "FAISS", "JAX", "SciPy ConvexHull")

HEAD = """# Performance of the simulator

What one would write without it: draw queries and keys, multiply, take the best key of each row, count the distinct
ones. `benchmarks/peers.py` does that with NumPy, PyTorch, FAISS and JAX, and in up to four dimensions with the vertices
of SciPy's convex hull; in single precision, end to end, nothing skipped. Everything below runs in one process, one
thread each, in rounds that take turns; medians. Measured on two cores of a machine that others used as well (under
load, times doubled and ratios fell by up to a third): {cpu}, Python {python}.

## Beside what one would write

Milliseconds a replicate, as many queries as keys. The ratio is that of the fastest peer to montecarlo.

{against}

The reasons are different ones. At `head_dim` 2 nothing of size n is computed: keys are drawn from the longest on until
their hull cannot change any more, and queries only as the number of hits of each vertex. In a few dimensions the keys
are drawn and sorted by length, and most of them are never looked at. In the middle the scores never leave the
registers: products with running maxima in single precision, and a proof for each row that rounding does not change the
answer; the few rows without such a proof are done again in double precision, and exactly if need be. From `head_dim` 17
on one side is triangular, which costs less the wider the head is, and from `head_dim` = n on a replicate costs the same
whatever the head dimension. Most peers write the whole
matrix of scores and read it again.

Against peers, two things are done that they do not do: random numbers have 53 bits, and the answer is that of exact
arithmetic for the numbers drawn. They are drawn by a counter, so that results are the same whatever the threads.

## Beside the limits of the machine

{share}

## How cost grows

![Milliseconds a replicate by head dimension]({picture})

Milliseconds a replicate, one thread:

{growth}

At `head_dim` 1 and 2 the cost hardly depends on n. Up to about 16 it grows more slowly than n^2, since the share of the
keys that are scanned falls; beyond, it is n^2 `head_dim`, until `head_dim` reaches n.

## Memory

Peak memory of one replicate with n queries and n keys, above that of the interpreter with everything loaded, and what
the table that plans runs expects. The matrix of scores alone would take 16 GiB at n = 65536.

{memory}

Each worker needs that much. `montecarlo.simulation_memory` says what a size takes, and `sample_ranks` refuses sizes at
which a replicate needs more than 8 GiB.

## Two workers

Replicates a second of two threads over those of one, on two idle cores:
{workers}.
"""


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] + ["---:"] * (len(head) - 1)) + " |"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def _picture(growth: dict[tuple[int, int], float], against: list[dict], path: Path) -> None:
    mpl.rcParams["svg.hashsalt"] = "rankbound"
    figure, axes = plt.subplots(figsize=(7.0, 4.2), layout="constrained")
    for n, colour in ((512, "C0"), (4096, "C1")):
        ours = sorted((d, t) for (m, d), t in growth.items() if m == n)
        axes.plot(*zip(*ours, strict=True), "o-", color=colour, label=f"montecarlo, n = {n}", markersize=4)
        best = sorted((e["head_dim"], e["milliseconds a replicate"][e["best peer"]]) for e in against if e["n"] == n)
        axes.plot(
            *zip(*best, strict=True), "s--", color=colour, label=f"fastest peer, n = {n}", markersize=4, alpha=0.7
        )
    axes.set(xscale="log", yscale="log", xlabel="head_dim", ylabel="milliseconds a replicate")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)


def page(results: dict) -> str:
    """Return the page, and draw its picture."""
    notes = [one["extra_info"] for one in results["benchmarks"]]
    against = [e for e in notes if "ratio" in e]
    growth = {(e["n"], e["head_dim"]): e["milliseconds"] for e in notes if "milliseconds" in e}
    (share,) = (e["thousand millions a second"] for e in notes if "thousand millions a second" in e)
    _picture(growth, against, DOCS / "performance.svg")
    rows = []
    for e in against:
        times = e["milliseconds a replicate"]
        peers = [_number(times.get(name)) for name in PEERS]
        rows.append([f"{e['n']}, {e['head_dim']}", _number(times["montecarlo"]), *peers, f"{e['ratio']:.3g}x"])
    sizes = sorted({n for n, _ in growth})
    grid = [
        [str(d), *(_number(growth.get((n, d))) for n in sizes)] for d in sorted({head_dim for _, head_dim in growth})
    ]
    return HEAD.format(
        cpu=results["machine_info"]["cpu"].get("brand_raw", "an unnamed processor"),
        python=results["machine_info"]["python_version"],
        against=_table(["n, head_dim", "montecarlo", *PEERS, "ratio"], rows),
        share=_table(
            ["n = 4096, head_dim 128", "thousand millions a second"],
            [
                [name + (" (numbers)" if "normals" in name else " (additions and multiplications)"), f"{value:.3g}"]
                for name, value in share.items()
            ],
        ),
        picture="performance.svg",
        growth=_table(["head_dim", *(f"n = {n}" for n in sizes)], grid),
        memory=_table(
            ["n, head_dim", "measured, MiB", "table, MiB"],
            [
                [f"{e['n']}, {e['head_dim']}", _number(e["peak MiB"]), _number(e["table MiB"])]
                for e in notes
                if "peak MiB" in e
            ],
        ),
        workers=", ".join(
            f"{e['two workers']:.2f} at ({e['n']}, {e['head_dim']})" for e in notes if "two workers" in e
        ),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", type=Path)
    text = page(json.loads(parser.parse_args().results.read_text(encoding="utf-8")))
    (DOCS / "performance.md").write_text(text, encoding="utf-8")
