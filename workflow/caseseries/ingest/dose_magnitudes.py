"""Doses far from any that the texts of their drug name: they stand in another unit than the one written beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.ingest.values import Tables, numbers, of_case, rows_where, words
from caseseries.model.drug import Drug, profile_of
from caseseries.model.findings import Finding
from caseseries.model.needed import needed
from caseseries.words.lists import listing
from caseseries.words.numbers import plain

FAR, ODD = 100, 10
"""Times the highest dose of a profile: no slip of a decimal but another unit; and what is a question (choice).

A tenfold overdose is an error that happens to patients, and must be recorded as given.
"""

USUAL_WEIGHT = 70.0
"""Kilograms by which doses per kg and doses in all are compared where nobody was weighed (choice)."""


def check_magnitudes(tables: Tables, drugs: dict[str, Drug], condition: str | None) -> list[Finding]:
    """Doses a hundred times the highest that a profile names, or more, are errors; tenfold ones, and those below a
    tenth of the lowest, are questions.

    `condition` is that of the cohort: a drug may have other doses for others.
    """
    if "exposures" not in tables or "episode_id" not in tables["exposures"].texts:
        return []
    table = tables["exposures"]
    names, units = words(table, "drug"), words(table, "dose_unit")
    findings = []
    pairs = pd.DataFrame({"name": names, "unit": units}).drop_duplicates()
    for name, written in pairs.itertuples(index=False, name=None):
        drug = profile_of(name, drugs)
        if drug is not None and drug.dosing is not None and (unit := drug.dosing.unit_of(written)):
            mine = ((names == name) & (units == written)).to_numpy()
            findings += judge(table, mine, unit, drug, drug.doses_named(condition), weights_of(tables))
    return findings


def judge(
    table: SourceTable, mine: np.ndarray, unit: str, drug: Drug, named: list[tuple[float, str]], weights: np.ndarray
) -> list[Finding]:
    """Findings on the rows of one drug in one unit."""
    doses = np.where(mine, np.nan_to_num(numbers(table, "dose")), 0)
    turned = np.array([in_unit(dose, of, unit, weights) for dose, of in named])
    lowest, highest = turned.min(axis=0), turned.max(axis=0)
    far, odd, low = doses >= FAR * highest, doses >= ODD * highest, (doses > 0) & (doses * ODD <= lowest)
    others = [one for one in needed(drug.dosing).units if one != unit]
    most, of = next((one for one in named if one[1] == unit), named[0])
    findings = []
    for mask, is_so, instead in (
        (far, f"no dose is {FAR} times the highest", f"a thousandth of {unit}"),
        (odd & ~far, f"the dose is {ODD} times the highest, or more, of those", f"a thousandth of {unit}"),
        (low, "the dose is below a tenth of the lowest", "a larger unit"),
    ):
        meant = listing([*others, instead], "or")
        rule = f"{is_so} that the profile of {drug.name} names; is it in {meant}, and not in {unit}?"
        severity = "error" if mask is far else "warning"
        findings += table.flag(rows_where(mask), "dose", rule, f"{plain(most)} {of}", severity)
    return findings


def weights_of(tables: Tables) -> np.ndarray:
    """Weight at the first dose of the case of each row of exposures.csv; the usual one where it is not known."""
    episodes, cases = tables.get("episodes"), tables["exposures"].texts["episode_id"]
    if episodes is None or "episode_id" not in episodes.texts:
        return np.full(len(cases), USUAL_WEIGHT)
    weights = of_case(episodes, pd.Series(numbers(episodes, "weight_kg")), cases).astype(float)
    return np.where(weights > 0, weights, USUAL_WEIGHT)


def in_unit(dose: float, of: str, unit: str, weights: np.ndarray) -> np.ndarray:
    """A dose in another unit of the profile: per kg, or in all."""
    if of == f"{unit}/kg":
        return dose * weights
    return dose / weights if unit == f"{of}/kg" else np.full(len(weights), dose)
