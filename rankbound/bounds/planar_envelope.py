"""How large the integrand of the planar rank is off the real axis: what its quadrature errors are bounded by."""

from __future__ import annotations

import math

import numpy as np

from rankbound.bounds.mills import Floats, mills_ratio, mills_slope

CELLS = 512
"""Number of cells of the angle between 0 and pi/2."""

_ROOT_2PI = math.sqrt(2 * math.pi)


class Envelope:
    """Bounds on ``log |J J' (1-K-K')^(n-3)|``, for ranges ``low <= Re r <= high`` (rows) and cells of ``a_1 >= 0``.

    Each cell has the bound for all ``-a_1 <= a_2 <= a_1``, ``0 <= a_1 + a_2 <= pi``. Angles beyond ``pi/2`` are no
    worse than the cell of ``pi - a_1`` or ``a_1 - pi``: ``J`` and its bounds are no larger there, ``K`` and ``K + K'``
    no smaller. Where nothing is displaced they are no worse than the last cell either.
    """

    def __init__(self, n: int, low: Floats, high: Floats) -> None:
        edge = np.linspace(0.0, math.pi / 2, CELLS + 1)
        self.power = float(n - 3) * (1 - 1e-12)
        self.high = high[:, None]
        self.sine, self.cosine = np.sin(edge[1:]), np.cos(edge[:-1])
        self.q = np.exp(-(low[:, None] ** 2) / 2) / (2 * math.pi)
        # K is at least K(r, 0) = Q(r)/2 and a lower sum of J, which increases; K + K' >= Q(r cos a) for a_2 < 0. Both
        # fall as r grows.
        y, z = self.high * np.sin(edge[:-1]), self.high * self.cosine
        density = _ROOT_2PI * y * np.exp(-z * z / 2) + np.exp(-(self.high**2) / 2) * mills_slope(y)
        self.half_plane = np.exp(-z * z / 2) * mills_ratio(z) / _ROOT_2PI
        self.one_side = self.half_plane[:, :1] / 2 + (np.cumsum(density, axis=1) - density) * (edge[1] / (2 * math.pi))

    def angular(self, strip: float, lean: float) -> Floats:
        """Bound it for angles within ``|Im| <= strip`` and ``|Re| <= lean`` of real ones with ``a_1 + a_2 >= 0``.

        (The latter is for ``t`` outside ``[0, pi]``.)
        """
        y = self.high * np.minimum(self.sine + lean, 1.0) * math.cosh(strip)
        y_other = self.high * min(lean, 1.0) * math.cosh(strip)  # the sine of a_2 < 0 is below lean
        largest = 1 + _ROOT_2PI * y * np.exp(y * y / 2)  # N(-y)
        other = 1 + _ROOT_2PI * y_other * np.exp(y_other * y_other / 2)
        moved = math.hypot(strip, lean) * self.q
        return self._bound(np.log(largest), np.log(other), moved * largest, moved * other)

    def radial(self, strip: float) -> Floats:
        """Bound it for ``|Im r| <= strip``."""
        y = self.high * self.sine
        grown = _ROOT_2PI * np.exp(y * y / 2)
        moved = strip * math.exp(strip * strip / 2) * self.q
        shift = moved * self.cosine * (grown - mills_ratio(y))
        bound = self._bound(np.log1p(y * grown), np.zeros(1), shift, moved * (_ROOT_2PI / 2))
        return bound + strip * strip

    def _bound(self, log_first: Floats, log_second: Floats, shift_first: Floats, shift_second: Floats) -> Floats:
        """Combine the logarithms of ``J/q`` and ``J'/q`` (``a_2 < 0``) and the changes of ``K`` and ``K'``."""
        either = log_first - self.power * (self.one_side - shift_first)
        across = log_first + log_second - self.power * (self.half_plane - shift_first - shift_second)
        bound = np.maximum(either + either.max(axis=1, keepdims=True), across)
        return np.asarray(bound + 2 * np.log(self.q) + 1e-3)
