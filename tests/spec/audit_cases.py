"""Worked cases of the audit as written in YAML, made into the records of a cohort."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.records import Records, empty_table, type_table

HERE = Path(__file__).parent
WRITTEN = yaml.safe_load((HERE / "audit_vectors.yaml").read_text(encoding="utf-8"))
NAMES = {"rhtpo": "rhTPO"}


def cohort_of(vectors: list[dict[str, Any]], **further: Any) -> Cohort:
    """A synthetic cohort in which every covariate of the cases is declared."""
    covariates = sorted({name for vector in vectors for name in vector.get("covariates", {})})
    return Cohort(
        id="worked-cases",
        title="SYNTHETIC worked cases",
        citation="none",
        design="worked cases",
        population="nobody",
        provenance="synthetic",
        licence="CC0-1.0",
        disclosure={"profile": "synthetic", "basis": "no person stands behind a row"},
        source_definition="not_stated",
        covariates=[{"name": name, "label": name} for name in covariates],
        **further,
    )


def text(value: Any) -> str:
    return "" if value is None else str(value)


def episode_row(name: str, vector: dict[str, Any]) -> dict[str, str]:
    """The row of episodes.csv; ages and sexes that a case leaves open are those of its conventions."""
    row = {
        "episode_id": name,
        "age_years": text(vector.get("age", 40)),
        "drug": NAMES.get(vector.get("drug", ""), vector.get("drug", "romiplostim")),
        "bleeding_recorded": "yes" if vector.get("bleeding") is not None else "",
        "follow_up_end_day": text(vector.get("follow_up")),
    }
    for column in ("weight_kg", "baseline", "sex", "pregnant", "itp_phase", "prior_lines", "splenectomy"):
        row[column] = text(vector.get(column))
    if "adverse_events_recorded" in vector:
        row["adverse_events_recorded"] = vector["adverse_events_recorded"]
    return row | {column: text(value) for column, value in vector.get("covariates", {}).items()}


def dose_rows(vector: dict[str, Any]) -> list[list[Any]]:
    """First day, last day, dose and unit of every row of the study drug."""
    rows = list(vector.get("doses", []))
    for week, dose in enumerate(vector.get("weekly_doses", [])):
        if dose is not None:
            rows.append([7 * week, 7 * week, None if dose == "?" else dose, "mcg/kg"])
    return rows


def count_rows(vector: dict[str, Any]) -> list[list[Any]]:
    """Day, value and flag of every count."""
    weekly = [[7 * (i + 1), value] for i, value in enumerate(vector.get("weekly_counts", [])) if value is not None]
    return [[*row, "", ""][:3] for row in [*vector.get("counts", []), *weekly]]


def records_of(vectors: dict[str, dict[str, Any]]) -> Records:
    """The records of some cases, by the name of their episode."""
    rows: dict[str, list[dict[str, str]]] = {table: [] for table in TABLES}
    for name, vector in vectors.items():
        rows["episodes"].append(episode_row(name, vector))
        drug = rows["episodes"][-1]["drug"]
        for first, last, dose, unit in dose_rows(vector):
            days = {"first_day": text(first), "last_day": text(last)}
            row = {"drug": drug, "role": "study", "dose": text(dose), "dose_unit": unit if dose is not None else ""}
            rows["exposures"].append({"episode_id": name, **days, **row})
        for other, class_, role, first, last in vector.get("other", []):
            days = {"first_day": text(first), "last_day": text(last)}
            rows["exposures"].append({"episode_id": name, "drug": other, "class": class_, "role": role, **days})
        for day, value, flag in count_rows(vector):
            rows["counts"].append({"episode_id": name, "day": text(day), "count": text(value), "flag": flag})
        for event in vector.get("events", []):
            rows["events"].append({"episode_id": name, "day": text(event["day"]), "kind": event["kind"]})
        for first, last, grade in vector.get("bleeding") or []:
            days = {"first_day": text(first), "last_day": text(last)}
            rows["bleeding"].append({"episode_id": name, **days, "who_grade": text(grade)})
        for day, weight in vector.get("weights", []):
            rows["weights"].append({"episode_id": name, "day": text(day), "weight_kg": text(weight)})
        for subject, day, term, grade, serious in vector.get("adverse_events", []):
            row = {"subject": subject, "day": text(day), "term": term, "grade": text(grade), "serious": text(serious)}
            rows["adverse_events"].append({"episode_id": name, **row})
    tables = {table: typed(table, found) for table, found in rows.items()}
    return Records("worked-cases", tables)


def typed(table: str, rows: list[dict[str, str]]) -> pd.DataFrame:
    return type_table(table, pd.DataFrame(rows, dtype=str).fillna("")) if rows else empty_table(table)
