"""Where the software lies: its workflow, and the configuration that it ships."""

from __future__ import annotations

import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def find_software() -> Path:
    """The folder with Snakefile, workflow/, config/ and CITATION.cff: the clone, or what an installation brought."""
    brought = Path("share", "caseseries")
    places = (PACKAGE.parents[1], PACKAGE.parent / brought, sysconfig.get_path("data") / brought)
    return next((place for place in places if (place / "Snakefile").exists()), places[0])


SOFTWARE = find_software()
