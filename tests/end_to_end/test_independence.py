"""Three witnesses that share no code: exercise one, and find the other two absent."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WITNESSES = ("proofs", "rankbound.bounds", "montecarlo")

EXERCISE = {
    "proofs": """
import proofs
expression = proofs.derive("barrier")
assert expression.free_symbols
assert proofs.check("rank-is-occupancy").steps
""",
    "rankbound.bounds": """
from rankbound import bounds
for name in bounds.__all__:
    getattr(bounds, name)
assert bounds.expected_rank(64, 4).lower > 1
assert bounds.barrier_margins(64)[0].lower > 0
assert bounds.rank_exponent(1.0).upper < 1
assert bounds.certified_head_dim(64, 30.0)
""",
    "montecarlo": """
import montecarlo
estimate = montecarlo.estimate_rank(8, 2, replicates=50, rng=0, error=1e-3)
assert estimate.lower <= estimate.upper
assert len(montecarlo.sample_rank_and_occupancy(8, 2, 5, rng=0)) == 5
""",
}

REPORT = "\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))\n"


def modules_after(code):
    """Run ``code`` in a fresh interpreter, and return the names of the modules it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", code + REPORT], capture_output=True, text=True, timeout=120, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def loaded(package, modules):
    return [name for name in modules if name == package or name.startswith(package + ".")]


@pytest.mark.parametrize("witness", WITNESSES)
def test_a_witness_works_without_the_other_two(witness):
    modules = modules_after(EXERCISE[witness])
    assert loaded(witness, modules)
    for other in WITNESSES:
        if other != witness:
            assert loaded(other, modules) == []
    for above in ("rankbound.claims", "rankbound.verify", "rankbound.cli"):
        assert loaded(above, modules) == [], f"{witness} knows {above}"


def test_the_low_rank_bottleneck_needs_no_other_witness():
    code = "import rankbound\nassert rankbound.represent([[3, 1], [1, 1]], None, 1).exact\n"
    code += (
        "assert rankbound.min_head_dim([[3, 1], [1, 1]]).value == 1\nassert rankbound.unattainable_attention(4, 2)\n"
    )
    modules = modules_after(code)
    for other in ("proofs", "montecarlo", "rankbound.claims", "rankbound.verify", "rankbound.cli", "numba", "sympy"):
        assert loaded(other, modules) == []


def test_import_rankbound_is_light():
    modules = modules_after("import rankbound\nassert rankbound.__version__")
    heavy = ("numpy", "sympy", "numba", "flint", "scipy", "matplotlib", "rich", "mpmath", "hypothesis", "click")
    for package in (*heavy, *WITNESSES):
        assert loaded(package, modules) == []


def test_the_ground_floor_needs_no_numerics():
    code = "from rankbound import Setting, Enclosure, Evidence, Outcome, Rigour, Verdict, Witness\n"
    code += "Setting(n_queries=4, n_keys=4, head_dim=2)"
    modules = modules_after(code)
    for package in ("numpy", "sympy", "numba", "flint", "scipy", *WITNESSES, "rankbound.claims", "rankbound.verify"):
        assert loaded(package, modules) == []


def test_the_directions_of_imports():
    linter = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], capture_output=True, text=True, timeout=120, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
