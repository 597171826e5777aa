"""Sphinx configuration; the build runs with warnings as errors."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent))

from rankbound import __version__

project = "rankbound"
author = "The rankbound authors"
copyright = "The rankbound authors"
release = version = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "sphinxcontrib.bibtex",
]
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_numpy_docstring = True
napoleon_google_docstring = False
html_theme = "furo"
html_title = "rankbound"
exclude_patterns = ["_build", "_tables", "_graph", "_gallery"]
html_extra_path = ["_graph", "_gallery"]
for folder in html_extra_path:
    (Path(__file__).parent / folder).mkdir(exist_ok=True)
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nitpicky = False


def setup(app):
    """Have the tables of the derivations, the graph of the theorems and the gallery written before pages are read."""
    import derivation_tables
    import gallery_files
    import theorem_graph_files

    here = Path(__file__).parent
    app.connect("builder-inited", lambda _: derivation_tables.write(here / "_tables"))
    app.connect("builder-inited", lambda _: theorem_graph_files.write(here / "_graph"))
    app.connect("builder-inited", lambda _: gallery_files.write(here / "_gallery" / "appendix"))
