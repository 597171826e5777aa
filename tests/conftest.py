"""Hypothesis profiles, and fixtures that plant errors.

Hypothesis draws the same examples every time where ``CI`` is set, and new ones on every run elsewhere. The option
``--hypothesis-profile rankbound-thorough`` draws twenty times as many, and wins over what is loaded here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import pytest
from filelock import FileLock
from hypothesis import settings

from rankbound.testing import register_profiles

# No deadline in any: the first call of a function may compile or load a library, and ball arithmetic takes longer
# at large sizes. Hypothesis loads the profile of its own option later than this file.
settings.register_profile("rankbound-short", max_examples=100, deadline=None, print_blob=True)
CI_PROFILE, THOROUGH_PROFILE = register_profiles()
settings.load_profile(CI_PROFILE if os.environ.get("CI") else "rankbound-short")


def pytest_configure(config):
    """Keep what is cached away from the user's folder, and compile the kernels before several processes want to.

    Numba's cache does not like to be filled twice at once.
    """
    if not hasattr(config, "workerinput"):  # workers, and the commands that tests start, inherit it
        config.rankbound_cache = tempfile.mkdtemp(prefix="rankbound-tests-")
        os.environ["RANKBOUND_CACHE_DIR"] = config.rankbound_cache
    parallel = getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput")
    if parallel:
        import montecarlo

        montecarlo.sample_ranks(8, 2, 1)
        montecarlo.hardmax_rank([[1.0]], [[1.0]])
        if (
            config.args_source is pytest.Config.ArgsSource.TESTPATHS
        ):  # the whole suite: what many tests need comes first
            command = "import proofs; proofs.check_all(proofs.theorem_ids(), time_limit=300.0)"
            config.rankbound_checks = subprocess.Popen([sys.executable, "-c", command])


def pytest_collection_modifyitems(config, items):
    """Leave out what only the thorough profile asks for."""
    if config.getoption("--hypothesis-profile") == "rankbound-thorough":
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def pytest_unconfigure(config):
    """Remove what was cached."""
    if hasattr(config, "rankbound_checks"):
        config.rankbound_checks.kill()
        config.rankbound_checks.wait()
    if hasattr(config, "rankbound_cache"):
        shutil.rmtree(config.rankbound_cache, ignore_errors=True)


@pytest.fixture(autouse=True, scope="module")
def _numbers_are_computed(request):
    """Let no cached number stand in for the code under test, nor an error planted by a test be cached.

    Commands are tested as users have them, with the cache.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "end_to_end" not in request.path.parts:
            patch.setenv("RANKBOUND_NO_CACHE", "1")
        yield


@pytest.fixture(scope="session")
def checked_theorems():
    """Return the derivation of every theorem; checked once in a run, whatever the number of its processes."""
    import proofs

    with pytest.MonkeyPatch.context() as patch, FileLock(Path(os.environ["RANKBOUND_CACHE_DIR"]) / "theorems.lock"):
        patch.delenv("RANKBOUND_NO_CACHE", raising=False)
        return proofs.check_all(proofs.theorem_ids(), time_limit=300.0)


@pytest.fixture
def kept_derivations(checked_theorems, monkeypatch):
    """Let the derivations that this run has checked be recalled."""
    monkeypatch.delenv("RANKBOUND_NO_CACHE")
    return checked_theorems


@pytest.fixture
def scaled_integrands():
    """Return a context in which each integrand that a module of bounds encloses is multiplied by a factor."""

    @contextmanager
    def plant(module, factor):
        honest = module.integrate

        def scaled(integrand, low, high, **options):
            return honest(lambda t, analytic: integrand(t, analytic) * factor, low, high, **options)

        with mock.patch.object(module, "integrate", scaled):
            yield

    return plant
