"""Our own choices and their settings, as words and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from caseseries.words.intervals import between, percent_interval
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected
from caseseries.words.numbers import counts, number, percent, percent_of
from caseseries.words.spelling import sentence

QUESTIONS = {
    "counts between the two that confirm": "whether a count between the two that confirm may fail",
    "unconfirmed when follow-up ends": "what becomes of an unconfirmed response when follow-up ends",
    "counts after a platelet transfusion": "how long counts after a platelet transfusion are left out",
    "rescue": "what rescue treatment does to the counts that follow",
    "several counts on one day": "which of several counts on one day stands",
    "bleeding that was not recorded": "what bleeding that was not recorded means",
    "baseline": "which count is the baseline",
}
"""Each choice of the grid as what is chosen; a choice that is not here is called by its name."""

SETTINGS = {
    "min": "the lowest",
    "last": "the last",
    "last7": "as recorded, else latest count of days −7 to 0",
    "mean_screen": "mean of days −14 to 0",
    "min14": "lowest of days −14 to 0",
    "planned": "a failure, as where visits were planned",
    "routine": "unknown, as in routine care",
    "exclude": "left out",
    "include": "used",
}
"""Settings whose name is not yet words."""


OUTCOME_WORDS = {
    "response_rate": "response rate",
    "incidence": "response by day {day}",
    "median_time": "median days to response",
}
"""Outcomes of the multiverse; `day` is the day by which a share is read."""


def question(choice: str) -> str:
    """What a choice decides, as it stands in a sentence."""
    return QUESTIONS.get(choice, choice)


def setting_words(setting: str) -> str:
    """A setting as words."""
    return SETTINGS.get(setting, setting)


def range_text(lowest: float, highest: float, n: float) -> str:
    """The range of the rate over the choices: "63 to 66 %", or one rate where nothing moves."""
    return percent_interval(lowest, highest, n) if lowest != highest else percent(lowest, n)


def say_moved(definition: str, rates: str, most: Sequence[str], points: float, further: bool = False) -> str:
    """What our own choices move.

    Parameters
    ----------
    definition : whose clauses are chosen.
    rates : range of the rate over every combination of the choices: "63 to 66 %".
    most : what is chosen by those that move the rate most; nothing where none moves it.
    points : by how many percentage points, in the mean.
    further : whether choices that were changed alone lead beyond the range (see `say_beyond`).
    """
    if not most:
        together = " in the grid" if further else ""
        return sentence(f"no choice of ours{together} moves the rate under {definition}, {rates}")
    whole = number(points) if points >= 1 else number(points, 1)
    by = f"{whole} {inflected(float(whole), 'percentage point')}{' each' if len(most) > 1 else ''}"
    which = "the choice that moves it most is" if len(most) == 1 else "the choices that move it most are"
    return sentence(
        f"our own choices move the rate under {definition}, between {between(rates)}; {which} {listing(most)} ({by})"
    )


def say_beyond(settings: Sequence[tuple[str, str, float, float]]) -> str:
    """Choices outside the grid that alone lead beyond its range; each is choice, setting, events, evaluable."""
    said = [
        f"{choice}, {setting_words(setting)}: {percent_of(events, n)} ({counts(events, n)})"
        for choice, setting, events, n in settings
    ]
    return sentence(f"changed alone, further choices lead beyond that: {'; '.join(said)}") if said else ""


def say_visits(setting: str, moved: int, total: int) -> str:
    """How weeks without a count are read, and how many definitions on visits the other reading moves; "" where none.

    Parameters
    ----------
    setting : `planned` or `routine`, as cohort.yaml has it; moved, total : numbers of definitions.
    """
    if not moved:
        return ""
    other = setting_words("planned" if setting == "routine" else "routine")
    return sentence(
        f"a week without a count is {setting_words(setting)}; were it {other}, {counts(moved, total)} "
        f"{inflected(total, 'definition')} on visits would give other numbers"
    )
