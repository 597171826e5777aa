"""Why accepted mutants are true where no reason was found automatically, in words; every entry must be needed."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class ByHand:
    """A reason for the mutants of a step that a pattern describes.

    Attributes
    ----------
    theorem, step : str
        Where; ``step`` may be a pattern.
    kind : str
        The kind of the mutants.
    what : str
        A pattern for the description of the change.
    why : str
        Why they are true.
    """

    theorem: str
    step: str
    kind: str
    what: str
    why: str

    def fits(self, verdict: Any) -> bool:
        """Whether the entry is about this mutant."""
        return (
            self.theorem == verdict.theorem
            and self.kind == verdict.kind
            and fnmatchcase(verdict.step, self.step)
            and fnmatchcase(verdict.what, self.what)
        )


TABLE: tuple[ByHand, ...] = (
    ByHand(
        "barrier-constants",
        "upper in x",
        "relation",
        "right side 1% tighter",
        "x + log(1 - x) is negative, so 0.99 of it is larger than it",
    ),
    ByHand(
        "log-n-exponent-expansion",
        "gap at least",
        "relation",
        "<= to <",
        "s + (s + 2) exp(-s) - 2 increases strictly from 0 at s = 0",
    ),
    ByHand(
        "barrier-series",
        "upper in x",
        "relation",
        "right side 1% tighter",
        "x + log(1 - x) is negative, so 0.99 of it is larger than it",
    ),
    ByHand(
        "occupancy-moments",
        "both empty",
        "type",
        "? is only integer",
        "a negative number is no key: its deltas are 0, and rows are independent all the same",
    ),
    ByHand(
        "occupancy-moments",
        "count maps",
        "type",
        "n is only integer nonnegative",
        "n = 0 is excluded by 1 <= k <= n",
    ),
    ByHand(
        "occupancy-moments",
        "one key fewer",
        "type",
        "k is only integer",
        "(n - k)! = (n - k) (n - k - 1)! for every whole k below n",
    ),
    ByHand(
        "occupancy-from-below",
        "power",
        "type",
        "m is only positive",
        "1 - p <= exp(-p), and both are at least 0: also to the power of a real m > 0",
    ),
    ByHand(
        "alignment-integral",
        "x = r u",
        "type",
        "? is only *",
        "a substitution holds for every integrand, and this one is continuous for real n >= 0 and d >= 3",
    ),
    ByHand(
        "alignment-integral",
        "n in front",
        "type",
        "? is only *",
        "a constant factor of an integrand that is continuous for real n >= 0 and d >= 3",
    ),
    ByHand(
        "chance-grows-with-length",
        "rise by ends",
        "condition",
        "in 1/2 <= p: left side times 99/100",
        "the antiderivative is one from 0 to 1",
    ),
    ByHand(
        "chance-grows-with-length",
        "rise by ends",
        "type",
        "n is only positive",
        "the antiderivative is one for real n >= 2",
    ),
    ByHand(
        "chance-grows-with-length",
        "u to -u",
        "type",
        "? is only *",
        "a substitution holds for every integrand, and this one is continuous for real n >= 0 and d >= 3",
    ),
    ByHand(
        "chance-grows-with-length",
        "both sides",
        "type",
        "? is only *",
        "sums of integrands that are continuous for real n >= 0 and d >= 3",
    ),
    ByHand(
        "chernoff-rate",
        "quadratic",
        "relation",
        "right side 1% tighter",
        "the left side is at most (v - 1)^2 / 2 for v >= 1",
    ),
    ByHand(
        "chi-square-window",
        "exponent",
        "type",
        "s is only real",
        "(v - k) (1 - s) >= -h z whatever the sign of 1 - s, as both factors are bounded in size",
    ),
    ByHand(
        "chi-square-window",
        "below the *",
        "type",
        "? is only *",
        "the indicator increases with its bound",
    ),
    ByHand(
        "cosine-tail",
        "part across",
        "type",
        "q is only nonnegative",
        "at q = 0 it is 1/2 <= P(ChiSquare(d - 1) < r (1 + eta)), by Chebyshev's inequality",
    ),
    ByHand(
        "cosine-tail",
        "by these parts",
        "type",
        "eta is only nonnegative",
        "the two events are independent and imply the third at eta = 0 too",
    ),
    ByHand(
        "gaussian-maximum",
        "scores independent",
        "type",
        "b is only *",
        "scores along a direction are independent, so their indicators are, for every real b",
    ),
    ByHand(
        "gaussian-maximum",
        "exp of n tails",
        "type",
        "n is only positive",
        "1 - Q <= exp(-Q), also to the power of a real n > 0",
    ),
    ByHand(
        "balance-equation",
        "logarithms",
        "type",
        "s is only real",
        "it is the condition, rearranged",
    ),
    ByHand(
        "log-n-exponent",
        "winner events",
        "type",
        "b is only nonnegative",
        "at b = 0 a maximum that is not negative leaves ChiSquare(d - 1) < x",
    ),
    ByHand(
        "log-n-exponent",
        "limsup at balanced levels",
        "condition",
        "*: = to >=",
        "the other term has then the smaller exponent",
    ),
    ByHand(
        "log-n-exponent-attained",
        "long at n",
        "condition",
        "*1 <= c?q?(eta + 1)?log(n)*",
        "not needed here: the steps at n share their conditions",
    ),
    ByHand(
        "log-n-exponent-attained",
        "* at n",
        "condition",
        "*1 <= eta?log(n)*",
        "not needed here: the steps at n share their conditions",
    ),
    ByHand(
        "log-n-exponent-attained",
        "* at n",
        "type",
        "n is only positive",
        "nothing in it needs a whole n",
    ),
    ByHand(
        "log-n-exponent-attained",
        "at most one query",
        "condition",
        "*",
        "the exponent is at most 0 and c q (1 + eta) log(n) at least 1; the other conditions are not needed",
    ),
    ByHand(
        "log-n-exponent-expansion",
        "gap at most",
        "relation",
        "<= to <",
        "the third derivative of the difference is positive for s > 0",
    ),
    ByHand(
        "log-n-necessary",
        "long",
        "condition",
        "in d <= L?c: left side -1",
        "the factor (z/c)^(1/2) on the right is that of one degree of freedom more",
    ),
    ByHand(
        "log-n-necessary",
        "winner events",
        "term",
        "ChiSquare(d - 1) dropped *",
        "a number between -b and b is below b",
    ),
    ByHand(
        "log-n-necessary",
        "winner events",
        "type",
        "b is only nonnegative",
        "at b = 0 the left side is 0",
    ),
    ByHand(
        "log-n-necessary",
        "bound vanishes",
        "factor",
        "c dropped *",
        "the exponents of n are c/4 - 1/2, negative for c < 2, and a negative one",
    ),
    ByHand(
        "one-dimensional-rank",
        "least",
        "factor",
        "2[*][*](1 - m) dropped *",
        "2^(1-m) is at most 1, so the bound that is left, 1, is smaller",
    ),
    ByHand(
        "one-dimensional-rank",
        "column is extreme",
        "range",
        "end of *",
        "the queries are a sequence without end: one query more picks one of the same two keys",
    ),
    ByHand(
        "attainable-rank",
        "column is a vertex",
        "range",
        "end of *",
        "the queries are a sequence without end: one query more picks a vertex too",
    ),
    ByHand(
        "planar-rank",
        "antiderivative",
        "type",
        "m is only positive",
        "the exponent may be any real number there: only its size matters to the derivative",
    ),
    ByHand(
        "gaussian-facets",
        "*",
        "type",
        "n is only positive",
        "the exponent n - d may be any number from 0 on in an integral",
    ),
    ByHand(
        "gaussian-facets",
        "*",
        "type",
        "d is only positive",
        "d may be any positive number in an integral",
    ),
    ByHand(
        "window-limit",
        "missed * below *",
        "condition",
        "*64?lambda <= d*",
        "the layer cake asks only that the logarithm of the tilt is defined, which the other condition says",
    ),
    ByHand(
        "log-n-necessary",
        "statement",
        "relation",
        "right side 1% tighter",
        "it holds for every delta, so also for 0.99 of it",
    ),
)


def by_hand(verdict: Any) -> str:
    """Return the reason in words for an accepted mutant, or nothing."""
    return next((entry.why for entry in TABLE if entry.fits(verdict)), "")
