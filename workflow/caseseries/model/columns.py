"""The columns of the records contract: what each is called, holds and may hold, once for every reader of it.

Messages, templates, Table 1, the case listing, sentences and documentation all say what stands here: a further column
is a further `Column` in `TABLES` and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from caseseries.model.analytes import ANALYTES, PLATELETS

ITP = ("itp",)
"""The condition that asks for its phase and for pregnancy."""

YES_NO = ("yes", "no")
EVENT_KINDS = ("rescue", "platelet_transfusion", "itp_therapy", "stop_drug", "delivery", "death", "lost")
TIMEPOINTS = (
    "baseline",
    "nadir",
    "best",
    "delivery",
    "first_response",
    "maintenance",
    "onset",
    "birth",
    "before_treatment",
)
POST_DOSE_TIMEPOINTS = ("best", "delivery", "first_response")
REPORTED_RESPONSES = ("CR", "R", "NR", "responded")
RESPONSE_CLASSES = ("CR", "R", "responded")

COUNT_UNIT = str(ANALYTES[PLATELETS].unit)
"""Unit of a platelet count."""


@dataclass(frozen=True)
class Column:
    """One column of the contract, or a covariate that a cohort declares.

    Parameters
    ----------
    name : as in the header of the file.
    kind : text, number, day (whole number, may be negative), whole (whole number from 0) or quantity (an interval such
        as `<5`).
    label : how a table names it, without its unit.
    about : what it means, in messages and documentation.
    unit : of its numbers.
    noun : how a sentence names it; empty where that is the label in small letters.
    example : a good value.
    allowed : closes the list of values; `levels` has the label of each value that is not shown as written.
    required : whether a row may lack it; minimum, maximum : ends of what is accepted.
    role : a `variable` is described in Table 1 and listed by case, an `outcome` is listed by case alone, so is a
        `record` of what was looked for, which is not missed where nobody has it; a `key` is neither.
    conditions : those that ask for it, all where it is empty; missed : whether a cohort is told that nobody has it.
    """

    name: str
    kind: Literal["text", "number", "day", "whole", "quantity"]
    label: str
    about: str
    unit: str = ""
    noun: str = ""
    example: str = ""
    allowed: tuple[str, ...] = ()
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    role: Literal["variable", "outcome", "record", "key"] = "variable"
    levels: dict[str, str] = field(default_factory=dict, hash=False)
    conditions: tuple[str, ...] = ()
    missed: bool = True

    @property
    def numeric(self) -> bool:
        """Its typed form is a float column."""
        return self.kind in ("number", "day", "whole")


EPISODE_ID = Column("episode_id", "text", "Episode", "one treatment course", example="E01", required=True, role="key")

TABLES: dict[str, tuple[Column, ...]] = {
    "episodes": (
        EPISODE_ID,
        Column("patient_id", "text", "Person", "person; a person may have several episodes", example="P01", role="key"),
        Column(
            "episode_order",
            "whole",
            "Episode of the person",
            "which of the person's episodes it is, 1 for the first; else age, earlier lines or dates must tell",
            example="1",
            minimum=1,
            role="record",
        ),
        Column("age_years", "number", "Age", "age at first dose", "years", example="31", minimum=0, maximum=89),
        Column("sex", "text", "Sex", "sex", example="female", allowed=("female", "male")),
        Column(
            "pregnant",
            "text",
            "Pregnant",
            "pregnant at first dose or during the course",
            conditions=ITP,
            noun="pregnancy",
            example="yes",
            allowed=YES_NO,
        ),
        Column(
            "itp_phase",
            "text",
            "ITP phase",
            "disease phase",
            example="chronic",
            allowed=("newly diagnosed", "persistent", "chronic"),
            conditions=ITP,
        ),
        Column(
            "prior_lines",
            "whole",
            "Earlier lines of treatment",
            "number of earlier lines of treatment",
            example="2",
            minimum=0,
            maximum=30,
        ),
        Column("splenectomy", "text", "Splenectomy", "spleen removed before first dose", example="no", allowed=YES_NO),
        Column("drug", "text", "Drug", "study drug", example="rhTPO"),
        Column(
            "gestational_week",
            "number",
            "Gestation",
            "gestation at first dose",
            "weeks",
            example="31.5",
            minimum=0,
            maximum=45,
            conditions=ITP,
        ),
        Column(
            "weight_kg",
            "number",
            "Body weight",
            "body weight at first dose",
            "kg",
            example="64",
            minimum=0.3,
            maximum=300,
        ),
        Column(
            "baseline",
            "quantity",
            "Baseline count",
            "count at first dose",
            COUNT_UNIT,
            example="12 or <5",
            minimum=0,
            maximum=2000,
        ),
        Column(
            "bleeding_recorded",
            "text",
            "Bleeding was recorded",
            "bleeding was looked for and written down",
            noun="bleeding",
            example="yes",
            allowed=YES_NO,
        ),
        Column(
            "bleeding_recorded_to",
            "day",
            "Bleeding was recorded to",
            "last day on which bleeding was looked for; empty: the end of follow-up",
            "days",
            example="28",
            role="record",
        ),
        Column(
            "adverse_events_recorded",
            "text",
            "Adverse events were recorded",
            "adverse events were looked for and written down; read where cohort.yaml says by_episode",
            noun="adverse events",
            example="yes",
            allowed=YES_NO,
            role="record",
        ),
        Column(
            "follow_up_end_day",
            "day",
            "Last day of follow-up",
            "last day on which the episode was observed",
            "days",
            noun="end of follow-up",
            example="42",
        ),
        Column(
            "reported_response",
            "text",
            "Class as reported",
            "class that the source gives",
            example="CR",
            allowed=REPORTED_RESPONSES,
            role="outcome",
        ),
        Column(
            "reported_time_to_response",
            "day",
            "Time to response as reported",
            "time to response that the source gives",
            "days",
            example="7",
            minimum=0,
            role="outcome",
        ),
    ),
    "counts": (
        EPISODE_ID,
        Column(
            "day", "day", "Day", "day of the count; day 0 is the first dose, empty where undated", "days", example="7"
        ),
        Column(
            "timepoint", "text", "Time point", "what the source calls the count", example="delivery", allowed=TIMEPOINTS
        ),
        Column("count", "quantity", "Count", "count", COUNT_UNIT, example="45 or <5", required=True, minimum=0),
        Column(
            "flag",
            "text",
            "Flag",
            "pre_event: taken before an event of the same day",
            example="pre_event",
            allowed=("pre_event",),
        ),
        Column("analyte", "text", "Analyte", "what was counted", example="platelets"),
        Column("unit", "text", "Unit", "unit of the count; empty where it is that of its analyte", example="g/dL"),
    ),
    "events": (
        EPISODE_ID,
        Column("day", "day", "Day", "day of the event", "days", example="14", required=True),
        Column("kind", "text", "Event", "what happened", example="rescue", allowed=EVENT_KINDS, required=True),
        Column("detail", "text", "Detail", "a coded detail", example="IVIG"),
    ),
    "bleeding": (
        EPISODE_ID,
        Column("first_day", "day", "First day", "first day of bleeding", "days", example="3", required=True),
        Column("last_day", "day", "Last day", "last day of bleeding", "days", example="5", required=True),
        Column(
            "who_grade", "whole", "WHO grade", "WHO bleeding grade", example="1", required=True, minimum=0, maximum=4
        ),
    ),
    "exposures": (
        EPISODE_ID,
        Column("drug", "text", "Drug", "drug given", example="prednisone", required=True),
        Column("class", "text", "Drug class", "drug class", example="corticosteroid"),
        Column(
            "role",
            "text",
            "Role",
            "why it was given",
            example="concomitant",
            allowed=("study", "concomitant", "rescue"),
        ),
        Column("first_day", "day", "First day", "first day of the course", "days", example="0"),
        Column("last_day", "day", "Last day", "last day of the course", "days", example="13"),
        Column("dose", "number", "Dose", "dose", example="300", minimum=0),
        Column("dose_unit", "text", "Unit of the dose", "unit of the dose", example="U/kg"),
    ),
    "weights": (
        EPISODE_ID,
        Column("day", "day", "Day", "day on which the weight was taken", "days", example="84", required=True),
        Column(
            "weight_kg",
            "number",
            "Body weight",
            "body weight",
            "kg",
            example="21.5",
            required=True,
            minimum=0.3,
            maximum=300,
        ),
    ),
    "adverse_events": (
        EPISODE_ID,
        Column("day", "day", "Day", "day of onset", "days", example="9"),
        Column(
            "subject",
            "text",
            "In whom",
            "who had it",
            example="neonate",
            allowed=("mother", "neonate", "patient"),
            required=True,
        ),
        Column("term", "text", "Event", "coded term", example="dizziness", required=True),
        Column("grade", "whole", "Grade", "CTCAE grade", example="2", minimum=1, maximum=5),
        Column("serious", "text", "Serious", "serious", example="no", allowed=YES_NO),
    ),
    "outcomes": (
        EPISODE_ID,
        Column("outcome", "text", "Outcome", "the outcome that is timed", example="response"),
        Column(
            "day",
            "day",
            "Day",
            "day of the outcome, the competing cause or the end of observation",
            "days",
            example="14",
            minimum=0,
        ),
        Column("left_day", "day", "After day", "last day known to be before it", "days", example="7", minimum=0),
        Column(
            "right_day",
            "day",
            "By day",
            "first day known to be at or after it; empty where open",
            "days",
            example="14",
            minimum=0,
        ),
        Column(
            "cause",
            "text",
            "Cause",
            "the outcome itself, a competing cause, or censored",
            example="censored",
            required=True,
        ),
    ),
    "aggregates": (
        Column("group", "text", "Group", "group of cases", example="rhTPO", required=True),
        Column("outcome", "text", "Outcome", "what was counted or measured", example="response", required=True),
        Column(
            "definition",
            "text",
            "Definition",
            "definition used by the source; empty where not stated",
            example="not_stated",
        ),
        Column("events", "whole", "Cases with the outcome", "cases with the outcome", example="23", minimum=0),
        Column("n", "whole", "Cases", "cases observed; with origin estimates those evaluable", example="31", minimum=0),
        Column(
            "not_evaluable",
            "whole",
            "Not evaluable",
            "further cases whose outcome is not known",
            example="2",
            minimum=0,
        ),
        Column("value", "number", "Value", "printed value", example="74.2"),
        Column("lower", "number", "Lower limit", "printed lower limit", example="39"),
        Column("upper", "number", "Upper limit", "printed upper limit", example="68"),
        Column("unit", "text", "Unit", "unit of the value", example="%"),
        Column(
            "origin",
            "text",
            "Origin",
            "printed, derived from what is printed, or from the estimates of another run",
            example="printed",
            allowed=("printed", "derived", "estimates"),
            required=True,
        ),
    ),
    "curves": (
        Column("curve", "text", "Curve", "name of the printed figure", example="figure-2a", required=True, role="key"),
        Column("group", "text", "Group", "group of cases whose curve it is", example="rhTPO", required=True),
        Column("outcome", "text", "Outcome", "what the curve is about", example="response", required=True),
        Column(
            "kind",
            "text",
            "Kind",
            "whether the curve falls (survival) or climbs (incidence)",
            example="survival",
            allowed=("survival", "incidence"),
            required=True,
        ),
        Column(
            "day",
            "number",
            "Day",
            "day of the step; in another unit where time_unit says so",
            "days",
            example="14",
            minimum=0,
            required=True,
        ),
        Column("value", "number", "Value", "level after the step, as read", example="0.834", required=True),
        Column(
            "error",
            "number",
            "Reading error",
            "how far a reading may be from the true level, in the unit of the value",
            example="0.005",
            minimum=0,
            required=True,
        ),
        Column("time_unit", "text", "Unit of time", "unit of day; days where empty", example="months"),
        Column(
            "value_unit",
            "text",
            "Unit of the value",
            "share (0 to 1) or percent (0 to 100); share where empty",
            example="percent",
            allowed=("share", "percent"),
        ),
    ),
    "at_risk": (
        Column("curve", "text", "Curve", "name of the printed figure", example="figure-2a", required=True, role="key"),
        Column("group", "text", "Group", "group of cases", example="rhTPO", required=True),
        Column(
            "day",
            "number",
            "Day",
            "day under which the number stands; in another unit where time_unit says so",
            "days",
            example="7",
            minimum=0,
            required=True,
        ),
        Column(
            "at_risk",
            "whole",
            "At risk",
            "cases at risk on that day: without the event and still followed before it",
            example="31",
            minimum=0,
            required=True,
        ),
        Column("time_unit", "text", "Unit of time", "unit of day; days where empty", example="months"),
    ),
}

KEYS: dict[str, tuple[str, ...]] = {
    "episodes": ("episode_id",),
    "events": ("episode_id", "day", "kind", "detail"),
    "bleeding": ("episode_id", "first_day", "last_day", "who_grade"),
    "weights": ("episode_id", "day"),
    "outcomes": ("episode_id", "outcome"),
    "aggregates": ("group", "outcome", "definition", "unit"),
    "at_risk": ("curve", "group", "day"),
}

WITHOUT_CASES = ("aggregates", "curves", "at_risk")
"""Tables of what is printed, whose rows are no cases."""
"""Columns that together name a row once. Counts may repeat within a day: the definition says which one is kept."""

QUANTITY_PREFIX = {"count": ""}
"""Prefix of the interval columns of a written quantity, where it is not its name."""


def quantities(table: str) -> list[tuple[str, str]]:
    """The written quantities of a table: each column and the prefix of its interval columns."""
    return [
        (column.name, QUANTITY_PREFIX.get(column.name, f"{column.name}_"))
        for column in TABLES[table]
        if column.kind == "quantity"
    ]
