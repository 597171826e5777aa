"""The one place where an error message about an argument is worded.

Misuse of any public function is a plain ``ValueError`` whose single line says which argument, the value it had, what
was expected and what to do about it.
"""

from __future__ import annotations

import math
import numbers
import operator
from collections.abc import Collection


class ShadowedPackageError(ImportError):
    """A package named ``proofs`` or ``montecarlo`` was found that is not the one rankbound ships."""


def invalid(name: str, value: object, expected: str, remedy: str) -> ValueError:
    """Build (not raise) the error for an argument ``name`` that has an unusable ``value``."""
    try:
        shown = " ".join(repr(value).split())
    except ValueError:  # Python refuses to print integers of many thousands of digits
        shown = f"a {type(value).__name__} too long to print"
    if len(shown) > 60:
        shown = shown[:57] + "..."
    return ValueError(f"{name} = {shown}: expected {expected}; {remedy}")


def check_integer(name: str, value: object, *, minimum: int, remedy: str, maximum: int | None = None) -> int:
    """Return ``value`` as a Python ``int``, or raise the ``ValueError`` that says why it is not one.

    NumPy integers are accepted; ``bool`` and floats (``512.0`` too) are not: a size that arrives as a float was
    computed somewhere, and rounding it here would hide that.
    """
    expected = f"an integer of at least {minimum}" if maximum is None else f"an integer from {minimum} to {maximum}"
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise invalid(name, value, expected, remedy)
    number = operator.index(value)
    if number < minimum or (maximum is not None and number > maximum):
        raise invalid(name, value, expected, remedy)
    return number


def check_real(
    name: str, value: object, *, above: float, below: float, remedy: str, inclusive: tuple[bool, bool] = (False, False)
) -> float:
    """Return ``value`` as a ``float`` between ``above`` and ``below``, or raise the ``ValueError`` that says why not.

    ``inclusive`` says for each end whether the end itself is allowed. NaN never is.
    """
    expected = f"a number in {'[' if inclusive[0] else '('}{above:g}, {below:g}{']' if inclusive[1] else ')'}"
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise invalid(name, value, expected, remedy)
    try:
        number = float(value)
    except OverflowError:
        raise invalid(name, value, expected, remedy) from None
    low_ok = number > above or (inclusive[0] and number == above)
    high_ok = number < below or (inclusive[1] and number == below)
    if math.isnan(number) or not (low_ok and high_ok):
        raise invalid(name, value, expected, remedy)
    return number


def check_name(name: str, value: object, known: Collection[str], *, remedy: str = "") -> str:
    """Return ``value`` if it is one of the ``known`` names, or raise the ``ValueError`` that names the nearest one."""
    if isinstance(value, str) and value in known:
        return value
    if not remedy:
        from difflib import get_close_matches

        near = get_close_matches(value.lower(), known, 1, 0.5) if isinstance(value, str) else []
        remedy = f"did you mean {near[0]!r}?" if near else "give one of these names"
    raise invalid(name, value, f"one of {', '.join(repr(one) for one in known)}", remedy)
