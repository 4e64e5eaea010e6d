"""What the declared predictor says of response or of its time, in sentences."""

from __future__ import annotations

from caseseries.model.results import ResultRow
from caseseries.report.study import CohortResults
from caseseries.words.intervals import level_text
from caseseries.words.numbers import is_missing, number
from caseseries.words.response import say_proportional
from caseseries.words.spelling import sentence

RATIOS = {"odds_ratio": "odds ratio", "hazard_ratio": "hazard ratio"}


def predictor_sentences(found: CohortResults, statistic: str, definition: str, what: str) -> str:
    """One sentence a coefficient, or why there is none; "" where no predictor is declared or nothing happened.

    Parameters
    ----------
    statistic : `odds_ratio` or `hazard_ratio`.
    definition : whose events are meant.
    what : the event in words.
    """
    rows = found.rows(statistic, definition=definition, analysis="primary")
    texts = [_say(row, RATIOS[statistic], what) for row in rows.itertuples()]
    if statistic == "hazard_ratio":
        tests = found.rows("proportional_hazards", definition=definition, analysis="primary")
        texts += [say_proportional(row.contrast, row.estimate, row.n, row.note) for row in tests.itertuples()]
    return " ".join(text for text in texts if text)


def _say(row: ResultRow, ratio: str, what: str) -> str:
    if is_missing(row.estimate):
        return sentence(f"{what} is not set against {row.contrast} ({row.note})")
    estimate, lower, upper = (number(value, 2) for value in (row.estimate, row.lower, row.upper))
    return sentence(
        f"{ratio} of {what} by {row.contrast}: {estimate} ({level_text(row.level)} interval "
        f"{lower} to {upper}; nothing else is adjusted for)"
    )
