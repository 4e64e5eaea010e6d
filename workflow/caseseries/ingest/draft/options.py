"""What holds for a whole file: order of dates, decimal sign, missing values, and keys of cohort.yaml."""

from __future__ import annotations

from collections import Counter

from caseseries.ingest.cells import code_of
from caseseries.ingest.draft.columns import Line, Seen
from caseseries.ingest.draft.guess import Draft, Guesser
from caseseries.ingest.draft.headers import drugs_in
from caseseries.ingest.draft.vocabulary import Vocabulary
from caseseries.model.drug import Drug

ORDERS = ("day-month-year", "month-day-year", "year-month-day")
DAY_FIRST = ("de", "es")
"""Languages whose writers put the day first."""


def settle_options(draft: Draft, words: Vocabulary) -> None:
    """Keys of `mapping` that hold for all sources, and signs of numbers of each."""
    used = [guesser.seen[name] for guesser in draft.guessers for name in sorted(guesser.used)]
    draft.options += [*order_dates(used), *complete_dates(used), *name_missing(used, words)]
    for guesser, source in draft.sources:
        source.keys += part_numbers([guesser.seen[name] for name in sorted(guesser.used)])


def order_dates(used: list[Seen]) -> list[Line]:
    """The order of day and month, from dates that allow one alone, or from the language of the headers."""
    orders = sum((seen.shape.orders for seen in used), Counter())
    either = sum(seen.shape.either for seen in used)
    if len(orders) > 1:
        return [Line("date_order", "", "some dates allow only one order, some only the other: which is it?")]
    if orders and either:
        ((order, number),) = orders.items()
        return [Line("date_order", order, f"{number} dates cannot be read otherwise, {either} can")]
    if not either:
        return []
    languages = Counter(seen.header.meaning.language for seen in used if seen.header.meaning)
    if languages.most_common(1)[0][0] in DAY_FIRST:
        return [
            Line("date_order", ORDERS[0], f"{either} dates can be read in two ways; the headers are German or Spanish")
        ]
    return [Line("date_order", "", f"{either} dates can be read in two ways: {', '.join(ORDERS)}?")]


def complete_dates(used: list[Seen]) -> list[Line]:
    """What is to be done with months that lack their day: somebody must say it."""
    partial = sum(seen.shape.partial for seen in used if seen.shape.kind == "dates")
    if not partial:
        return []
    why = f"{partial} dates lack their day: refuse, middle-of-month or first-of-month?"
    return [Line("partial_dates", "", why)]


def name_missing(used: list[Seen], words: Vocabulary) -> list[Line]:
    """Words for what is not known in columns that are read, unless a closed column means something by them."""
    meant = {word for closed in words.values for word in words.labels(closed)}
    found = {code_of(text) for seen in used for text in set(seen.cells) if text} & words.missing
    closed = {code_of(text) for seen in used if seen.shape.kind == "words" for text in set(seen.cells)} & meant
    missing = sorted(found - closed)
    return [Line("missing", missing, "words for what is not known, in columns that are read")] if missing else []


def part_numbers(used: list[Seen]) -> list[Line]:
    """The decimal sign and what parts thousands, from the numbers of a table."""
    numbers = [seen.shape for seen in used if seen.shape.kind == "numbers"]
    parted = sum((shape.parted for shape in numbers), Counter())
    marks = [
        Line("thousands", mark, f"{number} numbers have thousands parted so") for mark, number in parted.most_common(1)
    ]
    thousands = [shape for shape in numbers if shape.thousands and shape.thousands == shape.commas]
    decimals = [shape for shape in numbers if shape.commas and not shape.thousands]
    if decimals and not any(shape.points for shape in numbers):
        return [Line("decimal", ",", f"{sum(shape.commas for shape in decimals)} numbers have a decimal comma"), *marks]
    if thousands and not decimals and not marks:
        number = sum(shape.thousands for shape in thousands)
        return [Line("thousands", ",", f"{number} numbers have a comma before three digits: does it part thousands?")]
    return marks


def settle_head(draft: Draft, drugs: dict[str, Drug]) -> None:
    """Keys of cohort.yaml that the file tells: the noun for the people, the drug."""
    for guesser in draft.guessers:
        if noun := name_people(guesser):
            draft.head.append(noun)
            break
    if found := find_drug(draft, drugs):
        draft.head.append(found)


def name_people(guesser: Guesser) -> Line | None:
    """Women, where the sex of everybody is female in a known word."""
    for seen in guesser.find("episodes.sex"):
        meant = guesser.words.labels("sex") | {"f": "female", "w": "female"}
        if {meant.get(code_of(text)) for text in seen.cells if text} == {
            "female"
        } and seen.shape.filled == guesser.rows:
            return Line("people", "woman", "all are female")
    return None


def find_drug(draft: Draft, drugs: dict[str, Drug]) -> Line | None:
    """The profile whose drug a header names, or everybody's cell in the column of the drug."""
    for guesser in draft.guessers:
        for place, (name, seen) in enumerate(guesser.seen.items(), 1):
            spoken = drugs_in(f"{name} {guesser.table.labels.get(name, '')}", guesser.words)
            meant = {drug.id for drug in drugs.values() for word in spoken if drug.means(word)}
            if seen.header.meaning and len(meant) == 1:
                return Line("drug", meant.pop(), f"the header of column {place} names it")
        for seen in guesser.find("episodes.drug"):
            meant = {next((drug.id for drug in drugs.values() if drug.means(text)), "") for text in seen.cells if text}
            if len(meant) == 1 and "" not in meant:
                return Line("drug", meant.pop(), "every cell of the column of the drug means it")
    return None


def names_of(drug: Drug) -> list[str]:
    """Names of a drug as a header may have them."""
    return [drug.id, drug.name, *drug.other_names]
