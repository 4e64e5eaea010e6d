"""Which cohorts must not be pooled with each other. What the configuration alone tells is checked as it is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from caseseries.model.applicable import REPORTED
from caseseries.model.cohort import Cohort
from caseseries.model.config import Member, Pool
from caseseries.model.findings import Finding

NOT_STATED = "not_stated"
"""`source_definition` of a cohort whose source does not say by which rule it judged."""


def check_pool(pool: Pool, cohorts: dict[str, Cohort], shown: str = "config/config.yaml") -> list[Finding]:
    """What keeps cohorts from being pooled: shared patients, selection by outcome, case reports.

    Parameters
    ----------
    pool : as configured.
    cohorts : those that are known; a member that is not among them is passed over.
    shown : how the configuration is named in messages.
    """
    key = f"pools.{pool.id}"
    findings = []
    members = dict.fromkeys(member.cohort for member in pool.members)
    known = [cohorts[member] for member in members if member in cohorts]
    for one, other in combinations(known, 2):  # either may name the other; what both share with a third says nothing
        if other.id in one.overlaps or one.id in other.overlaps:
            rule = f"{one.id} and {other.id} may share patients and must not be pooled together"
            findings.append(Finding(shown, column=key, rule=rule))
    for cohort in known:
        if cohort.selected:
            how = "by their outcome" if cohort.selected_for else "to be written up"
            rule = f"the cases of {cohort.id} were selected {how} and must not be pooled"
            findings.append(Finding(shown, column=key, rule=rule))
    return findings


def left_out_name(pool: Pool, member: Member) -> str:
    """Contrast of the analysis that leaves a member out: its cohort, and its group where the pool has several of it."""
    once = [other.cohort for other in pool.members].count(member.cohort) == 1
    return f"without {member.cohort}" + ("" if once else f", {member.group}")


def same_rule(pool: Pool, cohorts: Mapping[str, Cohort]) -> str:
    """The definition by which every member of a pool judged response, "" where they differ or one is not stated.

    A pool of a definition that is run on the cases has that one.
    """
    if pool.definition != REPORTED:
        return pool.definition
    rules = {cohorts[member.cohort].source_definition for member in pool.members}
    return "" if len(rules) != 1 or NOT_STATED in rules else rules.pop()
