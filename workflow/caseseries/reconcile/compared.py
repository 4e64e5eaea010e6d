"""p-values of a claim again, from the cases of the groups that it compares."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from caseseries.estimate.curves import cause_codes
from caseseries.model.claim import Claim
from caseseries.model.groups import ALL
from caseseries.model.results import event_of
from caseseries.reconcile import p_value
from caseseries.reconcile.answer import DIFFERS, REPRODUCED, Answer
from caseseries.reconcile.from_times import timed_definition
from caseseries.reconcile.grounds import Grounds, Numbers, Ours, chosen, column


def compare_groups(claim: Claim, grounds: Grounds) -> Ours | None:
    """The tests that the cases allow beside the printed p-value; None where there are no such cases."""
    printed = claim.says.p
    groups = _groups_compared(claim, grounds)
    if printed is None or len(groups) < 2:
        return None
    made: dict[str, float] = {}
    for tests in (_tests_of_rates, _tests_of_times, _tests_of_values):
        made |= tests(claim, grounds, groups)
    usable = {name: p for name, p in made.items() if name != p_value.ONE_SIDED}
    meant = [name for name in (p_value.VARIANTS[claim.test] if claim.test else usable) if name in usable]
    if not meant:
        return None
    fitting = p_value.fitting_tests(printed, made, claim.test)
    numbers: Numbers = {"p": made[(fitting or meant)[0]]}
    if fitting:
        return Ours(numbers, Answer(REPRODUCED, f"{p_value.gives(fitting)}: {p_value.shown(made)}", tuple(fitting)))
    return Ours(numbers, Answer(DIFFERS, p_value.not_given(printed, made, claim.test)))


def _groups_compared(claim: Claim, grounds: Grounds) -> dict[str, pd.DataFrame]:
    """Episodes of the groups that a p-value compares: those it names, or all of the cohort where it names none.

    A group that is named as a whole ("A / B") is held against the names of the cohort's groups, never taken apart.
    """
    known = {key: members for key, members in grounds.groups.items() if key != ALL}
    if claim.groups:
        return {key: known[key] for key in claim.groups} if set(claim.groups) <= set(known) else {}
    named = {between.join(known) for between in (" / ", " against ", " vs ", " versus ")}
    return known if claim.group == ALL or claim.group in named else {}


def _tests_of_rates(claim: Claim, grounds: Grounds, groups: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Tests of the rates of the groups: of response, or of the outcome that the claim names."""
    statistic = {"": "response_rate", "response": "response_rate", "complete_response": "complete_response_rate"}.get(
        claim.cause, "outcome_rate"
    )
    counts = []
    for group in groups:
        of_group = claim.model_copy(
            update={"group": group, "cause": claim.cause if statistic == "outcome_rate" else ""}
        )
        rows = chosen(of_group, grounds.estimates, statistic, claim.definition)
        rows = rows[rows["analysis"] == "primary"]
        if not len(rows):
            return {}
        counts.append((int(rows.iloc[0]["events"]), int(rows.iloc[0]["n"])))
    return p_value.p_of_counts(counts)


def _tests_of_times(claim: Claim, grounds: Grounds, groups: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Log-rank and Gray's test of the times of the groups; counts of events too where such a test is named."""
    definitions = list(dict.fromkeys(grounds.times["definition"]))
    definition = timed_definition(claim, definitions)
    if definition is None:
        return {}
    group_of = {episode: key for key, members in groups.items() for episode in members["episode_id"]}
    here = grounds.times[(grounds.times["definition"] == definition) & grounds.times["episode_id"].isin(group_of)]
    if here["time"].isna().any() or here.empty:
        return {}
    keys = here["episode_id"].map(group_of)
    codes, _ = cause_codes(here["cause"], claim.cause or event_of(definition))
    if keys.nunique() < len(groups) or not (codes == 1).any():
        return {}
    made = p_value.p_of_times(here["time"].to_numpy(dtype=float), codes, keys.to_numpy())
    if claim.test in ("fisher", "chi_squared"):
        counts = [(int((codes[keys == key] == 1).sum()), int((keys == key).sum())) for key in groups]
        made |= p_value.p_of_counts(counts)
    return made


def _tests_of_values(claim: Claim, grounds: Grounds, groups: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Tests of the variable that the claim names as its cause, in two groups."""
    if len(groups) != 2 or not claim.cause:
        return {}
    values = [column(members, claim.cause) for members in groups.values()]
    return p_value.p_of_values(*values) if all(len(one) for one in values) else {}
