"""What every cohort.yaml of the mapping tests begins with."""


def head(cohort: str) -> str:
    """Keys of a SYNTHETIC cohort, up to its covariates and mapping."""
    return f"""\
id: {cohort}
title: SYNTHETIC {cohort}
citation: SYNTHETIC; made for the tests.
design: simulation
population: SYNTHETIC adults
provenance: synthetic
licence: CC0-1.0
disclosure: {{profile: synthetic, basis: No person stands behind any row.}}
source_definition: not_stated
"""
