"""Doses and cases beside what the texts of the drug say: verdicts rule by rule, and every departure."""

from __future__ import annotations

import pandas as pd

from caseseries.model.drug import Drug
from caseseries.model.needed import needed
from caseseries.model.results import ResultRow
from caseseries.show import cells
from caseseries.show.table import Cell, Row, Table, TableColumn, heading_row, line
from caseseries.words.audit import DIFFERENCE, RULES, label_names, say_rule
from caseseries.words.numbers import NOTHING, is_missing, plain
from caseseries.words.units import behind

COUNTED = ("episodes", "kept", "departed", "not_evaluable")
MOST = 30
"""Departures that a table lists; more are in dosing.csv."""


def dosing_table(audit: pd.DataFrame, drugs: dict[str, Drug], *, synthetic: bool) -> Table | None:
    """How many episodes were kept to each rule; labels that come to the same stand together. None where nothing is
    judged: a table of what is not known tells nobody anything."""
    verdicts = audit[(audit["part"] == "dosing") & audit["drug"].isin(drugs)]
    if not (verdicts["kept"] + verdicts["departed"]).any():
        return None
    columns = (
        TableColumn("Rule"),
        TableColumn("The label asks"),
        TableColumn("Episodes", "count"),
        TableColumn("Kept", "count"),
        TableColumn("Departed", "count"),
        TableColumn("Not evaluable", "count"),
    )
    rows: list[Row] = []
    for drug_id, of_drug in verdicts.groupby("drug", sort=False):
        drug = drugs[drug_id]
        for labels, found in alike(of_drug):
            rows.append(heading_row(f"{drug.name}: {label_names(drug, labels)}"))
            rows += [rule_row(drug, labels, row) for row in in_order(found).itertuples()]
    caption = f"Episodes by verdict on the doses that are on record. {DIFFERENCE}"
    return Table("dosing", "dosing", "Dosing", caption, columns, tuple(rows), 50, synthetic=synthetic)


def alike(counted: pd.DataFrame) -> list[tuple[list[str], pd.DataFrame]]:
    """Labels under which every rule comes to the same counts, together."""
    groups: list[tuple[list[str], pd.DataFrame]] = []
    for label, found in counted.groupby("label", sort=False):
        plain_counts = found[["rule", *COUNTED]].reset_index(drop=True)
        same = next((group for group in groups if group[1][["rule", *COUNTED]].equals(plain_counts)), None)
        if same is None:
            groups.append(([label], found.reset_index(drop=True)))
        else:
            same[0].append(label)
    return groups


def in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Rules in the order in which they are read."""
    order = {rule: place for place, rule in enumerate(RULES)}
    return found.sort_values("rule", key=lambda rules: rules.map(order), kind="stable")


def rule_row(drug: Drug, labels: list[str], row: ResultRow) -> Row:
    """One rule: what it asks under each label, once where they ask the same, and the episodes by verdict."""
    dosing = needed(drug.dosing)
    texts = [dosing.labels[label].rules.given.get(row.rule) for label in labels]
    asked = dict.fromkeys(say_rule(row.rule, text, dosing) for text in texts if text is not None)
    return line(RULES[row.rule], "\n".join(asked) or NOTHING, *counted(row))


def counted(row: ResultRow) -> list[Cell]:
    """The episodes of a row of audit.csv by verdict."""
    return [cells.from_row(cells.number(getattr(row, name)), "audit", row) for name in COUNTED]


def departures_table(dosing: pd.DataFrame, drugs: dict[str, Drug], *, synthetic: bool) -> Table | None:
    """Every departure: whose, when, what was expected and given; labels that say the same stand in one row."""
    found = dosing[(dosing["verdict"] == "departed") & dosing["drug"].isin(drugs)]
    if found.empty:
        return None
    columns = (
        TableColumn("Episode"),
        TableColumn("Day", "number"),
        TableColumn("Rule"),
        TableColumn("Expected"),
        TableColumn("Given"),
        TableColumn("By"),
    )
    keys = ["episode_id", "drug", "day", "rule", "expected", "given", "unit"]
    grouped = found.groupby(keys, sort=False, dropna=False)["label"].agg(list)
    rows = []
    for (episode, drug, day, rule, expected, given, unit), labels in grouped.iloc[:MOST].items():
        rows.append(
            line(
                cells.case(episode),
                Cell("not dated") if is_missing(day) else cells.day(day),
                RULES[rule],
                amount_cell(expected, unit),
                amount_cell(given, unit),
                f"{drugs[drug].name}, {label_names(drugs[drug], labels)}",
            )
        )
    more = len(grouped) - len(rows)
    notes = (f"{more} more are in dosing.csv.",) if more else ()
    caption = "One row a departure, as recorded."
    return Table(
        "departures",
        "dosing",
        "Departures from the label",
        caption,
        columns,
        tuple(rows),
        51,
        notes,
        individual=True,
        synthetic=synthetic,
    )


def amount_cell(value: float | str, unit: str) -> Cell:
    """A dose or a count of days with its unit."""
    if is_missing(value):
        return cells.EMPTY
    text = f"{plain(value)} {behind(unit)}".strip()
    return Cell(text) if isinstance(value, str) else Cell(text, {"value": value})


def eligibility_table(audit: pd.DataFrame, drugs: dict[str, Drug], *, synthetic: bool) -> Table | None:
    """How many episodes fit each clause of whom the drug is for; None where nothing is known."""
    verdicts = audit[(audit["part"] == "eligibility") & audit["drug"].isin(drugs)]
    if not (verdicts["kept"] + verdicts["departed"]).any():
        return None
    columns = (
        TableColumn("Clause"),
        TableColumn("Kind"),
        TableColumn("Episodes", "count"),
        TableColumn("Fits", "count"),
        TableColumn("Does not, or a caution applies", "count"),
        TableColumn("Not evaluable", "count"),
    )
    rows: list[Row] = []
    for drug_id, of_drug in verdicts.groupby("drug", sort=False):
        clauses = {clause.clause: clause for clause in drugs[drug_id].eligibility}
        rows.append(heading_row(drugs[drug_id].name))
        rows += [line(clauses[row.rule].says, clauses[row.rule].kind, *counted(row)) for row in of_drug.itertuples()]
    caption = "Whom the texts of the drug name. Nobody leaves the analysis for it; a caution is no breach."
    return Table(
        "eligibility", "dosing", "Whom the drug is for", caption, columns, tuple(rows), 53, synthetic=synthetic
    )


FLOW_STEPS = {
    "recorded": "Episodes on record",
    "further_episodes": "further episodes of the same people",
    "first_episodes": "First episodes, the analysed set",
    "no_start": "no treatment starts, held apart",
    "analysed": "Treatment starts, the analysed set",
    "within": "fit every clause of the drug's texts",
    "outside": "do not fit one clause or more",
    "open": "cannot be told",
    "no_profile": "drug without a profile",
}


MAIN_STEPS = ("recorded", "first_episodes", "analysed")
"""Steps that are not set in."""


def flow_known(flow: pd.DataFrame) -> bool:
    """Whether anything is known of whom the drug is for."""
    return bool(flow.loc[flow["step"].isin(["within", "outside"]), "n"].any())


def flow_names(flow: pd.DataFrame) -> dict[str, str]:
    """What each step of a flow is called; first episodes are the analysed set where nothing parts the two."""
    return FLOW_STEPS | ({"first_episodes": "First episodes"} if "analysed" in set(flow["step"]) else {})


def flow_table(flow: pd.DataFrame, *, synthetic: bool) -> Table | None:
    """From the record to the analysed set; None where nothing is known of whom the drug is for."""
    if not flow_known(flow):
        return None
    names = flow_names(flow)
    rows = tuple(
        line(names[row.step], cells.from_row(cells.number(row.n), "flow", row), indent=int(row.step not in MAIN_STEPS))
        for row in flow.itertuples()
    )
    columns = (TableColumn("Step"), TableColumn("Episodes", "count"))
    caption = "Parts that are set in add up to the line above them that is not."
    return Table("flow", "dosing", "From record to analysis", caption, columns, rows, 52, synthetic=synthetic)
