"""`caseseries earlier`: what earlier series say about the rate of a new one, beside what it says alone.

A supplementary analysis, never the main rate: it takes the series for exchangeable, which no count can show.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pandas as pd

from caseseries.estimators.earlier import RatePrior, earlier_rates, mixture, surprise, update
from caseseries.model.findings import BadInput, Finding, raise_errors
from caseseries.model.layout import Layout
from caseseries.model.methods import EARLIER
from caseseries.model.results import ESTIMATES, write_table
from caseseries.words.earlier import say_conflict, say_earlier, say_line

ANALYSIS = "earlier_series"
VAGUE = 0.2
"""Share of a prior that holds nothing, where nothing else is asked for."""
COUNTS = re.compile(r"(\d{1,6})/(\d{1,6})", re.ASCII)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of `caseseries earlier`."""
    parser.epilog = (
        "example: caseseries earlier 2/4 --given 23/31 9/12\n"
        "a robust meta-analytic-predictive prior (Schmidli 2014): logits of the series are normal around a common mean"
    )
    parser.add_argument("series", help="the new series, cases with the event of all: 2/4")
    parser.add_argument("--given", nargs="+", required=True, metavar="EVENTS/N", help="the earlier series, each once")
    parser.add_argument("--vague", type=float, default=VAGUE, help=f"share of the prior that holds nothing ({VAGUE})")
    parser.add_argument("--level", type=float, default=0.95, help="level of the intervals (0.95)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the numbers as CSV there")


def run(arguments: argparse.Namespace, layout: Layout) -> None:
    """Print the rate of a series with and without what earlier ones say, and whether they contradict each other."""
    events, n = read_counts([arguments.series], "series")[0]
    given = read_counts(arguments.given, "--given")
    findings = []
    if not 0 <= arguments.vague < 1:
        findings.append(Finding("--vague", rule="the share must lie from 0 to below 1", example="0.2"))
    if not 0.5 < arguments.level < 1:
        findings.append(Finding("--level", rule="the level must lie between 0.5 and 1", example="0.95"))
    raise_errors(findings)
    prior = earlier_rates([x for x, _ in given], [size for _, size in given], vague=arguments.vague)
    rates = rates_of(prior, events, n)
    print(say_earlier(events, n, len(given), sum(size for _, size in given)))
    for name, rate in rates.items():
        print(f"  {say_line(name, rate.mean, *limits(rate, arguments.level))}")
    chance = surprise(prior, events, n)
    print(say_conflict(prior.effective_size, rates["with_earlier"].vague, prior.vague, chance))
    if arguments.write:
        rows = rows_of(rates, chance, events, n, arguments.level)
        write_table(pd.DataFrame(rows).reindex(columns=list(ESTIMATES)), arguments.write, ESTIMATES)


def read_counts(texts: list[str], where: str) -> list[tuple[int, int]]:
    """Counts such as `2/4`.

    Raises
    ------
    BadInput : what is no count, or has more events than cases.
    """
    found = [COUNTS.fullmatch(text) for text in texts]
    counts = [(int(one[1]), int(one[2])) for one in found if one]
    if len(counts) < len(texts) or any(x > size or not size for x, size in counts):
        rule = "a series is written as cases with the event of all cases, at most as many as there are"
        raise BadInput([Finding(where, rule=rule, example="2/4")])
    return counts


def rates_of(prior: RatePrior, events: int, n: int) -> dict[str, RatePrior]:
    """The rate of a series by the earlier ones alone, by itself under a uniform prior, and by both."""
    alone = update(mixture(prior.apart, 1.0), events, n)
    return {"prior": prior, "alone": alone, "with_earlier": update(prior, events, n)}


def given_rows(new: tuple[int, int], given: list[tuple[int, int]], level: float) -> list[dict]:
    """Rows of estimates on a new series, cases with the event and all, beside what earlier ones say."""
    prior = earlier_rates([x for x, _ in given], [size for _, size in given], vague=VAGUE)
    return rows_of(rates_of(prior, *new), surprise(prior, *new), *new, level)


def limits(rate: RatePrior, level: float) -> tuple[float, float]:
    """Ends of the interval that leaves as much on either side."""
    return rate.quantile((1 - level) / 2), rate.quantile((1 + level) / 2)


def rows_of(rates: dict[str, RatePrior], chance: float, events: int, n: int, level: float) -> list[dict]:
    """Rows of estimates, under an analysis of their own."""
    common = {"group": "all", "analysis": ANALYSIS, "method": EARLIER, "events": events, "n": n}
    rows = []
    for name, rate in rates.items():
        lower, upper = limits(rate, level)
        told = {"estimate": rate.mean, "std_error": rate.std_dev, "lower": lower, "upper": upper, "level": level}
        rows.append(common | told | {"statistic": f"{name}_rate"})
    numbers = {
        "prior_effective_size": rates["prior"].effective_size,
        "vague_share": rates["with_earlier"].vague,
        "prior_predictive_p": chance,
    }
    return rows + [common | {"statistic": statistic, "estimate": value} for statistic, value in numbers.items()]
