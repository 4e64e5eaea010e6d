"""Doses and labels of a cohort against the drug profiles: a unit or a label that the profile does not have."""

from __future__ import annotations

import numpy as np

from caseseries.ingest.cross import Tables, numbers, rows_where, words
from caseseries.ingest.dose_magnitudes import check_magnitudes
from caseseries.model.cohort import Cohort
from caseseries.model.drug import Drug, load_drugs, profile_of
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout


def check_doses(cohort: Cohort, tables: Tables, layout: Layout) -> list[Finding]:
    """Faults of doses and of `label`. Faulty profiles are found by `caseseries check`, not here."""
    dosed = "exposures" in tables and (words(tables["exposures"], "dose") != "").any()
    if not dosed and not cohort.label:
        return []
    try:
        drugs = load_drugs(*layout.drug_folders)
    except BadInput:
        return []
    if not drugs:
        return []
    return [
        *check_units(tables, drugs),
        *check_magnitudes(tables, drugs, cohort.condition),
        *check_label(cohort, tables, drugs),
    ]


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
        strange = np.array([unit != "" and not drug.dosing.unit_of(unit) for unit in units])
        rule = f"the unit is not one in which the profile of {drug.name} has doses: {', '.join(drug.dosing.units)}"
        findings += table.flag(rows_where(mine & strange), "dose_unit", rule, drug.dosing.unit)
        rule = "the dose has no unit, and cannot be held to any rule"
        bare = mine & (units == "").to_numpy()
        findings += table.flag(rows_where(bare), "dose_unit", rule, drug.dosing.unit, severity="warning")
    return findings


def check_label(cohort: Cohort, tables: Tables, drugs: dict[str, Drug]) -> list[Finding]:
    """A label that none of the cohort's drugs has."""
    names = set(words(tables["episodes"], "drug")) if "episodes" in tables else set()
    if "exposures" in tables:
        names |= set(words(tables["exposures"], "drug"))
    found = {drug.id: drug for name in names if (drug := profile_of(name, drugs))}
    if cohort.drug in drugs:
        found[cohort.drug] = drugs[cohort.drug]
    dosings = [drug.dosing for _, drug in sorted(found.items()) if drug.dosing]
    if not cohort.label or any(dosing.label_id(cohort.label) for dosing in dosings):
        return []
    known = sorted({name for dosing in dosings for name in dosing.labels})
    rule = "no profile of the cohort's drugs has such a label" + (f"; there are {', '.join(known)}" if known else "")
    return [Finding(f"{cohort.id}/cohort.yaml", column="label", rule=rule, example=known[0] if known else "")]
