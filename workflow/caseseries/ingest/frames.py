"""Plain pandas frames as the typed records of a cohort, checked like its files."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from caseseries.ingest.contract import check_table
from caseseries.ingest.cross import check_across
from caseseries.ingest.ingest import type_tables
from caseseries.ingest.repeats import drop_repeats
from caseseries.ingest.source import SourceTable
from caseseries.ingest.statistics_file import write_cells
from caseseries.ingest.tidy import tidy_table
from caseseries.model.columns import TABLES
from caseseries.model.findings import BadInput, Finding, raise_errors
from caseseries.model.records import Records


def take_frames(frames: Mapping[str, pd.DataFrame]) -> Records:
    """Records made of frames with the columns of docs/data.md.

    Parameters
    ----------
    frames : table of the contract (`episodes`, `counts`, ...) -> its rows. Days are whole days from the first dose,
        counts numbers or text such as `<5`; NaN and None are unknown. Columns beyond the contract stay as text.

    Raises
    ------
    BadInput : every fault of the frames; a line is the place of a row, from 1.
    """
    strange = [
        Finding(f"frame {name}", rule="there is no such table", example="counts") for name in {*frames} - {*TABLES}
    ]
    if strange:
        raise BadInput(strange)
    tables, findings = {}, []
    for name, frame in frames.items():
        cells = {str(column): write_cells(frame[column]) for column in frame}
        texts = pd.DataFrame(cells, index=range(len(frame)), dtype=object)
        read = SourceTable(name, texts, np.arange(1, len(frame) + 1), ((0, f"frame {name}"),))
        tables[name], repeats = drop_repeats(tidy_table(read, ()))
        findings += [*repeats, *check_table(tables[name], None)]
    raise_errors([*findings, *check_across(tables, "frames")])
    return type_tables(tables, None, "frames")
