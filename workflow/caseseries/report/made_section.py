"""How the report was made: what to type, versions, methods, definitions with their sources, configuration."""

from __future__ import annotations

import platform
from importlib import metadata

import pandas as pd
import yaml

from caseseries.model.methods import COUNT, METHODS
from caseseries.report.page import Block, Facts, Folded, Listing, Section, Tabular, paragraphs, word_table
from caseseries.report.study import Study
from caseseries.words.claims import say_recomputed
from caseseries.words.intervals import level_text
from caseseries.words.labels import cohort_label, grouped
from caseseries.words.numbers import NOTHING
from caseseries.words.spelling import capital, words

PACKAGES = ("numpy", "pandas", "scipy", "pyarrow", "pydantic", "matplotlib", "jinja2", "snakemake")


def made_section(study: Study) -> Section:
    """Everything needed to make the report again and to check it."""
    blocks = paragraphs(
        "Type ./run in the project's folder: the same data, configuration and package versions give the same files, "
        "byte for byte. MANIFEST.sha256, beside this report, holds the checksum of every released file, and "
        "provenance.json those of what they were made from; caseseries verify compares them and says what moved.",
        "Links to CSV and SVG files work where this file lies in its folder results/release.",
    )
    methods = [*paragraphs(recomputed_sentence(study)), *methods_table(study)]
    children = [
        *([Section("made-methods", "Methods", methods)] if methods else []),
        Section("made-definitions", "Definitions", definitions(study)),
        Section("made-versions", "Versions and configuration", versions(study)),
        Section("made-data", "Data and licences", [data_table(study)]),
    ]
    return Section("made", "How it was made", blocks, children)


def recomputed_sentence(study: Study) -> str:
    """How many numbers come out the same with other packages, "" where none was computed again."""
    found = study.recomputed
    if found.empty:
        return ""
    versions = dict(zip(found["package"], found["version"], strict=True))
    counted = study.recomputed_counts
    return say_recomputed(
        dict(zip(counted["agrees"], counted["numbers"].astype(int), strict=True)),
        [f"{package} {versions[package]}" for package in sorted(versions)],
    )


STATISTICS = {
    "response_rate": "Response rate",
    "response_rate_best_case": "Response rate, best case",
    "response_rate_worst_case": "Response rate, worst case",
    "complete_response_rate": "Complete response rate",
    "complete_response_rate_best_case": "Complete response rate, best case",
    "complete_response_rate_worst_case": "Complete response rate, worst case",
    "outcome_rate": "Other outcome",
    "survival": "Still without the event",
    "median_time": "Median time",
    "cumulative_incidence": "Cumulative incidence",
    "interval_incidence": "Incidence from visit intervals",
    "later_events": "Events on an unknown later day",
    "mean_time_after_event": "Mean time after the event",
    "restricted_mean_time": "Restricted mean time",
    "median_follow_up": "Median follow-up",
    "pooled_rate": "Pooled rate",
    "prediction_interval": "Prediction interval",
    "tau2": "Variance between cohorts (τ²)",
    "i2": "I²",
    "q": "Whether cohorts differ by more than chance (Q)",
    "q_p_value": "p-value of Q",
    "weight": "Weight of a cohort",
    "median_value": "Median of a number",
    "rate_difference": "Difference of rates",
    "adverse_events": "Adverse events",
    "adverse_event_rate": "Episodes with an adverse event",
    "adverse_event_rate_per_100_weeks": "Adverse events by time on the drug",
    "rescue_rate": "Episodes with a rescue treatment",
    "rescue_rate_per_100_weeks": "Rescue treatment by time on the drug",
    "transfusion_rate": "Episodes with a platelet transfusion",
    "transfusion_rate_per_100_weeks": "Platelet transfusion by time on the drug",
    "bleeding_rate": "Episodes with bleeding",
    "bleeding_rate_per_100_weeks": "Bleeding by time on the drug",
    "overshoot_rate": "Episodes with a count too high",
    "rebound_rate": "Episodes with a rebound after stopping",
    "neonatal_thrombocytopenia_rate": "Newborns with a low count",
    "delivery_count_rate": "Deliveries with a count that suffices",
    "days_on_drug": "Days on the drug",
    "cumulative_dose": "Cumulative dose",
    "days_followed": "Days of follow-up",
    "time_of_events": "Time of those with the event",
    "p_value": "Test between groups",
    "odds_ratio": "Odds ratio of response by the declared predictor",
    "hazard_ratio": "Hazard ratio by the declared predictor",
    "proportional_hazards": "Test whether the hazard ratio is the same at all times",
}


def methods_table(study: Study) -> list[Tabular]:
    """Which methods stand behind which statistic; nothing where every estimate was withheld."""
    frames = [frame for frame in (*(found.estimates for found in study.cohorts.values()), study.pooled) if len(frame)]
    if not frames:
        return []
    used = pd.concat([frame[["statistic", "method", "estimate"]] for frame in frames])
    bounds = used["statistic"].str.endswith("_case") & ~used["statistic"].isin(STATISTICS)
    used = used[~bounds & (used["method"] != "") & used["estimate"].notna() & (used["method"] != COUNT)]
    used = used[["statistic", "method"]].drop_duplicates()
    order = {name: place for place, name in enumerate(STATISTICS)}
    named = sorted(set(used["statistic"]), key=lambda name: (order.get(name, len(order)), name))
    rows = [
        [
            STATISTICS.get(name, capital(words(name))),
            " · ".join(sorted(METHODS[method] for method in used.loc[used["statistic"] == name, "method"])),
        ]
        for name in named
    ]
    level = level_text(study.config.level)
    return [word_table("methods", "Methods", ["Quantity", "Method"], rows, f"Intervals at the {level} level.")]


def definitions(study: Study) -> list[Block]:
    """Every definition with its source and what is unsure about it."""
    if not study.definitions:
        return paragraphs("Classes are as reported by the authors.")
    rows = [[known.title, known.source, grouped(known.cautions) or NOTHING] for known in study.definitions.values()]
    return [
        Folded(
            "The definitions with their sources and cautions",
            [word_table("definitions", "Response definitions", ["Definition", "Source", "Caution"], rows)],
        )
    ]


def versions(study: Study) -> list[Block]:
    """Versions of what computed, and the configuration as it was used."""
    python = ".".join(platform.python_version_tuple()[:2])
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    config = yaml.safe_dump(study.config.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=88)
    return [
        Facts([("caseseries", metadata.version("caseseries")), ("Python", python), ("Packages", packages)]),
        Folded("Configuration", [Listing(config)]),
    ]


def data_table(study: Study) -> Tabular:
    """Where each cohort comes from and under which licence."""
    rows = [
        [cohort_label(key), found.cohort.provenance, found.cohort.licence, found.cohort.disclosure.basis]
        for key, found in study.cohorts.items()
    ]
    columns = ["Cohort", "Provenance", "Licence", "Why it may be shown"]
    return word_table("sources", "Where the data come from", columns, rows)
