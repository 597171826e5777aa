"""What the marker ``rankbound_claim`` asks for, and what follows from a judgement."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

import rankbound
from rankbound.claims import REGISTRY
from rankbound.pytest_claims import JudgeFailedError, SharedReports, check_of
from rankbound.setting import Setting
from rankbound.verdict import Evidence, Outcome, Verdict, Witness
from rankbound.verify import judge as judging
from rankbound.verify.grid import default_head_dims
from rankbound.verify.judge import judge


def asked(*args, **fields):
    return check_of([(args, fields)])


def test_a_marker_names_a_claim_and_a_setting():
    check = asked("barrier", n=16, head_dim=4)
    assert check.claim is REGISTRY["barrier"]
    assert check.setting == Setting(n_queries=16, n_keys=16, head_dim=4)
    assert check.head_dims == (4,)
    assert asked("barrier", n_keys=16, head_dim=4) == check


@pytest.mark.parametrize("head_dim", [[8, 4, 8], (4, 8), {8, 4}, np.array([4, 8]), range(4, 9, 4)], ids=str)
def test_head_dims_are_a_sorted_set(head_dim):
    check = asked("barrier", n=16, head_dim=head_dim)
    assert check.head_dims == (4, 8)
    assert check.setting.head_dim == 4


def test_head_dims_are_those_of_the_command_line_unless_given():
    assert asked("barrier", n=100).head_dims == default_head_dims(100)


def test_every_field_of_a_setting_can_be_given():
    own = np.tril(np.ones((6, 8), dtype=bool))
    fields = {"n_queries": 6, "mask": own, "inputs": "duplicated", "weights": "uniform", "embed_dim": 9, "n_heads": 2}
    check = asked("barrier", n=8, head_dim=[2, 3], **fields)
    assert check.setting == Setting(n_keys=8, head_dim=2, **fields)
    assert asked("barrier", n=8, head_dim=[3, 2], **fields).where == check.where
    soft = asked("temperature-certificate", n=8, head_dim=2, temperature=1.0, tolerance=1e-6).setting
    assert (soft.temperature, soft.tolerance) == (1.0, 1e-6)


def test_latents_bring_their_head_dim():
    mla = rankbound.MLA(q_lora_rank=4, kv_lora_rank=4, nope_head_dim=6, rope_head_dim=2)
    assert asked("mla-barrier", n=8, mla=mla).head_dims == (8,)
    several = asked("mla-barrier", n=8, mla=mla, head_dim=[4, 10])
    assert several.setting.mla.nope_head_dim == 2


def test_a_whole_setting_can_be_given():
    setting = Setting(n_queries=4, n_keys=8, head_dim=3, mask=np.ones((4, 8), dtype=bool))
    assert asked("barrier", setting=setting).where == (setting, (3,))
    assert asked("barrier", setting=setting, head_dim=5).where == (setting.with_head_dim(5), (5,))


@pytest.mark.parametrize(
    ("args", "fields", "said"),
    [
        (("barier",), {"n": 8}, "claim = 'barier': expected the id of a claim; did you mean barrier?"),
        ((), {"n": 8}, r'claim = \(\): expected the id of one claim.*write rankbound_claim\("barrier"'),
        (("barrier", 8), {}, "claim = .*names for all that follows"),
        ((lambda: None,), {}, "claim = .*the id of one claim"),
        (("barrier",), {"n": 8, "haed_dim": 2}, "keyword = 'haed_dim': .*did you mean 'head_dim'?"),
        (("barrier",), {"n": 8, "masks": "causal"}, "keyword = 'masks': .*did you mean 'mask'?"),
        (("barrier",), {}, "n_keys = None: expected an integer"),
        (("barrier",), {"n": 8, "n_keys": 8}, "n_keys = 8: expected only one of n and n_keys"),
        (("barrier",), {"n": 8.0}, "n_keys = 8.0: expected an integer"),
        (("barrier",), {"n": 8, "head_dim": 0}, "head_dim = 0: expected an integer"),
        (("barrier",), {"n": 8, "head_dim": []}, r"head_dim = \[\]: expected at least one"),
        (("barrier",), {"n": 8, "head_dim": "4"}, "head_dim = '4': expected an integer"),
        (("barrier",), {"n": 8, "head_dim": float("inf")}, "head_dim = inf: expected an integer"),
        (("barrier",), {"n": 8, "mask": "casual"}, "mask = 'casual': .*did you mean 'causal'?"),
        (("barrier",), {"n": 8, "head_dim": [2, 3], "rope_base": 1e4}, "head_dim = 3: expected an even number"),
        (("barrier",), {"n": 8, "mla": "latents"}, "mla = 'latents': expected an MLA or None"),
        (("barrier",), {"setting": 8}, "setting = 8: expected a rankbound.Setting"),
        (("barrier",), {"setting": Setting(n_queries=2, n_keys=2, head_dim=2), "mask": "none"}, "keyword = 'mask'"),
        (("barrier",), {"setting": Setting(n_queries=2, n_keys=2, head_dim=float("inf"))}, "head_dim = inf"),
    ],
)
def test_what_makes_no_sense_is_an_error_of_one_line(args, fields, said):
    with pytest.raises(ValueError, match=said) as caught:
        asked(*args, **fields)
    assert "\n" not in str(caught.value)


def test_two_markers_on_one_test_are_an_error():
    with pytest.raises(ValueError, match=r"claims = \['barrier', None\]: expected one claim a test"):
        check_of([(("barrier",), {"n": 8}), ((), {})])


def shared(**options):
    return SharedReports(**({"budget": 0.0, "level": None, "workers": 1} | options))


def test_a_judgement_of_the_judge_s_own():
    judged = shared().judged(asked("expected-rank-enclosure", n=8, head_dim=[1, 2]), [])
    assert judged.report.settings.head_dims == (1, 2)
    assert judged.judgement.claim.id == "expected-rank-enclosure"
    assert judged.as_expected
    assert not judged.is_vacuous
    assert dict(judged.properties) == {
        "rankbound_claim": "expected-rank-enclosure",
        "rankbound_verdict": "CERTIFIED",
        "rankbound_expected": "CERTIFIED",
    }
    assert json.dumps(judged.properties)


@pytest.fixture
def runs(monkeypatch):
    """Return what the judge was asked; it answers without its witnesses, and fails where they are told to."""
    asked_of_it = []

    def answer(setting, head_dims, *, claims, **options):
        asked_of_it.append((setting, head_dims, sorted(claims), options))
        if setting.n_keys == 13:
            raise ArithmeticError("thirteen\nkeys")
        return judge(setting, head_dims, claims=["expected-rank-enclosure", *claims], budget=0)

    monkeypatch.setattr(judging, "judge", answer)
    return asked_of_it


def test_one_run_answers_all_tests_of_a_setting(runs):
    ids = ("expected-rank-enclosure", "barrier")
    here = [asked(id_, n=8, head_dim=2, mask="causal") for id_ in ids]
    elsewhere = asked("rank-deviation", n=9, head_dim=2, mask="causal")
    reports = shared()
    first, second = (reports.judged(check, [*here, elsewhere]) for check in here)
    assert first.report is second.report
    assert [(setting.n_keys, claims) for setting, _, claims, _ in runs] == [(8, sorted(ids))]
    assert reports.judged(elsewhere, [*here, elsewhere]).report is not first.report
    assert len(runs) == 2


def test_a_claim_that_no_test_had_when_its_setting_was_judged_has_a_run_of_its_own(runs):
    reports = shared()
    reports.judged(asked("barrier", n=8, head_dim=2, mask="causal"), [])
    late = reports.judged(asked("rank-deviation", n=8, head_dim=2, mask="causal"), [])
    assert late.judgement.claim.id == "rank-deviation"
    assert len(runs) == 2


def test_budget_level_and_workers_are_passed_on(runs):
    check = asked("barrier", n=8, head_dim=2, mask="causal")
    shared(budget=2.0, level=0.01, workers=3).judged(check, [])
    shared(budget=None).judged(check, [])
    assert [options for *_, options in runs] == [
        {"budget": 2.0, "level": 0.01, "workers": 3},
        {"budget": None, "level": judging.DEFAULT_LEVEL, "workers": 1},
    ]


def test_a_judge_that_fails_is_asked_once_and_says_why_in_one_line(runs):
    check, reports = asked("barrier", n=13, head_dim=2), shared()
    for _ in range(2):
        with pytest.raises(JudgeFailedError, match="could not judge barrier: ArithmeticError: thirteen keys") as caught:
            reports.judged(check, [])
        assert "\n" not in str(caught.value)
        assert "in answer" in caught.value.traceback
    assert len(runs) == 1


def test_an_interruption_is_no_failure_of_the_judge(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(judging, "judge", interrupted)
    with pytest.raises(KeyboardInterrupt):
        shared().judged(asked("barrier", n=8, head_dim=2), [])


def judged_as(verdict, *, id_="barrier", broken=()):
    """Return a judgement with the verdict that is wanted."""
    judged = shared().judged(asked(id_, n=8, head_dim=[2, 4], mask="causal"), [])
    evidence = (Evidence(Witness.EXPERIMENT, Outcome.UNDECIDED, "too few were drawn"),)
    changed = dataclasses.replace(judged.judgement, verdict=verdict, evidence=evidence, broken=broken)
    return dataclasses.replace(judged, judgement=changed)


@pytest.mark.parametrize(
    ("id_", "expected"), [("barrier", Verdict.PROVED), ("paper-barrier-literal", Verdict.REFUTED)], ids=str
)
@pytest.mark.parametrize("verdict", Verdict)
def test_only_the_expected_verdict_is_as_expected(id_, expected, verdict):
    judged = judged_as(verdict, id_=id_)
    assert judged.as_expected == (verdict in (expected, Verdict.VACUOUS))
    assert judged.is_vacuous == (verdict is Verdict.VACUOUS)


def test_a_failure_says_what_was_expected_the_evidence_and_how_to_repeat_it():
    judged = judged_as(Verdict.REFUTED)
    first, statement, *more = judged.why.splitlines()
    assert first == "barrier is REFUTED, expected PROVED, at n = 8, head_dim 2, 4; causal mask"
    assert statement.strip() == REGISTRY["barrier"].statement
    assert more[0].strip() == "experiment undecided: too few were drawn"
    assert more[-1].startswith("to repeat: python -m rankbound.verify --n 8 --mask causal --head-dim 2 --head-dim 4")
    assert "contradict" not in judged.why
    assert "--rankbound-budget" not in judged.why


def test_what_is_undecided_says_what_to_do():
    why = judged_as(Verdict.INCONCLUSIVE).why
    assert "neither a pass nor a refutation: give more --rankbound-budget" in why


def test_a_conflict_says_how_likely_it_is_by_chance():
    assert "by chance with a probability below 0.001" in judged_as(Verdict.CONFLICT).why


def test_a_refuted_reading_says_what_holds_instead():
    assert "what holds instead: E[rank(A)] <= " in judged_as(Verdict.REFUTED, id_="paper-barrier-literal").why


def test_what_says_nothing_is_one_line_with_the_assumption():
    why = judged_as(Verdict.VACUOUS, broken=("every query sees every key, but it does not",)).why
    assert why == (
        "barrier says nothing at n = 8, head_dim 2, 4; causal mask: it assumes every query sees every key, but it does "
        "not"
    )
