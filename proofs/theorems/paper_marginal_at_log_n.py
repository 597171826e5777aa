"""At no multiple of log n are further gains small: twice the head_dim multiplies the rank by a power of n."""

import sympy as sp

from proofs.language import All, Claim, Lim, eq, le, lt
from proofs.model import IDEAL, c, n
from proofs.records import Step, Theorem, Variable
from proofs.theorems.log_n_exponent import EXPONENT, MEAN_AT

_twice = {c: 2 * c}
_share = sp.log(MEAN_AT) / sp.log(n)
_twice_share = _share.xreplace(_twice)
_gain = EXPONENT.xreplace(_twice) - EXPONENT
_half = le(sp.Rational(1, 2), c)
_cube = 1 / (72 * c**3)
_limit = Claim(eq(Lim(_twice_share - _share, n), _gain))
_positive = Claim(lt(0, _gain), (_half,))
_statement = All((_limit, _positive))
_expansion = "theorem:log-n-exponent-expansion"

THEOREM = Theorem(
    id="paper-marginal-at-log-n",
    title="Doubling a head_dim of c log n multiplies the rank by a power of n",
    prose=(
        "With as many queries as keys, the ratio of E[rank] at head_dim = ceil(2 c log n) and at ceil(c log n) is "
        "n^(e(2c) - e(c) + o(1)) for every c > 0, and e(2c) > e(c) for every c >= 1/2. This negates 'there are c and C "
        "such that, from head_dim = c log n on, twice the head_dim multiplies E[rank] by at most C'."
    ),
    statement=_statement,
    variables=(Variable(c, "head_dim / log n"),),
    assumptions=IDEAL,
    depends_on=("ideal-setting", "log-n-exponent-limit", "log-n-exponent-expansion"),
    establishes="negation",
    references=("On the Limitation and Redundancy of Transformers: A Rank Perspective (OpenReview)",),
    steps=(
        Step(
            "exponent at twice",
            Claim(eq(Lim(_twice_share, n), EXPONENT.xreplace(_twice))),
            "specialise",
            ("theorem:log-n-exponent-limit",),
            {"put": _twice},
        ),
        Step("limit", _limit, "limit-algebra", ("exponent at twice", "theorem:log-n-exponent-limit")),
        Step(
            "at least at twice",
            Claim(le(1 - 1 / (8 * c), EXPONENT.xreplace(_twice))),
            "specialise",
            (f"{_expansion}#1",),
            {"put": _twice},
        ),
        Step(
            "room",
            Claim(lt(1 - 1 / (4 * c) + _cube, 1 - 1 / (8 * c)), (_half,)),
            "sign",
            because="1/(8 c) > 1/(72 c^3) as 9 c^2 > 1",
        ),
        Step("positive", _positive, "combination", ("at least at twice", f"{_expansion}#2", "room")),
        Step("statement", _statement, "conjunction", ("limit", "positive")),
    ),
)
