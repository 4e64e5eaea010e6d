"""Sheets in which each case is a column: columns and rows change places before anything else is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from caseseries.ingest.read import check_header
from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding


def turn_table(table: SourceTable) -> tuple[SourceTable | None, list[Finding]]:
    """The table with a row for each of its columns but the first, whose cells become the headers.

    The line of a row is the place of its column in the file, from 1; the label of the case stands under the header of
    the first column.
    """
    first, *cases = list(table.texts)
    items = table.texts[first].tolist()
    shown = f"{table.shown}, columns as rows"
    filled = [place for place, item in enumerate(items) if item]
    header = [first, *(items[place] for place in filled)]
    if findings := check_header(header, shown):
        return None, findings
    cells = table.texts[cases].to_numpy(dtype=object).T
    texts = pd.DataFrame({first: cases} | {items[place]: cells[:, place] for place in filled}, dtype=object)
    turned = replace(table, texts=texts, lines=np.arange(2, len(cases) + 2), files=((0, shown),))
    return turned.take((cells != "").any(axis=1)), []
