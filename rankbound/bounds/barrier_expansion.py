r"""The barrier as a series in 1/n, with a proved remainder of known sign (T3).

With ``x = 1/n`` and ``f(x) = e (1-x)^{1/x} = 1 - sum_{k>=1} a_k x^k``, the barrier is

    b(n) = n - (n/e) f(1/n) = (1-1/e) n + (1/e) (a_1 + a_2/n + a_3/n^2 + ...).

1.  *Coefficients.* ``f = e^L`` with ``L(x) = 1 + log(1-x)/x = -sum_{k>=1} x^k/(k+1)``, and ``f' = L' f`` gives them
    one after the other, as rationals.
2.  *Sign.* ``f`` is analytic off the cut [1, oo), continuous up to it, and tends to ``e`` at infinity. On its upper
    side ``log(1-x) = log(x-1) - i pi``, so that ``Im f = -e (x-1)^{1/x} sin(pi/x) < 0`` for ``x > 1``.
3.  Cauchy's formula for the k-th coefficient, ``k >= 1``, its circle blown up onto the cut (the large arc vanishes,
    since ``f`` is bounded), then ``x = 1/s``: ``a_k = (e/pi) int_0^1 s^{k-1} (1-s)^s s^{-s} sin(pi s) ds > 0``.
4.  *Sum.* ``f(x) -> 0`` as ``x -> 1-`` and ``a_k > 0``, so by monotone convergence ``sum_{k>=1} a_k = 1``: the series
    converges at every ``n >= 1``, it is not only asymptotic.
5.  *Remainder.* What is left after K terms, ``(1/e) sum_{k>K} a_k n^{1-k}``, is therefore positive, and at most
    ``(1/e) n^{-K} (a_{K+1} + (1 - a_1 - ... - a_{K+1})/n)``: the next term, and all further mass at one power more.

That ``(L')^2 + L''`` has no positive coefficient shows ``f`` concave, hence T3's constants; it does not by itself give
the signs of the ``a_k``, because the coefficients of ``f`` that multiply it have both signs. Step 3 does.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from rankbound.bounds.balls import float_above, float_below, from_fraction, working_precision
from rankbound.enclosure import Enclosure
from rankbound.errors import check_integer
from rankbound.setting import check_n_keys
from rankbound.verdict import Rigour

_MOST_TERMS = 100  # past the first few, a term more only matters for n of a few units


def barrier_series(n_keys: int, *, terms: int = 4) -> Enclosure:
    """Enclose the barrier ``b(n)`` (``n_queries = n_keys``) by its series in ``1/n`` and the bound on what is left out.

    Parameters
    ----------
    n_keys : int
        ``n``, at least 1.
    terms : int
        How many terms after ``(1-1/e) n`` are summed, from 1 to 100. The default is
        ``(1/e) (1/2 + 5/(24 n) + 5/(48 n^2) + 337/(5760 n^3))``.

    Returns
    -------
    Enclosure
        Its lower end is the partial sum, which is below ``b(n)``. The interval is as wide as the next term times at
        most ``1 + (terms + 1)/n``, plus a few units in the last place.

    Raises
    ------
    ValueError
        If an argument is not an integer in its range.

    See Also
    --------
    rankbound.bounds.barrier : the barrier itself, as sharp as a float allows, by another route.
    """
    n = check_n_keys(n_keys)
    coefficients = series_coefficients(_check_terms(terms) + 1)
    mass_beyond = 1 - sum(coefficients, Fraction(0))
    partial_sum = sum((a * Fraction(1, n**k) for k, a in enumerate(coefficients[:-1])), Fraction(0))
    most_left_out = (coefficients[-1] + mass_beyond / n) / n**terms
    with working_precision(128 + n.bit_length()):
        inverse_e = arb(-1).exp()
        least = n + from_fraction(partial_sum - n) * inverse_e
        most = n + from_fraction(partial_sum + most_left_out - n) * inverse_e
        method = f"series of the barrier, {terms} terms and a bound on the rest"
        return Enclosure(float_below(least), float_above(most), Rigour.ENCLOSED, method)


def series_coefficients(terms: int) -> tuple[Fraction, ...]:
    """Return ``a_1, ..., a_terms``, where ``b(n) = (1-1/e) n + (1/e) sum_{k>=1} a_k n^{1-k}``.

    All are positive, they decrease, and the whole sequence sums to 1 (steps 3 and 4 above).

    Parameters
    ----------
    terms : int
        From 1 to 101.

    Returns
    -------
    tuple of Fraction
        1/2, 5/24, 5/48, 337/5760, 137/3840, ...

    Raises
    ------
    ValueError
        If ``terms`` is not an integer in that range.
    """
    count = check_integer(
        "terms", terms, minimum=1, maximum=_MOST_TERMS + 1, remedy="further coefficients hardly change the barrier"
    )
    exponential = [Fraction(1)]  # of e^L: k f_k = sum_{j=1}^k j L_j f_{k-j}
    for k in range(1, count + 1):
        total = sum((Fraction(-j, j + 1) * exponential[k - j] for j in range(1, k + 1)), Fraction(0))
        exponential.append(total / k)
    return tuple(-coefficient for coefficient in exponential[1:])


def _check_terms(terms: object) -> int:
    remedy = "give how many terms to sum; rankbound.bounds.barrier needs none"
    return check_integer("terms", terms, minimum=1, maximum=_MOST_TERMS, remedy=remedy)
