"""What the package exports, and what it loads when."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import pytest

import montecarlo


def test_every_public_name_loads_and_is_documented():
    assert sorted(montecarlo.__all__) == sorted({"DEFAULT_SEED", "STREAMS", *montecarlo._HOME})
    assert set(montecarlo.__all__) <= set(dir(montecarlo))
    for name in montecarlo._HOME:
        value = getattr(montecarlo, name)
        assert value.__doc__
        if not isinstance(value, int):  # a number does not know where it lives
            assert value.__module__ == montecarlo._HOME[name]


def test_no_module_shares_a_public_name():
    assert not {module.name for module in pkgutil.iter_modules(montecarlo.__path__)} & set(montecarlo.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'estimate'"):
        _ = montecarlo.estimate


def modules_after(code: str) -> set[str]:
    code += "\nimport sys; print('\\n'.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split())


def test_importing_loads_nothing_heavy():
    heavy = {"numpy", "numba", "scipy", "sympy", "flint"}
    assert not heavy & modules_after("import montecarlo")
    planning = "import montecarlo; montecarlo.planned_replicates(10**9, [4], budget=5); montecarlo.DEFAULT_SEED"
    assert not heavy & modules_after(planning)
    interval = "import montecarlo; montecarlo.confidence_interval([1, 2], lower=1, upper=2, error=0.1)"
    assert "numba" not in modules_after(interval)


def test_the_experiment_loads_no_other_witness():
    everything = "import montecarlo\nfor name in montecarlo.__all__: getattr(montecarlo, name)\n"
    loaded = modules_after(everything + "montecarlo.estimate_rank(4, 2, replicates=3)")
    for other in ("proofs", "rankbound.bounds", "rankbound.claims", "rankbound.verify", "sympy", "flint"):
        assert not {name for name in loaded if name == other or name.startswith(other + ".")}
