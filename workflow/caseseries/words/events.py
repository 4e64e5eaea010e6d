"""What events, causes of an end, points of time and outcomes are called."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

from caseseries.model.columns import EVENT_KINDS
from caseseries.words.lists import listing
from caseseries.words.numbers import plain
from caseseries.words.spelling import sentence, words


@dataclass(frozen=True)
class EventName:
    """A kind of event as it stands in a sentence (`phrase`), after `no` (`noun`) and beside its mark (`mark`)."""

    phrase: str
    noun: str
    mark: str


NAMES = {
    "rescue": EventName("rescue treatment", "rescue treatment", "rescue"),
    "platelet_transfusion": EventName("a platelet transfusion", "platelet transfusion", "platelet transfusion"),
    "itp_therapy": EventName("another treatment", "other treatment", "other treatment"),
    "stop_drug": EventName("the stop of the drug", "stop of the drug", "study drug stopped"),
    "delivery": EventName("delivery", "delivery", "delivery"),
    "death": EventName("death", "death", "death"),
    "lost": EventName("loss to follow-up", "loss to follow-up", "lost to follow-up"),
    "transfusion": EventName("a transfusion", "transfusion", "transfusion"),
}
assert tuple(NAMES) == (*EVENT_KINDS, "transfusion")


def event_name(kind: str) -> EventName:
    """The names of a kind of event or cause; one that is not known here is called by its id in words."""
    return NAMES.get(kind) or EventName(*[words(kind)] * 3)


def phrases(kinds: Iterable[str], last: str = "or") -> str:
    """Kinds of events in a row, as in a sentence: "delivery, death or loss to follow-up"."""
    return listing([event_name(kind).phrase for kind in kinds], last)


def nouns(kinds: Iterable[str], last: str = "or") -> str:
    """Kinds of events in a row, as after `no`."""
    return listing([event_name(kind).noun for kind in kinds], last)


def say_timed(outcome: str, cause: str, day: float, left: float, right: float) -> str:
    """A row of outcomes.csv: what the source times itself. Days that are not known are NaN."""
    what = words(outcome)
    if not isnan(day):
        when = f"on day {plain(day)}"
    elif isnan(right):
        when = f"after day {plain(left)}, the day not known" if left > 0 else "on a day that is not known"
    else:
        when = f"after day {plain(left)}, by day {plain(right)}" if left > 0 else f"by day {plain(right)}"
    if cause == outcome:
        return sentence(f"by the source, {what} {when}")
    if cause == "censored":
        return sentence(f"by the source, no {what} up to day {plain(left if isnan(day) else day)}")
    return sentence(f"by the source, {words(cause)} came before {what}, {when}")
