"""The reconcile stage: every claim of claims.yaml gets our number and a verdict.

`inconsistent` comes before everything else: printed numbers that contradict each other can be reproduced by nobody.
A printed value agrees with ours when ours, rounded to as many decimals as were printed, is the printed one; a half
may have been rounded either way.
"""

from __future__ import annotations

import argparse
from decimal import Decimal
from typing import Any

import pandas as pd

from caseseries.model.claim import Claim, load_claims
from caseseries.model.config import add_settings, load_settings
from caseseries.model.groups import contrast_of
from caseseries.model.layout import Layout
from caseseries.model.results import CLAIMS, read_table, require, write_table
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected, plural

COUNTS_IN_PRINT = "from the counts in print"
"""Basis of a number whose cases are not published: only the arithmetic of the source is checked."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries reconcile`."""
    parser.epilog = "example: caseseries reconcile"
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Compare the claims of every configured cohort and write claims.csv."""
    rows, cohorts = [], load_settings(arguments, layout).cohorts
    estimated = [path for cohort in cohorts for path in (layout.estimates(cohort), layout.description(cohort))]
    require({"estimate": estimated}, layout)
    for cohort in cohorts:
        claims = load_claims(layout.cohort(cohort))
        if claims:
            estimates = read_table(layout.estimates(cohort))
            description = read_table(layout.description(cohort))
            rows += [{"cohort": cohort} | judge(claim, estimates, description) for claim in claims]
    write_table(pd.DataFrame(rows, columns=list(CLAIMS)), layout.claims, CLAIMS)


def judge(claim: Claim, estimates: pd.DataFrame, description: pd.DataFrame) -> dict:
    """One row of claims.csv, without the cohort."""
    row = {"claim": claim.id, "published": show(claim.says.model_dump(exclude_none=True)), "ours": ""}
    contradiction = contradicts_itself(claim)
    ours, basis = (None, claim.incomplete) if claim.incomplete else derive(claim, estimates, description)
    if ours is not None:
        row["ours"] = show(ours)
    if contradiction:
        return row | {"verdict": "inconsistent", "reason": contradiction}
    if ours is None:
        return row | {"verdict": "not_derivable", "reason": basis}
    differing = [name for name, printed in printed_numbers(claim).items() if not agrees(printed, ours.get(name))]
    if differing:
        return row | {"verdict": "differs", "reason": f"{_listed(differing)} not the same; {basis}"}
    return row | {"verdict": "reproduced", "reason": basis}


def printed_numbers(claim: Claim) -> dict[str, int | Decimal]:
    """The numbers that a claim prints and that can be compared."""
    says = claim.says.model_dump(exclude_none=True)
    return {name: says[name] for name in ("events", "n", "percent", "value", "p") if name in says}


def contradicts_itself(claim: Claim) -> str:
    """Why the printed numbers contradict each other, or "" where they do not."""
    says = claim.says
    if says.events is None or says.n is None or says.percent is None:
        return ""
    percent = 100 * says.events / says.n
    if agrees(says.percent, percent):
        return ""
    cut_off = 0 < percent - float(says.percent) < 10.0 ** -decimals_of(says.percent)
    how = ": cut off, not rounded" if cut_off else ""
    return f"{says.events} of {says.n} is {percent:.1f} %, printed as {says.percent:g} %{how}"


def agrees(printed: int | Decimal, ours: float | None) -> bool:
    """Whether a number, rounded to the printed decimals, is the printed one."""
    if ours is None or pd.isna(ours):
        return False
    return abs(float(printed) - ours) <= 0.5 * 10.0 ** -decimals_of(printed) * (1 + 1e-9)


def decimals_of(printed: int | Decimal) -> int:
    """How many decimals a number is printed with."""
    exponent = Decimal(printed).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def derive(claim: Claim, estimates: pd.DataFrame, description: pd.DataFrame) -> tuple[dict | None, str]:
    """Our numbers for a claim and what they rest on, or None and why there are none."""
    if claim.statistic == "n_episodes":
        rows = description[(description["variable"] == "episodes") & (description["group"] == claim.group)]
        if not len(rows):
            return None, f"no cases of group {claim.group} are in the data"
        size = rows.iloc[0]["value"]
        ours: dict[str, Any] = {name: size for name in ("n", "value") if name in printed_numbers(claim)}
        return ours | {"unit": claim.says.unit}, "counted in the cases"
    chosen = estimates[
        (estimates["statistic"] == claim.statistic)
        & (estimates["definition"] == claim.definition)
        & (estimates["group"] == claim.group)
        & estimates["analysis"].isin(["primary", "aggregate"])
    ]
    if claim.groups:
        chosen = chosen[chosen["contrast"] == contrast_of(claim.groups)]
    if claim.cause:
        chosen = chosen[chosen["cause"] == claim.cause]
    chosen = chosen[chosen["estimate"].notna()]
    if not len(chosen):
        return None, "the published material does not hold the cases or counts from which it could be computed"
    first = chosen.iloc[0]
    if claim.statistic.endswith("_rate"):
        ours = {"events": first["events"], "n": first["n"], "percent": 100 * first["estimate"]}
        ours["value"] = first["events"] if claim.says.unit != "%" else ours["percent"]
    elif claim.statistic == "p_value":
        return {"p": first["estimate"]}, "; ".join(part for part in (first["method"], first["note"]) if part)
    else:
        ours = {"value": first["estimate"], "n": first["n"], "unit": claim.says.unit}
    shown = {name: value for name, value in ours.items() if name in printed_numbers(claim) or name == "unit"}
    if first["analysis"] == "aggregate":
        return shown, COUNTS_IN_PRINT
    return shown, f"from {plural(first['n'], 'evaluable case')}"


def show(numbers: dict) -> str:
    """Numbers of a claim in one short phrase."""
    parts = []
    if "events" in numbers and "n" in numbers:
        parts.append(f"{numbers['events']:g} of {numbers['n']:g}")
    elif "events" in numbers or "n" in numbers:
        parts.append(f"{numbers.get('events', numbers.get('n')):g}")
    if "percent" in numbers:
        parts.append(f"{numbers['percent']:.4g} %")
    if "value" in numbers:
        parts.append(f"{numbers['value']:.6g} {numbers.get('unit') or ''}".strip())
    if "p" in numbers:
        parts.append(f"p = {numbers['p']:.3g}")
    return ", ".join(dict.fromkeys(parts))


def _listed(names: list[str]) -> str:
    words = {"events": "events", "n": "number of cases", "percent": "percentage", "value": "value", "p": "p-value"}
    named = [words[name] for name in names]
    return f"{listing(named)} {inflected(len(named), 'is', 'are')}"
