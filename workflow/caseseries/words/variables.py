"""What the columns of a cohort's records are called: in a header, in a row of Table 1, in a sentence."""

from __future__ import annotations

import re

from caseseries.model.columns import Column
from caseseries.words.spelling import capital, small, words
from caseseries.words.units import each, signs


def heading(column: Column) -> str:
    """A column's label with its unit, as a header: "Age (years)", "Baseline count (10⁹/L)"."""
    return column.label + (f" ({signs(column.unit)})" if column.unit else "")


def labelled(label: str, unit: str) -> str:
    """A label with its unit, as a row: "Age, years"; a unit that the label says itself is not said twice."""
    said = not unit or re.search(rf"(?<!\w){re.escape(each(unit))}s?(?!\w)", label, re.IGNORECASE)
    return label if said else f"{label}, {signs(unit)}"


def noun_of(column: Column) -> str:
    """A column as a noun within a sentence: "pregnancy", "age", "ITP phase"."""
    return column.noun or small(column.label)


def label_of(name: str, unit: str = "") -> str:
    """The label of what a source names by an id alone, its unit left out.

    "haemoglobin_g_per_dl" in g/dL -> "Haemoglobin"; "median_age_years" in years -> "Median age".
    """
    spelled = re.sub(r"\W+", "_", unit.lower().replace("/", " per ").replace("%", "percent")).strip("_")
    return capital(words(name.removesuffix(f"_{spelled}") if spelled else name))
