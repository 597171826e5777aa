"""Any number of queries: the barrier depends on how many queries there are to a key."""

import sympy as sp

from proofs.language import All, Claim, E, Lim, eq, le, lt
from proofs.model import Rank, barrier_of, d, m, n, x
from proofs.records import Step, Theorem, Variable
from proofs.theorems import chernoff_rate

r = sp.Symbol("r", integer=True, positive=True)
t = sp.Symbol("t", nonnegative=True)

_two = (le(2, n),)
_b = barrier_of(n, m)
_power = (1 - 1 / n) ** m
_decay = sp.exp(-m / n)
_share = n * (1 - _decay)
_expanded = sp.exp(-m / n - m / (2 * n * (n - 1)))
_logs = m * sp.log(1 - 1 / n)
_excess = n / (2 * sp.E * (n - 1))
_unit = (lt(0, x), lt(x, 1))

_barrier = Claim(le(E(Rank(n, m, d)), _b))
_below = Claim(lt(_share, _b))
_above = Claim(le(_b, _share + _excess), _two)
_by_e = Claim(le(_b, _share + 1 / sp.E))
_keys = Claim(le(_b, n))
_queries = Claim(le(_b, m))
_all_keys = Claim(eq(Lim(_b, m), n))
_by_ratio = barrier_of(n, r * n)
_ratio = Claim(eq(Lim(_by_ratio / n, n), 1 - sp.exp(-r)))
_statement = All((_barrier, _below, _above, _by_e, _keys, _queries, _all_keys, _ratio))

THEOREM = Theorem(
    id="cross-attention",
    title="More queries than keys, or fewer",
    prose=(
        "With n keys and m queries E[rank] <= b = n (1 - (1 - 1/n)^m) at every head_dim, and n (1 - exp(-m/n)) < b <= "
        "n (1 - exp(-m/n)) + n / (2 e (n - 1)) for n >= 2, b <= n (1 - exp(-m/n)) + 1/e for every n; b is at most n "
        "and at most m. For fixed n, b tends to n as m grows; for m = r n, b/n tends to 1 - exp(-r) as n grows, which "
        "is 1 - 1/e for as many queries as keys."
    ),
    statement=_statement,
    variables=(
        Variable(n, "number of keys"),
        Variable(m, "number of queries"),
        Variable(r, "number of queries a key"),
        Variable(d, "head dimension"),
    ),
    assumptions=("independent-queries", "identical-queries"),
    depends_on=("barrier", "chernoff-rate"),
    steps=(
        # From below: 1 - 1/n < exp(-1/n).
        Step(
            "decay in x",
            Claim(lt(1 - x, sp.exp(-x)), (lt(0, x),)),
            "derivatives",
            args={"variable": x, "left": 0, "order": 2},
        ),
        Step("decay at 1/n", Claim(lt(1 - 1 / n, sp.exp(-1 / n))), "specialise", ("decay in x",), {"put": {x: 1 / n}}),
        Step(
            "decay to the m",
            Claim(lt(_power, _decay)),
            "monotone",
            ("decay at 1/n",),
            {"function": "power", "exponent": m},
        ),
        Step("below", _below, "combination", ("decay to the m",), {"weights": (n,)}),
        # From above: log(1 - x) >= -x - x^2 / (2 (1 - x)), and exp(-y) >= 1 - y.
        Step(
            "logarithm in x",
            Claim(le(-x - x**2 / (2 * (1 - x)), sp.log(1 - x)), _unit),
            "derivatives",
            args={"variable": x, "left": 0, "order": 1},
        ),
        Step(
            "logarithm at 1/n",
            Claim(le(-1 / n - 1 / (2 * n * (n - 1)), sp.log(1 - 1 / n)), _two),
            "specialise",
            ("logarithm in x",),
            {"put": {x: 1 / n}},
        ),
        Step(
            "logarithm times m",
            Claim(le(-m / n - m / (2 * n * (n - 1)), _logs), _two),
            "combination",
            ("logarithm at 1/n",),
            {"weights": (m,)},
        ),
        Step(
            "exponential",
            Claim(le(_expanded, sp.exp(_logs)), _two),
            "monotone",
            ("logarithm times m",),
            {"function": "exp"},
        ),
        Step("power", Claim(eq(sp.exp(_logs), _power), _two), "power-as-exponential"),
        Step(
            "tangent",
            Claim(le(1 - t, sp.exp(-t))),
            "derivatives",
            args={"variable": t, "left": 0, "order": 2},
        ),
        Step(
            "tangent times decay",
            Claim(le(sp.exp(-x) * (1 - t), sp.exp(-x - t))),
            "combination",
            ("tangent",),
            {"weights": (sp.exp(-x),)},
        ),
        Step(
            "tangent at m",
            Claim(le(_decay * (1 - m / (2 * n * (n - 1))), _expanded), _two),
            "specialise",
            ("tangent times decay",),
            {"put": {x: m / n, t: m / (2 * n * (n - 1))}},
        ),
        Step(
            "power from below",
            Claim(le(_decay * (1 - m / (2 * n * (n - 1))), _power), _two),
            "combination",
            ("tangent at m", "exponential", "power"),
        ),
        # v exp(-v) <= 1/e.
        Step(
            "logarithm of a ratio",
            Claim(le(0, m / n - 1 - sp.log(m / n))),
            "specialise",
            ("theorem:chernoff-rate#1",),
            {"put": {chernoff_rate.v: m / n}},
        ),
        Step(
            "logarithm from above",
            Claim(le(sp.log(m / n), m / n - 1)),
            "combination",
            ("logarithm of a ratio",),
        ),
        Step("ratio", Claim(le(m / n, sp.exp(m / n - 1))), "monotone", ("logarithm from above",), {"function": "exp"}),
        Step(
            "ratio times decay",
            Claim(le(m / n * _decay, 1 / sp.E)),
            "combination",
            ("ratio",),
            {"weights": (_decay,)},
        ),
        Step(
            "above",
            _above,
            "combination",
            ("power from below", "ratio times decay"),
            {"weights": (n, n / (2 * (n - 1)))},
        ),
        Step("excess", Claim(le(_excess, 1 / sp.E), _two), "sign"),
        Step("by 1/e from 2", Claim(_by_e.conclusion, _two), "combination", ("above", "excess")),
        Step("queries", Claim(le(-m, -1)), "sign"),
        Step("decay of m", Claim(le(sp.exp(-m), 1 / sp.E)), "monotone", ("queries",), {"function": "exp"}),
        Step("by 1/e at 1", Claim(le(1, 1 - sp.exp(-m) + 1 / sp.E)), "combination", ("decay of m",)),
        Step("by 1/e", _by_e, "integer-cases", ("by 1/e from 2", "by 1/e at 1"), {"variable": n}),
        # At most the number of keys, and that of queries.
        Step("at most the keys", _keys, "sign"),
        Step(
            "bernoulli in x",
            Claim(le(1 - (1 - x) ** m, m * x), (le(0, x), le(x, 1))),
            "derivatives",
            args={"variable": x, "left": 0, "order": 2},
        ),
        Step(
            "bernoulli",
            Claim(le(1 - _power, m / n)),
            "specialise",
            ("bernoulli in x",),
            {"put": {x: 1 / n}},
        ),
        Step("at most the queries", _queries, "combination", ("bernoulli",), {"weights": (n,)}),
        # Limits.
        Step(
            "many queries",
            Claim(le(n - n**2 / (sp.E * m), _b)),
            "combination",
            ("below", "ratio times decay"),
            {"weights": (1, n**2 / m)},
        ),
        Step("all keys", _all_keys, "limit-with-rate", ("many queries", "at most the keys")),
        *(
            Step(f"{name} at a ratio", Claim(relation), "specialise", (name,), {"put": {m: r * n}})
            for name, relation in (
                ("below", lt(n * (1 - sp.exp(-r)), _by_ratio)),
                ("by 1/e", le(_by_ratio, n * (1 - sp.exp(-r)) + 1 / sp.E)),
            )
        ),
        Step(
            "share below",
            Claim(lt(1 - sp.exp(-r), _by_ratio / n)),
            "combination",
            ("below at a ratio",),
            {"weights": (1 / n,)},
        ),
        Step(
            "share above",
            Claim(le(_by_ratio / n, 1 - sp.exp(-r) + 1 / (sp.E * n))),
            "combination",
            ("by 1/e at a ratio",),
            {"weights": (1 / n,)},
        ),
        Step("share", _ratio, "limit-with-rate", ("share below", "share above")),
        Step(
            "statement",
            _statement,
            "conjunction",
            (
                "theorem:barrier#3",
                "below",
                "above",
                "by 1/e",
                "at most the keys",
                "at most the queries",
                "all keys",
                "share",
            ),
        ),
    ),
)
