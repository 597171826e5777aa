"""Which attention is tested: ``pytest --attention MODULE:CLASS``, as often as there are some."""

from pkgutil import resolve_name

from hypothesis import settings

from rankbound.testing import register_profiles

register_profiles()
settings.load_profile("rankbound-ci")  # the same 100 examples every time, and no deadline


def pytest_addoption(parser):
    parser.addoption("--attention", action="append", metavar="MODULE:CLASS", help="(default: attention:Attention)")


def pytest_generate_tests(metafunc):
    if "attention" in metafunc.fixturenames:
        names = metafunc.config.getoption("attention") or ["attention:Attention"]
        classes = [resolve_name(name) for name in names]
        metafunc.parametrize("attention", classes, ids=lambda wanted: wanted.__name__)
