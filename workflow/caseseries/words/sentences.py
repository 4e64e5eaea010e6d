"""Sentences of the report: numbers in, one sentence out, singular and plural right.

Nothing is computed or read here. Every function takes what the estimate stage has found and says it; every percent
has its counts beside it, every interval its level and method, and whatever cannot be evaluated its reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from caseseries.words import format as fmt

SMALL = 10
"""Below this many people a curve is a handful of steps, and the report says so."""

PREDICTION_FROM = 5
"""Fewest cohorts from which a prediction interval is given (Nagashima 2019: poor coverage with few studies)."""


@dataclass(frozen=True)
class Noun:
    """What is counted: "woman", "women"."""

    one: str
    many: str

    def of(self, n: float) -> str:
        """The noun alone, in the number that `n` asks for."""
        return self.one if n == 1 else self.many

    def count(self, n: float) -> str:
        """The number with its noun: "4 women"."""
        return fmt.plural(n, self.one, self.many)


WOMEN = Noun("woman", "women")
PATIENTS = Noun("patient", "patients")
EPISODES = Noun("episode", "episodes")
DEFINITIONS = Noun("standard definition", "standard definitions")


def noun_of(population: str) -> Noun:
    """Who a cohort is made of, read from its population: women where it speaks of women or of pregnancy."""
    return WOMEN if re.search(r"\b(women|woman|mothers)\b|(?<!not )\bpregnan", population, re.IGNORECASE) else PATIENTS


def sentence(text: str) -> str:
    """The text with a capital and one full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:].rstrip(".") + "." if text else ""


def response(
    events: float,
    n: float,
    lower: float,
    upper: float,
    *,
    method: str,
    noun: Noun,
    level: float = 0.95,
    not_evaluable: float = 0,
    verb: str = "responded",
) -> str:
    """The response rate: "2 of 4 women responded, 50 % (95 % interval 15 to 85 %, Wilson)."

    Where some could not be evaluated, the denominator says so and they are counted behind.
    """
    if not n:
        return sentence(f"none of the {noun.count(not_evaluable)} can be evaluated")
    kind = f"evaluable {noun.of(n)}" if not_evaluable else noun.of(n)
    interval = f"{fmt.level_text(level)} interval {fmt.percent_interval(lower, upper, n)}, {method}"
    rest = f"; {fmt.number(not_evaluable)} more could not be evaluated" if not_evaluable else ""
    return sentence(f"{fmt.counts(events, n)} {kind} {verb}, {fmt.percent_of(events, n)} ({interval}){rest}")


def second_interval(lower: float, upper: float, n: float, *, method: str) -> str:
    """The interval of a further method at the same level, for the reader who is used to it."""
    return sentence(f"the {method} interval is {fmt.percent_interval(lower, upper, n)}")


def standard_definitions(rule: str, *, evaluable: int, total: int, data: str, published: bool = True) -> str:
    """What the authors' rule was, and whether a standard definition can be evaluated.

    Parameters
    ----------
    rule : the authors' rule in words, "" where it is not known.
    evaluable : standard definitions under which at least one case can be evaluated.
    total : standard definitions asked for.
    data : `counts` where the cohort has counts, `cases` where it has cases without counts, `totals` where there are
        only totals.
    published : whether the data were transcribed from a publication (else they were recorded).
    """
    # Papers are read in part, so that what was not read may yet be in print.
    source = "could be read" if published else "were recorded"
    lacking = {"cases": f"no counts {source}", "totals": f"only totals {source}"}
    if evaluable:
        found = f"{evaluable} of {DEFINITIONS.count(total)} can be evaluated"
        reason = ""
    else:
        found = "no standard definition can be evaluated"
        reason = lacking.get(data, f"the counts that {source} do not suffice")
    so = f"{reason}, so {found}" if reason else found
    if rule:
        owner = "The authors'" if published else "The source's"
        return f"{owner} rule: {sentence(rule)} {sentence(so)}"
    return sentence(f"the authors' definition is not known {'and' if reason else ';'} {so}".replace(" ;", ";"))


def bounds(worst: float, best: float, n: float, not_evaluable: float) -> str:
    """How far the rate may lie off because of those who could not be evaluated."""
    who = "one who" if not_evaluable == 1 else f"{fmt.number(not_evaluable)} who"
    whole = fmt.percent_interval(worst, best, n)
    return sentence(
        f"counted as non-responders or as responders, the {who} could not be evaluated put the rate "
        f"between {whole.replace(' to ', ' and ')}"
    )


def selected(how: str) -> str:
    """Why a cohort whose cases were selected by their outcome has no rate."""
    return f"No response rate is shown, because the cases were selected by their outcome: {how.strip().rstrip('.')}."


PEOPLE = (("newborn", "newborns"), ("neonatal", "newborns"), ("neonate", "newborns"), ("maternal", "mothers"))


def outcome_words(name: str) -> str:
    """An outcome's name as words: `newborn_adverse_event` -> "adverse event in newborns"."""
    text = fmt.words(name)
    for prefix, people in PEOPLE:
        if text.startswith(prefix + " "):
            return f"{text.removeprefix(prefix + ' ')} in {people}"
    return text


def outcome(
    name: str,
    events: float,
    n: float,
    lower: float,
    upper: float,
    *,
    level: float = 0.95,
    method: str = "Clopper-Pearson",
    group: str = "",
) -> str:
    """A counted outcome: none at all with the upper bound, otherwise the share with its interval."""
    what = outcome_words(name) + (f" ({group})" if group else "")
    if not events:
        bound = f"upper bound {fmt.percent_limit(upper, n)} %"
        return sentence(f"no {what}: {fmt.counts(0, n)}, {bound} ({fmt.level_text(level)} interval, {method})")
    return sentence(f"{what}: {fmt.rate(events, n, lower, upper, method=method, level=level)}")


def adverse_events(events: int, episodes_with: int, episodes: int) -> str:
    """What was recorded of single cases; "" where nothing was, since that is no proof that nothing happened."""
    if not events:
        return ""
    was = "was" if events == 1 else "were"
    return sentence(
        f"{fmt.plural(events, 'adverse event')} {was} recorded, in {fmt.counts(episodes_with, episodes)} "
        f"{EPISODES.of(episodes)}"
    )


def without_denominator(name: str, events: float) -> str:
    """A counted outcome whose source does not say among how many."""
    return f"{outcome_words(name)} in {fmt.number(events) if events else 'none'}"


VERDICTS = {
    "reproduced": ("comes out the same", "come out the same"),
    "differs": ("differs", "differ"),
    "inconsistent": ("contradicts itself in print", "contradict themselves in print"),
    "not_derivable": ("cannot be derived from what is available", "cannot be derived from what is available"),
}


def reproduction(verdicts: Mapping[str, int]) -> str:
    """How the published numbers fared: "3 of 3 published numbers come out the same."""
    total = sum(verdicts.values())
    if not total:
        return "No published number is listed for comparison."
    same = verdicts.get("reproduced", 0)
    first = f"{same} of {fmt.plural(total, 'published number')} {VERDICTS['reproduced'][1 not in (same, total)]}"
    rest = [
        f"{verdicts[name]} {words[verdicts[name] != 1]}"
        for name, words in VERDICTS.items()
        if name != "reproduced" and verdicts.get(name)
    ]
    return sentence("; ".join([first, *rest]))


def by_group(groups: Sequence[tuple[str, float, float]]) -> str:
    """Responders of each group; each is name, events, evaluable."""
    return sentence(f"by group: {fmt.listing([f'{name} {fmt.share(events, n)}' for name, events, n in groups])}")


def difference(estimate: float, lower: float, upper: float, *, method: str, level: float = 0.95) -> str:
    """A difference of two rates in percentage points."""
    points, low, high = (fmt.number(100 * value) for value in (estimate, lower, upper))
    return sentence(
        f"the difference is {points} percentage points ({fmt.level_text(level)} interval {low} to {high}, "
        f"{method}; nothing is adjusted for)"
    )


def test(p: float, n: float, *, method: str, groups: int = 2) -> str:
    """A test between groups; "" where a p-value means nothing."""
    shown = fmt.p_value(p, n)
    return sentence(f"{method} between the {groups} groups: {shown}") if shown else ""


REASON_WORDS = re.compile(r"^Not evaluable: |; [^;]* remains? possible\.?$|\.$")


def bare_reason(reason: str) -> str:
    """The reason of a class NE without its frame, so that equal reasons count as one."""
    return REASON_WORDS.sub("", reason.strip().rstrip("."))


def not_evaluable(reasons: Sequence[tuple[str, int]], total: int) -> str:
    """The definitions under which nobody can be evaluated, in one sentence, always with the reasons.

    Parameters
    ----------
    reasons : reason and number of definitions, the commonest first.
    total : definitions looked at, evaluable or not.
    """
    count = sum(number for _, number in reasons)
    if not count:
        return ""
    scope = f"{count} of {DEFINITIONS.count(total)}"
    if count == total:
        scope = f"any of the {DEFINITIONS.count(total)}" if total > 1 else f"the one {DEFINITIONS.one}"
    said = [f"{reason} ({number})" if len(reasons) > 1 else reason for reason, number in reasons]
    return sentence(f"nobody can be evaluated under {scope}: {'; '.join(said)}")


def spread(lowest: tuple[str, float, float], highest: tuple[str, float, float], number: int) -> str:
    """The range of the rate over the definitions that can be evaluated; each end is label, events, evaluable."""

    def end(label: str, events: float, n: float) -> str:
        return f"{fmt.percent_of(events, n)} ({fmt.counts(events, n)}, {label})"

    if number == 1:
        return sentence(f"one standard definition can be evaluated: {end(*lowest)}")
    if lowest[1] / lowest[2] == highest[1] / highest[2]:
        rate = fmt.percent_of(lowest[1], lowest[2])
        return sentence(f"all {DEFINITIONS.count(number)} that can be evaluated give the same rate, {rate}")
    return sentence(
        f"over the {DEFINITIONS.count(number)} that can be evaluated, the rate runs from {end(*lowest)} "
        f"to {end(*highest)}"
    )


def moved_by_choices(definition: str, rates: str, most: Sequence[str], points: float, further: bool = False) -> str:
    """What our own choices move.

    Parameters
    ----------
    definition : whose clauses are chosen.
    rates : range of the rate over every combination of the choices: "63 to 66 %".
    most : what is chosen by those that move the rate most; nothing where none moves it.
    points : by how many percentage points, in the mean.
    further : whether choices that were changed alone lead beyond the range (see `beyond_choices`).
    """
    if not most:
        together = " in the grid" if further else ""
        return sentence(f"no choice of ours{together} moves the rate under {definition}, {rates}")
    whole = fmt.number(points) if points >= 1 else fmt.number(points, 1)
    by = f"{whole} percentage {'point' if whole == '1' else 'points'}{' each' if len(most) > 1 else ''}"
    which = "the choice that moves it most is" if len(most) == 1 else "the choices that move it most are"
    return sentence(
        f"our own choices move the rate under {definition}, between {rates.replace(' to ', ' and ')}; "
        f"{which} {fmt.listing(most)} ({by})"
    )


def beyond_choices(settings: Sequence[tuple[str, str, float, float]]) -> str:
    """Choices outside the grid that alone lead beyond its range; each is choice, setting, events, evaluable."""
    said = [
        f"{choice}, {setting}: {fmt.percent_of(events, n)} ({fmt.counts(events, n)})"
        for choice, setting, events, n in settings
    ]
    return sentence(f"changed alone, further choices lead beyond that: {'; '.join(said)}") if said else ""


def reached(
    what: str, events: float, n: float, noun: Noun, competing: Sequence[tuple[str, float]] = (), *, later: float = 0
) -> str:
    """Who reached an outcome, what came first in the others, and how many were watched without either.

    `competing` is each competing cause with the number in whom it came first; `later` is how many reached the outcome
    after the last day known to be before it, the day itself not known.
    """
    left = n - events - later - sum(number for _, number in competing)
    first = f"{fmt.counts(events, n)} {noun.of(n)} reached {what}{' by a known day' if later else ''}"
    others = [f"{fmt.number(later)} more reached it later, on a day that is not known"] if later else []
    others += [f"{fmt.words(cause)} came first in {fmt.number(number)}" for cause, number in competing if number]
    if left:
        others.append(f"{fmt.number(left)} {'was' if left == 1 else 'were'} observed to the end without it")
    return sentence("; ".join([first, *others]))


def incidence(
    what: str,
    share: float,
    lower: float,
    upper: float,
    day: float,
    n: float,
    *,
    level: float = 0.95,
    method: str = "Aalen-Johansen",
) -> str:
    """The cumulative incidence on the day of the last event; where nobody is left, the estimate has no interval."""
    limits = fmt.percent_interval(lower, upper, n)
    interval = "" if limits == fmt.NOTHING else f"{fmt.level_text(level)} interval {limits}, "
    return sentence(
        f"the cumulative incidence of {what} is {fmt.percent(share, n)} by day {fmt.number(day)} ({interval}{method})"
    )


def only_time(what: str, day: float) -> str:
    """The time of the one person whose time is known."""
    return sentence(f"the only known time to {what} is {fmt.days(day)}")


def median_time(
    what: str,
    median: float,
    lower: float,
    upper: float,
    *,
    level: float = 0.95,
    method: str = "Kaplan-Meier, competing events censored",
) -> str:
    """The median of a time, or that the curve does not reach it."""
    if fmt.is_missing(median) or fmt.day_number(median) == "not reached":
        return sentence(f"the median time to {what} is not reached ({method})")
    limits = fmt.day_interval(lower, upper)
    interval = "no interval can be given" if limits == fmt.NOTHING else f"{fmt.level_text(level)} interval {limits}"
    return sentence(f"the median time to {what} is {fmt.days(median)} ({interval}; {method})")


def small_curve(n: float) -> str:
    """What a curve from a handful of people is; "" from ten on."""
    if n >= SMALL:
        return ""
    people = "one person has one step" if n == 1 else f"{fmt.number(n)} people has at most {fmt.number(n)} steps"
    return f"A curve from {people} and a wide band: read the counts, not the shape."


def follow_up(median: float, n: float) -> str:
    """Median follow-up by reverse Kaplan-Meier."""
    if fmt.is_missing(median) or fmt.day_number(median) == "not reached":
        return ""
    return sentence(f"median follow-up is {fmt.days(median)} (reverse Kaplan-Meier, n = {fmt.number(n)})")


def pooled(
    cohorts: int,
    events: float,
    n: float,
    share: float,
    lower: float,
    upper: float,
    *,
    noun: Noun,
    method: str,
    level: float = 0.95,
) -> str:
    """The pooled rate beside the plain sum of its cohorts."""
    interval = f"{fmt.level_text(level)} interval {fmt.percent_interval(lower, upper, n)}, {method}"
    return sentence(
        f"over {fmt.plural(cohorts, 'cohort')}, {fmt.counts(events, n)} {noun.of(n)} responded; the pooled "
        f"rate is {fmt.percent(share, n)} ({interval})"
    )


def prediction(cohorts: int, lower: float | None = None, upper: float | None = None, *, level: float = 0.95) -> str:
    """Where the rate of a further cohort may lie, or why that is not said."""
    if cohorts < PREDICTION_FROM or fmt.is_missing(lower):
        return sentence(
            f"with {fmt.plural(cohorts, 'cohort')} it cannot be said how far a further cohort may lie from "
            f"these; no prediction interval is given"
        )
    limits = fmt.percent_interval(lower, upper).replace(" to ", " and ")
    interval = f"{fmt.level_text(level)} prediction interval"
    return sentence(f"a further cohort is predicted to lie between {limits} ({interval})")


def sensitivity(n: float, left_out: Sequence[tuple[str, float]], inverse_variance: float | None) -> str:
    """How far the pooled rate moves when a cohort is left out or the weights are others."""
    parts = []
    if len(left_out) > 1:
        low, high = min(left_out, key=lambda row: row[1]), max(left_out, key=lambda row: row[1])
        parts.append(
            f"leaving out one cohort at a time, the pooled rate lies between {fmt.percent(low[1], n)} "
            f"(without {low[0]}) and {fmt.percent(high[1], n)} (without {high[0]})"
        )
    if not fmt.is_missing(inverse_variance):
        parts.append(f"weighting by inverse variance gives {fmt.percent(inverse_variance, n)}")
    return sentence("; ".join(parts))


def people(episodes: float, persons: float, noun: Noun) -> str:
    """How many there are: "4 women", or "13 episodes of 12 women" where somebody has several."""
    if episodes == persons:
        return noun.count(persons)
    return f"{EPISODES.count(episodes)} of {noun.count(persons)}"


def middle(label: str, unit: str, values: Mapping[str, float], n: float, missing: float) -> str:
    """Median and range of a variable: "age 31 years (19 to 36; median and range; known for 12)"."""

    def between(name: str) -> str:
        low, high = values.get(f"{name}_from"), values.get(f"{name}_to")
        if low is None:
            return fmt.short_number(values[name])
        return fmt.quantity(low, float("inf") if high is None else high)

    known = f"; known for {fmt.number(n)}, unknown for {fmt.number(missing)}" if missing else ""
    unit = f" {unit}" if unit else ""
    if n == 1:
        return f"{label} {between('median')}{unit}{known}"
    if between("minimum") == between("maximum"):
        return f"{label} {between('median')}{unit} (in all{known})"
    return f"{label} {between('median')}{unit} (median; {between('minimum')} to {between('maximum')}{known})"


def nowhere_recorded(labels: Sequence[str]) -> str:
    """Variables that are empty in every case, in one sentence."""
    return sentence(f"not recorded for anybody: {fmt.listing(labels)}") if labels else ""


def quality(errors: int, warnings: int) -> str:
    """How many questions the checks raised about the data."""
    total = errors + warnings
    if not total:
        return "The checks raised no question about the data."
    first = f"the checks raised {fmt.plural(total, 'question')} about the data"
    if errors:
        return sentence(f"{first}, {fmt.number(errors)} of them an error")
    blocking = "it does not keep" if total == 1 else "none keeps"
    return sentence(f"{first}; {blocking} the results from being computed")
