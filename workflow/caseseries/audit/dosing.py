"""Every dose of a cohort against the rules that applied: the rows of dosing.csv."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import pandas as pd

from caseseries.audit.courses import judge_courses
from caseseries.audit.histories import histories
from caseseries.audit.history import Given, History, doses_given, given_twice
from caseseries.audit.limits import judge_dose, judge_dose_unit, judge_maximum, judge_start
from caseseries.audit.safeguards import judge_stop, judge_weight
from caseseries.audit.titration import judge_changes, judge_pairs, judge_slots, slots_of
from caseseries.audit.verdict import Row
from caseseries.model.cohort import Cohort
from caseseries.model.dosing import Dosing, Rules
from caseseries.model.drug import Drug
from caseseries.model.needed import needed
from caseseries.model.records import Records
from caseseries.model.results import DOSING


def judge_doses(history: History, dosing: Dosing, rules: Rules) -> list[Row]:
    """Every row of one episode under the rules of one text, in order of day (none first) and rule.

    Where two rows give the drug on one day the series cannot be read: what looks at single doses is all that is left.
    """

    @cache
    def given(unit: str) -> list[Given]:
        return doses_given(history, unit, dosing)

    doses = given(rules.dose.unit if rules.dose else dosing.unit)
    readable = not given_twice(doses)
    rows: list[Row] = []
    if rules.start:
        rows.append(judge_start(doses, rules.start, dosing, readable))
    if rules.maximum:
        rows.append(judge_maximum(history, given(dosing.unit), rules.maximum, dosing))
    if rules.dose_unit:
        rows.append(judge_dose_unit(history, given(dosing.unit), rules.dose_unit, dosing))
    if rules.dose:
        rows.append(judge_dose(history, given(rules.dose.unit), rules.dose, dosing))
    if history.rows and readable:
        rows += judge_series(history, dosing, rules, doses)
    return sorted(rows, key=lambda row: (-(10**9) if row.day is None else row.day, row.rule))


def judge_series(history: History, dosing: Dosing, rules: Rules, doses: list[Given]) -> list[Row]:
    """The rules that look at how doses follow each other."""
    if rules.course_length or rules.every_other_day or rules.stop_at_100:
        return list(judge_courses(history, rules, doses, dosing))
    first = next((place for place, one in enumerate(doses) if not one.withheld), len(doses))
    points = doses[first:]
    rows: list[Row] = []
    if rules.by_count or rules.interval:
        slots = slots_of(history, points, dosing)
        judged = judge_slots(points, slots, rules) if rules.by_count else []
        rows += judge_changes(judged, rules, dosing) if rules.by_count else []
        rows += judge_pairs(points, judged, rules, dosing)
        if rules.stop_rule and rules.maximum:
            rows += judge_stop(history, points, slots, rules.stop_rule, rules.maximum, dosing)
    if rules.weight_check:
        rows += judge_weight(history, points, rules.weight_check, dosing)
    return rows


def dosing_table(cohort: Cohort, records: Records, drugs: dict[str, Drug]) -> pd.DataFrame:
    """The rows of dosing.csv (`results.DOSING`) of a cohort."""
    return dosing_rows(cohort, histories(cohort, records, drugs))


def dosing_rows(cohort: Cohort, known: Iterable[tuple[Drug, History]]) -> pd.DataFrame:
    """The rows of dosing.csv (`results.DOSING`) of some episodes, each with the drug by whose profile it is judged."""
    rows = [
        (
            history.episode,
            drug.id,
            label,
            row.rule,
            row.day,
            row.verdict,
            expected_text(row),
            row.given,
            row.unit,
            row.source,
        )
        for drug, history in known
        for label, text in sorted(drug.labels_for(cohort.label, cohort.condition).items())
        for row in judge_doses(history, needed(drug.dosing), text.rules)
    ]
    return pd.DataFrame(rows, columns=list(DOSING))


def expected_text(row: Row) -> str:
    """What was expected, as it is written: a number, two with "or" between, or nothing."""
    if row.expected is None:
        return ""
    return row.expected if isinstance(row.expected, str) else f"{row.expected:.10g}"
