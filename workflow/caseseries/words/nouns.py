"""What is counted, in the singular and the plural."""

from __future__ import annotations

from dataclasses import dataclass

from caseseries.words.numbers import number


@dataclass(frozen=True)
class Noun:
    """What is counted: "woman", "women"; `many` defaults to one + s."""

    one: str
    many: str = ""

    def of(self, n: float) -> str:
        """The noun alone, in the number that `n` asks for."""
        return self.one if n == 1 else self.many or f"{self.one}s"

    def count(self, n: float) -> str:
        """The number with its noun: "4 women"."""
        return f"{number(n)} {self.of(n)}"


EPISODES = Noun("episode")
DEFINITIONS = Noun("standard definition")


def plural(n: float, one: str, many: str = "") -> str:
    """A count with its noun: (1, "woman", "women") -> "1 woman"; (4, ...) -> "4 women"; `many` defaults to one + s."""
    return Noun(one, many).count(n)


def verb(n: float, one: str, many: str) -> str:
    """The verb that goes with a count: (1, "was", "were") -> "was"."""
    return one if n == 1 else many
