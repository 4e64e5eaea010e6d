"""`docs/architecture.md` and its picture, written from the rows of `stages` so that neither can fall behind them.

`python -m caseseries.model.architecture_page` writes both again; a test holds them in step.
"""

from __future__ import annotations

from pathlib import Path

from caseseries.model.flow_picture import draw_flow
from caseseries.model.stages import ROOMS, SOURCES, STAGES, WHOLE, Stage

PAGE, PICTURE = Path("docs/architecture.md"), Path("docs/architecture.svg")

OPENING = f"""# Architecture

This page and its picture are made from the code by `python -m caseseries.model.architecture_page`; change
`model/stages.py`, not the page.

A study is two folders that people write, `data/` and `config/`. Stages turn them into results, one command each, which
Snakemake calls in their order. Everything in full stays in `results/restricted/`; `disclose` is the one door to
`results/release/`, and the report, tables, figures and documents that may leave are made of what came through it.

![The stages from top to bottom, each below what it builds on]({PICTURE.name})

What a column of a file means stands in [columns.md](columns.md), why things are as they are in
[decisions.md](decisions.md).

## Rooms

The package is `workflow/caseseries/`. A room imports only rooms above it.

| Room | What it does |
|---|---|
"""

STAGES_OPENING = """
## Stages

One row of `model/stages.py` each. A change of code in one of its rooms runs a stage again.

| Stage | Reads | Writes | Rooms |
|---|---|---|---|
"""


def write_architecture_page() -> str:
    """The page as Markdown."""
    rooms = [f"| `{room}/` | {about} |" for room, about in ROOMS.items()]
    return OPENING + "\n".join(rooms) + "\n" + STAGES_OPENING + "\n".join(map(_line, STAGES)) + "\n"


def _line(stage: Stage) -> str:
    """One stage: its name, what it reads by name, the files that it writes, and its rooms."""
    rooms = "all" if stage.rooms == WHOLE else ", ".join(stage.rooms)
    given = [name for name in stage.inputs if name in SOURCES]
    read = ", ".join([*given, *(f"*{name}*" for name in stage.inputs if name not in SOURCES)])
    written = ", ".join(f"`{path.replace('{cohort}', 'COHORT')}`" for path in stage.outputs.values())
    return f"| `{stage.rule}` | {read} | {written} | {rooms} |"


def main() -> None:
    """Write page and picture in the folder of the project, from which the command is called."""
    PAGE.write_text(write_architecture_page(), encoding="utf-8")
    PICTURE.write_text(draw_flow(), encoding="utf-8")


if __name__ == "__main__":
    main()
