"""Which attention matrices a head can have (B1 to B3), and readings of the paper on the low-rank bottleneck.

Quotations are from the abstract of Bhojanapalli, Yun, Rawat, Reddi and Kumar, "Low-Rank Bottleneck in Multi-head
Attention Models" (arXiv:2002.07028). The claims are about all positive stochastic matrices and all layers; nothing of a
run's setting matters to them, and what is computed for them is computed at sizes of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rankbound.claims.assumptions import Assumption
from rankbound.claims.ours import OURS
from rankbound.claims.record import Claim, Findings, Source, by_enclosure, by_experiment
from rankbound.verdict import Evidence, Outcome, Verdict, Witness

if TYPE_CHECKING:
    from rankbound.representation import Representation

_TOKENS, _EMBED_DIM = 12, 16
_CLOSE = 1e-10  # relative: what rounding does to errors of centred logs at this size, with a margin

_BOTTLENECK = Source(
    "Bhojanapalli, Yun, Rawat, Reddi, Kumar",
    "Low-Rank Bottleneck in Multi-head Attention Models. ICML 2020, arXiv:2002.07028",
    "abstract",
)
_BOTTLENECK_WORDS = (
    "the scaling between the number of heads and the size of each head in the current architecture gives rise to a "
    "low-rank bottleneck in attention heads"
)
_SOLUTION_WORDS = (
    "set the head size of an attention unit to input sequence length, and independent of the number of heads"
)
_EXPRESSIVE_WORDS = "resulting in multi-head attention layers with provably more expressive power"

_MATRIX = Assumption("P is n x n and positive, and its columns sum to 1")
_INDEPENDENT = Assumption("the tokens, columns of X, are linearly independent")
_LAYERS = Assumption("layers of softmax attention, without biases")
_SCOPE = "every n and head_dim, whatever the run is about"


def _represented(findings: Findings, head_dims: tuple[int, ...]) -> dict[int, Representation]:
    """Represent a random positive matrix on random tokens by a head of each dimension."""
    import numpy as np

    from rankbound import represent

    draw = np.random.default_rng(findings.seed)
    weights = draw.standard_exponential((_TOKENS, _TOKENS))
    inputs = draw.standard_normal((_EMBED_DIM, _TOKENS))
    return {d: represent(weights / weights.sum(axis=0), inputs, d) for d in head_dims}


def _threshold_experiment(findings: Findings) -> Evidence:
    reached = _represented(findings, (_TOKENS - 2, _TOKENS - 1, _TOKENS))
    as_said = [reached[d].exact is (d >= _TOKENS - 1) for d in reached]
    errors = ", ".join(f"{one.log_error:.2g} at {d}" for d, one in reached.items())
    return by_experiment(
        Outcome.AGREES if all(as_said) else Outcome.REFUTES,
        f"a random P of {_TOKENS} tokens is missed by {errors} (in centred logs, floats)",
    )


def _sufficient_experiment(findings: Findings) -> Evidence:
    one = _represented(findings, (_TOKENS,))[_TOKENS]
    return by_experiment(
        Outcome.AGREES if one.exact else Outcome.REFUTES,
        f"a head of dimension {_TOKENS} comes within {one.matrix_error:.2g} of a random P of {_TOKENS} tokens (floats)",
    )


def _threshold_enclosure(_: Findings) -> Evidence:
    """Check certificates that some P is not reached, one for each head dimension up to n - 2."""
    from rankbound import unattainable_attention

    head_dims = range(1, _TOKENS - 1)
    proved = sum(unattainable_attention(_TOKENS, d).check() for d in head_dims)
    return by_enclosure(
        Outcome.AGREES if proved == len(head_dims) else Outcome.REFUTES,
        f"for {proved} of the head_dims 1 to {_TOKENS - 2}, a P of {_TOKENS} tokens is certified to be out of reach: "
        "a minor of its logs is a power of log 2 (exact)",
    )


def _full_rank_experiment(findings: Findings) -> Evidence:
    one = _represented(findings, (_TOKENS - 1,))[_TOKENS - 1]
    return by_experiment(
        Outcome.ILLUSTRATES,
        f"a head of dimension {_TOKENS - 1} comes within {one.matrix_error:.2g} of a random P of {_TOKENS} tokens "
        "(floats)",
    )


def _approximation_experiment(findings: Findings) -> Evidence:
    found = _represented(findings, (1, 3, 6, 10))
    off = {d: abs(one.log_error / one.eckart_young - 1.0) for d, one in found.items()}
    worst = max(off, key=lambda d: off[d])
    return by_experiment(
        Outcome.AGREES if off[worst] <= _CLOSE else Outcome.REFUTES,
        f"at head_dim {', '.join(map(str, found))} the error of the head that is built is that of Eckart and Young, to "
        f"a relative {off[worst]:.1e} (floats)",
    )


def _layer(findings: Findings, *, heads: int, size: int, embed_dim: int) -> Any:
    """Return a layer with random weights, and tokens to try it on."""
    import numpy as np

    from rankbound import MultiHeadLayer

    draw = np.random.default_rng(findings.seed)
    narrow = [draw.standard_normal((heads, size, embed_dim)) for _ in range(3)]
    wide = draw.standard_normal((heads, embed_dim, size))
    return MultiHeadLayer(W_q=narrow[0], W_k=narrow[1], W_v=narrow[2], W_o=wide), draw.standard_normal((embed_dim, 10))


def _padding_experiment(findings: Findings) -> Evidence:
    import numpy as np

    from rankbound import to_head_size

    standard, tokens = _layer(findings, heads=4, size=2, embed_dim=8)
    before, after = standard(tokens), to_head_size(standard, 5)(tokens)
    off = float(np.abs(after - before).max() / np.abs(before).max())
    return by_experiment(
        Outcome.AGREES if off <= _CLOSE else Outcome.REFUTES,
        f"a random layer of 4 heads of size 2, padded to size 5, gives what it gave, to a relative {off:.1e} (floats)",
    )


def _padding_enclosure(findings: Findings) -> Evidence:
    from rankbound import same_heads, to_head_size

    standard, _ = _layer(findings, heads=4, size=2, embed_dim=8)
    same = same_heads(standard, to_head_size(standard, 5))
    return by_enclosure(
        Outcome.AGREES if same else Outcome.REFUTES,
        f"a random layer of 4 heads of size 2 and the one padded to size 5 {'agree' if same else 'differ'} head by "
        f"head (exact)",
    )


def _separation_enclosure(_: Findings) -> Evidence:
    from rankbound import fixed_only_layer, separation_from_standard

    found = separation_from_standard(fixed_only_layer(2, 2, 2))
    return by_enclosure(
        Outcome.AGREES if found.separated else Outcome.REFUTES,
        f"a layer of {found.heads} heads of size 2 on {found.embed_dim} dimensions is certified to equal no layer of "
        f"head size {found.embed_dim // found.heads}: its score form has rank {found.rank_of_scores} (exact)",
    )


BOTTLENECK_THEOREMS = (
    Claim(
        id="representation-threshold",
        statement="P is the attention of some head of dimension head_dim on X exactly if head_dim >= rank(C log P), "
        "where C takes the mean from each column; that rank is at most n - 1, and is n - 1 for some P, so that n - 1 "
        "is the least head_dim that reaches every P",
        brief="a head reaches every attention matrix of n tokens exactly from head_dim n - 1 on",
        source=OURS,
        assumptions=(_MATRIX, _INDEPENDENT),
        expected=Verdict.PROVED,
        scope=_SCOPE,
        enclosure=_threshold_enclosure,
        experiment=_threshold_experiment,
    ),
    Claim(
        id="best-approximation",
        statement="of all heads of dimension head_dim <= n, one comes closest to P in centred logs, and its error ||C "
        "log P - C log P^|| is the root of the sum of the squared singular values of C log P beyond the head_dim-th",
        brief="a smaller head comes as close as Eckart and Young allow, in centred logs",
        source=OURS,
        assumptions=(Assumption("P is n x n and positive"), _INDEPENDENT),
        expected=Verdict.PROVED,
        scope=_SCOPE,
        experiment=_approximation_experiment,
        silence={Witness.ENCLOSURE: "the errors are computed in floats, none is enclosed"},
    ),
    Claim(
        id="fixed-head-size",
        statement="every layer of h heads of size r equals, on all inputs, a layer of h heads of any larger size d: "
        "add rows and columns of zeros, and multiply W_q by sqrt(d/r)",
        brief="a layer of larger heads can do what one of smaller heads does",
        source=OURS,
        assumptions=(_LAYERS,),
        expected=Verdict.PROVED,
        scope="every number and size of heads, whatever the run is about",
        enclosure=_padding_enclosure,
        experiment=_padding_experiment,
    ),
)

BOTTLENECK_READINGS = (
    Claim(
        id="paper-representation",
        quote=_SOLUTION_WORDS,
        statement="a head of dimension n or more, on linearly independent tokens, has any positive P whose columns "
        "sum to 1 as its attention, for suitable weights (the first half of the paper's Theorem 1)",
        brief="a head as large as the sequence is long reaches every attention matrix",
        source=_BOTTLENECK,
        assumptions=(_MATRIX, _INDEPENDENT),
        expected=Verdict.PROVED,
        scope=_SCOPE,
        experiment=_sufficient_experiment,
        silence={Witness.ENCLOSURE: "a statement about every matrix: there is no number to enclose"},
    ),
    Claim(
        id="paper-representation-narrow",
        quote=_BOTTLENECK_WORDS,
        statement="for every head_dim there are tokens X, dependent ones, and a positive P whose columns sum to 1 "
        "that no head of that dimension has as its attention on X; so there are for head_dim < n, where X has "
        "head_dim rows (the second half of the paper's Theorem 1)",
        brief="below n, there are tokens and an attention matrix that no head reaches",
        source=_BOTTLENECK,
        assumptions=(_MATRIX,),
        expected=Verdict.PROVED,
        scope=_SCOPE,
        silence={
            Witness.ENCLOSURE: "a statement about all weights: there is no number to enclose",
            Witness.EXPERIMENT: "a statement about all weights, which no sample of them can test",
        },
    ),
    Claim(
        id="paper-representation-full-rank",
        quote=_BOTTLENECK_WORDS,
        statement="for every head_dim < n there is a positive P whose columns sum to 1 that no head of that dimension "
        "has as its attention, even on linearly independent tokens: the bottleneck read as one of the head alone",
        brief="below n, some attention matrix is out of reach even on independent tokens",
        source=_BOTTLENECK,
        assumptions=(_MATRIX, _INDEPENDENT),
        expected=Verdict.REFUTED,
        corrected="on linearly independent tokens a head of dimension n - 1 reaches every P, and none of dimension n "
        "- 2 or less does (representation-threshold); where the embedding dimension is below n, as in the paper, "
        "tokens cannot be independent, and the statement is about them (paper-representation-narrow)",
        scope=_SCOPE,
        experiment=_full_rank_experiment,
        silence={Witness.ENCLOSURE: "a statement about every matrix: there is no number to enclose"},
    ),
    Claim(
        id="paper-fixed-head-size",
        quote=_EXPRESSIVE_WORDS,
        statement="with a head size d_p of at least the embedding dimension over the number of heads, layers equal "
        "every standard one, and for embedding dimension 2, two heads and d_p = 2 one of them equals no standard one "
        "(a case of the paper's Theorem 2)",
        brief="layers of a fixed head size can do more than standard ones",
        source=_BOTTLENECK,
        assumptions=(_LAYERS,),
        expected=Verdict.PROVED,
        scope="every number and size of heads, whatever the run is about",
        enclosure=_separation_enclosure,
        experiment=_padding_experiment,
    ),
)
