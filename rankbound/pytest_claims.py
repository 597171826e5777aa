"""What the marker ``rankbound_claim`` means: the claim and the setting it names, the judge's report, and what follows.

Loaded by :mod:`rankbound.pytest_plugin` when a test has the marker.
"""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rankbound.claims import Claim, select
from rankbound.errors import check_name, invalid
from rankbound.setting import Setting, check_head_dim, check_n_keys
from rankbound.verdict import Verdict
from rankbound.verify import judge as judging
from rankbound.verify.calculus import ExitCode, exit_code
from rankbound.verify.grid import default_head_dims
from rankbound.verify.report import Judgement, Report

__all__ = ["ClaimCheck", "JudgeFailedError", "Judged", "SharedReports", "check_of"]

_EXAMPLE = 'write rankbound_claim("barrier", n=64, head_dim=8)'
_FIELDS = ("n", "head_dim", "setting", *(f.name for f in dataclasses.fields(Setting) if f.name != "head_dim"))


@dataclass(frozen=True, slots=True)
class ClaimCheck:
    """A claim to be judged at a setting, at these head dimensions; ``setting`` has the first of them."""

    claim: Claim
    setting: Setting
    head_dims: tuple[int, ...]

    @property
    def where(self) -> tuple[Setting, tuple[int, ...]]:
        """What checks have in common that one report can answer."""
        return self.setting, self.head_dims


def check_of(marks: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]]) -> ClaimCheck:
    """Return what a marker asks for.

    Parameters
    ----------
    marks : sequence of (args, kwargs)
        The markers that are nearest to the test: there must be one.

    Raises
    ------
    ValueError
        In one line, for anything but the id of a claim and the fields of a setting; with the nearest name that there
        is.
    """
    if len(marks) != 1:
        ids = [args[0] if args else None for args, _ in marks]
        raise invalid("claims", ids, "one claim a test", "write a test for each, or parametrise with marks")
    ((args, given),) = marks
    if len(args) != 1 or not isinstance(args[0], str):
        raise invalid("claim", args, "the id of one claim, and names for all that follows", _EXAMPLE)
    (claim,) = select(args)
    for name in given:
        check_name("keyword", name, _FIELDS)
    if "setting" in given:
        setting, head_dims = _of_a_setting(**given)
    else:
        setting, head_dims = _of_fields(dict(given))
    for head_dim in head_dims:
        setting.with_head_dim(head_dim)  # whether there is such a setting
    return ClaimCheck(claim, setting.with_head_dim(head_dims[0]), head_dims)


def _of_a_setting(setting: object, head_dim: object = None, **others: object) -> tuple[Setting, tuple[int, ...]]:
    if not isinstance(setting, Setting):
        raise invalid("setting", setting, "a rankbound.Setting", "give its fields one by one, or build it")
    if others:
        raise invalid("keyword", next(iter(others)), "no field beside a setting", "put it in the setting")
    return setting, _head_dims(setting.head_dim if head_dim is None else head_dim)


def _of_fields(given: dict[str, Any]) -> tuple[Setting, tuple[int, ...]]:
    if "n" in given and "n_keys" in given:
        raise invalid("n_keys", given["n_keys"], "only one of n and n_keys", "n is short for n_keys")
    n_keys = check_n_keys(given.pop("n", given.pop("n_keys", None)))
    head_dim, mla = given.pop("head_dim", None), given.get("mla")
    if head_dim is None and mla is None:
        head_dims = default_head_dims(n_keys)
    else:
        head_dims = _head_dims(getattr(mla, "head_dim", 1) if head_dim is None else head_dim)
    first = getattr(mla, "head_dim", head_dims[0])
    return Setting(**({"n_queries": None} | given), n_keys=n_keys, head_dim=first), head_dims


def _head_dims(given: object) -> tuple[int, ...]:
    several = given if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    found = tuple(sorted({check_head_dim(one) for one in several}))
    if not found:
        raise invalid("head_dim", given, "at least one", "omit it to have the default ones")
    return found


@dataclass(frozen=True, slots=True)
class Judged:
    """The claim of a test, judged; ``report`` is that of the run."""

    judgement: Judgement
    report: Report

    @property
    def is_vacuous(self) -> bool:
        """Whether the setting breaks an assumption of the claim."""
        return self.judgement.verdict is Verdict.VACUOUS

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the one that the registry expects, as exit codes have it."""
        return self._answer is ExitCode.AS_EXPECTED

    @property
    def _answer(self) -> ExitCode:
        return exit_code([(self.judgement.verdict, self.judgement.claim.expected)])

    @property
    def properties(self) -> list[tuple[str, object]]:
        """What a report of the test says, in a JUnit file too."""
        claim = self.judgement.claim
        return [
            ("rankbound_claim", claim.id),
            ("rankbound_verdict", str(self.judgement.verdict)),
            ("rankbound_expected", str(claim.expected)),
        ]

    @property
    def why(self) -> str:
        """Why a test is skipped, in a line, or why it fails, with the evidence."""
        claim, verdict = self.judgement.claim, self.judgement.verdict
        run = self.report.settings
        dims = f"head_dim {', '.join(map(str, run.head_dims))}"
        where = "; ".join(part for part in (f"{run.sizes}, {dims}", run.variant) if part)
        if self.is_vacuous:
            return f"{claim.id} says nothing at {where}: it assumes {'; '.join(self.judgement.broken)}"
        lines = [f"{claim.id} is {verdict}, expected {claim.expected}, at {where}", f"  {claim.statement}"]
        lines += [f"  {said.witness} {said.outcome}: {said.detail}" for said in self.judgement.evidence]
        if self.judgement.instead:
            lines.append(f"  what holds instead: {self.judgement.instead}")
        if verdict is Verdict.CONFLICT:
            lines.append(
                f"witnesses contradict each other: by chance with a probability below {run.spending.level:g}, or there "
                "is a bug in rankbound: please report one that recurs with another --seed"
            )
        if self._answer is ExitCode.UNDECIDED:
            lines.append(
                "no witness settles it, which is neither a pass nor a refutation: give more --rankbound-budget"
            )
        return "\n".join([*lines, f"to repeat: {run.command}"])


class JudgeFailedError(Exception):
    """The judge raised an exception: what and where in one line, and its traceback as text."""

    def __init__(self, line: str, traceback: str) -> None:
        super().__init__(line)
        self.line, self.traceback = line, traceback


class SharedReports:
    """The reports of a session: one run of the judge for each setting, whatever the number of its tests.

    Parameters
    ----------
    budget, level : float or None
        Those of :func:`rankbound.judge`; its defaults if ``None``.
    workers : int or None
        Threads of the simulation.
    """

    def __init__(self, *, budget: float | None, level: float | None, workers: int | None) -> None:
        self._budget = budget
        self._level = judging.DEFAULT_LEVEL if level is None else level
        self._workers = workers
        self._made: dict[tuple[Setting, tuple[int, ...]], Report | JudgeFailedError] = {}

    def judged(self, check: ClaimCheck, selected: Iterable[ClaimCheck]) -> Judged:
        """Return the judgement that a test asks for.

        Parameters
        ----------
        check : ClaimCheck
        selected : iterable of ClaimCheck
            Those of all tests of the session: the claims of those at the same setting are judged in the same run.

        Raises
        ------
        JudgeFailedError
            If the judge fails; again, without another run, for each test at this setting.
        """
        made = self._made.get(check.where)
        if made is None or (isinstance(made, Report) and not _judgement(made, check)):
            ids = {check.claim.id, *(one.claim.id for one in selected if one.where == check.where)}
            made = self._made[check.where] = self._run(check, ids)
        if isinstance(made, JudgeFailedError):
            raise JudgeFailedError(made.line, made.traceback)
        (judgement,) = _judgement(made, check)
        return Judged(judgement, made)

    def _run(self, check: ClaimCheck, ids: set[str]) -> Report | JudgeFailedError:
        try:
            return judging.judge(
                check.setting,
                check.head_dims,
                claims=ids,
                level=self._level,
                budget=self._budget,
                workers=self._workers,
            )
        except Exception as problem:
            said = " ".join(str(problem).split())
            line = f"rankbound could not judge {', '.join(sorted(ids))}: {type(problem).__name__}: {said}"
            return JudgeFailedError(line, traceback.format_exc())


def _judgement(report: Report, check: ClaimCheck) -> list[Judgement]:
    return [one for one in report.judgements if one.claim.id == check.claim.id]
