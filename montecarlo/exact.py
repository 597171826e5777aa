"""Scores of float64 vectors compared in exact arithmetic, for the few queries for which rounding leaves a doubt."""

from __future__ import annotations

import numpy as np

from montecarlo.layout import Floats, Integers

__all__ = ["best_keys"]


def best_keys(query: Floats, keys: Floats) -> list[int]:
    """Return the indices of the keys with the largest score for ``query``, ascending.

    Parameters
    ----------
    query : float64 array (head_dim,)
        Finite.
    keys : float64 array (n_keys, head_dim)
        Finite.

    Returns
    -------
    list of int
        More than one where several keys attain the largest score. Keys that float64 rules out are left out; each
        number is an integer times a power of two, so the scores of the others are compared as integers.
    """
    candidates = _not_ruled_out(query, keys)
    used = [component for component, x in enumerate(query.tolist()) if x != 0.0]
    weights = _integers([float(query[component]) for component in used])
    found: dict[tuple[float, ...], list[int]] = {}
    for index, key in zip(candidates.tolist(), keys[candidates].tolist(), strict=True):
        found.setdefault(tuple(key[component] for component in used), []).append(index)
    distinct = list(found)
    flat = _integers([x for key in distinct for x in key])
    width = len(used)
    scores = [
        sum(w * x for w, x in zip(weights, flat[i * width : (i + 1) * width], strict=True))
        for i in range(len(distinct))
    ]
    best = max(scores)
    return sorted(index for key, score in zip(distinct, scores, strict=True) if score == best for index in found[key])


def _not_ruled_out(query: Floats, keys: Floats) -> Integers:
    """Return the indices of the keys whose score may be the largest, whatever the rounding in float64.

    A sum of c products, in any order, is off by at most c u / (1 - c u) times the sum of their magnitudes, plus what
    underflows (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., 2002, section 3.1); the bound is
    doubled for its own rounding.
    """
    unit = 2.0**-53
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        scores = keys @ query
        errors = 2.0 * query.size * unit * (np.abs(keys) @ np.abs(query)) + query.size * 2.0**-1073
        floor = (scores - errors).max()
    if not (np.isfinite(scores).all() and np.isfinite(floor)):
        return np.arange(len(keys))
    return np.flatnonzero(scores + errors >= floor)


def _integers(numbers: list[float]) -> list[int]:
    """Return ``numbers`` times their least common denominator, a power of two."""
    ratios = [x.as_integer_ratio() for x in numbers]
    common = max((denominator for _, denominator in ratios), default=1)
    return [numerator * (common // denominator) for numerator, denominator in ratios]
