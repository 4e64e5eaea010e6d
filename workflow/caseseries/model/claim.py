"""`claims.yaml`: the numbers that a publication prints and that are to be checked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from caseseries.model.cohort import CohortId, refuse_aliases
from caseseries.model.findings import BadInput, Finding
from caseseries.model.printed import P
from caseseries.model.strict import Strict
from caseseries.model.time_unit import DAYS_IN, days_of, time_unit
from caseseries.model.yaml_file import load_model

Statistic = Literal[
    "response_rate",
    "complete_response_rate",
    "outcome_rate",
    "n_episodes",
    "median_time",
    "median_value",
    "mean_value",
    "survival",
    "cumulative_incidence",
    "restricted_mean_time",
    "median_follow_up",
    "p_value",
    "statement",
]
"""Statistics of the estimates contract; `n_episodes` is the number of episodes of the group, a `statement` is what a
publication says in words."""

RATES = ("response_rate", "complete_response_rate", "outcome_rate")
AT_A_TIME = ("survival", "cumulative_incidence")
"""Statistics that are read from a curve on a day, which a claim must name."""

TIMES = ("median_time", "restricted_mean_time", "median_follow_up")
"""Statistics that are a time, in a unit of time."""

TestName = Literal["fisher", "chi_squared", "log_rank", "gray", "mann_whitney", "t"]
NUMBERS = ("events", "n", "percent", "value", "mean", "sd", "lower", "upper", "p", "words")
OF_A_SHARE = {"": 1, "share": 1, "fraction": 1, "proportion": 1, "%": 100, "percent": 100, "per cent": 100}
OF_A_SHARE |= {"per 1000": 1000, "‰": 1000, "per 10000": 10000, "per 100000": 100000}
"""Units of a share, and how much of it is everybody."""


def _days(value: object) -> object:
    """Days from a number or from a number with its unit: `12 months`."""
    if not isinstance(value, str):
        return value
    number, _, unit = value.strip().partition(" ")
    if time_unit(unit or "days") is None:
        raise ValueError(f"a time has a number and a unit of {', '.join(DAYS_IN)} (12 months)")
    try:
        return float(days_of(Fraction(number), unit or "days"))
    except (ValueError, ZeroDivisionError):
        raise ValueError("a time is a number of days, or a number and its unit (12 months)") from None


class Printed(Strict):
    """What the publication prints; at least one number. Decimals as written are the decimals as printed: `87.0`, not
    `87`.
    """

    events: int | None = Field(default=None, ge=0)
    n: int | None = Field(default=None, ge=1)
    percent: Decimal | None = Field(default=None, ge=0, le=100)
    value: Decimal | None = None
    unit: str | None = None
    mean: Decimal | None = None
    sd: Decimal | None = Field(default=None, ge=0, description="standard deviation, divisor n - 1")
    lower: Decimal | None = Field(default=None, description="in the unit of the number printed beside it")
    upper: Decimal | None = None
    level: Decimal | None = Field(
        default=None,
        gt=0,
        le=100,
        description="of lower and upper, 95 if absent; beside a mean or median 100 is the range, 50 the quartiles",
    )
    step: Decimal | None = Field(
        default=None, gt=0, description="smallest unit in which single values are recorded, 1 for whole numbers"
    )
    p: P | None = Field(default=None, description="a number, a bound such as <0.001, or NS")
    words: str | None = Field(default=None, min_length=1, description="of a statement: what is said, in a few words")

    @model_validator(mode="after")
    def _hold_a_number(self) -> Printed:
        if all(getattr(self, name) is None for name in NUMBERS):
            raise ValueError(f"a claim says at least one of {', '.join(NUMBERS)}")
        return self


class Claim(Strict):
    """One published number and where our counterpart stands in estimates.csv."""

    id: CohortId
    says: Printed
    statistic: Statistic
    test: TestName | None = Field(default=None, description="test behind a p_value, where the publication names it")
    time: Annotated[float | None, BeforeValidator(_days)] = Field(
        default=None, ge=0, description="days (or 12 months) at which survival or cumulative_incidence is read"
    )
    definition: str = Field(default="as_reported", description="id of a response definition, or as_reported")
    group: str = Field(default="all", description="group of estimates.csv; all is everybody")
    groups: list[str] = Field(
        default_factory=list, description="groups that a p_value compares; of another number the parts of its group"
    )
    cause: str = Field(default="", description="outcome, event or variable that the number is about")
    where: str = Field(min_length=3, description="place in the publication")
    told_by: str = Field(
        default="",
        description="who tells of it where it is not the publication itself: a review, a news report; it is held "
        "against what the publication prints, and speaks against no number of it",
    )
    incomplete: str = Field(
        default="", description="what the transcription lacks, so that the number cannot be derived from it"
    )

    @property
    def outcome(self) -> str:
        """What a rate counts, as in the column `outcome` of aggregates.csv."""
        return {"response_rate": "response", "complete_response_rate": "complete_response"}.get(
            self.statistic, self.cause
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
    return load_claims_file(path, f"{folder.name}/claims.yaml") if path.exists() else []


def load_claims_file(path: Path, shown: str) -> list[Claim]:
    """Claims of a file, named `shown` in messages; `BadInput` with every fault."""
    refuse_aliases(path, shown)
    claims = load_model(Claims, path, shown, as_written=True).claims
    findings = [finding for claim in claims for finding in check_claim(claim, shown)]
    if findings:
        raise BadInput(findings)
    return claims


def check_claim(claim: Claim, shown: str) -> list[Finding]:
    """What the parts of a claim lack beside each other."""
    faults = [*_check_numbers(claim), *_check_subject(claim), *_check_groups(claim)]
    return [Finding(shown, case=claim.id, column=column, rule=rule, example=good) for column, rule, good in faults]


Fault = tuple[str, str, str]
"""Key, rule, example of a good value."""


def _check_numbers(claim: Claim) -> Iterator[Fault]:
    says = claim.says
    if says.events is not None and says.n is not None and says.events > says.n:
        yield "says.events", "events must not exceed n", "events: 9, n: 20"
    if (says.mean is not None or says.sd is not None) and claim.statistic != "mean_value":
        yield "says.mean", "mean and sd belong to the statistic mean_value", "statistic: mean_value"
    if claim.statistic == "mean_value" and says.mean is None:
        yield "says.mean", "a mean_value has a mean", "mean: 34.2"
    if (claim.statistic == "p_value") != (says.p is not None):
        yield "says.p", "p and the statistic p_value go together: a p-value is a claim of its own", "statistic: p_value"
    if (claim.statistic == "statement") != (says.words is not None):
        yield "says.words", "words and the statistic statement go together", "statistic: statement"
    unit = says.unit
    if unit is not None and claim.statistic in TIMES and time_unit(unit) is None:
        yield "says.unit", f"a time has a unit of {', '.join(DAYS_IN)}", "unit: months"
    if claim.statistic in TIMES and unit is None and says.value is not None:
        yield "says.unit", "a time needs its unit", "unit: days"
    if claim.statistic in AT_A_TIME and unit is not None and unit not in OF_A_SHARE:
        yield "says.unit", "a share is a percent, a value with unit %, or a value without a unit", 'unit: "%"'
    if claim.statistic in AT_A_TIME and says.value is not None and not 0 <= says.value <= OF_A_SHARE.get(unit or "", 1):
        yield "says.value", "a share lies between 0 and 1; in per cent it is given as percent", "percent: 27"


def _check_subject(claim: Claim) -> Iterator[Fault]:
    if claim.statistic == "outcome_rate" and not claim.cause:
        yield "cause", "a claim on an outcome_rate names the outcome", "newborn_adverse_event"
    if claim.statistic == "statement" and not claim.cause:
        yield "cause", "a statement names what it is about", "regimen_with_largest_rise"
    if claim.statistic in AT_A_TIME and claim.time is None:
        yield "time", f"a claim on {claim.statistic} names the time at which the curve is read, in days", "365"
    if claim.test is not None and claim.statistic != "p_value":
        yield "test", "a test belongs to the statistic p_value", "statistic: p_value"


def _check_groups(claim: Claim) -> Iterator[Fault]:
    if claim.groups and len(set(claim.groups)) < 2:
        yield "groups", "groups names two or more groups: those compared, or the parts of a whole", "groups: [A, B]"
    if claim.groups and claim.statistic == "p_value" and claim.group != "all":
        yield "group", "the groups that a p-value compares stand in groups, one by one", "groups: [A, B]"
