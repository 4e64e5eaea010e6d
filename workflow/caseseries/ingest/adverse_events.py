"""Adverse events that would be counted in nobody, and a record of them that is announced and not there."""

from __future__ import annotations

from caseseries.ingest.values import Tables, of_case, rows_where, words
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding

RECORDED = "adverse_events_recorded"


def check_adverse_events(tables: Tables, cohort: Cohort) -> list[Finding]:
    """Faults of the record of harm: the column that cohort.yaml announces is missing, or one is not read; events of
    somebody whom the case does not have, such as a mother without a pregnancy."""
    if "episodes" not in tables or "episode_id" not in tables["episodes"].texts:
        return []
    return [*check_column(tables, cohort), *check_subjects(tables)]


def check_column(tables: Tables, cohort: Cohort) -> list[Finding]:
    """Whether cohort.yaml and the table of episodes agree on where it stands if adverse events were looked for."""
    written = RECORDED in tables["episodes"].texts and (words(tables["episodes"], RECORDED) != "").any()
    by_episode = cohort.adverse_events_recorded == "by_episode"
    shown = tables["episodes"].shown
    if by_episode and RECORDED not in tables["episodes"].texts:
        rule = "cohort.yaml says by_episode, and the column that says it of each case is missing"
        return [Finding(shown, column=RECORDED, rule=rule, example="yes")]
    if written and not by_episode:
        rule = "the column is not read: cohort.yaml does not say adverse_events_recorded: by_episode"
        return [Finding(shown, column=RECORDED, rule=rule, severity="warning")]
    return []


def check_subjects(tables: Tables) -> list[Finding]:
    """Events of a mother or newborn in a case that is no pregnancy, and of a patient in one that is."""
    if "adverse_events" not in tables or "episode_id" not in tables["adverse_events"].texts:
        return []
    episodes, events = tables["episodes"], tables["adverse_events"]
    cases, subject = events.texts["episode_id"], words(events, "subject").to_numpy()
    known = cases.isin(episodes.texts["episode_id"]).to_numpy()
    pregnant = of_case(episodes, words(episodes, "pregnant"), cases) == "yes"
    rule = f"the case is no pregnancy by {episodes.file_name}: the event is counted in nobody"
    of_two = (subject == "mother") | (subject == "neonate")
    findings = events.flag(rows_where(known & of_two & ~pregnant), "subject", rule, "patient", "warning")
    rule = "the case is a pregnancy, with a mother and a newborn: the event of a patient is counted in nobody"
    of_patient = known & (subject == "patient") & pregnant
    return findings + events.flag(rows_where(of_patient), "subject", rule, "mother", "warning")
