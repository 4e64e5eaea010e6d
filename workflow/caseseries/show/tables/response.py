"""The response table of one cohort: every definition that can be applied, and why the others cannot."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.methods import METHODS
from caseseries.show.rates import commonest_reasons, level_of, rate_frame
from caseseries.show.save import INDENT, Table, without_empty_columns
from caseseries.words import format as fmt
from caseseries.words.labels import DefinitionLabel, caution_notes, definition_label
from caseseries.words.sentences import sentence

GROUP_KEY = ["definition", "group", "analysis"]
CLUSTERED = "‡"
"""Sign of an interval over all episodes, which is not Wilson's."""

ALL_EPISODES = "all episodes"


def response_table(
    estimates: pd.DataFrame, responses: pd.DataFrame, labels: dict[str, DefinitionLabel], *, synthetic: bool
) -> Table | None:
    """Responders of the evaluable with both intervals, who is not evaluable, worst and best case; a row a definition,
    and below it its groups and all episodes, where there are further ones of a person.

    Definitions under which nobody is evaluable stand in the last line with the reason. None where the cohort has no
    rate at all.
    """
    rates = rate_frame(estimates)
    known = rates[rates["definition"].isin(set(rates.loc[rates["n"] > 0, "definition"]))]
    measured = _measured(estimates, labels)
    if known.empty and not measured:
        return None
    rows = _rate_rows(known, estimates, labels) + measured
    level = level_of(rates)
    header, rows = without_empty_columns(
        [
            "Definition",
            "Responders/evaluable",
            "Rate",
            f"{level} interval, Wilson",
            f"{level} interval, Clopper-Pearson",
            "Not evaluable (n)",
            "Worst case",
            "Best case",
            "Complete responders/evaluable",
        ],
        rows,
    )
    nobody = unevaluable_words(rates[~rates["definition"].isin(known["definition"])], responses, labels)
    rows += [[nobody]] if nobody else []
    caption = "Responders of the evaluable under each definition, grouped by source document."
    if "Worst case" in header:
        caption += " Worst and best case: none or all of those not evaluable responded."
    notes = caution_notes(list(dict.fromkeys(known["definition"])), labels)
    if any(ALL_EPISODES in row[0] for row in rows):
        methods = dict.fromkeys(METHODS[method] for method in _clustered(estimates)["method"])
        notes = [
            f"{CLUSTERED} All episodes, also further ones of the same person: {method}; no interval where people "
            "are too few."
            for method in methods
        ] + notes
    return Table(
        "responses",
        "responses",
        "Response under each definition",
        caption,
        header,
        rows,
        20,
        notes=notes,
        synthetic=synthetic,
    )


def _rate_rows(rates: pd.DataFrame, estimates: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> list[list[str]]:
    """A heading for each source document, then the rows of its definitions, all columns filled."""
    complete = rate_frame(estimates, "complete_response_rate")
    complete_of = {tuple(row[key] for key in GROUP_KEY): row for _, row in complete.iterrows()}
    clustered = _clustered(estimates)
    whole = set(rates.loc[rates["group"] == ALL, "definition"])
    by_source: dict[str, list[list[str]]] = {}
    for rate in rates.itertuples():
        label = definition_label(rate.definition, labels)
        found = complete_of.get((rate.definition, rate.group, rate.analysis))
        everybody = rate.n + rate.not_evaluable
        below = rate.definition in whole and rate.group != ALL
        name = INDENT + rate.group if below else member_of(label.marked, rate.group)
        by_source.setdefault(label.source, []).append(
            [
                name,
                fmt.fraction(rate.events, rate.n),
                fmt.percent(rate.estimate, rate.n),
                fmt.percent_interval(rate.lower, rate.upper, rate.n),
                fmt.percent_interval(rate.exact_lower, rate.exact_upper, rate.n),
                fmt.number(rate.not_evaluable),
                fmt.percent(rate.worst, everybody),
                fmt.percent(rate.best, everybody),
                fmt.NOTHING if found is None or not found["n"] else _complete(found),
            ]
        )
        by_source[label.source] += _all_episodes(clustered, rate)
    return [row for source, lines in by_source.items() for row in ([source], *lines)]


def member_of(name: str, group: str) -> str:
    """The name of a definition, with the group where it is not the whole cohort."""
    return name if group == ALL else f"{name}, {group}"


def unevaluable_words(rates: pd.DataFrame, responses: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> str:
    """The definitions under which nobody can be evaluated, by reason; "" where there are none."""
    by_reason: dict[str, list[str]] = {}
    for definition, reason in commonest_reasons(responses, dict.fromkeys(rates["definition"])).items():
        by_reason.setdefault(reason, []).append(definition_label(definition, labels).title)
    if not by_reason:
        return ""
    number = fmt.plural(sum(map(len, by_reason.values())), "further definition")
    said = [sentence(f"{reason}: {'; '.join(titles)}") for reason, titles in by_reason.items()]
    return " ".join([f"Nobody can be evaluated under {number}.", *said])


def _complete(rate: pd.Series) -> str:
    """Complete responders of those for whom it is known; a response of unknown kind is not evaluable here."""
    unknown = f"; {fmt.number(rate['not_evaluable'])} NE" if rate["not_evaluable"] else ""
    return fmt.fraction(rate["events"], rate["n"]) + unknown


def _clustered(estimates: pd.DataFrame) -> pd.DataFrame:
    """Rates over all episodes, several of a person allowed for; one row a rate, by the first method of several."""
    rows = estimates[(estimates["statistic"] == "response_rate") & (estimates["analysis"] == "all_episodes")]
    return rows[rows["n"] > 0].drop_duplicates(GROUP_KEY)


def _all_episodes(clustered: pd.DataFrame, rate: object) -> list[list[str]]:
    """The rate over all episodes; none where nobody in the group has a further one."""
    same = clustered[(clustered["definition"] == rate.definition) & (clustered["group"] == rate.group)]
    rows = []
    for line in same.itertuples():
        if (line.n, line.not_evaluable) == (rate.n, rate.not_evaluable):
            continue
        name = INDENT + (ALL_EPISODES if rate.group == ALL else f"{rate.group}, {ALL_EPISODES}")
        limits = fmt.percent_interval(line.lower, line.upper, line.n)
        rows.append(
            [
                name,
                fmt.fraction(line.events, line.n),
                fmt.percent(line.estimate, line.n),
                limits if limits == fmt.NOTHING else f"{limits} {CLUSTERED}",
                fmt.NOTHING,
                fmt.number(line.not_evaluable),
                *[fmt.NOTHING] * 3,
            ]
        )
    return rows


def _measured(estimates: pd.DataFrame, labels: dict[str, DefinitionLabel]) -> list[list[str]]:
    """Definitions that measure instead of naming a class (weeks, share of days): median and range."""
    values = estimates[(estimates["statistic"] == "median_value") & (estimates["analysis"] == "primary")]
    rows = [
        [
            member_of(definition_label(line.definition, labels).marked, line.group),
            f"n = {fmt.number(line.n)}",
            fmt.short_number(line.estimate),
            f"{fmt.short_number(line.lower)} to {fmt.short_number(line.upper)}",
            fmt.NOTHING,
            fmt.number(line.not_evaluable),
            *[fmt.NOTHING] * 3,
        ]
        for line in values[values["n"] > 0].itertuples()
    ]
    return [["Measures: median in place of the rate, range in place of the interval"], *rows] if rows else []
