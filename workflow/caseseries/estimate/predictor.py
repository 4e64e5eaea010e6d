"""The one predictor that cohort.yaml declares: how response and its time go with it, refused where events are few.

One predictor, named before the data are looked at, is all that a case series can carry; nothing is adjusted for. First
episodes alone; whoever lacks the predictor is left out and counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.estimate.curves import CENSORED, cause_codes
from caseseries.estimators.regression import Regression, firth_cox, firth_logistic
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.records import TABLES, Records
from caseseries.model.results import event_of
from caseseries.response.roles import first_episodes, role_of


def estimate_predictor(
    cohort: Cohort,
    records: Records,
    responses: pd.DataFrame,
    times: pd.DataFrame,
    definitions: list[Definition],
    level: float,
) -> pd.DataFrame:
    """Rows of estimates.csv (without `cohort`) on the declared predictor; empty where none is declared.

    Returns
    -------
    `odds_ratio` of response (Firth's logistic regression) for each definition under which somebody responded, and
    `hazard_ratio` (Firth's Cox regression, cause-specific) for each timed event. `group` names the predictor, with a
    category's level behind it; `std_error` is on the log scale. A refused model has no estimate and its reason stands
    in `method`.
    """
    episodes = records["episodes"]
    if cohort.predictor is None or not len(episodes):
        return pd.DataFrame()
    known = predictor_values(cohort, episodes[first_episodes(episodes)])
    rows: list[dict] = []
    if not cohort.selected_for:
        for definition in definitions:
            of_definition = responses[responses["definition"] == definition.id].set_index("episode_id")
            if definition.measure is None and len(of_definition):
                rows += _odds(definition, of_definition["response_class"].reindex(known.index), known, level)
    for definition, here in times[times["episode_id"].isin(known.index)].groupby("definition", sort=False):
        rows += _hazards(definition, here, known, level)
    return pd.DataFrame(rows)


def predictor_values(cohort: Cohort, episodes: pd.DataFrame) -> pd.Series:
    """The predictor of each episode by its id: numbers, or labels; missing where it is not known exactly."""
    name = cohort.predictor
    column = next((column for column in TABLES["episodes"] if column.name == name), None)
    covariate = next((one for one in cohort.covariates if one.name == name), None)
    values = episodes.set_index("episode_id")[name].rename(name)
    if column is not None and column.kind == "quantity":
        ends = episodes.set_index("episode_id")[[f"{name}_lo", f"{name}_hi"]]
        return ends[f"{name}_lo"].where(ends[f"{name}_lo"] == ends[f"{name}_hi"]).rename(name)
    if covariate is not None and covariate.kind == "number":
        return pd.to_numeric(values.replace("", None)).astype(float)
    if pd.api.types.is_numeric_dtype(values):
        return values
    labels = covariate.levels if covariate else {}
    return values.map(lambda value: labels.get(value, value)).where(values != "")


def _odds(definition: Definition, classes: pd.Series, known: pd.Series, level: float) -> list[dict]:
    roles = role_of(classes.fillna("NE"), definition.responses)
    used = (roles != "not_evaluable") & known.notna()
    event = (roles[used] == "event").astype(int)
    if not event.any():
        return []
    common = {"definition": definition.id, "statistic": "odds_ratio", "cause": "", "not_evaluable": int((~used).sum())}
    return _rows(firth_logistic(event.to_numpy(), known[used], level), known.name, common, level)


def _hazards(definition: str, here: pd.DataFrame, known: pd.Series, level: float) -> list[dict]:
    event = event_of(definition)
    values = here["episode_id"].map(known)
    used = here["time"].notna().to_numpy() & values.notna().to_numpy()
    codes, _ = cause_codes(here["cause"], event)
    happened = (codes == 1).astype(int)[used]
    if not happened.any():
        return []
    model = firth_cox(here["time"].to_numpy(float)[used], happened, values[used].rename(known.name), level)
    common = {
        "definition": definition,
        "statistic": "hazard_ratio",
        "cause": event,
        "not_evaluable": int((~used).sum()),
    }
    return _rows(model, known.name, common, level, CENSORED)


def _rows(model: Regression, name: str, common: dict, level: float, further: str = "") -> list[dict]:
    common = common | {"analysis": "primary", "events": model.events, "n": model.n}
    if model.refused:
        return [common | {"group": name, "estimate": np.nan, "method": f"{model.method}{further} {model.refused}"}]
    return [
        common
        | {
            "group": term.term,
            "estimate": term.ratio,
            "std_error": term.std_error,
            "lower": term.lower,
            "upper": term.upper,
            "level": level,
            "method": model.method + further,
        }
        for term in model.terms.itertuples()
    ]
