"""The pytest plugin: a marker that has a claim judged as a test, and a fixture that checks one's own attention.

It loads nothing but pytest: the judge, NumPy and everything else are loaded when a test with the marker is collected or
a fixture is used, so that a suite without them pays nothing. What a marker means is :mod:`rankbound.pytest_claims`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rankbound.pytest_checker import RankChecker
    from rankbound.pytest_claims import ClaimCheck, Judged, SharedReports
    from rankbound.verify.report import Report

MARKER = "rankbound_claim"
_HELP = (
    f"{MARKER}(id, n=..., head_dim=..., **setting): have the claim with this id judged at n keys; the test fails "
    "unless the verdict is the expected one, and is skipped where the setting breaks an assumption of the claim."
)
_RANGES = {"budget": (0.0, 1e6, "give seconds of simulation, for example 5"), "level": (1e-300, 0.5, "give 1e-3, say")}

_given: pytest.StashKey[dict[str, float | None]] = pytest.StashKey()
_reports: pytest.StashKey[SharedReports] = pytest.StashKey()
_check: pytest.StashKey[ClaimCheck] = pytest.StashKey()
_judged: pytest.StashKey[Judged] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, and the settings in the configuration file that stand in for them."""
    group = parser.getgroup("rankbound", "claims about the rank of attention")
    for name, metavar, meaning in (
        ("budget", "SECONDS", "nominal seconds of simulation for each setting that is judged (the judge's default: 5)"),
        ("level", "P", "probability that any true claim is refuted by chance, for each setting (default: 0.001)"),
    ):
        group.addoption(f"--rankbound-{name}", metavar=metavar, default=None, help=meaning)
        parser.addini(f"rankbound_{name}", f"{meaning}; --rankbound-{name} goes first", default=None)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and look at the options."""
    config.addinivalue_line("markers", _HELP)
    config.stash[_given] = {name: _number(config, name) for name in _RANGES}


def _number(config: pytest.Config, name: str) -> float | None:
    """Return what an option, or else the configuration file, gives; ``None`` if neither does."""
    said, text = f"--rankbound-{name}", config.getoption(f"rankbound_{name}")
    if text is None:
        said, text = f"rankbound_{name}", config.getini(f"rankbound_{name}")
    if not text:
        return None
    from rankbound.errors import check_real

    low, high, remedy = _RANGES[name]
    try:
        value: Any = float(text)
    except ValueError:
        value = text
    try:
        return check_real(said, value, above=low, below=high, inclusive=(True, True), remedy=remedy)
    except ValueError as problem:
        raise pytest.UsageError(str(problem)) from None


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Make a marker that says nothing sensible an error of collection."""
    report = yield
    wrong = []
    for item in report.result or ():
        if isinstance(item, pytest.Item) and item.get_closest_marker(MARKER) is not None:
            try:
                _check_of(item)
            except ValueError as problem:
                wrong.append(f"{item.nodeid}: {MARKER}: {problem}")
    if wrong:
        report.outcome, report.result, report.longrepr = "failed", [], "\n".join(wrong)
    return report


def _check_of(item: pytest.Item) -> ClaimCheck | None:
    """Return what the marker of a test asks for; raise ``ValueError`` if that makes no sense."""
    if _check not in item.stash:
        marks = list(item.iter_markers_with_node(MARKER))
        if not marks:
            return None
        from rankbound.pytest_claims import check_of

        nearest = [mark for node, mark in marks if node is marks[0][0]]
        item.stash[_check] = check_of([(mark.args, mark.kwargs) for mark in nearest])
    return item.stash[_check]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Have the claim of a test judged, before any fixture is set up; skip the test if the claim says nothing."""
    if item.config.getoption("setupplan", False):  # nothing is to be executed
        return
    wrong = ""
    try:
        check = _check_of(item)
    except ValueError as problem:  # a marker that was added after collection
        check, wrong = None, f"{MARKER}: {problem}"
    if check is not None:
        from rankbound.pytest_claims import JudgeFailedError

        try:
            judged = item.stash[_judged] = _judge(item, check)
        except JudgeFailedError as problem:
            item.add_report_section("setup", "rankbound", problem.traceback)
            wrong = problem.line
        else:
            item.user_properties += judged.properties
            if judged.is_vacuous:
                skipped = pytest.skip.Exception(judged.why)
                skipped._use_item_location = True  # the summary should name the test, not this line
                raise skipped
    if wrong:
        pytest.fail(wrong, pytrace=False)


def _judge(item: pytest.Item, check: ClaimCheck) -> Judged:
    from rankbound.pytest_claims import SharedReports

    config = item.config
    if _reports not in config.stash:
        workers = 1 if hasattr(config, "workerinput") else None  # processes of pytest-xdist share the machine already
        config.stash[_reports] = SharedReports(workers=workers, **config.stash[_given])
    selected = []
    for one in item.session.items:
        with suppress(ValueError):  # which that test will say itself
            selected.append(_check_of(one))
    return config.stash[_reports].judged(check, [found for found in selected if found is not None])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Fail the test before its body runs, unless the verdict is the expected one."""
    judged = item.stash.get(_judged, None)
    if judged is not None and not judged.as_expected:
        pytest.fail(judged.why, pytrace=False)


@pytest.fixture
def rankbound_report(request: pytest.FixtureRequest) -> Report:
    """Return the report of the run that judged the claim of this test."""
    judged: Judged | None = request.node.stash.get(_judged, None)
    if judged is None:
        pytest.fail(f"rankbound_report: no claim is judged in this test; mark it with {MARKER}(...)", pytrace=False)
    return judged.report


@pytest.fixture(scope="session")  # it keeps nothing, and Hypothesis objects to any narrower one beside @given
def rank_checker(request: pytest.FixtureRequest) -> RankChecker:
    """Return checks of one's own attention: ``rank_checker(samples_or_matrices, setting)``, and other assertions."""
    from rankbound.pytest_checker import RankChecker

    return RankChecker(level=request.config.stash[_given]["level"])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many claims were judged and how, if any were."""
    judged = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            properties = dict(getattr(report, "user_properties", ()))
            if "rankbound_verdict" in properties:
                judged[report.nodeid] = properties["rankbound_verdict"]
    if judged:
        counts = Counter(judged.values())
        terminalreporter.section("rankbound")
        said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
        terminalreporter.line(f"claims judged in {len(judged)} test{'s' * (len(judged) != 1)}: {said}")
