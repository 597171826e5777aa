"""Latent attention is plain attention of independent normal latents with absorbed keys."""

import sympy as sp

from proofs.language import All, Claim, eq
from proofs.model import (
    AbsorbedKey,
    KeyDownWeight,
    KeyLatent,
    LatentScore,
    QueryDownWeight,
    QueryLatent,
    QueryUpWeight,
    d,
    e,
    f,
    i,
    j,
    key_rank,
    l,
    latent_key,
    query_rank,
    w,
)
from proofs.records import Step, Theorem, Variable
from proofs.theorems.ideal_setting import standard_normals

_steps, _claims = standard_normals(
    "gaussian-latents", "independent-latents", (QueryLatent, QueryDownWeight), (KeyLatent, KeyDownWeight)
)
_score = LatentScore(i, j, query_rank, key_rank, d, w)
_body = QueryLatent(i, e, w) * QueryUpWeight(e, f) * latent_key(j, f)
_ranges = ((e, 0, query_rank - 1), (f, 0, d - 1))
_by_heads = sp.Sum(sp.Sum(QueryLatent(i, e, w) * QueryUpWeight(e, f), _ranges[0]) * latent_key(j, f), _ranges[1])
_by_latents = sp.Sum(QueryLatent(i, e, w) * sp.Sum(QueryUpWeight(e, f) * latent_key(j, f), _ranges[1]), _ranges[0])
_absorbed = Claim(eq(_score, sp.Sum(QueryLatent(i, e, w) * AbsorbedKey(j, e, key_rank, d, w), _ranges[0])))
_statement = All((*_claims, _absorbed))

THEOREM = Theorem(
    id="latent-setting",
    title="Latents and absorbed keys",
    prose=(
        "Latent attention: queries are X W_DQ W_UQ, keys X W_DKV W_UK. With orthonormal tokens, and W_DQ and W_DKV "
        "independent with independent standard normal entries, the coordinates of the latents X W_DQ and X W_DKV are "
        "all together independent standard normals. A score is the inner product of the query's latent with the "
        "absorbed key, W_UQ times the key."
    ),
    statement=_statement,
    variables=(
        Variable(i, "a query"),
        Variable(j, "a key"),
        Variable(l, "a query or key"),
        Variable(e, "a coordinate of a latent"),
        Variable(f, "a coordinate"),
        Variable(query_rank, "length of the latent of a query"),
        Variable(key_rank, "length of the latent of a key"),
        Variable(d, "head dimension"),
        Variable(w, "number of coordinates of a token"),
    ),
    assumptions=("orthonormal-tokens", "gaussian-latents", "independent-latents"),
    references=("DeepSeek-AI, DeepSeek-V2 (2024), section 2.1, for latent attention and the absorption of weights",),
    steps=(
        *_steps,
        Step(
            "other order",
            Claim(eq(_by_heads, _by_latents)),
            "sum-exchange",
            args={"body": _body, "first": _ranges[0], "second": _ranges[1]},
        ),
        Step(
            "in the other order",
            Claim(eq(_score, _by_latents)),
            "rewrite",
            ("assumption:gaussian-latents.score", "other order"),
        ),
        Step(
            "with absorbed keys",
            Claim(eq(_absorbed.conclusion.rhs, _by_latents)),
            "rewrite",
            ("assumption:gaussian-latents.absorbed",),
        ),
        Step("absorbed", _absorbed, "combination", ("in the other order", "with absorbed keys"), {"weights": (1, -1)}),
        Step(
            "statement",
            _statement,
            "conjunction",
            ("query covariance", "other key coordinate", "mixed covariance", "normals", "absorbed"),
        ),
    ),
)
