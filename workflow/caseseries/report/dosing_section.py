"""Dosing: what departs from which label, rule by rule, and whom the drug is for; nothing where no dose is known."""

from __future__ import annotations

import pandas as pd

from caseseries.report.embed import pictures, shown_tables
from caseseries.report.page import Block, Folded, in_reach, paragraphs
from caseseries.report.study import CohortResults, Study
from caseseries.show.tables.dosing import alike, in_order
from caseseries.words import audit as say


def dosing_sentence(found: CohortResults, study: Study) -> str:
    """What departs from which label, or why nothing can be said; "" where no dose is known."""
    if withheld(found):
        return say.WITHHELD
    counted = rules_counted(found, study)
    if not judged(counted):
        return say.NOTHING_JUDGED if doses_known(found, study) else ""
    said = []
    for drug_id, of_drug in counted.groupby("drug", sort=False):
        drug = study.drugs[drug_id]
        for labels, rows in alike(of_drug):
            shares = [(row.rule, row.departed, row.kept + row.departed) for row in in_order(rows).itertuples()]
            said.append(say.say_departures(drug.name, say.label_names(drug, labels), shares))
    return " ".join(text for text in said if text) or say.NO_DEPARTURE


def doses_known(found: CohortResults, study: Study) -> bool:
    """Whether anything is known of doses: told, withheld, or there and not to be judged."""
    counted = rules_counted(found, study)
    return withheld(found) or judged(counted) or bool(len(counted) and found.facts.doses)


def withheld(found: CohortResults) -> bool:
    """Whether the verdicts stay with the owner of the data."""
    return bool((found.withheld["kind"] == "audit").any())


def rules_counted(found: CohortResults, study: Study) -> pd.DataFrame:
    """Rows of audit.csv on the rules of doses."""
    return found.audit[(found.audit["part"] == "dosing") & found.audit["drug"].isin(study.drugs)]


def judged(counted: pd.DataFrame) -> bool:
    """Whether any rule could be judged."""
    return bool((counted["kept"] + counted["departed"]).any())


def dosing(found: CohortResults, study: Study) -> list[Block]:
    """A line, the rules, every departure; behind lines the doses and counts of cases, and whom the drug is for."""
    tables = shown_tables(found, {"dosing"})
    folded = [table for table in tables if table.table.id in ("flow", "eligibility", "audit_choices")]
    drawn, flow = pictures(found, {"doses"}), pictures(found, {"flow"})
    blocks: list[Block] = paragraphs(dosing_sentence(found, study))
    blocks += [Folded("Doses and counts, case by case", drawn)] if drawn else []
    blocks += in_reach(table for table in tables if table not in folded)
    return [
        *blocks,
        *([Folded("Whom the drug is for, our choices", [*flow, *folded], screen_only=True)] if folded else []),
    ]
