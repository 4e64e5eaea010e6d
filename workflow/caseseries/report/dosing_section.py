"""Dosing: what departs from which label, rule by rule, and whom the drug is for; one line where no dose is known."""

from __future__ import annotations

from caseseries.report.embed import pictures, shown_tables
from caseseries.report.evidence import CohortEvidence, Evidence
from caseseries.report.page import Block, Folded, paragraphs
from caseseries.show.tables.dosing import alike, in_order
from caseseries.words import audit as say


def dosing_sentence(found: CohortEvidence, evidence: Evidence) -> str:
    """What departs from which label, or why nothing can be said."""
    if len(found.withheld[found.withheld["kind"] == "audit"]):
        return say.WITHHELD
    counted = found.audit[(found.audit["part"] == "dosing") & found.audit["drug"].isin(evidence.drugs)]
    doses = found.records["exposures"]["dose"]
    if not (counted["kept"] + counted["departed"]).any():
        if len(counted) and doses.notna().any():
            return say.NOTHING_JUDGED
        return say.NO_DOSES if len(found.records["episodes"]) else say.NO_DOSES_OF_CASES
    said = []
    for drug_id, of_drug in counted.groupby("drug", sort=False):
        drug = evidence.drugs[drug_id]
        for labels, rows in alike(of_drug):
            judged = [(row.rule, row.departed, row.kept + row.departed) for row in in_order(rows).itertuples()]
            said.append(say.say_departures(drug.name, say.label_names(drug, labels), judged))
    return " ".join(text for text in said if text) or say.NO_DEPARTURE


def dosing(found: CohortEvidence, evidence: Evidence) -> list[Block]:
    """The section: a line, the figure of doses and counts, the rules, every departure; behind a line whom it is for."""
    tables = shown_tables(found, {"dosing"})
    folded = [table for table in tables if table.table.id in ("flow", "eligibility")]
    blocks: list[Block] = [*paragraphs(dosing_sentence(found, evidence)), *pictures(found, {"doses"})]
    blocks += [table for table in tables if table not in folded]
    return [*blocks, *([Folded("Whom the drug is for", folded)] if folded else [])]
