"""Where the headers of a table stand: in which row, in how many, or in the first column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from caseseries.ingest.draft.headers import read_header
from caseseries.ingest.draft.vocabulary import Vocabulary
from caseseries.ingest.read import join_headers
from caseseries.model.text import tidy_text

LONGEST = 80
"""Letters that a header may have."""


def lay_out(
    rows: list[list[str]], row: int, why: str, keys: dict[str, Any], words: Vocabulary
) -> tuple[dict[str, Any], dict[str, str], int]:
    """The keys by which a sheet is read, why, and the first row of its headers.

    Parameters
    ----------
    rows : at the top of the sheet; row, why : where its headers seem to stand; keys : what is said of it so far.
    """
    if turned := find_first_variable(rows, row, words):
        others = {key: value for key, value in keys.items() if key != "header_row"}
        at = {"header_row": turned} if turned > 1 else {}
        whys = {
            "transpose": "the first column has most words that usually are headers: each case is a column",
            "header_row": "above it stand titles",
        }
        return others | {"transpose": True} | at, whys, turned
    first, several, reason = find_further_row(rows, row, words)
    at = {"header_row": first} if first > 1 or "header_row" in keys else {}
    at |= {"header_rows": several} if several > 1 else {}
    return keys | at, {"header_row": why, "header_rows": reason}, first


def find_header_row(rows: list[list[str]], words: Vocabulary) -> tuple[int, str]:
    """The row of the headers, from 1, and why: the one with most words that are known as headers."""
    known = [count_known(row, words) for row in rows]
    best = max(known, default=0)
    if best > 1:
        row = known.index(best) + 1
        return row, f"row {row} has most words that usually are headers ({best}); above it stand titles"
    widths = [sum(bool(cell) for cell in row) for row in rows]
    row = next((place for place, width in enumerate(widths, 1) if width > 1 and width >= max(widths) - 1), 1)
    return row, f"row {row} is the first that fills the columns; above it stand titles"


def find_first_variable(rows: list[list[str]], row: int, words: Vocabulary) -> int:
    """The row that names the cases of a sheet in which each is a column, from 1; 0 where each is a row.

    The first column of such a sheet has more words that are known as headers than any row, and one for the case.
    """
    first = [cells[0] if cells else "" for cells in rows]
    if count_known(first, words) <= max(2, count_known(rows[row - 1], words)):
        return 0
    read = [read_header(cell, words).meaning if cell else None for cell in first]
    return next((place for place, one in enumerate(read, 1) if one and one.column == "episodes.episode_id"), 0)


def find_further_row(rows: list[list[str]], row: int, words: Vocabulary) -> tuple[int, int, str]:
    """The first row of the headers, how many they are made of, and why: two, where together they say more than one."""
    alone = count_known(rows[row - 1], words)
    above = count_known(join_headers(rows[row - 2 : row]), words) if row > 1 else 0
    below = count_known(join_headers(rows[row - 1 : row + 1]), words) if row < len(rows) else 0
    if above > alone:
        return row - 1, 2, f"with the row below it the headers have more known words ({above})"
    if below > alone + 1:
        return row, 2, f"with the row below it the headers have more known words ({below})"
    return row, 1, ""


def titles_above(rows: list[list[str]], row: int) -> tuple[str, ...]:
    """What stands above the row of the headers."""
    return tuple(cell for cells in rows[: row - 1] for cell in cells if cell and len(cell) <= LONGEST)


def count_known(cells: Iterable[str], words: Vocabulary) -> int:
    """How many cells are headers with a known word."""
    spoken = [tidy_text(cell) for cell in cells if re.search(r"[^\W\d_]", cell) and len(cell) <= LONGEST]
    return sum(read_header(cell, words).meaning is not None for cell in spoken)
