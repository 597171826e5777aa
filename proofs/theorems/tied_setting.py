"""With W_q = W_k query i is key i, and keys are independent standard normals, as in the ideal setting."""

from proofs.language import All, Claim, NormalFamily, eq, replace
from proofs.model import KeyCoordinate, KeyWeight, QueryCoordinate, e, f, i, j, l, w
from proofs.records import Step, Theorem, Variable
from proofs.theorems.ideal_setting import covariance, one_index, row

_key_steps, _covariance = covariance("gaussian-weights", "key", KeyCoordinate, KeyWeight)
_other = Claim(replace(_covariance.conclusion, {i: j}), tuple(replace(one, {i: j}) for one in _covariance.where))
_same = Claim(eq(QueryCoordinate(i, e, w), KeyCoordinate(i, e, w)))
_normals = Claim(NormalFamily(KeyCoordinate(j, e, w), j, e, w - 1))
_statement = All((_same, _other, _normals))

THEOREM = Theorem(
    id="tied-setting",
    title="Queries and keys with tied weights",
    prose=(
        "With orthonormal token vectors and W_q = W_k of independent standard normal entries, query i is key i, and "
        "the coordinates of the keys are independent standard normals."
    ),
    statement=_statement,
    variables=(
        Variable(i, "a query and key"),
        Variable(j, "a key"),
        Variable(l, "a key"),
        Variable(e, "a coordinate"),
        Variable(f, "a coordinate"),
        Variable(w, "number of coordinates of a token"),
    ),
    assumptions=("orthonormal-tokens", "gaussian-weights", "tied-weights"),
    references=("Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.2",),
    steps=(
        Step(
            "query by key weights",
            Claim(eq(QueryCoordinate(i, e, w), row(i, KeyWeight))),
            "rewrite",
            ("assumption:gaussian-weights.queries", "assumption:tied-weights.equal"),
        ),
        Step(
            "query is key",
            _same,
            "combination",
            ("query by key weights", "assumption:gaussian-weights.keys"),
            {"weights": (1, -1)},
        ),
        *one_index(),
        *_key_steps,
        Step("covariance", _other, "specialise", ("key covariance",), {"put": {i: j}}),
        Step(
            "normals",
            _normals,
            "uncorrelated-family",
            ("assumption:gaussian-weights.keys", "covariance"),
            {"other": (l, f)},
        ),
        Step("statement", _statement, "conjunction", ("query is key", "covariance", "normals")),
    ),
)
