"""Whether the pools of a configuration can be made of its cohorts, told before any work is done."""

from __future__ import annotations

from caseseries.model.cohort import Cohort
from caseseries.model.config import Beside, Config, Member
from caseseries.model.findings import Finding
from caseseries.model.groups import groups_of
from caseseries.model.pooling import check_pool
from caseseries.model.records import Records


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
        for one in pool.beside:
            if one.cohort in records and not stands(one, cohorts[one.cohort], records[one.cohort]):
                rule = f"{one.cohort} counts or prints no {one.outcome} of a group {one.group}"
                findings.append(Finding(shown, column=f"pools.{pool.id}", rule=rule, example="outcome: response"))
    return findings


def stands(one: Beside, cohort: Cohort, records: Records) -> bool:
    """Whether a source beside a pool has anything to show: a row of aggregates.csv, or cases that are classed."""
    table, episodes = records["aggregates"], records["episodes"]
    if ((table["group"] == one.group) & (table["outcome"] == one.outcome)).any():
        return True
    classed = [group for group, _ in groups_of(cohort, episodes)] if len(episodes) else []
    return one.outcome == "response" and one.group in classed


def check_member(
    member: Member, definition: str, run: list[str] | str, cohort: Cohort, records: Records
) -> tuple[str, str]:
    """Rule and example where a member will have no rate of the pool's definition, whatever its counts are; else empty.

    `run` are the definitions under which the cases are classed, or `all`.
    """
    printed = printed_groups(definition, records)
    episodes = records["episodes"]
    classed = [group for group, _ in groups_of(cohort, episodes)] if len(episodes) else []
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


def printed_groups(definition: str, records: Records) -> list[str]:
    """Groups with a response among the counts that stand in place of cases; see `estimate.rates.aggregate_rates`."""
    table = records["aggregates"]
    own = (table["origin"] != "estimates") & (definition == "as_reported")
    sent = (table["origin"] == "estimates") & (table["definition"] == definition)
    counted = table["events"].notna() & table["n"].notna() & (table["outcome"] == "response")
    return list(dict.fromkeys(table.loc[counted & (own | sent), "group"]))
