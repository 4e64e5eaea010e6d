"""The variables of the ADaM data sets: name, label and type of each, as CDISC names them where it has a name.

Names have at most 8 letters and labels at most 40, as a SAS transport file takes them. Days are study days: the first
dose is day 1 and the day before it -1; there is no day 0. No file holds a date, since no record does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "whole", "number"]


@dataclass(frozen=True)
class Variable:
    """A variable of a data set; `key` says that it helps to name a row."""

    name: str
    label: str
    kind: Kind = "text"
    key: bool = False


STUDY = Variable("STUDYID", "Study Identifier", key=True)
SUBJECT = Variable("USUBJID", "Unique Subject Identifier", key=True)
EPISODE = Variable("EPISODE", "Treatment Course, as in the Records", key=True)
COURSE = Variable("APERIOD", "Analysis Period: Course of the Subject", "whole")
TREATMENT = Variable("TRTA", "Actual Treatment")
PARAMCD = Variable("PARAMCD", "Parameter Code", key=True)
PARAM = Variable("PARAM", "Parameter")
DEFINITION = Variable("DEFID", "Id of the Response Definition")
VERSION = Variable("DEFVER", "Version of the Response Definition", "whole")
VALUE = Variable("AVAL", "Analysis Value", "number")
WRITTEN = Variable("AVALC", "Analysis Value (C)")
STUDY_DAY = Variable("ADY", "Analysis Relative Day", "whole")

ADSL = (
    STUDY,
    SUBJECT,
    Variable("SUBJID", "Subject Identifier for the Study"),
    Variable("AGE", "Age at First Dose", "number"),
    Variable("AGEU", "Age Units"),
    Variable("SEX", "Sex"),
    Variable("TRT01A", "Actual Treatment for Period 01"),
    Variable("SAFFL", "Safety Population Flag"),
    Variable("NCOURSES", "Number of Treatment Courses", "whole"),
    Variable("PREGFL", "Pregnant at First Dose or During Course"),
    Variable("GESTWK", "Gestation at First Dose (weeks)", "number"),
    Variable("WEIGHTBL", "Body Weight at First Dose (kg)", "number"),
    Variable("PHASE", "Phase of the Disease"),
    Variable("PRIORLN", "Number of Earlier Lines of Treatment", "whole"),
    Variable("SPLENFL", "Splenectomy Before First Dose"),
    Variable("DTHFL", "Subject Death Flag"),
    Variable("DTHDY", "Study Day of Death", "whole"),
    Variable("LASTDY", "Study Day of the End of Follow-up", "whole"),
)
"""One row a subject; what changes from course to course is that of the first one."""

ADLB = (
    STUDY,
    SUBJECT,
    EPISODE,
    COURSE,
    TREATMENT,
    PARAMCD,
    PARAM,
    Variable("AVISIT", "Analysis Visit: Time Point of the Source"),
    STUDY_DAY,
    VALUE,
    WRITTEN,
    Variable("AVALLO", "Lowest Possible Analysis Value", "number"),
    Variable("AVALHI", "Highest Possible Analysis Value", "number"),
    Variable("BASETYPE", "Baseline Type", key=True),
    Variable("BASE", "Baseline Value", "number"),
    Variable("BASEC", "Baseline Value (C)"),
    Variable("ABLFL", "Baseline Record Flag"),
    Variable("CHG", "Change from Baseline", "number"),
    Variable("R2BASE", "Ratio to Baseline", "number"),
    Variable("DTYPE", "Derivation Type"),
    Variable("ONTRTFL", "On Treatment: From First Dose On"),
    Variable("PREEVFL", "Taken Before an Event of the Same Day"),
    Variable("SRCDOM", "Source Data: Table of the Records"),
    Variable("SRCVAR", "Source Variable"),
    Variable("SRCSEQ", "Source Row Number", "whole", key=True),
)
"""One row a count and rule for the baseline, and one for the baseline itself."""

ADRS = (
    STUDY,
    SUBJECT,
    EPISODE,
    COURSE,
    TREATMENT,
    PARAMCD,
    PARAM,
    DEFINITION,
    VERSION,
    VALUE,
    WRITTEN,
    Variable("PROVC", "Class That Remains Possible"),
    Variable("REASNE", "Reason Not Evaluable"),
    STUDY_DAY,
    Variable("CONFDY", "Study Day of Confirmation", "whole"),
    Variable("CRDY", "Study Day of Complete Response", "whole"),
    Variable("LOSSDY", "Study Day of Loss of Response", "whole"),
    Variable("SRCROWS", "Rows of the Records That Decide"),
)
"""One row a course and response definition. AVAL is 1 for a response, 0 for none, missing where it is not evaluable;
of a definition that measures it is the value."""

ADTTE = (
    STUDY,
    SUBJECT,
    EPISODE,
    COURSE,
    TREATMENT,
    PARAMCD,
    PARAM,
    DEFINITION,
    VERSION,
    VALUE,
    Variable("CNSR", "Censor", "whole"),
    Variable("EVNTDESC", "Event or Censoring Description"),
    Variable("CNSDTDSC", "Censor Date Description"),
    STUDY_DAY,
    Variable("AVALLO", "Event After (Days from First Dose)", "number"),
    Variable("AVALHI", "Event by (Days from First Dose)", "number"),
)
"""One row a course and timed event: AVAL is days from the first dose, so that an event of that day has 0."""

DATASETS = {
    "ADSL": ("Subject-Level Analysis Dataset", ADSL),
    "ADLB": ("Counts Analysis Dataset", ADLB),
    "ADRS": ("Response Analysis Dataset", ADRS),
    "ADTTE": ("Time-to-Event Analysis Dataset", ADTTE),
}
"""Name of each data set -> its label and variables."""
