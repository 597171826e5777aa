"""What goes into an enclosure of E[rank], and what comes out."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from unittest import mock

import flint
import numpy as np
import pytest
from flint import arb

from rankbound import bounds
from rankbound.bounds import cache, norm_conditioned, second_moment, self_query
from rankbound.bounds.occupancy import hit_probability
from rankbound.verdict import Rigour


def test_which_rung():
    assert bounds.expected_rank(1, 5).rigour is Rigour.EXACT
    assert bounds.expected_rank(512, 1).rigour is Rigour.EXACT
    assert bounds.expected_rank(2, 64).rigour is Rigour.EXACT
    assert bounds.expected_rank(3, 2).rigour is Rigour.ENCLOSED


def test_a_saturation_point_keeps_the_bound_that_did_not_use_the_barrier():
    point = bounds.saturation_point(512, 64)
    assert point.head_dim == 64
    assert point.expected_rank == bounds.expected_rank(512, 64)
    assert point.expected_rank.upper <= point.norm_conditioned
    assert point.norm_conditioned < bounds.barrier(512).lower  # at this width the barrier has no part in it
    assert point.expected_rank.lower >= 0.94 * point.expected_rank.upper


def test_the_same_question_has_the_same_answer_and_leaves_the_precision_alone():
    before = flint.ctx.prec
    first = bounds.expected_rank(512, 16)
    flint.ctx.prec = 300
    try:
        assert bounds.expected_rank(512, 16) == first
    finally:
        flint.ctx.prec = before
    assert flint.ctx.prec == before


def test_a_bound_that_could_not_be_computed_is_wide_not_wrong():
    """Nothing but unknown comes back from quadratures and sums: the barrier is left, and 2 - 2^(1-m)."""
    unknown = arb("nan")

    def lost(moments):
        everything = np.full_like(moments.win_high, np.nan)
        return replace(moments, win_low=np.zeros_like(everything), win_high=everything, key_high=everything)

    honest = norm_conditioned.binned_moments
    with (
        mock.patch.object(norm_conditioned, "binned_moments", lambda *sizes: lost(honest(*sizes))),
        mock.patch.object(second_moment, "binned_moments", lambda *sizes: lost(honest(*sizes))),
        mock.patch.object(self_query, "binned_moments", lambda *sizes: lost(honest(*sizes))),
        mock.patch.object(second_moment, "norm_moments", return_value=lost(honest(64, 4, 64))),
        mock.patch("rankbound.bounds.noise_stability.stability_excess", return_value=unknown),
        mock.patch("rankbound.bounds.top_two.stability_excess", return_value=unknown),
        cache.disabled(),
    ):
        assert bounds.enclose_norm_conditioned(64, 4).lower == 0
        assert bounds.enclose_norm_conditioned(64, 4).upper >= bounds.barrier(64).upper
        assert bounds.norm_conditioned_gap(64, 4) == math.inf
        enclosure = bounds.expected_rank(64, 4)
    assert math.nextafter(2.0, 0.0) <= enclosure.lower <= 2 - 2.0**-63
    assert enclosure.upper == bounds.barrier(64).upper


def test_certified_head_dim_is_certain_and_not_far_off():
    for n, share in ((3, 0.9), (64, 0.9), (512, 0.95), (512, 0.999), (10**9, 0.99)):
        threshold = share * bounds.barrier(n).upper
        head_dim = bounds.certified_head_dim(n, threshold)
        assert bounds.expected_rank(n, head_dim).lower > threshold
        assert head_dim & (head_dim - 1) == 0
        smaller = bounds.expected_rank(n, max(head_dim // 64, 1))
        assert smaller.upper < threshold or head_dim < 64 or smaller.width > 0.01 * smaller.upper


def test_certified_head_dim_gives_up_where_nothing_can_be_certain():
    assert bounds.certified_head_dim(512, bounds.barrier(512).upper) is None
    assert bounds.certified_head_dim(512, math.inf) is None
    assert bounds.certified_head_dim(512, math.nan) is None
    assert bounds.certified_head_dim(512, 0.99 * bounds.barrier(512).upper, most=64) is None
    assert bounds.certified_head_dim(512, 0.0) == 1


def test_hit_probability_at_its_ends():
    assert hit_probability(arb(1), 7) == 1
    assert hit_probability(arb(0), 7) == 0
    tiny = hit_probability(arb(2) ** -200, 10**18)
    assert abs(float(tiny * arb(2) ** 200 / 10**18) - 1) < 1e-15  # accurate relative to the result


@pytest.mark.parametrize(("n", "d", "m"), [(1, 5, 9), (7, 3, 1), (10**18, 64, 1)])
def test_one_key_or_one_query_is_known(n, d, m):
    enclosure = bounds.expected_rank(n, d, n_queries=m)
    assert enclosure.lower == enclosure.upper == 1
    assert enclosure.rigour is Rigour.EXACT


def test_the_upper_end_alone_is_the_same():
    for n, d, m in ((64, 4, 64), (512, 64, 100), (3, 1, 5), (2, 9, 4), (9, 9, 1)):
        assert bounds.upper_bound(n, d, n_queries=m) == bounds.expected_rank(n, d, n_queries=m).upper


def test_a_curve_is_its_points():
    curve = bounds.saturation_curve(64, [16, 4, 4, 64], n_queries=32)
    assert [p.head_dim for p in curve.points] == [4, 16, 64]
    assert [p.expected_rank for p in curve.points] == [bounds.expected_rank(64, d, n_queries=32) for d in (4, 16, 64)]
    assert (curve.n_keys, curve.n_queries, curve.barrier) == (64, 32, bounds.barrier(64, n_queries=32))
    for nothing in ([], 5, None):
        with pytest.raises(
            ValueError, match=r"^head_dims = .+: expected at least one head dimension; give for example"
        ):
            bounds.saturation_curve(64, nothing)


@pytest.mark.parametrize(("n", "fraction", "m"), [(512, 0.95, None), (64, 0.5, 20), (3, 0.97, None), (4096, 0.2, None)])
def test_head_dim_for_a_share_of_the_barrier(n, fraction, m):
    found = bounds.head_dim_for(n, fraction, n_queries=m)
    limit = bounds.barrier(n, n_queries=m)
    assert found.expected_rank == bounds.expected_rank(n, found.reaches, n_queries=m)
    assert found.expected_rank.lower >= fraction * limit.lower
    assert found.falls_short is None or found.falls_short < found.reaches
    if found.falls_short is not None:
        assert bounds.expected_rank(n, found.falls_short, n_queries=m).upper < fraction * limit.upper
        following = bounds.expected_rank(n, found.falls_short + 1, n_queries=m)
        assert following.upper >= fraction * limit.lower, "the next one is not certain to fall short"


def test_what_no_head_dim_is_certain_to_reach():
    with pytest.raises(
        ValueError, match=r"^fraction = 1\.0: expected a share of the barrier that a head_dim up to 1000000"
    ):
        bounds.head_dim_for(512, 1.0)
    for bad in (0, -0.1, 1.5, math.nan, True, "half", None):
        with pytest.raises(
            ValueError, match=r"^fraction = .+: expected a number in \(0, 1\]; give a share of the barrier$"
        ):
            bounds.head_dim_for(512, bad)


def test_a_tiny_share_is_reached_at_once():
    found = bounds.head_dim_for(512, 1e-9)
    assert (found.reaches, found.falls_short) == (1, None)


def test_a_share_reached_exactly_is_neither_rounded_up_nor_down():
    """At head_dim 1 the rank is known: a share a hair above or below it is told apart, whatever the last digit."""
    for n in (3, 5, 9):
        exact = (2 - Fraction(2, 2**n)) / bounds.exact_barrier(n)
        above, below = math.nextafter(float(exact), 1.0), math.nextafter(float(exact), 0.0)
        over = bounds.head_dim_for(n, math.nextafter(above, 1.0))
        assert over.reaches > 1
        assert bounds.head_dim_for(n, math.nextafter(math.nextafter(below, 0.0), 0.0)).reaches == 1
