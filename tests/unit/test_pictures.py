"""Pictures of the saturation curve: what they show is what was found, and the same bytes every time."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace
from types import MappingProxyType

import matplotlib as mpl
import pytest

import montecarlo
from rankbound import bounds
from rankbound.claims.record import Claim, Source
from rankbound.pictures.curve import Curve, curve_of, curve_of_report, denser
from rankbound.pictures.saturation import saturation_figure, saturation_picture
from rankbound.pictures.style import KINDS
from rankbound.setting import Setting
from rankbound.verdict import Verdict
from rankbound.verify.judge import judge

# A run needs one; this has no derivation that would be checked.
NO_CLAIM = Claim(
    id="none", statement="none", source=Source("nobody", "none", "nowhere"), assumptions=(), expected=Verdict.CONSISTENT
)
MAGIC = {"svg": b"<?xml", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}


@pytest.fixture(scope="module")
def curve() -> Curve:
    return curve_of(32, 32, [4, 1, 16, 64], replicates=30, simulated=[4, 16], seed=5)


@pytest.fixture(scope="module")
def report():
    return judge(16, [1, 2, 16], replicates=20, claims=[NO_CLAIM])


@pytest.fixture(scope="module")
def masked():
    setting = Setting(n_queries=16, n_keys=16, head_dim=4, mask="causal")
    return judge(setting, [2, 8], replicates=20, claims=[NO_CLAIM])


def lines(axes):
    """Return what each plotted line goes through."""
    return [(line.get_xdata(), line.get_ydata()) for line in axes.get_lines()]


def legend_of(holder) -> list[str]:
    return [text.get_text() for text in holder.get_texts()]


@pytest.mark.parametrize("kind", KINDS)
def test_files_are_of_their_kind_and_the_same_every_time(kind, curve):
    first = saturation_picture(curve, kind)
    with mpl.rc_context({"font.size": 30, "svg.hashsalt": "other", "lines.linewidth": 9}):
        assert saturation_picture(curve, kind) == first
    assert first.startswith(MAGIC[kind])
    assert b"CreationDate" not in first
    assert b"<dc:date>" not in first


def test_the_reader_s_preferences_are_left_alone(curve):
    with mpl.rc_context({"font.size": 30}):
        saturation_picture(curve, "svg")
        assert mpl.rcParams["font.size"] == 30


def test_another_kind_is_refused(curve):
    with pytest.raises(ValueError, match=r"^kind = 'jpg': expected one of 'svg', 'png', 'pdf'"):
        saturation_picture(curve, "jpg")


def test_what_is_found_needs_no_matplotlib():
    code = "import sys, rankbound.cli, rankbound.pictures.curve, rankbound.pictures.occupancy\n"
    code += "print([name for name in ('matplotlib', 'scipy', 'montecarlo', 'flint') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_curve_is_what_the_library_says(curve):
    assert curve.head_dims == (1, 4, 16, 64)
    assert [p.expected_rank for p in curve.points] == [bounds.expected_rank(32, d) for d in curve.head_dims]
    assert curve.barrier == bounds.barrier(32)
    assert curve.skipped == {}
    assert curve.estimates == {
        d: montecarlo.estimate_rank(32, d, replicates=30, rng=5, error=1e-3 / 2) for d in (4, 16)
    }


def test_a_curve_is_simulated_everywhere_or_nowhere_unless_told():
    assert curve_of(8, 5, [3]).estimates == {}
    assert set(curve_of(8, 5, [3, 2], replicates=3).estimates) == {2, 3}
    found = curve_of(4096, 4096, [1], replicates=10**9, simulated=[3])
    assert found.estimates == {}
    assert found.skipped[3].startswith("1000000000 replicates would take more than")
    assert found.head_dims == (1,)


def test_a_curve_is_drawn_as_it_was_found(curve):
    above, below = saturation_figure(curve).axes
    n, points = 32, curve.points
    low, high = ([getattr(p.expected_rank, end) / n for p in points] for end in ("lower", "upper"))
    drawn = lines(above)
    assert any(list(x) == [1, 4, 16, 64] and list(y) == low for x, y in drawn)
    assert any(list(x) == [1, 4, 16, 64] and list(y) == high for x, y in drawn)
    assert any(list(y) == [curve.barrier.upper / n] * 2 for _, y in drawn)
    (bars,) = above.containers
    means, _, (intervals,) = bars.lines
    assert list(means.get_ydata()) == [curve.estimates[d].mean / n for d in (4, 16)]
    for segment, d in zip(intervals.get_segments(), (4, 16), strict=True):
        ends = [curve.estimates[d].lower / n, curve.estimates[d].upper / n]
        assert segment[:, 0].tolist() == [d, d]
        assert segment[:, 1].tolist() == pytest.approx(ends, rel=1e-14)
    widths = [(p.head_dim, p.expected_rank.width / p.expected_rank.lower) for p in points[1:]]
    assert any(list(zip(x, y, strict=True)) == widths for x, y in lines(below))
    places = {float(x[0]) for x, _ in drawn if len(x) == 2 and x[0] == x[1]}
    assert {math.log(32), math.log(32) ** 2} <= places
    assert {text.get_text() for text in above.texts} >= {r"$\log\, n$", r"$\log^2 n$"}


def test_a_report_s_curve_has_its_numbers(report):
    found = curve_of_report(report)
    assert found is not None
    assert found.points == tuple(report.findings.certified[d] for d in (1, 2, 16))
    assert found.estimates == dict(report.findings.estimates)
    assert found.barrier == report.findings.barrier
    assert found.is_ideal
    assert not found.is_numerical


def test_a_smooth_curve_adds_certified_points_only():
    report = judge(2, [1, 4, 16], replicates=20, claims=[NO_CLAIM])
    few, many = curve_of_report(report), curve_of_report(report, smooth=True)
    assert [p.head_dim for p in many.points] == list(denser(2, (1, 4, 16)))
    assert set(few.points) < set(many.points)
    assert many.estimates == few.estimates


def test_without_enclosures_the_experiment_is_drawn_alone(masked):
    found = curve_of_report(masked, smooth=True)
    assert found is not None
    assert found.points == ()
    assert set(found.estimates) == {2, 8}
    assert not found.is_ideal
    (axes,) = saturation_figure(found).axes
    assert legend_of(axes.get_legend()) == ["experiment, with its interval"]
    assert any(text.get_text().startswith("ideal attention: barrier") for text in axes.texts)
    assert axes.get_ylabel().startswith("$E$[rank]")
    assert saturation_picture(found, "svg").startswith(MAGIC["svg"])


def test_at_a_temperature_the_ranks_are_numerical():
    setting = Setting(n_queries=8, n_keys=8, head_dim=4, temperature=0.1, tolerance=1e-6)
    found = curve_of_report(judge(setting, [4, 8], replicates=16, claims=[NO_CLAIM]))
    assert found is not None
    assert found.is_numerical
    (axes,) = saturation_figure(found).axes
    assert axes.get_ylabel().startswith("$E$[numerical rank]")


def test_a_report_without_numbers_has_no_curve(report):
    nothing = MappingProxyType({})
    empty = replace(report, findings=replace(report.findings, certified=nothing, estimates=nothing))
    assert curve_of_report(empty) is None


def test_an_interrupted_report_has_the_curve_of_what_was_found(report):
    part = {2: report.findings.estimates[2]}
    found = curve_of_report(replace(report, findings=replace(report.findings, estimates=part)))
    assert set(found.estimates) == {2}
    saturation_figure(found)


def test_bad_curves_are_refused(curve):
    with pytest.raises(ValueError, match=r"^head_dims = \[\]: expected at least one head dimension"):
        curve_of(8, 8, [])
    with pytest.raises(ValueError, match=r"^replicates = -1"):
        curve_of(8, 8, [2], replicates=-1)
    with pytest.raises(ValueError, match="expected a certified point or an estimate"):
        saturation_picture(replace(curve, points=(), estimates={}), "svg")
