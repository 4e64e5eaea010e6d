"""A draft of cohort.yaml as text: every guess with its reason behind it, what nobody reads listed below its source."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

from caseseries.ingest.draft.columns import Line
from caseseries.ingest.draft.guess import Block, Draft, SourceDraft

WIDTH = 46
"""Column at which the reasons begin, where the line before them is shorter."""


def write_draft(template: str, draft: Draft, faults: Iterable[str]) -> str:
    """The template of cohort.yaml with what is known filled in, and the mapping below it.

    Parameters
    ----------
    template : text of a cohort.yaml with empty keys.
    draft : sources and keys.
    faults : what is wrong with tables that could not be read.
    """
    text = template
    for line in draft.head:
        text = fill_in(text, line)
    text = re.sub(r"^# mapping:.*\n", "", text, flags=re.MULTILINE)
    return text + "\n".join([*write_mapping(draft, faults), ""])


def fill_in(template: str, line: Line) -> str:
    """The template with the value of one key; its own comment stays behind it."""
    pattern = re.compile(rf"^(# )?{line.key}:[^#\n]*(#.*)?$", re.MULTILINE)
    found = pattern.search(template)
    if found is None:
        raise KeyError(line.key)
    return template[: found.start()] + comment(f"{line.key}: {flow(line.value)}", line.why) + template[found.end() :]


def write_mapping(draft: Draft, faults: Iterable[str]) -> list[str]:
    """The lines of `mapping`."""
    lines = ["mapping:                # a draft: every guess says why; keys are those of docs/data.md"]
    lines += [f"  # {fault}" for fault in faults]
    lines += [comment(f"  {line.key}: {flow(line.value)}", line.why) for line in draft.options]
    if draft.presets:
        lines.append("  presets:")
        lines += [comment(f"    - {flow(line.value)}", line.why) for line in draft.presets]
        return lines
    lines.append("  sources:")
    for block in draft.blocks:
        for source in block.sources:
            lines += write_source(source)
        lines += write_unread(block)
    return lines


def write_source(source: SourceDraft) -> list[str]:
    """The lines of one source."""
    lines = [f"    - table: {source.table}"]
    lines += [comment(f"      {line.key}: {flow(line.value)}", line.why) for line in source.keys]
    lines.append("      columns:")
    for line in source.columns:
        lines += write_column(line)
    if source.wide:
        lines.append("      wide:")
        lines += [comment(f"        {line.key}: {flow(line.value)}", line.why) for line in source.wide_keys]
        lines.append("        columns:")
        lines += [comment(f"          {flow(line.key)}: {flow(line.value)}", line.why) for line in source.wide]
    return lines


def write_column(line: Line) -> list[str]:
    """A column of the contract; each word of a value map stands on a line of its own."""
    if not isinstance(line.value, dict) or "values" not in line.value:
        return [comment(f"        {line.key}: {flow(line.value)}", line.why)]
    lines = [
        comment(f"        {line.key}:", line.why),
        f"          from: {flow(line.value['from'])}",
        "          values:",
    ]
    for word, meaning in line.value["values"].items():
        lines.append(comment(f"            {flow(word)}: {flow(meaning)}", line.notes.get(word, "")))
    return lines


def write_unread(block: Block) -> list[str]:
    """Comments on what no source reads of a table."""
    if not block.unread:
        return []
    first = f"    # Not read of {block.where or 'the file'} (a column that matters can become a covariate):"
    return [first, *(f"    #   {one}" for one in block.unread)]


def comment(line: str, why: str) -> str:
    """A line with its reason behind it."""
    return f"{line.ljust(WIDTH)}  # {' '.join(why.split())}" if why else line


def flow(value: Any) -> str:
    """A value as YAML on one line; nothing where somebody must fill it in."""
    if value is None:
        return ""
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    return re.sub(r": null(?=[,}])", ": ", written.removesuffix("...\n").strip())
