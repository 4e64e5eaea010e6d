"""Worked cases as written in YAML, for the engine and for the plain evaluator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
DEFINITIONS = HERE.parents[1] / "config" / "definitions"


def read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def raw_definitions() -> dict[str, dict[str, Any]]:
    """Every shipped definition as written, with the names of its predicates replaced."""
    found = {}
    for path in sorted(DEFINITIONS.glob("*.yaml")):
        document = read(path)
        for definition in document["definitions"]:
            found[definition["id"]] = with_predicates(definition, document.get("predicates", {}))
    return found


PLACES = {
    "some",
    "confirm",
    "at",
    "k_of",
    "frac_of",
    "consec",
    "sustain",
    "last_before",
    "count_of",
    "time_in",
    "of",
    "all",
    "any",
    "not",
}


def with_predicates(node: Any, names: dict[str, Any], here: bool = False) -> Any:
    """The same data with every named predicate written out."""
    if isinstance(node, str):
        return with_predicates(names[node], names) if here else node
    if isinstance(node, list):
        return [with_predicates(part, names, here) for part in node]
    if isinstance(node, dict):
        return {key: with_predicates(part, names, key in PLACES) for key, part in node.items()}
    return node


def plain_episode(case: dict[str, Any]) -> dict[str, Any]:
    """A worked case in the form of the plain evaluator."""
    counts = [(entry[0], entry[1], entry[2] if len(entry) > 2 else "") for entry in written_counts(case)]
    if weekly := case.get("weekly"):
        for i, value in enumerate(weekly["values"]):
            week = weekly["from"] + i * weekly.get("step", 1)
            if value is not None:
                counts.append((7 * (week - weekly["origin"]), value, ""))
    bleeding = case.get("bleeding")
    return {
        "baseline": case.get("baseline"),
        "counts": counts,
        "bleeding": None if bleeding is None else [tuple(spell) for spell in bleeding],
        "events": [(event["day"], event["kind"]) for event in case.get("events", [])],
        "exposures": [(one["class"], one["start"], one["end"]) for one in case.get("exposures", [])],
        "follow_up_end": case.get("follow_up_end"),
        "reported": case.get("reported", ""),
        "reported_time": case.get("reported_time"),
        "bleeding_to": case.get("bleeding_to"),
        "visits": case.get("visits", "planned"),
    }


def written_counts(case: dict[str, Any]) -> list[list[Any]]:
    """Each count as [day, count, word], whether it is written as a row or in columns."""
    counts = case.get("counts", [])
    if isinstance(counts, list):
        return counts
    words = counts.get("timepoint") or counts.get("flag") or [""] * len(counts["day"])
    return [list(row) for row in zip(counts["day"], counts["count"], words, strict=True)]


def cases_of(path: Path) -> list[dict[str, Any]]:
    """The worked cases of a definition file, and those of its edges."""
    beside = path.parent / "cases" / path.name
    return read(path)["cases"] + (read(beside)["cases"] if beside.exists() else [])


def written_cases() -> list[tuple[str, dict[str, Any], str, Any]]:
    """(file, case, definition, expectation) of the shipped worked cases and of the vectors."""
    found = []
    files = {path.stem: cases_of(path) for path in sorted(DEFINITIONS.glob("*.yaml"))}
    for stem, cases in {**files, "vectors": read(HERE / "vectors.yaml")["vectors"]}.items():
        for case in cases:
            found += [(stem, case, name, expected) for name, expected in case["expect"].items()]
    return found


def fields(expected: Any) -> dict[str, Any]:
    """The fields that an expectation names."""
    return {"class": expected} if isinstance(expected, str) else expected
