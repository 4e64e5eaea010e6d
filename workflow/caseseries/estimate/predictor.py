"""The one predictor that cohort.yaml declares: how response and its time go with it, refused where events are few.

One predictor, named before the data are looked at, is all that a case series can carry; nothing is adjusted for. First
episodes alone; whoever lacks the predictor is left out and counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.curves import cause_codes
from caseseries.estimators.regression import Regression, firth_cox, firth_logistic
from caseseries.model import methods as m
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.groups import ALL, contrast_of, primary_episodes, starts
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
    `hazard_ratio` (Firth's Cox regression, cause-specific) for each timed event. `contrast` says what is set against
    what; `std_error` is on the log scale. A refused model has no estimate; `note` says why.
    """
    episodes = records["episodes"]
    if cohort.predictor is None or cohort.selected or not len(episodes):
        return pd.DataFrame()
    known = predictor_values(cohort, episodes[primary_episodes(cohort, episodes) & starts(cohort, episodes)])
    models: list[tuple[Regression, dict] | None] = []
    for definition in definitions:
        of_definition = responses[responses["definition"] == definition.id].set_index("episode_id")
        if definition.measure is None and len(of_definition):
            models.append(_odds(definition, of_definition.reindex(known.index), known, level))
    for definition, here in times[times["episode_id"].isin(known.index)].groupby("definition", sort=False):
        models.append(_hazards(definition, here, known, level))
    return pd.DataFrame([row for model in models if model is not None for row in _rows(*model, cohort, level)])


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


def _odds(definition: Definition, rows: pd.DataFrame, known: pd.Series, level: float) -> tuple[Regression, dict] | None:
    """The model of response under a definition with the row's other columns; None where nobody responded."""
    roles = roles_of(rows, definition.responses)
    used = (roles != "not_evaluable") & known.notna()
    event = (roles[used] == "event").astype(int)
    if not event.any():
        return None
    common = {"definition": definition.id, "statistic": "odds_ratio", "cause": "", "not_evaluable": int((~used).sum())}
    return firth_logistic(event.to_numpy(), known[used], level), common | {"method": m.FIRTH_LOGISTIC}


def _hazards(definition: str, here: pd.DataFrame, known: pd.Series, level: float) -> tuple[Regression, dict] | None:
    """The model of the time to an event with the row's other columns; None where it happened to nobody."""
    event = event_of(definition)
    values = here["episode_id"].map(known)
    used = here["time"].notna().to_numpy() & values.notna().to_numpy()
    codes, _ = cause_codes(here["cause"], event)
    happened = (codes == 1).astype(int)[used]
    if not happened.any():
        return None
    model = firth_cox(here["time"].to_numpy(float)[used], happened, values[used].rename(known.name), level)
    common = {"definition": definition, "statistic": "hazard_ratio", "cause": event, "method": m.FIRTH_COX}
    return model, common | {"not_evaluable": int((~used).sum())}


def _rows(model: Regression, common: dict, cohort: Cohort, level: float) -> list[dict]:
    name, unit = predictor_name(cohort)
    common = common | {"group": ALL, "analysis": "primary", "events": model.events, "n": model.n}
    if model.refused:
        return [common | {"contrast": name, "estimate": np.nan, "note": model.refused}]
    step = f"for each {unit} more" if unit else "for each unit more"
    return [
        common
        | {
            "contrast": f"{name}, {contrast_of([term.level, term.reference]) if term.level else step}",
            "estimate": term.ratio,
            "std_error": term.std_error,
            "lower": term.lower,
            "upper": term.upper,
            "level": level,
        }
        for term in model.terms.itertuples()
    ]
