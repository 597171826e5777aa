r"""How likely a query is to pick one key, given how far that key lies from the origin in a plane with the query.

Let ``rho`` be the length of key 1's projection on a plane that contains the query. Its angle ``a`` to the query is
uniform, so that it wins with probability

    Y(w) = (1/2pi) oint Phi(rho cos a)^(n-1) da,    w = rho^2.

**At the nodes.** The integrand is entire and periodic: with N equally spaced angles the trapezoidal rule errs by at
most ``2 sup|Phi|^(n-1) / (e^(Ns) - 1)``, the supremum over ``|Im a| <= s`` (Trefethen and Weideman 2014, theorem 3.2).
There the argument is ``X + iY`` with ``X = rho cos a cosh s`` and ``|Y| <= rho |sin a| sinh s``. Along a vertical line,
``|Phi| <= 1 - Q(X) + |Y| e^(Y^2/2) phi(X)``, which is at most 1 as long as ``|Y| e^(Y^2/2)`` is below Mills' ratio, and
that exceeds ``1/(X+1)`` for ``X >= 0``. So ``s = 0.9/(w/2 + rho + 2)`` will do.

**Between the nodes** ``Y`` is its linear interpolation less half its second derivative times ``(w - w_c)(w_(c+1)-w)``,
and the second derivative of each ``Phi^(n-1)`` is bounded from both sides over each cell of ``w`` by taking each
monotone factor at the end where it is largest or smallest; averaged over the same angles, with the same error times the
bound of these expressions in the strip. Where that says little, close to ``w = 0`` and where winning is hopeless, ``Y``
is bounded by its values at both ends of the cell: it is nondecreasing, as ``Phi^(n-1) + (1-Phi)^(n-1)`` is in ``|x|``.
Then each nodal value is replaced by the one that bounds its two cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rankbound.bounds.mills import ERROR, Floats, upper_tail
from rankbound.bounds.wedge import rows

_DIGITS = 28.0  # log of the inverse error of the trapezoidal rule, on top of twice log n
_NEAR = 0.1  # squared distance below which cells are bounded by their ends
_BLOCK = 64
_REACH = 50.0  # beyond so much above the first node, so few keys lie that Y <= 1 is good enough


@dataclass(frozen=True, slots=True)
class WinGrid:
    """Bounds of ``Y``: nodal values to interpolate, from both sides, and the second derivative between them.

    ``low``, ``high`` have shape (rows,); ``bend_low``, ``bend_high`` have shape (rows - 1,) and are bounds that may
    stand for the second derivative in the cell between two nodes.
    """

    w: Floats
    low: Floats
    high: Floats
    bend_low: Floats
    bend_high: Floats


@lru_cache(maxsize=16)
def win_grid(n_keys: int) -> WinGrid:
    """Return the grid for ``n_keys``, at least 2; it does not depend on the head dimension."""
    n = n_keys
    w = rows(n)
    near = w[w <= w[0] + _REACH]
    parts = [_block(n, near[i : i + _BLOCK + 1], math.sqrt(w[0])) for i in range(0, len(near) - 1, _BLOCK)]
    values = np.concatenate([values[:-1] for values, *_ in parts] + [parts[-1][0][-1:]])
    error = values * (128 * ERROR) + parts[0][3] + 1e-42
    beyond = len(w) - len(near)
    low = np.pad(np.maximum(values - error, 0.0), (0, beyond), mode="edge")
    high = np.pad(np.minimum(values + error, 1.0), (0, beyond), constant_values=1.0)
    bend_low = np.pad(np.concatenate([least for _, least, _, _ in parts]), (0, beyond))
    bend_high = np.pad(np.concatenate([most for _, _, most, _ in parts]), (0, beyond))
    flat = (w[:-1] < _NEAR) | ((bend_high - bend_low) * np.diff(w) ** 2 / 8 > high[1:] - low[:-1])
    flat[len(near) - 1 :] = True
    touched = np.append(flat, False) | np.insert(flat, 0, False)
    return WinGrid(
        w,
        np.where(touched, np.insert(low[:-1], 0, low[0]), low),
        np.where(touched, np.append(high[1:], high[-1]), high),
        np.where(flat, 0.0, bend_low),
        np.where(flat, 0.0, bend_high),
    )


def _block(n: int, w: Floats, hopeless: float) -> tuple[Floats, Floats, Floats, float]:
    """Return ``Y`` at the rows, bounds of its second derivative between them, and the error of a mean of powers."""
    rho = np.sqrt(w)[:, None]
    strip = 0.9 / (w[-1] / 2 + math.sqrt(w[-1]) + 2)
    digits = _DIGITS + 2 * math.log(n)
    quarter = math.ceil(digits / strip / 4)
    error = 2.1 * math.exp(-digits)
    cosine = np.cos((np.arange(quarter) + 0.5) * (math.pi / 2 / quarter))
    # Where more than a hundred keys are expected above the score, all of this is below 1e-35 and left out.
    cosine = cosine[cosine * math.sqrt(w[-1]) >= 0.999 * hopeless]
    x = rho * cosine
    tail = upper_tail(x)
    log_below = np.log1p(-tail)
    values = (np.exp((n - 1) * log_below) + tail ** (n - 1)).sum(axis=1) / (2 * quarter)
    # Each factor is the power of Phi, which rises with w, or the density over a power of rho, which falls.
    near, far = slice(None, -1), slice(1, None)
    radius = np.maximum(rho, 1e-3)  # the first cells are bounded otherwise
    density = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    first = (density * (cosine / (2 * radius))) ** 2
    second = density * (cosine**3 / (4 * radius) + cosine / (4 * radius**3))
    pairs = float(n - 1) * (n - 2)
    power = np.exp((n - 3) * log_below)
    power_less = power * np.exp(log_below)
    rising = pairs * power[far] * first[near], pairs * power[near] * first[far]
    falling = (n - 1) * power_less[near] * second[far], (n - 1) * power_less[far] * second[near]
    most = (rising[0] - falling[0]).sum(axis=1) / (2 * quarter)
    least = (rising[1] - falling[1]).sum(axis=1) / (2 * quarter)
    # The other half circle: powers of Q, which falls as w grows, like everything else there.
    if n < 64:
        power, power_less = tail ** max(n - 3, 0), tail ** max(n - 2, 0)
        bent = pairs * power * first + (n - 1) * power_less * second
        most += bent[near].sum(axis=1) / (2 * quarter)
        least += bent[far].sum(axis=1) / (2 * quarter)
    # What n >= 64 leaves out (Q <= 1/2 there), and the quadrature's error; then rounding.
    r = radius[near, 0]
    size = pairs * 0.2 / (4 * r**2) + (n - 1) * 0.5 * (1 / (4 * r) + 1 / (4 * r**3))
    other = (2 * error + (2.0 ** -(min(n, 1000) - 3.0) if n >= 64 else 0.0)) * size
    other += 1e-9 / quarter * (sum(rising) + sum(falling)).sum(axis=1) + 1e-35
    return values, least - other, most + other, error
