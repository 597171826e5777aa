"""Variants of attention: a replicate of ``montecarlo.sample_variant_ranks`` beside what one would write in PyTorch.

``python benchmarks/variants.py [NAME ...]`` prints, for each case whose name contains one of the words (all without),
the median microseconds a replicate of both, one thread each, in turns. PyTorch works in single precision and forms all
scores; montecarlo compares scores as in exact arithmetic.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections.abc import Callable

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
import torch

from montecarlo import sample_variant_ranks
from rankbound import MLA, Setting, preset

torch.set_num_threads(1)
GENERATOR = torch.Generator().manual_seed(0)
INF = math.inf
Tensor = torch.Tensor
Case = tuple[Setting, Callable[[], object]]


def normals(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=GENERATOR)


def rank(scores: Tensor) -> int:
    return torch.unique(scores.argmax(dim=1)).numel()


def lower(n: int) -> Tensor:
    return torch.full((n, n), -INF).triu(1)


def band(n: int, window: int) -> Tensor:
    return lower(n) + torch.full((n, n), -INF).tril(-window)


def plain(n: int, d: int, bias: Tensor | None = None, x: Callable[[], Tensor] | None = None) -> Callable[[], int]:
    def one() -> int:
        if x is None:
            q, k = normals(n, d), normals(n, d)
        else:
            tokens = x()
            q, k = tokens @ normals(tokens.shape[1], d), tokens @ normals(tokens.shape[1], d)
        scores = q @ k.T
        return rank(scores if bias is None else scores + bias)

    return one


def wide(n: int, bias: Tensor) -> Callable[[], int]:
    return lambda: rank(normals(n, n) + bias)


def wide_of(x: Callable[[], Tensor]) -> Callable[[], int]:
    def one() -> int:
        tokens = x()
        return rank(tokens @ normals(tokens.shape[1], tokens.shape[1]) @ tokens.T)

    return one


def tied(n: int, d: int) -> Callable[[], int]:
    def one() -> int:
        k = normals(n, d)
        return rank(k @ k.T)

    return one


def grouped(n: int, e: int, d: int, heads: int, key_heads: int) -> Callable[[], list[int]]:
    bias = lower(n)

    def one() -> list[int]:
        x, found = normals(n, e), []
        for _ in range(key_heads):
            k = x @ normals(e, d)
            found += [rank((x @ normals(e, d)) @ k.T + bias) for _ in range(heads // key_heads)]
        return found

    return one


def turned(x: Tensor, base: float) -> Tensor:
    half = x.shape[1] // 2
    angles = torch.arange(len(x))[:, None] * base ** (-torch.arange(half) / half)
    a, b = x[:, :half], x[:, half:]
    return torch.cat([a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()], dim=1)


def normed(x: Tensor) -> Tensor:
    return x / torch.sqrt((x * x).mean(dim=1, keepdim=True) + 1e-6)


def latent(n: int, e: int, mla: MLA) -> Callable[[], int]:
    bias = lower(n)

    def one() -> int:
        x = normed(normals(n, e))
        c_q, c_k = normed(x @ normals(e, mla.q_lora_rank)), normed(x @ normals(e, mla.kv_lora_rank))
        place = turned(c_q @ normals(mla.q_lora_rank, mla.rope_head_dim), 1e4)
        q = torch.cat([c_q @ normals(mla.q_lora_rank, mla.nope_head_dim), place], dim=1)
        place = turned(x @ normals(e, mla.rope_head_dim), 1e4)
        k = torch.cat([c_k @ normals(mla.kv_lora_rank, mla.nope_head_dim), place], dim=1)
        return rank(q @ k.T + bias)

    return one


def bare_latent(n: int, mla: MLA) -> Callable[[], int]:
    """Orthonormal tokens: latents are iid normal."""

    def one() -> int:
        q = normals(n, mla.q_lora_rank) @ normals(mla.q_lora_rank, mla.nope_head_dim)
        k = normals(n, mla.kv_lora_rank) @ normals(mla.kv_lora_rank, mla.nope_head_dim)
        return rank(q @ k.T)

    return one


def square(n: int, head_dim: float, **fields: object) -> Setting:
    return Setting(n_queries=n, n_keys=n, head_dim=head_dim, **fields)


def cases() -> dict[str, Case]:
    array = np.random.default_rng(0).standard_normal((512, 768))
    tensor = torch.tensor(array, dtype=torch.float32)
    small = MLA(q_lora_rank=384, kv_lora_rank=128, nope_head_dim=32, norm=False)
    deepseek = preset("deepseek-v3", n_keys=512, n_heads=1)
    shared = square(512, 64, mask="causal", inputs="gaussian", n_heads=8, n_kv_heads=2)
    simplex = torch.eye(64) - 1 / 64
    return {
        "causal, 64, head_dim 16": (square(64, 16, mask="causal"), plain(64, 16, lower(64))),
        "causal, 512, head_dim 64": (square(512, 64, mask="causal"), plain(512, 64, lower(512))),
        "causal, 4096, head_dim 128": (square(4096, 128, mask="causal"), plain(4096, 128, lower(4096))),
        "window 64, 512, head_dim 64": (square(512, 64, mask="window"), plain(512, 64, band(512, 64))),
        "causal, 512, wide": (square(512, INF, mask="causal"), wide(512, lower(512))),
        "gaussian tokens, 512, embed_dim 64, head_dim 64": (
            square(512, 64, inputs="gaussian", embed_dim=64),
            plain(512, 64, None, lambda: normals(512, 64)),
        ),
        "gaussian tokens, 512, embed_dim 768, head_dim 64": (
            square(512, 64, inputs="gaussian", embed_dim=768),
            plain(512, 64, None, lambda: normals(512, 768)),
        ),
        "array 512 x 768, head_dim 64": (square(512, 64, inputs=array), plain(512, 64, None, lambda: tensor)),
        "simplex, 64, wide": (square(64, INF, inputs="simplex"), wide_of(lambda: simplex)),
        "gaussian tokens, 512, embed_dim 64, wide": (
            square(512, INF, inputs="gaussian", embed_dim=64),
            wide_of(lambda: normals(512, 64)),
        ),
        "tied, 64, head_dim 32": (square(64, 32, weights="tied"), tied(64, 32)),
        "tied, 512, head_dim 64": (square(512, 64, weights="tied"), tied(512, 64)),
        "8 heads, 2 key heads, causal, 512, head_dim 64": (shared, grouped(512, 512, 64, 8, 2)),
        "latent (384, 128, 32), 64": (square(64, 32, mla=small), bare_latent(64, small)),
        "deepseek-v3, one head, 512": (deepseek, latent(512, deepseek.width, deepseek.mla)),
    }


def timed(setting: Setting, peer: Callable[[], object], turns: int = 7) -> tuple[float, float]:
    """Return the median seconds a replicate of both."""
    sample_variant_ranks(setting, 2, joint=False, workers=1)
    peer()
    start = time.perf_counter()
    peer()
    count = max(1, min(400, int(0.25 / (time.perf_counter() - start))))
    ours, theirs = [], []
    for turn in range(turns):
        start = time.perf_counter()
        sample_variant_ranks(setting, count, joint=False, workers=1, rng=turn)
        ours.append((time.perf_counter() - start) / count)
        start = time.perf_counter()
        for _ in range(count):
            peer()
        theirs.append((time.perf_counter() - start) / count)
    return float(np.median(ours)), float(np.median(theirs))


if __name__ == "__main__":
    print(f"| setting | montecarlo, us | PyTorch {torch.__version__}, us | ratio |\n| --- | --- | --- | --- |")
    for name, case in cases().items():
        if not sys.argv[1:] or any(word in name for word in sys.argv[1:]):
            mine, peers = timed(*case)
            print(f"| {name} | {1e6 * mine:.0f} | {1e6 * peers:.0f} | {peers / mine:.1f} |", flush=True)
