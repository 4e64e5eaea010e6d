"""The response table of one cohort: every definition that can be applied, and why the others cannot."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.methods import METHODS
from caseseries.model.results import ResultRow
from caseseries.show import cells
from caseseries.show.rates import already_met, leading_reasons, level_of, marked_label, rate_frame, rates_in_order
from caseseries.show.table import Cell, Row, Table, TableColumn, full_columns, heading_row, known, line, remark
from caseseries.words import numbers
from caseseries.words.labels import DefinitionLabel, caution_notes, definition_label
from caseseries.words.nouns import plural
from caseseries.words.numbers import short_number
from caseseries.words.spelling import sentence

MEMBER_KEY = ["definition", "group"]
GROUP_KEY = [*MEMBER_KEY, "analysis"]
CLUSTERED = "‡"
"""Sign of an interval over all episodes, which is not Wilson's."""

ALL_EPISODES = "all episodes"
MET_BEFORE = "Cases whose baseline already meets the count that the definition asks for, of all"
BOUND = "The rate if {} of those not evaluable responded"


def response_table(estimates: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool) -> Table | None:
    """Responders of the evaluable with both intervals, who is not evaluable, worst and best case; a row a definition,
    and below it its groups and all episodes, where there are further ones of a person.

    Definitions under which nobody is evaluable stand in the last line with the reason. None where the cohort has no
    rate at all.
    """
    rates = rates_in_order(rate_frame(estimates), labels)
    known = rates[rates["definition"].isin(set(rates.loc[rates["n"] > 0, "definition"]))]
    measured = _measured(estimates, labels)
    if known.empty and not measured:
        return None
    further = _further_episodes(estimates, known)
    level = level_of(rates)
    columns, rows = full_columns(
        [
            TableColumn("Definition"),
            TableColumn("Responders/evaluable", "fraction"),
            TableColumn("Rate", "percent"),
            TableColumn(f"{level} interval, Wilson", "interval"),
            TableColumn(f"{level} interval, Clopper-Pearson", "interval"),
            TableColumn("Not evaluable", "count", "n"),
            TableColumn("Worst case", "percent", meaning=BOUND.format("none")),
            TableColumn("Best case", "percent", meaning=BOUND.format("all")),
            TableColumn("Complete responders/evaluable", "fraction"),
            TableColumn("Baseline already meets it", "fraction", meaning=MET_BEFORE),
        ],
        _rate_rows(known, estimates, further, labels) + measured,
    )
    nobody = unevaluable_words(rates[~rates["definition"].isin(known["definition"])], estimates, labels)
    rows += (remark(nobody),) if nobody else ()
    caption = "Responders of the evaluable under each definition, grouped by source document."
    if "Worst case" in [column.label for column in columns]:
        caption += " Worst and best case: none or all of those not evaluable responded."
    notes = caution_notes(list(dict.fromkeys(known["definition"])), labels)
    if len(further):
        methods = dict.fromkeys(METHODS[method] for method in further["method"])
        notes = [
            f"{CLUSTERED} All episodes, also further ones of the same person: {method}; no interval where people "
            "are too few."
            for method in methods
        ] + notes
    title = "Response under each definition"
    return Table("responses", "responses", title, caption, columns, rows, 20, tuple(notes), synthetic=synthetic)


def _rate_rows(
    rates: pd.DataFrame, estimates: pd.DataFrame, further: pd.DataFrame, labels: dict[str, DefinitionLabel]
) -> list[Row]:
    """A heading for each source document, then the rows of its definitions, all columns filled."""
    complete = rate_frame(estimates, "complete_response_rate")
    met = already_met(estimates)
    complete_of = {tuple(row[key] for key in GROUP_KEY): row for _, row in complete.iterrows()}
    whole = set(rates.loc[rates["group"] == ALL, "definition"])
    by_source: dict[str, list[Row]] = {}
    for rate in rates.itertuples():
        label = definition_label(rate.definition, labels)
        found = complete_of.get((rate.definition, rate.group, rate.analysis))
        everybody = rate.n + rate.not_evaluable
        below = rate.definition in whole and rate.group != ALL
        by_source.setdefault(label.source, []).append(
            line(
                marked_label(rate.group if below else member_of(label.marked, rate.group), rate),
                cells.walked(cells.fraction(rate.events, rate.n), "response_rate", rate),
                cells.percent(rate.estimate, rate.n),
                cells.percent_interval(rate.lower, rate.upper, rate.n),
                cells.percent_interval(rate.exact_lower, rate.exact_upper, rate.n),
                cells.number(rate.not_evaluable),
                cells.percent(rate.worst, everybody),
                cells.percent(rate.best, everybody),
                cells.EMPTY
                if found is None or not found["n"]
                else cells.walked(
                    cells.fraction(found["events"], found["n"], found["not_evaluable"]), "complete_response_rate", found
                ),
                cells.fraction(*met[rate.definition]) if rate.group == ALL and rate.definition in met else cells.EMPTY,
                indent=int(below),
            )
        )
        by_source[label.source] += _all_episodes(further, rate)
    return [row for source, lines in by_source.items() for row in (heading_row(source), *lines)]


def member_of(name: str, group: str) -> str:
    """The name of a definition, with the group where it is not the whole cohort."""
    return name if group == ALL else f"{name}, {group}"


def unevaluable_words(rates: pd.DataFrame, estimates: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> str:
    """The definitions under which nobody can be evaluated, by reason; "" where there are none."""
    by_reason: dict[str, list[str]] = {}
    for definition, reason in leading_reasons(estimates, dict.fromkeys(rates["definition"])).items():
        by_reason.setdefault(reason, []).append(definition_label(definition, labels).title)
    if not by_reason:
        return ""
    number = plural(sum(map(len, by_reason.values())), "further definition")
    said = [sentence(f"{reason}: {'; '.join(titles)}") for reason, titles in by_reason.items()]
    return " ".join([f"Nobody can be evaluated under {number}.", *said])


def _further_episodes(estimates: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Rates over all episodes, several of a person allowed for, of groups in which somebody has a further one.

    One row a rate, by the first method of several.
    """
    rows = estimates[(estimates["statistic"] == "response_rate") & (estimates["analysis"] == "all_episodes")]
    rows = rows[rows["n"] > 0].drop_duplicates(GROUP_KEY)
    once = set(rates[[*MEMBER_KEY, "n", "not_evaluable"]].itertuples(index=False, name=None))
    found = rows[[*MEMBER_KEY, "n", "not_evaluable"]].itertuples(index=False, name=None)
    return rows[pd.Series([row not in once for row in found], index=rows.index, dtype=bool)]


def _all_episodes(further: pd.DataFrame, rate: ResultRow) -> list[Row]:
    """The rate over all episodes of the group of `rate`; none where nobody there has a further one."""
    same = further[(further["definition"] == rate.definition) & (further["group"] == rate.group)]
    rows = []
    for row in same.itertuples():
        rows.append(
            line(
                ALL_EPISODES if rate.group == ALL else f"{rate.group}, {ALL_EPISODES}",
                cells.walked(cells.fraction(row.events, row.n), "response_rate", row),
                cells.percent(row.estimate, row.n),
                cells.percent_interval(row.lower, row.upper, row.n, CLUSTERED),
                cells.EMPTY,
                cells.number(row.not_evaluable),
                *[cells.EMPTY] * 4,
                indent=1,
            )
        )
    return rows


def _measured(estimates: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> list[Row]:
    """Definitions that measure instead of naming a class (weeks, share of days): median and range."""
    values = estimates[(estimates["statistic"] == "median_value") & (estimates["analysis"] == "primary")]
    rows = [
        line(
            member_of(definition_label(row.definition, labels).marked, row.group),
            Cell(f"n = {numbers.number(row.n)}", known(n=row.n)),
            cells.short_number(row.estimate),
            Cell(
                f"{short_number(row.lower)} to {short_number(row.upper)}", known(minimum=row.lower, maximum=row.upper)
            ),
            cells.EMPTY,
            cells.number(row.not_evaluable),
            *[cells.EMPTY] * 4,
        )
        for row in values[values["n"] > 0].itertuples()
    ]
    return [heading_row("Measures: median in place of the rate, range in place of the interval"), *rows] if rows else []
