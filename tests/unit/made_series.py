"""A made-up series of any size that goes through the stages in this process; no person stands behind a row."""

import random
from contextlib import chdir

from caseseries.cli import main
from caseseries.model.layout import Layout

COHORT = """id: clinic-1
title: Made up for a test
citation: None; no person stands behind a row.
design: retrospective case series
population: adults with immune thrombocytopenia
provenance: registry
licence: none
disclosure: {{profile: {profile}, basis: The committee allows summaries alone.}}
source_definition: not_stated
grouped_by: site
covariates: [{{name: site, label: Site}}]
adverse_events_recorded: yes
"""
CONFIG = "cohorts: [clinic-1]\nflagship: clinic-1\ndefinitions: [as_reported, plt50_any]\npools: []\n"


def make(folder, sizes, profile):
    """Tables of a series with sites of some sizes; two in three respond."""
    chance = random.Random(5)
    sites = [site for site, size in sizes.items() for _ in range(size)]
    episodes, counts, harms = [], [], []
    for number, site in enumerate(sites):
        good, end = number % 3 != 0, 60 + number % 9
        told = f"R,{8 + number % 12}" if good else "NR,"
        episodes.append(f"c{number},{site},{25 + number % 40},{'male' if number % 2 else 'female'},8,yes,{end},{told}")
        counts += [f"c{number},{day},{chance.randint(90, 200) if good else 12}" for day in (7, 14, 28)]
        harms += [f"c{number},5,patient,headache,1,no"] if number % 2 else []
    columns = "episode_id,site,age_years,sex,baseline,bleeding_recorded,follow_up_end_day,reported_response"
    tables = {
        "episodes": [f"{columns},reported_time_to_response", *episodes],
        "counts": ["episode_id,day,count", *counts],
        "adverse_events": ["episode_id,day,subject,term,grade,serious", *harms],
    }
    (folder / "data" / "clinic-1").mkdir(parents=True)
    (folder / "config").mkdir()
    (folder / "config" / "config.yaml").write_text(CONFIG)
    (folder / "data" / "clinic-1" / "cohort.yaml").write_text(COHORT.format(profile=profile))
    for name, lines in tables.items():
        (folder / "data" / "clinic-1" / f"{name}.csv").write_text("\n".join(lines) + "\n")
    (folder / "study.yaml").write_text("made_with: 0.1.0\n")  # the definitions and drugs of the software


def disclosed(folder, sizes, profile="restricted"):
    """The layout of a series that went through the stages up to `disclose`."""
    make(folder, sizes, profile)
    with chdir(folder):
        for verb in ("definitions write", "ingest", "classify", "estimate", "audit", "disclose"):
            assert main([*verb.split(), *([] if " " in verb else ["clinic-1"])]) == 0
    return Layout(folder / "data", folder / "config", folder / "results", told=True)
