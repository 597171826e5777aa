"""What one would write without montecarlo: draw queries and keys, score, take the best key, count the distinct ones.

Each peer is a generator of ranks, one a replicate, in single precision and on one thread. Import this module before
NumPy, so that the limits on threads are set in time. Those libraries that are not installed are left out.
"""

# ruff: noqa: E402  (the limits on threads come before the imports)
from __future__ import annotations

import os
import sys

_LIMITS = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}
TOO_LATE = any(name in sys.modules for name in ("numpy", "torch", "jax")) and any(
    os.environ.get(name) != value for name, value in _LIMITS.items()
)
os.environ.update(_LIMITS)

import contextlib
from collections.abc import Callable, Iterator

import numpy as np
from scipy.spatial import ConvexHull

Ranks = Iterator[int]
PEERS: dict[str, Callable[[int, int], Ranks]] = {}


def _normals(rng, n, head_dim):
    return rng.standard_normal((n, head_dim), dtype=np.float32)


def numpy_ranks(n: int, head_dim: int) -> Ranks:
    rng = np.random.default_rng(0)
    while True:
        queries, keys = _normals(rng, n, head_dim), _normals(rng, n, head_dim)
        yield np.unique(np.argmax(queries @ keys.T, axis=1)).size


def hull_ranks(n: int, head_dim: int) -> Ranks:
    """Only vertices of the hull of the keys can win: quick in few dimensions."""
    rng = np.random.default_rng(0)
    while True:
        queries, keys = _normals(rng, n, head_dim), _normals(rng, n, head_dim)
        winners = keys[ConvexHull(keys).vertices]
        yield np.unique(np.argmax(queries @ winners.T, axis=1)).size


PEERS["NumPy"] = numpy_ranks
PEERS["SciPy ConvexHull"] = hull_ranks

with contextlib.suppress(ImportError):
    import torch

    torch.set_num_threads(1)

    def torch_ranks(n: int, head_dim: int) -> Ranks:
        generator = torch.Generator().manual_seed(0)
        while True:
            queries = torch.randn(n, head_dim, generator=generator)
            keys = torch.randn(n, head_dim, generator=generator)
            yield torch.unique((queries @ keys.T).argmax(dim=1)).numel()

    PEERS["PyTorch"] = torch_ranks

with contextlib.suppress(ImportError):
    import faiss

    faiss.omp_set_num_threads(1)

    def faiss_ranks(n: int, head_dim: int) -> Ranks:
        rng = np.random.default_rng(0)
        while True:
            queries, keys = _normals(rng, n, head_dim), _normals(rng, n, head_dim)
            index = faiss.IndexFlatIP(head_dim)
            index.add(keys)
            yield np.unique(index.search(queries, 1)[1]).size

    PEERS["FAISS"] = faiss_ranks

with contextlib.suppress(ImportError):
    import jax

    def _jax_rank(key, n, head_dim):
        of_queries, of_keys = jax.random.split(key)
        queries, keys = jax.random.normal(of_queries, (n, head_dim)), jax.random.normal(of_keys, (n, head_dim))
        chosen = jax.numpy.argmax(queries @ keys.T, axis=1)
        return jax.numpy.zeros(n, jax.numpy.int32).at[chosen].set(1).sum()

    _jax_rank = jax.jit(_jax_rank, static_argnums=(1, 2))

    def jax_ranks(n: int, head_dim: int) -> Ranks:
        key = jax.random.key(0)
        while True:
            key, one = jax.random.split(key)
            yield int(_jax_rank(one, n, head_dim))

    PEERS["JAX"] = jax_ranks


def peers_at(head_dim: int) -> dict[str, Callable[[int, int], Ranks]]:
    """Return the peers that are of use at ``head_dim``: the hull of points is one in up to four dimensions."""
    return {name: peer for name, peer in PEERS.items() if name != "SciPy ConvexHull" or 2 <= head_dim <= 4}
