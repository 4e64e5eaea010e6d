"""Printed curves and the numbers at risk under them: what no printed curve can be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.printed_curve import OF_A_SHARE, curve_in_shares, days_from, is_traced, rises
from caseseries.model.records import type_table
from caseseries.model.time_unit import DAYS_IN, time_unit

CURVE_KEY = ["curve", "group", "outcome"]
UNIT = f"the unit of time is unknown; it must be one of {', '.join(DAYS_IN)}"


def check_curves(tables: Mapping[str, SourceTable]) -> list[Finding]:
    """Curves that rise or leave 0 to 1, numbers at risk that grow or exceed the cases, units that nobody knows."""
    findings = [finding for name in ("curves", "at_risk") if name in tables for finding in check_units(tables[name])]
    if findings or "curves" not in tables:
        return findings + check_orphans(tables)
    findings = check_values(tables["curves"])
    if not findings:
        findings += check_levels(tables["curves"])
    if "at_risk" in tables:
        findings += check_at_risk(tables["at_risk"])
    return findings + check_orphans(tables) + check_cases(tables)


def check_units(table: SourceTable) -> list[Finding]:
    """Units of time that are none."""
    if "time_unit" not in table.texts:
        return []
    unknown = [bool(unit) and time_unit(unit) is None for unit in table.texts["time_unit"]]
    return table.flag(np.flatnonzero(unknown), "time_unit", UNIT, "months")


def typed(table: SourceTable) -> pd.DataFrame | None:
    """The table with numbers; None where a cell is none, or a column is missing, which others report."""
    try:
        frame = type_table(table.name, table.texts)
    except ValueError:
        return None
    needed = ["day", "value", "error"] if table.name == "curves" else ["day", "at_risk"]
    return None if frame[needed].isna().to_numpy().any() else frame


def check_values(table: SourceTable) -> list[Finding]:
    """Levels beyond 0 to 1 (or 0 to 100 %) by more than the reading error; errors that tell nothing."""
    frame = typed(table)
    if frame is None:
        return []
    whole = frame["value_unit"].map(OF_A_SHARE).fillna(1.0)
    beyond = ((frame["value"] > whole + frame["error"]) | (frame["value"] < -frame["error"])).to_numpy()
    percent = (frame["value_unit"] == "percent").to_numpy()
    shares = "a share must lie from 0 to 1; where per cent were read, say percent in the column value_unit"
    findings = table.flag(np.flatnonzero(beyond & ~percent), "value", shares, "0.834")
    rule = "a percentage must lie from 0 to 100"
    findings += table.flag(np.flatnonzero(beyond & percent), "value", rule, "83.4")
    wide = ((frame["error"] >= 0.25 * whole) | (frame["error"] <= 0)).to_numpy()
    rule = "the reading error must be more than 0 and less than a quarter of the axis"
    example = "0.005, or 0.5 with value_unit percent"
    return findings + table.flag(np.flatnonzero(wide), "error", rule, example)


def check_levels(table: SourceTable) -> list[Finding]:
    """Curves that begin elsewhere than they must or turn back by more than two reading errors."""
    frame = typed(table)
    if frame is None:
        return []
    findings = []
    for _, rows in frame.groupby(CURVE_KEY, sort=False):
        read = curve_in_shares(rows)
        mixed = [name for name in ("kind", "error") if rows[name].nunique() > 1]
        if mixed:
            rule = "one curve has one kind and one reading error"
            findings += table.flag(rows.index[:1], mixed[0], rule)
            continue
        error = float(read["error"].iloc[0])
        if read["day"].iloc[0] == 0 and abs(read["level"].iloc[0] - 1) > 2 * error and not is_traced(read):
            rule = "on day 0 a survival curve stands at 1 and an incidence curve at 0"
            findings += table.flag([read.index[0]], "value", rule, "1")
        turned = rises(read)
        if len(turned):
            falling = rows["kind"].iloc[0] == "survival"
            word = "survival curve rises" if falling else "incidence curve falls"
            rule = f"the {word} here by more than twice the reading error; read it again, or raise error"
            findings += table.flag(turned, "value", rule)
    return findings


def check_at_risk(table: SourceTable) -> list[Finding]:
    """Numbers at risk that grow."""
    frame = typed(table)
    if frame is None:
        return []
    frame["day"] = days_from(frame)
    ordered = frame.sort_values(["curve", "group", "day"], kind="stable")
    same = (ordered["curve"] == ordered["curve"].shift()) & (ordered["group"] == ordered["group"].shift())
    grows = ordered.index[(same & (ordered["at_risk"] > ordered["at_risk"].shift())).to_numpy()]
    return table.flag(sorted(grows), "at_risk", "the number at risk must not increase from one day to a later one")


def check_orphans(tables: Mapping[str, SourceTable]) -> list[Finding]:
    """Numbers at risk of a curve that is not there."""
    if "at_risk" not in tables:
        return []
    table = tables["at_risk"]
    if "curves" not in tables:
        rule = "there are numbers at risk, but no curve above them"
        return [Finding(table.shown, rule=rule, example="curves.csv")]
    both = ["curve", "group"]
    if not set(both) <= set(table.texts) & set(tables["curves"].texts):
        return []
    known = set(map(tuple, tables["curves"].texts[both].to_numpy()))
    orphans = [tuple(row) not in known for row in table.texts[both].to_numpy()]
    rule = f"{tables['curves'].file_name} has no such curve of such a group"
    return table.flag(np.flatnonzero(orphans), "curve", rule)


def check_cases(tables: Mapping[str, SourceTable]) -> list[Finding]:
    """Numbers at risk beyond the cases of the group, and a first number that is not theirs."""
    if "at_risk" not in tables or "aggregates" not in tables:
        return []
    table, totals, file = tables["at_risk"], tables["aggregates"].texts, tables["aggregates"].file_name
    frame = typed(table)
    if frame is None or not {"group", "n"} <= set(totals):
        return []
    cases = pd.to_numeric(totals["n"], errors="coerce").groupby(totals["group"]).max()
    n = frame["group"].map(cases)
    rule = f"more are at risk than n in {file}"
    findings = table.flag(np.flatnonzero((frame["at_risk"] > n).to_numpy()), "at_risk", rule)
    first = (frame["day"] == 0) & (frame["at_risk"] < n)
    rule = f"on day 0 all cases are at risk: the number must be the n of {file}"
    return findings + table.flag(np.flatnonzero(first.to_numpy()), "at_risk", rule)
