"""The judge on attention as people build it: which assumption breaks, what still holds, and what the ranks are."""

from __future__ import annotations

import json
from importlib import resources

import jsonschema
import numpy as np
import pytest
from scipy import linalg

from rankbound import MLA, Inputs, Setting, judge, preset
from rankbound.claims import REGISTRY, about
from rankbound.claims.assumptions import GAUSSIAN_HEADS, ORTHONORMAL
from rankbound.verdict import Outcome, Verdict, Witness
from rankbound.verify.calculus import ExitCode
from rankbound.verify.render import to_markdown, to_terminal

SCHEMA = json.loads(resources.files("rankbound.verify").joinpath("report.schema.json").read_text(encoding="utf-8"))
N = 32


def square(n=N, head_dim=8, **fields):
    return Setting(n_queries=n, n_keys=n, head_dim=head_dim, **fields)


LATENT = MLA(q_lora_rank=24, kv_lora_rank=16, nope_head_dim=8, norm=False)
EYE = np.eye(N)

MET = {  # nothing of the ideal setting is broken: its claims hold
    "more queries": Setting(n_queries=4 * N, n_keys=N, head_dim=8),
    "fewer queries": Setting(n_queries=N // 4, n_keys=N, head_dim=8),
    "grouped queries": square(n_heads=4, n_kv_heads=2),
    "RoPE": square(rope_base=10_000.0),
    "axes as tokens": square(inputs=-EYE[::-1]),
    "a mask that hides nothing": square(mask=np.ones((N, N), bool)),
    "all tokens distinct": square(inputs=Inputs(law="duplicated", distinct=N)),
}
BROKEN = {  # the words that name what breaks which assumption of the barrier
    "the mask is causal": square(mask="causal"),
    "the mask is a window of 8 keys": square(mask="window", window=8),
    "a mask hides keys from queries": square(mask=np.tri(N, dtype=bool)),
    "the tokens have iid Gaussian entries": square(inputs="gaussian"),
    "only 16 of the 32 tokens are distinct": square(inputs="duplicated"),
    "the tokens lie around 8 centres": square(inputs="clustered"),
    "the tokens are rows of an embedding, which may repeat": square(inputs="zipf"),
    "the tokens are pairs x, -x": square(inputs="antipodal"),
    "the tokens are the vertices of a simplex, which sum to 0": square(inputs="simplex"),
    "the tokens span at most 4 dimensions": square(inputs="low-rank"),
    "neighbouring tokens are correlated": square(inputs="ar1"),
    "the tokens of the array are not exactly orthonormal": square(inputs=EYE + 1e-9),
    "the entries of the weights are uniform": square(weights="uniform"),
    "the weights have orthonormal columns": square(weights="orthogonal"),
    "the weights are tied, W_q = W_k": square(weights="tied"),
    "queries and keys are made of latents (MLA)": square(mla=LATENT),
    "softmax at temperature 0.5": square(temperature=0.5, tolerance=1e-3),
}


def verdicts(report):
    return {j.claim.id: j.verdict for j in report.judgements}


@pytest.mark.parametrize("name", MET)
def test_where_nothing_is_broken_the_barrier_is_proved_and_enclosures_hold(name):
    report = judge(MET[name], claims=["barrier", "expected-rank-enclosure", "occupancy-dominance"], replicates=300)
    assert verdicts(report) == {
        "barrier": Verdict.PROVED,
        "occupancy-dominance": Verdict.PROVED,
        "expected-rank-enclosure": Verdict.CERTIFIED,
    }
    assert report.exit_code == ExitCode.AS_EXPECTED
    estimate = report.findings.estimates[8]
    known = report.findings.certified[8].expected_rank
    assert estimate.lower <= known.upper
    assert known.lower <= estimate.upper
    assert estimate.upper - estimate.lower < min(report.settings.n_keys, report.settings.n_queries) / 2


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_an_assumption_is_named_and_the_ranks_are_drawn(name):
    report = judge(BROKEN[name], claims=["barrier", "barrier-constants"], replicates=30)
    barrier = report.judgements[0]
    assert barrier.verdict is Verdict.VACUOUS
    assert [one for one in barrier.broken if one.endswith(f", but {name}")] == list(barrier.broken)
    assert verdicts(report)["barrier-constants"] is Verdict.PROVED
    assert report.exit_code == ExitCode.AS_EXPECTED
    assert report.findings.estimates[8].replicates == 30
    assert not report.findings.certified
    said = {e.witness: e for e in barrier.evidence}
    assert said[Witness.EXPERIMENT].outcome is Outcome.ILLUSTRATES
    assert said[Witness.DERIVATION].outcome is Outcome.NOT_APPLICABLE
    assert name in said[Witness.DERIVATION].detail
    jsonschema.validate(report.to_dict(), SCHEMA)
    assert "VACUOUS" in to_terminal(report, width=80, colour=False)
    assert name.replace("_", "\\_") in to_markdown(report) or name in to_markdown(report)


VIOLATIONS = {  # an assumption of the barrier is broken, and the barrier with it
    "X X^T = I": Setting(n_queries=2, n_keys=2, head_dim=1, inputs="antipodal"),
    "W_q and W_k independent, with iid N(0, 1) entries": square(weights="tied"),
    "every query sees every key": square(mask=np.eye(N, dtype=bool)),
    "hardmax: each query attends to the key of largest score (temperature 0)": square(
        head_dim=64, temperature=1.0, tolerance=1e-6
    ),
}


def test_there_is_a_violation_for_every_assumption():
    assert set(VIOLATIONS) == {assumption.text for assumption in GAUSSIAN_HEADS}


@pytest.mark.parametrize("text", VIOLATIONS)
def test_every_assumption_of_the_barrier_matters(text):
    """With that one assumption broken, and no other, the mean rank lies above the barrier."""
    setting = VIOLATIONS[text]
    assert [a.text for a in GAUSSIAN_HEADS if a.broken(setting, (1,))] == [text]
    report = judge(setting, claims=["barrier"], replicates=400)
    (head_dim,) = report.settings.head_dims
    assert report.findings.estimates[head_dim].lower > report.findings.barrier.upper
    said = next(e for e in report.judgements[0].evidence if e.witness is Witness.EXPERIMENT)
    assert said.detail.startswith("it fails here, so what it assumes matters")
    assert report.judgements[0].verdict is Verdict.VACUOUS


def test_as_many_queries_as_keys_matters_to_the_readings_of_the_paper():
    more = judge(Setting(n_queries=2048, n_keys=512, head_dim=64), claims=["paper-barrier-about-063n"], replicates=20)
    (reading,) = more.judgements
    assert reading.verdict is Verdict.VACUOUS
    assert reading.broken == ("as many queries as keys (n = sequence length), but 2048 queries and 512 keys",)
    assert more.findings.certified[64].expected_rank.lower > 0.64 * 512


def test_a_run_judges_what_is_about_its_attention():
    causal, window, latent, warm = (
        {"causal-rank", "causal-rank-at-most-half"},
        {"window-rank"},
        {"mla-barrier"},
        {"temperature-certificate"},
    )
    named = causal | window | latent | warm
    others = {"cross-attention", "antipodal-tokens-exceed", "tied-weights-exceed"}
    plain = {claim.id for claim in about(square())}
    assert plain == set(REGISTRY) - named - others
    for setting, more in (
        (square(mask="causal"), causal),
        (square(mask="window", window=8), window),
        (square(mask="window", window=N), window | causal),
        (square(mask=np.tri(N, dtype=bool)), causal),
        (square(mask=np.tri(N, k=1, dtype=bool)), set()),
        (square(mla=LATENT), latent),
        (square(temperature=1.0, tolerance=0.1), warm),
        (Setting(n_queries=2 * N, n_keys=N, head_dim=8), {"cross-attention"}),
        (square(inputs="antipodal"), {"antipodal-tokens-exceed"}),
        (square(weights="tied"), {"tied-weights-exceed"}),
    ):
        assert {claim.id for claim in about(setting)} == plain | more
    asked = judge(N, [8], claims=sorted(named), replicates=20)
    assert set(verdicts(asked).values()) == {Verdict.VACUOUS}
    assert "the mask is not the causal one" in to_terminal(asked, width=80, colour=False)


def test_exact_settings_above_the_barrier():
    report = judge(square(), claims=["antipodal-tokens-exceed", "tied-weights-exceed"], replicates=20)
    assert set(verdicts(report).values()) == {Verdict.PROVED}
    assert [j.evidence[2].outcome for j in report.judgements] == [Outcome.AGREES] * 2
    assert report.judgements[1].evidence[1].outcome is Outcome.AGREES
    assert report.settings.spending.own == 1


def test_more_queries_than_keys():
    report = judge(N, [64], n_queries=4 * N, claims=["cross-attention"], replicates=300)
    (claim,) = report.judgements
    assert claim.verdict is Verdict.PROVED
    assert claim.evidence[1].outcome is Outcome.AGREES
    assert "b(n, m)" in claim.evidence[1].detail
    assert report.settings.command.startswith("python -m rankbound.verify --n 32 --queries 128 --head-dim 64")


def test_the_causal_mask():
    ids = ["barrier", "paper-barrier-literal", "causal-rank", "causal-rank-at-most-half"]
    report = judge(square(n=64, mask="causal"), [1, 8, 64], claims=ids, replicates=400)
    said = verdicts(report)
    assert said["causal-rank"] is Verdict.PROVED
    assert said["causal-rank-at-most-half"] is Verdict.CONSISTENT
    assert said["barrier"] is said["paper-barrier-literal"] is Verdict.VACUOUS
    assert report.exit_code == ExitCode.AS_EXPECTED
    wide = report.findings.wide
    assert wide.lower < 32.5 < wide.upper
    assert wide.upper - wide.lower < 2
    experiment = next(j for j in report.judgements if j.claim.id == "causal-rank").evidence[2]
    assert experiment.outcome is Outcome.AGREES
    assert "distribution function" in experiment.detail
    assert report.settings.spending.tests == 3 + 2


@pytest.mark.parametrize("fields", [{"mask": np.tri(N, dtype=bool)}, {"mask": "window", "window": N + 3}])
def test_a_causal_mask_is_one_by_whatever_name(fields):
    report = judge(square(**fields), claims=["causal-rank"], replicates=20)
    assert verdicts(report)["causal-rank"] is Verdict.PROVED
    plain = judge(square(mask="causal"), claims=["causal-rank"], replicates=20)
    np.testing.assert_array_equal(report.findings.wide.ranks, plain.findings.wide.ranks)


@pytest.mark.parametrize(
    ("law", "words"),
    [
        (Inputs(law="ar1", correlation=0.0), "the tokens have iid Gaussian entries"),
        (Inputs(law="low-rank", rank=N), "the tokens are a product of Gaussian matrices"),
        (Inputs(law="low-rank", rank=N - 1), "the tokens span at most 31 dimensions"),
    ],
)
def test_what_breaks_is_true_at_the_ends_of_a_parameters_range_too(law, words):
    assert ORTHONORMAL.broken(square(inputs=law), (8,)) == words


def test_the_size_of_tokens_is_said_where_it_matters():
    report = judge(square(inputs="gaussian", embed_dim=7), claims=["rank-is-occupancy"], budget=0)
    assert "\ngaussian tokens of dimension 7.\n" in to_terminal(report, width=80, colour=False)
    report = judge(square(inputs=np.ones((N, 3))), claims=["rank-is-occupancy"], budget=0)
    assert "\ngiven tokens of dimension 3.\n" in to_terminal(report, width=80, colour=False)


def test_the_window():
    report = judge(square(n=64, mask="window", window=8), [8], claims=["window-rank"], replicates=100)
    assert verdicts(report)["window-rank"] is Verdict.PROVED
    assert {e.outcome for j in report.judgements if j.claim.id == "window-rank" for e in j.evidence} == {
        Outcome.ESTABLISHES,
        Outcome.AGREES,
    }
    short = judge(square(n=8, mask="window", window=8), [8], claims=["window-rank"], replicates=100)
    assert "n = 8 is below 2w - 2 = 14" in short.judgements[0].broken[0]


@pytest.mark.parametrize(
    "fields", [{"inputs": EYE}, {"inputs": Inputs(law="duplicated", distinct=N)}], ids=["array", "all distinct"]
)
def test_the_limit_of_wide_heads_is_drawn_for_tokens_that_are_orthonormal_under_another_name(fields):
    report = judge(square(mask="causal", rope_base=10_000.0, **fields), claims=["causal-rank"], replicates=20)
    assert verdicts(report)["causal-rank"] is Verdict.PROVED
    plain = judge(square(mask="causal"), claims=["causal-rank"], replicates=20)
    np.testing.assert_array_equal(report.findings.wide.ranks, plain.findings.wide.ranks)


@pytest.mark.parametrize(
    ("setting", "claim", "tests"),
    [
        (square(n=20_000, head_dim=10**9, mask="causal"), "causal-rank", 2),
        (square(n=20_000, head_dim=10**9, mask="window"), "window-rank", 1),
    ],
)
def test_the_limit_is_tested_and_counted_where_no_head_dim_can_be_simulated(setting, claim, tests):
    report = judge(setting, claims=[claim])
    assert not report.findings.estimates
    assert report.findings.wide is not None
    assert (report.settings.spending.own, report.settings.spending.each) == (tests, pytest.approx(1e-3 / tests))
    assert report.judgements[0].evidence[2].outcome is Outcome.AGREES
    said = to_terminal(report, width=300, colour=False)
    assert f"Family-wise level 0.001 = {tests} x {1e-3 / tests:.2g}, set aside for {tests} for one claim alone" in said
    assert judge(setting, claims=[claim], budget=0).settings.spending.own == 0


@pytest.mark.parametrize(("mask", "claim"), [("causal", "causal-rank"), ("window", "window-rank")])
def test_too_many_keys_for_the_limit_are_a_reason_and_not_an_error(mask, claim):
    window = 10**6 if mask == "window" else None
    report = judge(square(n=10**7, mask=mask, window=window), claims=[claim])
    assert report.judgements[0].verdict is Verdict.PROVED
    assert [e.outcome for e in report.judgements[0].evidence[1:]] == [Outcome.UNDECIDED, Outcome.SKIPPED]
    assert report.findings.wide is None
    assert report.settings.spending.own == 0


def test_latents():
    report = judge(square(mla=LATENT), claims=["mla-barrier"], replicates=300)
    assert verdicts(report)["mla-barrier"] is Verdict.PROVED
    turned = MLA(q_lora_rank=24, kv_lora_rank=16, nope_head_dim=8, rope_head_dim=4, norm=False)
    for latents, why in (
        (turned, "positions turn a part of queries and keys (RoPE)"),
        (MLA(q_lora_rank=24, kv_lora_rank=16, nope_head_dim=8, norm=True), "the latents are normalised (RMSNorm)"),
    ):
        report = judge(square(head_dim=latents.head_dim, mla=latents), claims=["mla-barrier"], replicates=20)
        assert report.judgements[0].verdict is Verdict.VACUOUS
        assert report.judgements[0].broken[0].endswith(why)


def test_a_temperature():
    cold = judge(square(temperature=1e-6, tolerance=0.1), claims=["temperature-certificate"], replicates=50)
    (claim,) = cold.judgements
    assert claim.verdict is Verdict.PROVED
    experiment = claim.evidence[2]
    assert experiment.outcome is Outcome.AGREES
    check = cold.findings.softmax[8]
    assert check.drawn == 50
    assert check.certified > 25
    assert check.disagreeing == 0
    warm = judge(square(temperature=1.0, tolerance=1e-6), claims=["temperature-certificate"], replicates=20)
    assert warm.judgements[0].evidence[2].outcome is Outcome.UNDECIDED
    assert warm.findings.estimates[8].mean > warm.findings.softmax[8].hardmax_mean


def test_one_head_stands_for_all():
    many = judge(square(n_heads=8, n_kv_heads=1), claims=["barrier"], replicates=20)
    assert (many.settings.setting.n_heads, many.settings.setting.n_kv_heads) == (1, 1)
    assert many.findings.estimates == judge(square(), claims=["barrier"], replicates=20).findings.estimates


@pytest.mark.thorough
def test_a_published_model_at_a_smaller_scale():
    report = judge(preset("deepseek-v3", scale=1 / 32), claims=["barrier", "mla-barrier"])
    assert report.exit_code == ExitCode.AS_EXPECTED
    assert verdicts(report)["mla-barrier"] is Verdict.VACUOUS
    (head_dim,) = report.settings.head_dims
    assert head_dim == 6
    assert report.findings.estimates[head_dim].replicates >= 16
    assert (
        judge(
            preset("deepseek-v3", scale=1 / 32), [10], claims=["mla-barrier"], replicates=16
        ).settings.setting.mla.nope_head_dim
        == 8
    )


def test_a_setting_is_refused_in_one_line():
    with pytest.raises(ValueError, match="n_queries = 4: expected None beside a setting"):
        judge(square(), n_queries=4)
    with pytest.raises(ValueError, match="head_dim = inf: expected a finite one"):
        judge(square(head_dim=float("inf")))
    with pytest.raises(ValueError, match="head_dim = 7: expected an even number with RoPE"):
        judge(square(rope_base=10.0), [7])


def test_the_same_run_gives_the_same_report():
    one, two = (judge(square(mask="causal"), [4, 8], claims=["barrier"], budget=0.2, workers=w) for w in (1, 2))
    assert one.to_json() == two.to_json()


def test_only_what_is_exactly_orthonormal_counts_as_such():
    hadamard = linalg.hadamard(N) / np.sqrt(N)
    sixteen = np.kron(np.eye(2), linalg.hadamard(16) / 4)
    rotation = np.linalg.qr(np.random.default_rng(0).standard_normal((N, N)))[0]
    for tokens, met in (
        (EYE, True),
        (-EYE, True),
        (sixteen, True),
        (hadamard, False),
        (2 * EYE, False),
        (rotation, False),
        (EYE + 1e-9, False),
        (np.ones((N, N)), False),
    ):
        assert (ORTHONORMAL.broken(square(inputs=tokens), (8,)) == "") is met
    doubled = np.vstack([EYE[: N // 2], EYE[: N // 2]])
    assert ORTHONORMAL.broken(square(inputs=doubled), (8,)) != ""


@pytest.mark.thorough
def test_floats_that_lie_too_far_apart_to_compare_settle_nothing():
    report = judge(Setting(n_queries=3 * 10**17, n_keys=10**18, head_dim=8), claims=["cross-attention"], budget=0)
    said = {e.witness: e for e in report.judgements[0].evidence}[Witness.ENCLOSURE]
    assert said.outcome is Outcome.UNDECIDED
    few = judge(Setting(n_queries=1, n_keys=10**8, head_dim=8), claims=["cross-attention"], budget=0)
    assert "b(n, m)/n = 1.00000e-08 (exact)" in to_terminal(few, width=200, colour=False)


def test_a_mean_above_the_barrier_is_not_called_unseen():
    report = judge(square(mask="window", window=2, inputs="gaussian"), claims=["barrier"], replicates=5)
    assert report.findings.estimates[8].mean > report.findings.barrier.upper
    assert "a violation is neither shown nor excluded" in to_terminal(report, width=200, colour=False)
