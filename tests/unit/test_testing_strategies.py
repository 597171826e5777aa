"""What a user of ``rankbound.testing`` sees: minimal examples, failures, errors, profiles, and what is loaded."""

from __future__ import annotations

import doctest
import importlib
import json
import math
import os
import re
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

import rankbound.testing as rt
from rankbound import MLA, Inputs, Setting

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("entry_point", "keys", "probabilities", "profiles", "queries", "recipes", "settings", "sizes", "stochastic",
           "token_laws", "tokens")  # fmt: skip


def fresh(code, **environment):
    """Run code in a fresh interpreter; return what it prints as JSON in its last line."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=ROOT, check=False,
        env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# Minimal examples

ONE = {"n_queries": 1, "n_keys": 1, "head_dim": 1}
LATENTS = MLA(q_lora_rank=1, kv_lora_rank=1, nope_head_dim=1, norm=False)


@pytest.mark.parametrize(
    ("strategy", "condition", "minimal"),
    [
        (rt.sequence_lengths(), lambda n: True, 1),
        (rt.sequence_lengths(min_value=5, max_value=9**9), lambda n: n > 12_345, 12_346),
        (rt.head_dims(multiple_of=8), lambda d: d > 40, 48),
        (rt.key_matrices(), lambda k: True, rt.KeyMatrix(kind="integers", n_keys=1, head_dim=1, seed=0)),
        (
            rt.key_matrices(),
            lambda k: k.kind == "duplicate",
            rt.KeyMatrix(kind="duplicate", n_keys=2, head_dim=1, seed=0),
        ),
        (
            rt.key_matrices(),
            lambda k: np.linalg.matrix_rank(k.array) == 3,
            rt.KeyMatrix(kind="integers", n_keys=3, head_dim=3, seed=0),
        ),
        (rt.probability_vectors(), lambda p: True, rt.ProbabilityVector((1,))),
        (rt.probability_vectors(), lambda p: p.array[0] < 1, rt.ProbabilityVector((1, 1))),
        (
            rt.probability_vectors(),
            lambda p: 0 < p.array.min() < p.array.max() == 1,
            rt.ProbabilityVector((2**54, 1)),
        ),
        (rt.query_laws(), lambda law: True, rt.QueryLaw(kind="gaussian", head_dim=1)),
        (
            rt.stochastic_matrices(),
            lambda p: True,
            rt.StochasticMatrix(kind="uniform", n_queries=1, n_keys=1, seed=0),
        ),
        (
            rt.stochastic_matrices(convention="rows"),
            lambda p: (p.array == 0).any(),
            rt.StochasticMatrix(kind="hard", n_queries=2, n_keys=2, seed=0, convention="rows"),
        ),
        (rt.attention_inputs(), lambda x: True, rt.TokenMatrix(inputs="orthonormal", n_tokens=1, embed_dim=1)),
        (
            rt.attention_inputs(laws="clustered"),
            lambda x: x.n_tokens > 2,
            rt.TokenMatrix(inputs=Inputs(law="clustered", clusters=1, spread=0.0), n_tokens=3, embed_dim=1),
        ),
        (rt.attention_settings(), lambda s: True, Setting(**ONE)),
        (rt.attention_settings(), lambda s: s.mla is not None, Setting(**ONE, mla=LATENTS)),
        (rt.attention_settings(), lambda s: s.n_queries > 2, Setting(n_queries=3, n_keys=3, head_dim=1)),
        (
            rt.attention_settings(n_keys=6, mask="causal"),
            lambda s: s.temperature,
            Setting(n_queries=6, n_keys=6, head_dim=1, mask="causal", temperature=1.0, tolerance=1e-6),
        ),
    ],
)
def test_minimal_examples_are_as_documented(strategy, condition, minimal):
    options = settings(
        database=None,
        max_examples=2000,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    assert find(strategy, condition, settings=options) == minimal


def failure_of(strategy):
    """Return what Hypothesis adds to the failure of a test of which three examples in a row may pass."""

    @seed(3)
    @settings(database=None, print_blob=False, phases=[Phase.generate, Phase.shrink], max_examples=200)
    @given(strategy)
    def test(example):
        size = example.array.size if hasattr(example, "array") else example.n_keys * example.n_heads
        assert size < 2

    with pytest.raises(AssertionError) as caught:
        test()
    return " ".join("".join(caught.value.__notes__).split())


@pytest.mark.parametrize(
    ("strategy", "printed"),
    [
        (rt.key_matrices(), "example=KeyMatrix(kind='integers', n_keys=1, head_dim=2, seed=0),"),
        (rt.probability_vectors(), "example=ProbabilityVector(weights=(1, 1)),"),
        (rt.stochastic_matrices(), "example=StochasticMatrix(kind='uniform', n_queries=2, n_keys=2, seed=0),"),
        (rt.attention_inputs(), "example=TokenMatrix(inputs='orthonormal', n_tokens=1, embed_dim=2),"),
        (rt.attention_settings(), "example=Setting(n_queries=2, n_keys=2, head_dim=1),"),
        (
            rt.attention_settings(inputs=Inputs(law="zipf", vocabulary=3), mask=[[True, False]]),
            "mask=[[True, False]]",
        ),
    ],
    ids=["keys", "vector", "matrix", "tokens", "setting", "setting with a mask"],
)
def test_a_failure_prints_the_call_that_makes_the_example(strategy, printed):
    assert printed in failure_of(strategy)


# Errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: rt.sequence_lengths(min_value=0),
            r"^min_value = 0: expected an integer from 1 to 10+; bound sequence",
        ),
        (lambda: rt.sequence_lengths(max_value=10**19), r"^max_value = 10+: expected an integer from 1 to 10+;"),
        (lambda: rt.sequence_lengths(min_value=9, max_value=8), "^max_value = 8: expected at least min_value = 9;"),
        (lambda: rt.head_dims(min_value=9, max_value=15, multiple_of=8), "^max_value = 15: expected a multiple of 8"),
        (lambda: rt.key_matrices(kinds="convexx"), "^kinds = 'convexx': expected one of .*did you mean 'convex'"),
        (lambda: rt.key_matrices(kinds=[]), r"^kinds = \[\]: expected at least one name;"),
        (lambda: rt.key_matrices(kinds="convex", n_keys=3, head_dim=1), "^n_keys = 3: expected at most 2 of kind 'co"),
        (lambda: rt.key_matrices(dtype="float16"), "^dtype = 'float16': expected one of"),
        (lambda: rt.key_matrices(n_keys=0), "^n_keys = 0: expected an integer from 1"),
        (lambda: rt.KeyMatrix(kind="duplicate", n_keys=1, head_dim=1, seed=0), "^n_keys = 1: expected at least 2 with"),
        (
            lambda: rt.KeyMatrix(kind="integers", n_keys=1, head_dim=1, seed=-1),
            "^seed = -1: expected an integer from 0",
        ),
        (lambda: rt.ProbabilityVector((0, 0)), r"^weights = \(0, 0\): expected a sum from 1 to"),
        (lambda: rt.ProbabilityVector((0.5, 0.5)), r"^weights\[...\] = 0.5: expected an integer from 0"),
        (
            lambda: rt.probability_vectors(kinds="degenerate", positive=True),
            "^kinds = 'degenerate': expected a kind of",
        ),
        (lambda: rt.query_laws(kinds="normal"), "^kinds = 'normal': expected one of 'gaussian'"),
        (lambda: rt.query_laws(head_dim=0), "^head_dim = 0: expected an integer from 1"),
        (lambda: rt.stochastic_matrices(convention="row"), "^convention = 'row': .*did you mean 'rows'"),
        (lambda: rt.stochastic_matrices(kinds="hard", positive=True), "^kinds = 'hard': expected a kind with positive"),
        (lambda: rt.attention_inputs(laws="gausian"), "^laws = 'gausian': .*did you mean 'gaussian'"),
        (
            lambda: rt.attention_inputs(laws="antipodal", n_tokens=3),
            r"^laws = \('antipodal',\): expected one that fits",
        ),
        (
            lambda: rt.attention_inputs(laws="orthonormal", n_tokens=3, embed_dim=2),
            "expected one that fits .*'embed_di",
        ),
        (lambda: rt.TokenMatrix(inputs="simplex", n_tokens=4, embed_dim=2), "^embed_dim = 2: expected at least 3 with"),
        (lambda: rt.attention_settings(n_key=3), "^field = 'n_key': .*did you mean 'n_keys'"),
    ],
)
def test_misuse_is_one_clear_line_at_once(call, message):
    with pytest.raises(ValueError, match=message) as caught:
        call()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weights": "tied", "head_dim": math.inf}, "^head_dim = inf: expected a finite one with weights 'tied'"),
        ({"inputs": "antipodal", "n_keys": 3}, "^n_keys = 3: expected an even number of tokens"),
        ({"weights": "normal"}, "^weights = 'normal': expected one of"),
        ({"mask": np.zeros((2, 2), bool)}, r"^mask\[0\] = 'all False'"),
        ({"inputs": np.zeros(3)}, r"^inputs.array.shape = \(3,\): expected a matrix"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_fields_that_do_not_go_together_are_refused_as_setting_does(fields, message):
    @given(rt.attention_settings(**fields))
    def test(setting):
        raise AssertionError("none can be drawn")

    with pytest.raises(ValueError, match=message):
        test()


# Profiles, entry point, imports


def test_profiles_are_registered_on_request_and_not_loaded():
    code = """
import json
from hypothesis import settings
from hypothesis.errors import InvalidArgument
before = settings.default.max_examples, settings.default.derandomize
def known(name):
    try:
        return settings.get_profile(name).max_examples
    except InvalidArgument:
        return None
import rankbound.testing
found = [known("rankbound-ci"), known("rankbound-thorough")]
names = rankbound.testing.register_profiles()
rankbound.testing.register_profiles()
found += [known(name) for name in names]
print(json.dumps([found, names, before == (settings.default.max_examples, settings.default.derandomize)]))
"""
    found, names, unchanged = fresh(code)
    assert found == [None, None, 100, 2000]
    assert names == ["rankbound-ci", "rankbound-thorough"]
    assert unchanged
    rt.register_profiles()
    before, loaded = settings.get_profile("rankbound-thorough"), settings.get_current_profile_name()
    settings.load_profile("rankbound-ci")
    try:
        rt.register_profiles()  # while another profile is loaded, from which nothing is inherited
        assert repr(settings.get_profile("rankbound-thorough")) == repr(before)
        assert (before.database is None) == (settings.get_profile("default").database is None)
    finally:
        settings.load_profile(loaded)
    assert settings.get_profile("rankbound-ci").derandomize
    assert settings.get_profile("rankbound-ci").deadline is None
    assert not settings.get_profile("rankbound-thorough").derandomize


def test_hypothesis_finds_settings_by_its_entry_point(tmp_path):
    """With the metadata that an installation makes of pyproject.toml, before any other on the path."""
    entry = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["hypothesis"]
    metadata = tmp_path / "rankbound-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: rankbound\nVersion: 0.1.0\n")
    lines = ["[hypothesis]", *(f"{name} = {target}" for name, target in entry.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
    code = """
import json, sys
import hypothesis
loaded = sorted({name.split(".")[0] for name in sys.modules} | {n for n in sys.modules if n.startswith("rankbound")})
from hypothesis import strategies as st
found = []
import rankbound
@hypothesis.settings(database=None, max_examples=30)
@hypothesis.given(st.from_type(rankbound.Setting), st.builds(dict, setting=st.from_type(rankbound.Setting)))
def test(setting, other):
    assert isinstance(setting, rankbound.Setting) and isinstance(other["setting"], rankbound.Setting)
    found.append(setting)
test()
print(json.dumps([loaded, len(set(found))]))
"""
    loaded, drawn = fresh(code, PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert "rankbound.testing.entry_point" in loaded
    assert not {"numpy", "scipy", "numba", "sympy", "flint", "proofs", "montecarlo"} & set(loaded)
    assert not {"rankbound.testing.settings", "rankbound.bounds", "rankbound.claims"} & set(loaded)
    assert drawn > 15


def test_the_package_loads_neither_hypothesis_nor_numpy():
    code = "import json, sys, rankbound.testing\nrankbound.testing.__all__, dir(rankbound.testing)\n"
    loaded = fresh(code + "print(json.dumps(sorted(sys.modules)))")
    assert not {"numpy", "hypothesis", "numba", "rankbound.setting"} & set(loaded)


def test_strategies_load_no_witness():
    code = """
import json, sys
from hypothesis import given, settings
import rankbound.testing as rt
for name in ("attention_settings", "attention_inputs", "key_matrices", "probability_vectors", "query_laws",
             "stochastic_matrices", "sequence_lengths", "register_profiles"):
    getattr(rt, name)
@settings(max_examples=20, database=None)
@given(rt.attention_settings(), rt.attention_inputs(), rt.key_matrices())
def test(setting, tokens, keys):
    tokens.array, keys.array
test()
print(json.dumps(sorted(sys.modules)))
"""
    loaded = fresh(code)
    assert not {"numba", "scipy", "sympy", "flint", "proofs", "montecarlo", "rankbound.bounds"} & set(loaded)


def test_a_hundred_inputs_of_attention_take_less_than_two_seconds():
    """The best of three runs, because the machine may be busy with something else."""
    taken = []
    for number in range(3):
        sizes = []

        @seed(number)
        @settings(max_examples=100, database=None)
        @given(st.just(sizes), rt.attention_inputs())
        def test(sizes, tokens):
            sizes.append(tokens.array.size)

        start = time.perf_counter()
        test()
        taken.append(time.perf_counter() - start)
        assert len(sizes) == 100
    assert min(taken) < 2.0


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    module = importlib.import_module(f"rankbound.testing.{name}")
    names = {public: getattr(rt, public) for public in rt.__all__} | {"Setting": Setting}
    before = settings.get_current_profile_name()
    settings.register_profile("doctest", settings.get_profile(before), derandomize=True, database=None)
    settings.load_profile("doctest")
    try:
        outcome = doctest.testmod(module, extraglobs=names)
    finally:
        settings.load_profile(before)
    assert outcome.failed == 0
    public = [each for each, home in rt._HOME.items() if home == name]
    assert all(">>>" in getattr(rt, each).__doc__ for each in public)


def test_the_page_on_testing_does_what_it_says():
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8").split("## Assertions")[0]
    blocks = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len(blocks) == 4
    code = (
        "\n".join(blocks)
        + """
import json
try:
    test_each_query_picks_one_key()
except AssertionError as failure:
    print(json.dumps([settings.default.derandomize, "".join(failure.__notes__)]))
"""
    )
    derandomised, printed = fresh(code)
    assert derandomised, "rankbound-ci was loaded"
    assert re.search(r"keys=KeyMatrix\(kind='(integers|duplicate)', n_keys=2, head_dim=4, seed=\d+\)", printed)
    assert "law=QueryLaw(kind='" in printed


@pytest.mark.parametrize("three", [3, np.int64(3)], ids=["int", "numpy"])
def test_a_size_that_is_given_is_the_size_that_is_drawn(three):
    options = settings(database=None, max_examples=5, phases=[Phase.generate])

    def drawn(strategy):
        return find(strategy, lambda _: True, settings=options)

    assert drawn(rt.attention_inputs(n_tokens=three)).n_tokens == 3
    assert drawn(rt.attention_inputs(embed_dim=three)).embed_dim == 3
    assert drawn(rt.attention_inputs(laws="orthonormal", n_tokens=three, embed_dim=three)).embed_dim == 3
    assert drawn(rt.sequence_lengths(min_value=three, max_value=three)) == 3
    assert drawn(rt.head_dims(max_value=three, multiple_of=three)) == 3
    assert drawn(rt.key_matrices(n_keys=three)).n_keys == 3
    with pytest.raises(ValueError, match="one that fits"):
        rt.attention_inputs(laws="antipodal", n_tokens=three)
    with pytest.raises(ValueError, match="of kind 'convex' on a line"):
        rt.key_matrices(kinds="convex", n_keys=three, head_dim=np.int64(1))


@pytest.mark.parametrize("strategy", [rt.attention_inputs, rt.key_matrices, rt.stochastic_matrices])
@pytest.mark.parametrize("size", ["three", 2.5, 0, True])
def test_what_is_no_size_is_refused_at_once(strategy, size):
    name = "n_tokens" if strategy is rt.attention_inputs else "n_keys"
    with pytest.raises(ValueError, match=f"{name} = "):
        strategy(**{name: size})


def test_a_zero_that_is_wanted_needs_two_keys():
    with pytest.raises(ValueError, match=re.escape("n_keys = 1: expected at least 2 with positive=False")):
        rt.stochastic_matrices(positive=False, n_keys=1)

    @settings(max_examples=50, database=None)
    @given(rt.stochastic_matrices(positive=False, n_keys=st.integers(1, 3), n_queries=2))
    def test(matrix):
        assert (matrix.array == 0).any()

    test()


def test_hypothesis_refuses_what_is_no_strategy_nor_size():
    with pytest.raises((ValueError, InvalidArgument)):
        rt.key_matrices(n_keys="three")
    assert isinstance(rt.key_matrices(n_keys=3), st.SearchStrategy)
