"""What is measured in counts.csv beside platelets: how each analyte is called, its unit, and what it cannot exceed.

An analyte that does not stand here may be used all the same: it is called by its name, and its unit stands in the
column `unit` of counts.csv and in its definitions.
"""

from __future__ import annotations

from dataclasses import dataclass

PLATELETS = "platelets"
"""Analyte of a count for which none is named."""


@dataclass(frozen=True)
class Analyte:
    """Something that is measured again and again.

    Parameters
    ----------
    name : as in counts.csv.
    noun : one value of it in a sentence; `plural` for several.
    unit : of its values, as in counts.csv and in definitions; "" for a bare number, None where it is not known here.
    highest : what no person reaches, in that unit; `lowest` what is not measured below, but for nothing at all.
    """

    name: str
    noun: str
    plural: str
    unit: str | None
    highest: float | None = None
    lowest: float = 0


ANALYTES = {
    analyte.name: analyte
    for analyte in (
        Analyte(PLATELETS, "platelet count", "platelet counts", "10^9/L", 2000, 0.5),
        Analyte("neutrophils", "neutrophil count", "neutrophil counts", "10^9/L", 500),
        Analyte("haemoglobin", "haemoglobin", "haemoglobin values", "g/dL", 30, 1),
        Analyte("proteinuria", "proteinuria", "proteinuria values", "g/g", 100),
        Analyte("ferritin", "ferritin", "ferritin values", "ug/L"),
        Analyte("viral_load", "viral load", "viral loads", "copies/mL"),
    )
}
"""The analytes that are known, by name."""


def analyte_of(name: str) -> Analyte:
    """An analyte by its name; one that is not known here is called by it and has no unit of its own."""
    words = name.replace("_", " ")
    return ANALYTES.get(name) or Analyte(name, words, f"{words} values", None)
