"""How many responded, as sentences: the rate and its interval, what has none and why."""

from __future__ import annotations

from collections.abc import Sequence

from caseseries.model.columns import YES_NO
from caseseries.model.groups import NOT_RECORDED
from caseseries.words.intervals import between, level_text, percent_interval
from caseseries.words.lists import listing
from caseseries.words.nouns import DEFINITIONS, Noun
from caseseries.words.numbers import counts, is_missing, number, p_value, percent_of, share
from caseseries.words.spelling import sentence

WITHHELD = "Response rates are withheld: they tell of few people."


def say_response(
    events: float,
    n: float,
    lower: float,
    upper: float,
    *,
    noun: Noun,
    level: float = 0.95,
    not_evaluable: float = 0,
    verb: str = "responded",
) -> str:
    """The response rate: "2 of 4 women responded, 50 % (95 % interval 15 to 85 %)."

    Where some could not be evaluated, the denominator says so and they are counted behind.
    """
    if not n:
        return sentence(f"none of the {noun.count(not_evaluable)} can be evaluated")
    kind = f"evaluable {noun.of(n)}" if not_evaluable else noun.of(n)
    interval = f"{level_text(level)} interval {percent_interval(lower, upper, n)}"
    rest = f"; {number(not_evaluable)} more could not be evaluated" if not_evaluable else ""
    return sentence(f"{counts(events, n)} {kind} {verb}, {percent_of(events, n)} ({interval}){rest}")


def say_standard_definitions(
    rule: str, *, evaluable: int, total: int, lacking: Sequence[str] = (), published: bool = True
) -> str:
    """What the authors' rule was, and whether a standard definition can be evaluated.

    Parameters
    ----------
    rule : the authors' rule in words, "" where it is not known.
    evaluable : standard definitions under which at least one case can be evaluated.
    total : standard definitions asked for.
    lacking : what of the cohort is not there, within a sentence: "the counts", "doses".
    published : whether the data were transcribed from a publication. To the authors of a series of their own nothing
        is said of a rule that they did not write down.
    """
    owner = "The authors'" if published else "The source's"
    said = [f"{owner} rule: {sentence(rule)}"] if rule else []
    # Papers are read in part, so that what was not read may yet be in print.
    missed = "could not be read" if published else "were not recorded"
    unknown = ["what counted as a response"] if published and not rule else []
    if evaluable:
        said += [sentence(f"{thing} {missed}") for thing in unknown]
        said.append(sentence(f"{number(evaluable)} of {DEFINITIONS.count(total)} can be evaluated"))
    elif lacking:
        said.append(sentence(f"{listing([*unknown, *lacking])} {missed}"))
    else:
        said.append(sentence("the counts do not suffice for any standard definition"))
    return " ".join(said)


def say_bounds(worst: float, best: float, n: float, not_evaluable: float) -> str:
    """How far the rate may lie off because of those who could not be evaluated."""
    who = "one who" if not_evaluable == 1 else f"{number(not_evaluable)} who"
    return sentence(
        f"counted as non-responders or as responders, the {who} could not be evaluated put the rate "
        f"between {between(percent_interval(worst, best, n))}"
    )


def say_selected(how: str) -> str:
    """Why a cohort whose cases were selected by their outcome has no rate."""
    return f"No response rate is shown, because the cases were selected by their outcome: {how.strip().rstrip('.')}."


def say_groups(groups: Sequence[tuple[str, float, float]], of: str = "") -> str:
    """Responders of each group; each is name, events, evaluable.

    `of` : what makes the groups, told where their names are but yes and no.
    """
    said = [f"{name} {share(events, n)}" for name, events, n in groups]
    by = of if of and {name for name, *_ in groups} <= {*YES_NO, NOT_RECORDED} else "group"
    return sentence(f"by {by}: {'; '.join(said) if any(',' in name for name, *_ in groups) else listing(said)}")


def say_difference(estimate: float, lower: float, upper: float, *, level: float = 0.95, contrast: str = "") -> str:
    """A difference of two rates in percentage points; `contrast` names the two where more were said."""
    points, low, high = (number(100 * value) for value in (estimate, lower, upper))
    whose = f"{contrast}: " if contrast else ""
    return sentence(
        f"{whose}the difference is {points} percentage points ({level_text(level)} interval {low} to {high}; "
        f"nothing is adjusted for)"
    )


def say_test(p: float, n: float, *, groups: int = 2, test: str = "test") -> str:
    """A test between groups, by its name where several are said; "" where a p-value means nothing."""
    shown = p_value(p, n)
    return sentence(f"{test} between the {groups} groups: {shown}") if shown else ""


VARIES = 0.05
"""P-value of the test of proportional hazards below which a reader is told that one ratio does not fit all times."""


def say_proportional(contrast: str, p: float, n: float, note: str = "") -> str:
    """Whether a hazard ratio holds at all times, or why that was not tested; "" where a p-value means nothing."""
    if is_missing(p):
        return sentence(f"whether the ratio by {contrast} is the same at all times could not be tested ({note})")
    shown = p_value(p, n)
    if not shown:
        return ""
    if p < VARIES:
        return sentence(f"the ratio by {contrast} changes with time ({shown}): it is a mean over the time observed")
    return sentence(f"nothing speaks against one ratio by {contrast} for all times ({shown})")


BECAUSE_WORDS = {
    "no_dated_count": "no dated count after the first dose",
    "all_counts_left_out": "every count after the first dose is left out by the definition",
    "not_confirmed_yet": "a qualifying count was not followed long enough to be confirmed",
    "bleeding_not_recorded": "bleeding was not recorded",
    "baseline_unknown": "the baseline count is not known",
    "count_only_bounded": "a count or the baseline is known only as a bound",
    "event_not_recorded": "the event from which the definition counts is not recorded",
    "no_count_near_day": "no count was taken near the day that the definition asks for",
    "span_not_covered": "counts do not cover the whole span that the definition asks for",
    "drug_days_unknown": "first or last day of the drug is not recorded",
    "weeks_without_count": "weeks that the definition asks for have no count, and no visit was planned in them",
    "no_class_given": "the source gives no class",
    "baseline_outside": "the baseline is not that of the patients whom the definition was made for",
    "counted_from_birth": "day 0 of this cohort is birth, not the first dose",
    "counted_from_other_day": "day 0 of this cohort is not the first dose",
}
"""Why an episode is not evaluable (`results.BECAUSE`), in words."""

NO_REASON = "no reason is given"
"""Said where nothing of it is in estimates.csv."""


def say_not_evaluable(reasons: Sequence[tuple[str, int]], total: int) -> str:
    """The definitions under which nobody can be evaluated, in one sentence, always with the reasons.

    Parameters
    ----------
    reasons : reason and number of definitions, the commonest first.
    total : definitions looked at, evaluable or not.
    """
    count = sum(size for _, size in reasons)
    if not count:
        return ""
    scope = f"{count} of {DEFINITIONS.count(total)}"
    if count == total:
        scope = f"any of the {DEFINITIONS.count(total)}" if total > 1 else f"the one {DEFINITIONS.one}"
    said = [f"{reason} ({size})" if len(reasons) > 1 else reason for reason, size in reasons]
    return sentence(f"nobody can be evaluated under {scope}: {'; '.join(said)}")


FEW = 4
"""Cases from which a range of rates has percents at its ends: "0 % (0 of 1)" looks like a rate and is one case."""


def say_spread(lowest: tuple[str, float, float], highest: tuple[str, float, float], number: int) -> str:
    """The range of the rate over the definitions that give a rate; each end is label, events, evaluable."""

    def end(label: str, events: float, n: float) -> str:
        if n < FEW:
            return f"{counts(events, n)} ({label})"
        return f"{percent_of(events, n)} ({counts(events, n)}, {label})"

    if number == 1:
        return sentence(f"one standard definition gives a rate: {end(*lowest)}")
    if lowest[1] / lowest[2] == highest[1] / highest[2]:
        rate = percent_of(lowest[1], lowest[2])
        return sentence(f"all {DEFINITIONS.count(number)} that give a rate give the same, {rate}")
    return sentence(
        f"over the {DEFINITIONS.count(number)} that give a rate, it runs from {end(*lowest)} to {end(*highest)}"
    )


NAMED = 4
"""Definitions that a sentence names; more are counted."""


def say_already_met(most: float, n: float, names: Sequence[str], *, same: bool) -> str:
    """Under which definitions a response says nothing, since the baseline met the count before any treatment.

    Parameters
    ----------
    most : cases under the definition that most baselines meet, of `n`; `same`: it is so many under each.
    names : the definitions.
    """
    under = listing(names) if len(names) <= NAMED else DEFINITIONS.count(len(names))
    return (
        f"In {'' if same else 'up to '}{counts(most, n)} cases the baseline already met the count that is asked for: a "
        f"response under {under} says nothing of their treatment."
    )
