"""The laws of tokens by NumPy: what parameters each may have, and tokens drawn by its definition.

It is written from the table in :class:`rankbound.inputs.Inputs` and shares no code with ``montecarlo``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from rankbound.inputs import Inputs
from rankbound.testing.recipes import SEEDS

__all__ = ["fits", "law_of_tokens", "tokens_by"]

Floats = npt.NDArray[np.float64]


def least_width(law: str, n_tokens: int) -> int:
    """Return the least number of components that a law needs."""
    return max(1, {"orthonormal": n_tokens, "antipodal": n_tokens // 2, "simplex": n_tokens - 1}.get(law, 1))


def fits(law: str, n_tokens: int, width: int | None) -> bool:
    """Whether there are so many tokens of that law, of so many components (None: as many as it needs)."""
    if (law == "antipodal" and n_tokens % 2) or (law == "simplex" and n_tokens == 1):
        return False
    return width is None or least_width(law, n_tokens) <= width


@st.composite
def law_of_tokens(draw: st.DrawFn, law: str, n_tokens: int, width: int | None) -> tuple[Inputs, int]:
    """Draw the parameters of a law that fits, and the number of components where it is free (``width`` None)."""
    if width is None:
        width = least_width(law, n_tokens) + draw(st.integers(0, 4))
    parameters: dict[str, st.SearchStrategy[object]] = {}
    if law == "duplicated":
        parameters = {"distinct": st.integers(1, min(n_tokens, width))}
    elif law == "clustered":
        parameters = {"clusters": st.integers(1, n_tokens), "spread": st.sampled_from([0.0, 0.1, 1.0])}
    elif law == "zipf":
        parameters = {"vocabulary": st.integers(1, 20), "exponent": st.sampled_from([0.0, 1.0, 2.0])}
    elif law == "low-rank":
        parameters = {"rank": st.integers(1, n_tokens)}
    elif law == "ar1":
        parameters = {"correlation": st.sampled_from([0.0, 0.5, 0.9, -0.9])}
    elif law == "array":
        rng = np.random.default_rng(draw(SEEDS))
        parameters = {"array": st.just(rng.integers(-2, 3, (n_tokens, width)))}
    return draw(st.builds(Inputs, law=st.just(law), **parameters)), width


def tokens_by(inputs: Inputs, n: int, width: int, rng: np.random.Generator) -> Floats:
    """Draw ``n`` tokens of ``width`` components; float64 array (n, width). Every parameter of ``inputs`` is set."""
    law = inputs.law
    if inputs.array is not None:
        return np.array(inputs.array.array, np.float64)
    if law == "gaussian":
        return rng.standard_normal((n, width))
    if law == "clustered":
        clusters = inputs.clusters or 1
        centres = rng.standard_normal((clusters, width))
        return centres[np.arange(n) % clusters] + (inputs.spread or 0.0) * rng.standard_normal((n, width))
    if law == "zipf":
        weights = np.arange(1.0, (inputs.vocabulary or 1) + 1.0) ** -(inputs.exponent or 0.0)
        ids = rng.choice(weights.size, n, p=weights / weights.sum())
        distinct, places = np.unique(ids, return_inverse=True)
        return rng.standard_normal((distinct.size, width))[places]
    if law == "low-rank":
        return rng.standard_normal((n, inputs.rank or 1)) @ rng.standard_normal((inputs.rank or 1, width))
    if law == "ar1":
        return _along(rng.standard_normal((n, width)), inputs.correlation or 0.0)
    return _rigid(inputs, n, width, rng)


def _along(steps: Floats, correlation: float) -> Floats:
    for i in range(1, len(steps)):
        steps[i] = correlation * steps[i - 1] + np.sqrt(1.0 - correlation**2) * steps[i]
    return steps


def _rigid(inputs: Inputs, n: int, width: int, rng: np.random.Generator) -> Floats:
    """Return tokens whose products are fixed, in a uniformly distributed frame."""
    if inputs.law == "orthonormal":
        return _frame(n, width, rng)
    if inputs.law == "duplicated":
        distinct = inputs.distinct or 1
        return _frame(distinct, width, rng)[np.arange(n) % distinct]
    if inputs.law == "antipodal":
        pairs = _frame(n // 2, width, rng)
        return np.stack([pairs, -pairs], axis=1).reshape(n, width)
    corners = np.linalg.cholesky(np.eye(n - 1) - 1.0 / n)  # of the first n - 1; the last is minus their sum
    return np.concatenate([corners, -corners.sum(axis=0, keepdims=True)]) @ _frame(n - 1, width, rng)


def _frame(rows: int, columns: int, rng: np.random.Generator) -> Floats:
    q, r = np.linalg.qr(rng.standard_normal((columns, rows)))
    turned: Floats = (q * np.where(np.diagonal(r) < 0.0, -1.0, 1.0)).T
    return np.ascontiguousarray(turned)
