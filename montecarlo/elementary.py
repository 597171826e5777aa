"""Logarithm, sine and cosine as code that loops are vectorised with, the same to the last bit on every processor.

A call into a mathematical library would stop a loop from being vectorised, and give other last bits on other systems.
The polynomials interpolate at Chebyshev points; what that leaves out is below a tenth of the rounding error.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from montecarlo._jit import fused, inlined

__all__ = ["TO_UNIT", "direction", "log", "log_of_ratio", "sine_and_cosine"]

TO_UNIT = 2.0**-53

_LOG_2 = math.log(2.0)
_QUARTER_TURN = math.pi / 2.0
# The polynomials of 2 artanh(s) = s (2 + w L(w)), sin x = x + x w S(w), cos x = 1 + w C(w), with w = s^2 or x^2, on
# |s| <= (sqrt 2 - 1) / (sqrt 2 + 1) and |x| <= pi / 4.
_L = (
    0.666666666666667,
    0.39999999999899444,
    0.2857142862600327,
    0.22222211130259878,
    0.18182889455674947,
    0.15331710618210773,
    0.14616585424888623,
)
_S = (
    -0.16666666666666666,
    0.008333333333330948,
    -0.00019841269836756774,
    2.7557316101617874e-06,
    -2.505113165023518e-08,
    1.5918115263265974e-10,
)
_C = (
    -0.5,
    0.04166666666666664,
    -0.001388888888888077,
    2.4801587293690305e-05,
    -2.755731556524682e-07,
    2.0875886564482672e-09,
    -1.1367988423294987e-11,
)
_MANTISSA = np.int64(0x000FFFFFFFFFFFFF)
_ROOT_HALF = np.int64(np.float64(math.sqrt(0.5)).view(np.int64))
_SIGN = np.uint64(1 << 63)


@inlined
def log(x: Any) -> Any:
    """Return log(x) for a normal x > 0, to about one unit in the last place, relative also near x = 1.

    x = 2**e m with m in [sqrt(1/2), sqrt(2)), and log m = 2 artanh s with s = (m - 1)/(m + 1). Where e is zero nothing
    is added to that.
    """
    bits = np.float64(x).view(np.int64) - _ROOT_HALF
    m = np.int64((bits & _MANTISSA) + _ROOT_HALF).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    return fused(float(bits >> np.int64(52)), _LOG_2, log_of_ratio(s))


@inlined
def log_of_ratio(s: Any) -> Any:
    """Return log((1 + s)/(1 - s)) for |s| < 0.1716."""
    w = s * s
    p = fused(_L[6], w, _L[5])
    p = fused(p, w, _L[4])
    p = fused(p, w, _L[3])
    p = fused(p, w, _L[2])
    p = fused(p, w, _L[1])
    p = fused(p, w, _L[0])
    return fused(s * w, p, 2.0 * s)


@inlined
def sine_and_cosine(x: Any) -> Any:
    """Return sin(x) and cos(x) for a magnitude of at most pi/4, to about one unit in the last place."""
    w = x * x
    p = fused(_S[5], w, _S[4])
    p = fused(p, w, _S[3])
    p = fused(p, w, _S[2])
    p = fused(p, w, _S[1])
    p = fused(p, w, _S[0])
    sine = fused(x * w, p, x)
    p = fused(_C[6], w, _C[5])
    p = fused(p, w, _C[4])
    p = fused(p, w, _C[3])
    p = fused(p, w, _C[2])
    p = fused(p, w, _C[1])
    p = fused(p, w, _C[0])
    return sine, fused(p, w, 1.0)


@inlined
def direction(word: Any) -> Any:
    """Turn a random word into a uniform direction: a vector of length sqrt(2).

    The two top bits are the signs, and the others an angle pi/4 + x of the first quarter turn: sqrt(2) times its cosine
    and sine are cos x - sin x and cos x + sin x.
    """
    x = fused(float((word << np.uint64(2)) >> np.uint64(11)), TO_UNIT * _QUARTER_TURN, -0.5 * _QUARTER_TURN)
    sine, cosine = sine_and_cosine(x)
    a = np.uint64(np.float64(cosine - sine).view(np.uint64) ^ (word & _SIGN)).view(np.float64)
    b = np.uint64(np.float64(cosine + sine).view(np.uint64) ^ ((word << np.uint64(1)) & _SIGN)).view(np.float64)
    return a, b
