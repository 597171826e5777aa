"""The registry: every record is whole."""

from __future__ import annotations

import re

import pytest

import proofs
from rankbound.claims import READINGS, REGISTRY, THEOREMS, Claim, select
from rankbound.verdict import Verdict, Witness

ABSTRACT_SENTENCES = (
    r"On the other hand, we provide rigorous demonstrations for these observations under idealized settings through a "
    r"fine-grained mathematical analysis, highlighting (i) a consistent theoretical upper bound ($\approx 0.63n$, $n$: "
    r"the sequence length) on the attention rank (regardless of $d_h$) given random weights; (ii) a critical position "
    r"of the rank saturation ($d_h=\Omega(\log n)$).",
    r"Most importantly, the redundancy appears that *both the attention rank and learning performance simultaneously "
    r"get marginal enhancements when increasing modeling parameters*.",
    "In particular, our analysis highlights that the scaling between the number of heads and the size of each head in "
    "the current architecture gives rise to a low-rank bottleneck in attention heads, causing this limitation.",
    "As a solution we propose to set the head size of an attention unit to input sequence length, and independent of "
    "the number of heads, resulting in multi-head attention layers with provably more expressive power.",
)

IDS = (
    "rank-is-occupancy",
    "barrier",
    "occupancy-dominance",
    "rank-deviation",
    "barrier-constants",
    "wide-head-limit",
    "norm-conditioned-barrier",
    "second-moment-bound",
    "expected-rank-enclosure",
    "log-n-exponent",
    "log-n-exponent-limit",
    "saturation-window",
    "rank-deficit",
    "paper-barrier-about-063n",
    "paper-barrier-literal",
    "paper-log-n-necessary",
    "paper-log-n-sufficient",
    "paper-model-reduction",
    "paper-marginal-at-log-n",
    "cross-attention",
    "causal-rank",
    "causal-rank-at-most-half",
    "window-rank",
    "mla-barrier",
    "temperature-certificate",
    "antipodal-tokens-exceed",
    "tied-weights-exceed",
    "representation-threshold",
    "best-approximation",
    "fixed-head-size",
    "paper-representation",
    "paper-representation-narrow",
    "paper-representation-full-rank",
    "paper-fixed-head-size",
)
EXPECTED = {
    "expected-rank-enclosure": (Verdict.CERTIFIED,),
    "causal-rank-at-most-half": (Verdict.CONSISTENT,),
}
CLAIMS = [pytest.param(claim, id=claim.id) for claim in (*THEOREMS, *READINGS)]


def test_every_id_appears_once():
    ids = [claim.id for claim in (*THEOREMS, *READINGS)]
    assert len(ids) == len(set(ids)) == len(REGISTRY)
    assert set(IDS) == set(ids)
    assert all(REGISTRY[claim.id] is claim for claim in (*THEOREMS, *READINGS))


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_record_is_whole(claim):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", claim.id)
    assert claim.statement.strip() == claim.statement != ""
    assert claim.source.authors
    assert claim.source.work
    assert claim.source.location
    assert claim.expected in EXPECTED.get(claim.id, (Verdict.PROVED, Verdict.REFUTED))
    assert 15 < len(claim.brief) < 90, "a line of a summary"
    assert not claim.brief.endswith(".")
    assert isinstance(claim.assumptions, tuple)
    assert all(assumption.text for assumption in claim.assumptions)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_silent_witness_has_a_reason_and_a_speaking_one_has_none(claim):
    for witness, speaks in (
        (Witness.ENCLOSURE, claim.enclosure is not None),
        (Witness.EXPERIMENT, claim.experiment is not None),
    ):
        reason = claim.silence.get(witness)
        assert speaks or (reason is not None and len(reason) > 10), f"{witness} is silent without a reason"
        assert not (speaks and reason), f"{witness} speaks, and has a reason not to"
    asked = Witness.DERIVATION in claim.silence
    assert asked == (claim.id in proofs.open_question_ids())


@pytest.mark.parametrize("claim", [pytest.param(c, id=c.id) for c in READINGS])
def test_a_reading_quotes_the_abstract_verbatim(claim):
    assert claim.id.startswith("paper-")
    assert any(claim.quote in sentence for sentence in ABSTRACT_SENTENCES)
    assert len(claim.quote) > 20
    assert claim.reading == claim.statement
    assert claim.reading != claim.quote
    assert claim.source.location == "abstract"


@pytest.mark.parametrize("claim", [pytest.param(c, id=c.id) for c in THEOREMS])
def test_a_theorem_of_ours_quotes_nobody(claim):
    assert claim.quote is None
    assert claim.reading is None
    assert not claim.id.startswith("paper-")


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_refuted_reading_stands_next_to_what_holds(claim):
    assert (claim.corrected is not None) == (claim.expected is Verdict.REFUTED)
    if claim.corrected is not None:
        cited = [id_ for id_ in REGISTRY if id_ in claim.corrected]
        assert cited, "the corrected statement names the theorems it rests on"


def test_selection_keeps_the_order_of_the_registry():
    assert select() == tuple(REGISTRY.values())
    chosen = select(["paper-barrier-literal", "barrier", "barrier"])
    assert [claim.id for claim in chosen] == ["barrier", "paper-barrier-literal"]
    assert all(isinstance(claim, Claim) for claim in chosen)
    assert select([]) == ()


def test_an_unknown_id_is_answered_with_the_nearest():
    with pytest.raises(ValueError, match=r"^claim = 'barier': expected the id of a claim; did you mean barrier\?$"):
        select(["barier"])
    with pytest.raises(ValueError, match=r"known are .*wide-head-limit"):
        select(["zzzzzz"])
