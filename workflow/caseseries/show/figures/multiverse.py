"""What every combination of definitions and choices leads to, and which choice moves what: multiverse.csv as a figure.

Simonsohn, Simmons and Nelson 2020, Nature Human Behaviour 4:1208.
"""

from __future__ import annotations

import pandas as pd

from caseseries.sensitivity.moved import combinations, combined
from caseseries.show.drawing import Drawing, Multiverse, Outcome
from caseseries.words.choices import OUTCOME_WORDS
from caseseries.words.labels import cohort_label
from caseseries.words.nouns import plural
from caseseries.words.numbers import number, percent
from caseseries.words.spelling import capital, sentence


def multiverse_drawing(table: pd.DataFrame, *, cohort: str, synthetic: bool) -> Drawing | None:
    """The figure of a cohort (rows of multiverse.csv); None where every combination leads to the same."""
    run = table[table["analysis"] == "specification"]
    outcomes, shared = [], []
    for name, words in OUTCOME_WORDS.items():
        found = combined(table, name)
        if found is not None:
            label = words.format(day=number(run["day"].iloc[0]))
            outcomes.append(Outcome(label, name != "median_time", found.values, found.own, found.shares))
            shared += [f"{number(found.definitions)} for {label}"] * bool(found.shares)
    if not outcomes:
        return None
    title = f"{cohort_label(cohort)}: every definition under every choice"
    number_run, of_definitions = combinations(table)
    definitions = plural(of_definitions, "definition")
    subtitle = (
        f"{plural(number_run, 'combination')} of {definitions} and the choices that each leaves open, sorted by what "
        "they lead to. Diamonds: definitions as they stand."
    )
    caption = "Response rate, share with a response by a day and median time to response under each combination. "
    if shared:
        caption += (
            "Bars: share of the variance over these combinations and no others, each definition weighing the same; "
            "what moves nothing has no bar, and a definition without a value in some combination has no part in them: "
            f"{', '.join(shared)}, of {definitions}."
        )
    alt = sentence("; ".join(spoken(one) for one in outcomes))
    plot = Multiverse("multiverse", tuple(outcomes))
    return Drawing("multiverse", "multiverse", title, subtitle, plot, caption.strip(), alt, 11, synthetic=synthetic)


def spoken(one: Outcome) -> str:
    """Lowest to highest value in words, and what moves it most."""
    ends = [one.values[0][0], one.values[-1][0]]
    low, high = (percent(end) if one.percent else number(end, 1) for end in ends)
    said = f"{one.label} from {low} to {high}"
    if not one.shares:
        return said
    name, share = max(one.shares, key=lambda pair: pair[1])
    return f"{said}, {percent(share)} of its variance made by: {capital(name)}"
