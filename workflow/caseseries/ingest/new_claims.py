"""The template of a claims.yaml, in a cohort's folder or for a paper alone."""

from __future__ import annotations

from pathlib import Path

from caseseries.model.findings import BadInput, Finding

CLAIMS = """\
# Numbers that a publication prints. `caseseries claims check FILE` says which are impossible or contradict each other;
# in the folder of a cohort each run compares them with what comes out.
# Write decimals as printed, 34.20 and not 34.2. Fill in what is printed, take out the rest; every id stands once.
claims:
  - id: responders
    says: {events: , n: , percent: }     # an interval beside it: lower, upper, and level if it is not 95
    statistic: response_rate             # or complete_response_rate, or outcome_rate with its outcome as cause
    group: all                           # all, or the name of a group
    where: abstract                      # place in the publication
  - id: age
    says: {mean: , sd: , n: , step: , unit: years}  # step: 1 if single values are whole numbers; a range: level 100
    statistic: mean_value                # or median_value, with its number as value
    cause: age_years
    where: table 1
  - id: groups-compared
    says: {p: }                          # a number, a bound such as <0.001, or NS
    statistic: p_value
    test:                                # fisher, chi_squared, log_rank, gray, mann_whitney or t, if it is named
    groups: [A, B]                       # claims on the rate in A and in B give the counts behind it
    where: table 2
"""


def write_claims(path: Path) -> None:
    """Write the template; a file that is there is left alone.

    Raises
    ------
    BadInput : a file of this name, or no folder to put it into.
    """
    if path.exists():
        raise BadInput([Finding("new", column="--claims", rule="a file of this name is there already")])
    if not path.parent.is_dir():
        raise BadInput([Finding("new", column="--claims", rule="there is no folder of this name to put the file into")])
    path.write_text(CLAIMS, encoding="utf-8")
