"""Labels that look the same and are not: Cyrillic and Greek letters among Latin ones, full-width and styled letters;
and labels that people write in different ways.

The pairs are those of single letters in Unicode's table of confusables (Unicode Technical Standard 39); what is a Latin
letter or a digit in another shape (full-width, bold, circled) is told by form NFKC.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from caseseries.ingest.source import SourceTable
from caseseries.model.findings import Finding
from caseseries.model.quantity import tidy_number

CYRILLIC = dict(zip("АВЕЅІЈКМНОРСТУХаеорсухѕіј", "ABESIJKMHOPCTYXaeopcyxsij", strict=True))
GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρ", "ABEZHIKMNOPTYXoavp", strict=True))
ALIKE = str.maketrans(CYRILLIC | GREEK)

COLUMNS = ("episode_id", "patient_id")


def check_letters(tables: Mapping[str, SourceTable], columns: Sequence[str] = COLUMNS) -> list[Finding]:
    """A warning for each label of a case or person that looks like another one and is written with other letters."""
    labels = [
        (table, column, table.texts[column].drop_duplicates())
        for table in tables.values()
        for column in columns
        if column in table.texts
    ]
    if all(label.isascii() for *_, own in labels for label in own):
        return []
    findings = []
    first: dict[tuple[str, str], str] = {}
    for table, column, own in labels:
        looks = ((row, label, (column, looks_like(label))) for row, label in own.items())
        rows = [row for row, label, look in looks if first.setdefault(look, label) != label]
        rule = "the label looks like another one and has other letters (such as a Cyrillic Е for E)"
        findings += table.flag(rows, column, rule, severity="warning")
    return findings


def looks_like(label: str) -> str:
    """A label in plain Latin letters and digits, as far as it looks like them."""
    return label if label.isascii() else unicodedata.normalize("NFKC", label).translate(ALIKE)


def check_spellings(episodes: SourceTable) -> list[Finding]:
    """A warning for each case, and each person, whose label may be another way to write an earlier one."""
    findings = []
    told: set[int] = set()
    for column, whom in (("episode_id", "cases"), ("patient_id", "people")):
        if column not in episodes.texts:
            continue
        first: dict[str, str] = {}
        own = episodes.texts[column].drop_duplicates()
        rows = [row for row, label in own.items() if label and first.setdefault(spell_plainly(label), label) != label]
        rule = (
            "the label differs from another one by capitals, blanks, hyphens or leading zeros alone; they are taken "
            f"for different {whom}"
        )
        findings += episodes.flag([row for row in rows if row not in told], column, rule, severity="warning")
        told |= set(rows)
    return findings


def simplify_label(case: str) -> str:
    """A case label without what people write in different ways: `E-01`, `e 1` and `E1` are alike."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\s_.-]", "", tidy_number(case)).casefold())


def spell_plainly(label: str) -> str:
    """As `simplify_label`, but what parts two numbers stays: `1-11` and `11-1` are two courses of two people."""
    return simplify_label(re.sub(r"(?<=\d)[\s_.-]+(?=\d)", "/", label))
