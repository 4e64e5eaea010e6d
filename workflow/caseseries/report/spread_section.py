"""How far a response depends on its definition: what our choices move, how well definitions agree, range by cohort."""

from __future__ import annotations

from caseseries.model.results import key_in
from caseseries.report.embed import pictures, shown_tables
from caseseries.report.page import Block, Folded, Tabular, paragraphs
from caseseries.report.study import CohortResults, Study
from caseseries.sensitivity.moved import moved_by_choices, read_otherwise, readings_of_visits, tried_on
from caseseries.show.table import Cell, Row, Table, TableColumn, line
from caseseries.words.choices import question, range_text, say_beyond, say_moved, say_visits
from caseseries.words.labels import SYNTHETIC, cohort_label
from caseseries.words.lists import listing
from caseseries.words.nouns import say_tried
from caseseries.words.numbers import NOTHING, fraction, number, percent


def choices_sentence(found: CohortResults, study: Study) -> str:
    """What our own choices move, and how weeks without a count are read; "" where the cohort feels neither."""
    moved, readings = moved_by_choices(found.choices), readings_of_visits(found.choices)
    visits = say_visits(readings[0].own.setting, *read_otherwise(readings)) if readings else ""
    if moved is None:
        return visits
    rates = range_text(moved.lowest, moved.highest, moved.n)
    most = [question(choice) for choice in moved.most]
    text = say_moved(study.label(moved.definition), rates, most, moved.points, further=bool(moved.beyond))
    tried = tried_on(found.choices)
    sampled = say_tried(*tried) if tried else ""
    return " ".join(part for part in (text, say_beyond(moved.beyond), visits, sampled) if part)


def spread_blocks(found: CohortResults) -> list[Block]:
    """The tables of choices and of agreement, each behind a line that opens it."""
    parts: dict[str, list[Block]] = {
        "Choices of ours, one by one": [
            *pictures(found, {"specification", "multiverse"}),
            *shown_tables(found, {"choices"}),
        ],
        "How well the definitions agree, two by two": [
            *pictures(found, {"agreement"}),
            *shown_tables(found, {"agreement"}),
        ],
    }
    return [Folded(summary, blocks, screen_only=True) for summary, blocks in parts.items() if blocks]


def changes_blocks(found: CohortResults) -> list[Block]:
    """Who changes class from one definition to the next, and by which clause; behind a line that opens it."""
    tables = shown_tables(found, {"class_changes"})
    return [Folded("Who changes class, and by which clause", tables, screen_only=True)] if tables else []


def sensitivity(study: Study) -> list[Block]:
    """The range of each cohort's rate over the definitions and over our choices, a row a cohort that has a rate."""
    rows = [row for found in study.cohorts.values() if (row := sensitivity_row(found, study))]
    if not rows:
        return paragraphs("Of no cohort is there a rate under a standard definition to be shown.")
    columns = (
        TableColumn("Cohort"),
        TableColumn("Definitions", "count", "n"),
        TableColumn("Rate by definition", "summary"),
        TableColumn("Rate by our choices", "summary"),
        TableColumn("The choice that moves it most"),
    )
    caption = (
        "Lowest to highest rate over the standard definitions that can be evaluated, and over every combination "
        "of our choices under one of them; first episode of each person. A dash: nothing to choose, or nobody "
        "evaluable."
    )
    if any(tried_on(found.choices) for found in study.cohorts.values()):
        caption += " Choices are run on a sample of a large cohort."
    title = "How far the rate of each cohort depends on the definition"
    table = Table("sensitivity", "page", title, caption, columns, tuple(rows), order=0)
    return [Tabular(table, "table-sensitivity")]


def sensitivity_row(found: CohortResults, study: Study) -> Row | None:
    """One cohort; None where it has no rate under a standard definition."""
    rates = found.spread[(found.spread["n"] > 0) & (found.spread["definition"] != "as_reported")]
    if rates.empty:
        return None
    low, high = rates.loc[rates["estimate"].idxmin()], rates.loc[rates["estimate"].idxmax()]
    ends = [f"{percent(row['estimate'], row['n'])} ({fraction(row['events'], row['n'])})" for row in (low, high)]
    moved = moved_by_choices(found.choices)
    name = cohort_label(found.cohort.id) + (f" ({SYNTHETIC})" if found.cohort.synthetic else "")
    text = ends[0] if low["estimate"] == high["estimate"] else " to ".join(ends)
    by_definition = Cell(text, key=key_in(found.cohort.id, "rates"))
    rated = number(found.definitions_of("rated"))
    if moved is None:
        return line(name, rated, by_definition, NOTHING, NOTHING)
    label = study.label(moved.definition)
    most = listing([question(choice) for choice in moved.most]) or "none"
    by_choice = f"{range_text(moved.lowest, moved.highest, moved.n)} ({label})"
    return line(name, rated, by_definition, by_choice, most)
