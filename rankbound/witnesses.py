"""Make sure that the two witnesses that are top-level packages are the ones rankbound ships.

``proofs`` and ``montecarlo`` are generic names: a file of that name beside a user's script shadows them.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from rankbound.errors import ShadowedPackageError

_HOME = Path(__file__).resolve().parent.parent  # the folder that holds rankbound holds its witnesses too


def ensure_own(*names: str) -> None:
    """Raise :class:`ShadowedPackageError` unless each of these packages would be imported from beside ``rankbound``.

    Nothing is imported: a stranger's module is not run to find out that it is a stranger's.
    """
    for name in names:
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if found != _HOME / name / "__init__.py":
            raise ShadowedPackageError(
                f"the package {name!r} found at {found or 'no file'} is not the one rankbound ships at {_HOME / name}; "
                "rename that file or folder, or run from another directory"
            )
