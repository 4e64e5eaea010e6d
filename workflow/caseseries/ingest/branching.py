"""Branching logic of a REDCap data dictionary: of which rows a field was asked at all."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

_TOKEN = re.compile(
    r"\s*(?:(?P<field>\[[a-z0-9_]+(?:\([^)\]]+\))?\])|(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<sign><=|>=|<>|!=|=|<|>)|(?P<join>and\b|or\b)|(?P<bracket>[()]))",
    re.IGNORECASE,
)
_SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def asked(logic: str, texts: pd.DataFrame) -> np.ndarray | None:
    """Rows of which a field was asked; None where its logic says more than fields, numbers, texts, `and` and `or` can.

    Parameters
    ----------
    logic : such as `[treated] = '1' and ([sex] = '2' or [tx(3)] = '1')`.
    texts : cells of the export with its codes, as text.
    """
    try:
        reading = _Reading(_tokens(logic), texts)
        made = reading.read_or()
    except (ValueError, KeyError, IndexError):
        return None
    return made if reading.at_end else None


def _tokens(logic: str) -> list[tuple[str, str]]:
    """The parts of a logic with their kinds.

    Raises
    ------
    ValueError : something that is none of them, such as a function or the name of an event.
    """
    made, place = [], 0
    while logic[place:].strip():
        found = _TOKEN.match(logic, place)
        if found is None:
            raise ValueError("not a part of a logic that is read here")
        made.append((str(found.lastgroup), found[str(found.lastgroup)]))
        place = found.end()
    return made


@dataclass
class _Reading:
    tokens: list[tuple[str, str]]
    texts: pd.DataFrame
    place: int = field(default=0)

    @property
    def at_end(self) -> bool:
        return self.place == len(self.tokens)

    def read_or(self) -> np.ndarray:
        made = self.read_and()
        while self._next_is("or"):
            made = made | self.read_and()
        return made

    def read_and(self) -> np.ndarray:
        made = self.read_one()
        while self._next_is("and"):
            made = made & self.read_one()
        return made

    def read_one(self) -> np.ndarray:
        if self._next_is("("):
            made = self.read_or()
            if not self._next_is(")"):
                raise ValueError("a bracket is not closed")
            return made
        left, (_, sign), right = self._read_value(), self._take("sign"), self._read_value()
        return self._compare(left, sign, right)

    def _compare(self, left: pd.Series, sign: str, right: pd.Series) -> np.ndarray:
        """Numbers as numbers, everything else as text; an empty cell is smaller or larger than nothing."""
        numbers = [pd.to_numeric(one, errors="coerce") for one in (left, right)]
        both = (numbers[0].notna() & numbers[1].notna()).to_numpy()
        by_number = np.asarray(_SIGNS[sign](*numbers), dtype=bool)
        by_text = np.asarray(_SIGNS[sign](left, right) if sign in ("=", "<>", "!=") else both & False, dtype=bool)
        return np.where(both, by_number, by_text).astype(bool)

    def _read_value(self) -> pd.Series:
        kind, written = self.tokens[self.place]
        self.place += 1
        if kind == "field":
            name, _, code = written.strip("[]").partition("(")
            header = f"{name}___{re.sub(r'[^a-z0-9]', '_', code.rstrip(')').lower())}" if code else name
            return self.texts[header]
        if kind not in ("text", "number"):
            raise ValueError("a value is due")
        return pd.Series(written.strip("'\""), index=self.texts.index, dtype=object)

    def _take(self, kind: str) -> tuple[str, str]:
        token = self.tokens[self.place]
        if token[0] != kind:
            raise ValueError(f"a {kind} is due")
        self.place += 1
        return token

    def _next_is(self, written: str) -> bool:
        if not self.at_end and self.tokens[self.place][1].lower() == written:
            self.place += 1
            return True
        return False
