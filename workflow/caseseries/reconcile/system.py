"""Printed counts that bear on each other: parts and their whole, classes of response, one figure printed twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product

import pandas as pd

from caseseries.model.claim import OF_A_SHARE, RATES, TIMES, Claim
from caseseries.model.groups import ALL
from caseseries.model.time_unit import days_of
from caseseries.reconcile.answer import CONSISTENT, INCONSISTENT, NOT_DERIVABLE, Answer
from caseseries.reconcile.one_curve import conflicts_of_curves
from caseseries.reconcile.one_variable import conflicts_of_variables
from caseseries.reconcile.percent import counts_that_give, judge_percent
from caseseries.reconcile.rounding import is_nearest, span
from caseseries.reconcile.share import printed_share
from caseseries.words.lists import listing

COUNT = ("events", "n")
DERIVED, PRINTED = "derived", "printed"
MOST_COMBINATIONS = 100_000
PARTIAL = ("partial_response", "response_not_complete")
"""Outcomes that make up the response together with the complete one."""


@dataclass(frozen=True)
class PrintedCount:
    """A count in print: of a claim, or a row of aggregates.csv.

    Parameters
    ----------
    events : counts that it may be; several where a percentage alone is printed, none where nothing is known.
    n : number of cases; None where it is not printed.
    origin : `printed`, `derived` (worked out from print) or `estimates` (of another run).
    claim : id of the claim; "" for a row of aggregates.csv.
    sound : whether the claim agrees with itself.
    share : smallest and largest share that is printed so, of 1; None where none is printed.
    """

    outcome: str
    group: str
    events: tuple[int, ...]
    n: int | None
    origin: str = PRINTED
    claim: str = ""
    sound: bool = True
    share: tuple[Fraction, Fraction] | None = None


def counts_in_print(claims: Iterable[Claim], aggregates: pd.DataFrame) -> list[PrintedCount]:
    """Every count that aggregates.csv holds (first) or a claim prints."""
    found = [
        PrintedCount(row.outcome, row.group, *_whole(row.events, row.n), row.origin) for row in aggregates.itertuples()
    ]
    for claim in claims:
        if claim.statistic in RATES:
            says = claim.says
            events: tuple[int, ...] = () if says.events is None else (says.events,)
            share, per = printed_share(claim)
            if says.events is None and says.n is not None and share is not None:
                events = tuple(counts_that_give(share, says.n, per))
            sound = not _contradicts_itself(claim)
            ends = None if share is None else (span(share)[0] / per, span(share)[1] / per)
            found.append(
                PrintedCount(claim.outcome, claim.group, events, says.n, claim=claim.id, sound=sound, share=ends)
            )
        elif claim.says.n is not None or (claim.statistic == "n_episodes" and claim.says.value is not None):
            n = claim.says.n if claim.says.n is not None else int(claim.says.value or 0)
            found.append(PrintedCount(claim.cause, claim.group, (), n, claim=claim.id))
    return found


def _whole(events: float, n: float) -> tuple[tuple[int, ...], int | None]:
    return () if pd.isna(events) else (int(events),), None if pd.isna(n) else int(n)


def judge_parts(claim: Claim, counts: Sequence[PrintedCount]) -> Answer:
    """Whether the parts that a claim names add up to its whole."""
    share, per = printed_share(claim)
    shares = [_share_of_part(claim, group, counts) for group in claim.groups]
    if share is not None and None not in shares:
        low, high = (end / per for end in span(share))
        if high < min(one[0] for one in shares if one) or low > max(one[1] for one in shares if one):
            return Answer(INCONSISTENT, "the share of the whole lies outside those of its parts")
    parts = [_part(claim, group, counts) for group in claim.groups]
    missing = [group for group, part in zip(claim.groups, parts, strict=True) if part is None]
    if missing:
        return Answer(NOT_DERIVABLE, f"no count is printed for {listing(missing)}")
    known = [part for part in parts if part is not None]
    n = None if any(part.n is None for part in known) else sum(part.n or 0 for part in known)
    choices = islice(product(*(part.events for part in known)), MOST_COMBINATIONS)
    sums = sorted({sum(chosen) for chosen in choices}) if all(part.events for part in known) else []
    some: list[int | None] = [*sums] or [None]
    if any(_fits_whole(claim, events, n) for events in some):
        total = (f"{sums[0]} of {n}" if len(sums) == 1 and n else str(sums[0])) if sums else str(n)
        return Answer(CONSISTENT, f"the parts add up to the whole, {total}" if sums[1:] == [] else "the parts add up")
    total = listing([f"{one} of {n}" if n is not None else str(one) for one in sums[:4]] or [str(n)], "or")
    return Answer(INCONSISTENT, f"the parts add up to {total}")


def _part(claim: Claim, group: str, counts: Sequence[PrintedCount]) -> PrintedCount | None:
    """The count of a part; that of the claim's own outcome, for numbers of cases that of any."""
    of_group = [one for one in counts if one.group == group and one.claim != claim.id]
    if claim.statistic == "n_episodes":
        return next((one for one in of_group if one.n is not None), None)
    return next((one for one in of_group if one.outcome == claim.outcome and one.events), None)


def _share_of_part(claim: Claim, group: str, counts: Sequence[PrintedCount]) -> tuple[Fraction, Fraction] | None:
    """Smallest and largest share of a part; None where nothing tells it."""
    for one in counts:
        if one.group == group and one.outcome == claim.outcome and one.claim != claim.id:
            if one.events and one.n:
                return Fraction(min(one.events), one.n), Fraction(max(one.events), one.n)
            if one.share is not None:
                return one.share
    return None


def _fits_whole(claim: Claim, events: int | None, n: int | None) -> bool:
    says = claim.says
    if claim.statistic == "n_episodes":
        return n in (says.n, says.value)
    if says.n is not None and n is not None and says.n != n:
        return False
    if says.events is not None and events is not None and says.events != events:
        return False
    whole, (share, per) = says.n if says.n is not None else n, printed_share(claim)
    if share is None or whole is None or events is None:
        return True
    return is_nearest(share, Fraction(per * events, whole))


def contradictions(claims: Sequence[Claim], aggregates: pd.DataFrame) -> dict[str, Answer]:
    """Claims that cannot be true together, by id. One that contradicts itself, or that another source tells, speaks
    against no other.
    """
    sound = [claim for claim in claims if not claim.told_by and not _contradicts_itself(claim)]
    found: dict[str, list[str]] = defaultdict(list)
    for one, other in combinations(sound, 2):
        if figure_of(one) == figure_of(other) and (what := differing(one, other)):
            found[one.id].append(f"{other.where} prints another {what} of the same figure ({other.id})")
            found[other.id].append(f"{one.where} prints another {what} of the same figure ({one.id})")
    counts = counts_in_print(sound, aggregates)
    for group in dict.fromkeys(one.group for one in counts):
        reason, involved = _judge_classes([one for one in counts if one.group == group and one.origin == PRINTED])
        for claim in involved:
            found[claim].append(reason)
    for reason, involved in (
        *_more_than_everybody(counts),
        *conflicts_of_curves(sound),
        *conflicts_of_variables(sound),
    ):
        for claim in involved:
            found[claim].append(reason)
    return {claim: Answer(INCONSISTENT, "; ".join(reasons)) for claim, reasons in found.items()}


def _more_than_everybody(counts: Sequence[PrintedCount]) -> Iterator[tuple[str, list[str]]]:
    """Groups of which more had an outcome, or more had not, than of everybody."""
    known = [one for one in counts if one.origin == PRINTED and one.events and one.n is not None]
    everybody = {one.outcome: one for one in reversed(known) if one.group == ALL}
    for part in known:
        whole = part if part.group == ALL else everybody.get(part.outcome, part)
        with_it = min(part.events) > max(whole.events)
        without = (part.n or 0) - max(part.events) > (whole.n or 0) - min(whole.events)
        if with_it or without:
            counted = "with" if with_it else "without"
            reason = f"more of {part.group} than of everybody are counted {counted} it: {_of(part)} and {_of(whole)}"
            yield reason, [one.claim for one in (part, whole) if one.claim]


def _of(count: PrintedCount) -> str:
    return f"{listing([str(events) for events in count.events[:3]], 'or')} of {count.n}"


def _contradicts_itself(claim: Claim) -> bool:
    says, (share, per) = claim.says, printed_share(claim)
    if claim.statistic not in RATES or share is None or (says.events is None and says.n is None):
        return False
    return judge_percent(says.events, says.n, share, per).verdict == INCONSISTENT


def figure_of(claim: Claim) -> tuple[object, ...]:
    """What a number is of; two claims with the same are the same figure, printed twice."""
    timed = claim.statistic in TIMES
    unit = "time" if timed else claim.says.unit
    share = claim.statistic in RATES or (unit or "") in OF_A_SHARE
    return (
        *(claim.statistic, claim.definition, claim.group, claim.cause, claim.time, tuple(sorted(claim.groups))),
        claim.test,
        "share" if share else unit,
    )


def differing(one: Claim, other: Claim) -> str:
    """Name of a number that two claims of one figure print differently, or ""."""
    first, second = one.says, other.says
    for name, words in (("events", "count"), ("n", "number of cases"), ("words", "statement")):
        pair = getattr(first, name), getattr(second, name)
        if None not in pair and pair[0] != pair[1]:
            return words
    for name, words in (("percent", "percentage"), ("value", "value"), ("mean", "mean"), ("sd", "SD")):
        pair = getattr(first, name), getattr(second, name)
        if None not in pair and not _overlap(one, other, *pair):
            return words
    if first.level == second.level and None not in (first.lower, second.lower, first.upper, second.upper):
        ends = ((first.lower, second.lower), (first.upper, second.upper))
        if not all(_overlap(one, other, *pair) for pair in ends):
            return "interval"
    if first.p is not None and second.p is not None:
        return "" if first.p.agrees_with(second.p) else "p-value"
    return _differing_share(one, other)


def _differing_share(one: Claim, other: Claim) -> str:
    """ "percentage" where a share of one claim is not that of the other, or of the count and number in both."""
    shares = [(share, per) for share, per in map(printed_share, (one, other)) if share is not None]
    spans = [(low / per, high / per) for printed, per in shares for low, high in [span(printed)]]
    if len(spans) == 2 and max(low for low, _ in spans) > min(high for _, high in spans):
        return "percentage"
    first, second = one.says, other.says
    events, n = (getattr(first, name) if getattr(first, name) is not None else getattr(second, name) for name in COUNT)
    if events is None or n is None or one.statistic not in RATES:
        return ""
    fits = events <= n and all(is_nearest(printed, Fraction(per * events, n)) for printed, per in shares)
    return "" if fits else "percentage" if events <= n else "count"


def _overlap(one: Claim, other: Claim, first: object, second: object) -> bool:
    """Whether some number is printed as both, each in its unit."""
    spans = []
    for claim, printed in ((one, first), (other, second)):
        low, high = span(printed)  # type: ignore[arg-type]
        unit = claim.says.unit
        scale = days_of(Fraction(1), unit) if claim.statistic in TIMES and unit else Fraction(1)
        spans.append((low * scale, high * scale))
    return spans[0][0] <= spans[1][1] and spans[1][0] <= spans[0][1]


def _judge_classes(counts: Sequence[PrintedCount]) -> tuple[str, list[str]]:
    """Whether complete, other and no response of one group can be true together: the reason, and the claims in it.

    The complete and the partial responses are the responses, and nobody both responded and did not.
    """
    partial = next((name for name in PARTIAL if any(one.outcome == name and one.events for one in counts)), "")
    named = ("complete_response", partial, "response", "no_response")
    found = [next((one for one in counts if one.outcome == name and name and one.events), None) for name in named]
    complete, rest, response, none = found
    sizes = {one.n for one in found if one is not None and one.n is not None}
    if len(sizes) != 1:
        return "", []
    n = sizes.pop()
    ranges = [one.events if one is not None else (None,) for one in (complete, rest, response, none)]
    if any(_classes_fit(n, *chosen) for chosen in islice(product(*ranges), MOST_COMBINATIONS)):
        return "", []
    words = ("complete", "partial", "in all", "without response")
    said = [
        f"{listing(map(str, one.events[:3]), 'or')} {word}"
        for one, word in zip(found, words, strict=True)
        if one is not None
    ]
    involved = [one.claim for one in found if one is not None and one.claim]
    return f"responses of one group do not add up: {listing(said)}, of {n}", involved


def _classes_fit(n: int, complete: int | None, rest: int | None, response: int | None, none: int | None) -> bool:
    least = response if response is not None else (complete or 0) + (rest or 0)
    if least + (none or 0) > n:
        return False
    if response is None:
        return True
    if complete is not None and rest is not None:
        return complete + rest == response
    return max(complete or 0, rest or 0) <= response
