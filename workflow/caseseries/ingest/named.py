"""Texts of a restricted cohort's cohort.yaml that name one of its cases: they would stand in every release."""

from __future__ import annotations

from collections.abc import Iterator

from caseseries.ingest.values import Tables, words
from caseseries.model.cohort import Cohort
from caseseries.model.findings import Finding
from caseseries.model.labels import names_a_label, telling_labels

EXAMPLES = {
    "title": "Women under rhTPO, 2019 to 2023",
    "citation": "Unpublished series of one hospital.",
    "population": "pregnant women with immune thrombocytopenia",
}
LABELS = ("episode_id", "patient_id")


class Named:
    """Held against the labels of cases and people as they come; of what may be released as it stands, nothing is said.

    Labels with a digit are found in any capitals: E01 is named by e01 too.
    """

    def __init__(self, cohort: Cohort) -> None:
        self._shown = f"{cohort.id}/cohort.yaml"
        dumped = {} if cohort.releasable else cohort.model_dump(exclude={"mapping"}, exclude_unset=True)
        self._texts = {key: " ; ".join(texts_in(value)) for key, value in dumped.items()}
        self._found: set[str] = set()

    def add(self, tables: Tables) -> None:
        """Take the labels of a cohort, or of a part of it."""
        if not self._texts:
            return
        listed = [tables["episodes"]] if "episodes" in tables else tables.values()
        labels = telling_labels({label for table in listed for name in LABELS for label in words(table, name)})
        coded = {label.casefold() for label in labels if any(sign.isdigit() for sign in label)}
        for key, text in self._texts.items():
            if names_a_label(text, labels) or names_a_label(text.casefold(), coded):
                self._found.add(key)

    def tell(self) -> list[Finding]:
        """What is found, when all is taken."""
        rule = (
            "the text names a case or a person of a restricted cohort, and every release shows it; leave the label out"
        )
        return [
            Finding(self._shown, column=key, rule=rule, example=EXAMPLES.get(key, "")) for key in sorted(self._found)
        ]


def texts_in(value: object) -> Iterator[str]:
    """Every text inside a value of YAML, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from (*texts_in(key), *texts_in(inner))
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
