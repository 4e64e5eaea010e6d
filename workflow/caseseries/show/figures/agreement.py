"""How well each two definitions agree, as a heat map: lower triangle, one number a pair."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caseseries.model.results import ResultRow
from caseseries.sensitivity.moved import compared
from caseseries.show.drawing import Drawing, HeatMap, values
from caseseries.show.tables.spread import ENOUGH, agreement_order
from caseseries.words import numbers
from caseseries.words.labels import MET_BEFORE, MET_BEFORE_MEANING, DefinitionLabel, cohort_label, definition_label
from caseseries.words.numbers import is_missing

FEWEST = 3
"""Definitions from which a heat map says more than a line of the table."""

UNSTABLE, ONE_CLASS = "°", "="
"""Signs without a shade: kappa is unstable; both definitions put everybody into one and the same class."""

SIGNS = {UNSTABLE: "too few of one class for kappa (the table has Gwet's AC1)", ONE_CLASS: "one class under both"}


def agreement_drawing(
    agreement: pd.DataFrame, labels: dict[str, DefinitionLabel], *, cohort: str, synthetic: bool
) -> Drawing | None:
    """The heat map of a cohort (rows of agreement.csv); None with fewer than three definitions to compare on
    ten episodes or more, or where no pair has a kappa to be read.
    """
    agreement = agreement[agreement["n"] >= ENOUGH]
    order = agreement_order(agreement, labels)
    if len(order) < FEWEST:
        return None
    coefficients, texts = matrices(agreement, order)
    if np.isnan(coefficients).all():
        return None
    signs = [f"{sign} {words}" for sign, words in SIGNS.items() if any(sign in text for text in texts.ravel())]
    pairs = compared(agreement)
    least, most = numbers.number(pairs.least), numbers.number(pairs.most)
    episodes = f"{least} to {most}" if pairs.least < pairs.most else most
    title = f"{cohort_label(cohort)}: agreement of definitions"
    method = "Cohen's kappa on response or none, first episodes that both definitions can judge"
    subtitle = f"{method} (n = {episodes}). {'; '.join(signs)}".strip().rstrip(".") + "."
    names = tuple(definition_label(definition, labels).title for definition in order)
    subtitle += f" {MET_BEFORE_MEANING}" if any(MET_BEFORE in name for name in names) else ""
    plot = HeatMap("heat_map", names, tuple(map(values, coefficients)), tuple(map(tuple, texts)))
    caption = (
        f"{method} (n = {episodes} a pair). {'; '.join(signs)}{'. ' if signs else ''}Numbers on the diagonal "
        "name the columns; a blank cell has fewer than ten episodes in common."
    )
    alt = (
        f"Heat map of the agreement of {pairs.definitions} definitions, two by two. {spoken(agreement, labels)}".strip()
    )
    return Drawing("agreement", "agreement", title, subtitle, plot, caption, alt, 12, synthetic=synthetic)


def matrices(agreement: pd.DataFrame, order: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Values (D, D) and texts of the lower triangle, NaN and "" elsewhere."""
    place = {definition: number for number, definition in enumerate(order)}
    found = np.full((len(order), len(order)), np.nan)
    texts = np.full(found.shape, "", dtype=object)
    for pair in agreement.itertuples():
        row, column = sorted((place[pair.first], place[pair.second]), reverse=True)
        value, sign = shown(pair)
        found[row, column] = value
        texts[row, column] = sign or bare(value)
    return found, texts


def shown(pair: ResultRow) -> tuple[float, str]:
    """What stands for a pair: its kappa, or the sign that says why it has none that could be read beside the others."""
    if not is_missing(pair.ac1):
        return np.nan, UNSTABLE
    return (np.nan, ONE_CLASS) if is_missing(pair.kappa) else (pair.kappa, "")


def bare(value: float) -> str:
    """A coefficient without its leading zero: 0.85 -> ".85", 1 -> "1"."""
    text = numbers.number(value, 2)
    return text.removesuffix(".00") if text.endswith(".00") else text.replace("0.", ".", 1)


def spoken(agreement: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> str:
    """The pairs of the least and the largest kappa in words, "" where no pair has one to be read."""
    found = [(shown(pair)[0], pair) for pair in agreement.itertuples()]
    known = sorted((item for item in found if not is_missing(item[0])), key=lambda item: item[0])

    def said(item: tuple) -> str:
        value, pair = item
        names = (definition_label(name, labels).title for name in (pair.first, pair.second))
        return f"{' with '.join(names)} (kappa {numbers.number(value, 2)})"

    return f"Least: {said(known[0])}; most: {said(known[-1])}." if known else ""
