"""What the judge makes of its arguments, before any witness is asked: the run it sets up, and what it refuses."""

from __future__ import annotations

import dataclasses
import importlib.util
import math

import numpy as np
import pytest

import rankbound
from rankbound import Setting, default_head_dims, judge
from rankbound.claims import REGISTRY, Assumption, Claim, Source, about
from rankbound.errors import ShadowedPackageError
from rankbound.verdict import Verdict
from rankbound.verify import judge as module
from rankbound.verify.attention import DEFAULT_BUDGET
from rankbound.verify.controls import CONTROLS

OWN = Claim(
    id="own",
    statement="E[rank] <= 0.9 n",
    source=Source("nobody", "a planted claim", "this test"),
    assumptions=(),
    expected=Verdict.PROVED,
)
BARRIER = REGISTRY["barrier"]
CAUSAL = Setting(n_queries=8, n_keys=8, head_dim=4, mask="causal")


class SetUp:
    """In place of a run: its report is what the run would have been made of."""

    def __init__(self, settings, claims, skipped, workers, progress):
        self.settings, self.claims, self.skipped = settings, claims, skipped
        self.workers, self.progress = workers, progress

    def report(self):
        return self


@pytest.fixture
def set_up(monkeypatch):
    """Return ``judge`` as far as it goes without asking a witness."""
    monkeypatch.setattr(module, "Run", SetUp)
    return judge


def test_without_options_the_defaults_of_the_documentation(set_up):
    run = set_up(64)
    assert run.claims == about(Setting(n_queries=64, n_keys=64, head_dim=1))
    assert run.settings.version == rankbound.__version__
    assert run.settings.setting == Setting(n_queries=64, n_keys=64, head_dim=1)
    assert run.settings.head_dims == default_head_dims(64)
    assert run.settings.seed == 0
    assert run.settings.budget == DEFAULT_BUDGET == 5.0
    spending = run.settings.spending
    assert (spending.level, spending.head_dims, spending.controls) == (1e-3, len(default_head_dims(64)), len(CONTROLS))
    assert (spending.bets, spending.own) == (True, 0)
    assert set(run.settings.replicates) == set(default_head_dims(64))
    assert min(run.settings.replicates.values()) > 1000
    assert (run.skipped, run.workers) == ({}, None)
    run.progress(0.5, "simulating")


def test_what_is_given_is_what_is_run(set_up):
    def progress(done, doing):
        pass

    run = set_up(
        64,
        [8, 4, np.int64(8)],
        n_queries=9,
        claims=["barrier"],
        level=0.02,
        budget=0.5,
        rng=7,
        workers=3,
        progress=progress,
    )
    assert run.settings.setting == Setting(n_queries=9, n_keys=64, head_dim=4)
    assert run.settings.head_dims == (4, 8)
    assert (run.settings.seed, run.settings.budget) == (7, 0.5)
    assert (run.settings.spending.level, run.settings.spending.tests) == (0.02, 5)
    assert (run.claims, run.workers, run.progress) == ((BARRIER,), 3, progress)
    assert set_up(64, [8], rng=2**64 - 1).settings.seed == 2**64 - 1
    assert set_up(64, [8], budget=10**6).settings.budget == 1e6


def test_as_many_queries_as_keys_unless_it_is_said(set_up):
    assert set_up(64, [8]).settings.n_queries == 64


def test_of_a_setting_one_head_is_looked_at_at_its_own_head_dimension(set_up):
    run = set_up(dataclasses.replace(CAUSAL, n_heads=4, n_kv_heads=2))
    assert run.settings.setting == CAUSAL
    assert run.settings.head_dims == (4,)
    assert run.claims == about(CAUSAL)
    assert set_up(CAUSAL, [2, 6]).settings.head_dims == (2, 6)
    latent = rankbound.MLA(q_lora_rank=3, kv_lora_rank=2, nope_head_dim=2, rope_head_dim=2)
    with pytest.raises(ValueError, match="the position part of a head"):
        set_up(Setting(n_queries=8, n_keys=8, head_dim=4, mla=latent), [1, 4])


def test_given_replicates_stand_in_place_of_the_budget(set_up):
    run = set_up(64, [4, 8], claims=["barrier"], replicates=5)
    assert run.settings.replicates == {4: 5, 8: 5}
    assert (run.settings.budget, run.skipped) == (None, {})
    assert set_up(64, [4], claims=["barrier"], replicates=10**9).settings.replicates == {4: 10**9}
    assert set_up(64, [4], claims=["barrier"], replicates=1).settings.spending.head_dims == 1


def test_what_is_too_large_or_too_dear_is_skipped_with_the_reason(set_up):
    large = {4: "one replicate needs more than 512 MiB"}
    for options in ({}, {"replicates": 3}):
        run = set_up(10**9, [4], **options)
        assert (run.settings.replicates, run.skipped) == ({4: 0}, large)
        assert (run.settings.spending.head_dims, run.settings.spending.controls) == (0, 0)
    run = set_up(64, [8], budget=0)
    assert run.settings.replicates == {8: 0}
    assert run.skipped == {8: "its share of this --budget buys too few replicates (give more, or --replicates)"}
    mixed = set_up(2 * 10**6, [1, 10**4], replicates=2)
    assert mixed.settings.replicates == {1: 2, 10**4: 0}
    assert set(mixed.skipped) == {10**4}


def test_only_what_the_claims_need_shares_the_level(set_up):
    """Controls test one claim; ranks drawn for a claim alone have tests of their own, where they are drawn."""
    assert set_up(64, [8], claims=["barrier"], replicates=5).settings.spending.controls == 0
    assert set_up(64, [8], claims=["expected-rank-enclosure"], replicates=5).settings.spending.controls == len(CONTROLS)
    assert set_up(CAUSAL, replicates=5).settings.spending.bets is False
    tied = Setting(n_queries=8, n_keys=8, head_dim=4, weights="tied")
    own = {
        "drawn": set_up(CAUSAL, claims=["causal-rank"], replicates=5),
        "drawn at the smallest budget": set_up(CAUSAL, claims=["causal-rank"], budget=1e-9),
        "drawn though no head dimension is": set_up(CAUSAL, [10**9], claims=["causal-rank"], replicates=5),
        "not asked for": set_up(CAUSAL, claims=["barrier"], replicates=5),
        "no simulation": set_up(CAUSAL, claims=["causal-rank"], budget=0),
        "beside head dimensions": set_up(tied, claims=["tied-weights-exceed"], replicates=5),
        "no head dimension": set_up(tied, claims=["tied-weights-exceed"], budget=1e-9),
    }
    assert {why: run.settings.spending.own for why, run in own.items()} == {
        "drawn": 2,
        "drawn at the smallest budget": 2,
        "drawn though no head dimension is": 2,
        "not asked for": 0,
        "no simulation": 0,
        "beside head dimensions": 1,
        "no head dimension": 0,
    }


def test_whether_a_claim_needs_tests_can_depend_on_the_head_dimensions(set_up, monkeypatch):
    wide = Assumption("wide heads", lambda setting, dims: "" if max(dims) >= 64 else f"head_dim is {max(dims)}")
    claim = dataclasses.replace(REGISTRY["expected-rank-enclosure"], assumptions=(wide,))
    monkeypatch.setitem(REGISTRY, claim.id, claim)
    for dims, controls in (([8, 64], len(CONTROLS)), ([8], 0)):
        assert set_up(64, dims, claims=[claim.id], replicates=5).settings.spending.controls == controls


def test_claims_stand_in_the_order_of_the_registry_and_one_s_own_at_the_end(set_up):
    flipped = dataclasses.replace(BARRIER, expected=Verdict.REFUTED)
    run = set_up(64, [8], claims=[OWN, "paper-barrier-literal", flipped])
    assert run.claims == (flipped, REGISTRY["paper-barrier-literal"], OWN)
    assert set_up(64, [8], claims=iter([BARRIER, "barrier"])).claims == (BARRIER,)
    assert set_up(64, [8], claims=[OWN]).claims == (OWN,)


COMMAND = "python -m rankbound.verify"


@pytest.mark.parametrize(
    ("given", "options", "command"),
    [
        (64, {}, f"{COMMAND} --n 64 --seed 0 --level 0.001 --budget 5.0"),
        (64, {"n_queries": 9, "rng": 7}, f"{COMMAND} --n 64 --queries 9 --seed 7 --level 0.001 --budget 5.0"),
        (64, {"n_queries": 64, "level": 0.5}, f"{COMMAND} --n 64 --seed 0 --level 0.5 --budget 5.0"),
        (
            64,
            {"head_dims": [8, 4], "replicates": 5, "claims": ["paper-barrier-literal", "barrier"]},
            f"{COMMAND} --n 64 --head-dim 4 --head-dim 8 --claim barrier --claim paper-barrier-literal "
            "--seed 0 --level 0.001 --replicates 5",
        ),
        (
            64,
            {"head_dims": default_head_dims(64), "budget": 0.1},
            f"{COMMAND} --n 64 --seed 0 --level 0.001 --budget 0.1",
        ),
        (CAUSAL, {}, f"{COMMAND} --n 8 --mask causal --head-dim 4 --seed 0 --level 0.001 --budget 5.0"),
        (
            dataclasses.replace(CAUSAL, head_dim=8),
            {"options": ["--preset", "a model"], "head_dims": [8]},
            f"{COMMAND} --preset 'a model' --head-dim 8 --seed 0 --level 0.001 --budget 5.0",
        ),
        (
            64,
            {"options": ["--preset", "x"], "head_dims": [1], "budget": 1},
            f"{COMMAND} --preset x --head-dim 1 --seed 0 --level 0.001 --budget 1.0",
        ),
        (64, {"options": ["--n", "0x40"]}, f"{COMMAND} --n 0x40 --seed 0 --level 0.001 --budget 5.0"),
        (
            64,
            {"claims": [OWN, "barrier"]},
            "(none: it judges claims that are not in the registry; call rankbound.judge again)",
        ),
        (
            Setting(n_queries=2, n_keys=2, head_dim=2, mask=np.eye(2, dtype=bool)),
            {},
            "(none: no options describe this setting; call rankbound.judge again)",
        ),
    ],
    ids=range(11),
)
def test_the_command_repeats_the_run(set_up, given, options, command):
    assert set_up(given, **options).settings.command == command


def test_a_preset_is_repeated_with_its_head_dimensions_even_if_they_are_the_default_ones(set_up):
    dims = default_head_dims(8)
    command = set_up(8, dims, options=["--preset", "x"]).settings.command
    assert command.split()[3:-6] == ["--preset", "x", *(word for d in dims for word in ("--head-dim", str(d)))]


SOME_CLAIMS = (
    "expected a non-empty sequence of ids and Claims; give ids, or claims of your own; omit it to have all of "
    "the registry"
)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"head_dims": 4}, "head_dims = 4: expected a sequence of integers; give [64] for a single one"),
        ({"head_dims": "4"}, "head_dims = '4': expected a sequence of integers; give [64] for a single one"),
        ({"head_dims": []}, "head_dims = []: expected at least one head dimension; omit it to have the default ones"),
        (
            {"level": 9e-301},
            "level = 9e-301: expected a number in [1e-300, 0.5]; give a small probability such as 1e-3",
        ),
        ({"level": 0.6}, "level = 0.6: expected a number in [1e-300, 0.5]; give a small probability such as 1e-3"),
        ({"budget": -1}, "budget = -1: expected a number in [0, 1e+06]; give seconds of simulation"),
        ({"budget": 1e7}, "budget = 10000000.0: expected a number in [0, 1e+06]; give seconds of simulation"),
        ({"budget": 1e6 + 0.5}, "budget = 1000000.5: expected a number in [0, 1e+06]; give seconds of simulation"),
        ({"rng": -1}, "rng = -1: expected an integer from 0 to 18446744073709551615; give a seed such as 0"),
        (
            {"replicates": 0},
            "replicates = 0: expected an integer from 1 to 1000000000; omit it to have the budget decide",
        ),
        ({"claims": "barrier"}, f"claims = 'barrier': {SOME_CLAIMS}"),
        ({"claims": []}, f"claims = []: {SOME_CLAIMS}"),
        ({"claims": ["barrier", 3]}, f"claims = ['barrier', 3]: {SOME_CLAIMS}"),
        ({"claims": 3}, f"claims = 3: {SOME_CLAIMS}"),
        (
            {"claims": [dataclasses.replace(BARRIER, statement="E[rank] <= 0.1 n")]},
            "claims = 'barrier': expected an id that no claim of the registry has; rename your own claim",
        ),
        (
            {"claims": [dataclasses.replace(OWN, id="")]},
            "claims = '': expected an id that no claim of the registry has; rename your own claim",
        ),
        (
            {"claims": [OWN, dataclasses.replace(OWN, statement="E[rank] <= 0.8 n")]},
            "claims = ['own', 'own']: expected each id once; rename your own claim",
        ),
    ],
    ids=range(17),
)
def test_what_is_refused_is_named_in_one_line(set_up, options, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        set_up(8, **options)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("setting", "options", "message"),
    [
        (
            CAUSAL,
            {"n_queries": 8},
            "n_queries = 8: expected None beside a setting; give the number of queries in the setting",
        ),
        (
            dataclasses.replace(CAUSAL, head_dim=math.inf),
            {},
            "head_dim = inf: expected a finite one; draw that limit with montecarlo.sample_variant_ranks",
        ),
    ],
    ids=range(2),
)
def test_settings_that_are_refused(set_up, setting, options, message):
    with pytest.raises(ValueError, match=": expected ") as caught:
        set_up(setting, **options)
    assert str(caught.value) == message


@pytest.mark.parametrize("name", ["proofs", "montecarlo"])
def test_a_stranger_s_package_is_not_asked(set_up, monkeypatch, name):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda one: None if one == name else found(one))
    with pytest.raises(ShadowedPackageError, match=f"the package '{name}' found at no file is not the one"):
        set_up(8)
