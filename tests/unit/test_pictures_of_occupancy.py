"""Pictures of the law of the occupancy number: what they show is what was found, and the same bytes every time."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import matplotlib as mpl
import numpy as np
import pytest

import montecarlo
from rankbound import bounds
from rankbound.pictures.occupancy import Occupancy, RankSample, binomial_interval, occupancy_of
from rankbound.pictures.occupancy_picture import occupancy_figure, occupancy_picture
from rankbound.pictures.style import KINDS

MAGIC = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


@pytest.fixture(scope="module")
def occupancy() -> Occupancy:
    return occupancy_of(24, 24, [4, 16], replicates=2000, seed=5)


def lines(axes):
    """Return what each plotted line goes through."""
    return [(line.get_xdata(), line.get_ydata()) for line in axes.get_lines()]


def legend_of(holder) -> list[str]:
    return [text.get_text() for text in holder.get_texts()]


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_of_their_kind_and_the_same_every_time(kind, occupancy):
    first = occupancy_picture(occupancy, kind)
    with mpl.rc_context({"font.size": 30, "svg.hashsalt": "other", "lines.linewidth": 9}):
        assert occupancy_picture(occupancy, kind) == first
    assert first.startswith(MAGIC[kind])
    assert b"CreationDate" not in first
    assert b"<dc:date>" not in first


def test_another_kind_is_refused(occupancy):
    with pytest.raises(ValueError, match=r"^kind = 'jpg': expected one of 'svg', 'png', 'pdf'"):
        occupancy_picture(occupancy, "jpg")


@pytest.mark.parametrize(("n", "m"), [(3, 3), (3, 2), (2, 4)])
def test_probabilities_are_those_of_all_assignments(n, m):
    found = occupancy_of(n, m, [], replicates=10)
    ways = Counter(len(set(balls)) for balls in itertools.product(range(n), repeat=m))
    assert len(found.probabilities) == min(n, m) + 1
    for k, p in enumerate(found.probabilities):
        assert p.lower <= Fraction(ways[k], n**m) <= p.upper
        assert p.upper - p.lower < 1e-13
    mean = sum(Fraction(k * count, n**m) for k, count in ways.items())
    assert found.barrier.lower <= mean <= found.barrier.upper


def test_samples_are_those_of_the_simulator(occupancy):
    assert occupancy.wide.head_dim == math.inf
    assert [s.head_dim for s in occupancy.samples] == [4, 16]
    for sample in occupancy.samples:
        ranks = montecarlo.sample_ranks(24, sample.head_dim, 2000, rng=5).tolist()
        assert sample.counts == tuple(sorted(Counter(ranks).items()))
        assert sample.replicates == 2000
        assert sample.mean == np.mean(ranks)


def test_the_limit_agrees_with_the_law_and_a_finite_head_does_not(occupancy):
    # False alarms of the first: at most 1e-3, in the seed. The second: the barrier is 15.4, the mean at 4 about 9.
    assert all(b.agrees for b in occupancy.bins)
    assert not all(b.agrees for b in replace(occupancy, wide=occupancy.samples[0]).bins)
    means = [s.mean for s in occupancy.samples]
    assert means[0] < means[1] < occupancy.barrier.lower


def test_bins_are_read_off_the_law_alone(occupancy):
    edges = occupancy.edges
    size = [p.upper for p in occupancy.probabilities]
    inside = set(range(edges[0], edges[-1]))
    assert {k for k, p in enumerate(size) if p >= 1.001e-4 * max(size)} <= inside
    assert replace(occupancy, wide=RankSample(math.inf, ((1, 5),))).edges == edges
    for b in occupancy.bins:
        assert b.first == b.last
        assert b.probability == occupancy.probabilities[b.first]
        assert b.frequency == dict(occupancy.wide.counts).get(b.first, 0) / 2000
        share = 1e-3 / len(occupancy.bins)  # of the error: they hold together
        assert (b.lower, b.upper) == binomial_interval(round(2000 * b.frequency), 2000, share)
        assert b.lower <= b.frequency <= b.upper


def test_larger_bins_hold_what_their_ranks_hold():
    found = occupancy_of(1500, 1500, [], replicates=50)
    bins = found.bins
    assert len(bins) <= 60
    assert {b.last - b.first for b in bins} == {1}
    law = bounds.occupancy_law(1500)
    for b, following in itertools.pairwise(bins):
        assert following.first == b.last + 1
        both = [law.probability(k) for k in (b.first, b.last)]
        assert b.probability.lower <= sum(Fraction(p.lower) for p in both)
        assert sum(Fraction(p.upper) for p in both) <= b.probability.upper
    assert sum(b.probability.lower for b in bins) > 0.999


@pytest.mark.parametrize(("count", "trials"), [(0, 7), (1, 7), (3, 7), (7, 7), (2, 60)])
def test_the_interval_of_clopper_and_pearson_inverts_binomial_tails(count, trials):
    lower, upper = binomial_interval(count, trials, 0.02)

    def mass(p, ks):
        return sum(math.comb(trials, k) * Fraction(p) ** k * (1 - Fraction(p)) ** (trials - k) for k in ks)

    if count:
        assert float(mass(lower, range(count, trials + 1))) == pytest.approx(0.01, rel=1e-10)
    if count < trials:
        assert float(mass(upper, range(count + 1))) == pytest.approx(0.01, rel=1e-10)
    assert (lower == 0.0) is (count == 0)
    assert (upper == 1.0) is (count == trials)


def test_occupancy_is_drawn_as_it_was_found(occupancy):
    figure = occupancy_figure(occupancy)
    above, close = figure.axes
    law = [(p.lower + p.upper) / 2 for p in occupancy.probabilities]
    first, end = occupancy.edges[0], occupancy.edges[-1]
    for axes in (above, close):
        values, edges, _ = axes.patches[0].get_data()
        assert list(values) == law[first:end]
        assert list(edges) == [k - 0.5 for k in range(first, end + 1)]
        barrier = (occupancy.barrier.lower + occupancy.barrier.upper) / 2
        assert any(list(x) == [barrier, barrier] for x, _ in lines(axes))
    for patch, sample in zip(above.patches[1:], occupancy.samples, strict=True):
        values, edges, _ = patch.get_data()
        shown = {round(edge + 0.5): value for edge, value in zip(edges, values, strict=False) if value}
        assert shown == {rank: count / 2000 for rank, count in sample.counts}
    (bars,) = close.containers
    points, _, (intervals,) = bars.lines
    assert list(points.get_ydata()) == [b.frequency for b in occupancy.bins]
    for segment, b in zip(intervals.get_segments(), occupancy.bins, strict=True):
        assert segment[:, 0].tolist() == [b.first, b.first]
        assert segment[:, 1].tolist() == pytest.approx([b.lower, b.upper], abs=1e-15)
    assert legend_of(figure.legends[0]) == [
        "law of the occupancy number, certified",
        "drawn in the limit of wide heads",
        "head dimension 4",
        "head dimension 16",
    ]
    assert any("99.9%" in text.get_text() for text in close.texts)
    assert any(text.get_text() == "barrier $b(n) = 15.36$" for text in above.texts)


def test_heights_are_for_a_rank_each_where_bins_hold_more():
    found = occupancy_of(1500, 1500, [2], replicates=50)
    above, close = occupancy_figure(found).axes
    for axes in (above, close):
        for patch in axes.patches:
            values, edges, _ = patch.get_data()
            assert sum(values) * (edges[1] - edges[0]) == pytest.approx(1, abs=1e-3)
            assert set(np.diff(edges)) == {2.0}


@pytest.mark.parametrize("sizes", [(1, 1), (1, 5), (5, 1), (8, 64)])
def test_edges_of_the_sizes_are_drawn_too(sizes):
    found = occupancy_of(*sizes, [1], replicates=5)
    assert occupancy_picture(found, "svg").startswith(MAGIC["svg"])


def test_without_finite_heads_there_is_one_panel():
    figure = occupancy_figure(occupancy_of(6, 6, [], replicates=20))
    (axes,) = figure.axes
    assert any(text.get_text().startswith("barrier") for text in axes.texts)
    assert len(legend_of(figure.legends[0])) == 2


def test_what_is_too_large_to_draw_is_named():
    found = occupancy_of(4096, 2, [1, 3], replicates=10, progress=lambda done, doing: None)
    assert found.skipped == {}
    found = occupancy_of(100_000, 1000, [4000], replicates=2)
    assert found.samples == ()
    assert set(found.skipped) == {4000}


@pytest.mark.parametrize(
    ("args", "options", "said"),
    [
        ((0, 3, [1]), {}, "n_keys = 0"),
        ((3, 0, [1]), {}, "n_queries = 0"),
        ((3, 100_001, [1]), {}, "n_queries = 100001: expected at most 100000"),
        ((3, 3, [0]), {}, "head_dim = 0"),
        ((3, 3, [math.inf]), {}, "head_dim = inf"),
        ((3, 3, [1]), {"replicates": 0}, "replicates = 0"),
        ((3, 3, [1]), {"error": 1.0}, "error = 1.0"),
        ((3, 3, [1]), {"seed": -1}, "-1"),
    ],
)
def test_bad_input_is_one_line(args, options, said):
    with pytest.raises(ValueError, match="expected") as caught:
        occupancy_of(*args, **{"replicates": 5} | options)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
