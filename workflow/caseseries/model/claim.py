"""`claims.yaml`: the numbers that a publication prints and that the pipeline tries to reproduce."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from caseseries.model.cohort import CohortId, Strict, refuse_aliases
from caseseries.model.findings import BadInput, Finding
from caseseries.model.yaml_file import load_model

Statistic = Literal[
    "response_rate",
    "complete_response_rate",
    "outcome_rate",
    "n_episodes",
    "median_time",
    "median_value",
    "survival",
    "cumulative_incidence",
    "restricted_mean_time",
    "median_follow_up",
    "p_value",
]
"""Statistics of the estimates contract; `n_episodes` is the number of episodes of the group."""


class Printed(Strict):
    """What the publication prints; at least one number. Decimals as written are the decimals as printed, `87.0` not
    `87`; more than one zero at the end needs quotes.
    """

    events: int | None = Field(default=None, ge=0)
    n: int | None = Field(default=None, ge=1)
    percent: Decimal | None = Field(default=None, ge=0, le=100)
    value: Decimal | None = None
    unit: str | None = None
    p: Decimal | None = Field(default=None, ge=0, le=1)

    @model_validator(mode="after")
    def _hold_a_number(self) -> Printed:
        if all(getattr(self, name) is None for name in ("events", "n", "percent", "value", "p")):
            raise ValueError("a claim says at least one of events, n, percent, value, p")
        return self


class Claim(Strict):
    """One published number and where our counterpart stands in estimates.csv."""

    id: CohortId
    says: Printed
    statistic: Statistic
    definition: str = Field(default="as_reported", description="id of a response definition, or as_reported")
    group: str = Field(default="all", description="group of estimates.csv; all is everybody")
    groups: list[str] = Field(default_factory=list, description="groups that a p_value compares, in the cohort's order")
    cause: str = Field(default="", description="outcome, for outcome_rate and cumulative_incidence")
    where: str = Field(min_length=3, description="place in the publication")
    incomplete: str = Field(
        default="", description="what the transcription lacks, so that the number cannot be derived from it"
    )


class Claims(Strict):
    """The contents of claims.yaml."""

    claims: list[Claim] = Field(min_length=1)

    @model_validator(mode="after")
    def _name_each_once(self) -> Claims:
        ids = [claim.id for claim in self.claims]
        if len(set(ids)) < len(ids):
            raise ValueError("every claim has an id of its own")
        return self


def load_claims(folder: Path) -> list[Claim]:
    """Claims of a cohort folder in their order; an empty list where it has no claims.yaml.

    Raises
    ------
    BadInput : a faulty file, with every fault.
    """
    path = folder / "claims.yaml"
    if not path.exists():
        return []
    shown = f"{folder.name}/claims.yaml"
    refuse_aliases(path, shown)
    claims = load_model(Claims, path, shown).claims
    findings = [finding for claim in claims for finding in check_claim(claim, shown)]
    if findings:
        raise BadInput(findings)
    return claims


def check_claim(claim: Claim, shown: str) -> list[Finding]:
    """What the parts of a claim lack beside each other."""
    findings = []
    if claim.statistic == "outcome_rate" and not claim.cause:
        rule = "a claim on an outcome_rate names the outcome"
        example = "newborn_adverse_event"
        findings.append(Finding(shown, case=claim.id, column="cause", rule=rule, example=example))
    if (claim.statistic == "p_value") != (claim.says.p is not None):
        rule = "p and the statistic p_value go together: a p-value is a claim of its own"
        findings.append(Finding(shown, case=claim.id, column="says.p", rule=rule, example="statistic: p_value"))
    if claim.statistic == "p_value" and claim.group != "all":
        rule = "the groups that a p-value compares stand in groups, one by one"
        findings.append(Finding(shown, case=claim.id, column="group", rule=rule, example="groups: [A, B]"))
    if claim.groups and (claim.statistic != "p_value" or len(claim.groups) < 2):
        rule = "groups names two or more groups that a p_value compares; another number has one group"
        findings.append(Finding(shown, case=claim.id, column="groups", rule=rule, example="group: A"))
    return findings
