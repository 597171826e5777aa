"""The window in which the rank saturates, ``head_dim`` of order ``log(n)^2``, and quick rules from it (T9, T10).

At ``head_dim = log(n)^2 / lambda`` and ``n -> infinity``, ``E[rank]/n`` tends to
``F(lambda) = E[1 - exp(-e^Y)]``, ``Y = sqrt(2 lambda) Z - lambda`` with ``Z`` standard normal: ``e^Y`` is the limit of
``n`` times the probability that a key of random norm is picked.

**Enclosed.** Completing the square in the density of ``Y``,

    F(lambda) = e^{-lambda/4} / sqrt(4 pi lambda) int (1 - exp(-e^y)) e^{-y/2} e^{-y^2/(4 lambda)} dy.

The factor ``(1 - exp(-e^y)) e^{-y/2}`` is at most ``e^{-|y|/2}``, so that what lies beyond ``|y| = A`` is at most
``e^{-A/2 - A^2/(4 lambda)} / (1/2 + A/(2 lambda))`` on either side (the exponent is convex), and F itself at most
``e^{-lambda/4} / sqrt(lambda)``, which it approaches. The integrand is entire; Arb's quadrature encloses the rest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from flint import arb
from scipy.special import ndtri

from rankbound.bounds.balls import Ball, float_above, float_below, integrate, working_precision
from rankbound.bounds.occupancy import barrier
from rankbound.enclosure import Enclosure
from rankbound.errors import check_real, invalid
from rankbound.setting import check_head_dim, check_n_keys, check_n_queries
from rankbound.verdict import Rigour

_PIECES = 8  # the quadrature's tolerance holds on each piece: in one piece the width would be 10 to 1000 times larger
_MEASURED_KEYS = (512, 10**9)
_MEASURED_RANK = {16: 3.2e-3, 32: 1.62e-3, 64: 9.5e-4, 128: 5.9e-4, 256: 2.9e-4, 512: 2.1e-4, 4096: 9.6e-5}
_MEASURED_DEFICIT = {16: 9.3, 32: 4.4, 64: 2.0, 128: 0.83, 256: 0.34, 512: 0.14, 4096: 0.011}
_MOST_RATIO = 4


def window(lambda_: float) -> Enclosure:
    """Enclose ``F(lambda) = E[1 - exp(-exp(sqrt(2 lambda) Z - lambda))]``, the limit of ``E[rank]/n`` in the window.

    Parameters
    ----------
    lambda_ : float
        ``log(n_keys)^2 / head_dim`` in the limit; any finite number of at least 0.

    Returns
    -------
    Enclosure
        From ``1 - 1/e`` at 0 down to 0. Relative width below 1e-12 up to ``lambda = 2800`` (4.8e-13 the widest of 5500
        seen); beyond, F is not a normal float, and from about 2970 on the enclosure is [0, 5e-324].

    Raises
    ------
    ValueError
        If ``lambda_`` is not a finite number of at least 0.

    Notes
    -----
    It is the limit of ``E[rank]/n`` as ``n`` grows, not a bound at any ``n`` (see :func:`quick_rank`).
    """
    remedy = "give log(n_keys)^2 / head_dim"
    value = check_real("lambda_", lambda_, above=0.0, below=math.inf, inclusive=(True, False), remedy=remedy)
    with working_precision(128):
        ball = _window_ball(value)
        return Enclosure(max(float_below(ball), 0.0), float_above(ball), Rigour.ENCLOSED, "log^2 window, quadrature")


@dataclass(frozen=True, slots=True)
class QuickRank:
    """An estimate in plain floats: a rule of thumb with a measured record, which bounds nothing.

    Attributes
    ----------
    value : float
        The estimate.
    rigour : Rigour
        Always ``FLOAT``.
    measured_error : float or None
        The largest error seen on the grid that the function's docstring gives, at the largest ``head_dim`` there that
        is at most the one asked; ``None`` outside the grid. It was seen, not proved: between its points it may be more.
    """

    value: float
    rigour: Rigour = field(default=Rigour.FLOAT, init=False)
    measured_error: float | None = None


def quick_rank(n_keys: int, head_dim: int, *, n_queries: int | None = None) -> QuickRank:
    """Estimate ``E[rank] / n_keys`` by the window's limit, corrected for finite sizes (T10), in about 50 microseconds.

    Parameters
    ----------
    n_keys, head_dim, n_queries : int
        ``n`` at least 2, ``d`` at least 1, ``m`` from ``n/4`` to ``4 n``; ``m = n`` unless given.

    Returns
    -------
    QuickRank
        ``F(lambda) + b(n)/n - (1-1/e)`` with ``lambda = tau^4/(4 d)``, ``tau = Phi^{-1}(1-1/n)``, ``b`` the barrier.

    Raises
    ------
    ValueError
        If a size is not an integer in its range.

    Notes
    -----
    The error is measured against ``U/n``, the norm-conditioned barrier (T6). That is itself above ``E[rank]/n``: by
    1.4% of it at ``n = 512``, ``head_dim = 16`` and 0.15% at 64, by simulation (T13), and by a vanishing fraction as
    ``head_dim / log(n)`` grows (T9). Estimate less ``U/n``, in units of 1e-3 (``U/n`` by quadrature to 1e-8, which its
    enclosure confirms to the width it has):

    ======== ===== ===== ===== ===== ===== ===== =====
    n, d     16    32    64    128   256   512   4096
    ======== ===== ===== ===== ===== ===== ===== =====
    512      3.19  1.29  0.56  0.39  0.28  0.18  0.03
    4096     2.38  1.52  0.47  0.20  0.22  0.20  0.05
    10^5     -0.30 1.42  0.81  0.19  0.07  0.14  0.07
    10^6     -1.46 0.79  0.94  0.33  0.04  0.07  0.09
    10^9     -0.55 -0.55 0.40  0.59  0.25  0.02  0.09
    ======== ===== ===== ===== ===== ===== ===== =====

    ``measured_error`` is the largest of a column, also over 40 values of ``n`` from 512 to 10^9, and ten more
    ``head_dim`` in between stay below the column on their left.

    With ``m != n`` the limit, for ``m/n`` fixed, is ``E[1 - exp(-(m/n) e^Y)]`` (``m`` queries, a key that each picks
    with probability ``e^Y/n``), and ``b/n - (1 - e^{-m/n})`` corrects it. That is right in the limit but a poor
    estimate at real sizes, since ``lambda`` happens to suit ``m = n``: off by up to 0.017 at ``m = n/4`` and 0.08 at
    ``m = 4 n``. So no ``measured_error`` comes with it, and further from ``m = n`` it is refused.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    m = check_n_queries(n_queries, n)
    if n < 2:
        raise invalid("n_keys", n, "at least 2", "with one key the rank is 1")
    if not n <= _MOST_RATIO * m <= _MOST_RATIO**2 * n:
        remedy = "the quick rule is a limit with n_queries / n_keys near 1; enclose_norm_conditioned takes any sizes"
        raise invalid("n_queries", m, f"from n_keys / {_MOST_RATIO} to {_MOST_RATIO} n_keys", remedy)
    ratio = m / n
    share = _float_window(float(ndtri(1 / n)) ** 4 / (4 * d), ratio)
    value = share + (barrier(n, n_queries=m).lower / n + math.expm1(-ratio))
    return QuickRank(value, _measured(_MEASURED_RANK, n, d) if m == n else None)


def quick_deficit(n_keys: int, head_dim: int) -> QuickRank:
    """Estimate by how much ``E[rank]/n`` falls short of ``b(n)/n``: ``log(n)^2 / (e d)``, the leading term of T10.

    Parameters
    ----------
    n_keys, head_dim : int
        ``n`` and ``d``, at least 1.

    Returns
    -------
    QuickRank
        Of the right size only where it is small: measured against ``(b(n) - U)/n`` on the grid of :func:`quick_rank`
        it exceeds it by at most 0.011 at ``head_dim = 4096``, 0.14 at 512, 0.34 at 256, 0.83 at 128 (more than there
        is to lose). Use :func:`quick_rank` for a number, this for a formula.

    Raises
    ------
    ValueError
        If a size is not an integer of at least 1.
    """
    n = check_n_keys(n_keys)
    d = check_head_dim(head_dim)
    return QuickRank(math.log(n) ** 2 / (math.e * d), _measured(_MEASURED_DEFICIT, n, d))


def _window_ball(lambda_: float) -> Ball:
    """Return F as a ball at the current precision."""
    if lambda_ == 0.0:
        return 1 - arb(-1).exp()
    a = arb(_reach(lambda_, 75.0))
    scale = 4 * arb(lambda_)
    inside = arb(0)
    for i in range(-_PIECES // 2, _PIECES // 2):
        low, high = arb(2 * i) / _PIECES, arb(2 * (i + 1)) / _PIECES
        inside += integrate(lambda t, _: _integrand(t * a, scale), low, high, smallest=arb(2) ** -60)
    tail = (-a / 2 - a * a / scale).exp() / (arb(1) / 2 + 2 * a / scale)
    whole = inside * a + arb(0).union(2 * tail)
    return whole * (-scale / 16).exp() / (arb.pi() * scale).sqrt()


def _integrand(y: Ball, scale: Ball) -> Ball:
    return -(-y.exp()).expm1() * (-y / 2 - y * y / scale).exp()


def _reach(lambda_: float, depth: float) -> float:
    """Return the ``A`` at which ``A/2 + A^2/(4 lambda)`` is about ``depth``."""
    root = math.sqrt(lambda_)
    return 2 * depth * root / (root / 2 + math.sqrt(lambda_ / 4 + depth))


def _float_window(lambda_: float, ratio: float) -> float:
    """Return ``E[1 - exp(-ratio e^Y)]`` in floats: the trapezoidal rule, whose error decays like ``e^{-pi^2/step}``."""
    if lambda_ < 1e-300:  # F falls by less than 1e-300 up to there, and 4 lambda must not be a subnormal float
        return -math.expm1(-ratio)
    reach = _reach(lambda_, 45.0)
    count = 2 * math.ceil(reach / min(math.sqrt(2 * lambda_), 1.0) / 0.25) + 1
    y, step = np.linspace(-reach, reach, count, retstep=True)
    terms = -np.expm1(-ratio * np.exp(y)) * np.exp(-y / 2 - y * y / (4 * lambda_))
    return float(step * terms.sum()) * math.exp(-lambda_ / 4) / math.sqrt(4 * math.pi * lambda_)


def _measured(table: dict[int, float], n: int, d: int) -> float | None:
    """Return the entry for the largest head dimension of the grid that is at most ``d``."""
    rows = [head_dim for head_dim in table if head_dim <= d]
    inside = _MEASURED_KEYS[0] <= n <= _MEASURED_KEYS[1] and rows and d <= max(table)
    return table[max(rows)] if inside else None
