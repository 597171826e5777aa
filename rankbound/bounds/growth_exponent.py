"""The exponent of the rank at ``head_dim = c log n`` (T8): E[rank] = n^{e(c) + o(1)}."""

from __future__ import annotations

from flint import arb

from rankbound.bounds.balls import enclose, working_precision
from rankbound.enclosure import Enclosure
from rankbound.errors import check_real
from rankbound.verdict import Rigour


def rank_exponent(c: float) -> Enclosure:
    """Enclose ``e(c) = 1 - (c/2)(y - 1 - ln y)`` with ``y = (2/c)/(1 - e^{-2/c})``.

    Parameters
    ----------
    c : float
        The ratio ``head_dim / log(n_keys)``, natural logarithm, from 1e-3 to 1e6.

    Returns
    -------
    Enclosure
        Below 1 for every ``c``; ``1 - 1/(4c) + O(c^-3)`` for large ``c``. Width below 1e-15.

    Raises
    ------
    ValueError
        If ``c`` is not a number in that range.
    """
    ratio = arb(check_real("c", c, above=1e-3, below=1e6, inclusive=(True, True), remedy="give head_dim / log(n_keys)"))
    with working_precision(192):  # for large c the three terms cancel to order 1/c^2: 40 bits at the end of the range
        y = (2 / ratio) / -(-2 / ratio).expm1()
        return enclose(1 - (ratio / 2) * (y - 1 - y.log()), Rigour.ENCLOSED, "balance of chi-square exponents")
