"""Doses and labels of a cohort against the drug profiles: a unit or a label that the profile does not have."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd

from caseseries.ingest.dose_magnitudes import check_magnitudes
from caseseries.ingest.source import Gathered
from caseseries.ingest.values import Tables, numbers, of_case, rows_where, words
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, load_drugs, profile_of
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout


class Doses:
    """Faults of doses and of `label`. Faulty profiles are found by `caseseries check`, not here."""

    def __init__(self, cohort: Cohort, layout: Layout) -> None:
        self._cohort, self._layout = cohort, layout
        self._names: set[str] = set()
        self._faults = Gathered()

    @cached_property
    def _drugs(self) -> dict[str, Drug]:
        try:
            return load_drugs(*self._layout.drug_folders)
        except BadInput:
            return {}

    def add(self, tables: Tables) -> None:
        """Take the tables of a cohort, or of a part of it that has whole episodes."""
        for name in ("episodes", "exposures"):
            if name in tables:
                self._names |= set(words(tables[name], "drug").unique())
        if "exposures" in tables and "episodes" in tables and self._drugs:
            self._faults.add(check_roles(tables, self._drugs, self._cohort.drug))
        if "exposures" in tables and (words(tables["exposures"], "dose") != "").any() and self._drugs:
            self._faults.add(check_units(tables, self._drugs))
            self._faults.add(check_magnitudes(tables, self._drugs, self._cohort.condition))

    def tell(self) -> list[Finding]:
        """What is found, when all is taken."""
        labelled = self._cohort.label and self._drugs
        return self._faults.tell() + (check_label(self._cohort, self._names, self._drugs) if labelled else [])


def check_units(tables: Tables, drugs: dict[str, Drug]) -> list[Finding]:
    """Doses of a drug in a unit that its profile does not declare; one without a unit cannot be judged."""
    if "exposures" not in tables:
        return []
    table = tables["exposures"]
    written, units = words(table, "drug"), words(table, "dose_unit")
    given = np.nan_to_num(numbers(table, "dose")) > 0
    findings = []
    for name in written[given].unique():
        drug = profile_of(name, drugs)
        if drug is None or drug.dosing is None:
            continue
        mine = given & (written == name).to_numpy()
        known = {unit: unit == "" or bool(drug.dosing.unit_of(unit)) for unit in units.unique()}
        strange = ~units.map(known).to_numpy(bool)
        rule = f"the unit is not one in which the profile of {drug.name} has doses: {', '.join(drug.dosing.units)}"
        findings += table.flag(rows_where(mine & strange), "dose_unit", rule, drug.dosing.unit)
        rule = "the dose has no unit, and cannot be held to any rule"
        bare = mine & (units == "").to_numpy()
        findings += table.flag(rows_where(bare), "dose_unit", rule, drug.dosing.unit, severity="warning")
    return findings


def check_roles(tables: Tables, drugs: dict[str, Drug], studied: str) -> list[Finding]:
    """A warning for each course of another drug than that of the case, begun later, of which no role is told."""
    table, episodes = tables["exposures"], tables["episodes"]
    own = of_case(episodes, words(episodes, "drug"), table.texts["episode_id"])
    later = ~(numbers(table, "first_day") <= 0) & (words(table, "role") == "").to_numpy()

    def differs(ours: str, written: str) -> bool:
        drug = profile_of(ours, drugs) if ours else drugs.get(studied)
        return drug is not None and written != "" and not drug.means(written)

    pairs = list(zip(pd.Series(own).fillna(""), words(table, "drug"), strict=True))
    known = {pair: differs(*pair) for pair in set(pairs)}
    other = later & np.fromiter((known[pair] for pair in pairs), dtype=bool, count=len(pairs))
    rule = (
        "another drug than that of the case, given after the first dose, has no role, so that no rule asks whether a "
        "response is owed to it"
    )
    return table.flag(rows_where(other), "role", rule, "rescue", severity="warning")


def check_label(cohort: Cohort, names: set[str], drugs: dict[str, Drug]) -> list[Finding]:
    """A label that none of the cohort's drugs, by their `names`, has."""
    found = {drug.id: drug for name in names if (drug := profile_of(name, drugs))}
    if cohort.drug in drugs:
        found[cohort.drug] = drugs[cohort.drug]
    dosings = [drug.dosing for _, drug in sorted(found.items()) if drug.dosing]
    if not cohort.label or any(dosing.label_id(cohort.label) for dosing in dosings):
        return []
    known = sorted({name for dosing in dosings for name in dosing.labels})
    rule = "no profile of the cohort's drugs has such a label" + (f"; there are {', '.join(known)}" if known else "")
    return [Finding(f"{cohort.id}/cohort.yaml", column="label", rule=rule, example=known[0] if known else "")]
