"""What goes into an enclosure of E[rank], and what comes out."""

from __future__ import annotations

import math
from unittest import mock

import flint
import pytest
from flint import arb

from rankbound import bounds
from rankbound.bounds import norm_conditioned
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
    """Every quadrature and every chi-square probability comes back unknown: the barrier is left, and 2 - 2^(1-m)."""
    unknown = arb("nan")
    with (
        mock.patch.object(norm_conditioned, "winner_norm_cdf", return_value=unknown),
        mock.patch.object(norm_conditioned, "_chi2_above", return_value=unknown),
        mock.patch("rankbound.bounds.noise_stability.stability_excess", return_value=unknown),
        mock.patch("rankbound.bounds.top_two.stability_excess", return_value=unknown),
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


@pytest.mark.parametrize(("width", "most_bins"), [(1.0, 24), (1e-1, 24), (0.0, 30), (1e-3, 40)])
def test_few_bins_make_a_bound_looser_never_wrong(width, most_bins):
    u = 192.23814  # U(512, 16), ten digits
    enclosure = bounds.enclose_norm_conditioned(512, 16, width=width, most_bins=most_bins)
    assert enclosure.lower <= u * (1 + 1e-7)
    assert u * (1 - 1e-7) <= enclosure.upper <= 1.05 * u
    assert enclosure.lower >= 0.8 * u


def test_hardly_any_bins_leave_a_true_statement():
    enclosure = bounds.enclose_norm_conditioned(512, 16, most_bins=1)
    assert 0 <= enclosure.lower <= 192.23814
    assert 192.23813 <= enclosure.upper <= bounds.barrier(512).upper * (1 + 1e-12)
