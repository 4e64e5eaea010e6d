"""Sources that a named preset stands for, as the headers of the file allow."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from caseseries.ingest.cells import code_of
from caseseries.ingest.source import SourceTable, shown_name
from caseseries.model.findings import Finding
from caseseries.model.mapping import Preset, Source

MOST_NAMED = 12
"""Codes among which somebody must choose that a message names."""


@cache
def load_presets() -> dict[str, dict[str, Any]]:
    """Every preset by its name, as `presets.yaml` has it."""
    return yaml.safe_load((Path(__file__).parent / "presets.yaml").read_text(encoding="utf-8"))


def find_preset(table: SourceTable, stem: str) -> str:
    """The preset of a file: by its column DOMAIN, or by the usual name of the file; "" where it has not its columns."""
    headers = {name.casefold() for name in table.texts}
    domain = next((name for name in table.texts if name.casefold() == "domain"), None)
    written = {stem} | (set(table.texts[domain]) if domain else set())
    spoken = {word.casefold().replace("_", "-").replace("occurrence", "").strip("-") for word in written}
    for name, about in load_presets().items():
        if name.partition("-")[2] in spoken and all(one.casefold() in headers for one in about["needs"]):
            return name
    return ""


def doubt_preset(preset: Preset, shown: str) -> list[Finding]:
    """A preset that is not known; `shown` names cohort.yaml."""
    known = load_presets()
    if preset.preset in known:
        return []
    close = difflib.get_close_matches(preset.preset, known, n=1, cutoff=0.4)
    rule = "there is no such preset; there are " + ", ".join(known)
    return [Finding(shown, column="preset", rule=rule, example=close[0] if close else "sdtm-dm")]


def expand(preset: Preset, table: SourceTable) -> tuple[list[Source], list[Finding]]:
    """The sources of a known preset for a file whose rows are given.

    A header is found whatever its capitals. Findings: headers without which the file is none of the kind, words that
    the preset would misread, and codes among which somebody must choose.
    """
    about = load_presets()[preset.preset]
    headers = {name.casefold(): name for name in table.texts}
    filled = {name.casefold(): int((table.texts[name] != "").sum()) for name in table.texts}
    lacking = [name for name in about["needs"] if name.casefold() not in headers]
    if lacking:
        rule = f"the file is none for the preset {preset.preset}: it has no column {', '.join(lacking)}"
        return [], [Finding(table.shown, rule=rule)]
    findings = [
        *_doubt_words({name: about["expects"][name] for name in unchosen(about, preset)}, table, headers),
        *_ask_for_choice(about.get("choose", ()), preset, table, headers),
    ]
    sources = []
    for template in about["sources"]:
        if not (needs := template.get("needs")) or any(filled.get(name.casefold()) for name in needs):
            sources.append(make_source(template, preset, headers, filled))
    return sources, findings


def make_source(
    template: Mapping[str, Any], preset: Preset, headers: Mapping[str, str], filled: Mapping[str, int]
) -> Source:
    """One source of a preset."""
    keys: dict[str, Any] = {"table": template["table"]} | preset.dialect
    columns = {}
    for target, choice in template["columns"].items():
        if found := _choose(choice, headers, filled):
            columns[target] = found
    keys["columns"] = columns
    chosen = [*template.get("where", {}).items(), *preset.where.items()]  # the later one of a header holds
    keys["where"] = {headers.get(name.casefold(), name): words for name, words in chosen}
    first = _choose(template.get("first_dose", []), headers, filled, in_order=True)
    return Source.model_validate(
        keys
        | ({"first_dose": first["from"]} if first else {})
        | {key: template[key] for key in ("of_each",) if key in template}
    )


def _choose(
    choice: Any, headers: Mapping[str, str], filled: Mapping[str, int], in_order: bool = False
) -> dict[str, Any]:
    """Of several ways to fill a column the one that the file allows, with headers as the file spells them; {} for none.

    It is the one with most cells, the earlier of equal ones; `in_order` the first that has any.
    """
    ways: list[dict[str, Any]] = []
    for written in choice if isinstance(choice, list) else [choice]:
        way = {"from": written} if isinstance(written, str) else dict(written)
        if "value" in way:
            return way
        names = way["from"] if isinstance(way["from"], list) else [way["from"]]
        if way.pop("joined", False):
            ways += [way | {"from": [headers[name] for name in names]}] if all(map(filled.get, names)) else []
        else:
            ways += [way | {"from": headers[name]} for name in map(str.casefold, names) if name in headers]
    cells = [min(filled[name.casefold()] for name in names_of(way)) for way in ways]
    if not any(cells):
        return ways[0] if ways else {}
    place = next(place for place, number in enumerate(cells) if number) if in_order else cells.index(max(cells))
    return ways[place]


def names_of(way: Mapping[str, Any]) -> list[str]:
    """Headers that a way to fill a column reads."""
    return way["from"] if isinstance(way["from"], list) else [way["from"]]


def unchosen(about: Mapping[str, Any], preset: Preset) -> list[str]:
    """Headers of which a preset expects certain words, and by which nobody chose rows."""
    chosen = {name.casefold() for name in preset.where}
    return [name for name in about.get("expects", {}) if name.casefold() not in chosen]


def _doubt_words(expected: Mapping[str, list[str]], table: SourceTable, headers: Mapping[str, str]) -> list[Finding]:
    findings = []
    for name, words in expected.items():
        header = headers.get(name.casefold())
        if header is None:
            continue
        known = {code_of(word) for word in words}
        other = sorted({text for text in table.texts[header].unique() if code_of(text) not in known})
        if other:
            named = ", ".join(filter(None, words))
            rule = (
                f"the preset reads this file only where the column says {named}; choose rows by where, or map by hand"
            )
            findings.append(Finding(table.shown, column=shown_name(header), rule=rule))
    return findings


def _ask_for_choice(names: list[str], preset: Preset, table: SourceTable, headers: Mapping[str, str]) -> list[Finding]:
    findings = []
    chosen = {name.casefold() for name in preset.where}
    for name in names:
        header = headers.get(name.casefold())
        if header is None or header.casefold() in chosen:
            continue
        codes = table.texts[header].value_counts()
        if len(codes) > 1:
            named = ", ".join(shown for code in codes.index[:MOST_NAMED] if (shown := shown_code(str(code))))
            rule = (
                f"which of them are meant? Say where: {{{header}: [...]}} beside the preset; the commonest are {named}"
            )
            findings.append(Finding(table.shown, column=shown_name(header), rule=rule))
    return findings


def shown_code(code: str) -> str:
    """A code of a vocabulary as a message shows it; "" where it is none."""
    return code if code.isascii() and code.isdigit() else ""
