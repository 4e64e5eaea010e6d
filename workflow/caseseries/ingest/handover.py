"""What the check of a run has examined is handed over to ingest, so that no source is examined twice.

`run` offers a folder beside the results for as long as it lasts. `check` leaves in it what ingest would write of each
cohort without error, and the key of all that it was made of. Ingest moves that to its place as long as the key holds;
in every other case it examines the source itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caseseries.model.files import PARTIAL, checksum, whole
from caseseries.model.layout import Layout
from caseseries.model.made import changed_since, record_of
from caseseries.model.software import PACKAGE
from caseseries.model.stages import PATHS, stage_of_rule

OFFERED = "CASESERIES_EXAMINED"
"""Environment variable with the folder."""

KEY, TOLD = "key", "told"
"""Files beside what is handed over: the key, which is written last, and what ingest prints."""


@contextmanager
def offered(layout: Layout) -> Iterator[dict[str, str]]:
    """Offer a folder for its owner's eyes alone, which is gone afterwards.

    Yields what to add to the environment of those who hand over and take; nothing where there are no results to lie
    beside, or no room.
    """
    try:
        folder = tempfile.mkdtemp(prefix=f".examined.{os.getpid()}.", suffix=PARTIAL, dir=layout.results)
    except OSError:
        yield {}
        return
    try:
        yield {OFFERED: os.path.abspath(folder)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place_for(cohort: str, layout: Layout) -> Path | None:
    """Where what is examined of a cohort is left; None where nobody offers a place, or ingest has nothing to do."""
    folder = os.environ.get(OFFERED)
    if not folder or not Path(folder).is_dir():
        return None
    read = [layout.cohort(cohort), *layout.drug_folders, PACKAGE]
    if not changed_since(record_of(stage_of_rule("ingest"), cohort, layout), read):
        return None
    return Path(folder) / cohort


def inside(folder: Path, name: str) -> Path:
    """Where a result of ingest lies in what is handed over."""
    return folder / Path(PATHS[name]).name


def key_of(cohort: str, layout: Layout) -> str:
    """Checksum of all that ingest reads of a cohort and of the code that it runs, each file by its name."""
    stage = stage_of_rule("ingest")
    files = {file for name in stage.inputs for file in layout.sources(name, cohort)}
    files |= {str(file) for file in layout.cohort(cohort).rglob("*")}  # claims too, and what is no table
    files |= {str(file) for room in stage.rooms for file in (PACKAGE / room).rglob("*") if file.suffix != ".pyc"}
    read = [(file, os.path.islink(file), checksum(Path(file))) for file in sorted(files) if os.path.isfile(file)]
    names = sorted(file for file in files if "__pycache__" not in file)
    return hashlib.sha256(json.dumps([names, read]).encode()).hexdigest()


def take(cohort: str, layout: Layout) -> str | None:
    """Move what was handed over to where ingest writes and give what ingest prints; None where there is nothing, or
    what it was made of has changed since.
    """
    handed = Path(os.environ.get(OFFERED, ""), cohort)
    if not os.environ.get(OFFERED) or not (handed / KEY).is_file():
        return None
    key = (handed / KEY).read_text(encoding="utf-8")
    (handed / KEY).unlink()  # half of it is no more taken after a kill
    if key != key_of(cohort, layout):
        shutil.rmtree(handed)
        return None
    for name in stage_of_rule("ingest").outputs:
        made = inside(handed, name)
        for file in (made, *made.rglob("*")):
            os.utime(file)  # made before some input may have been touched, and known to be of it now
        with whole(layout.path(name, cohort)) as beside:
            os.replace(made, beside)
    told = (handed / TOLD).read_text(encoding="utf-8")
    shutil.rmtree(handed)
    return told
