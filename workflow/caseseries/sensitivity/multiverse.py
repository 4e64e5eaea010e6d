"""The multiverse: every definition under every combination of the choices that it leaves open, by what each leads to
(rate, share with a response by a day, median time to response), and how much of the spread each choice makes.

Steegen and others 2016 (Perspect Psychol Sci 11:702); Simonsohn and others 2020 (Nat Hum Behav 4:1208). The grid is
finite: its shares are shares of the variance over its own combinations, definitions weighing the same, and nothing
beyond.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from caseseries.estimators.competing import cumulative_incidence, incidence_quantile
from caseseries.model.condition import Confirm, operators_in
from caseseries.model.definition import Choices, Definition, Drop, PerDay
from caseseries.model.results import MULTIVERSE
from caseseries.response.outcome import assess
from caseseries.response.recorded import decidable
from caseseries.response.roles import one_sided
from caseseries.response.series import Evidence
from caseseries.sensitivity.choices import REGISTER, Choice, confirms, what_decides

GRID = tuple(choice for choice in REGISTER if choice.in_grid)
OUTCOMES = ("response_rate", "incidence", "median_time")
DEFINITION, TOGETHER = "definition", "several together"
"""What moves an outcome beside the choices: which definition it is, and choices that act on each other."""

MOST = 2_000_000
"""Combinations times episodes that are run in full; of more, one choice is changed at a time and no share is told."""

SAME = 1e-12
"""A variance at or below this is none."""


@dataclass(frozen=True)
class Block:
    """A definition with the settings of each choice that it leaves open, its own first."""

    definition: Definition
    choices: tuple[Choice, ...]
    settings: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        """Combinations of the settings."""
        return int(np.prod([len(settings) for settings in self.settings], dtype=int))

    def combinations(self, full: bool) -> Iterator[tuple[str, ...]]:
        """Settings to run, the definition as it stands first: all combinations, or one choice changed at a time."""
        if full:
            yield from product(*self.settings)
            return
        own = tuple(settings[0] for settings in self.settings)
        yield own
        for place, settings in enumerate(self.settings):
            yield from ((*own[:place], setting, *own[place + 1 :]) for setting in settings[1:])


def rules_of(definition: Definition) -> str:
    """The rules of class and time as text, without names, sources and bases: equal texts judge everybody alike."""
    parts = {"analyte", "week_origin", "entry", "admit", "cut_at", "cut_resolves_unknown", "classes", "else_"}
    parts |= {"responses", "ttr", "choices"}
    return json.dumps(_bare(definition.model_dump(mode="json", by_alias=True, include=parts)), sort_keys=True)


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(part) for key, part in value.items() if key != "basis"}
    return [_bare(part) for part in value] if isinstance(value, list) else value


def _confirms_by_us(definition: Definition) -> bool:
    """The source is silent on the counts between the two that confirm."""
    rules = [rule for rule in definition.classes if any(isinstance(one, Confirm) for one in operators_in(rule.when))]
    return bool(rules) and all("C" in rule.basis for rule in rules)


def _step_of_ours(kind: type, event: str = "") -> Callable[[Definition], bool]:
    """A step by which counts are admitted stands in the definition and is our choice alone."""

    def found(definition: Definition) -> bool:
        steps = [step for step in definition.admit if isinstance(step, kind)]
        steps = [step for step in steps if not isinstance(step, Drop) or step.drop.after == event]
        return bool(steps) and all(set(step.basis) == {"C"} for step in steps)

    return found


def _named(*keys: str) -> Callable[[Definition], bool]:
    """The classes look at something that one of these keys names."""

    def found(definition: Definition) -> bool:
        text = definition.model_dump_json(by_alias=True, include={"classes"})
        return any(f'"{key}"' in text for key in keys)

    return found


_compares = _named("fold_ge", "delta_ge", "fold_le", "delta_le")

LEFT_OPEN: dict[str, Callable[[Definition], bool]] = {
    "between": _confirms_by_us,
    "open_at_end": confirms,
    "platelet_transfusion": _step_of_ours(Drop, "platelet_transfusion"),
    "rescue": _step_of_ours(Drop, "rescue"),
    "same_day": _step_of_ours(PerDay),
    "bleeding_unknown": _named("bleed_le"),
    "baseline": lambda definition: definition.entry is not None or _compares(definition),
}
"""By choice, whether a definition leaves it open: it has the clause, and no source states it."""


def stated(definition: Definition, choice: Choice) -> bool:
    """Whether the file of a definition makes one of its `choices` otherwise than all do that are silent."""
    field = Choices.model_fields.get(choice.column)
    return field is not None and getattr(definition.choices, choice.column) != field.default


def block_of(definition: Definition, evidence: Evidence, taken: frozenset[str] = frozenset()) -> Block:
    """The choices that a definition leaves open and the records can feel, with their admissible settings.

    A setting is not admissible that changes nothing, that the file of the definition itself fixes, or that makes
    another definition of the catalogue of it (`taken`, their `rules_of`), which has its own block.
    """
    own = rules_of(definition)
    choices, settings = [], []
    for choice in GRID:
        if stated(definition, choice) or not LEFT_OPEN[choice.column](definition) or not choice.felt(evidence):
            continue
        rules = {setting: rules_of(choice.apply(definition, setting)) for setting in choice.settings}
        as_it_stands = [setting for setting, rule in rules.items() if rule == own]
        others = [setting for setting, rule in rules.items() if rule != own and rule not in taken]
        if as_it_stands and others:
            choices.append(choice)
            settings.append((as_it_stands[0], *others))
    return Block(definition, tuple(choices), tuple(settings))


def run_multiverse(
    evidence_by_analyte: Callable[[str], Evidence], definitions: list[Definition], day: int
) -> pd.DataFrame:
    """Every admissible combination with what it leads to, then the share of the variance that each choice makes.

    Parameters
    ----------
    evidence_by_analyte : gives the evidence of the first episodes of persons for an analyte.
    definitions : those that were run on the cohort; what only passes the source's class on, and measures, are left out.
    day : the day by which the share with a response is read.

    Returns
    -------
    Columns `MULTIVERSE`, the cohort left open; empty where no definition leaves a choice open that the records feel.
    """
    judging = [one for one in definitions if one.classes]
    taken = {one.id: rules_of(one) for one in judging}
    blocks = []
    for one in judging:
        evidence = evidence_by_analyte(one.analyte)
        if len(evidence.counts) and (evidence.counts.day >= 1).any():
            others = frozenset(rules for name, rules in taken.items() if name != one.id)
            blocks.append(block_of(one.model_copy(update={"loss_cr": None, "loss_r": None}), evidence, others))
    if not any(block.choices for block in blocks):
        return pd.DataFrame(columns=list(MULTIVERSE))
    full = sum(block.size * evidence_by_analyte(block.definition.analyte).size for block in blocks) <= MOST
    run = [list(run_block(block, evidence_by_analyte(block.definition.analyte), day, full)) for block in blocks]
    table = pd.DataFrame([row for rows in run if any(row["n"] for row in rows) for row in rows])
    if table.empty or (table["default"] == "yes").all():
        return pd.DataFrame(columns=list(MULTIVERSE))
    if full:
        table = pd.concat([table, pd.DataFrame(list(variance_shares(table)))], ignore_index=True)
    return table.reindex(columns=list(MULTIVERSE))


def run_block(block: Block, evidence: Evidence, day: int, full: bool = True) -> Iterator[dict]:
    """A row for each combination of one definition; what would judge the same records by the same rules runs once."""
    known: dict[tuple, dict[str, float]] = {}
    for settings in block.combinations(full):
        changed = block.definition
        for choice, setting, own in zip(block.choices, settings, (s[0] for s in block.settings), strict=True):
            changed = changed if setting == own else choice.apply(changed, setting)
        key = what_decides(evidence, changed)
        if key not in known:
            known[key] = outcomes(evidence, changed, day)
        yield {
            "analysis": "specification",
            "definition": block.definition.id,
            **{choice.column: setting for choice, setting in zip(block.choices, settings, strict=True)},
            "default": "yes" if all(s == o[0] for s, o in zip(settings, block.settings, strict=True)) else "no",
            "runs": 1,
            "day": day,
            **known[key],
        }


def outcomes(evidence: Evidence, definition: Definition, day: int) -> dict[str, float]:
    """Rate, share with a response by a day, and median time to response under a definition.

    NaN where nobody is evaluable, or most who are could only have had one outcome; where nobody is watched to the day;
    where the median is not reached; and of time where the definition dates nothing.
    """
    found = assess(evidence, definition, trace=False)
    known = found.chosen >= 0
    responds = np.isin(found.chosen, [found.labels.index(label) for label in definition.responses])
    if not known.all() and one_sided(~known, *decidable(found.view)):
        return {"events": 0, "n": 0, "not_evaluable": evidence.size}
    n, events = int(known.sum()), int((responds & known).sum())
    row: dict[str, float] = {"events": events, "n": n, "not_evaluable": evidence.size - n}
    if n:
        row["response_rate"] = events / n
    timed = np.isfinite(found.times.time)
    if not n or not timed.any():
        return row
    time, cause = found.times.time[timed], found.times.cause[timed]
    order = np.lexsort((cause, time))
    return row | of_time(tuple(time[order].tolist()), tuple(cause[order].tolist()), day)


@lru_cache(maxsize=1024)
def of_time(times: tuple[float, ...], causes: tuple[int, ...], day: int) -> dict[str, float]:
    """Share with the event of cause 1 by a day, and its median time, by Aalen and Johansen's estimate."""
    time, cause = np.array(times), np.array(causes)
    curve = cumulative_incidence(time, cause)
    curve = curve[curve["cause"] == 1]
    before = curve["incidence"].to_numpy()[curve["time"].to_numpy() <= day]
    watched = time.max() >= day or (cause[time == time.max()] > 0).all()
    return {
        "incidence": (float(before[-1]) if len(before) else 0.0) if watched else np.nan,
        "median_time": incidence_quantile(curve, 0.5).estimate,
    }


def variance_shares(table: pd.DataFrame) -> Iterator[dict]:
    """How much of the variance of each outcome the definition, each choice, and choices together make.

    The blocks of definitions are full grids, so that the variance within one is the sum of the main effects of its
    choices and of what they do together (analysis of variance of a balanced design); over blocks, each weighing the
    same, the variance is that between their means and the mean of those within. A block in which some combination has
    no value of an outcome is left out of it.
    """
    for outcome in OUTCOMES:
        if outcome not in table:
            continue
        complete = table.groupby("definition")[outcome].transform(lambda values: values.notna().all())
        blocks = [block for _, block in table[complete].groupby("definition", sort=False)]
        if not blocks:
            continue
        parts = {DEFINITION: float(np.var([block[outcome].mean() for block in blocks]))}
        for found in (within(block, outcome) for block in blocks):
            for name, variance in found.items():
                parts[name] = parts.get(name, 0.0) + variance / len(blocks)
        total = sum(parts.values())
        about = {"definitions": len(blocks), "runs": sum(map(len, blocks)), "day": table["day"].iloc[0]}
        about |= {"std_dev": float(np.sqrt(total)) if total > SAME else 0.0}
        for name in (DEFINITION, *(choice.name for choice in GRID), TOGETHER):
            if name in parts:
                share = parts[name] / total if total > SAME else 0.0
                row = {"analysis": "share", "outcome": outcome, "choice": name, "share": share if share > SAME else 0.0}
                yield row | about


def within(block: pd.DataFrame, outcome: str) -> dict[str, float]:
    """The variance of an outcome inside the grid of one definition by what makes it."""
    found = {}
    for choice in GRID:
        if choice.column in block and block[choice.column].notna().all():
            found[choice.name] = float(block.groupby(choice.column)[outcome].transform("mean").to_numpy().var())
    return found | {TOGETHER: max(0.0, float(block[outcome].to_numpy().var()) - sum(found.values()))}
