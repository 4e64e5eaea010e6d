"""The words that every report may print whatever its cases are, so that they cannot be anybody's label."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from caseseries.model.labels import DRAWN, Searched, words_of_text
from caseseries.model.layout import Layout
from caseseries.model.software import PACKAGE
from caseseries.model.stages import ROOMS

SILENT = ("ingest", "reconstruct")
"""Rooms none of whose texts is printed in a release."""
TEMPLATES = (".j2", ".css", ".js")
CODE = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)
"""What a template computes."""


def own_text(layout: Layout) -> Searched:
    """Every text of the package that may be printed, and those of definitions, drugs, checklists and configuration."""
    kinds = (layout.config_folders, layout.definition_folders, layout.drug_folders, layout.checklist_folders)
    return _own_text(tuple(folder for folders in kinds for folder in folders))


@cache
def template_words() -> frozenset[str]:
    """The words of templates, styles and scripts, which stand in every page."""
    return frozenset(words_of_text(" ".join(_templates())))


@cache
def _own_text(folders: tuple[Path, ...]) -> Searched:
    files = [file for folder in folders for file in sorted(folder.glob("*.yaml")) if file.is_file()]
    written = [file.read_text(encoding="utf-8", errors="replace") for file in files]
    modules = [file for room in ROOMS if room not in SILENT for file in sorted((PACKAGE / room).rglob("*.py"))]
    texts = [*written, *_templates(), *(text for file in modules for text in texts_of(file.read_bytes()))]
    words = words_of_text(" ".join(texts))
    return Searched(" ".join([*texts, *(word[:1].upper() + word[1:] for word in words)]))  # as one begins a sentence


def _templates() -> list[str]:
    files = [file for file in sorted(PACKAGE.rglob("*")) if file.suffix in TEMPLATES]
    return [DRAWN.sub(" ", CODE.sub(" ", file.read_text(encoding="utf-8"))) for file in files]


def texts_of(source: bytes) -> Iterator[str]:
    """The texts of a module but for its docstrings."""
    tree = ast.parse(source)
    said = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value
