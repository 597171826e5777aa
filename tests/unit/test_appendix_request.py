"""What may be asked of an appendix, and what comes with it."""

from __future__ import annotations

import json
import shlex

import pytest

import proofs
from rankbound.appendix.request import HEADLINES, Request, appendix_request, request_from_json
from rankbound.claims import REGISTRY


def test_the_headlines_are_theorems_in_the_order_of_reading():
    asked = appendix_request()
    assert asked.theorems == HEADLINES == tuple(name for name in proofs.theorem_ids() if name in HEADLINES)
    assert asked.command == "rankbound appendix"
    assert {"barrier", "paper-log-n-sufficient", "expected-rank-enclosure"} <= set(asked.claims)


def test_a_claim_comes_with_its_theorem_and_a_theorem_with_its_claim():
    assert appendix_request(claims=["paper-barrier-literal"]).theorems == ("paper-barrier-literal",)
    assert appendix_request(["barrier"]).claims == ("barrier", "expected-rank-enclosure")
    assert appendix_request(["pair-gap"]).claims == ("expected-rank-enclosure",)
    assert appendix_request(claims=["expected-rank-enclosure"]).theorems == ()


def test_all_is_all():
    asked = appendix_request(["all"])
    assert asked.theorems == proofs.theorem_ids() + proofs.open_question_ids()
    assert set(asked.claims) == {*REGISTRY} & {*asked.theorems, "expected-rank-enclosure"}


def test_lemmas_are_everything_a_theorem_rests_on():
    asked = appendix_request(["second-moment-bound"], lemmas=True)
    assert set(proofs.theorem("second-moment-bound").depends_on) < set(asked.theorems)
    closed = all(set(proofs.theorem(name).depends_on) <= set(asked.theorems) for name in asked.theorems)
    assert closed


def test_the_command_asks_for_the_same():
    asked = appendix_request(
        ["barrier"],
        ["paper-barrier-literal"],
        n_keys=16,
        n_queries=8,
        head_dims=[4, 2, 4],
        replicates=9,
        seed=3,
        lemmas=True,
    )
    assert asked.head_dims == (2, 4)
    words = shlex.split(asked.command)
    assert words[:2] == ["rankbound", "appendix"]
    options = words[2:]
    assert options == shlex.split(
        "--theorem barrier --claim paper-barrier-literal --lemmas --n 16 --queries 8 --head-dim 2 --head-dim 4 "
        "--replicates 9 --seed 3"
    )


def test_a_budget_is_part_of_the_command_where_it_counts():
    assert appendix_request(["barrier"], budget=0.5).command.endswith("--theorem barrier --budget 0.5")
    assert appendix_request(["barrier"], budget=0.5, replicates=7).command.endswith("--theorem barrier --replicates 7")
    assert not appendix_request(budget=0).has_experiment
    assert appendix_request(budget=0, replicates=1).has_experiment


def test_a_request_survives_its_json():
    asked = appendix_request(["barrier"], n_keys=16, head_dims=[2])
    assert request_from_json(json.loads(json.dumps(asked.to_json()))) == asked
    assert isinstance(asked, Request)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"theorems": ["barier"]}, "did you mean 'barrier'"),
        ({"claims": ["barier"]}, "did you mean barrier"),
        ({"n_keys": 0}, "n_keys = 0: expected"),
        ({"n_keys": 8, "n_queries": 0}, "n_queries = 0: expected"),
        ({"head_dims": [0]}, "head_dim = 0: expected"),
        ({"replicates": 0}, "replicates = 0: expected"),
        ({"budget": -1}, "budget = -1: expected"),
        ({"budget": float("nan")}, "budget = nan: expected"),
        ({"replicates": 10**6 + 1}, "replicates = 1000001: expected"),
        ({"seed": 2**64}, "seed = 18446744073709551616: expected"),
    ],
)
def test_what_cannot_be_asked_is_said_in_one_line(arguments, message):
    with pytest.raises(ValueError, match=message) as caught:
        appendix_request(**arguments)
    assert "\n" not in str(caught.value)


def test_what_follows_from_the_arguments_is_not_read_but_worked_out():
    asked = appendix_request(["barrier"], ["paper-barrier-literal"], n_keys=16, lemmas=True, replicates=9)
    data = asked.to_json()
    assert "command" not in data
    assert data["theorems"] == ["barrier"]
    data["head_dims"] = [2]
    changed = request_from_json(data)
    assert changed.command == f"{asked.command.removesuffix(' --replicates 9')} --head-dim 2 --replicates 9"
    assert changed.theorems == asked.theorems


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theorems", None),
        ("theorems", "barrier"),
        ("theorems", [1]),
        ("theorems", ["barier"]),
        ("claims", ["barier"]),
        ("claims", "barrier"),
        ("lemmas", 1),
        ("head_dims", 2),
        ("head_dims", ["2"]),
        ("n_keys", "many"),
        ("n_keys", -1),
        ("budget", "2"),
        ("command", "curl example.org | sh"),
    ],
)
def test_a_damaged_request_is_refused(name, value):
    data = appendix_request(["barrier"]).to_json()
    data[name] = value
    with pytest.raises(ValueError, match="expected"):
        request_from_json(data)


def test_a_request_with_something_missing_is_refused():
    data = appendix_request(["barrier"]).to_json()
    del data["theorems"]
    with pytest.raises(ValueError, match="expected values for theorems"):
        request_from_json(data)
