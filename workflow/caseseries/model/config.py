"""`config/config.yaml`: which cohorts, which definitions, what is pooled. The file's README is generated from here."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from caseseries.model.applicable import CONSENSUS
from caseseries.model.cohort import CohortId, Filled, Name
from caseseries.model.findings import BadInput, Finding, raise_errors
from caseseries.model.layout import Layout
from caseseries.model.strict import Strict
from caseseries.model.yaml_file import Path_, check_model, read_yaml


class Member(Strict):
    """A cohort, or one group of it, that takes part in a pool."""

    cohort: CohortId = Field(description="one of cohorts")
    group: str = Field(default="all", description="group of the cohort's results; all is everyone")


class Beside(Member):
    """A source that stands beside a pool in its table of the literature, and is not pooled."""

    why: Filled = Field(description="why it is not pooled, as the end of a sentence")
    outcome: Name = Field(default="response", description="outcome of its aggregates.csv that comes nearest a response")


class Pool(Strict):
    """One rate pooled over cohorts."""

    id: CohortId = Field(description="name of the pool in pooled/estimates.csv")
    title: str = Field(description="heading in the report")
    members: list[Member] = Field(min_length=1, description="what is pooled")
    beside: list[Beside] = Field(default_factory=list, description="sources on the same question that are not pooled")
    new_series: Member | None = Field(
        default=None,
        description="the member whose rate is also set beside what the members of other cohorts say of it, by a robust "
        "meta-analytic-predictive prior; a result apart, never in its own or the pooled rate",
    )
    definition: Name = Field(default="as_reported", description="response definition whose rates are pooled")

    @property
    def earlier(self) -> list[Member]:
        """Members that say something of the new series: those of other cohorts."""
        return [member for member in self.members if self.new_series and member.cohort != self.new_series.cohort]

    @property
    def size(self) -> int:
        """How many cohorts are pooled."""
        return len({member.cohort for member in self.members})

    @property
    def others(self) -> int:
        """How many members say something of the new series."""
        return len(self.earlier)

    caution: str = Field(default="", description="a sentence printed with the result")


def _as_list(value: Any) -> Any:
    """One id as a list of it."""
    return [value] if isinstance(value, str) else value


class Config(Strict):
    """The whole configuration; unknown keys are refused. Lists of an overlay file replace the shipped ones."""

    cohorts: list[CohortId] = Field(min_length=1, description="folders of data/ to analyse, in the report's order")
    flagship: CohortId | None = Field(default=None, description="cohort that opens the report; the first if absent")
    definitions: list[Name] | Literal["all"] = Field(
        default="all", description="ids of response definitions, or all of config/definitions"
    )
    main_definition: Annotated[list[Name], BeforeValidator(_as_list)] = Field(
        default=list(CONSENSUS),
        min_length=1,
        description="id of the definition that leads where neither the cohort nor its authors say, or several, of "
        "which the first leads that somebody can be evaluated under",
    )
    level: float = Field(default=0.95, gt=0.5, lt=1, description="confidence level of every interval")
    incidence_day: int = Field(
        default=28,
        ge=1,
        le=3650,
        strict=True,
        description="day by which the share with a response is compared over definitions and choices (multiverse.csv)",
    )
    pools: list[Pool] = Field(default_factory=list, description="rates pooled over cohorts")


def add_configfile(parser: argparse.ArgumentParser) -> None:
    """The option that names the configuration where a verb checks it before any work."""
    about = "overlays of config.yaml, each above the one before it"
    parser.add_argument("--configfile", nargs="+", type=Path, metavar="FILE", help=about)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The option by which the workflow hands over its merged configuration."""
    parser.add_argument("--settings", help="the configuration as JSON, in place of config.yaml (used by the workflow)")


def load_settings(arguments: argparse.Namespace, layout: Layout) -> Config:
    """The configuration: `--settings` where given, else config.yaml; what neither says has its default.

    A stage of one cohort is told no more than what it reads, and needs no config.yaml.

    Raises
    ------
    BadInput : every fault of the configuration, with its line.
    """
    file, shown, cohort = layout.config / "config.yaml", "config/config.yaml", getattr(arguments, "cohort", None)
    if arguments.settings is None and (file.exists() or cohort is None):
        config, findings = examine_config(*read_yaml(file, shown), shown)
    else:
        given = ({"cohorts": [cohort]} if cohort else {}) | json.loads(arguments.settings or "{}")
        config, findings = examine_config(given, {}, "configuration")
    raise_errors(findings)
    return config


def load_files(paths: Sequence[Path]) -> tuple[Config, list[Finding]]:
    """The configuration of several files as the workflow merges them: mappings join, later lists and values replace.

    With it what in it does not fit, each with its line where the last file wrote it.

    Raises
    ------
    BadInput : every fault of a key or a value.
    """
    merged: dict[str, Any] = {}
    for path in paths[:-1]:
        data, _ = read_yaml(path, str(path))
        merged = merge(merged, _keys(data, path))
    data, lines = read_yaml(paths[-1], str(paths[-1]))
    return examine_config(merge(merged, _keys(data, paths[-1])), lines, shown_files(paths))


def configuration_files(layout: Layout, named: list[Path] | None) -> list[Path]:
    """Files of the configuration: config.yaml where there is one, and those that are named above it, as Snakemake reads
    them.
    """
    shipped = layout.config / "config.yaml"
    named = named or []
    below = shipped.exists() and shipped.resolve() not in [path.resolve() for path in named]
    return [shipped, *named] if below else named


def shown_files(paths: Sequence[Path]) -> str:
    """How a configuration of several files is named in messages."""
    return " + ".join(map(str, paths))


def examine_config(data: Any, lines: dict[Path_, int], shown: str) -> tuple[Config, list[Finding]]:
    """The configuration of data that `read_yaml` read, and what in it does not fit; a faulty key raises `BadInput`."""
    config = check_model(Config, data, lines, shown)
    return config, [
        Finding(shown, line=lines.get(path, 0), column=column, rule=rule, example=example)
        for path, column, rule, example in contradictions(config)
    ]


def contradictions(config: Config) -> Iterable[tuple[Path_, str, str, str]]:
    """Where parts of a configuration do not fit each other: path, key as shown, rule, a good value."""
    for place, cohort in enumerate(config.cohorts):
        if cohort in config.cohorts[:place]:
            yield ("cohorts", place), "cohorts", f"{cohort} must stand in the list once", ""
    if config.flagship and config.flagship not in config.cohorts:
        rule = "the flagship must stand in the list of cohorts"
        close = _meant(config.flagship, config.cohorts)
        yield ("flagship",), "flagship", rule, (close or config.cohorts)[0]
    if not config.definitions:
        yield ("definitions",), "definitions", "the list must name a response definition", "definitions: all"
    yield from contradictions_of_pools(config)


def contradictions_of_pools(config: Config) -> Iterable[tuple[Path_, str, str, str]]:
    """As `contradictions`, of the pools."""
    for place, pool in enumerate(config.pools):
        path, column = ("pools", place), f"pools.{pool.id}"
        if pool.id in [before.id for before in config.pools[:place]]:
            yield path, column, "each pool needs an id of its own", f"{pool.id}-2"
        for cohort in dict.fromkeys(member.cohort for member in (*pool.members, *pool.beside)):
            if cohort not in config.cohorts:
                close = _meant(cohort, config.cohorts)
                yield path, column, f"{cohort} must stand in the list of cohorts", close[0] if close else "pools: []"
        for beside in pool.beside:
            if (beside.cohort, beside.group) in [(member.cohort, member.group) for member in pool.members]:
                rule = f"{beside.group} of {beside.cohort} is pooled already and cannot stand beside it too"
                yield path, column, rule, ""
        if pool.new_series is not None and (pool.new_series not in pool.members or not pool.earlier):
            rule = "new_series must be one of the members, and another member must be of another cohort"
            named = pool.members[0]
            yield path, column, rule, f"new_series: {{cohort: {named.cohort}, group: {named.group}}}"
        for one, other in combinations(pool.members, 2):
            if one.cohort == other.cohort and (one.group == other.group or "all" in (one.group, other.group)):
                people = f"{one.group} and {other.group} of {one.cohort}"
                yield path, column, f"{people} are the same people and must not be pooled together", ""


def _meant(cohort: str, cohorts: Sequence[str]) -> list[str]:
    """The cohort whose name differs by a slip; the year that many names share makes none alike."""
    return difflib.get_close_matches(cohort, cohorts, n=1, cutoff=0.85)


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
