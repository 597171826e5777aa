"""Faults of the certified numbers, as the judge gets them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from unittest import mock

from faults.record import Planting
from rankbound import bounds
from rankbound.enclosure import Enclosure


@contextmanager
def certified(change: Callable[..., object]) -> Iterator[None]:
    """Have the run use ``change(honest, n_keys, head_dim)`` in place of ``honest(n_keys, head_dim)``.

    Faults are planted in runs with as many queries as keys, whose number may go unheard.
    """
    honest = bounds.saturation_point
    with mock.patch.object(bounds, "saturation_point", lambda n, d, n_queries=None: change(honest, n, d)):
        yield


def _moved(lower: Callable[[Enclosure], float], upper: Callable[[Enclosure], float]) -> Planting:
    def change(honest, n, d):
        point = honest(n, d)
        known = point.expected_rank
        return dataclasses.replace(
            point, expected_rank=Enclosure(lower(known), upper(known), known.rigour, known.method)
        )

    return partial(certified, change)


def _narrow(known: Enclosure) -> float:
    return known.width if known.width < 0.01 * known.lower else 0.0


def _tighter(honest, n, d):
    point = honest(n, d)
    return dataclasses.replace(point, norm_conditioned=0.99 * point.norm_conditioned)


def _of_bounds(name: str, change: Callable[..., object]) -> Planting:
    """Have the judge use ``change(honest, n)`` in place of the function of this name."""
    honest = getattr(bounds, name)

    def changed(n, n_queries=None, **options):
        return change(honest, n, **options)

    return lambda: mock.patch.object(bounds, name, changed)


@contextmanager
def _one_query_fewer() -> Iterator[None]:
    point, rank = bounds.saturation_point, bounds.expected_rank
    with (
        mock.patch.object(bounds, "saturation_point", lambda n, d, **_: point(n, d, n_queries=max(1, n - 1))),
        mock.patch.object(bounds, "expected_rank", lambda n, d, **_: rank(n, d, n_queries=max(1, n - 1))),
    ):
        yield


def _wrong_e(honest, n, *, constant=0):
    value = (1.0 - 1.0 / 2.7) * n + float(constant) / 2.7
    return Enclosure(value, value, honest(n).rigour, "e = 2.7")


ENCLOSURE = {
    "intervals-too-high": (
        "every interval is moved up by its width",
        _moved(lambda e: e.upper, lambda e: 2 * e.upper - e.lower),
    ),
    "intervals-too-low": (
        "every interval is moved down by its width",
        _moved(lambda e: 2 * e.lower - e.upper, lambda e: e.lower),
    ),
    "narrow-intervals-too-high": (
        "intervals less than 1% wide are moved up by their width",
        _moved(lambda e: e.lower + _narrow(e), lambda e: e.upper + _narrow(e)),
    ),
    "narrow-intervals-too-low": (
        "intervals less than 1% wide are moved down by their width",
        _moved(lambda e: e.lower - _narrow(e), lambda e: e.upper - _narrow(e)),
    ),
    "lower-end-too-high": (
        "the lower end is 1% too high, up to the upper end",
        _moved(lambda e: min(1.01 * e.lower, e.upper), lambda e: e.upper),
    ),
    "lower-end-beyond-the-upper": (
        "the lower end is 1% too high",
        _moved(lambda e: 1.01 * e.lower, lambda e: e.upper),
    ),
    "upper-bound-too-small": ("U(n, head_dim) is 1% too small", partial(certified, _tighter)),
    "next-head-dim": (
        "the interval is that of head_dim + 1",
        partial(certified, lambda honest, n, d: honest(n, d + 1)),
    ),
    "certified-query-lost": ("the interval is that of n - 1 queries", _one_query_fewer),
    "barrier-of-more-cells": (
        "b(n) is computed with n + 1 cells",
        _of_bounds("barrier", lambda honest, n: honest(n + 1, n_queries=n)),
    ),
    "barrier-of-fewer-cells": (
        "b(n) is computed with n - 1 cells",
        _of_bounds("barrier", lambda honest, n: honest(n - 1, n_queries=n)),
    ),
    "barrier-exponent": (
        "b(n) has the exponent n + 1",
        _of_bounds("barrier", lambda honest, n: honest(n, n_queries=n + 1)),
    ),
    "barrier-too-high": (
        "b(n) is 0.1 too high",
        _of_bounds(
            "barrier",
            lambda honest, n: dataclasses.replace(honest(n), lower=honest(n).lower + 0.1, upper=honest(n).upper + 0.1),
        ),
    ),
    "wrong-e": ("e = 2.7 in (1-1/e)n", _of_bounds("limiting_line", _wrong_e)),
}
