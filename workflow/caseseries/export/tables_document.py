"""tables.docx: every table and figure of a cohort, or across cohorts, that may leave, ready to go into a manuscript."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from caseseries.export.word import add_figure, add_table, is_wide, new_document, save_document
from caseseries.show.saved import index_of
from caseseries.show.table import Table

FOR_A_PAGE = ("brief",)
"""Kinds of figures that say what another says, for a first look at a page."""

WIDEST = 17.0
"""Centimetres between the margins of a page."""


def write_tables_document(
    path: Path, title: str, source: str, tables: Sequence[Table], figures: Path, *, synthetic: bool
) -> None:
    """Write the document; the same tables and figures give the same bytes.

    Parameters
    ----------
    source : where the data come from, a line below the title.
    figures : folder of the show stage, with index.json.
    """
    wide = bool(tables) and is_wide(tables[0])
    document = new_document(title, synthetic=synthetic, wide=wide)
    document.add_paragraph(title, style="Title")
    document.add_paragraph(source)
    for table in tables:
        add_table(document, table)
    for entry in (entry for entry in index_of(figures) if entry["kind"] not in FOR_A_PAGE):
        add_figure(document, entry, figures / entry["png"], min(entry.get("width_mm", 10 * WIDEST) / 10, WIDEST))
    save_document(document, path)
