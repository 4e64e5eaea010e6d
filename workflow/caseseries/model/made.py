"""What each stage wrote, by its checksum, kept by the stage itself: a result that anybody else changed is no result."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from caseseries.model.files import checksum, write_text
from caseseries.model.layout import Layout
from caseseries.model.stages import STAGES, Stage


def record_made(stage: Stage, cohort: str, layout: Layout) -> None:
    """Keep the checksums of what a stage has just written, as `sha256sum --check` reads them."""
    lines = [f"{checksum(layout.place(name))}  {name}\n" for name in written(stage, cohort, layout)]
    write_text(record_of(stage, cohort, layout), "".join(lines))


def record_of(stage: Stage, cohort: str, layout: Layout) -> Path:
    """The file with the checksums of a stage, of one cohort if it runs for each."""
    return layout.results / "restricted" / ".made" / stage.rule / f"{cohort or 'all'}.sha256"


def recorded(stage: Stage, cohort: str, layout: Layout) -> dict[str, str]:
    """File -> checksum when its stage wrote it; empty where the stage kept none."""
    record = record_of(stage, cohort, layout)
    if not record.exists():
        return {}
    pairs = [line.partition("  ") for line in record.read_text(encoding="utf-8").splitlines()]
    return {name: digest for digest, _, name in pairs}


def written(stage: Stage, cohort: str, layout: Layout) -> list[str]:
    """Files that lie where a stage writes, by their path in the study; those with a dot are not ours."""
    found = []
    for name in stage.outputs:
        place = layout.path(name, cohort)
        files = place.rglob("*") if place.is_dir() else [place]
        found += [file for file in files if file.is_file() and not file.name.startswith(".")]
    return sorted(f"results/{file.relative_to(layout.results).as_posix()}" for file in found)


def not_as_made(stage: Stage, cohort: str, layout: Layout) -> list[str]:
    """Files that are not what the stage wrote: changed, gone, or put there by somebody else."""
    known, there = recorded(stage, cohort, layout), written(stage, cohort, layout)
    strange = [name for name in there if known.get(name) != checksum(layout.place(name))]
    return sorted({*strange, *(known.keys() - set(there))})


def runs(cohorts: Iterable[str], stages: Iterable[Stage] = STAGES) -> Iterator[tuple[Stage, str]]:
    """Every run of the stages: with each cohort, or once with none."""
    cohorts = list(cohorts)
    for stage in stages:
        yield from ((stage, cohort) for cohort in (cohorts if stage.of_a_cohort else [""]))


def take_back(stage: Stage, cohort: str, layout: Layout) -> None:
    """Remove what lies where a stage writes, so that it is made again."""
    for name in stage.outputs:
        place = layout.path(name, cohort)
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
    record_of(stage, cohort, layout).unlink(missing_ok=True)


def cohorts_there(layout: Layout) -> list[str]:
    """Cohorts of which results lie there, configured or not."""
    across = {Path(path).parts[2] for stage in STAGES if not stage.of_a_cohort for path in stage.outputs.values()}
    folders = [*layout.release.glob("*/"), *(layout.results / "restricted").glob("*/")]
    return sorted({folder.name for folder in folders if not folder.name.startswith(".")} - across)


def changed_since(stamp: Path, folders: Sequence[Path]) -> bool:
    """Whether anything came, went or changed in folders after a stamp was made.

    A file counts as changed from the moment at which it came here, whatever time it carries; a folder changes when a
    file of it goes.
    """
    if not stamp.exists():
        return True
    then = stamp.stat().st_ctime_ns
    for folder in folders:
        for parent, inside, files in os.walk(folder):
            inside[:] = [name for name in inside if name != "__pycache__"]
            code = Path(parent, "__init__.py").exists()  # of code, the files alone: a folder changes when it is run
            for path in (*([] if code else [parent]), *(os.path.join(parent, name) for name in files)):
                if os.stat(path).st_ctime_ns > then:
                    return True
    return False
