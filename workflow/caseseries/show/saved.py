"""Tables and figures that the show stage saved, read again; nothing of what draws is imported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from caseseries.show.table import TABLE, Table

if TYPE_CHECKING:
    from caseseries.show.drawing import Drawing


def index_of(folder: Path) -> list[dict]:
    """Entries of a folder's index.json, in their order; none where there is no index."""
    path = folder / "index.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def saved_table(folder: Path, entry: dict) -> Table:
    """The table of an entry of the folder's index."""
    return TABLE.validate_json((folder / entry["json"]).read_bytes())


def saved_drawing(folder: Path, entry: dict) -> Drawing:
    """The drawing of an entry of the folder's index."""
    from caseseries.show.drawing import DRAWING

    return DRAWING.validate_json((folder / entry["json"]).read_bytes())
