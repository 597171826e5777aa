"""How likely a query is to be aligned with a key, from the parts of the query along the key and across it."""

import sympy as sp

from proofs.language import All, Below, Claim, E, NormalTail, eq, le, lt, prob_below
from proofs.model import IDEAL, ChiSquare, Cosine, QueryAcross2, QueryAlong, d, k, t, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chi_square_window
from proofs.theorems.aligned_lower_bound import ALIGNED_CHANCE, u
from proofs.theorems.chernoff_rate import rate
from proofs.theorems.gaussian_maximum import ROOT

a = sp.Symbol("a", positive=True)
b = sp.Symbol("b", positive=True)
q = sp.Symbol("q", positive=True)
r = sp.Symbol("r", positive=True)
eta = sp.Symbol("eta", positive=True)
_along = sp.Symbol("g", positive=True)
_across = sp.Symbol("v", nonnegative=True)
_cosine = sp.Symbol("z", real=True)

_aligned = Below(-Cosine(d), -u)
_events = (1 - Below(QueryAlong(d), a), Below(QueryAcross2(d), b))
_both = _events[0] * _events[1]
_within = le(u**2 * (a**2 + b), a**2)
_apart = (le(a, _along), lt(_across, b))
_least, _share = a**2 / (a**2 + b), _along**2 / (_along**2 + _across)
_root = sp.sqrt(_along**2 + _across)
_is_cosine = eq(_along, _cosine * _root)
_near = prob_below(ChiSquare(d - 1), b)
_by_parts = Claim(le(NormalTail(a) * _near, ALIGNED_CHANCE), (_within,))

# a^2 = q (1 + eta) r and b = (1 - q) (1 + eta) r
_a, _b = sp.sqrt(q * (1 + eta) * r), (1 - q) * (1 + eta) * r
_long = le(1, a**2)
_mills = sp.exp(-(a**2) / 2) / (2 * a * ROOT)
_window = sp.exp(-r * rate(1 - q) / 2 - q * eta * r / 2) / 2
_near_at = _near.xreplace({b: _b})
_at_most_one, _wide, _long_at = lt(q, 1), le(4, eta**2 * r), le(1, q * (1 + eta) * r)
_sizes = (_at_most_one, le(d, r + 1), _wide)
_aligned_at = ALIGNED_CHANCE.xreplace({u: sp.sqrt(q)})


def aligned_bound(degrees: object) -> object:
    """Return the lower bound on the chance that the squared cosine exceeds ``q`` in about ``degrees`` dimensions."""
    return sp.exp((sp.log(1 - q) / 2 - q * eta) * degrees) / (4 * ROOT * sp.sqrt(q * (1 + eta) * degrees))


_explicit = Claim(le(aligned_bound(r), _aligned_at), (*_sizes, _long_at))
_statement = All((_by_parts, _explicit))

_PARTS = (
    Step("within", Claim(_within, (_within,)), "sign"),
    Step(
        "least share",
        Claim(le(u**2, _least), (_within,)),
        "combination",
        ("within",),
        {"weights": (1 / (a**2 + b),)},
    ),
    Step("larger share", Claim(lt(_least, _share), _apart), "sign"),
    Step("share", Claim(lt(u**2, _share), (*_apart, _within)), "combination", ("least share", "larger share")),
    Step(
        "root of share",
        Claim(lt(u, _along / _root), (*_apart, _within)),
        "monotone",
        ("share",),
        {"function": "power", "exponent": sp.Rational(1, 2)},
    ),
    Step("is cosine", Claim(eq(_cosine, _along / _root), (_is_cosine,)), "sign"),
    Step(
        "large cosine",
        Claim(lt(-_cosine, -u), (*_apart, _within, _is_cosine)),
        "combination",
        ("root of share", "is cosine"),
        {"weights": (1, -1)},
    ),
    Step(
        "aligned",
        Claim(le(_both, _aligned), (_within,)),
        "event-inclusion",
        ("large cosine", "assumption:gaussian-queries-and-keys.cosine"),
        {"events": _events, "put": {_along: QueryAlong(d), _across: QueryAcross2(d), _cosine: Cosine(d)}},
    ),
    Step("chance of aligned", Claim(le(E(_both), ALIGNED_CHANCE), (_within,)), "expectation", ("aligned",)),
    Step(
        "both parts",
        Claim(eq(E(_both), NormalTail(a) * _near)),
        "specialise",
        ("cite:query-along-key#2",),
        {"put": {t: a, x: b}},
    ),
    Step("by parts", _by_parts, "combination", ("chance of aligned", "both parts"), {"weights": (1, -1)}),
)

_EXPLICIT = (
    Step(
        "tail",
        Claim(le(a / (1 + a**2) * sp.exp(-(a**2) / 2) / ROOT, NormalTail(a))),
        "specialise",
        ("cite:mills-ratio",),
        {"put": {t: a}},
    ),
    Step("long", Claim(_long, (_long,)), "sign"),
    Step(
        "mills",
        Claim(le(_mills, NormalTail(a)), (_long,)),
        "combination",
        ("tail", "long"),
        {"weights": (1, sp.exp(-(a**2) / 2) / (2 * a * (1 + a**2) * ROOT))},
        "a / (1 + a^2) >= 1 / (2 a)",
    ),
    Step(
        "part along",
        Claim(le(_mills.xreplace({a: _a}), NormalTail(_a)), (_long_at,)),
        "specialise",
        ("mills",),
        {"put": {a: _a}},
    ),
    Step("wide", Claim(_wide, (_wide,)), "sign"),
    Step("width", Claim(le(4 * r, (eta * r) ** 2), (_wide,)), "combination", ("wide",), {"weights": (r,)}),
    Step(
        "part across",
        Claim(le(_window, _near_at), _sizes),
        "specialise",
        ("theorem:chi-square-window#3", "width"),
        {
            "put": {
                k: d - 1,
                chi_square_window.r: r,
                chi_square_window.s: 1 - q,
                chi_square_window.h: eta * r,
                chi_square_window.LEVEL: _b,
            }
        },
    ),
    Step(
        "product",
        Claim(le(_mills.xreplace({a: _a}) * _window, NormalTail(_a) * _near_at), (*_sizes, _long_at)),
        "combination",
        ("part along", "part across"),
        {"weights": (_near_at, _mills.xreplace({a: _a}))},
    ),
    Step(
        "by these parts",
        Claim(le(NormalTail(_a) * _near_at, _aligned_at), (_at_most_one,)),
        "specialise",
        ("by parts",),
        {"put": {a: _a, b: _b, u: sp.sqrt(q)}},
    ),
    Step("explicit", _explicit, "combination", ("product", "by these parts")),
)

THEOREM = Theorem(
    id="cosine-tail",
    title="The tail of the cosine between a query and a key",
    prose=(
        "The cosine between a query and a key exceeds u > 0 with a probability of at least P(Z >= a) "
        "P(chi^2_(d-1) < b), Z standard normal, for all a, b > 0 with u^2 (a^2 + b) <= a^2. Hence, for 0 < q < 1, "
        "d <= r + 1, eta^2 r >= 4 and a^2 = q (1 + eta) r >= 1: it exceeds sqrt(q) with a probability of at least "
        "(1 - q)^(r/2) exp(-q eta r) / (4 sqrt(2 pi) a)."
    ),
    statement=_statement,
    variables=(
        Variable(d, "head dimension"),
        Variable(u, "a cosine"),
        Variable(a, "least part of the query along the key"),
        Variable(b, "a bound on the squared length of its part across the key"),
        Variable(q, "a squared cosine"),
        Variable(r, "about the head dimension"),
        Variable(eta, "relative half-width of a window"),
    ),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "chi-square-window"),
    references=("Gordon (1941)",),
    steps=(*_PARTS, *_EXPLICIT, Step("statement", _statement, "conjunction", ("by parts", "explicit"))),
)
