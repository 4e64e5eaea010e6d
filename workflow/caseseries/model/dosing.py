"""Dosing rules as data: what a label, registry entry or paper says of the dose, figure by figure with its source.

The names of the rules are those of the rows of dosing.csv. A rule that a text does not have is left out.
"""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field, model_validator

from caseseries.model.cohort import Filled, Name
from caseseries.model.strict import Strict

Basis = Literal["P", "S", "M", "C"]
CHOICE = "choice"
"""Source of what no text says and we had to settle; its basis is C."""

Sources = Annotated[
    dict[Name, Basis],
    Field(
        min_length=1, description="source of the profile -> how it was read: P itself, S in a copy or told, C choice"
    ),
]
Dose = Annotated[float, Field(gt=0)]
PlateletCount = Annotated[float, Field(ge=0, description="10^9/L")]
Days = Annotated[int, Field(gt=0)]


class Clause(Strict):
    """One statement of a text."""

    source: Sources


class Start(Clause):
    """First dose: any of these; `open` are doses that fit only with facts that no column holds."""

    doses: list[Dose] = Field(min_length=1)
    open: list[Dose] = Field(default_factory=list)


class Maximum(Clause):
    """Highest dose."""

    dose: Dose


class Step(Clause):
    """Largest change from one dose to the next."""

    at_most: Dose


class Raise(Clause):
    """Dose up after a count below."""

    below: PlateletCount
    by: Dose


class Reduce(Clause):
    """Dose down after two counts running above; never below the floor."""

    above: PlateletCount
    weeks: Literal[2]
    by: Dose
    floor: Dose


class Hold(Clause):
    """No dose after a count above."""

    above: PlateletCount


class Resume(Clause):
    """After a hold, on again once a count is below, by so much lower; never below the floor."""

    below: PlateletCount
    by: Dose
    floor: Dose


class Interval(Clause):
    """Days from dose to dose."""

    days: Days


class StopRule(Clause):
    """So many doses running at the maximum, none followed by an improvement: the drug is to be stopped."""

    doses: Literal[4]
    improved_at: PlateletCount = Field(description="a count of so much is an improvement")


class WeightCheck(Clause):
    """Below an age, the weight behind a dose is at most so many days old."""

    under_age: float
    days: Days


class DailyDose(Clause):
    """The one dose."""

    dose: Dose
    unit: str


class CourseLength(Clause):
    """Longest course."""

    days: Days


class EveryOtherDay(Clause):
    """Every other day once a count was above."""

    above: PlateletCount


class StopAt(Clause):
    """No further dose once a count has reached this."""

    count: PlateletCount


class Rules(Strict):
    """The rules of one text, by their names in dosing.csv."""

    start: Start | None = None
    maximum: Maximum | None = None
    dose_unit: Clause | None = None
    step_up: Step | None = None
    step_down: Step | None = None
    raise_: Raise | None = Field(default=None, alias="raise")
    unchanged: Clause | None = None
    reduce: Reduce | None = None
    hold: Hold | None = None
    resume: Resume | None = None
    interval: Interval | None = None
    missed_dose_doubled: Clause | None = None
    stop_rule: StopRule | None = None
    weight_check: WeightCheck | None = None
    dose: DailyDose | None = None
    course_length: CourseLength | None = None
    every_other_day: EveryOtherDay | None = None
    stop_at_100: StopAt | None = None

    @property
    def by_count(self) -> tuple[Raise, Clause, Reduce, Hold, Resume] | None:
        """The rules by which counts steer the dose, all or none."""
        if not (self.raise_ and self.unchanged and self.reduce and self.hold and self.resume):
            return None
        return self.raise_, self.unchanged, self.reduce, self.hold, self.resume

    def doses_named(self, unit: str) -> list[tuple[float, str]]:
        """Every dose that the text names, with its unit: first doses, the highest, the one dose."""
        doses = [*self.start.doses, *self.start.open] if self.start else []
        doses += [self.maximum.dose] if self.maximum else []
        return [(dose, unit) for dose in doses] + ([(self.dose.dose, self.dose.unit)] if self.dose else [])

    @property
    def given(self) -> dict[str, Clause]:
        """The rules that the text has, by name."""
        names = {name: "raise" if name == "raise_" else name for name in type(self).model_fields}
        rules = {shown: getattr(self, name) for name, shown in names.items()}
        return {name: rule for name, rule in rules.items() if rule is not None}

    @model_validator(mode="after")
    def _no_gap(self) -> Rules:
        by_count = ("raise", "reduce", "hold", "resume", "unchanged")
        missing = [name for name in by_count if name not in self.given]
        if missing and len(missing) < len(by_count):
            listed = ", ".join(missing)
            raise ValueError(
                f"the rules by count have a gap: {listed} missing; with any of them all five must be given"
            )
        if self.by_count:
            self._check_order(*self.by_count)
        if self.stop_rule and not self.maximum:
            raise ValueError("the stop_rule speaks of the maximum, and there is no maximum")
        if self.start and self.maximum and max(self.start.doses) > self.maximum.dose:
            raise ValueError("the start must not be above the maximum")
        return self

    @staticmethod
    def _check_order(up: Raise, unchanged: Clause, down: Reduce, hold: Hold, resume: Resume) -> None:
        """Every count must have one rule: below raise, up to reduce, up to hold, above it."""
        if not up.below <= down.above < hold.above:
            rule = "the counts have a gap or an overlap: raise.below <= reduce.above < hold.above must hold"
            raise ValueError(rule)
        if not up.below <= resume.below <= hold.above:
            rule = "the counts have a gap or an overlap: raise.below <= resume.below <= hold.above must hold"
            raise ValueError(rule)


class RuleSet(Strict):
    """The rules of one document: a label, a registry entry, a trial."""

    name: Filled = Field(description="the document, as a reader knows it")
    condition: Name | None = Field(default=None, description="what it is for, where not the condition of the profile")
    also_called: list[Name] = Field(default_factory=list, description="further ids by which a cohort may name it")
    only_if_named: bool = Field(default=False, description="applied only where a cohort's label names it")
    who: str = Field(default="", description="for whom, where not for everybody")
    rules: Rules


NEEDS = {
    "dose_tolerance": ("start", "maximum", "step_up", "step_down", "raise", "missed_dose_doubled"),
    "dose_tolerance_percent": ("dose",),
    "interval_tolerance_days": ("raise", "interval", "missed_dose_doubled"),
    "no_improvement": ("stop_rule",),
    "weights_complete": ("weight_check",),
    "course_gap_days": ("course_length", "every_other_day", "stop_at_100"),
}
"""The choices without which some rules cannot be judged."""

T = TypeVar("T")


class Choice(Strict, Generic[T]):
    """What the texts leave open: the value used, the others that are run beside it, and why."""

    value: T
    also: list[T] = Field(default_factory=list)
    why: Filled


NoImprovement = Literal["below_target_and_not_doubled", "below_target", "no_rise", "clinician"]


class Choices(Strict):
    """Our choices in judging a dose; every one is named in the report where it is used."""

    dose_tolerance: Choice[float] | None = Field(default=None, description="difference that is none, in the dose unit")
    dose_tolerance_percent: Choice[float] | None = Field(default=None, description="the same in percent")
    interval_tolerance_days: Choice[int] | None = None
    no_improvement: Choice[NoImprovement] | None = Field(default=None, description="reading of the stop rule")
    count_steers: Choice[Literal["same_day", "next_day"]]
    transfused_counts: Choice[Literal["dropped", "kept"]]
    course_gap_days: Choice[int] | None = Field(default=None, description="days without drug that end a course")
    weights_complete: Choice[Literal["if_any_is_listed", "never"]] | None = None


class Weight(Clause):
    """From which age on the weight at the start serves for the whole course; before, that of the dose's day."""

    start_weight_from_age: float = Field(ge=0)


class Dosing(Strict):
    """How a drug is dosed: its units, our choices, and the rules of each text."""

    unit: str = Field(description="unit of a dose in dosing.csv", examples=["mcg/kg"])
    units: dict[str, list[str]] = Field(min_length=1, description="units in which a dose may be recorded -> spellings")
    every_days: Days = Field(description="days between the doses of one row")
    weight: Weight | None = Field(default=None, description="needed to turn a dose into a dose per kg")
    choices: Choices
    labels: dict[Name, RuleSet] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Dosing:
        if self.unit not in self.units:
            raise ValueError("the unit of the doses must be one of units")
        undeclared = {set_.rules.dose.unit for set_ in self.labels.values() if set_.rules.dose} - set(self.units)
        if undeclared:
            raise ValueError(f"a dose is given in {', '.join(sorted(undeclared))}, which units does not declare")
        called = [name for set_ in self.labels.values() for name in set_.also_called]
        if len(called) > len(set(called)) or set(called) & set(self.labels):
            raise ValueError("two labels go by the same name")
        if len({unit.endswith("/kg") for unit in self.units}) > 1 and self.weight is None:
            raise ValueError("doses per kg and doses in all need the weight by which they are turned into each other")
        given = {name for rules in self.labels.values() for name in rules.rules.given}
        lacking = [name for name, rules in NEEDS.items() if given & set(rules) and not getattr(self.choices, name)]
        if lacking:
            raise ValueError(f"the rules cannot be judged without the choices {', '.join(lacking)}")
        return self

    def unit_of(self, written: str) -> str:
        """The declared unit that is meant by a written one; "" where none is."""
        wanted = plain_unit(written)
        for unit, spellings in self.units.items():
            if wanted in {plain_unit(spelling) for spelling in (unit, *spellings)}:
                return unit
        return ""

    def label_id(self, named: str | None) -> str | None:
        """The label that a cohort names, under its own id; None where the profile has none of this name."""
        return next((id_ for id_, rules in self.labels.items() if named and named in (id_, *rules.also_called)), None)


def plain_unit(written: str) -> str:
    """A unit without blanks and capitals, with one of the two signs for micro."""
    return written.strip().casefold().replace(" ", "").replace("\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}")
