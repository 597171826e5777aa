"""The rules in `proofs.rules.gaussian` accept true steps and refuse false ones."""

from __future__ import annotations

import pytest
import sympy as sp
from rule_steps import (
    accepts_fewer,
    refuses,
)

from proofs.language import (
    Below,
    Claim,
    E,
    NormalFamily,
    StandardNormals,
    eq,
    le,
)
from proofs.model import (
    ASSUMPTIONS,
    ChiSquare,
    KeyCoordinate,
    KeyDownWeight,
    KeyFactor,
    KeyFrame,
    KeyLatent,
    KeyWeight,
    QueryCoordinate,
    QueryDownWeight,
    QueryLatent,
    QueryWeight,
    Radius,
    ReducedKey,
    RotatedQuery,
    Token,
    a,
    d,
    e,
    f,
    i,
    j,
    l,
    n,
    w,
    x,
)
from proofs.rules import gaussian

RULES = {rule.name: rule for rule in gaussian.RULES}
WEIGHTS = ASSUMPTIONS["gaussian-weights"].grants
FRAME, FRAMES = KeyFrame(w, e, a, d, w), ASSUMPTIONS["key-frames"].grants
READ = tuple(
    Claim(eq(one, two), where)
    for one, two, where in (
        (RotatedQuery(i, e, d, w), sp.Sum(QueryCoordinate(i, a, w) * FRAME, (a, 0, d - 1)), (le(e, d - 1),)),
        (RotatedQuery(i, e, d, w), sp.Sum(QueryCoordinate(i, a, w) * FRAME, (a, 1, d - 1)), (le(e, d - 1),)),
    )
)
ROTATED = Claim(StandardNormals(RotatedQuery(i, e, d, w), ReducedKey(j, e, d, w), i, j, e, w - 1, d - 1))
FACTORS = Claim(StandardNormals(RotatedQuery(i, e, d, w), KeyFactor(j, e, d, w), i, j, e, w - 1, d - 1))
AMONG_MORE = sp.Sum(KeyCoordinate(j, a, w) * KeyFrame(j, e, a, d, w + 1), (a, 0, d - 1))
REDUCED = sp.Sum(ReducedKey(j, e, d, w) ** 2, (e, 2, d - 1))
CHI = (le(2, d), le(j, w - 1))
NORMALS = Claim(StandardNormals(QueryCoordinate(i, e, w), KeyCoordinate(j, e, w), i, j, e, w - 1))
ROWS_OF_W = (le(i, w - 1), le(l, w - 1))
MOMENTS = (
    WEIGHTS["queries"],
    WEIGHTS["keys"],
    ASSUMPTIONS["independent-weights"].grants["product"],
    Claim(
        eq(E(QueryCoordinate(i, e, w) * QueryCoordinate(l, f, w)), sp.KroneckerDelta(i, l) * sp.KroneckerDelta(e, f)),
        ROWS_OF_W,
    ),
    Claim(
        eq(E(KeyCoordinate(j, e, w) * KeyCoordinate(l, f, w)), sp.KroneckerDelta(j, l) * sp.KroneckerDelta(e, f)),
        (le(j, w - 1), le(l, w - 1)),
    ),
    Claim(eq(E(QueryCoordinate(i, e, w) * KeyCoordinate(l, f, w)), 0)),
)
FAMILY = Claim(NormalFamily(KeyCoordinate(j, e, w), j, e, w - 1))
LATENTS = {
    QueryCoordinate: QueryLatent,
    KeyCoordinate: KeyLatent,
    QueryWeight: QueryDownWeight,
    KeyWeight: KeyDownWeight,
}


def of_latents(claim, *kept):
    """A claim about queries and keys, said of the latents of both; words of the kinds ``kept`` stay."""
    words = {
        word: LATENTS[type(word)](*word.args) for word in claim.conclusion.atoms(*LATENTS) if not isinstance(word, kept)
    }
    return Claim(claim.conclusion.xreplace(words), claim.where)


# rule, claim, premises, args
TRUE = [
    ("uncorrelated-normals", of_latents(NORMALS), tuple(map(of_latents, MOMENTS)), {"other": (l, f)}),
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["reduced"]), {}),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 2), x))), CHI), (ROTATED,), {}),
    ("uncorrelated-normals", NORMALS, MOMENTS, {"other": (l, f)}),
    ("uncorrelated-family", FAMILY, (MOMENTS[1], MOMENTS[4]), {"other": (l, f)}),
]

FALSE = [
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["factor"]), {}),
    # The factor's rows are not normal: a key is read in a basis of which it is part.
    ("rotated-normals", FACTORS, (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["factor"]), {}),
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["orthonormal"], READ[1], FRAMES["reduced"]), {}),
    ("rotated-normals", ROTATED, (NORMALS, FRAMES["complete"], READ[0], FRAMES["reduced"]), {}),
    ("rotated-normals", ROTATED, (ROTATED, FRAMES["orthonormal"], READ[0], FRAMES["reduced"]), {}),
    (
        "rotated-normals",  # one coordinate more than the basis has
        Claim(ROTATED.conclusion.func(*ROTATED.conclusion.args[:-1], d)),
        (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["reduced"]),
        {},
    ),
    (
        "rotated-normals",  # the bases are orthonormal for few keys only
        ROTATED,
        (
            NORMALS,
            Claim(FRAMES["orthonormal"].conclusion, (*FRAMES["orthonormal"].where, le(l, 3))),
            FRAMES["query"],
            FRAMES["reduced"],
        ),
        {},
    ),
    (
        "rotated-normals",  # orthonormal are the bases of another head dimension
        ROTATED,
        (
            NORMALS,
            Claim(
                FRAMES["orthonormal"].conclusion.func(
                    sp.Sum(KeyFrame(l, e, a, d + 1, w) * KeyFrame(l, f, a, d + 1, w), (a, 0, d - 1)),
                    sp.KroneckerDelta(e, f),
                    evaluate=False,
                ),
                FRAMES["orthonormal"].where,
            ),
            FRAMES["query"],
            FRAMES["reduced"],
        ),
        {},
    ),
    (
        "rotated-normals",  # the queries' basis is made of one key more than are known to be independent of them
        ROTATED,
        (
            NORMALS,
            Claim(FRAMES["orthonormal"].conclusion, FRAMES["orthonormal"].where[1:]),
            Claim(
                eq(
                    RotatedQuery(i, e, d, w),
                    sp.Sum(QueryCoordinate(i, a, w) * KeyFrame(w + 1, e, a, d, w), (a, 0, d - 1)),
                ),
                FRAMES["query"].where,
            ),
            FRAMES["reduced"],
        ),
        {},
    ),
    (
        "rotated-normals",  # the basis of key j has key j in it
        ROTATED,
        (
            NORMALS,
            FRAMES["orthonormal"],
            FRAMES["query"],
            Claim(
                eq(
                    ReducedKey(j, e, d, w),
                    sp.Sum(KeyCoordinate(j, a, w) * KeyFrame(j + 1, e, a, d, w), (a, 0, d - 1)),
                ),
                FRAMES["reduced"].where,
            ),
        ),
        {},
    ),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 1), x))), CHI), (ROTATED,), {}),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 2), x))), CHI[:1]), (ROTATED,), {}),
    (
        "chi-square-sum",  # no squares
        Claim(eq(E(Below(sp.Sum(ReducedKey(j, e, d, w), (e, 2, d - 1)), x)), E(Below(ChiSquare(d - 2), x))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "chi-square-sum",  # of other variables
        Claim(eq(E(Below(sp.Sum(KeyFactor(j, e, d, w) ** 2, (e, 2, d - 1)), x)), E(Below(ChiSquare(d - 2), x))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "chi-square-sum",  # beyond the coordinates
        Claim(eq(E(Below(sp.Sum(ReducedKey(j, e, d, w) ** 2, (e, 1, d)), x)), E(Below(ChiSquare(d), x))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "chi-square-sum",  # the level depends on chance
        Claim(eq(E(Below(REDUCED, Radius(d))), E(Below(ChiSquare(d - 2), Radius(d)))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "chi-square-sum",  # no chance
        Claim(eq(E(REDUCED), E(Below(ChiSquare(d - 2), x))), CHI),
        (ROTATED,),
        {},
    ),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 2), x))), CHI), (MOMENTS[0],), {}),
    ("chi-square-sum", Claim(eq(E(Below(REDUCED, x)), E(Below(ChiSquare(d - 2), x))), CHI), (NORMALS,), {}),
    *(
        ("uncorrelated-normals", claim, MOMENTS, {"other": other})
        for claim, other in (
            (Claim(NORMALS.conclusion, (le(2, w),)), (l, f)),  # in some cases only
            (MOMENTS[3], (l, f)),  # another claim
            (Claim(StandardNormals(*NORMALS.conclusion.args, d - 1)), (l, f)),  # of some coordinates
            (NORMALS, (j, f)),  # an index twice
            (Claim(StandardNormals(*NORMALS.conclusion.args[:-1], w - 2)), (l, f)),  # perhaps none
            (Claim(StandardNormals(*NORMALS.conclusion.args[:-1], i)), (l, f)),  # as many as one of them says
        )
    ),
    *(
        ("uncorrelated-family", claim, (MOMENTS[1], MOMENTS[4]), {"other": other})
        for claim, other in (
            (MOMENTS[4], (l, f)),
            (Claim(FAMILY.conclusion, (le(2, w),)), (l, f)),
            (FAMILY, (n, f)),  # the covariance is not known for all pairs
            (Claim(NormalFamily(*FAMILY.conclusion.args[:-1], w - 2)), (l, f)),
        )
    ),
    (
        "uncorrelated-family",  # a definition for positive rows only
        FAMILY,
        (
            Claim(eq(KeyCoordinate(n, e, w), sp.Sum(Token(n, a, w) * KeyWeight(a, e), (a, 0, w - 1)))),
            MOMENTS[4],
        ),
        {"other": (l, f)},
    ),
    *(
        ("rotated-normals", claim, premises, {})
        for claim, premises in (
            (ROTATED, (MOMENTS[0], FRAMES["orthonormal"], FRAMES["query"], FRAMES["reduced"])),
            (ROTATED, (of_latents(NORMALS), FRAMES["orthonormal"], FRAMES["query"], FRAMES["reduced"])),
            (  # of more keys than the first premise is about
                Claim(ROTATED.conclusion.func(*ROTATED.conclusion.args[:-2], w, d - 1)),
                (NORMALS, FRAMES["orthonormal"], FRAMES["query"], FRAMES["reduced"]),
            ),
            (ROTATED, (NORMALS, MOMENTS[3], FRAMES["query"], FRAMES["reduced"])),
            (  # vectors of another length
                ROTATED,
                (
                    NORMALS,
                    Claim(eq(FRAMES["orthonormal"].conclusion.lhs, 2 * sp.KroneckerDelta(e, f))),
                    FRAMES["query"],
                    FRAMES["reduced"],
                ),
            ),
            *(  # not an inner product, or with another vector than number e
                (
                    ROTATED,
                    (
                        NORMALS,
                        FRAMES["orthonormal"],
                        Claim(eq(RotatedQuery(i, e, d, w), sp.Sum(wrong, (a, 0, d - 1))), (le(e, d - 1),)),
                        FRAMES["reduced"],
                    ),
                )
                for wrong in (
                    QueryCoordinate(i, a, w),
                    QueryCoordinate(i, a, w) * FRAME**2,
                    QueryCoordinate(i, a, w) * KeyFrame(w, f, a, d, w),
                )
            ),
        )
    ),
    ("uncorrelated-normals", NORMALS, (*MOMENTS[:2], MOMENTS[3], *MOMENTS[3:]), {"other": (l, f)}),
    *(  # nothing says that the projections of latents are independent of other weights
        (
            "uncorrelated-normals",
            of_latents(NORMALS, *kept),
            [of_latents(one, *kept) for one in MOMENTS],
            {"other": (l, f)},
        )
        for kept in ((QueryCoordinate, QueryWeight), (KeyCoordinate, KeyWeight))
    ),
    (
        "uncorrelated-normals",  # the independence of the other pair
        of_latents(NORMALS),
        (*map(of_latents, MOMENTS[:2]), MOMENTS[2], *map(of_latents, MOMENTS[3:])),
        {"other": (l, f)},
    ),
    ("uncorrelated-normals", NORMALS, (*MOMENTS[:5], Claim(eq(E(QueryCoordinate(i, e, w)), 0))), {"other": (l, f)}),
    # More keys than have a known covariance, the queries' covariance, another law than the identity's, equal indices.
    (
        "uncorrelated-family",
        Claim(NormalFamily(KeyCoordinate(j, e, w), j, e, w)),
        (MOMENTS[1], MOMENTS[4]),
        {"other": (l, f)},
    ),
    ("uncorrelated-family", FAMILY, (MOMENTS[1], MOMENTS[3]), {"other": (l, f)}),
    (
        "uncorrelated-family",
        FAMILY,
        (MOMENTS[1], Claim(eq(MOMENTS[4].conclusion.lhs, 1), MOMENTS[4].where)),
        {"other": (l, f)},
    ),
    ("uncorrelated-family", FAMILY, (MOMENTS[1], MOMENTS[4]), {"other": (j, f)}),
    # A definition for one key only, one by the other matrix's name, and one that is quadratic in the weights.
    (
        "uncorrelated-family",
        FAMILY,
        (
            Claim(eq(KeyCoordinate(0, e, w), sp.Sum(Token(0, a, w) * KeyWeight(a, e), (a, 0, w - 1)))),
            MOMENTS[4],
        ),
        {"other": (l, f)},
    ),
    ("uncorrelated-family", FAMILY, (MOMENTS[0], MOMENTS[4]), {"other": (l, f)}),
    (
        "uncorrelated-family",
        FAMILY,
        (
            Claim(eq(KeyCoordinate(i, e, w), sp.Sum(Token(i, a, w) * KeyWeight(a, e) ** 2, (a, 0, w - 1)))),
            MOMENTS[4],
        ),
        {"other": (l, f)},
    ),
    (
        "uncorrelated-family",  # one coordinate of each key, which the second index does not number
        Claim(NormalFamily(KeyCoordinate(j, j, w), j, e, w - 1)),
        (
            MOMENTS[1],
            Claim(
                eq(
                    E(KeyCoordinate(j, j, w) * KeyCoordinate(l, l, w)),
                    sp.KroneckerDelta(j, l) * sp.KroneckerDelta(e, f),
                ),
                MOMENTS[4].where,
            ),
        ),
        {"other": (l, f)},
    ),
    (
        "uncorrelated-family",  # a fixed coordinate: the family is not indexed by it
        Claim(NormalFamily(KeyCoordinate(j, 0, w), j, e, w - 1)),
        (MOMENTS[1], MOMENTS[4]),
        {"other": (l, f)},
    ),
    (
        "uncorrelated-normals",  # the covariances are known for positive indices only
        NORMALS,
        [
            Claim(one.conclusion.xreplace({l: n}), tuple(condition.xreplace({l: n}) for condition in one.where))
            for one in MOMENTS
        ],
        {"other": (n, f)},
    ),
    (
        "uncorrelated-normals",  # the covariance is known for the first w only
        Claim(StandardNormals(QueryCoordinate(i, e, w), KeyCoordinate(j, e, w), i, j, e, w)),
        MOMENTS,
        {"other": (l, f)},
    ),
    (
        "uncorrelated-normals",  # linear for one query only
        NORMALS,
        (
            Claim(eq(QueryCoordinate(0, e, w), sp.Sum(Token(0, a, w) * QueryWeight(a, e), (a, 0, w - 1)))),
            *MOMENTS[1:],
        ),
        {"other": (l, f)},
    ),
    (
        "chi-square-sum",
        Claim(eq(E(Below(sp.Product(*REDUCED.args), x)), E(Below(ChiSquare(d - 2), x))), CHI),
        (ROTATED,),
        {},
    ),
    (
        "rotated-normals",  # the keys before key j among w + 1 tokens, which key j may be one of
        Claim(StandardNormals(RotatedQuery(i, e, d, w), AMONG_MORE, i, j, e, w - 1, d - 1)),
        (
            NORMALS,
            Claim(FRAMES["orthonormal"].conclusion.xreplace({w: w + 1}), (*FRAMES["orthonormal"].where,)),
            Claim(
                eq(
                    RotatedQuery(i, e, d, w),
                    sp.Sum(QueryCoordinate(i, a, w) * KeyFrame(w, e, a, d, w + 1), (a, 0, d - 1)),
                ),
            ),
            Claim(eq(AMONG_MORE, AMONG_MORE)),
        ),
        {},
    ),
]


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), TRUE, ids=[case[0] for case in TRUE])
def test_accepts_a_true_step(rule, claim, premises, args):
    assert RULES[rule].apply(claim, list(premises), args)


@pytest.mark.parametrize(("rule", "claim", "premises", "args"), FALSE, ids=[case[0] for case in FALSE])
def test_does_not_accept_a_false_step(rule, claim, premises, args):
    assert refuses(RULES[rule], claim, premises, args)


@pytest.mark.parametrize("cases", [TRUE, FALSE], ids=["true", "false"])
def test_every_rule_is_tried(cases):
    assert {case[0] for case in cases} == set(RULES)


def test_dropping_a_premise_is_never_accepted():
    for rule, claim, premises, args in TRUE:
        assert not accepts_fewer(RULES[rule], claim, premises, args)
