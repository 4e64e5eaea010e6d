"""`config/config.yaml`: which cohorts, which definitions, what is pooled. The file's README is generated from here."""

from __future__ import annotations

import argparse
import json
from typing import Literal

from pydantic import Field

from caseseries.model.cohort import CohortId, Name, Strict
from caseseries.model.layout import Layout
from caseseries.model.yaml_file import check_model, load_model


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
