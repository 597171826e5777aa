"""What the rank is where an assumption breaks: one table for docs/assumptions.md, drawn anew.

``python benchmarks/variant_ranks.py`` prints the table; with ``--write`` it replaces the one in the page.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np

from rankbound import MLA, Inputs, Setting, judge
from rankbound.claims import REGISTRY
from rankbound.rounding import ceiling_share, floor_share

N, HEAD_DIM, REPLICATES = 512, 64, 400
PAGE = Path(__file__).parent.parent / "docs" / "assumptions.md"
_TABLE = re.compile(r"(<!-- variant ranks -->\n).*?\n?(<!-- end -->)", re.DOTALL)
_LATENT = MLA(q_lora_rank=384, kv_lora_rank=128, nope_head_dim=HEAD_DIM, norm=False)
_TURNED = MLA(q_lora_rank=384, kv_lora_rank=128, nope_head_dim=HEAD_DIM // 2, rope_head_dim=HEAD_DIM // 2)


def _square(**fields: object) -> Setting:
    return Setting(n_queries=N, n_keys=N, head_dim=HEAD_DIM, **fields)


SETTINGS = {
    "the ideal setting": _square(),
    "four queries a key": Setting(n_queries=4 * N, n_keys=N, head_dim=HEAD_DIM),
    "grouped queries, RoPE": _square(n_heads=8, n_kv_heads=2, rope_base=10_000.0),
    "causal mask": _square(mask="causal"),
    "window of 64": _square(mask="window", window=64),
    "every query sees its own key only": _square(mask=np.eye(N, dtype=bool)),
    "tied weights": _square(weights="tied"),
    "uniform weights": _square(weights="uniform"),
    "orthogonal weights": _square(weights="orthogonal"),
    "latents of 384 and 128": _square(mla=_LATENT),
    "latents, normalised, half of the head turned": _square(mla=_TURNED),
    "Gaussian tokens of dimension 768": _square(inputs="gaussian", embed_dim=768),
    "duplicated, 256 distinct": _square(inputs=Inputs(law="duplicated", distinct=N // 2)),
    "8 clusters": _square(inputs="clustered"),
    "Zipf ids": _square(inputs="zipf"),
    "antipodal": _square(inputs="antipodal"),
    "simplex": _square(inputs="simplex"),
    "tokens of rank 64": _square(inputs="low-rank"),
    "AR(1), correlation 0.9": _square(inputs="ar1"),
    "softmax, T = 0.1, tolerance 1e-3": _square(temperature=0.1, tolerance=1e-3),
    "softmax, T = 1, tolerance 1e-6": _square(temperature=1.0, tolerance=1e-6),
}


def row(name: str, setting: Setting) -> str:
    """Return what is known and measured of one setting."""
    dims = (HEAD_DIM,)
    report = judge(setting, claims=["barrier-constants"], replicates=REPLICATES)
    estimate = report.findings.estimates[HEAD_DIM]
    barrier = report.findings.barrier
    broken = REGISTRY["barrier"].broken(setting, dims)
    named = ("causal-rank", "window-rank", "mla-barrier", "temperature-certificate")
    holds = [id_ for id_ in ("barrier", *named) if not REGISTRY[id_].broken(setting, dims)]
    above = "yes" if estimate.lower > barrier.upper else "no"
    interval = f"[{floor_share(estimate.lower, N)}, {ceiling_share(estimate.upper, N)}]"
    cells = (
        name,
        "; ".join(one.partition(", but ")[2] for one in broken) or "nothing",
        ", ".join(f"`{id_}`" for id_ in holds) or "-",
        f"{estimate.mean / N:.4f} {interval}",
        above,
    )
    return "| " + " | ".join(cells) + " |"


def table() -> str:
    """Return the table in Markdown."""
    heads = ("setting", "what of the barrier's assumptions breaks", "what holds", "E[rank]/n", "above the barrier")
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *(row(name, setting) for name, setting in SETTINGS.items())])


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    found = table()
    if parser.parse_args().write:
        PAGE.write_text(_TABLE.sub(lambda page: page[1] + found + "\n" + page[2], PAGE.read_text("utf-8")), "utf-8")
    else:
        print(found)


if __name__ == "__main__":
    main()
