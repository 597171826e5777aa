"""Uniform picks under a causal mask: the variance of the number of keys picked."""

import sympy as sp
from sympy.core.symbol import Str

from proofs.language import TRIVIAL, All, Claim, E, Independent, eq, le
from proofs.model import WindowOccupied, WindowPick, i, j, l, n, over_keys, used, window_hit
from proofs.records import Step, Theorem, Variable
from proofs.theorems.causal_occupancy import of_causal, product_by_induction, q, r, run

_rows = (i, 0, n - 1)
_occ = WindowOccupied(n, n)
_one, _other = window_hit(i, j, n), window_hit(i, l, n)
_empty = sp.Product(1 - _one, _rows)
_pair = (1 - _one) * (1 - _other)
_both = sp.Product(_pair, _rows)
_mean_one, _mean_pair = E(1 - _one), E(_pair)
_two = (le(2, n),)
_key, _ordered = (le(j, n - 1),), (le(j + 1, l), le(l, n - 1))
_apart = (le(j + 1, l),)
_missed = j * (l - 1) / (n * (n - 1))
_both_missed = Claim(eq(E(_both), _missed), (*_ordered, *_two))
_variance = Claim(eq(E(_occ**2) - E(_occ) ** 2, (n + 1) / 12), _two)
_statement = All((_variance, _both_missed))

_further = _other.xreplace({l: j + r})
_TWO_KEYS = (
    of_causal("early", eq(E(_one), 1 / (i + 1)), (le(j, i), le(i, n - 1))),
    of_causal("later", eq(_one, 0), (le(i + 1, j),)),
    of_causal("independent", Independent(WindowPick(i, n), i, Str(TRIVIAL))),
    Step("one pick", Claim(eq(_one * _other, sp.KroneckerDelta(j, l) * _one)), "delta-cases"),
    Step("not both, l = j + r", Claim(eq(_one * _further, 0)), "specialise", ("one pick",), {"put": {l: j + r}}),
    Step("not both", Claim(eq(_one * _other, 0), _apart), "specialise", ("not both, l = j + r",), {"put": {r: l - j}}),
    Step("pair", Claim(eq(_pair, 1 - _one - _other), _apart), "combination", ("not both",)),
    Step("mean of pair", Claim(eq(_mean_pair, 1 - E(_one) - E(_other)), _apart), "expectation", ("pair",)),
    Step(
        "other key",
        Claim(eq(E(_other), 1 / (i + 1)), (le(l, i), le(i, n - 1))),
        "specialise",
        ("early",),
        {"put": {j: l}},
    ),
    Step(
        "both seen",
        Claim(eq(_mean_pair, (i - 1) / (i + 1)), (*_apart, le(l, i), le(i, n - 1))),
        "rewrite",
        ("mean of pair", "early", "other key"),
    ),
    Step("other unseen", Claim(eq(_other, 0), (le(i + 1, l),)), "specialise", ("later",), {"put": {j: l}}),
    Step(
        "one seen",
        Claim(eq(_mean_pair, _mean_one), (le(i + 1, l),)),
        "rewrite",
        ("other unseen",),
    ),
    Step("both empty", Claim(eq(E(_both), run(_mean_pair, 0, n - 1))), "independence", ("independent",)),
    Step(
        "stages of two",
        Claim(eq(run(_mean_pair, 0, n - 1), run(_mean_pair, 0, l - 1) * run(_mean_pair, l, n - 1)), (le(l, n - 1),)),
        "sum-split",
        args={"sum": run(_mean_pair, 0, n - 1), "last": l - 1},
    ),
    Step(
        "rows before l",
        Claim(eq(run(_mean_pair, 0, l - 1), run(_mean_one, 0, l - 1))),
        "rewrite",
        ("one seen",),
    ),
    Step(
        "these miss j",
        Claim(eq(run(_mean_one, 0, l - 1), j / l), _ordered),
        "specialise",
        ("theorem:causal-occupancy#3",),
        {"put": {q: l}},
    ),
    Step(
        "rows from l",
        Claim(eq(run(_mean_pair, l, n - 1), run((i - 1) / (i + 1), l, n - 1)), _ordered),
        "rewrite",
        ("both seen",),
    ),
    *product_by_induction("two factors", (i - 1) / (i + 1), l, (l - 1) * l / ((l + r - 1) * (l + r)), (le(1, l),)),
    Step(
        "two factors to n",
        Claim(eq(run((i - 1) / (i + 1), l, n - 1), (l - 1) * l / ((n - 1) * n)), (le(1, l), le(l, n - 1), *_two)),
        "specialise",
        ("two factors",),
        {"put": {r: n - l}},
    ),
    Step(
        "both missed",
        _both_missed,
        "rewrite",
        ("both empty", "stages of two", "rows before l", "these miss j", "rows from l", "two factors to n"),
    ),
)
_square = over_keys(_empty) ** 2
_row = j * (1 - j + n * (n - 1)) / (2 * n * (n - 1))
_second = over_keys(_row)
_places = (1 + n * (n - 1)) * j * (j - 1) / 2 - (j - 1) * j * (2 * j - 1) / 6
_second_value = (n - 1) * (3 * n**2 - 5 * n + 4) / 12 / (n - 1)
_before, _after = (l, 0, j - 1), (l, j + 1, n - 1)
_key_of_two = (le(j, n - 1), le(2, n))
_VARIANCE = (
    of_causal("count", eq(_occ, used(_one))),
    Step(
        "square",
        Claim(eq(_square, over_keys(sp.Sum(_both, (l, 0, n - 1))))),
        "square-of-sum",
        args={"sum": over_keys(_empty), "other": l, "merged": _both},
    ),
    Step(
        "mean square",
        Claim(eq(E(_square), over_keys(sp.Sum(E(_both), (l, 0, n - 1))))),
        "expectation",
        ("square",),
    ),
    Step(
        "earlier keys",
        Claim(eq(sp.Sum(E(_both), (l, 0, n - 1)), sp.Sum(E(_both), _before) + sp.Sum(E(_both), (l, j, n - 1))), _key),
        "sum-split",
        args={"sum": sp.Sum(E(_both), (l, 0, n - 1)), "last": j - 1},
    ),
    Step(
        "the key itself",
        Claim(
            eq(sp.Sum(E(_both), (l, j, n - 1)), E(_both.xreplace({l: j})) + sp.Sum(E(_both), _after)),
            _key,
        ),
        "end-term",
        args={"of": sp.Sum(E(_both), (l, j, n - 1))},
    ),
    Step(
        "at the key",
        Claim(eq(E(_both.xreplace({l: j})), j / n), _key),
        "rewrite",
        ("theorem:causal-occupancy#2",),
    ),
    Step(
        "swapped",
        Claim(eq(E(_both), _missed.xreplace({j: l, l: j})), (le(l + 1, j), *_key_of_two)),
        "specialise",
        ("both missed",),
        {"put": {j: l, l: j}},
    ),
    Step(
        "before",
        Claim(eq(sp.Sum(E(_both), _before), sp.Sum(_missed.xreplace({j: l, l: j}), _before)), _key_of_two),
        "sum-both-sides",
        ("swapped",),
        {"over": _before},
    ),
    Step(
        "sum before",
        Claim(eq(sp.Sum(l, _before), j * (j - 1) / 2)),
        "telescoping",
        args={"sum": sp.Sum(l, _before), "primitive": l * (l - 1) / 2},
    ),
    Step(
        "after",
        Claim(eq(sp.Sum(E(_both), _after), sp.Sum(_missed, _after)), _key_of_two),
        "sum-both-sides",
        ("both missed",),
        {"over": _after},
    ),
    Step(
        "sum after",
        Claim(eq(sp.Sum(l - 1, _after), ((n - 1) * (n - 2) - j * (j - 1)) / 2), _key),
        "telescoping",
        args={"sum": sp.Sum(l - 1, _after), "primitive": (l - 1) * (l - 2) / 2},
    ),
    Step(
        "one row of pairs",
        Claim(eq(sp.Sum(E(_both), (l, 0, n - 1)), _row), _key_of_two),
        "combination",
        ("earlier keys", "the key itself", "at the key", "before", "after", "sum before", "sum after"),
        {"weights": (1, 1, 1, 1, 1, (j - 1) / (n * (n - 1)), j / (n * (n - 1)))},
    ),
    Step(
        "pairs",
        Claim(eq(over_keys(sp.Sum(E(_both), (l, 0, n - 1))), _second), _two),
        "sum-both-sides",
        ("one row of pairs",),
        {"over": (j, 0, n - 1)},
    ),
    Step(
        "pairs in closed form",
        Claim(eq(_second, (_places / (2 * n * (n - 1))).xreplace({j: n})), _two),
        "telescoping",
        args={"sum": _second, "primitive": _places / (2 * n * (n - 1))},
    ),
    Step("complement", Claim(eq(_occ, n - over_keys(_empty))), "rewrite", ("count",)),
    Step(
        "square of complement",
        Claim(eq(_occ**2, n**2 - 2 * n * over_keys(_empty) + _square)),
        "rewrite",
        ("complement",),
    ),
    Step(
        "mean square by keys",
        Claim(eq(E(_occ**2), n**2 - 2 * n * over_keys(E(_empty)) + E(_square))),
        "expectation",
        ("square of complement",),
    ),
    Step("mean by keys", Claim(eq(E(_occ), n - over_keys(E(_empty)))), "expectation", ("complement",)),
    Step(
        "misses of all",
        Claim(eq(over_keys(E(_empty)), (n - 1) / 2)),
        "combination",
        ("mean by keys", "theorem:causal-occupancy#1"),
        {"weights": (1, -1)},
    ),
    Step(
        "mean square of empty",
        Claim(eq(E(_square), (_places / (2 * n * (n - 1))).xreplace({j: n})), _two),
        "combination",
        ("mean square", "pairs", "pairs in closed form"),
    ),
    Step(
        "second moment",
        Claim(eq(E(_occ**2), n + (_places / (2 * n * (n - 1))).xreplace({j: n})), _two),
        "combination",
        ("mean square by keys", "misses of all", "mean square of empty"),
        {"weights": (1, -2 * n, 1)},
    ),
    Step("variance", _variance, "rewrite", ("second moment", "theorem:causal-occupancy#1")),
)

THEOREM = Theorem(
    id="causal-variance",
    title="The variance of uniform picks under a causal mask",
    prose=(
        "Queries 0..n-1 pick independently, query i uniformly among the keys 0..i. For n >= 2 the number of keys "
        "picked has variance (n + 1) / 12. Keys j < l < n are picked by none with chance j (l - 1) / (n (n - 1))."
    ),
    statement=_statement,
    variables=(Variable(n, "number of keys and queries"), Variable(j, "a key"), Variable(l, "a later key")),
    assumptions=("uniform-window-picks",),
    depends_on=("causal-occupancy",),
    steps=(*_TWO_KEYS, *_VARIANCE, Step("statement", _statement, "conjunction", ("variance", "both missed"))),
)
