"""What counts as checked.

The kernel resolves the premises of every step, hands claim and premises to the rule that the step names, and believes
nothing else: a step is accepted only if its rule returned without complaint. A theorem is checked only if every step
is accepted, the last step's claim is its statement, and every theorem it leans on is checked itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp

from proofs.ball_use import watched
from proofs.counterexamples import contradiction, undefined_at
from proofs.grammar import argument_problem, of_two_planes, undefined, unshown_limit
from proofs.grammar import problem as unsayable
from proofs.integrability import unshown_mean
from proofs.language import All, Claim, Integral, LimitOf, RandomVariable, bound_symbols
from proofs.literature import LITERATURE
from proofs.model import ASSUMPTIONS, granted
from proofs.records import (
    ACCEPTED,
    BY_BALLS,
    BY_CITATION,
    BY_RULE,
    CHECKED,
    PARTIAL,
    REJECTED,
    UNDECIDED,
    Citation,
    Derivation,
    LedgerItem,
    Step,
    StepReport,
    Theorem,
)
from proofs.rules import RULES
from proofs.rules.base import Refused, Unknown
from rankbound.errors import invalid

_INHERITED = ("citation", "library", "gap")
_WORST_FIRST = (REJECTED, UNDECIDED, PARTIAL, CHECKED)


def check(
    theorem: Theorem,
    library: Mapping[str, Theorem],
    *,
    done: dict[str, Derivation] | None = None,
    literature: Mapping[str, Citation] = LITERATURE,
) -> Derivation:
    """Check a theorem and, first, the theorems of ``library`` that it leans on.

    Parameters
    ----------
    theorem : Theorem
    library : mapping of id to Theorem
        Where the theorems of ``depends_on`` are found.
    done : dict, optional
        Derivations of this process to reuse; the ones made here are added.
    literature : mapping of id to Citation
        The one list that may be cited.

    Raises
    ------
    ValueError
        On a dependency that is unknown or cyclic.
    """
    done = {} if done is None else done
    order = _dependencies(theorem, library)
    for needed in order:
        if needed.id not in done:
            done[needed.id] = _check_one(needed, library, done, literature)
    derivation = _check_one(theorem, library, done, literature)
    done[theorem.id] = derivation
    return derivation


def check_step(
    step: Step,
    theorem: Theorem,
    library: Mapping[str, Theorem],
    *,
    literature: Mapping[str, Citation] = LITERATURE,
) -> StepReport:
    """Check one step alone, which need not be the theorem's own.

    Parameters
    ----------
    step : Step
        Its premises may be the steps of ``theorem`` before the one of its name; these are taken as they are claimed.
    theorem, library, literature
        As for :func:`check`.
    """
    earlier: dict[str, Claim | All] = {}
    for other in theorem.steps:
        if other.name == step.name:
            break
        earlier[other.name] = other.claim
    return _check_step(step, theorem, earlier, library, literature)


def _dependencies(theorem: Theorem, library: Mapping[str, Theorem]) -> list[Theorem]:
    """Theorems that ``theorem`` leans on, each after its own dependencies."""
    order: list[Theorem] = []
    finished: set[str] = set()

    def visit(current: Theorem, path: tuple[str, ...]) -> None:
        if current.id in path:
            cycle = " -> ".join((*path[path.index(current.id) :], current.id))
            raise invalid("depends_on", cycle, "no theorem that leans on itself", "break the circle")
        if current.id in finished:
            return
        for name in current.depends_on:
            if name != theorem.id and name not in library:
                raise invalid("depends_on", name, "the id of a theorem in the library", "add it or correct the id")
            visit(theorem if name == theorem.id else library[name], (*path, current.id))
        finished.add(current.id)
        if current is not theorem:
            order.append(current)

    visit(theorem, ())
    return order


def _check_one(
    theorem: Theorem,
    library: Mapping[str, Theorem],
    done: Mapping[str, Derivation],
    literature: Mapping[str, Citation],
) -> Derivation:
    started = time.perf_counter()
    complaint = malformed(theorem, library)
    reports: list[StepReport] = []
    earlier: dict[str, Claim | All] = {}
    libraries: set[str] = set()
    if not complaint:
        for step in theorem.steps:
            reports.append(_check_step(step, theorem, earlier, library, literature))
            if step.rule in RULES:
                libraries.update(RULES[step.rule].uses)
            earlier[step.name] = step.claim
        if earlier[theorem.steps[-1].name] != theorem.statement:
            complaint = "the last step is not the statement"
    statuses = {report.status for report in reports}
    needed = {name: done[name].status for name in theorem.depends_on}
    if complaint or REJECTED in statuses:
        status = REJECTED
    elif UNDECIDED in statuses:
        status = UNDECIDED
    else:
        found = {PARTIAL if theorem.gaps else CHECKED, *needed.values()}
        status = next(one for one in _WORST_FIRST if one in found)
        status = UNDECIDED if status == REJECTED else status
    return Derivation(
        theorem=theorem.id,
        title=theorem.title,
        statement=theorem.prose,
        formal=theorem.statement.text(),
        establishes=theorem.establishes,
        status=status,
        detail=_reason(status, complaint, reports, theorem, needed),
        steps=tuple(reports),
        ledger=_ledger(theorem, literature, libraries, done),
        seconds=time.perf_counter() - started,
    )


def malformed(theorem: Theorem, library: Mapping[str, Theorem]) -> str:
    """Return what is wrong with the theorem before any step is looked at, or nothing."""
    if not all(_is_plain(claim) for claim in (theorem.statement, *(step.claim for step in theorem.steps))):
        return "a claim is no Claim, nor an All of Claims"
    problem = _binding(theorem.statement)
    if problem:
        return f"the statement: {problem}"
    if theorem.establishes not in ("claim", "negation"):
        return f"establishes is {theorem.establishes!r}, neither 'claim' nor 'negation'"
    if not theorem.steps:
        return "there is no step"
    names = [step.name for step in theorem.steps]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return f"two steps are called {twice[0]}"
    declared = {variable.symbol for variable in theorem.variables}
    missing = sorted(str(symbol) for symbol in theorem.statement.free_symbols - declared)
    if missing:
        return f"the statement's variable {missing[0]} is not declared"
    names = [str(symbol) for symbol in declared]
    if len(names) != len(set(names)):
        return "two variables have one name"
    unknown = sorted(set(theorem.assumptions) - set(ASSUMPTIONS))
    if unknown:
        return f"there is no assumption {unknown[0]}"
    have = granted(theorem.assumptions, theorem.depends_on)
    for name in theorem.depends_on:
        lacking = sorted(set(library[name].assumptions) - have)
        if lacking:
            return f"{name} assumes {lacking[0]}, which this theorem does not"
    for part in theorem.statement.parts if isinstance(theorem.statement, All) else (theorem.statement,):
        never = contradiction(part.where)
        if never:
            return f"the statement says nothing: {never} never holds"
    return ""


def _is_plain(claim: Any) -> bool:
    """Whether a claim is of the language's own types: an object of another kind could say that it equals any other."""
    if type(claim) is All:
        return type(claim.parts) is tuple and all(type(part) is Claim and _is_plain(part) for part in claim.parts)
    return type(claim) is Claim and type(claim.where) is tuple and isinstance(claim.conclusion, sp.Basic)


def _check_step(
    step: Step,
    theorem: Theorem,
    earlier: Mapping[str, Claim | All],
    library: Mapping[str, Theorem],
    literature: Mapping[str, Citation],
) -> StepReport:
    started = time.perf_counter()
    with watched() as balls:
        status, method, detail = _outcome(step, theorem, earlier, library, literature)
    return StepReport(
        step.name,
        step.claim.text(),
        step.rule,
        step.premises,
        status,
        method,
        detail,
        _carrier(step, balls.asked),
        time.perf_counter() - started,
    )


def _carrier(step: Step, asked_balls: bool) -> str:
    """Return what carries a step, if anything does."""
    rule = RULES.get(step.rule)
    if (rule is not None and rule.cites) or any(name.startswith("cite:") for name in step.premises):
        return BY_CITATION
    return BY_BALLS if asked_balls else BY_RULE


def _outcome(
    step: Step,
    theorem: Theorem,
    earlier: Mapping[str, Claim | All],
    library: Mapping[str, Theorem],
    literature: Mapping[str, Citation],
) -> tuple[str, str, str]:
    """Return whether a step is accepted, the method of its rule, and how it was verified or why not."""
    method = ""
    try:
        problem = "" if _is_plain(step.claim) else "the claim is no Claim, nor an All of Claims"
        problem = problem or _binding(step.claim) or ("an argument is a float" if _rounded(step.args) else "")
        if problem:
            raise Refused(problem)
        where = () if isinstance(step.claim, All) else step.claim.where
        problem = argument_problem(step.args, where)
        if problem:
            raise Refused(problem)
        if step.rule not in RULES:
            raise Refused(f"there is no rule {step.rule}")
        rule = RULES[step.rule]
        method = rule.method
        premises = [_premise(name, theorem, earlier, library, literature) for name in step.premises]
        problem = unshown_limit(step.claim, step.rule, premises, step.args)
        problem = problem or unshown_mean(step.claim, step.rule, premises, step.args)
        if problem:
            raise Refused(problem)
        detail = rule.apply(step.claim, premises, dict(step.args))
        for part in step.claim.parts if isinstance(step.claim, All) else (step.claim,):
            problem = undefined(part)
            if problem:
                point = undefined_at(part.conclusion, part.where)
                raise Refused(f"not defined: {point}") if point else Unknown(f"not known to be defined: {problem}")
        status = ACCEPTED
    except Refused as refusal:
        status, detail = REJECTED, str(refusal)
    except Unknown as doubt:
        status, detail = UNDECIDED, str(doubt)
    except Exception as error:  # a rule that fails has shown nothing
        status, detail = UNDECIDED, f"the rule failed: {type(error).__name__}: {error}"
    return status, method, detail


def _binding(claim: Claim | All) -> str:
    """No symbol may be bound in one place of a claim and free in another, and every symbol is a real number."""
    for part in claim.parts if isinstance(claim, All) else (claim,):
        used = part.free_symbols
        bound = frozenset().union(*(bound_symbols(piece) for piece in (part.conclusion, *part.where)))
        unreal = sorted(str(symbol) for symbol in used | bound if not symbol.is_real)
        if unreal:
            return f"the symbol {unreal[0]} is not declared real"
        names = [str(symbol) for symbol in used | bound]
        if len(names) != len(set(names)):
            return "two symbols have one name"
        pieces = (part.conclusion, *part.where)
        if any(piece.has(sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan) for piece in pieces):
            return "only real numbers may occur"
        if any(_rounded(piece) for piece in pieces):
            return "a float is a rounded number"
        if any(piece.has(RandomVariable) for piece in part.where):
            return "a condition may not depend on chance"
        relations = all(isinstance(piece, (sp.Eq, sp.Le, sp.Lt, sp.Ne)) for piece in part.where)
        if not relations or any(piece.has(LimitOf, Integral) for piece in part.where):
            return "a condition must be a relation without limits and integrals"
        clash = sorted(str(symbol) for symbol in bound & used)
        if clash:
            return f"the symbol {clash[0]} is bound in one place and free in another"
        for piece in pieces:
            wrong = unsayable(piece, part.where)
            if wrong:
                return wrong
        wrong = of_two_planes(pieces, bound)
        if wrong:
            return wrong
    return ""


def _rounded(value: Any) -> bool:
    """Whether a float, whose arithmetic is rounded, occurs in an expression or in a rule's arguments."""
    if isinstance(value, sp.Basic):
        return bool(value.has(sp.Float))
    if isinstance(value, Mapping):
        return any(_rounded(part) for pair in value.items() for part in pair)
    return isinstance(value, float) or (isinstance(value, (tuple, list)) and any(_rounded(part) for part in value))


def _premise(
    name: str,
    theorem: Theorem,
    earlier: Mapping[str, Claim | All],
    library: Mapping[str, Theorem],
    literature: Mapping[str, Citation],
) -> Claim | All:
    kind, _, rest = name.partition(":")
    if not rest:
        if name not in earlier:
            raise Refused(f"premise {name} is no earlier step")
        return earlier[name]
    have = granted(theorem.assumptions, theorem.depends_on)
    if kind == "assumption":
        owner, _, grant = rest.partition(".")
        if owner not in have:
            raise Refused(f"{owner} is not among the theorem's assumptions")
        grants: Mapping[str, Claim | All] = ASSUMPTIONS[owner].grants
        if grant not in grants:
            raise Refused(f"the assumption {owner} does not grant {grant!r}")
        return grants[grant]
    if kind == "theorem":
        owner, _, number = rest.partition("#")
        if owner not in theorem.depends_on:
            raise Refused(f"{owner} is not among the theorems this one depends on")
        return _part(library[owner].statement, number)
    if kind == "cite":
        source, _, number = rest.partition("#")
        if source == theorem.id:
            raise Refused("a theorem may not cite itself")
        if source not in literature:
            raise Refused(f"{source} is not in the literature list")
        lacking = sorted(set(literature[source].needs) - have)
        if lacking:
            raise Refused(f"{source} may be cited only under the assumption {lacking[0]}")
        return _part(literature[source].claim, number)
    raise Refused(f"{name} names no kind of premise")


def _part(statement: Claim | All, number: str) -> Claim | All:
    if not number:
        return statement
    if not isinstance(statement, All) or not number.isdigit() or not 1 <= int(number) <= len(statement.parts):
        raise Refused(f"there is no part {number}")
    return statement.parts[int(number) - 1]


def _reason(status: str, complaint: str, reports: list[StepReport], theorem: Theorem, needed: Mapping[str, str]) -> str:
    if complaint:
        return complaint
    bad = [report for report in reports if report.status == status]
    if bad and status != CHECKED:
        return f"step {bad[0].name} is {status}: {bad[0].detail}"
    doubtful = [f"{name} is {found}" for name, found in needed.items() if found != CHECKED]
    if status == PARTIAL and theorem.gaps:
        return "not carried yet: " + "; ".join(theorem.gaps)
    return "; ".join(doubtful)


def _ledger(
    theorem: Theorem, literature: Mapping[str, Citation], libraries: set[str], done: Mapping[str, Derivation]
) -> tuple[LedgerItem, ...]:
    """Everything the derivation rests on, by kind: its own, then what the theorems it leans on bring along."""
    items = [
        LedgerItem("assumption", name, ASSUMPTIONS[name].text) for name in theorem.assumptions if name in ASSUMPTIONS
    ]
    items += [LedgerItem("theorem", name, "checked on its own") for name in theorem.depends_on]
    used = dict.fromkeys(step.rule for step in theorem.steps if step.rule in RULES)
    items += [LedgerItem("rule", name, RULES[name].why) for name in used]
    cited = [name[5:].partition("#")[0] for step in theorem.steps for name in step.premises if name.startswith("cite:")]
    cited += [name for rule in used for name in RULES[rule].cites]
    items += [
        LedgerItem("citation", name, f"{literature[name].reference} {literature[name].why}")
        for name in dict.fromkeys(cited)
        if name in literature
    ]
    items += [LedgerItem("library", name, "relied on for the calculation") for name in sorted(libraries)]
    items += [LedgerItem("gap", f"gap {number}", text) for number, text in enumerate(theorem.gaps, 1)]
    have = {(item.kind, item.text if item.kind == "gap" else item.name) for item in items}
    for owner in theorem.depends_on:
        for item in done[owner].ledger:
            key = (item.kind, item.text if item.kind == "gap" else item.name)
            if item.kind in _INHERITED and key not in have:
                have.add(key)
                items.append(replace(item, through=item.through or owner))
    return tuple(items)
