"""Keys that are hard on attention code: ties, lines, norms far apart, subnormal numbers, every key a winner."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import assume
from hypothesis import strategies as st

from rankbound.errors import check_name, invalid
from rankbound.testing.recipes import (
    SEEDS,
    Recipe,
    Size,
    check_seed,
    check_size,
    chosen_names,
    fixed_size,
    size_strategy,
)

__all__ = ["KEY_KINDS", "KeyMatrix", "key_matrices"]

Array = npt.NDArray[Any]

_DTYPES = ("float64", "float32")
_NORM_EXPONENT = {"float64": 200, "float32": 30}
_SMALLEST_EXPONENT = {"float64": -1074, "float32": -149}
_LARGEST_SUBNORMAL = {"float64": 2**52, "float32": 2**23}


def _integers(rng: np.random.Generator, n: int, d: int, dtype: str) -> Array:
    return rng.integers(-2, 3, (n, d))


def _ordinary(rng: np.random.Generator, n: int, d: int, dtype: str) -> Array:
    return rng.standard_normal((n, d))


def _duplicate(rng: np.random.Generator, n: int, d: int, dtype: str) -> Array:
    distinct = rng.standard_normal((n // 2, d))
    return distinct[rng.integers(0, n // 2, n)]


def _collinear(rng: np.random.Generator, n: int, d: int, dtype: str) -> Array:
    direction = rng.integers(-3, 4, d)
    direction[0] = direction[0] or 1
    origin = rng.integers(-3, 4, d) * rng.integers(0, 2)
    return origin + rng.integers(-4, 5, (n, 1)) * direction


def _norm_ratio(rng: np.random.Generator, n: int, d: int, dtype: str) -> Array:
    rows = rng.standard_normal((n, d))
    spread = _NORM_EXPONENT[dtype]
    wanted = rng.integers(-spread, spread + 1, n)
    wanted[:2] = (-spread, spread)
    _, found = np.frexp(np.abs(rows).max(axis=1))
    scaled: Array = np.ldexp(rows, (rng.permutation(wanted) - found)[:, None])
    return scaled


def _subnormal(rng: np.random.Generator, n: int, d: int, dtype: str) -> Array:
    whole = rng.integers(1, _LARGEST_SUBNORMAL[dtype], (n, d)) * rng.choice((-1, 1), (n, d))
    tiny = np.ldexp(whole.astype(dtype), _SMALLEST_EXPONENT[dtype])
    chosen = rng.random((n, d)) < 0.5
    chosen[0] = True
    return np.where(chosen, tiny, rng.standard_normal((n, d)).astype(dtype))


def _convex(rng: np.random.Generator, n: int, d: int, dtype: str) -> Array:
    t = rng.permutation(n)[:, None] - n // 2
    return np.concatenate([t, t * t, rng.integers(-2, 3, (n, max(0, d - 2)))], axis=1)[:, :d]


KEY_KINDS: dict[str, Callable[[np.random.Generator, int, int, str], Array]] = {
    "integers": _integers,
    "ordinary": _ordinary,
    "duplicate": _duplicate,
    "collinear": _collinear,
    "norm-ratio": _norm_ratio,
    "subnormal": _subnormal,
    "convex": _convex,
}
"""What builds each kind, simplest first."""


def _unfit(kind: str, n_keys: int, head_dim: int) -> ValueError | None:
    if kind in ("duplicate", "norm-ratio") and n_keys < 2:
        return invalid("n_keys", n_keys, f"at least 2 with kind {kind!r}", "add a key")
    if kind == "convex" and head_dim == 1 and n_keys > 2:
        return invalid("n_keys", n_keys, "at most 2 of kind 'convex' on a line", "give head_dim of at least 2")
    return None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class KeyMatrix(Recipe):
    """A recipe for keys, the rows of a matrix; what :func:`key_matrices` draws.

    ============== ===================================================================================================
    kind           keys
    ============== ===================================================================================================
    ``integers``   entries from -2 to 2: scores with such queries are exact, and ties frequent
    ``ordinary``   iid standard normal entries
    ``duplicate``  standard normal ones, at most ``n_keys // 2`` of them distinct; at least 2 keys
    ``collinear``  all on one line, exactly (integers up to 15), through the origin for about half the seeds
    ``norm-ratio`` a key's largest entry is between half of 2**e and 2**e, e from -200 to 200 (-30 to 30 in float32);
                   both ends occur; at least 2 keys
    ``subnormal``  the first key, and each other entry with probability 1/2, is subnormal; the rest is ordinary
    ``convex``     each key is a vertex of the convex hull, exactly: (t, t**2, small integers) for distinct integers t,
                   so that the query (2 t, -1, 0, ...) picks this key and no other; on a line 2 keys at most
    ============== ===================================================================================================

    Parameters
    ----------
    kind : str
        As above.
    n_keys, head_dim : int
        Rows and columns, at least 1.
    seed : int
        From 0 to 2**64 - 1.
    dtype : str
        ``"float64"`` or ``"float32"``.

    Notes
    -----
    ``.array`` has the keys: an array (n_keys, head_dim) of ``dtype``, all finite; a fresh one on each access.

    Examples
    --------
    >>> KeyMatrix(kind="convex", n_keys=3, head_dim=2, seed=0).array.tolist()
    [[1.0, 1.0], [-1.0, 1.0], [0.0, 0.0]]
    """

    kind: str
    n_keys: int
    head_dim: int
    seed: int
    dtype: str = "float64"

    def __post_init__(self) -> None:
        check_name("kind", self.kind, KEY_KINDS)
        check_size("n_keys", self.n_keys)
        check_size("head_dim", self.head_dim)
        check_seed(self.seed)
        check_name("dtype", self.dtype, _DTYPES)
        problem = _unfit(self.kind, self.n_keys, self.head_dim)
        if problem is not None:
            raise problem

    @property
    def array(self) -> Array:
        """The keys."""
        rng = np.random.default_rng(self.seed)
        keys = KEY_KINDS[self.kind](rng, self.n_keys, self.head_dim, self.dtype)
        return np.ascontiguousarray(keys, dtype=self.dtype)


def key_matrices(
    *,
    n_keys: Size = None,
    head_dim: Size = None,
    kinds: Collection[str] | str | None = None,
    dtype: str = "float64",
) -> st.SearchStrategy[KeyMatrix]:
    """Return a strategy of keys, most of them adversarial.

    What is drawn is a :class:`KeyMatrix`: it prints in one line, as the call that makes it again, and ``.array`` is the
    matrix. An array would print eight digits of each entry, which for subnormal numbers is another array. Shrinks to
    fewer keys, fewer components, the earlier kind and a small seed.

    Parameters
    ----------
    n_keys, head_dim : int or strategy of int, optional
        A number fixes the size, a strategy bounds it (:func:`sequence_lengths`, :func:`head_dims`). By default 1 to 12
        keys of 1 to 8 components.
    kinds : names, optional
        Those of :class:`KeyMatrix` that are wanted; all by default.
    dtype : str
        ``"float64"`` or ``"float32"``.

    Returns
    -------
    SearchStrategy of KeyMatrix

    Raises
    ------
    ValueError
        If a kind or dtype is unknown, or fixed sizes leave no kind.

    Examples
    --------
    >>> from hypothesis import given
    >>> @given(key_matrices(kinds="convex", head_dim=2))
    ... def test_every_key_is_picked_by_some_query(keys):
    ...     K = keys.array
    ...     queries = np.stack([2 * K[:, 0], -np.ones(len(K))], axis=1)
    ...     assert (np.argmax(queries @ K.T, axis=1) == np.arange(len(K))).all()
    >>> test_every_key_is_picked_by_some_query()
    """
    names = chosen_names("kinds", kinds, KEY_KINDS)
    check_name("dtype", dtype, _DTYPES)
    rows = size_strategy("n_keys", n_keys, st.integers(1, 12))
    columns = size_strategy("head_dim", head_dim, st.integers(1, 8))
    fixed = fixed_size("n_keys", n_keys), fixed_size("head_dim", head_dim)
    if fixed[0] is not None and fixed[1] is not None:
        problems = [_unfit(name, fixed[0], fixed[1]) for name in names]
        if problems[0] is not None and None not in problems:
            raise problems[0]
    return _key_matrices(names, rows, columns, dtype)


@st.composite
def _key_matrices(
    draw: st.DrawFn, names: tuple[str, ...], rows: st.SearchStrategy[int], columns: st.SearchStrategy[int], dtype: str
) -> KeyMatrix:
    n_keys, head_dim = draw(rows), draw(columns)
    fit = [name for name in names if _unfit(name, n_keys, head_dim) is None]
    assume(fit)
    kind = draw(st.sampled_from(fit))
    return KeyMatrix(kind=kind, n_keys=n_keys, head_dim=head_dim, seed=draw(SEEDS), dtype=dtype)
