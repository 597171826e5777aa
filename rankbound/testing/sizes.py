"""Strategies of sizes, spread over the orders of magnitude."""

from __future__ import annotations

from hypothesis import strategies as st

from rankbound.errors import check_integer, invalid
from rankbound.setting import MAX_HEAD_DIM, MAX_KEYS

__all__ = ["head_dims", "sequence_lengths"]


def sequence_lengths(*, min_value: int = 1, max_value: int = 512) -> st.SearchStrategy[int]:
    """Return a strategy of sequence lengths, the numbers of keys or of queries.

    Sizes are spread over the powers of two, and those next to one are far more frequent than chance has them: tiles,
    panels and caches have such sizes, and code errs at their edges. Shrinks to ``min_value``.

    Parameters
    ----------
    min_value, max_value : int
        From 1 to 10**18, both included.

    Returns
    -------
    SearchStrategy of int

    Raises
    ------
    ValueError
        If a bound is out of range, or there is no size between them.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(sequence_lengths(max_value=10**9), lambda n: n >= 1000)
    1000
    """
    return _sizes("sequence_lengths", min_value, max_value, MAX_KEYS, 1)


def head_dims(*, min_value: int = 1, max_value: int = 256, multiple_of: int = 1) -> st.SearchStrategy[int]:
    """Return a strategy of head dimensions, spread as :func:`sequence_lengths` are.

    Parameters
    ----------
    min_value, max_value : int
        From 1 to 10**10, both included.
    multiple_of : int
        At least 1; 2 for heads with rotary positions, 8 or more for those of compiled kernels. Shrinks to the least
        multiple.

    Returns
    -------
    SearchStrategy of int

    Raises
    ------
    ValueError
        If a bound is out of range, or there is no such multiple between them.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(head_dims(multiple_of=2), lambda d: d > 4)
    6
    """
    return _sizes("head_dims", min_value, max_value, MAX_HEAD_DIM, multiple_of)


def _sizes(what: str, least: int, most: int, limit: int, step: int) -> st.SearchStrategy[int]:
    given = (("min_value", least), ("max_value", most), ("multiple_of", step))
    remedy = f"bound {what} within that range"
    least, most, step = (check_integer(name, value, minimum=1, maximum=limit, remedy=remedy) for name, value in given)
    low, high = -(-least // step), most // step
    if low > high:
        expected = f"a multiple of {step} from {least} on" if step > 1 else f"at least min_value = {least}"
        raise invalid("max_value", most, expected, "widen the bounds")
    caps = [min(high, 2**k - 1) for k in range(low.bit_length(), high.bit_length() + 1)]
    return st.sampled_from(caps).flatmap(lambda cap: _up_to(low, cap)).map(lambda n: n * step)


_OFFSETS = st.sampled_from([None, None, 0, 1, -1])


def _up_to(low: int, cap: int) -> st.SearchStrategy[int]:
    """Return a strategy of integers up to ``cap``, many of which are moved down next to a power of two.

    Down, so that what fails for all large sizes fails still when it is not moved: it shrinks to the least such size.
    """

    def moved(n: int, offset: int | None) -> int:
        return n if offset is None else min(max(low, 2 ** (n.bit_length() - 1) + offset), cap)

    return st.builds(moved, st.integers(low, cap), _OFFSETS)
