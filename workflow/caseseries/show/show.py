"""The show stage: tables and figures of one cohort, or of all cohorts together (`pooled`).

Under release/<cohort>/ stand tables/ and figures/, each with index.json (see `save`). What stands for single persons
(case listing, changes of class, swimmer plot, trajectories, doses) goes to restricted/<cohort>/show/ where the cohort
may not be released.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

import pandas as pd

from caseseries.model.applicable import LEADS, REPORTED, applicable, in_order, leads_of
from caseseries.model.cohort import Cohort, load_cohort
from caseseries.model.config import Config, add_settings, load_settings
from caseseries.model.definition import Definition
from caseseries.model.drug import load_drugs
from caseseries.model.layout import Layout
from caseseries.model.records import Records, read_episodes, read_record_table, read_records
from caseseries.model.results import read_cases, read_table, require
from caseseries.model.sample import rows_of, sample
from caseseries.response.catalogue import read_catalogue
from caseseries.sensitivity.moved import tried_on
from caseseries.show.across import cohort_rates, side_by_side_drawing, side_by_side_table
from caseseries.show.drawing import Drawing
from caseseries.show.figures.agreement import agreement_drawing
from caseseries.show.figures.bleeding import bleeding_drawing
from caseseries.show.figures.curves import curve_drawings
from caseseries.show.figures.definitions import brief_drawing, definitions_drawing
from caseseries.show.figures.doses import doses_drawing
from caseseries.show.figures.flow import flow_drawing
from caseseries.show.figures.multiverse import multiverse_drawing
from caseseries.show.figures.specification import specification_drawing
from caseseries.show.figures.swimmer import swimmer_drawing
from caseseries.show.figures.trajectories import lines_across, trajectories_drawing
from caseseries.show.pooled import pool_drawing, pool_table
from caseseries.show.rates import already_met
from caseseries.show.save import write_drawings
from caseseries.show.save_tables import write_tables
from caseseries.show.table import Table
from caseseries.show.tables.audit_choices import audit_choices_table
from caseseries.show.tables.cases import case_table, curve_table, times_table
from caseseries.show.tables.description import description_table
from caseseries.show.tables.dosing import departures_table, dosing_table, eligibility_table, flow_table
from caseseries.show.tables.harm import exposure_table, harm_table
from caseseries.show.tables.literature import literature_harm_table, literature_table, sources_of
from caseseries.show.tables.response import response_table
from caseseries.show.tables.safety import outcome_table
from caseseries.show.tables.spread import agreement_table, changes_table, choices_table
from caseseries.words.labels import DAYS_FROM, MET_BEFORE, MET_BEFORE_MEANING, DefinitionLabel, labels_of, signed
from caseseries.words.nouns import say_rounding, say_sample, say_tried

POOLED = "pooled"
Shown = TypeVar("Shown", Table, Drawing)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries show`."""
    parser.epilog = "example: caseseries show yu-2023"
    parser.add_argument("cohort", help=f"id of the cohort, or {POOLED} for what stands across cohorts")
    add_settings(parser)


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Show one cohort, or what stands across cohorts: what may leave, and in full for the owner's eyes."""
    catalogue = read_catalogue(layout)
    if arguments.cohort == POOLED:
        config = load_settings(arguments, layout)
        labels = labels_of(in_order(catalogue, (REPORTED, *config.main_definition)))
        show_across(config, layout.as_told(), labels)
        show_across(config, layout, labels)
        return
    cohort = load_cohort(layout.cohort(arguments.cohort))
    leads = leads_of(cohort, catalogue, load_settings(arguments, layout).main_definition)
    catalogue = in_order(catalogue, leads)
    labels = labels_of(catalogue)
    show_cohort(cohort, layout.as_told(), labels, leads, catalogue)
    if cohort.releasable:
        write_tables([], layout.shown(cohort.id) / "tables")  # in full they are those of the release
        write_drawings([], layout.shown(cohort.id) / "figures")
    else:
        show_cohort(cohort, layout, labels, leads, catalogue)


def show_cohort(
    cohort: Cohort,
    layout: Layout,
    labels: dict[str, DefinitionLabel],
    leads: Sequence[str] = LEADS,
    catalogue: Sequence[Definition] = (),
) -> None:
    """Write the tables and figures of one cohort; what may leave is drawn from what was told alone.

    Of a large cohort a sample of the episodes is shown one by one, and the captions say so. `leads` are the
    definitions that may lead, the best first; `catalogue` has all.
    """
    results = [layout.estimates, layout.description, layout.agreement, layout.choices, layout.multiverse]
    require(
        {
            "disclose" if layout.told else "estimate": [path(cohort.id) for path in results],
            "ingest": [layout.records(cohort.id)],
            "classify": [layout.responses(cohort.id), layout.times(cohort.id)],
        },
        layout,
    )
    require({"estimate": [layout.class_changes(cohort.id)]}, layout)
    estimates = read_table(layout.estimates(cohort.id))
    description = read_table(layout.description(cohort.id))
    seen = cohort.releasable or not layout.told
    everybody = episodes_of(cohort, layout) if seen else []
    few = sample(everybody)
    records = read_episodes(layout.records(cohort.id), few)
    if not seen:
        records = Records(cohort.id, {name: table.iloc[:0] for name, table in records.tables.items()})
    responses, times = read_cases(layout.responses(cohort.id), few), read_cases(layout.times(cohort.id), few)
    tables = cohort_tables(cohort, estimates, description, records, responses, times, labels, leads)
    tables += spread_tables(cohort, layout, labels, few)
    dosing = cache(lambda: read_cases(layout.dosing(cohort.id), few))
    tables += audit_tables(cohort, layout, dosing)
    lines = lines_across(applicable(catalogue, cohort), leads, cohort.analyte)
    drawings = cohort_drawings(cohort, estimates, records, responses, times, labels, leads, lines)
    drawings += spread_drawings(cohort, layout, labels) + dose_drawings(cohort, records, layout, dosing)
    said = say_sample(len(few), len(everybody))
    tables, drawings = with_sample(tables, said), with_sample(drawings, said)
    folder = layout.shown(cohort.id)
    if layout.told:
        tables = [table for table in tables if may_leave(table, cohort)]
        drawings = [drawing for drawing in drawings if may_leave(drawing, cohort)]
        tables, drawings = with_rounding(tables, cohort), with_rounding(drawings, cohort)
    write_tables(tables, folder / "tables")
    write_drawings(drawings, folder / "figures")


def episodes_of(cohort: Cohort, layout: Layout) -> list[str]:
    """Every episode of a cohort: those that are listed, then those of which only times are known."""
    listed = read_record_table(layout.records(cohort.id) / "episodes.parquet", ["episode_id"])["episode_id"]
    timed = read_table(layout.times(cohort.id), ["episode_id"], categories=True)["episode_id"].unique()
    return list(dict.fromkeys([*listed, *timed]))


def with_sample(shown: list[Shown], said: str) -> list[Shown]:
    """Tables or figures; those of single episodes say of whom they are, a figure in itself too."""
    return [_with_sample(one, said) if said and one.individual else one for one in shown]


def _with_sample(shown: Shown, said: str) -> Shown:
    more: dict[str, Any] = {"subtitle": f"{said} Of these: {shown.subtitle}"} if isinstance(shown, Drawing) else {}
    return replace(shown, caption=f"{said} {shown.caption}", **more)


def with_tried(shown: Shown | None, choices: pd.DataFrame) -> Shown | None:
    """A table or figure of what our choices move; its caption says so where they were run on a sample."""
    tried = tried_on(choices)
    if shown is None or tried is None:
        return shown
    more: dict[str, Any] = {"caption": f"{say_tried(*tried)} {shown.caption}"}
    return replace(shown, **more)


def with_rounding(shown: list[Shown], cohort: Cohort) -> list[Shown]:
    """Tables or figures of a release; where numbers of people are rounded, the captions say so."""
    return [replace(one, caption=" ".join(filter(None, [one.caption, *say_rounding(cohort)]))) for one in shown]


def may_leave(shown: Table | Drawing, cohort: Cohort) -> bool:
    """Whether a table or figure may stand under release/."""
    return cohort.releasable or not shown.individual


def cohort_tables(
    cohort: Cohort,
    estimates: pd.DataFrame,
    description: pd.DataFrame,
    records: Records,
    responses: pd.DataFrame,
    times: pd.DataFrame,
    labels: dict[str, DefinitionLabel],
    leads: Sequence[str],
) -> list[Table]:
    """Every table of a cohort that has a row."""
    synthetic = cohort.synthetic
    tables = [
        description_table(description, cohort.variables, synthetic=synthetic, selected=bool(cohort.selected)),
        response_table(estimates, labels, synthetic=synthetic),
        times_table(estimates, labels, synthetic=synthetic),
        curve_table(estimates, labels, synthetic=synthetic, leads=leads),
        outcome_table(estimates, synthetic=synthetic),
        harm_table(estimates, synthetic=synthetic),
        exposure_table(estimates, synthetic=synthetic),
        case_table(records, cohort.variables, responses, times, labels, synthetic=synthetic, leads=leads),
    ]
    return [table for table in tables if table is not None]


def spread_tables(
    cohort: Cohort, layout: Layout, labels: dict[str, DefinitionLabel], episodes: Sequence[str]
) -> list[Table]:
    """Every table of a cohort on how far its response depends on the definition, that has a row; `episodes` are those
    shown one by one.
    """
    synthetic = cohort.synthetic
    labels = signed(labels, already_met(read_table(layout.estimates(cohort.id))))
    choices = read_table(layout.choices(cohort.id))
    tables = [
        with_tried(choices_table(choices, labels, synthetic=synthetic), choices),
        agreement_table(read_table(layout.agreement(cohort.id)), labels, synthetic=synthetic),
        changes_table(read_cases(layout.class_changes(cohort.id), episodes), labels, synthetic=synthetic),
    ]
    return [explained(table) for table in tables if table is not None]


def explained(table: Table) -> Table:
    """The table with what `MET_BEFORE` means, where it stands in it."""
    said = [table.caption, *table.notes, *(text for row in table.texts for text in row)]
    occurs = any(MET_BEFORE in text for text in said)
    return replace(table, notes=(*table.notes, MET_BEFORE_MEANING)) if occurs else table


def audit_tables(cohort: Cohort, layout: Layout, dosing: Callable[[], pd.DataFrame]) -> list[Table]:
    """Every table of a cohort on doses and on whom the drug is for, that has a row; `dosing` gives the rows of
    dosing.csv of those shown one by one.
    """
    audited = [layout.audit(cohort.id), layout.audit_choices(cohort.id), layout.flow(cohort.id)]
    require({"disclose" if layout.told else "audit": audited}, layout)
    drugs, synthetic = load_drugs(*layout.drug_folders), cohort.synthetic
    audit, choices, flow = map(read_table, audited)
    tables = [
        dosing_table(audit, drugs, synthetic=synthetic),
        flow_table(flow, synthetic=synthetic),
        eligibility_table(audit, drugs, synthetic=synthetic),
        audit_choices_table(choices, flow, drugs, synthetic=synthetic),
    ]
    if cohort.releasable or not layout.told:
        tables.append(departures_table(dosing(), drugs, synthetic=synthetic))
    return [table for table in tables if table is not None]


def spread_drawings(cohort: Cohort, layout: Layout, labels: dict[str, DefinitionLabel]) -> list[Drawing]:
    """The heat map of agreement, where there are enough definitions to compare, what moves the rate, and what every
    combination of choices leads to.
    """
    estimates, choices = read_table(layout.estimates(cohort.id)), read_table(layout.choices(cohort.id))
    labels = signed(labels, already_met(estimates))
    about: dict[str, Any] = {"cohort": cohort.id, "synthetic": cohort.synthetic}
    drawings = [
        with_tried(specification_drawing(estimates, choices, labels, **about), choices),
        with_tried(multiverse_drawing(read_table(layout.multiverse(cohort.id)), **about), choices),
        agreement_drawing(read_table(layout.agreement(cohort.id)), labels, **about),
        flow_drawing(read_table(layout.flow(cohort.id)), **about),
    ]
    return [drawing for drawing in drawings if drawing is not None]


def dose_drawings(
    cohort: Cohort, records: Records, layout: Layout, dosing: Callable[[], pd.DataFrame]
) -> list[Drawing]:
    """Doses and counts of single episodes, for eyes that may see single episodes; `dosing` as of `audit_tables`."""
    if layout.told and not cohort.releasable:
        return []
    mine = rows_of(dosing(), records["episodes"]["episode_id"])
    drawing = doses_drawing(cohort, records, mine, load_drugs(*layout.drug_folders))
    return [] if drawing is None else [drawing]


def cohort_drawings(
    cohort: Cohort,
    estimates: pd.DataFrame,
    records: Records,
    responses: pd.DataFrame,
    times: pd.DataFrame,
    labels: dict[str, DefinitionLabel],
    leads: Sequence[str],
    lines: Sequence[float],
) -> list[Drawing]:
    """Every figure of a cohort that has something to show; `lines` stand across its counts."""
    about: dict[str, Any] = {"cohort": cohort.id, "synthetic": cohort.synthetic}
    days = DAYS_FROM[cohort.day_zero]
    drawings = [
        brief_drawing(estimates, labels, **about, leads=leads),
        definitions_drawing(estimates, labels, **about),
        *curve_drawings(estimates, labels, **about, days=days, leads=leads),
        bleeding_drawing(records, **about, days=days),
        swimmer_drawing(records, responses, times, labels, **about, days=days, leads=leads),
        trajectories_drawing(
            records, responses, times, labels, **about, days=days, leads=leads, analyte=cohort.analyte, lines=lines
        ),
    ]
    return [drawing for drawing in drawings if drawing is not None]


def show_across(config: Config, layout: Layout, labels: dict[str, DefinitionLabel]) -> None:
    """Write the tables and figures that show several cohorts."""
    cohorts = {cohort: load_cohort(layout.cohort(cohort)) for cohort in config.cohorts}
    made_by = ("disclose", "disclose") if layout.told else ("estimate", "pool")
    require({made_by[0]: [layout.estimates(cohort) for cohort in cohorts]}, layout)
    require({"ingest": [layout.records(cohort) for cohort in cohorts]}, layout)
    require({made_by[1]: [layout.estimates(POOLED)]}, layout)
    estimates = {cohort: read_table(layout.estimates(cohort)) for cohort in cohorts}
    rates = cohort_rates(estimates)
    pooled = read_table(layout.estimates(POOLED))
    tables = [side_by_side_table(rates, cohorts, labels), *(pool_table(pooled, p, cohorts) for p in config.pools)]
    aggregates = {cohort.id: aggregates_of(cohort, layout) for cohort in cohorts.values()}
    for pool in config.pools:
        sources = sources_of(pool, estimates, aggregates, cohorts)
        tables.append(literature_table(pool, sources, cohorts, labels, pooled))
        tables.append(literature_harm_table(pool, sources))
    drawings = [side_by_side_drawing(rates, cohorts, labels)]
    drawings += [pool_drawing(pooled, pool, cohorts, labels) for pool in config.pools]
    write_tables([table for table in tables if table is not None], layout.shown_across / "tables")
    write_drawings([drawing for drawing in drawings if drawing is not None], layout.shown_across / "figures")


def aggregates_of(cohort: Cohort, layout: Layout) -> pd.DataFrame:
    """Counts and values that the source of a cohort prints; none where they may not leave."""
    table = read_records(layout.records(cohort.id), ("aggregates",))["aggregates"]
    return table.iloc[:0] if layout.told and not cohort.releasable else table
