"""Drug profiles: names, class and dosing rules of a drug, one file of config/drugs each."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from caseseries.model.cohort import Name, Strict
from caseseries.model.findings import BadInput, Finding
from caseseries.model.yaml_file import load_model

DrugClass = Literal["tpo_receptor_agonist", "thrombopoietin", "immunoglobulin", "corticosteroid", "transfusion"]


class Thresholds(Strict):
    """Counts (10^9/L) that steer the dose; every sign is strict. `source` names the label or text."""

    raise_below: float
    reduce_above: float
    hold_above: float
    resume_below: float
    source: str


class Dosing(Strict):
    """How a drug is dosed; what a source does not state is left out."""

    unit: str = Field(description="unit of a dose", examples=["mcg/kg"])
    every_days: int = Field(gt=0, description="days between doses")
    start: float | None = None
    step: float | None = None
    floor: float | None = None
    ceiling: float | None = None
    longest_course_days: int | None = None
    stop_after_weeks_at_ceiling: int | None = None
    weight_valid_days: int | None = Field(default=None, description="re-check of the weight in children, days")
    thresholds: dict[Name, Thresholds] = Field(default_factory=dict, description="rule sets by name")
    source: str


class Drug(Strict):
    """The contents of one drug profile; unknown keys are refused."""

    id: Name
    name: str
    other_names: list[str] = Field(default_factory=list, description="spellings, compared in lower case")
    drug_class: DrugClass
    route: str
    dosing: Dosing | None = None
    expected_adverse_events: list[str] = Field(default_factory=list)
    expected_serious: list[str] = Field(default_factory=list)
    pregnancy: str = ""
    sources: list[str] = Field(min_length=1)

    def means(self, written: str) -> bool:
        """Whether a drug as written in a table is this one."""
        known = {self.id, self.name.lower(), *(name.lower() for name in self.other_names)}
        return written.strip().lower() in known


def load_drugs(folder: Path) -> dict[str, Drug]:
    """Every profile of a folder by its id.

    Raises
    ------
    BadInput : faulty profiles, all of them; an id that is not the file's name.
    """
    drugs: dict[str, Drug] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*.yaml")):
        shown = f"config/drugs/{path.name}"
        try:
            drug = load_model(Drug, path, shown)
        except BadInput as error:
            findings += error.findings
            continue
        if drug.id != path.stem:
            findings.append(Finding(shown, column="id", rule="the id must be the file's name", example=path.stem))
        drugs[drug.id] = drug
    if findings:
        raise BadInput(findings)
    return drugs
