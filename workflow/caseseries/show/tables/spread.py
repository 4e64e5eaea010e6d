"""Tables of how far a response depends on its definition: our choices, agreement of definitions, changes of class."""

from __future__ import annotations

import pandas as pd

from caseseries.model.applicable import REPORTED
from caseseries.sensitivity.moved import Moved, Reading, moved_by_choices, readings_of_visits
from caseseries.show import cells
from caseseries.show.table import Cell, Row, Table, TableColumn, heading_row, known, line, remark, subheading_row
from caseseries.words.choices import range_text, setting_words
from caseseries.words.intervals import level_text, number_range
from caseseries.words.labels import DefinitionLabel, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected, plural
from caseseries.words.numbers import NOTHING, is_missing
from caseseries.words.spelling import capital

ENOUGH = 10
"""Episodes in common from which a coefficient is shown: of fewer it is noise. agreement.csv has every pair."""


def choices_table(choices: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Every setting of every choice that the cohort feels, then the grid of all of them.

    Parameters
    ----------
    choices : rows of choices.csv of one cohort.

    Returns
    -------
    None where no choice is felt or nobody is evaluable, and no reading of weeks without a count moves a rate.
    """
    moved, readings = moved_by_choices(choices), readings_of_visits(choices)
    if moved is None and not any(reading.moves for reading in readings):
        return None
    rows, caption, notes = ([], "", ()) if moved is None else _grid(choices, moved, labels)
    columns = (
        TableColumn("Choice"),
        TableColumn("Setting"),
        TableColumn("Responders/evaluable", "fraction"),
        TableColumn("Rate", "percent"),
        TableColumn("Not evaluable", "count", "n"),
        TableColumn("Moves the rate", "number", "percentage points"),
    )
    rows += _visits(readings, labels)
    return Table("choices", "choices", "Choices of ours", caption, columns, tuple(rows), 22, notes, synthetic=synthetic)


def _visits(readings: list[Reading], labels: dict[str, DefinitionLabel]) -> list[Row]:
    """Both readings of a week without a count under each definition on visits that they move."""
    moving = [reading for reading in readings if reading.moves]
    if not moving:
        return []
    rows = [heading_row("A week without a count, under each definition on visits")]
    for reading in moving:
        label = definition_label(reading.definition, labels).title
        for own, row in ((True, reading.own), (False, reading.other)):
            rows.append(
                line(
                    label if own else cells.EMPTY,
                    setting_words(row.setting) + (" (ours)" if own else ""),
                    cells.from_row(cells.fraction(row.events, row.n), "choices", row),
                    cells.percent(row.estimate, row.n),
                    cells.number(row.not_evaluable),
                    cells.EMPTY,
                )
            )
    same = len(readings) - len(moving)
    if same:
        rows.append(
            remark(f"{plural(same, 'definition')} on visits {inflected(same, 'gives', 'give')} the same either way.")
        )
    return rows


def _grid(
    choices: pd.DataFrame, moved: Moved, labels: dict[str, DefinitionLabel]
) -> tuple[list[Row], str, tuple[str, ...]]:
    """Rows, caption and notes on the choices under the definition that leads."""
    alone = choices[choices["analysis"] == "one_at_a_time"]
    moves = choices[(choices["analysis"] == "grid") & choices["moves"].notna()].set_index("choice")["moves"]
    unfelt = alone[alone["note"] != ""]
    rows = [heading_row("One choice changed, all others as they are")]
    for choice, settings in alone[alone["note"] == ""].groupby("choice", sort=False):
        for row in settings.itertuples():
            default = row.default == "yes"
            rows.append(
                line(
                    capital(choice),
                    setting_words(row.setting) + (" (ours)" if default else ""),
                    cells.from_row(cells.fraction(row.events, row.n), "choices", row),
                    cells.percent(row.estimate, row.n),
                    cells.number(row.not_evaluable),
                    _points(moves.get(choice)) if default else cells.EMPTY,
                )
            )
    combinations = Cell(plural(moved.runs, "combination"))
    grid = Cell(range_text(moved.lowest, moved.highest, moved.n), known(lower=moved.lowest, upper=moved.highest))
    rows += [
        heading_row("Every setting with every other"),
        line("The grid", combinations, cells.EMPTY, grid, cells.EMPTY, cells.EMPTY),
    ]
    label = definition_label(moved.definition, labels).title
    caption = (
        f"What no source settles, under {label}, first episode of each person. The last column is the mean, "
        "over all other settings of the grid, of the highest less the lowest rate; a choice without it stands "
        "outside the grid."
    )
    reasons = [f"{capital(row.choice)}: {row.note}." for row in unfelt.itertuples()]
    return rows, caption, (_mover(moved.most), *reasons)


def _mover(most: tuple[str, ...]) -> str:
    if not most:
        return "No choice of the grid moves the rate."
    return f"{inflected(len(most), 'Moves', 'Move')} the rate most: {listing(most)}."


def _points(share: float | None) -> Cell:
    return cells.EMPTY if is_missing(share) else cells.number(100 * share, 1)


def agreement_order(agreement: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> list[str]:
    """Definitions that can be compared, in the order of the definitions."""
    present = list(pd.unique(agreement[["first", "second"]].to_numpy().ravel()))
    known = {REPORTED: -1} | {definition: place for place, definition in enumerate(labels)}
    return sorted(present, key=lambda name: (known.get(name, len(known)), present.index(name)))


def agreement_table(agreement: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Each two definitions on the episodes that both can judge (rows of agreement.csv).

    Pairs with fewer than ten episodes in common are counted in the last line; None where there are no others.
    """
    few = int((agreement["n"] < ENOUGH).sum())
    agreement = agreement[agreement["n"] >= ENOUGH]
    if agreement.empty:
        return None
    level = level_text(agreement["level"].iloc[0])
    order = {definition: place for place, definition in enumerate(agreement_order(agreement, labels))}
    ranked = agreement.assign(rank=agreement["first"].map(order), other=agreement["second"].map(order))
    rows = []
    for first, pairs in ranked.sort_values(["rank", "other"], kind="stable").groupby("first", sort=False):
        rows.append(heading_row(definition_label(first, labels).title))
        for pair in pairs.itertuples():
            rows.append(
                line(
                    definition_label(pair.second, labels).title,
                    cells.from_row(cells.number(pair.n), "agreement", pair),
                    cells.percent(pair.observed, pair.n),
                    cells.from_row(cells.number(pair.kappa, 2), "agreement", pair),
                    cells.decimal_interval(pair.kappa_lower, pair.kappa_upper),
                    cells.number(pair.ac1, 2),
                    cells.decimal_interval(pair.ac1_lower, pair.ac1_upper),
                    pair.note or cells.EMPTY,
                )
            )
    if few:
        rows.append(
            remark(
                f"{plural(few, 'further pair')} {inflected(few, 'has', 'have')} fewer than ten episodes in "
                "common, too few for a coefficient."
            )
        )
    columns = (
        TableColumn("With"),
        TableColumn("Episodes", "count", "n"),
        TableColumn("Same", "percent"),
        TableColumn("Cohen's kappa", "number"),
        TableColumn(f"{level} interval, kappa", "interval"),
        TableColumn("Gwet's AC1", "number"),
        TableColumn(f"{level} interval, AC1", "interval"),
        TableColumn("Note"),
    )
    caption = (
        "Response or none under each two definitions, on the first episodes that both can judge. AC1 stands "
        "where so few are of one class that kappa is unstable."
    )
    title = "Agreement of definitions"
    return Table("agreement", "agreement", title, caption, columns, tuple(rows), 23, synthetic=synthetic)


def changes_table(changes: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Episodes that respond under another definition and not under this one, with the clause that keeps them from it.

    Parameters
    ----------
    changes : rows of class_changes.csv. Episodes with the same class, clause and reason share a row, and so do
        definitions under which the same episodes have these.
    """
    if changes.empty:
        return None
    found: dict[tuple, list[str]] = {}
    for (definition, given, clause, reason), same in changes.groupby(
        ["definition", "response_class", "clause", "reason"], sort=False
    ):
        key = (
            ", ".join(same["episode_id"]),
            given or NOTHING,
            clause,
            reason or NOTHING,
            same["responds_under"].min(),
            same["responds_under"].max(),
        )
        found.setdefault(key, []).append(definition_label(definition, labels).title)
    alike: dict[str, list[tuple]] = {}
    for key, titles in found.items():
        alike.setdefault("; ".join(titles), []).append(key)
    rows: list[Row] = []
    for together, keys in alike.items():
        rows += [subheading_row(together), *(line(*words, _span(low, high), indent=1) for *words, low, high in keys)]
    columns = (
        TableColumn("Episodes"),
        TableColumn("Class"),
        TableColumn("Clause responsible"),
        TableColumn("Reason"),
        TableColumn("Definitions under which they respond", "number", "n"),
    )
    caption = (
        "Episodes that respond under some definition and not under those in the heading. A clause is "
        "responsible if the episode responds once that clause alone is left out."
    )
    return Table(
        "class_changes",
        "class_changes",
        "Changes of class",
        caption,
        columns,
        tuple(rows),
        51,
        individual=True,
        synthetic=synthetic,
    )


def _span(low: float, high: float) -> Cell:
    return Cell(number_range(low, high), known(low=low, high=high))
