"""The one predictor that cohort.yaml declares: how response and its time go with it, refused where events are few.

One predictor, named before the data are looked at, is all that a case series can carry; nothing is adjusted for. First
episodes alone; whoever lacks the predictor is left out and counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.curves import cause_codes
from caseseries.estimators.regression import (
    Proportionality,
    Regression,
    firth_cox,
    firth_logistic,
    proportional_hazards,
)
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, contrast_of, primary_episodes, starts
from caseseries.model.numbering import Numbering, by_definition
from caseseries.model.records import Records
from caseseries.model.results import event_of
from caseseries.response.roles import roles_of
from caseseries.words.units import each
from caseseries.words.variables import noun_of


def estimate_predictor(
    cohort: Cohort,
    records: Records,
    responses: pd.DataFrame,
    times: pd.DataFrame,
    definitions: list[Definition],
    level: float,
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) on the declared predictor; empty where none is declared, or
    where the cases were selected.

    Returns
    -------
    `odds_ratio` of response (Firth's logistic regression) for each definition under which somebody responded, and
    `hazard_ratio` (Firth's Cox regression, cause-specific) for each timed event, with `proportional_hazards` beside it,
    the p-value of the test whether it is the same at all times. `contrast` says what is set against what; `std_error`
    is on the log scale. A refused model has no estimate; `note` says why.
    """
    episodes = records["episodes"]
    if cohort.predictor is None or cohort.selected or not len(episodes):
        return pd.DataFrame()
    known = predictor_values(cohort, episodes[primary_episodes(cohort, episodes) & starts(cohort, episodes)])
    rows: list[dict] = []
    numbering, of_definition = Numbering(known.index), by_definition(responses)
    for definition in definitions:
        if definition.measure is None and definition.id in of_definition:
            rows += _odds(definition, numbering.in_order(of_definition[definition.id]), known, cohort, level)
    timed = times[numbering.of(times["episode_id"]) >= 0]
    for name, here in by_definition(timed).items():
        rows += _hazards(name, here, known, cohort, level)
    return pd.DataFrame(rows)


def predictor_values(cohort: Cohort, episodes: pd.DataFrame) -> pd.Series:
    """The predictor of each episode by its id: numbers, or labels; missing where it is not known exactly."""
    variable = cohort.variable(str(cohort.predictor))
    name = variable.name
    values = episodes.set_index("episode_id")[name].rename(name)
    if variable.kind == "quantity":
        ends = episodes.set_index("episode_id")[[f"{name}_lo", f"{name}_hi"]]
        return ends[f"{name}_lo"].where(ends[f"{name}_lo"] == ends[f"{name}_hi"]).rename(name)
    if variable.kind == "text":
        return values.map(lambda value: variable.levels.get(value, value)).where(values != "")
    return pd.to_numeric(values.replace("", None)).astype(float)


def predictor_name(cohort: Cohort) -> tuple[str, str]:
    """The declared predictor as a noun, and its unit in the singular, "" where it has none."""
    variable = cohort.variable(str(cohort.predictor))
    return noun_of(variable), each(variable.unit)


def _odds(definition: Definition, rows: pd.DataFrame, known: pd.Series, cohort: Cohort, level: float) -> list[dict]:
    """Rows of the model of response under a definition; none where nobody responded."""
    roles = roles_of(rows, definition.responses)
    used = (roles != "not_evaluable") & known.notna()
    event = (roles[used] == "event").astype(int)
    if not event.any():
        return []
    common = {"definition": definition.id, "statistic": "odds_ratio", "cause": "", "not_evaluable": int((~used).sum())}
    model = firth_logistic(event.to_numpy(), known[used], level)
    return _rows(model, common | {"method": m.FIRTH_LOGISTIC}, cohort, level)


def _hazards(definition: str, here: pd.DataFrame, known: pd.Series, cohort: Cohort, level: float) -> list[dict]:
    """Rows of the model of the time to an event, and of its test; none where it happened to nobody."""
    event = event_of(definition)
    values = here["episode_id"].astype(object).map(known)
    used = here["time"].notna().to_numpy() & values.notna().to_numpy()
    codes, _ = cause_codes(here["cause"], event)
    happened = (codes == 1).astype(int)[used]
    if not happened.any():
        return []
    asked = here["time"].to_numpy(float)[used], happened, values[used].rename(known.name)
    model = firth_cox(*asked, level)
    common = {"definition": definition, "cause": event, "not_evaluable": int((~used).sum())}
    rows = _rows(model, common | {"statistic": "hazard_ratio", "method": m.FIRTH_COX}, cohort, level)
    return rows if model.refused else rows + _tests(proportional_hazards(*asked), model, common, cohort)


def _tests(test: Proportionality, model: Regression, common: dict, cohort: Cohort) -> list[dict]:
    """A row for each coefficient of a fitted model: whether its ratio is the same at all times."""
    common = common | {"group": ALL, "analysis": "primary", "events": model.events, "n": model.n}
    common |= {"statistic": "proportional_hazards", "method": m.PROPORTIONALITY}
    if test.refused:
        return [common | {"contrast": predictor_name(cohort)[0], "estimate": np.nan, "note": test.refused}]
    return [
        common
        | {
            "contrast": _contrast(cohort, term.level, term.reference),
            "estimate": term.p_value,
            "note": f"chi-squared {term.statistic:.2f} on 1 df",
        }
        for term in test.terms.itertuples()
    ]


def _contrast(cohort: Cohort, level: str, reference: str) -> str:
    """What a coefficient sets against what."""
    name, unit = predictor_name(cohort)
    step = f"for each {unit} more" if unit else "for each unit more"
    return f"{name}, {contrast_of([level, reference]) if level else step}"


def _rows(model: Regression, common: dict, cohort: Cohort, level: float) -> list[dict]:
    common = common | {"group": ALL, "analysis": "primary", "events": model.events, "n": model.n}
    if model.refused:
        return [common | {"contrast": predictor_name(cohort)[0], "estimate": np.nan, "note": model.refused}]
    return [
        common
        | {
            "contrast": _contrast(cohort, term.level, term.reference),
            "estimate": term.ratio,
            "std_error": term.std_error,
            "lower": term.lower,
            "upper": term.upper,
            "level": level,
        }
        for term in model.terms.itertuples()
    ]
