"""What bundles of other systems have in common: flat rows with fixed headers, which a mapping then reads."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from caseseries.ingest.cells import code_of
from caseseries.ingest.source import SourceTable
from caseseries.ingest.units import FACTORS, convert, normalise
from caseseries.model.findings import Finding
from caseseries.model.mapping import Source
from caseseries.model.text import tidy_text

HEADERS = (
    "kind",
    "subject",
    "sex",
    "birth_date",
    "death_date",
    "status",
    "age",
    "code",
    "label",
    "date",
    "last_date",
    "value",
    "unit",
    "count",
    "drug",
    "dose",
    "dose_unit",
    "id",
    "version",
)
"""Headers of every row; `count` is the value in 10^9/L, `code` every code of the entry, LOINC first, `status` alive or
deceased, `age` the years of an onset or a last encounter."""

DECEASED, ALIVE = "deceased", "alive"


def drop_nulls(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object without the keys that hold null: null says as much as no key. For `object_pairs_hook`."""
    return {key: value for key, value in pairs if value is not None}


def flatten(rows: list[tuple[int, dict[str, str]]], source: Source, shown: str) -> SourceTable:
    """Rows with their places as a table with the headers above, then any further ones that a row has.

    JSON may hold NUL, at which pandas takes a text to end when it looks for different ones; it is replaced.
    """
    cells = [{name: tidy_text(text.replace("\0", "\ufffd")) for name, text in row.items()} for _, row in rows]
    headers = dict.fromkeys([*HEADERS, *(name for row in cells for name in row)])
    frame = pd.DataFrame(cells, columns=list(headers), dtype=object).fillna("").astype(object)
    return SourceTable(source.table, frame, np.array([place for place, _ in rows], dtype=np.int64), ((0, shown),))


def count_of(value: str, unit: str) -> str:
    """A value in 10^9/L; "" where there is none, or its unit is none of counts."""
    known = normalise(unit)
    if value and known in FACTORS["10^9/L"]:
        return convert(value, "10^9/L", known) or value
    return ""


def years_of(written: str) -> str:
    """An ISO 8601 duration as years with two decimals: P31Y6M is 31.5; "" where it is none."""
    found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T.*)?", written)
    if found is None or not any(found.groups()):
        return ""
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    return f"{years + months / 12 + (7 * weeks + days) / 365.25:.2f}".rstrip("0").rstrip(".")


def settle_codes(table: SourceTable, source: Source) -> SourceTable:
    """One code for each row: the codes of a concept are alternatives, and the one that the mapping names is meant."""
    wanted = {code_of(word) for chosen in (source.where, source.leave_out) for word in _words(chosen.get("code"))}
    for _, column in source.filled:
        wanted |= {code_of(word) for word in column.values} if "code" in column.headers else set()

    def settle(cell: str) -> str:
        codes = cell.split()
        return next((code for code in codes if code_of(code) in wanted), codes[0])

    known = {cell: settle(cell) if " " in cell else cell for cell in pd.unique(table.texts["code"])}
    table.texts["code"] = table.texts["code"].map(known).astype(object)
    return table


def _words(condition: object) -> list[str]:
    return condition if isinstance(condition, list) else []


def check_units(rows: SourceTable, source: Source) -> list[Finding]:
    """Rows of which the count is read, and whose unit is none of counts, each unit said once."""
    if not any("count" in column.headers for _, column in source.filled):
        return []
    strange = (rows.texts["value"] != "") & (rows.texts["count"] == "")
    findings = []
    for unit in sorted(set(rows.texts["unit"][strange])):
        named = f"the unit {unit}" if re.fullmatch(r"[^\s@]{1,24}", unit) else "the unit" if unit else "no unit"
        number = int((strange & (rows.texts["unit"] == unit)).sum())
        rule = (
            f"{named} is none of counts ({number} rows); those known are {', '.join(FACTORS['10^9/L'])}; for another "
            "analyte read value in place of count"
        )
        findings.append(Finding(rows.shown, column="unit", rule=rule))
    return findings


def keep_newest(tables: list[SourceTable], kept: list[np.ndarray]) -> list[np.ndarray]:
    """Masks of the rows of several pages without entries of which another page has a higher version."""
    highest: dict[tuple[str, str], float] = {}
    keys = [list(zip(table.texts["kind"], table.texts["id"], strict=True)) for table in tables]
    versions = [pd.to_numeric(table.texts["version"], errors="coerce").fillna(0).to_numpy() for table in tables]
    for of_table, of_version in zip(keys, versions, strict=True):
        for key, version in zip(of_table, of_version, strict=True):
            highest[key] = max(highest.get(key, 0), version)
    return [
        mask & np.array([not key[1] or version >= highest[key] for key, version in zip(*page, strict=True)], dtype=bool)
        for mask, page in zip(kept, zip(keys, versions, strict=True), strict=True)
    ]


def warn_of_deaths(shown: str, rows: list[dict[str, str]]) -> list[Finding]:
    """What is said where somebody is said to have died and nobody says when."""
    undated = sum(row.get("status") == DECEASED and not row.get("death_date") for row in rows)
    if not undated:
        return []
    rule = f"persons are said to have died, and not on which day: {undated}; no event comes in for them"
    return [Finding(shown, column="status", rule=rule, severity="warning")]


def warn_of_persons(shown: str, kinds: str) -> Finding:
    """What is said where a file names persons beside what is read of it."""
    rule = f"the file holds {kinds}; they are not read, take them out all the same"
    return Finding(shown, rule=rule, severity="warning")


def missing_package(shown: str, package: str) -> Finding:
    """What is said where a package that reads a format cannot be imported."""
    return Finding(shown, rule=f"reading this format needs the Python package {package}, which is not installed")
