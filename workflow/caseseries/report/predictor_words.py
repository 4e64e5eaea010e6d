"""What the declared predictor says of response or of its time, in sentences."""

from __future__ import annotations

from caseseries.model.records import TABLES
from caseseries.report.evidence import CohortEvidence
from caseseries.show.tables.description import NOUNS
from caseseries.words import format as fmt
from caseseries.words.sentences import sentence

RATIOS = {"odds_ratio": "odds ratio", "hazard_ratio": "hazard ratio"}


def predictor_sentences(found: CohortEvidence, statistic: str, definition: str, what: str) -> str:
    """One sentence a coefficient, or why there is none; "" where no predictor is declared or nothing happened.

    Parameters
    ----------
    statistic : `odds_ratio` or `hazard_ratio`.
    definition : whose events are meant.
    what : the event in words.
    """
    rows = found.rows(statistic, definition=definition, analysis="primary")
    return " ".join(_say(found, row, statistic, what) for row in rows.itertuples())


def _say(found: CohortEvidence, row: object, statistic: str, what: str) -> str:
    name, unit = predictor_name(found)
    method = row.method.split(",")[0]
    if fmt.is_missing(row.estimate):
        reason = row.method.rpartition("not fitted: ")[2]
        return sentence(f"{what} is not set against {name}: {reason}")
    level = row.group.partition(": ")[2]
    step = f", {level} against the first" if level else f", for each {unit} more" if unit else ", for each unit more"
    ratio, lower, upper = (fmt.number(value, 2) for value in (row.estimate, row.lower, row.upper))
    return sentence(
        f"{RATIOS[statistic]} of {what} by {name}{step}: {ratio} ({fmt.level_text(row.level)} interval "
        f"{lower} to {upper}, {method}; nothing else is adjusted for)"
    )


def predictor_name(found: CohortEvidence) -> tuple[str, str]:
    """The declared predictor as a noun, and its unit in the singular, "" where it has none."""
    name = found.cohort.predictor or ""
    covariate = next((one for one in found.cohort.covariates if one.name == name), None)
    if covariate is not None:
        return covariate.label[0].lower() + covariate.label[1:], covariate.unit
    column = next(column for column in TABLES["episodes"] if column.name == name)
    words = NOUNS.get(name, fmt.words(name.removesuffix(f"_{column.unit}")))
    singular = column.unit.removesuffix("s") if column.unit in ("years", "weeks", "days") else column.unit
    return words, singular
