"""Sums of logarithms of fractions, exactly, and the ranks of matrices of such sums.

Logarithms of primes do not depend on each other over the fractions, so that a sum is known by its exponents. A matrix
whose entries are multiples of one number has the rank of the matrix of these multiples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, prod
from typing import Any

import flint
import sympy as sp

from proofs.cases.evaluation import Env, Heads, UnsupportedError, whole
from proofs.language import FixedNumber, MatrixRank


@dataclass(frozen=True)
class Logs:
    """A sum of multiples of logarithms of primes, by prime; multiples of 0 are left out."""

    multiples: tuple[tuple[int, Fraction], ...]

    def __add__(self, other: Logs) -> Logs:
        """Add two sums."""
        found = dict(self.multiples)
        for prime, multiple in other.multiples:
            found[prime] = found.get(prime, Fraction(0)) + multiple
        return Logs(tuple(sorted((prime, multiple) for prime, multiple in found.items() if multiple)))

    def times(self, factor: Fraction) -> Logs:
        """Multiply by a fraction."""
        return Logs(tuple((prime, multiple * factor) for prime, multiple in self.multiples if factor))

    @classmethod
    def of(cls, value: Fraction) -> Logs:
        """Return the logarithm of a positive fraction."""
        if value <= 0:
            raise UnsupportedError(f"log({value})")
        powers = [*sp.factorint(value.numerator).items()]
        powers += [(prime, -power) for prime, power in sp.factorint(value.denominator).items()]
        return cls(tuple(sorted((int(prime), Fraction(power)) for prime, power in powers)))


def exactly(expr: Any, env: Env, heads: Heads) -> Any:
    """Return the value of an expression as a fraction, or as a sum of logarithms.

    Raises
    ------
    UnsupportedError
        If it is neither, or was not seen to be.
    """
    if expr.is_Rational:
        return Fraction(int(expr.p), int(expr.q))
    if expr.is_Symbol:
        return env[expr]
    if isinstance(expr, MatrixRank):
        return Fraction(rank(expr, env, heads))
    if isinstance(expr, FixedNumber):
        return heads(expr, env)
    if isinstance(expr, sp.Sum) and len(expr.limits) == 1:
        index, low, high = expr.limits[0]
        ends = (whole(exactly(end, env, heads)) for end in (low, high))
        first, last = ends
        return _total([exactly(expr.function, {**env, index: Fraction(at)}, heads) for at in range(first, last + 1)])
    parts = [exactly(arg, env, heads) for arg in expr.args]
    if isinstance(expr, sp.KroneckerDelta):
        return Fraction(int(parts[0] == parts[1]))
    if expr.is_Add:
        return _total(parts)
    if expr.is_Mul:
        return _times(parts)
    if isinstance(expr, sp.log):
        return Logs.of(parts[0])
    if isinstance(expr, sp.exp):
        return _exponential(parts[0])
    if expr.is_Pow and not any(isinstance(part, Logs) for part in parts):
        return _power(*parts)
    raise UnsupportedError(f"{expr} is no sum of logarithms here")


def _total(parts: Sequence[Any]) -> Any:
    logs = [part for part in parts if isinstance(part, Logs)]
    number = sum((part for part in parts if not isinstance(part, Logs)), start=Fraction(0))
    if logs and number:
        raise UnsupportedError("a sum of a logarithm and a fraction")
    return sum(logs, start=Logs(())) if logs else number


def _times(parts: Sequence[Any]) -> Any:
    logs = [part for part in parts if isinstance(part, Logs)]
    number = prod((part for part in parts if not isinstance(part, Logs)), start=Fraction(1))
    if len(logs) > 1:
        raise UnsupportedError("a product of logarithms")
    return logs[0].times(number) if logs else number


def _exponential(value: Any) -> Fraction:
    if value == 0:
        return Fraction(1)
    if not isinstance(value, Logs) or any(multiple.denominator != 1 for _, multiple in value.multiples):
        raise UnsupportedError(f"exp of {value}")
    return prod((Fraction(prime) ** int(multiple) for prime, multiple in value.multiples), start=Fraction(1))


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return Fraction(base) ** int(exponent)
    if exponent.denominator == 2 and base >= 0:
        roots = isqrt(base.numerator), isqrt(base.denominator)
        if roots[0] ** 2 == base.numerator and roots[1] ** 2 == base.denominator:
            return Fraction(*roots) ** exponent.numerator
    raise UnsupportedError(f"{base} to the power {exponent}")


def rank(expr: MatrixRank, env: Env, heads: Heads) -> int:
    """Return the rank of a matrix of fractions, or of multiples of one logarithm, by elimination."""
    entry, row, column, *sizes = expr.args
    rows, columns = (whole(exactly(size, env, heads)) for size in sizes)
    found = [
        [exactly(entry, {**env, row: Fraction(at), column: Fraction(to)}, heads) for to in range(columns)]
        for at in range(rows)
    ]
    primes = {prime for line in found for value in line if isinstance(value, Logs) for prime, _ in value.multiples}
    plain = any(not isinstance(value, Logs) and value for line in found for value in line)
    if len(primes) + plain > 1:
        raise UnsupportedError(f"{expr} has entries of more than one kind")
    return rank_of([[_multiple(value) for value in line] for line in found])


def _multiple(value: Any) -> Fraction:
    if not isinstance(value, Logs):
        return Fraction(value)
    return value.multiples[0][1] if value.multiples else Fraction(0)


def rank_of(rows: Sequence[Sequence[Fraction]]) -> int:
    """Return the rank of a matrix of fractions."""
    entries = [flint.fmpq(value.numerator, value.denominator) for line in rows for value in line]
    return int(flint.fmpq_mat(len(rows), len(rows[0]), entries).rank())
