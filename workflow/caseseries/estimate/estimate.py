"""The estimate stage: rates, curves and the description of one cohort.

Reads the records, responses and times of a cohort; writes estimates.csv and description.csv (release),
case_sets.csv (restricted), which names the cases behind each rate, and how far the rates depend on the definition.
"""

from __future__ import annotations

import argparse

import pandas as pd

from caseseries.estimate.baselines import already_met_rows, asked_of
from caseseries.estimate.by_block import look_at_blocks, read_apart
from caseseries.estimate.contrasts import contrast_groups
from caseseries.estimate.curves import estimate_curves
from caseseries.estimate.definition_counts import count_definitions
from caseseries.estimate.describe import describe, leave_out_told
from caseseries.estimate.predictor import estimate_predictor
from caseseries.estimate.rate_and_curve import compare_rate_and_curve, failures_of, of_both
from caseseries.estimate.rates import aggregate_rates, count_reasons, estimate_rates, without_rate
from caseseries.estimate.safety import safety_and_cases
from caseseries.model.applicable import in_order, leads_of
from caseseries.model.cohort import load_cohort
from caseseries.model.config import add_settings, load_settings
from caseseries.model.drug import load_drugs
from caseseries.model.groups import ALL
from caseseries.model.layout import Layout
from caseseries.model.results import (
    CASE_SETS,
    DEFINITION_COUNTS,
    DESCRIPTION,
    ESTIMATES,
    read_table,
    require,
    write_table,
)
from caseseries.model.safety import load_vocabulary
from caseseries.response.catalogue import read_catalogue
from caseseries.sensitivity.spread import looked_at_again, write_spread

JUDGED = (
    *("episode_id", "definition", "response_class", "provisional_class", "decided_class", "decidable"),
    *("value", "because", "reason"),
)
"""Columns of responses that estimates are made of."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries estimate`."""
    parser.epilog = "example: caseseries estimate yu-2023 --level 0.95"
    parser.add_argument("cohort", help="id of the cohort")
    parser.add_argument("--level", type=confidence_level, help="confidence level, such as 0.95 (as configured)")
    add_settings(parser)


def confidence_level(text: str) -> float:
    """The level as typed; argparse says what is wrong with it and ends with exit code 2."""
    try:
        level = float(text)
    except ValueError:
        level = 0.0
    if not 0.5 < level < 1:  # as the configuration has it
        raise argparse.ArgumentTypeError("the level must lie between 0.5 and 1 (for example: 0.95)")
    return level


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Estimate one cohort and write its results."""
    cohort = load_cohort(layout.cohort(arguments.cohort))
    classified = [layout.responses(cohort.id), layout.times(cohort.id)]
    require({"ingest": [layout.records(cohort.id)], "classify": classified}, layout)
    config = load_settings(arguments, layout)
    level = arguments.level or config.level
    records, blocks = read_apart(layout.records(cohort.id))
    responses = read_table(layout.responses(cohort.id), JUDGED, categories=True)
    times = read_table(layout.times(cohort.id), categories=True)
    catalogue = read_catalogue(layout)
    leads = leads_of(cohort, catalogue, config.main_definition)
    definitions = in_order(catalogue, leads)
    drugs = load_drugs(*layout.drug_folders)
    judging, members = asked_of(cohort, records, set(responses["definition"].unique()), definitions)
    found = look_at_blocks(cohort, blocks, drugs, judging, members, looked_at_again(cohort, records))
    records.tables |= found.few
    rates, case_sets = estimate_rates(cohort, records, responses, definitions, level)
    vocabulary = load_vocabulary(layout.safety_words)
    harms, harmed = safety_and_cases(cohort, records, drugs, vocabulary, level, found.exposures, found.outcomes)
    silent = without_rate(rates, definitions)
    unrated = {definition for definition, group in silent if group == ALL}
    times = times[~times["definition"].isin(unrated)] if unrated else times
    failures = failures_of(responses, definitions)
    compared = of_both(times, failures)
    parts = [
        rates,
        count_reasons(cohort, records, responses),
        already_met_rows(judging, found.met, int(members.sum())),
        aggregate_rates(cohort, records["aggregates"], level),
        harms,
        of_rated(estimate_curves(cohort, records, times, level, failures), silent),
        compare_rate_and_curve(cohort, records, responses, times, definitions),
        contrast_groups(cohort, records, rates, compared, level),
        estimate_predictor(cohort, records, responses, compared, definitions, level),
    ]
    estimates = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    estimates = estimates.reindex(columns=list(ESTIMATES)).assign(cohort=cohort.id)
    description = leave_out_told(describe(cohort, records), found.elsewhere)
    write_table(description, layout.description(cohort.id), DESCRIPTION)
    write_table(estimates, layout.estimates(cohort.id), ESTIMATES)
    counted = count_definitions(responses, estimates, definitions)
    write_table(counted, layout.definition_counts(cohort.id), DEFINITION_COUNTS)
    settled = write_spread(
        cohort, records, definitions, responses, estimates, layout, level, leads, config.incidence_day
    )
    sets = [part for part in (case_sets, harmed, settled) if len(part)] or [case_sets]
    write_table(pd.concat(sets, ignore_index=True), layout.case_sets(cohort.id), CASE_SETS)


def of_rated(curves: pd.DataFrame, silent: set[tuple[str, str]]) -> pd.DataFrame:
    """Curves of the definitions and groups that have a rate: what only one outcome can enter makes no curve either."""
    if curves.empty or not silent:
        return curves
    return curves[~pd.MultiIndex.from_frame(curves[["definition", "group"]]).isin(silent)]
