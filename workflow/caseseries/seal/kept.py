"""Values of the shipped release that the project keeps beside its code, so that a run is held to them anywhere.

Kept are the numbers under the authors' own rule of the flagship, of the transplants and of the pool, and the claims of
these cohorts: what a change of code may not move unseen, and no more. `python -m caseseries.seal.kept` writes them anew
from results/release, where a change is meant.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from caseseries.model.layout import Layout
from caseseries.model.results import CLAIMS, read_table, write_table
from caseseries.seal.values import COLUMNS, VALUES, sealed_claims, values_of

FOLDER = Path("docs") / "released"
COHORTS = ("yu-2023", "copelan-1991", "pooled")
RULE = "as_reported"
"""How the ids of the authors' own rules begin."""


def kept_values(release: Path) -> pd.DataFrame:
    """The rows of values.csv that are kept (`values.COLUMNS`)."""
    values = values_of(release)
    return values[values["cohort"].isin(COHORTS) & values["definition"].str.startswith(RULE)].reset_index(drop=True)


def kept_claims(release: Path) -> pd.DataFrame:
    """The rows of claims.csv that are kept (`results.CLAIMS`)."""
    claims = sealed_claims(release)
    return claims[claims["cohort"].isin(COHORTS)].reset_index(drop=True)


def is_kept(folder: Path) -> bool:
    """Whether a folder holds kept values and no release."""
    return (folder / VALUES).is_file() and not (folder / "MANIFEST.sha256").exists()


def read_kept(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values and claims that were kept in a folder."""
    return read_table(folder / VALUES), sealed_claims(folder)


def main() -> int:
    """Keep the values of results/release anew."""
    release = Layout().release
    write_table(kept_values(release), FOLDER / VALUES, COLUMNS)
    write_table(kept_claims(release), FOLDER / "claims.csv", CLAIMS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
