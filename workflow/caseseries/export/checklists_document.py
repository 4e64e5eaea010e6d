"""checklists.docx: the reporting checklists of a cohort, to be completed and sent with a manuscript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from caseseries.export.word import add_table, new_document, save_document
from caseseries.model.cohort import Cohort
from caseseries.show.table import Cell, Table, TableColumn

WHERE = "Where it stands, or what is left"

HOW_TO_READ = (
    "An item is filled where a file of this release shows what it asks for; that the file says enough is for the "
    "author to judge. Beside what is left to the author stand files to begin from."
)


def write_checklists(path: Path, cohort: Cohort, tables: Sequence[Table]) -> None:
    """Write the document; the same tables give the same bytes."""
    document = new_document(f"{cohort.title}: checklists", synthetic=cohort.synthetic)
    document.add_paragraph(f"{cohort.title}: checklists", style="Title")
    document.add_paragraph(HOW_TO_READ, style="Table note")
    for table in tables:
        add_table(document, _for_print(table))
    save_document(document, path)


def _for_print(table: Table) -> Table:
    """The table with file and remark in one column, so that it fits a page that stands upright."""
    *kept, _, _ = table.columns
    rows = (replace(row, cells=_together(row.cells)) if row.role == "row" else row for row in table.rows)
    return replace(table, columns=(*kept, TableColumn(WHERE)), rows=tuple(rows))


def _together(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    *kept, file, remark = cells
    return (*kept, Cell("\n".join(part for part in (file.text, remark.text) if part)))
