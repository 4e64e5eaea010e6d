"""Sources of one table of episodes: what one says of a case is joined to what another says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from caseseries.ingest.identify import IDS
from caseseries.ingest.source import SourceTable, join


def join_episodes(tables: Sequence[SourceTable]) -> SourceTable:
    """Rows of several sources, one for each case where they complete each other.

    A row completes an earlier one of the same case if it says something new of it and nothing else than that does.
    Any other row stays: a case that is listed twice is refused later.
    """
    made = tables[0]
    for table in tables[1:]:
        cells = made.texts.to_dict("records")
        places = {row["episode_id"]: place for place, row in reversed(list(enumerate(cells))) if row.get("episode_id")}
        alone = []
        for place, row in enumerate(table.texts.to_dict("records")):
            earlier = cells[places[row["episode_id"]]] if row.get("episode_id") in places else None
            if earlier is None or not _completes(row, earlier):
                alone.append(place)
            else:
                earlier |= {name: text for name, text in row.items() if text}
        names = list(dict.fromkeys([*made.texts, *table.texts]))
        texts = type(made.texts)(cells, columns=names, dtype=object).fillna("").astype(object)
        made = replace(made, texts=texts, headers=table.headers | made.headers)
        if alone:
            made = join([made, table.take(np.array(alone))])
    return made


def _completes(row: dict[str, str], earlier: dict[str, str]) -> bool:
    said = {name: text for name, text in row.items() if text and name not in IDS}
    new = [name for name in said if not earlier.get(name)]
    return bool(new) and all(earlier[name] == text for name, text in said.items() if name not in new)
