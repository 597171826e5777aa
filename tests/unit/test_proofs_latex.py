"""LaTeX: read back by a reader of its own, formulas mean what the expressions mean; and nothing is left unnamed."""

from __future__ import annotations

import cmath
import dataclasses
import itertools
import math
import re

import pytest
import sympy as sp
from hypothesis import assume, given
from hypothesis import strategies as st
from sympy.core.relational import Relational

import proofs
from proofs import grammar, language, model
from proofs.language import ALIGNED, KEYS, All, Below, Claim, E, Independent, NormalTail, eq, le
from proofs.latex import claim_to_latex, escape, notation_of, theorem_to_latex, to_latex
from proofs.latex.meaning import parts_of
from proofs.latex.notation import KNOWLEDGE, QUANTITIES
from proofs.latex.statements import Printer
from proofs.model import ChiSquare, Occupied, Pick, Rank, c, d, i, j, k, m, n, over_keys, x
from proofs.theorems import library

# The reader: a formula is evaluated as it is printed. How far a sum or a product reaches is a matter of convention; the
# formula has to mean the same under each of these.
BODIES = ("a product", "everything", "a product for sums and a factor for products")


class Reader:
    """Evaluates a formula; ``values`` are those of its letters."""

    def __init__(self, text, values, reach):
        self.tokens = re.findall(r"\\left\\lceil|\\right\\rceil|\\left\(|\\right\)|\\[A-Za-z]+|\d+|[^\s]", text)
        self.values = values
        self.reach = reach
        self.place = 0

    def peek(self):
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected=None):
        token = self.peek()
        assert expected in (None, token), (expected, token, self.tokens)
        self.place += 1
        return token

    def group(self):
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def raw(self):
        self.take("{")
        depth, text = 1, ""
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return text
            text += token

    def sum(self):
        value = self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self):
        if self.peek() == "-":
            self.take()
            return -self.product()
        value = self.power()
        while self.peek() not in ("", "+", "-", "}", r"\right)", r"\right\rceil", ","):
            if self.peek() == r"\cdot":
                self.take()
            value = value * self.power()
        return value

    def power(self):
        value = self.atom()
        while self.peek() in ("!", "^"):
            value = math.factorial(round(value.real)) if self.take() == "!" else _power(value, self.group())
        return value

    def atom(self):
        token = self.take()
        if token.isdigit():
            return complex(int(token))
        if token == r"\left(":
            value = self.sum()
            self.take(r"\right)")
            return value
        if token == r"\left\lceil":
            value = self.sum()
            self.take(r"\right\rceil")
            return complex(math.ceil(value.real))
        if token == r"\frac":
            above = self.group()
            return above / self.group()
        if token == r"\binom":
            above = round(self.group().real)
            return complex(math.comb(above, round(self.group().real)))
        if token == r"\sqrt":
            return cmath.sqrt(self.group())
        if token == r"\log":
            assert self.peek() == r"\left("
            return cmath.log(self.atom())
        if token == r"\mathrm":
            assert self.raw() == "e"
            return complex(math.e)
        if token == r"\pi":
            return complex(math.pi)
        if token in (r"\sum", r"\prod"):
            return self.big(token)
        if token == r"\delta" and self.peek() == "_" and "," in "".join(self.tokens[self.place : self.place + 12]):
            self.take()
            self.take("{")
            left = self.sum()
            self.take(",")
            right = self.sum()
            self.take("}")
            return complex(abs(left - right) < 1e-9)
        if self.peek() == "_":
            self.take()
            token += f"_{self.raw()}"
        return self.values[token]

    def big(self, sign):
        self.take("_")
        self.take("{")
        index = self.take()
        self.take("=")
        low = round(self.sum().real)
        self.take("}")
        self.take("^")
        high = round(self.group().real)
        body, outside, found = self.place, self.values, []
        for value in range(low, high + 1) or [low]:
            self.place = body
            self.values = {**outside, index: complex(value)}
            found.append(self.body(sign))
        self.values = outside
        found = found if high >= low else []
        return sum(found, 0j) if sign == r"\sum" else math.prod(found, start=1 + 0j)

    def body(self, sign):
        if self.reach == BODIES[1]:
            return self.sum()
        return self.power() if self.reach == BODIES[2] and sign == r"\prod" else self.product()


def _power(base, exponent):
    if base == 0 and exponent.real < 0:
        raise ZeroDivisionError
    if base == 0:
        return complex(exponent == 0)
    return base**exponent


def meaning(expr, values):
    """Evaluate an expression without SymPy."""
    if expr in values:
        return values[expr]
    if expr.is_Rational:
        return complex(expr.p / expr.q)
    if expr == sp.E or expr == sp.pi:
        return complex(float(expr))
    if isinstance(expr, (sp.Sum, sp.Product)):
        ((index, low, high), *others) = reversed(expr.limits)
        inner = expr.func(expr.function, *reversed(others)) if others else expr.function
        low, high = (round(meaning(end, values).real) for end in (low, high))
        found = [meaning(inner, {**values, index: complex(at)}) for at in range(low, high + 1)]
        return sum(found, 0j) if isinstance(expr, sp.Sum) else math.prod(found, start=1 + 0j)
    args = [meaning(arg, values) for arg in expr.args]
    return {
        sp.Add: lambda: sum(args, 0j),
        sp.Mul: lambda: math.prod(args, start=1 + 0j),
        sp.Pow: lambda: _power(*args),
        sp.exp: lambda: cmath.exp(args[0]),
        sp.log: lambda: cmath.log(args[0]),
        sp.KroneckerDelta: lambda: complex(abs(args[0] - args[1]) < 1e-9),
        sp.binomial: lambda: complex(math.comb(round(args[0].real), round(args[1].real))),
        sp.factorial: lambda: complex(math.factorial(round(args[0].real))),
        sp.ceiling: lambda: complex(math.ceil(args[0].real)),
    }[expr.func]()


def read_back(expr, values):
    """Check that the formula of an expression means what the expression means."""
    try:
        expected = meaning(expr, values)
    except (OverflowError, ValueError, ZeroDivisionError):
        return False
    if not cmath.isfinite(expected) or abs(expected) > 1e12:
        return False
    letters = {to_latex(symbol).replace("{", "").replace("}", ""): value for symbol, value in values.items()}
    for reach in BODIES:
        reader = Reader(to_latex(expr), letters, reach)
        found = reader.sum()
        assert not reader.peek(), (to_latex(expr), reader.tokens[reader.place :])
        assert cmath.isclose(found, expected, rel_tol=1e-6, abs_tol=1e-6), (expr, to_latex(expr), found, expected)
    return True


SYMBOLS = sp.symbols("x y z alpha", positive=True)
INDEX = sp.Symbol("j", integer=True, nonnegative=True)
COUNT = sp.Symbol("n", integer=True, positive=True)
LEAVES = st.sampled_from([*SYMBOLS, COUNT, INDEX, *map(sp.Rational, ("-1", "2", "3", "1/2", "-2/3")), sp.E, sp.pi])


def _larger(parts):
    pairs = st.tuples(parts, parts)
    flag = st.booleans()
    return st.one_of(
        st.builds(lambda pair, ev: sp.Add(*pair, evaluate=ev), pairs, flag),
        st.builds(lambda pair, ev: sp.Mul(*pair, evaluate=ev), pairs, flag),
        st.builds(lambda pair: pair[0] - pair[1], pairs),
        st.builds(lambda pair: pair[0] / (pair[1] + 7), pairs),
        st.builds(
            lambda base, power: base**power, parts, st.sampled_from([2, -1, sp.Rational(1, 2), -COUNT, COUNT - 1])
        ),
        st.builds(sp.exp, parts),
        st.builds(lambda part: sp.log(part + 9), parts),
        st.builds(lambda part: sp.Sum(part, (INDEX, 0, COUNT - 1)), parts),
        st.builds(lambda part: sp.Product(part, (INDEX, 0, COUNT - 1)), parts),
    )


@given(st.recursive(LEAVES, _larger, max_leaves=7))
def test_no_parenthesis_is_lost(expr):
    assume(not expr.has(sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan))  # numbers that are not in the language
    big = [node for node in sp.preorder_traversal(expr) if isinstance(node, (sp.Sum, sp.Product))]
    assume(not any(node.function.has(sp.Sum, sp.Product) for node in big))  # there is but one index
    values = dict(zip((*SYMBOLS, INDEX, COUNT), (0.7, 1.3, 2.1, 0.4, 1, 3), strict=True))
    read_back(expr, {symbol: complex(value) for symbol, value in values.items()})


def test_the_reader_misses_a_lost_parenthesis():
    letters = {"x": 0.7 + 0j, "n": 3 + 0j}
    for formula, right, wrong in [
        (r"2 \left(x + 1\right)", 3.4, r"2 x + 1"),
        (r"x - \left(1 - x\right)", 0.4, r"x - 1 - x"),
        (r"\left(x + 1\right)^{n}", 4.913, r"x + 1^{n}"),
        (r"\left(\sum_{j=0}^{n - 1} x\right) + 1", 3.1, r"\sum_{j=0}^{n - 1} x + 1"),
        (r"\left(\prod_{j=0}^{n - 1} x\right) x", 0.2401, r"\prod_{j=0}^{n - 1} x x"),
        (r"\prod_{j=0}^{n - 1} \left(2 x\right)", 2.744, r"\prod_{j=0}^{n - 1} 2 x"),
    ]:
        assert {round(Reader(formula, letters, reach).sum().real, 6) for reach in BODIES} == {right}
        assert {round(Reader(wrong, letters, reach).sum().real, 6) for reach in BODIES} != {right}


def _structure(expr):
    """Put a symbol in the place of every quantity that has no plain value, and say where it stood."""
    special = (*(getattr(model, name, None) or getattr(language, name) for name in QUANTITIES), E, Below, sp.gamma)
    special += tuple(
        kind for kind in vars(language).values() if isinstance(kind, type) and issubclass(kind, language._Head)
    )
    names = (sp.Symbol(f"g{number}", positive=True) for number in itertools.count(1))
    return expr.replace(
        lambda node: (
            isinstance(node, special) or (isinstance(node, sp.KroneckerDelta) and node.has(language.RandomVariable))
        ),
        lambda node: next(names),
    )


@pytest.mark.parametrize("theorem_id", proofs.theorem_ids())
def test_the_formulas_of_a_proof_mean_what_the_claims_mean(theorem_id):
    parts = [part for step in proofs.theorem(theorem_id).steps for part in parts_of(step.claim)]
    relations = [one for part in parts for one in (part.conclusion, *part.where)]
    sides = [side for one in relations if isinstance(one, Relational) for side in (one.lhs, one.rhs)]
    read = 0
    for side in map(_structure, sides):
        reals = (0.3 + 0.17 * at for at in itertools.count())
        whole = itertools.cycle([3, 2, 4])
        symbols = sorted(side.atoms(sp.Symbol), key=str)
        read += read_back(side, {one: complex(next(whole if one.is_integer else reals)) for one in symbols})
    assert read > 0.9 * len(sides)


@pytest.mark.parametrize(
    ("expr", "formula"),
    [
        (E(Rank(n, m, d), KEYS), r"\mathbb{E}\left[D \,\middle|\, \mathcal{K}\right]"),
        (E(Rank(n, n, d) ** 2), r"\mathbb{E}\left[\left(D^{(n, n, d)}\right)^{2}\right]"),
        (E(Rank(n, m, d)) ** 2, r"\left(\mathbb{E}\left[D\right]\right)^{2}"),
        (E(Below(ChiSquare(d - 1), x)), r"\mathbb{P}\left(\chi^{2}_{d - 1} < x\right)"),
        (E(1 - Below(ChiSquare(d), x), ALIGNED), r"\mathbb{P}\left(\chi^{2}_{d} \geq x \,\middle|\, R, C\right)"),
        (E(2 - Below(ChiSquare(d), x)), r"\mathbb{E}\left[2 - \mathbf{1}\left\{\chi^{2}_{d} < x\right\}\right]"),
        (ChiSquare(d) ** 2, r"\left(\chi^{2}_{d}\right)^{2}"),
        (sp.KroneckerDelta(Pick(i, n, m, d), j), r"\mathbf{1}\left\{J_{i} = j\right\}"),
        (E(1 - sp.KroneckerDelta(Pick(i, n, m, d), j)), r"\mathbb{P}\left(J_{i} \neq j\right)"),
        (sp.KroneckerDelta(j, k), r"\delta_{j, k}"),
        (NormalTail(x) ** 2, r"\left(\bar{\Phi}\left(x\right)\right)^{2}"),
        (sp.log(x) ** 2, r"\left(\log\left(x\right)\right)^{2}"),
        (sp.ceiling(c * sp.log(n)), r"\left\lceil c \log\left(n\right) \right\rceil"),
        (sp.factorial(n - k) / sp.factorial(k), r"\frac{\left(n - k\right)!}{k!}"),
        (sp.Mul(2, sp.Integer(3) ** n, evaluate=False), r"2 \cdot 3^{n}"),
        (1 - over_keys(x) + n, r"n + 1 - \sum_{j=0}^{n - 1} x"),
        (n * over_keys(1 - x), r"n \sum_{j=0}^{n - 1} \left(1 - x\right)"),
        (over_keys(x) * over_keys(x + 1), r"\left(\sum_{j=0}^{n - 1} x\right) \sum_{j=0}^{n - 1} \left(x + 1\right)"),
        (language.Lim(E(Rank(n, m, d)) + 1, d), r"\lim_{d \to \infty} \left(\mathbb{E}\left[D\right] + 1\right)"),
        (language.LimSup(x, n) + 1, r"1 + \limsup_{n \to \infty} x"),
        (
            Independent(Pick(i, n, m, d), i, sp.core.symbol.Str(KEYS)),
            r"\left(J_{i}\right)_{i} \text{ independent}\text{ given } \mathcal{K}",
        ),
        (language.Exists(d, le(1, x)), r"\exists\, d \in \{1, 2, \ldots\} :\; 1 \leq x"),
        (sp.Symbol("theta1"), r"\theta_{1}"),
        (sp.Add(x, sp.Mul(-1, 1 - c, evaluate=False), evaluate=False), r"x - \left(1 - c\right)"),
        (sp.Add(x, sp.Add(1, c), evaluate=False), r"x + \left(c + 1\right)"),
        (sp.Mul(1, 1 + c, evaluate=False) * x, r"x \left(c + 1\right)"),
        (sp.Mul(x, -c, evaluate=False), r"\left(-c\right) x"),
        (sp.Product(2 * x, (j, 0, n - 1)), r"\prod_{j=0}^{n - 1} \left(2 x\right)"),
        (sp.Sum(x, (i, 0, j), (j, 0, n - 1)), r"\sum_{j=0}^{n - 1} \sum_{i=0}^{j} x"),
        (sp.Rational(1, 2) ** n, r"\left(\frac{1}{2}\right)^{n}"),
        (-over_keys(x - 1), r"-\sum_{j=0}^{n - 1} \left(x - 1\right)"),
    ],
)
def test_notation(expr, formula):
    assert to_latex(expr) == formula


def test_conditions_follow_the_conclusion():
    claim = Claim(eq(x, 1), (le(0, x), le(x, 2)))
    assert claim_to_latex(claim) == r"x = 1 \quad \text{for } 0 \leq x,\; x \leq 2"


class Stranger(language.RandomVariable):
    """Something new."""


class StrangePredicate(language._Predicate):
    """Something else."""


@pytest.mark.parametrize(
    "expr",
    [
        Stranger(n),
        1 + Stranger(n),
        E(Stranger(n)),
        StrangePredicate(x),
        sp.Function("f")(x),
        sp.sin(x),
        sp.Symbol("head"),
    ],
)
def test_what_has_no_notation_is_an_error(expr):
    with pytest.raises(TypeError, match="there is no notation for"):
        to_latex(expr)


@pytest.mark.parametrize("word", sorted(grammar._WORDS, key=lambda word: word.__name__), ids=lambda word: word.__name__)
def test_every_word_of_the_language_has_a_notation(word):
    """A new head needs a line in proofs/latex/notation.py, or a method in proofs/latex."""
    if word in (language.RandomVariable, sp.core.symbol.Str):  # never written by themselves
        return
    methods = (getattr(Printer, f"_print_{kind.__name__}", None) for kind in word.__mro__)
    printed = next((method for method in methods if method is not None and "proofs.latex" in method.__module__), None)
    assert word.__name__ in QUANTITIES or printed is not None


def test_every_knowledge_has_a_notation():
    known = {value for name, value in vars(language).items() if name.isupper() and isinstance(value, str)}
    assert known - {"trivial"} == set(KNOWLEDGE)
    assert set(QUANTITIES) >= {name for names in KNOWLEDGE.values() for name in names}


def test_no_two_quantities_are_written_alike():
    letters = [one.letter or one.form for one in QUANTITIES.values()]
    assert len(letters) == len(set(letters))


COMMANDS = set(
    re.findall(
        r"\\[A-Za-z]+",
        r"""
        \alpha \beta \gamma \delta \epsilon \zeta \eta \theta \iota \kappa \lambda \mu \nu \xi \rho \sigma \tau \phi
        \chi \psi \omega \Phi \Gamma \Lambda \varrho \pi \bar \hat \binom \cdot \exists \forall \frac \genfrac \geq
        \in \infty \int \ldots \leq \lim \liminf \limsup \log \mathbb \mathbf \mathcal \mathrm \middle \neq \prod
        \quad \sqrt \sum \text \to \left \right \lceil \rceil
        """,
    )
)


def leftovers(formula):
    """Return what in a formula is no notation: unknown commands, words, and signs of Python's."""
    without_text = re.sub(r"\\text\{[^{}]*\}|\\math(?:rm|bb|bf|cal)\{(?:Occ|rank|[A-Za-z1])\}", " ", formula)
    commands = set(re.findall(r"\\[A-Za-z]+", without_text)) - COMMANDS
    rest = re.sub(r"\\[A-Za-z]+|\\[,;{}]|0pt", " ", without_text)
    return commands | set(re.findall(r"[A-Za-z]{2,}|_(?!\{)|\*\*|\*|==", rest))


DOUBLE_SUPERSCRIPT = re.compile(r"'_\{(?:[^{}]|\{[^{}]*\})*\}\^")
"""A prime is a superscript, and TeX joins it with another one only where that follows at once."""


def test_double_superscripts_are_found():
    assert DOUBLE_SUPERSCRIPT.search(r"J'_{i_{1}}^{(n, d)}")
    assert DOUBLE_SUPERSCRIPT.search(r"J'_{0}^{2}")
    assert not DOUBLE_SUPERSCRIPT.search(r"J'^{(n, d)}_{i_{1}} + J'_{0} + x^{2}")


def test_leftovers_are_found():
    assert leftovers(r"E(Rank(n, m, d), trivial) <= n**2 + \operatorname{Rank} + x_1 + \mathrm{Pick}") == {
        "Rank",
        "trivial",
        "**",
        r"\operatorname",
        "_",
        "Pick",
    }
    assert leftovers(r"\mathbb{E}\left[D\right] \leq \mathrm{e}^{-1} \text{ for } n_{0}") == set()


@pytest.mark.parametrize("theorem_id", proofs.theorem_ids())
def test_no_name_of_the_program_is_left(theorem_id):
    theorem = proofs.theorem(theorem_id)
    claims = [step.claim for step in theorem.steps]
    for claim in (part for one in claims for part in parts_of(one)):
        formula = claim_to_latex(claim)
        assert leftovers(formula) == set(), formula
        assert formula.count("{") == formula.count("}")
        assert not DOUBLE_SUPERSCRIPT.search(formula), formula
        assert formula.count(r"\left") - formula.count(r"\leftarrow") == formula.count(r"\right")
    for formula, meaning_ in notation_of(claims):
        assert leftovers(formula) == set(), formula
        assert "`" not in meaning_
        assert meaning_
        assert not any(leftovers(piece) for piece in meaning_.split("$")[1::2]), meaning_


@pytest.mark.thorough
def test_formulas_are_what_another_reader_of_latex_accepts():
    from matplotlib.mathtext import MathTextParser

    parser = MathTextParser("path")
    steps = [step for theorem in library().values() for step in theorem.steps]
    formulas = {claim_to_latex(part) for step in steps for part in parts_of(step.claim)}
    for formula in sorted(formulas, key=len)[:: max(1, len(formulas) // 60)]:
        if len(formula) < 400:
            parser.parse(f"${formula.replace('0pt', '0')}$")


@pytest.mark.parametrize("theorem_id", ["barrier", "paper-barrier-literal", "rank-is-occupancy"])
def test_a_theorem_and_its_proof(theorem_id):
    theorem, derivation = proofs.theorem(theorem_id), proofs.check(theorem_id)
    statuses = dict.fromkeys(theorem.depends_on, "checked")
    text = theorem_to_latex(theorem, derivation, statuses)
    opened = []
    for kind, name in re.findall(r"\\(begin|end)\{([a-z*]+)\}", text):
        if kind == "begin":
            opened.append(name)
        else:
            assert opened.pop() == name
    assert opened == []
    assert text.startswith(rf"\begin{{theorem}}[{{{escape(theorem.title)}}}]")
    assert "Not proved" not in text
    assert escape(theorem.prose) in text
    for number, step in enumerate(theorem.steps, 1):
        assert rf"\item[({number})]" in text
        assert escape(step.because) in text
    for item in derivation.ledger:
        assert escape(item.name) in text
        if item.kind in ("rule", "citation", "gap"):
            assert escape(item.text) in text
    assert text.count(r"\emph{theorem} ") == len(theorem.depends_on)
    assert all(f"{name}: checked" in text for name in theorem.depends_on)
    assert re.search(r"(?<!\\)[#&%]", text.replace(r"\\", "")) is None


@pytest.mark.parametrize("status", ["rejected", "partial", "undecided"])
def test_a_theorem_that_is_not_checked_says_so(status):
    theorem, derivation = proofs.theorem("barrier"), proofs.check("barrier")
    steps = (
        dataclasses.replace(derivation.steps[0], status="rejected", detail="no 100% of it"),
        *derivation.steps[1:-1],
    )
    doubtful = dataclasses.replace(derivation, status=status, detail="because_of a gap", steps=steps)
    text = theorem_to_latex(theorem, doubtful, {})
    assert rf"\textbf{{Not proved: the derivation is {status}.}} because\_of a gap" in text
    assert r"\textbf{This step is rejected: no 100\% of it.}" in text
    assert text.count(r"\textbf{Not checked.}") == 1
    assert "rank-is-occupancy: not checked" in text


def test_text_is_printed_as_it_stands():
    assert escape(r"a_b <= c^2 & 100% {x} $5 #1 ~ \ | -> y") == (
        r"a\_b $\le$ c\textasciicircum{}2 \& 100\% \{x\} \$5 \#1 \textasciitilde{} \textbackslash{} \textbar{} $\to$ y"
    )


def test_a_conjunction_has_parts():
    claim = Claim(eq(Occupied(n, m), 1))
    assert parts_of(All((claim, claim))) == (claim, claim)
    assert parts_of(claim) == (claim,)
