"""One declared predictor of response: Firth's penalised logistic and Cox regression, refused where events are few.

With a handful of events ordinary maximum likelihood is biased away from no effect and breaks down where a predictor
separates responders from the others; Firth's penalty (1993, Biometrika) mends both (Heinze and Schemper 2002,
Stat Med). Fitted by firthmodels.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from caseseries.estimators.arrays import Arguments, check_level, counted, merge_ties, positions

if TYPE_CHECKING:
    from firthmodels import FirthCoxPH, FirthLogisticRegression

EVENTS_PER_PARAMETER = 5
"""Fewest events (for logistic regression also non-events) for each coefficient; below, no model is fitted.

The lower end of the usual five to ten events a variable (Vittinghoff and McCulloch 2007, Am J Epidemiol)."""

TOLERANCES = (1e-8, 1e-6, 1e-5, 1e-4)
"""Gradient and step below which firthmodels stops, tried in turn: where the likelihood no longer rises by more than
rounding it never reaches the tight ones, and its p-values are then missing. Newton steps double the digits, so that
the looser ones still give six digits and more."""

TESTED = ["statistic", "p_value"]
COLUMNS = ["term", "level", "reference", "coefficient", "std_error", "ratio", "lower", "upper", "p_value"]


@dataclass(frozen=True)
class Regression:
    """A model of one predictor, or the reason why it was not fitted.

    `terms` has a row for each coefficient (none if refused): `term`, `level` and the `reference` that it is set
    against ("" for a number), `coefficient` (log odds or hazard ratio), `std_error`, `ratio` with its profile
    penalised-likelihood limits `lower` and `upper`, `p_value` of the penalised likelihood-ratio test. `refused` is
    empty where the model was fitted.
    """

    events: int
    n: int
    method: str
    refused: str = ""
    terms: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLUMNS))


def firth_logistic(response: ArrayLike, predictor: ArrayLike, level: float = 0.95) -> Regression:
    """Odds ratios of response for one predictor declared beforehand, by Firth's logistic regression.

    Parameters
    ----------
    response : 1 responded, 0 did not.
    predictor : numbers (one coefficient), or labels (one coefficient for each level but the first in order).

    Returns
    -------
    Regression; refused where there are fewer than 5 responders or fewer than 5 others for each coefficient, or the
    predictor does not vary.

    Raises
    ------
    ValueError : codes other than 0 and 1, missing predictor, unequal lengths.

    Examples
    --------
    >>> found = firth_logistic([1] * 6 + [0] * 6, [1, 2, 3, 4, 5, 9, 4, 6, 7, 8, 10, 11])
    >>> found.terms[["ratio", "lower", "upper", "p_value"]].iloc[0].astype(float).round(3).tolist()
    [0.678, 0.369, 1.002, 0.051]
    """
    given = Arguments()
    events = given.codes("response", response, largest=1)
    design = _design(given, predictor)
    given.done()
    check_level(level)
    method = "Firth logistic regression, profile penalised likelihood"
    total = int(events.sum())
    refused = _refusal(design, {"responder": total, "non-responder": events.size - total})
    if refused:
        return Regression(total, events.size, method, refused)
    return logistic_model(events, design, level, method)


def logistic_model(events: np.ndarray, design: pd.DataFrame, level: float, method: str) -> Regression:
    """Firth logistic regression on a design of any width, without the rules of `firth_logistic`; no intercept row."""
    from firthmodels import FirthLogisticRegression

    model = FirthLogisticRegression(backend="numpy", max_iter=200)
    return _fitted(model, events, design, int(events.sum()), level, method)


def firth_cox(time: ArrayLike, event: ArrayLike, predictor: ArrayLike, level: float = 0.95) -> Regression:
    """Hazard ratios for one predictor declared beforehand, by Firth's Cox regression (Breslow's ties).

    Heinze and Schemper (2001, Biometrics). Where events compete the ratio is that of the cause-specific
    hazard. Parameters as `kaplan_meier` and `firth_logistic`.

    Returns
    -------
    Regression; refused where there are fewer than 5 events for each coefficient, or the predictor does not vary
    among those at risk at any event.

    Examples
    --------
    >>> found = firth_cox([3, 5, 7, 8, 10, 12, 14, 20], [1, 1, 1, 0, 1, 1, 1, 0], [1, 4, 2, 5, 3, 4, 6, 2])
    >>> found.terms[["ratio", "lower", "upper", "p_value"]].iloc[0].astype(float).round(3).tolist()
    [0.869, 0.505, 1.395, 0.565]
    """
    given = Arguments()
    times, events = given.times("time", time), given.codes("event", event, largest=1)
    design = _design(given, predictor)
    given.done()
    check_level(level)
    method = "Firth Cox regression, Breslow ties, profile penalised likelihood"
    total = int(events.sum())
    refused = _refusal(design, {"event": total})
    if not refused and not _varies_at_events(times, events, design):
        refused = "not fitted: the predictor has one value only among those at risk at every event"
    if refused:
        return Regression(total, events.size, method, refused)
    return cox_model(times, events, design, level, method)


def cox_model(time: np.ndarray, events: np.ndarray, design: pd.DataFrame, level: float, method: str) -> Regression:
    """Firth Cox regression on a design of any width, without the rules of `firth_cox`."""
    from firthmodels import FirthCoxPH

    (time,) = merge_ties([time])
    model = FirthCoxPH(backend="numpy", max_iter=200)
    return _fitted(model, (events.astype(bool), time), design, int(events.sum()), level, method)


@dataclass(frozen=True)
class Proportionality:
    """Test of proportional hazards for each coefficient, or the reason why there is none.

    `terms` has a row for each coefficient (none if refused): `level` and `reference` as in `Regression`, `statistic`
    (chi-squared on 1 df), `p_value`.
    """

    refused: str = ""
    terms: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["level", "reference", *TESTED]))


def proportional_hazards(time: ArrayLike, event: ArrayLike, predictor: ArrayLike) -> Proportionality:
    """Whether the hazard ratio of one predictor is the same at all times, by Grambsch and Therneau's test.

    Scaled Schoenfeld residuals of the Cox regression without penalty (Efron's ties) against the ranks of the event
    times (Grambsch and Therneau 1994, Biometrika), by lifelines. Parameters as `firth_cox`; to be asked only where
    that is fitted.

    Returns
    -------
    Proportionality; refused where the regression without penalty does not converge.
    """
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    given = Arguments()
    times, events = given.times("time", time), given.codes("event", event, largest=1)
    design = _design(given, predictor)
    given.done()
    (times,) = merge_ties([times])
    frame = pd.DataFrame(design.to_numpy(dtype=float)).assign(time=times, event=events)
    with warnings.catch_warnings():
        # lifelines also warns of what may keep a regression from converging, but need not.
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", message="Newton-Raphson")
        try:
            model = CoxPHFitter().fit(frame, "time", "event")
            found = proportional_hazard_test(model, frame, time_transform=_ranks)
        except (Warning, ArithmeticError, ValueError, np.linalg.LinAlgError):
            return Proportionality("not tested: the regression without penalty does not converge")
    terms = pd.DataFrame(
        {
            "level": design.attrs.get("levels", [""] * design.shape[1]),
            "reference": design.attrs.get("reference", ""),
            "statistic": np.ravel(found.test_statistic),
            "p_value": np.ravel(found.p_value),
        }
    )
    return Proportionality(terms=terms)


def _ranks(time: pd.Series, event: pd.Series, _weights: pd.Series) -> pd.Series:
    """Mean rank of each event time; lifelines' own ranks depend on the order of rows within a tie."""
    return time[event.astype(bool)].rank().reindex(time.index)


def _fitted(
    model: FirthCoxPH | FirthLogisticRegression,
    outcome: np.ndarray | tuple[np.ndarray, np.ndarray],
    design: pd.DataFrame,
    events: int,
    level: float,
    method: str,
) -> Regression:
    """Fit at the tightest tolerance that the iteration reaches; a model that reaches none is said not to converge."""
    width = design.shape[1]
    values = design.to_numpy(dtype=float)
    # The penalised likelihood does not depend on unit and origin of a predictor; the iteration does.
    with np.errstate(over="ignore", invalid="ignore"):
        scale = values.std(axis=0)
        values = (values - values.mean(axis=0)) / scale
    not_fitted = Regression(events, len(design), method, "not fitted: the iteration did not converge")
    if not np.isfinite(values).all():
        return not_fitted
    for tolerance in TOLERANCES:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                model.set_params(gtol=tolerance, xtol=tolerance).fit(values, outcome).lrt()
                limits = model.conf_int(alpha=1 - level, method="pl", max_iter=200, tol=tolerance)[:width]
            except (Warning, ArithmeticError, np.linalg.LinAlgError):
                continue
        if np.isfinite(limits).all() and np.isfinite(model.lrt_pvalues_[:width]).all():
            break
    else:
        return not_fitted
    coefficient = model.coef_[:width] / scale
    with np.errstate(over="ignore"):
        ratio, (lower, upper) = np.exp(coefficient), np.exp(limits.T / scale)
    terms = pd.DataFrame(
        {
            "term": design.columns,
            "level": design.attrs.get("levels", [""] * width),
            "reference": design.attrs.get("reference", ""),
            "coefficient": coefficient,
            "std_error": model.bse_[:width] / scale,
            "ratio": ratio,
            "lower": lower,
            "upper": upper,
            "p_value": model.lrt_pvalues_[:width],
        }
    )
    return Regression(events, len(design), method, terms=terms)


def _design(given: Arguments, predictor: ArrayLike) -> pd.DataFrame:
    """One column of numbers, or one of 0 and 1 for each label but the first."""
    series = pd.Series(predictor).reset_index(drop=True)
    given.lengths["predictor"] = series.size
    name = str(series.name) if series.name is not None else "predictor"
    missing = series.isna().to_numpy()
    given.require(not missing.any(), f"predictor: {positions(missing)} missing (for example: 31, or yes)")
    if pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series):
        numbers = series.astype(float)
        endless = np.isinf(numbers.to_numpy())
        given.require(not endless.any(), f"predictor: {positions(endless)} infinite (for example: 31, or yes)")
        return pd.DataFrame({name: numbers})
    levels = sorted(series.dropna().unique())
    design = pd.DataFrame({f"{name}: {level}": (series == level).astype(float) for level in levels[1:]})
    design.attrs = {"levels": levels[1:], "reference": levels[0] if levels else ""}
    return design


def _varies_at_events(time: np.ndarray, events: np.ndarray, design: pd.DataFrame) -> bool:
    """Whether each column takes two values among those at risk at some event; else its coefficient can be anything."""
    (time,) = merge_ties([time])
    order = np.argsort(-time, kind="stable")
    values = design.to_numpy(dtype=float)[order]
    varies = np.maximum.accumulate(values) > np.minimum.accumulate(values)
    last_of_tie = np.searchsorted(-time[order], -time[order], side="right") - 1
    return bool((varies[last_of_tie] & (events[order] == 1)[:, None]).any(axis=0).all())


def _refusal(design: pd.DataFrame, counts: dict[str, int]) -> str:
    if design.shape[1] == 0 or (design.nunique() < 2).any():
        return "not fitted: the predictor has one value only"
    for name, number in counts.items():
        if number < EVENTS_PER_PARAMETER * design.shape[1]:
            width = counted(design.shape[1], "coefficient")
            return f"not fitted: {counted(number, name)} for {width}, fewer than {EVENTS_PER_PARAMETER} for each"
    return ""
