"""What our own choices move: every verdict again under the other values that a drug profile offers.

The rows of audit_choices.csv. A choice is changed alone, all others stay as they are. `clinician`, a reading of the
stop rule that no column holds, is run too: it shows which verdicts rest on our reading of the counts. Of a large cohort
a sample of the episodes is judged again, and the first row says how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import pandas as pd

from caseseries.audit.dosing import dosing_rows
from caseseries.audit.eligibility import eligibility_table
from caseseries.audit.histories import facts_of, histories
from caseseries.audit.history import History
from caseseries.audit.verdict import NOT_EVALUABLE, VERDICTS, worst_by
from caseseries.model.cohort import Cohort
from caseseries.model.dosing import Choice, Choices
from caseseries.model.drug import Drug
from caseseries.model.needed import needed
from caseseries.model.records import Records
from caseseries.model.results import AUDIT_CHOICES
from caseseries.model.sample import MOST_TRIED, records_of, rows_of, sample
from caseseries.words.numbers import plain

DOSING, ELIGIBILITY, SAMPLE = "dosing", "eligibility", "sample"
T = TypeVar("T")
Verdicts = dict[tuple[str, str, str], str]
"""Verdict by episode, label and rule; a clause has no label."""


class Setting(NamedTuple):
    """A choice with one of its other values, and the profile with that value. `part` is the table that it may move."""

    part: str
    choice: str
    value: str
    drug: Drug


def settings_of(drug: Drug) -> Iterator[Setting]:
    """Every other value of every choice of a profile, one at a time."""
    if drug.dosing is not None:
        choices = drug.dosing.choices
        for name in Choices.model_fields:
            choice = getattr(choices, name)
            for other in choice.also if choice else ():
                changed = choices.model_copy(update={name: with_value(choice, other)})
                dosing = drug.dosing.model_copy(update={"choices": changed})
                yield Setting(DOSING, name, plain(other), drug.model_copy(update={"dosing": dosing}))
    for place, clause in enumerate(drug.eligibility):
        for other in clause.choice.also if clause.choice else ():
            changed_clause = clause.model_copy(update={"choice": with_value(clause.choice, other)})
            clauses = [*drug.eligibility[:place], changed_clause, *drug.eligibility[place + 1 :]]
            yield Setting(ELIGIBILITY, clause.clause, plain(other), drug.model_copy(update={"eligibility": clauses}))


def with_value(choice: Choice[T] | None, value: T) -> Choice[T]:
    """The choice with another value."""
    assert choice is not None
    return choice.model_copy(update={"value": value})


def audit_choices(
    cohort: Cohort,
    records: Records,
    drugs: dict[str, Drug],
    dosing: pd.DataFrame,
    eligibility: pd.DataFrame,
    of: int | None = None,
) -> pd.DataFrame:
    """Rows of audit_choices.csv (`results.AUDIT_CHOICES`): a row a setting and rule in which some verdict moves.

    A setting that moves none has one row, without a rule. Drugs of which no row is to be judged have none. Of more
    episodes than `MOST_TRIED` so many are judged again, and a first row of the part `sample` says how many.

    Parameters
    ----------
    dosing, eligibility : the tables under the profiles as they are.
    of : how many episodes the cohort has, where those of a sample alone are given.
    """
    tried = sample(records["episodes"]["episode_id"], MOST_TRIED)
    sampled = len(tried) < (of or len(records["episodes"]))
    if len(tried) < len(records["episodes"]):
        records, dosing, eligibility = records_of(records, tried), rows_of(dosing, tried), rows_of(eligibility, tried)
    settings = [setting for drug in drugs.values() for setting in settings_of(drug)]
    facts = facts_of(records, [*drugs.values(), *(setting.drug for setting in settings)])
    known: dict[tuple[str, str], list[History]] = {}
    rows: list[dict] = []
    for drug in drugs.values():
        base = {DOSING: verdicts_of(dosing, drug.id), ELIGIBILITY: verdicts_of(eligibility, drug.id)}
        for setting in (one for one in settings if one.drug.id == drug.id):
            before = base[setting.part]
            if not any(verdict != NOT_EVALUABLE for verdict in before.values()):
                continue
            profiles = drugs | {drug.id: setting.drug}
            if setting.part == DOSING:
                # One choice alone changes what is known of an episode; the others change how it is judged.
                key = drug.id, needed(setting.drug.dosing).choices.transfused_counts.value
                if key not in known:
                    found = histories(cohort, records, profiles, facts)
                    known[key] = [history for given, history in found if given.id == drug.id]
                table = dosing_rows(cohort, ((setting.drug, history) for history in known[key]))
            else:
                table = eligibility_table(cohort, records, profiles)
            rows += moves_of(setting, before, verdicts_of(table, drug.id))
    if sampled and rows:
        rows.insert(0, {"part": SAMPLE, "moved": len(tried)})
    return pd.DataFrame(rows, columns=list(AUDIT_CHOICES)).assign(cohort=cohort.id)


def verdicts_of(table: pd.DataFrame, drug: str) -> Verdicts:
    """What each rule's rows of each episode come to, for one drug."""
    mine = table[table["drug"] == drug]
    if "clause" in mine:
        mine = mine.rename(columns={"clause": "rule"}).assign(label="")
    return worst_by(mine, ["episode_id", "label", "rule"]).to_dict()


def moves_of(setting: Setting, before: Verdicts, after: Verdicts) -> list[dict]:
    """The rows of one setting: how many verdicts move, and how many there are of each, before and after."""
    about = {"part": setting.part, "drug": setting.drug.id, "choice": setting.choice, "setting": setting.value}
    moved = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    rules = dict.fromkeys((label, rule) for _, label, rule in moved)
    if not rules:
        return [about | {"label": "", "rule": "", "moved": 0}]
    return [
        about
        | {"label": label, "rule": rule, "moved": sum(key[1:] == (label, rule) for key in moved)}
        | counted(verdict for key, verdict in before.items() if key[1:] == (label, rule))
        | {f"{name}_here": n for name, n in counted(after[key] for key in after if key[1:] == (label, rule)).items()}
        for label, rule in rules
    ]


def counted(verdicts: Iterable[str]) -> dict[str, int]:
    """How many there are of each verdict."""
    found = list(verdicts)
    return {verdict: found.count(verdict) for verdict in VERDICTS}
