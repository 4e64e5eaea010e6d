"""Which resources of a bundle count: the newest version of each, no withdrawn ones, no preliminary beside a final."""

from __future__ import annotations

from typing import Any

from caseseries.model.findings import Finding

Entry = tuple[int, dict[str, Any]]
"""The place of an entry in its bundle, from 1, and the entry."""

REFUSED = (
    "entered-in-error",
    "cancelled",
    "not-done",
    "unknown",
    "registered",
    "draft",
    "preparation",
    "not-taken",
    "intended",
    "planned",
)
"""Statuses of resources that say that nothing was measured, given or done."""
DENIED = ("refuted", "entered-in-error")
"""Verifications of conditions that say that nobody had them."""


def choose_valid(entries: list[Entry], history: bool, shown: str) -> tuple[list[Entry], list[Finding]]:
    """Entries that count; warnings of preliminary results that no final one replaces, and of ids without a version.

    Source: FHIR R4, http.html#history (newest first) and the value set observation-status.
    """
    newest, unsure = keep_newest_versions(entries, history)
    valid = [(place, entry) for place, entry in newest if _counts(entry["resource"])]
    final = {_sample(entry["resource"]) for _, entry in valid if entry["resource"].get("status") != "preliminary"}
    kept, alone = [], 0
    for place, entry in valid:
        if entry["resource"].get("status") == "preliminary":
            if _sample(entry["resource"]) in final:
                continue
            alone += 1
        kept.append((place, entry))
    findings = []
    if alone:
        rule = f"preliminary results without a final one come in: {alone}"
        findings.append(Finding(shown, column="status", rule=rule, severity="warning"))
    if unsure:
        rule = f"resources that stand in the bundle more than once without a version have the last of them: {unsure}"
        findings.append(Finding(shown, column="id", rule=rule, severity="warning"))
    return kept, findings


def keep_newest_versions(entries: list[Entry], history: bool) -> tuple[list[Entry], int]:
    """The newest of the entries of each id, nothing of one that was deleted after it; how many had no version.

    The highest version is the newest, then the latest change; else the first in a history, the last elsewhere.
    """
    chosen: dict[str, tuple[tuple[float, str, int], Entry]] = {}
    loose: list[Entry] = []
    unsure = set()
    for place, entry in entries:
        resource, key = entry.get("resource"), _key(entry)
        if not key:
            loose.append((place, entry))
            continue
        meta = resource.get("meta", {}) if isinstance(resource, dict) else {}
        version = _version(meta)
        deleted = resource is None and history
        rank = (float("inf") if deleted else version, str(meta.get("lastUpdated", "")), -place if history else place)
        if key in chosen and not history and rank[:2] == chosen[key][0][:2] == (-1.0, ""):
            unsure.add(key)
        if key not in chosen or (rank > chosen[key][0] and not (deleted and place > chosen[key][1][0])):
            chosen[key] = (rank, (place, entry))
    kept = [*loose, *(one for _, one in chosen.values())]
    return sorted((one for one in kept if isinstance(one[1].get("resource"), dict)), key=lambda one: one[0]), len(
        unsure
    )


def _counts(resource: dict[str, Any]) -> bool:
    verified = resource.get("verificationStatus")
    codings = verified.get("coding", []) if isinstance(verified, dict) else []
    denied = any(isinstance(one, dict) and one.get("code") in DENIED for one in codings)
    return resource.get("status") not in REFUSED and not denied


def _key(entry: dict[str, Any]) -> str:
    """What names a resource through all its versions: its address, or its kind and id."""
    address = str(entry.get("fullUrl", ""))
    if address.startswith("http"):
        return "/".join(address.partition("/_history/")[0].split("/")[-2:])
    resource = entry.get("resource")
    if isinstance(resource, dict):
        return f"{resource.get('resourceType')}/{resource['id']}" if resource.get("id") else ""
    return str(entry.get("request", {}).get("url", "")).partition("/_history/")[0]


def _version(meta: dict[str, Any]) -> float:
    try:
        return float(meta.get("versionId", -1))
    except (TypeError, ValueError):
        return -1.0


def _sample(resource: dict[str, Any]) -> tuple[str, ...]:
    """What makes two results those of one sample: the person, what was measured, and when."""
    codings = resource.get("code", {}).get("coding", [])
    codes = sorted(str(coding.get("code")) for coding in codings)
    when = next((str(resource[key]) for key in sorted(resource) if key.startswith("effective")), "")
    return (str(resource.get("subject", {}).get("reference")), when, *codes)
