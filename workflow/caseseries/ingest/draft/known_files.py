"""Files of CDISC and OMOP: a preset knows their columns, so that the draft names it and guesses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caseseries.ingest.draft.columns import Line
from caseseries.ingest.draft.guess import Draft
from caseseries.ingest.files import read_source
from caseseries.ingest.presets.expand import find_preset, load_presets
from caseseries.model.mapping import Preset, Source


def draft_presets(paths: Sequence[Path]) -> tuple[Draft, dict[str, Path]] | None:
    """The draft of files that are all of a standard, and the files to copy; None where one of them is not."""
    draft, files = Draft(), {}
    for path in paths:
        name = preset_of(path)
        if not name:
            return None
        copied = f"source/{name}{path.suffix.lower()}"
        files[copied] = path
        about = load_presets()[name]
        why = f"{about['about']}: its columns are known"
        draft.presets.append(Line(name, {"preset": name, "file": copied}, why))
    return draft, files


def preset_of(path: Path) -> str:
    """The preset of one file, "" where none fits."""
    preset = Preset(preset="", file="file")
    source = Source.model_validate({"table": "episodes", "columns": {"episode_id": ""}} | preset.dialect)
    table, _ = read_source(path, source, "file")
    return find_preset(table, path.stem.casefold()) if table is not None else ""
