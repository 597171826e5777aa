"""A layer of two heads of size 2 that no layer of two heads of size 1 equals."""

from typing import Any

import sympy as sp

from proofs.language import All, Claim, MatrixRank, eq, le, lt
from proofs.model import LayerKeyWeight, LayerQueryWeight, OtherOutput, OtherScore, OtherValue, a, b, e, i
from proofs.model.heads import OTHER, QUERY, dot, other_score, other_value, weight_of_other
from proofs.records import Step, Theorem, Variable

_both = (0, 1)
_unit = ((1, 0), (0, 1))
_cells = tuple((place, column) for place in _both for column in _both)
_v = tuple(sp.Symbol(f"v{place}", real=True) for place in (1, 2))
"""The difference between the two tokens."""
_shift = dict(zip(OTHER, (QUERY[place] + _v[place] for place in _both), strict=True))
_out = tuple(tuple(OtherOutput(head, place) for place in _both) for head in _both)
_in = tuple(tuple(OtherValue(head, place) for place in _both) for head in _both)
_square = dot(QUERY, QUERY)
_share = weight_of_other(_square, dot(OTHER, QUERY)).xreplace(_shift)
_LAYERS = ("assumption:layers-agree.first", "assumption:layers-agree.second")


def _value_sum(place: int, column: int) -> Claim:
    """Return that the values of the heads add up to the identity, W_o W_v being a product of two vectors."""
    return Claim(eq(_out[0][place] * _in[0][column] + _out[1][place] * _in[1][column], int(place == column)))


def _values() -> tuple[Step, ...]:
    """Return the steps to: sum W_o W_v = I, seen on two equal tokens."""
    steps = []
    for place in _both:
        total = _out[0][place] * other_value(0, QUERY) + _out[1][place] * other_value(1, QUERY)
        steps.append(
            Step(
                f"equal tokens {place}",
                Claim(eq(QUERY[place], total)),
                "specialise",
                (_LAYERS[place],),
                {"put": dict(zip(OTHER, QUERY, strict=True))},
            )
        )
        for column in _both:
            at = dict(zip(QUERY, map(sp.Integer, _unit[column]), strict=True))
            claim = _value_sum(place, column)
            steps += [
                Step(
                    f"unit token {place}{column}",
                    Claim(eq(claim.conclusion.rhs, claim.conclusion.lhs)),
                    "specialise",
                    (f"equal tokens {place}",),
                    {"put": at},
                ),
                Step(
                    f"sum {place}{column}",
                    claim,
                    "combination",
                    (f"unit token {place}{column}",),
                    {"weights": (-1,)},
                ),
            ]
    return tuple(steps)


def _product(head: int, other: int) -> Step:
    """Return the step to: W_v W_o is 1 within a head and 0 between two; a right inverse is a left one.

    Let B have the columns W_o, C the rows W_v, and F = B C - I, which is 0. Then det C adj(B) F B is
    det B det C (C B - I), and det B det C = det(I + F) = 1 + F_00 (1 + F_11) + F_11 - F_01 F_10.
    """
    apart = {cell: _value_sum(*cell).conclusion.lhs - _value_sum(*cell).conclusion.rhs for cell in _cells}
    columns, rows = sp.Matrix(_out).T, sp.Matrix(_in)
    wanted = dot(_in[head], _out[other]) - int(head == other)
    adjugate = columns.adjugate()
    weights = {cell: rows.det() * adjugate[head, cell[0]] * columns[cell[1], other] for cell in _cells}
    weights[0, 0] -= wanted * (1 + apart[1, 1])
    weights[1, 1] -= wanted
    weights[0, 1] += wanted * apart[1, 0]
    return Step(
        f"product {head}{other}",
        Claim(eq(dot(_in[head], _out[other]), int(head == other))),
        "combination",
        tuple(f"sum {place}{column}" for place, column in _cells),
        {"weights": tuple(weights[cell] for cell in _cells)},
    )


def _weight(head: int) -> Any:
    return weight_of_other(other_score(head, QUERY, QUERY), other_score(head, OTHER, QUERY)).xreplace(_shift)


def _forms(vector: Any, head: int) -> Claim:
    """Return that the inner product of a vector and the query is the head's form of them."""
    return Claim(eq(dot(vector, QUERY), other_score(head, vector, QUERY)))


def _same_forms(head: int) -> tuple[Step, ...]:
    """Return the steps to: where the head's value of a vector is positive, its form is the inner product."""
    name, away = f"head {head}", other_value(head, _v)
    mixed = tuple(other_value(one, QUERY) + other_value(one, _v) * _weight(one) for one in _both)
    positive = (lt(0, away),)
    plain, formed = _forms(_v, head).conclusion.args
    own = other_score(head, QUERY, QUERY)
    sums = plain + _square + own, formed + _square + own
    denominators = (sp.exp(_square) + sp.exp(plain + _square)) * (sp.exp(own) + sp.exp(formed + own))
    return (
        Step(
            f"{name}, attention",
            Claim(eq(away * _share, away * _weight(head))),
            "combination",
            ("apart 0", "apart 1", f"product {head}0", f"product {head}1"),
            {"weights": (*_in[head], *mixed)},
            "W_v of the head takes its own part out of the sum",
        ),
        Step(
            f"{name}, same attention",
            Claim(eq(_share, _weight(head)), positive),
            "combination",
            (f"{name}, attention",),
            {"weights": (1 / away,)},
        ),
        Step(
            f"{name}, exponentials",
            Claim(eq(*map(sp.exp, sums)), positive),
            "combination",
            (f"{name}, same attention",),
            {"weights": (denominators,)},
        ),
        Step(f"{name}, sums", Claim(eq(*sums), positive), "monotone", (f"{name}, exponentials",), {"function": "log"}),
        Step(f"{name}, forms", Claim(eq(plain, formed), positive), "combination", (f"{name}, sums",)),
    )


def _entry(head: int, row: int, column: int) -> Claim:
    return Claim(eq(OtherScore(head, row, column), int(row == column)))


def _entries(head: int) -> tuple[Step, ...]:
    """Return the steps to: the form of the head is the identity, for the vectors W_o span the plane."""
    name, other = f"head {head}", 1 - head
    both = tuple(_out[head][place] + _out[other][place] for place in _both)
    steps = []
    for word, vector in (("own", _out[head]), ("both", both)):
        used = (f"product {head}{head}", f"product {head}{other}")[: 1 + (word == "both")]
        steps += [
            Step(
                f"{name}, {word} positive",
                Claim(lt(0, other_value(head, vector))),
                "combination",
                used,
                {"weights": (-1,) * len(used)},
            ),
            Step(
                f"{name}, {word} output",
                _forms(vector, head),
                "specialise",
                (f"{name}, forms", f"{name}, {word} positive"),
                {"put": dict(zip(_v, vector, strict=True))},
            ),
        ]
    for row in _both:
        along = tuple(other_score(head, unit, QUERY) - dot(unit, QUERY) for unit in _unit)
        steps.append(
            Step(
                f"{name}, row {row}",
                _forms(_unit[row], head),
                "combination",
                (f"{name}, own output", f"{name}, both output", f"sum 0{row}", f"sum 1{row}"),
                {"weights": (_in[head][row] - _in[other][row], _in[other][row], *along)},
            )
        )
        for column in _both:
            claim = _entry(head, row, column)
            at = dict(zip(QUERY, map(sp.Integer, _unit[column]), strict=True))
            steps += [
                Step(
                    f"{name}, at {row}{column}",
                    Claim(eq(claim.conclusion.rhs, claim.conclusion.lhs)),
                    "specialise",
                    (f"{name}, row {row}",),
                    {"put": at},
                ),
                Step(
                    f"{name}, entry {row}{column}",
                    claim,
                    "combination",
                    (f"{name}, at {row}{column}",),
                    {"weights": (-1,)},
                ),
            ]
    return tuple(steps)


_form = LayerKeyWeight(i, 0, a) * LayerQueryWeight(i, 0, b)
_one_row = sp.Sum(LayerKeyWeight(i, e, a) * LayerQueryWeight(i, e, b), (e, 0, 0))
_narrow = Claim(le(MatrixRank(_form, a, b, 2, 2), 1))
_identity = Claim(eq(MatrixRank(sp.KroneckerDelta(a, b), a, b, 2, 2), 2))
_statement = All((*(_entry(head, *cell) for head in _both for cell in _cells), _narrow, _identity))

THEOREM = Theorem(
    id="fixed-head-size-strict",
    title="A layer of larger heads that no layer of smaller heads equals",
    prose=(
        "In two dimensions, a layer of two heads of size 2 with W_k = W_q = 2^(1/4) I, W_v = I and W_o = I/2 gives a "
        "token x beside a token y their mean with weights in proportion to exp(x.x) and exp(y.x). If a layer of two "
        "heads, each with W_v of one row, W_o of one column and any form A_0 or A_1, so that z^T A_0 x is the score of "
        "key z and query x, has the same output for x for all tokens x and y, then A_0 = A_1 = I. That has rank 2, "
        "while W_k^T W_q of a head of size 1 has rank at most 1: no layer of two heads of size 1 (d/h = 1) equals it."
    ),
    statement=_statement,
    variables=(Variable(i, "a head of size 1"),),
    assumptions=("layers-agree",),
    references=("Bhojanapalli et al., Low-rank bottleneck in multi-head attention models (2020), Theorem 2",),
    steps=(
        *_values(),
        *(_product(*cell) for cell in _cells),
        *(
            Step(
                f"apart {place}",
                Claim(
                    eq(
                        QUERY[place] + _v[place] * _share,
                        sum(
                            _out[head][place] * (other_value(head, QUERY) + other_value(head, _v) * _weight(head))
                            for head in _both
                        ),
                    )
                ),
                "specialise",
                (_LAYERS[place],),
                {"put": _shift},
            )
            for place in _both
        ),
        *_same_forms(0),
        *_same_forms(1),
        *_entries(0),
        *_entries(1),
        Step("one row", Claim(eq(_one_row, _form)), "written-out", args={"sum": _one_row}),
        Step("row of a head", Claim(eq(_form, _one_row)), "combination", ("one row",), {"weights": (-1,)}),
        Step("narrow", _narrow, "rank-of-sum", ("row of a head",), {"terms": _one_row}),
        Step("identity", _identity, "rank-of-identity"),
        Step(
            "statement",
            _statement,
            "conjunction",
            (
                *(f"head {head}, entry {row}{column}" for head in _both for row, column in _cells),
                "narrow",
                "identity",
            ),
        ),
    ),
)
