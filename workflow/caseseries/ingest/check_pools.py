"""Whether the pools of a configuration can be made of its cohorts, told before any work is done."""

from __future__ import annotations

from caseseries.model.cohort import Cohort
from caseseries.model.config import Config, Member
from caseseries.model.findings import Finding
from caseseries.model.pooling import check_pool
from caseseries.model.records import Records

NOT_RECORDED = "not recorded"
"""Group of the episodes whose grouping column is empty."""


def check_pools(config: Config, cohorts: dict[str, Cohort], records: dict[str, Records], shown: str) -> list[Finding]:
    """What keeps the pools from being made.

    Parameters
    ----------
    config : with the pools.
    cohorts : those whose cohort.yaml could be read.
    records : typed records of those that are without error; of the others nothing more is said.
    shown : how the configuration is named in messages.
    """
    findings = []
    for pool in config.pools:
        refused = check_pool(pool, cohorts, shown)
        findings += refused
        for member in [] if refused else pool.members:
            if member.cohort in records:
                cohort, found = cohorts[member.cohort], records[member.cohort]
                rule, example = check_member(member, pool.definition, config.definitions, cohort, found)
                if rule:
                    findings.append(Finding(shown, column=f"pools.{pool.id}", rule=rule, example=example))
    return findings


def check_member(
    member: Member, definition: str, run: list[str] | str, cohort: Cohort, records: Records
) -> tuple[str, str]:
    """Rule and example where a member will have no rate of the pool's definition, whatever its counts are; else empty.

    `run` are the definitions under which the cases are classed, or `all`.
    """
    printed = printed_groups(definition, records)
    classed = case_groups(cohort, records)
    if member.group in printed:
        return "", ""
    if member.group in classed:
        if run == "all" or definition in run:
            return "", ""
        return f"the pool's definition {definition} must stand in the list of definitions", "definitions: all"
    groups = list(dict.fromkeys([*classed, *printed]))
    if not groups:
        return f"{member.cohort} gives no response under {definition}", ""
    return f"{member.cohort} has no group {member.group} with a response", f"group: {groups[0]}" + (
        f", or one of {', '.join(groups[1:])}" if len(groups) > 1 else ""
    )


def case_groups(cohort: Cohort, records: Records) -> list[str]:
    """Groups into which the episodes fall, as the results name them."""
    episodes = records["episodes"]
    if not len(episodes):
        return []
    if cohort.grouped_by is None:
        return ["all"]
    levels = next((one.levels for one in cohort.covariates if one.name == cohort.grouped_by), {})
    values = sorted(set(episodes[cohort.grouped_by]))
    return ["all", *dict.fromkeys(levels.get(value, value) or NOT_RECORDED for value in values)]


def printed_groups(definition: str, records: Records) -> list[str]:
    """Groups with a response among the counts that stand in place of cases; see `estimate.rates.aggregate_rates`."""
    table = records["aggregates"]
    own = (table["origin"] != "estimates") & (definition == "as_reported")
    sent = (table["origin"] == "estimates") & (table["definition"] == definition)
    counted = table["events"].notna() & table["n"].notna() & (table["outcome"] == "response")
    return list(dict.fromkeys(table.loc[counted & (own | sent), "group"]))
