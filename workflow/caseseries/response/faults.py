"""What is wrong with a definition file, in words: faults in clauses that are known by their key."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from caseseries.model.condition import CONDITIONS
from caseseries.model.definition import MEASURES, STEPS
from caseseries.model.findings import Finding
from caseseries.model.predicate import POINTS
from caseseries.model.worked_case import DefinitionFile
from caseseries.model.yaml_file import Path_, describe_fault, place_finding

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

CLAUSES = {**POINTS, **CONDITIONS, **STEPS, **MEASURES}
"""Every key that says what kind of clause a mapping is; `all`, `any` and `not` join clauses of either kind."""

HOLDERS = frozenset(
    {
        "when",
        "and",
        "or",
        "not",
        "all",
        "any",
        "admit",
        "measure",
        "of",
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
        "counts",
    }
)
"""Keys whose value, or each item of it, is a clause that is known by its key."""

PLAIN = {
    "int_type": ("a whole number is required", "7"),
    "string_pattern_mismatch": (
        "an id is made of small letters, digits and _, and begins with a letter",
        "iwg2009_confirmed",
    ),
}
"""Rule and example by pydantic's type of fault."""

KINDS = (
    (POINTS, "a condition on one count", "{ge: 30}"),
    (CONDITIONS, "a condition on an episode", "{some: {ge: 30}}"),
    (STEPS, "an admission step", "{window: [1, null]}"),
    (MEASURES, "a measure", "{count_of: {ge: 50}, weeks: [1, 26]}"),
)


def clause_finding(fault: ErrorDetails, lines: dict[Path_, int], shown: str) -> Finding:
    """The finding for one pydantic fault of a definition file."""
    rule, example = describe(fault)
    return place_finding(written_path(fault["loc"]), lines, shown, rule, example)


def written_path(loc: Path_) -> Path_:
    """Pydantic's location without the names of union members, which do not stand in the file."""
    path: Path_ = ()
    member_next = False
    for part in loc:
        if part == "[key]":
            continue
        if member_next and isinstance(part, str):
            member_next = False
            continue
        path = (*path, part)
        if not isinstance(part, int):
            member_next = part in HOLDERS or (len(path) == 2 and path[0] == "predicates")
    return path


def describe(fault: ErrorDetails) -> tuple[str, str]:
    """Rule and example in plain words for one pydantic fault of a definition file."""
    kind, given, last = fault["type"], fault.get("input"), fault["loc"][-1] if fault["loc"] else ""
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return describe_kind(fault, given)
    if kind == "extra_forbidden" and last in CLAUSES:
        return f"{last} is a clause of its own: join the two", "{all: [{ge: 50}, {le: 400}]}"
    if kind == "string_type" and isinstance(given, bool):
        word = "yes" if given else "no"
        return "yes, no, on and off must stand in quotes, or YAML reads them as true and false", f'"{word}"'
    if kind in ("float_type", "int_type") and isinstance(given, str):
        return "a number without quotes is required", "30"
    return PLAIN.get(kind) or describe_fault(fault, DefinitionFile)


def describe_kind(fault: ErrorDetails, given: Any) -> tuple[str, str]:
    """Rule and example where no key says what kind of clause a mapping is, or the kind does not belong there."""
    wanted, what, example = expected_kind(fault)
    keys = list(map(str, given)) if isinstance(given, dict) else []
    misplaced = next((key for key in keys if key in CLAUSES), None)
    if misplaced is not None:
        own = next(about for kinds, about, _ in KINDS if misplaced in kinds)
        return f"{what} is required here, and {misplaced} is {own}", example
    for key in keys:
        if close := difflib.get_close_matches(key, wanted, n=1):
            return f"no key says what kind of clause this is; did you mean {close[0]} for {key}?", ""
    return f"{what} is required here", example


def expected_kind(fault: ErrorDetails) -> tuple[dict, str, str]:
    """The kind of clause that belongs at the place of a fault."""
    discriminator = str(fault.get("ctx", {}).get("discriminator", ""))
    order = {"_point_tag": 0, "_condition_tag": 1, "_step_tag": 2, "_measure_tag": 3}
    return KINDS[next((number for name, number in order.items() if name in discriminator), 0)]
