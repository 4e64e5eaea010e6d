"""Tables of how far a response depends on its definition: our choices, agreement of definitions, changes of class."""

from __future__ import annotations

import pandas as pd

from caseseries.sensitivity.moved import moved_by_choices
from caseseries.show.save import INDENT, Table
from caseseries.words import format as fmt
from caseseries.words.choices import range_text, setting_words
from caseseries.words.labels import DefinitionLabel, definition_label

ENOUGH = 10
"""Episodes in common from which a coefficient is shown: of fewer it is noise. agreement.csv has every pair."""


def choices_table(choices: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Every setting of every choice that the cohort feels, then the grid of all of them.

    Parameters
    ----------
    choices : rows of choices.csv of one cohort.

    Returns
    -------
    None where no choice is felt or nobody is evaluable.
    """
    moved = moved_by_choices(choices)
    if moved is None:
        return None
    alone = choices[choices["analysis"] == "one_at_a_time"]
    moves = choices[(choices["analysis"] == "grid") & choices["moves"].notna()].set_index("choice")["moves"]
    unfelt = alone[alone["note"] != ""]
    rows = [["One choice changed, all others as they are"]]
    for choice, settings in alone[alone["note"] == ""].groupby("choice", sort=False):
        for row in settings.itertuples():
            default = row.default == "yes"
            points = _points(moves.get(choice)) if default else fmt.NOTHING
            rows.append(
                [
                    _capital(choice),
                    setting_words(row.setting) + (" (ours)" if default else ""),
                    fmt.fraction(row.events, row.n),
                    fmt.percent(row.estimate, row.n),
                    fmt.number(row.not_evaluable),
                    points,
                ]
            )
    rates = range_text(moved.lowest, moved.highest, moved.n)
    rows += [
        ["Every setting with every other"],
        ["The grid", fmt.plural(moved.runs, "combination"), fmt.NOTHING, rates, fmt.NOTHING, fmt.NOTHING],
    ]
    header = [
        "Choice",
        "Setting",
        "Responders/evaluable",
        "Rate",
        "Not evaluable (n)",
        "Moves the rate (percentage points)",
    ]
    label = definition_label(moved.definition, labels).title
    caption = (
        f"What no source settles, under {label}, first episode of each person. The last column is the mean, "
        "over all other settings of the grid, of the highest less the lowest rate; a choice without it stands "
        "outside the grid."
    )
    reasons = [f"{_capital(row.choice)}: {row.note}." for row in unfelt.itertuples()]
    return Table(
        "choices",
        "choices",
        "Choices of ours",
        caption,
        header,
        rows,
        22,
        2,
        [_mover(moved.most), *reasons],
        synthetic=synthetic,
    )


def _mover(most: tuple[str, ...]) -> str:
    if not most:
        return "No choice of the grid moves the rate."
    return f"{'Moves' if len(most) == 1 else 'Move'} the rate most: {fmt.listing(most)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _points(share: float | None) -> str:
    return fmt.NOTHING if fmt.is_missing(share) else fmt.number(100 * share, 1)


def agreement_order(agreement: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> list[str]:
    """Definitions that can be compared, the authors' own class first, then as the catalogue has them."""
    present = list(pd.unique(agreement[["first", "second"]].to_numpy().ravel()))
    known = {definition: place for place, definition in enumerate(labels)}
    return sorted(present, key=lambda name: (name != "as_reported", known.get(name, len(known)), present.index(name)))


def agreement_table(agreement: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Each two definitions on the episodes that both can judge (rows of agreement.csv).

    Pairs with fewer than ten episodes in common are counted in the last line; None where there are no others.
    """
    few = int((agreement["n"] < ENOUGH).sum())
    agreement = agreement[agreement["n"] >= ENOUGH]
    if agreement.empty:
        return None
    level = fmt.level_text(agreement["level"].iloc[0])
    order = {definition: place for place, definition in enumerate(agreement_order(agreement, labels))}
    ranked = agreement.assign(rank=agreement["first"].map(order), other=agreement["second"].map(order))
    rows = []
    for first, pairs in ranked.sort_values(["rank", "other"], kind="stable").groupby("first", sort=False):
        rows.append([definition_label(first, labels).title])
        for pair in pairs.itertuples():
            rows.append(
                [
                    definition_label(pair.second, labels).title,
                    fmt.number(pair.n),
                    fmt.percent(pair.observed, pair.n),
                    fmt.number(pair.kappa, 2),
                    _between(pair.kappa_lower, pair.kappa_upper),
                    fmt.number(pair.ac1, 2),
                    _between(pair.ac1_lower, pair.ac1_upper),
                    pair.note or fmt.NOTHING,
                ]
            )
    if few:
        rows.append(
            [
                f"{fmt.plural(few, 'further pair')} {'has' if few == 1 else 'have'} fewer than ten episodes in "
                "common, too few for a coefficient."
            ]
        )
    header = [
        "With",
        "Episodes (n)",
        "Same",
        "Cohen's kappa",
        f"{level} interval, kappa",
        "Gwet's AC1",
        f"{level} interval, AC1",
        "Note",
    ]
    caption = (
        "Response or none under each two definitions, on the first episodes that both can judge. AC1 stands "
        "where so few are of one class that kappa is unstable."
    )
    return Table(
        "agreement",
        "agreement",
        "Agreement of definitions",
        caption,
        header,
        rows,
        23,
        1,
        synthetic=synthetic,
        word_columns=[len(header) - 1],
    )


def _between(lower: float, upper: float) -> str:
    if fmt.is_missing(lower) or fmt.is_missing(upper):
        return fmt.NOTHING
    return f"{fmt.number(lower, 2)} to {fmt.number(upper, 2)}"


def changes_table(changes: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Episodes that respond under another definition and not under this one, with the clause that keeps them from it.

    Parameters
    ----------
    changes : rows of class_changes.csv. Episodes with the same class, clause and reason share a row, and so do
        definitions under which the same episodes have these.
    """
    if changes.empty:
        return None
    found: dict[tuple[str, ...], list[str]] = {}
    for (definition, given, clause, reason), same in changes.groupby(
        ["definition", "response_class", "clause", "reason"], sort=False
    ):
        key = (
            ", ".join(same["episode_id"]),
            given or fmt.NOTHING,
            clause,
            reason or fmt.NOTHING,
            _span(same["responds_under"]),
        )
        found.setdefault(key, []).append(definition_label(definition, labels).title)
    alike: dict[str, list[tuple[str, ...]]] = {}
    for key, titles in found.items():
        alike.setdefault("; ".join(titles), []).append(key)
    rows = [row for titles, keys in alike.items() for row in ([titles], *([INDENT + key[0], *key[1:]] for key in keys))]
    header = ["Episodes", "Class", "Clause responsible", "Reason", "Definitions under which they respond (n)"]
    caption = (
        "Episodes that respond under some definition and not under those in the heading. A clause is "
        "responsible if the episode responds once that clause alone is left out."
    )
    return Table(
        "class_changes",
        "class_changes",
        "Changes of class",
        caption,
        header,
        rows,
        51,
        4,
        individual=True,
        synthetic=synthetic,
    )


def _span(numbers: pd.Series) -> str:
    low, high = fmt.number(numbers.min()), fmt.number(numbers.max())
    return low if low == high else f"{low} to {high}"
