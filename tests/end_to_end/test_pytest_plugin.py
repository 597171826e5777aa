"""The pytest plugin, as suites of others have it.

Most tests plant the judge's answers, and run pytest within this process; the last ones run it as a command.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
import subprocess
import sys
import tomllib
import types
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from _pytest.pytester import SysModulesSnapshot

from rankbound.verdict import Verdict
from rankbound.verify import judge as judging
from rankbound.verify.judge import judge

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "scipy", "sympy", "numba", "flint", "hypothesis", "mpmath", "click", "rich", "proofs", "montecarlo")
MOST = 20_000
"""Microseconds that the plugin may add to the start of a suite that does not use it."""

CLAIMS = """
    import pytest

    claim = pytest.mark.rankbound_claim

    @claim("barrier", n=8, head_dim=2)
    def test_expected():
        print("ran")

    @claim("paper-barrier-literal", n=8, head_dim=2)
    def test_expected_refutation():
        print("ran")

    @claim("rank-deviation", n=8, head_dim=2)
    def test_unexpected():
        print("ran")

    @claim("wide-head-limit", n=8, head_dim=2)
    def test_conflict():
        print("ran")

    @claim("second-moment-bound", n=8, head_dim=2)
    def test_undecided():
        print("ran")

    @claim("causal-rank", n=8, head_dim=2)
    def test_vacuous():
        print("ran")
"""
VERDICTS = {
    "barrier": Verdict.PROVED,
    "paper-barrier-literal": Verdict.REFUTED,
    "rank-deviation": Verdict.REFUTED,
    "wide-head-limit": Verdict.CONFLICT,
    "second-moment-bound": Verdict.INCONCLUSIVE,
    "causal-rank": Verdict.VACUOUS,
}


@pytest.fixture(autouse=True)
def keep_modules(monkeypatch):
    """Keep what a run in this process imports, but for its own tests.

    pytester takes all of it out again; Numba and others do not bear being imported a second time.
    """
    take = SysModulesSnapshot.__init__

    def theirs(name):
        return not name.startswith(("test_", "conftest"))

    monkeypatch.setattr(SysModulesSnapshot, "__init__", lambda self, preserve=None: take(self, theirs))


@pytest.fixture
def suite(pytester, monkeypatch, keep_modules):
    """Return a folder for a suite, in which the plugin is installed as pyproject.toml says."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][
        "pytest11"
    ]
    assert declared == {"rankbound": "rankbound.pytest_plugin"}
    found = {one.name: one.value for one in entry_points(group="pytest11")}
    if "rankbound" not in found:  # an installation that is older than the plugin
        info = pytester.mkdir("site") / "rankbound_plugin-0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: rankbound-plugin\nVersion: 0\n", encoding="utf-8")
        lines = [f"{name} = {value}" for name, value in declared.items()]
        (info / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines, ""]), encoding="utf-8")
        monkeypatch.syspath_prepend(info.parent)
        monkeypatch.setenv("PYTHONPATH", f"{info.parent}:{ROOT}")
    monkeypatch.setenv("COLUMNS", "200")
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers -p no:cacheprovider -p no:benchmark\nfilterwarnings = error\n"
    )
    return pytester


@pytest.fixture
def runs(monkeypatch):
    """Plant the verdicts of the judge, and return what it was asked."""
    asked = []

    def planted(setting, head_dims, *, claims, **options):
        asked.append((setting, head_dims, set(claims), options))
        if setting.n_keys == 13:
            raise ArithmeticError("thirteen\nkeys")
        vacuous = dataclasses.replace(setting, mask="causal", inputs="duplicated")  # no witness need be asked there
        report = judge(vacuous, head_dims, claims=claims, budget=0)
        judgements = tuple(
            dataclasses.replace(one, verdict=VERDICTS[one.claim.id], broken=("this, but not that",))
            for one in report.judgements
        )
        return dataclasses.replace(report, judgements=judgements)

    monkeypatch.setattr(judging, "judge", planted)
    return asked


def test_verdicts_become_outcomes(suite, runs):
    suite.makepyfile(CLAIMS)
    result = suite.runpytest_inprocess("-rA")
    result.assert_outcomes(passed=2, failed=3, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "rank-deviation is REFUTED, expected PROVED, at n = 8, head_dim 2*",
            "*= rankbound =*",
            "claims judged in 6 tests: 1 CONFLICT, 1 INCONCLUSIVE, 1 PROVED, 2 REFUTED, 1 VACUOUS",
            "SKIPPED [[]1[]] test_*.py:*: causal-rank says nothing at n = 8*: it assumes this, but not that",
            "FAILED *::test_unexpected - *rank-deviation is REFUTED, expected PROVED*",
        ]
    )
    result.stdout.fnmatch_lines(["witnesses contradict each other: by chance with a probability below 0.001*"])
    result.stdout.fnmatch_lines(["no witness settles it*give more --rankbound-budget"])
    assert result.stdout.str().count("\nran\n") == 2  # the bodies of those whose verdict is the expected one
    assert "site-packages/_pytest" not in result.stdout.str()  # no traceback where there is nothing to trace


def test_one_run_for_each_setting_whatever_is_selected(suite, runs):
    suite.makepyfile(
        CLAIMS,
        test_more="""
            import pytest

            @pytest.mark.rankbound_claim("barrier", n=8, head_dim=[2])
            def test_same():
                pass

            @pytest.mark.rankbound_claim("barrier", n=8, head_dim=3)
            def test_other():
                pass
        """,
    )
    suite.runpytest_inprocess()
    assert [(dims, claims) for _, dims, claims, _ in runs] == [((2,), set(VERDICTS)), ((3,), {"barrier"})]
    runs.clear()
    suite.runpytest_inprocess("-k", "test_expected or test_same").assert_outcomes(passed=3, deselected=5)
    assert [claims for _, _, claims, _ in runs] == [{"barrier", "paper-barrier-literal"}]


def test_the_body_of_a_test_has_the_report(suite, runs):
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.rankbound_claim("barrier", n=8, head_dim=2)
        def test_report(rankbound_report):
            assert [one.claim.id for one in rankbound_report.judgements] == ["barrier"]
            assert rankbound_report.settings.head_dims == (3,)

        def test_no_claim(rankbound_report):
            pass
        """
    )
    result = suite.runpytest_inprocess()
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["E * (2,) == (3,)", "claims judged in 1 test: 1 PROVED"])
    result.stdout.fnmatch_lines(
        ["rankbound_report: no claim is judged in this test; mark it with rankbound_claim(...)"]
    )


def test_a_judge_that_fails_is_an_error_with_one_line(suite, runs):
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.rankbound_claim("barrier", n=13, head_dim=2)
        @pytest.mark.parametrize("again", [1, 2])
        def test_it(again):
            pass
        """
    )
    result = suite.runpytest_inprocess()
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "rankbound could not judge barrier: ArithmeticError: thirteen keys",
            "*Captured rankbound setup*",
            "Traceback (most recent call last):",
            "ERROR *::test_it[[]1[]] - *rankbound could not judge barrier: Ar*",
        ]
    )
    assert "= rankbound =" not in result.stdout.str()
    assert len(runs) == 1


WRONG = {
    '("barier", n=8)': "claim = 'barier': *did you mean barrier?",
    '("barrier", n=8, haed_dim=2)': "keyword = 'haed_dim': *did you mean 'head_dim'?",
    '("barrier", n=8, mask="casual")': "mask = 'casual': *did you mean 'causal'?",
    '("barrier")': "n_keys = None: expected an integer*",
    "": "claim = (): expected the id of one claim*",
    '("barrier", n=8)(test_it)\nclaim("barrier", n=9)': "claims = ['barrier', 'barrier']: expected one claim a test*",
}


@pytest.mark.parametrize(("marker", "said"), WRONG.items(), ids=range(len(WRONG)))
@pytest.mark.parametrize("where", ["function", "class", "parameter"])
def test_a_marker_that_makes_no_sense_is_an_error_of_collection(suite, runs, marker, said, where):
    if where == "parameter":
        marks = "[" + ", ".join(f"claim{line.removesuffix('(test_it)')}" for line in marker.split("\nclaim")) + "]"
        case = f"pytest.param(1, marks={marks})"
        code = f"@pytest.mark.parametrize('x', [{case}])\ndef test_it(x): raise SystemExit"
    elif where == "class":
        marker = marker.replace("test_it", "TestIt")
        code = f"class TestIt:\n    def test_it(self): raise SystemExit\nclaim{marker}(TestIt)"
    else:
        code = f"def test_it(): raise SystemExit\nclaim{marker}(test_it)"
    suite.makepyfile(f"import pytest\nclaim = pytest.mark.rankbound_claim\n{code}\n", test_other="def test_it(): pass")
    result = suite.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.assert_outcomes(errors=1)
    escaped = said.replace("[", "[[]")
    result.stdout.fnmatch_lines(["*ERROR collecting *", f"test_*::*test_it*: rankbound_claim: {escaped}"])
    assert runs == []


def test_the_nearest_marker_counts(suite, runs):
    suite.makepyfile(
        """
        import pytest, unittest

        pytestmark = pytest.mark.rankbound_claim("rank-deviation", n=8, head_dim=2)

        def test_of_the_module():
            pass

        @pytest.mark.rankbound_claim("barrier", n=8, head_dim=2)
        class TestClass:
            def test_of_the_class(self):
                pass

            @pytest.mark.rankbound_claim("causal-rank", n=8, head_dim=2)
            def test_of_the_function(self):
                pass

        @pytest.mark.rankbound_claim("barrier", n=8, head_dim=2)
        class OldTests(unittest.TestCase):
            def test_of_unittest(self):
                pass
        """
    )
    suite.runpytest_inprocess().assert_outcomes(passed=2, failed=1, skipped=1)


def test_a_marker_may_be_added_after_collection(suite, runs):
    suite.makeconftest(
        """
        import pytest

        IDS = {"test_unexpected": "rank-deviation", "test_expected": "barrier", "test_wrong": "barier"}

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.rankbound_claim(IDS[item.name], n=8, head_dim=2))
        """
    )
    suite.makepyfile("def test_unexpected(): pass\ndef test_expected(): pass\ndef test_wrong(): pass")
    result = suite.runpytest_inprocess()
    result.assert_outcomes(passed=1, failed=1, errors=1)
    result.stdout.fnmatch_lines(["rankbound_claim: claim = 'barier': *did you mean barrier?"])
    assert [claims for _, _, claims, _ in runs] == [{"barrier", "rank-deviation"}]


def test_skipped_and_expected_failures_stay_what_they_are(suite, runs):
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.skip(reason="not now")
        @pytest.mark.rankbound_claim("barrier", n=13, head_dim=2)
        def test_skipped():
            pass

        @pytest.mark.xfail(reason="undecided")
        @pytest.mark.rankbound_claim("second-moment-bound", n=8, head_dim=2)
        def test_undecided():
            pass
        """
    )
    suite.runpytest_inprocess().assert_outcomes(skipped=1, xfailed=1)
    assert [setting.n_keys for setting, *_ in runs] == [8]


def test_collecting_judges_nothing(suite, runs):
    suite.makepyfile(CLAIMS)
    result = suite.runpytest_inprocess("--collect-only", "-q")
    result.stdout.fnmatch_lines(["*::test_vacuous", "6 tests collected*"])
    assert "= rankbound =" not in result.stdout.str()
    assert runs == []


def test_planning_the_setup_judges_nothing(suite, runs):
    suite.makepyfile(CLAIMS)
    result = suite.runpytest_inprocess("--setup-plan")
    assert "= rankbound =" not in result.stdout.str()
    assert runs == []


def test_stopping_at_the_first_failure_and_running_the_last_failures(suite, runs):
    suite.makeini("[pytest]\n")  # with the cache
    suite.makepyfile(CLAIMS)
    stopped = suite.runpytest_inprocess("-x")
    stopped.assert_outcomes(passed=2, failed=1)
    stopped.stdout.fnmatch_lines(["claims judged in 3 tests: 1 PROVED, 2 REFUTED"])
    suite.runpytest_inprocess().assert_outcomes(passed=2, failed=3, skipped=1)
    runs.clear()
    again = suite.runpytest_inprocess("--lf")
    again.assert_outcomes(failed=3)
    again.stdout.fnmatch_lines(["claims judged in 3 tests: 1 CONFLICT, 1 INCONCLUSIVE, 1 REFUTED"])
    assert [claims for _, _, claims, _ in runs] == [{"rank-deviation", "wide-head-limit", "second-moment-bound"}]


@pytest.mark.parametrize(
    ("ini", "options", "budget", "level"),
    [
        ("", (), None, judging.DEFAULT_LEVEL),
        ("", ("--rankbound-budget=2", "--rankbound-level", "1e-2"), 2.0, 1e-2),
        ("rankbound_budget = 3\nrankbound_level = 0.1", (), 3.0, 0.1),
        ("rankbound_budget = 3\nrankbound_level = 0.1", ("--rankbound-budget=0",), 0.0, 0.1),
    ],
)
def test_budget_and_level(suite, runs, ini, options, budget, level):
    suite.makeini(f"[pytest]\naddopts = --strict-config\n{ini}\n")
    suite.makepyfile(CLAIMS)
    suite.runpytest_inprocess(*options)
    assert [(asked["budget"], asked["level"]) for *_, asked in runs] == [(budget, level)]


@pytest.mark.parametrize(
    ("ini", "options", "said"),
    [
        ("", ("--rankbound-budget=much",), "--rankbound-budget = 'much': expected a number in [0, 1e+06]; *"),
        ("", ("--rankbound-budget=-1",), "--rankbound-budget = -1.0: expected *"),
        ("", ("--rankbound-level=nan",), "--rankbound-level = nan: expected a number in [1e-300, 0.5]; *"),
        ("rankbound_level = 2", (), "rankbound_level = 2.0: expected *"),
    ],
)
def test_a_wrong_budget_or_level_is_a_usage_error(suite, runs, ini, options, said):
    suite.makeini(f"[pytest]\n{ini}\n")
    suite.makepyfile(CLAIMS)
    result = suite.runpytest_inprocess(*options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {said.replace('[', '[[]')}"])


def test_the_plugin_can_be_switched_off(suite, runs):
    suite.makeini("[pytest]\n")
    suite.makepyfile("def test_it(): pass")
    suite.runpytest_inprocess("--rankbound-budget=1").assert_outcomes(passed=1)
    off = suite.runpytest_inprocess("-p", "no:rankbound", "--rankbound-budget=1")
    assert off.ret == pytest.ExitCode.USAGE_ERROR
    off.stderr.fnmatch_lines(["*unrecognized arguments: --rankbound-budget=1"])
    suite.makepyfile(CLAIMS)
    unknown = suite.runpytest_subprocess("-p", "no:rankbound", "--strict-markers")
    unknown.stdout.fnmatch_lines(["'rankbound_claim' not found in `markers` configuration option"])
    assert runs == []


@pytest.fixture
def assertions(monkeypatch):
    """Plant assertions that fail what says so, and return what they were asked."""
    asked = []

    def planted(name):
        def assertion(*args, **options):
            asked.append((name, args, options))
            assert args[0] != "wrong", f"{name} refutes it"

        return assertion

    module = types.ModuleType("rankbound.testing")
    for name in ("assert_hardmax", "assert_mean_rank", "assert_rank_bound", "assert_representable"):
        setattr(module, name, planted(name))
    monkeypatch.setitem(sys.modules, "rankbound.testing", module)
    return asked


def test_the_checker_asks_the_assertions(suite, assertions):
    suite.makepyfile(
        """
        import pytest

        def test_call(rank_checker):
            rank_checker([1, 2], "setting", horizon=3)
            rank_checker([1, 2], "setting", level=0.5)

        def test_parts(rank_checker):
            rank_checker.mean_rank([1], "setting")
            rank_checker.hardmax("matrix", seed=1)
            rank_checker.rank_bound("matrix", 3, rank=2)
            rank_checker.rank_bound("matrix", level=0.5)
            rank_checker.representable("P", 4, convention="rows")
            rank_checker.representable(P="P", head_dim=4)

        def test_wrong_ranks(rank_checker):
            rank_checker("wrong", "setting")

        def test_wrong_matrix(rank_checker):
            rank_checker.hardmax("wrong")
        """
    )
    result = suite.runpytest_inprocess("--rankbound-level=0.01")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            ">*rank_checker(?wrong?, ?setting?)",
            "E *AssertionError: assert_mean_rank refutes it",
            "FAILED *::test_wrong_matrix - AssertionError: assert_hardmax refutes it*",
        ]
    )
    assert "pytest_checker.py" not in result.stdout.str()  # a failure points to the line of the test
    assert assertions == [
        ("assert_mean_rank", ([1, 2], "setting"), {"level": 0.01, "horizon": 3}),
        ("assert_mean_rank", ([1, 2], "setting"), {"level": 0.5}),
        ("assert_mean_rank", ([1], "setting"), {"level": 0.01}),
        ("assert_hardmax", ("matrix",), {"seed": 1}),
        ("assert_rank_bound", ("matrix", 3), {"rank": 2}),
        ("assert_rank_bound", ("matrix", None), {"level": 0.5}),
        ("assert_representable", ("P", 4), {"convention": "rows"}),
        ("assert_representable", ("P", 4), {}),
        ("assert_mean_rank", ("wrong", "setting"), {"level": 0.01}),
        ("assert_hardmax", ("wrong",), {}),
    ]
    assertions.clear()
    suite.runpytest_inprocess("-k", "test_parts").assert_outcomes(passed=1, deselected=3)
    assert assertions[0] == ("assert_mean_rank", ([1], "setting"), {})  # the level is the assertion's own


def test_the_checker_goes_with_hypothesis_and_with_fixtures_of_any_scope(suite, assertions):
    suite.makepyfile(
        """
        import pytest
        from hypothesis import given, settings, strategies as st

        @pytest.fixture(scope="module")
        def checked(rank_checker):
            rank_checker.hardmax("module")

        @settings(database=None, max_examples=5)
        @given(seed=st.integers(0, 9))
        def test_given(rank_checker, checked, seed):
            rank_checker.hardmax("given")

        @settings(database=None, max_examples=5)
        @given(seed=st.integers(0, 9))
        def test_wrong(rank_checker, seed):
            rank_checker.hardmax("wrong")
        """
    )
    result = suite.runpytest_inprocess("--rankbound-level=0.01")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*rank_checker=RankChecker(level=0.01)*"])
    assert {args for _, args, _ in assertions} == {("module",), ("given",), ("wrong",)}


def test_the_example_of_attention_of_one_s_own_does_what_is_shown(suite):
    """In a process of its own: the assertion loads much."""
    page = (ROOT / "docs" / "pytest_plugin.md").read_text(encoding="utf-8").split("## Attention of one's own")[1]
    suite.makepyfile(test_attention=re.search(r"```python\n(.*?)```", page, re.DOTALL)[1])
    result = suite.runpytest_subprocess("-q", timeout=100)
    result.assert_outcomes(passed=1, failed=1)
    shown = re.search(r"pytest -q\n\.\.\.\n(.*?)\n\.\.\.", page, re.DOTALL)[1].splitlines()
    assert len(shown) > 5
    assert [line for line in shown if line not in result.outlines] == []


def test_the_example_of_the_documentation_does_what_is_shown(suite):
    page = (ROOT / "docs" / "pytest_plugin.md").read_text(encoding="utf-8")
    # Under another name: there is a test_claims.py in this suite, and modules stay loaded.
    suite.makepyfile(test_claims_shown=re.search(r"```python\n(.*?)```", page, re.DOTALL)[1])
    page = page.replace("test_claims.py", "test_claims_shown.py")
    result = suite.runpytest_inprocess("-v", "--rankbound-budget=1")
    result.assert_outcomes(passed=5, skipped=1)
    shown = re.search(r"--rankbound-budget 1\n\.\.\.\n(.*?)\n\n", page, re.DOTALL)[1].splitlines()
    lines = [re.sub(r" \(barrier says.*|\s*\[.*%]$|^=+ | =+$", "", line) for line in shown]
    result.stdout.fnmatch_lines([f"*{line.replace('[', '[[]')}*" for line in lines])
    undecided = suite.runpytest_inprocess("-q", "--rankbound-budget", "0", "-k", "half")
    shown = re.search(r"-k half\n\.\.\.\n_.*?\n(.*?)\n\.\.\.", page, re.DOTALL)[1].splitlines()
    assert [line for line in shown if line not in undecided.outlines] == []


def test_the_judge_s_own_verdicts_in_two_processes(suite):
    suite.makepyfile(
        """
        import pytest

        claim = pytest.mark.rankbound_claim
        cases = []
        for n in (4, 5):
            cases.append(pytest.param(n, marks=claim("expected-rank-enclosure", n=n, head_dim=[1, 2])))
            cases.append(pytest.param(-n, marks=claim("expected-rank-enclosure", n=n, head_dim=2, mask="causal")))

        @pytest.mark.parametrize("n", cases)
        def test_it(n, rankbound_report):
            assert rankbound_report.settings.n_keys == n
        """
    )
    result = suite.runpytest_subprocess("-n2", "--rankbound-budget=0", "--junitxml=junit.xml", timeout=100)
    result.assert_outcomes(passed=2, skipped=2)
    result.stdout.fnmatch_lines(["claims judged in 4 tests: 2 CERTIFIED, 2 VACUOUS"])
    written = (suite.path / "junit.xml").read_text(encoding="utf-8")
    assert written.count('<property name="rankbound_verdict" value="CERTIFIED"') == 2


UNUSED = """
    import json, sys

    def test_it():
        pass

    def pytest_unconfigure():
        print("loaded", json.dumps(sorted(sys.modules)))
"""


@pytest.fixture
def alone(suite, monkeypatch):
    """Return a folder with a suite that does not use the plugin, and no other plugin."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    suite.makeini("[pytest]\naddopts = -p no:cacheprovider\n")
    suite.makepyfile("def test_it(): pass")
    return suite


def test_a_suite_that_does_not_use_it_loads_nothing(alone):
    alone.makeconftest(UNUSED)
    result = alone.runpytest_subprocess("-p", "rankbound.pytest_plugin", timeout=60)
    result.assert_outcomes(passed=1)
    (line,) = [line for line in result.outlines if line.startswith("loaded ")]
    modules = set(json.loads(line.removeprefix("loaded ")))
    assert {name for name in modules if name.split(".")[0] == "rankbound"} == {"rankbound", "rankbound.pytest_plugin"}
    assert not {name for name in modules if name.split(".")[0] in HEAVY}
    assert "= rankbound =" not in result.stdout.str()


def test_a_suite_that_does_not_use_it_starts_as_fast():
    """The least of some times, since what the machine gives to others only adds."""
    command = [sys.executable, "-X", "importtime", "-c", "import pytest; import rankbound.pytest_plugin"]
    least = math.inf
    for _ in range(5):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=ROOT)
        _, cumulative, name = done.stderr.splitlines()[-1].split("|")  # with what it imports, rankbound among it
        assert name.strip() == "rankbound.pytest_plugin"
        least = min(least, int(cumulative))
        if least < MOST / 4:
            break
    assert least < MOST
