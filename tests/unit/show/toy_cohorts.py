"""Small cohorts for the tests of tables and figures: written by hand, estimated by the project's own estimators."""

import numpy as np
import pandas as pd

from caseseries.estimate.curves import estimate_curves
from caseseries.estimate.describe import describe
from caseseries.estimate.rates import rate_rows
from caseseries.estimate.safety import estimate_safety
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES
from caseseries.model.layout import Layout
from caseseries.model.records import Records, empty_table, type_table, write_records
from caseseries.model.results import (
    AGREEMENT,
    AUDIT,
    AUDIT_CHOICES,
    CHOICES,
    CLASS_CHANGES,
    DESCRIPTION,
    DOSING,
    ESTIMATES,
    FLOW,
    MULTIVERSE,
    RESPONSES,
    TIMES,
    write_table,
)
from caseseries.model.safety import Vocabulary

VOCABULARY = Vocabulary(source="made up for a test", events={"dizziness": ["giddiness"]})
LONG = "a definition whose label is so long that it has to be broken into several lines in the column of a figure"


def make_cohort(identifier="toy-2024", profile="published", provenance="transcribed", **more):
    about = {
        "id": identifier,
        "title": "A toy",
        "citation": "Nobody, 2024",
        "design": "made up for a test",
        "population": "pregnant women",
        "provenance": provenance,
        "licence": "MIT",
        "source_definition": "not_stated",
        "disclosure": {"profile": profile, "basis": "made up for a test"},
    }
    return Cohort.model_validate(about | more)


def make_records(episodes=4, counts=(), events=(), exposures=(), adverse_events=()):
    """Records with the given rows as text; `counts` are (episode, day, timepoint, count)."""
    texts = {
        "episodes": pd.DataFrame(
            {
                "episode_id": [f"E{i + 1}" for i in range(episodes)],
                "drug": "rhTPO",
                "age_years": [str(25 + i % 12) for i in range(episodes)],
            }
        ),
        "counts": pd.DataFrame(counts, columns=["episode_id", "day", "timepoint", "count"], dtype=str),
        "events": pd.DataFrame(events, columns=["episode_id", "day", "kind"], dtype=str),
        "exposures": pd.DataFrame(exposures, columns=["episode_id", "role", "first_day", "last_day"], dtype=str),
        "adverse_events": pd.DataFrame(adverse_events, columns=["episode_id", "subject", "term"], dtype=str),
    }
    tables = {name: empty_table(name) for name in TABLES}
    return Records("toy", tables | {name: type_table(name, table) for name, table in texts.items() if len(table)})


def make_responses(classes, definition="as_reported", days=None):
    """responses.csv of one definition: class and day of response of E1, E2 ..."""
    frame = pd.DataFrame({"episode_id": [f"E{i + 1}" for i in range(len(classes))], "response_class": classes})
    frame = frame.assign(definition=definition, reason="").reindex(columns=list(RESPONSES))
    days = [np.nan] * len(classes) if days is None else days
    return frame.assign(time_to_response=np.array(days, dtype=float))


def make_times(days, causes, definition="as_reported"):
    """times.csv of one definition: E1, E2 ..."""
    frame = pd.DataFrame({"episode_id": [f"E{i + 1}" for i in range(len(days))], "time": days, "cause": causes})
    return frame.assign(definition=definition).reindex(columns=list(TIMES)).astype({"time": float})


def make_rates(cohort, given):
    """estimates.csv of response rates: (definition, group, responders, evaluable, not evaluable)."""
    found = []
    for definition, group, events, n, unknown in given:
        common = {"cohort": cohort, "group": group, "definition": definition, "analysis": "primary", "cause": ""}
        found += [common | row for row in rate_rows("response_rate", events, n, unknown, 0.95)]
        for bound, responders in (("best", events + unknown), ("worst", events)) if unknown else ():
            rows = rate_rows(f"response_rate_{bound}_case", responders, n + unknown, 0, 0.95)
            found += [common | row for row in rows]
    return pd.DataFrame(found).reindex(columns=list(ESTIMATES))


def make_curves(cohort, records, times):
    """estimates.csv of the curves of some times."""
    frame = estimate_curves(cohort, records, times, 0.95)
    return frame.reindex(columns=list(ESTIMATES)).assign(cohort=cohort.id)


def make_harms(cohort, records):
    """estimates.csv of the harm of some records."""
    frame = estimate_safety(cohort, records, {}, VOCABULARY, 0.95)
    return frame.reindex(columns=list(ESTIMATES)).assign(cohort=cohort.id)


def write_both(frame, layout, name, cohort, columns):
    """Results in full and as told, which are the same for what is in print."""
    for where in (layout, layout.as_told()):
        write_table(frame, getattr(where, name)(cohort), columns)


def write_project(folder, cohort, records, responses, times, rates):
    """Everything that `caseseries show` reads, and the layout to read it with."""
    layout = Layout(folder / "data", folder / "config", folder / "results")
    layout.cohort(cohort.id).mkdir(parents=True)
    (layout.cohort(cohort.id) / "cohort.yaml").write_text(cohort.model_dump_json(), encoding="utf-8")
    write_records(records, layout.records(cohort.id))
    write_table(responses, layout.responses(cohort.id), RESPONSES)
    write_table(times, layout.times(cohort.id), TIMES)
    write_table(pd.DataFrame(columns=list(DOSING)), layout.dosing(cohort.id), DOSING)
    for name, columns in (("audit", AUDIT), ("audit_choices", AUDIT_CHOICES), ("flow", FLOW)):
        write_both(pd.DataFrame(columns=list(columns)), layout, name, cohort.id, columns)
    write_both(describe(cohort, records), layout, "description", cohort.id, DESCRIPTION)
    curves = make_curves(cohort, records, times)
    parts = [part for part in (make_rates(cohort.id, rates), curves, make_harms(cohort, records)) if len(part)]
    estimates = pd.concat(parts, ignore_index=True) if parts else curves
    write_both(estimates, layout, "estimates", cohort.id, ESTIMATES)
    write_spread(layout, cohort.id)
    return layout


def write_spread(layout, cohort, agreement=(), choices=(), changes=()):
    """What the estimate stage says of the definitions' spread: rows of agreement, choices and changes of class."""
    write_both(pd.DataFrame(agreement, columns=list(AGREEMENT)), layout, "agreement", cohort, AGREEMENT)
    write_both(pd.DataFrame(choices, columns=list(CHOICES)), layout, "choices", cohort, CHOICES)
    write_both(pd.DataFrame(columns=list(MULTIVERSE)), layout, "multiverse", cohort, MULTIVERSE)
    write_table(pd.DataFrame(changes, columns=list(CLASS_CHANGES)), layout.class_changes(cohort), CLASS_CHANGES)


def make_pair(first, second, kappa=np.nan, ac1=np.nan, n=10, note=""):
    """A row of agreement.csv."""
    return {
        "cohort": "toy-2024",
        "first": first,
        "second": second,
        "n": n,
        "observed": 0.9,
        "kappa": kappa,
        "kappa_lower": 0.1,
        "kappa_upper": 1.0,
        "ac1": ac1,
        "ac1_lower": 0.2,
        "ac1_upper": 0.9,
        "level": 0.95,
        "note": note,
    }


def make_choice(choice, settings, moves=None, note=""):
    """Rows of choices.csv of one choice: (setting, responders, evaluable, not evaluable), the default first."""
    common = {"cohort": "toy-2024", "definition": "iwg2009_confirmed", "choice": choice}
    alone = common | {"analysis": "one_at_a_time", "runs": 1, "note": note}
    rows = [
        alone
        | {
            "setting": setting,
            "default": "no" if place else "yes",
            "events": events,
            "n": n,
            "not_evaluable": unknown,
            "estimate": events / n if n else np.nan,
        }
        for place, (setting, events, n, unknown) in enumerate(settings)
    ]
    grid = [common | {"analysis": "grid", "moves": moves, "runs": 6, "note": ""}] if moves is not None else []
    return [*rows, *grid]


def make_grid(lowest, highest, runs=6):
    """The row of choices.csv on the whole grid."""
    return {
        "cohort": "toy-2024",
        "definition": "iwg2009_confirmed",
        "analysis": "grid",
        "choice": "all together",
        "lowest": lowest,
        "highest": highest,
        "runs": runs,
        "note": "",
    }


FOUR = {
    "counts": [
        ("E1", "0", "baseline", "<5"),
        ("E1", "7", "", "45"),
        ("E1", "14", "", "120"),
        ("E2", "0", "", "9"),
        ("E2", "9", "", "33"),
        ("E3", "", "nadir", "4"),
        ("E3", "", "delivery", "60"),
        ("E4", "0", "", "12"),
    ],
    "events": [
        ("E1", "30", "delivery"),
        ("E2", "9", "rescue"),
        ("E3", "12", "delivery"),
        ("E4", "21", "platelet_transfusion"),
    ],
    "exposures": [("E1", "study", "0", "13"), ("E2", "study", "0", "13")],
    "adverse_events": [("E2", "patient", "dizziness")],
}
