"""`config/config.yaml`: which cohorts, which definitions, what is pooled. The file's README is generated from here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from caseseries.model.cohort import CohortId, Name, Strict
from caseseries.model.findings import BadInput, Finding
from caseseries.model.layout import Layout
from caseseries.model.yaml_file import check_model, load_model, read_yaml


class Member(Strict):
    """A cohort, or one group of it, that takes part in a pool."""

    cohort: CohortId = Field(description="one of cohorts")
    group: str = Field(default="all", description="group of the cohort's results; all is everyone")


class Pool(Strict):
    """One rate pooled over cohorts."""

    id: CohortId = Field(description="name of the pool in pooled/estimates.csv")
    title: str = Field(description="heading in the report")
    members: list[Member] = Field(min_length=1, description="what is pooled")
    definition: Name = Field(default="as_reported", description="response definition whose rates are pooled")
    caution: str = Field(default="", description="a sentence printed with the result")


class Config(Strict):
    """The whole configuration; unknown keys are refused. Lists of an overlay file replace the shipped ones."""

    cohorts: list[CohortId] = Field(min_length=1, description="folders of data/ to analyse, in the report's order")
    flagship: CohortId | None = Field(default=None, description="cohort that opens the report; the first if absent")
    definitions: list[Name] | Literal["all"] = Field(
        default="all", description="ids of response definitions, or all of config/definitions"
    )
    level: float = Field(default=0.95, gt=0.5, lt=1, description="confidence level of every interval")
    pools: list[Pool] = Field(default_factory=list, description="rates pooled over cohorts")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The option by which the workflow hands over its merged configuration."""
    parser.add_argument("--settings", help="the configuration as JSON, in place of config.yaml (used by the workflow)")


def load_settings(arguments: argparse.Namespace, layout: Layout) -> Config:
    """The configuration: `--settings` where given, else config.yaml.

    Raises
    ------
    BadInput : every fault of the configuration, with its line.
    """
    if arguments.settings is None:
        return load_model(Config, layout.config / "config.yaml", "config/config.yaml")
    return check_model(Config, json.loads(arguments.settings), {}, "configuration")


def load_files(paths: Sequence[Path]) -> Config:
    """The configuration of several files as the workflow merges them: mappings join, later lists and values replace.

    Raises
    ------
    BadInput : every fault; its line where the last file wrote it.
    """
    merged: dict[str, Any] = {}
    for path in paths[:-1]:
        data, _ = read_yaml(path, str(path))
        merged = merge(merged, _keys(data, path))
    data, lines = read_yaml(paths[-1], str(paths[-1]))
    return check_model(Config, merge(merged, _keys(data, paths[-1])), lines, " + ".join(map(str, paths)))


def _keys(data: Any, path: Path) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise BadInput([Finding(str(path), rule="the file must hold keys and values", example="cohorts: [yu-2023]")])
    return data


def merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Two mappings as one; where both have a key, mappings join and anything else is that of `above`."""
    joined = dict(below)
    for key, value in above.items():
        inner = joined.get(key)
        joined[key] = merge(inner, value) if isinstance(inner, dict) and isinstance(value, dict) else value
    return joined
