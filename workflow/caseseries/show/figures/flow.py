"""The flow of episodes from the record to the analysis, as flow.csv counts them."""

from __future__ import annotations

import pandas as pd

from caseseries.show.drawing import Box, Drawing, Flow
from caseseries.show.tables.dosing import flow_known, flow_names
from caseseries.words.labels import cohort_label
from caseseries.words.lists import listing
from caseseries.words.numbers import number


def flow_drawing(flow: pd.DataFrame, *, cohort: str, synthetic: bool) -> Drawing | None:
    """The figure of a cohort (rows of flow.csv); None where nothing is known of whom the drug is for."""
    if not flow_known(flow):
        return None
    names = flow_names(flow)
    boxes = tuple(Box(row.step, row.of, names[row.step], f"n = {number(row.n)}") for row in flow.itertuples())
    spoken = listing([f"{box.label} {box.counts}" for box in boxes])
    return Drawing(
        "flow",
        "flow",
        f"{cohort_label(cohort)}: from the record to the analysis",
        "Boxes beside each other add up to the one above.",
        Flow("flow", boxes),
        "Episodes from the record to the analysis, and whom the text of the drug is for.",
        f"Flow of episodes: {spoken}.",
        52,
        synthetic=synthetic,
    )
