"""Hypothesis profiles for suites that use these strategies."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

__all__ = ["register_profiles"]


def register_profiles() -> tuple[str, str]:
    """Register the Hypothesis profiles ``rankbound-ci`` and ``rankbound-thorough``, and return their names.

    Neither is loaded: that is for ``hypothesis.settings.load_profile``, or for ``pytest --hypothesis-profile NAME``
    where a ``conftest.py`` has registered them. What the table leaves open is as in the profile ``default``, whichever
    is loaded; so registering twice changes nothing.

    ================== ============ ============ ======== ==========================================================
    profile            examples     derandomize  deadline otherwise
    ================== ============ ============ ======== ==========================================================
    rankbound-ci       100          yes          none     no example database: a run depends on nothing but the code
    rankbound-thorough 2000         no           none     slow data generation is no failure
    ================== ============ ============ ======== ==========================================================

    Both print the line that reproduces a failure. There is no deadline because the first call of a compiled kernel
    takes longer than all others together.

    Returns
    -------
    tuple of two str

    Examples
    --------
    >>> from hypothesis import settings
    >>> register_profiles()
    ('rankbound-ci', 'rankbound-thorough')
    >>> settings.get_profile("rankbound-ci").max_examples
    100
    """
    parent = settings.get_profile("default")  # otherwise the one that is loaded would be inherited from
    settings.register_profile(
        "rankbound-ci", parent, max_examples=100, derandomize=True, database=None, deadline=None, print_blob=True
    )
    settings.register_profile(
        "rankbound-thorough",
        parent,
        max_examples=2000,
        derandomize=False,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    return "rankbound-ci", "rankbound-thorough"
