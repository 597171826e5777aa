"""What is promised in ``__all__`` is there, and no module hides behind a function of the same name."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import rankbound
import rankbound.bounds
import rankbound.claims
import rankbound.testing

LAZY = [rankbound, rankbound.bounds, rankbound.testing]


@pytest.mark.parametrize("package", LAZY, ids=lambda p: p.__name__)
def test_every_public_name_resolves(package):
    assert len(package.__all__) == len(set(package.__all__))
    for name in package.__all__:
        value = getattr(package, name)
        assert value is not None
        assert getattr(package, name) is value  # the second look finds the same object
        assert name in dir(package)
    assert package.__doc__


@pytest.mark.parametrize("package", LAZY, ids=lambda p: p.__name__)
def test_an_unknown_name_is_an_attribute_error(package):
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = package.no_such_name
    assert not hasattr(package, "no_such_name")


@pytest.mark.parametrize("package", LAZY, ids=lambda p: p.__name__)
def test_functions_are_documented_and_know_where_they_live(package):
    for name in package.__all__:
        value = getattr(package, name)
        if callable(value):
            assert value.__doc__, name
            assert value.__module__.startswith("rankbound")


@pytest.mark.parametrize(
    "name",
    [
        "rankbound",
        "rankbound.bounds",
        "rankbound.claims",
        "rankbound.representation",
        "rankbound.testing",
        "rankbound.verify",
        "rankbound.cli",
        "montecarlo",
    ],
)
def test_no_module_shares_the_name_of_a_public_function(name):
    package = importlib.import_module(name)
    modules = {info.name for info in pkgutil.iter_modules(package.__path__)}
    public = set(getattr(package, "__all__", ()))
    assert not modules & public, "the module would replace the function as soon as it is imported"


def test_the_version_is_a_version():
    import re

    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", rankbound.__version__)
