"""What is counted, in the singular and the plural."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from caseseries.model.cohort import Cohort, People
from caseseries.words.numbers import number


@dataclass(frozen=True)
class Noun:
    """What is counted: "woman", "women"."""

    one: str
    many: str

    def of(self, n: float) -> str:
        """The noun alone, in the number that `n` asks for."""
        return inflected(n, self.one, self.many)

    def count(self, n: float) -> str:
        """The number with its noun: "4 women"."""
        return f"{number(n)} {self.of(n)}"


PEOPLE: dict[People, Noun] = {
    "woman": Noun("woman", "women"),
    "man": Noun("man", "men"),
    "patient": Noun("patient", "patients"),
    "child": Noun("child", "children"),
    "newborn": Noun("newborn", "newborns"),
}
"""The people of a cohort, by what cohort.yaml calls them."""

EPISODES = Noun("episode", "episodes")
DEFINITIONS = Noun("standard definition", "standard definitions")


def say_sample(shown: int, total: int) -> str:
    """That some episodes of a large cohort stand for all, and which; "" where all are shown."""
    if shown == total:
        return ""
    return f"Shown: {number(shown)} of {number(total)} episodes, evenly spaced in the order of the records."


def say_tried(tried: float, total: float) -> str:
    """That the choices were run on a sample of the first episodes of a large cohort, and on which."""
    return f"Run on {number(tried)} of {number(total)} first episodes, evenly spaced in the order of the records."


def say_judged(judged: float, total: float) -> str:
    """That the doses and cases of a sample of a large cohort were judged again, and of which."""
    return f"Judged again in {number(judged)} of {number(total)} episodes, evenly spaced in the order of the records."


def say_rounding(cohort: Cohort) -> list[str]:
    """That a release tells rounded numbers of the people of a cohort; nothing where they are as they are."""
    base = cohort.disclosure.rounding
    return [f"Numbers of people are rounded to the nearest {base}, and rates made from these."] if base else []


def people_of(cohorts: Iterable[Cohort]) -> Noun:
    """The noun for the people of some cohorts together; patients where they are not of one kind."""
    kinds = {cohort.people for cohort in cohorts}
    return PEOPLE[kinds.pop() if len(kinds) == 1 else "patient"]


def plural(n: float, one: str, many: str = "") -> str:
    """A count with its noun: (1, "woman", "women") -> "1 woman"; (4, ...) -> "4 women"; `many` defaults to one + s."""
    return f"{number(n)} {inflected(n, one, many)}"


def inflected(n: float, one: str, many: str = "") -> str:
    """The noun or verb alone that goes with a count: (1, "was", "were") -> "was"; `many` defaults to one + s."""
    return one if n == 1 else many or f"{one}s"
