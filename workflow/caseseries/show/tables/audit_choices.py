"""What our own choices move in the audit: other values, and the verdicts that change with them."""

from __future__ import annotations

import pandas as pd

from caseseries.model.drug import Drug
from caseseries.show import cells
from caseseries.show.table import Table, TableColumn, heading_row, line
from caseseries.words.audit import RULES, choice_words, label_names, say_settled, setting_of
from caseseries.words.nouns import say_judged
from caseseries.words.spelling import capital


def audit_choices_table(
    choices: pd.DataFrame, flow: pd.DataFrame, drugs: dict[str, Drug], *, synthetic: bool
) -> Table | None:
    """A row a setting and rule with departures before and after; what moves nothing is named below. None where nothing
    could be judged. `flow` has how many episodes there are, which the caption says where a sample was judged again.
    """
    known = choices[choices["drug"].isin(drugs)]
    moving = known[known["rule"] != ""]
    if moving.empty:
        return None
    columns = (
        TableColumn("Choice"),
        TableColumn("Instead"),
        TableColumn("Rule"),
        TableColumn("Episodes moved", "count"),
        TableColumn("Departed", "count"),
        TableColumn("Departed instead", "count"),
        TableColumn("Not evaluable", "count"),
        TableColumn("Not evaluable instead", "count"),
    )
    rows = []
    for (drug_id, label), found in moving.groupby(["drug", "label"], sort=False):
        drug = drugs[drug_id]
        rows.append(heading_row(f"{drug.name}: {label_names(drug, [label])}" if label else drug.name))
        clauses = {clause.clause: clause.says for clause in drug.eligibility}
        rows += [
            line(
                capital(choice_words(row.choice, setting_of(drug, row.choice))),
                choice_words("", row.setting),
                RULES.get(row.rule) or capital(clauses[row.rule]),
                *map(cells.number, (row.moved, row.departed, row.departed_here)),
                *map(cells.number, (row.not_evaluable, row.not_evaluable_here)),
            )
            for row in found.itertuples()
        ]
    still = sorted(set(known["choice"]) - set(moving["choice"]))
    notes = (say_settled(still),) if still else ()
    caption = "One choice changed, all others as they are; only rules in which a verdict moves."
    judged = choices.loc[choices["part"] == "sample", "moved"]
    if len(judged):
        caption = f"{say_judged(judged.iloc[0], flow.loc[flow['step'] == 'recorded', 'n'].iloc[0])} {caption}"
    return Table(
        "audit_choices", "dosing", "What we chose", caption, columns, tuple(rows), 54, notes, synthetic=synthetic
    )
