"""Where the numbers come from that are no estimates: their row of description.csv, audit.csv and others, how it was
made and, in full, its cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from caseseries.audit.counts import flow_steps
from caseseries.audit.verdict import VERDICTS, worst_by
from caseseries.model.groups import ALL, groups_of
from caseseries.model.results import ROW_KEYS, ResultRow, row_key
from caseseries.model.sample import MOST_SHOWN
from caseseries.report.case_files import case_anchors
from caseseries.report.page import Origin, Origins
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.show.tables.dosing import flow_names
from caseseries.words.audit import RULES, label_names
from caseseries.words.choices import setting_words
from caseseries.words.labels import definition_label
from caseseries.words.numbers import fraction, is_missing, number
from caseseries.words.spelling import capital, words

Cases = Mapping[str, Iterable[str]]
"""How cases count for a number, and their ids."""


@dataclass(frozen=True)
class Kind:
    """A result whose rows stand in tables: what a row is called, what was counted, how it was made, and its cases."""

    counted: str
    what: Callable[[ResultRow, CohortResults, Study], str]
    count: Callable[[ResultRow], str]
    method: Callable[[ResultRow], str]
    cases: Callable[[ResultRow, CohortResults, Study], Cases]


def row_places(found: CohortResults, keys: set[str]) -> dict[str, str]:
    """The place in the page of each row that one of the keys names, by its key."""
    return {
        row.key: f"{found.cohort.id}-{name}-{place}"
        for name in KINDS
        for place, row in enumerate(keyed(name, found, keys).itertuples(), start=1)
    }


def keyed(name: str, found: CohortResults, keys: set[str]) -> pd.DataFrame:
    """The first row of a result for each of the keys that name one of its rows, with its `key`."""
    rows: pd.DataFrame = getattr(found, name)
    rows = rows.assign(key=[row_key(name, row) for row in rows[list(ROW_KEYS[name])].to_dict("records")])
    return rows[rows["key"].isin(keys)].drop_duplicates("key")


def row_origins(found: CohortResults, study: Study, keys: set[str]) -> list[Origins]:
    """A table for each result of which a row is named."""
    places, links = row_places(found, keys), case_anchors(found)
    made = []
    for name, kind in KINDS.items():
        listed = []
        for row in keyed(name, found, keys).itertuples():
            cases = {} if study.told else kind.cases(row, found, study)
            named = [(role, list(episodes)) for role, episodes in cases.items()]
            listed.append(
                Origin(
                    places[row.key],
                    kind.what(row, found, study),
                    kind.count(row),
                    kind.method(row),
                    ", ".join(f"{key} {getattr(row, key)}" for key in ROW_KEYS[name] if getattr(row, key)),
                    [
                        (role, [(episode, links.get(episode, "")) for episode in episodes])
                        for role, episodes in named
                        if 0 < len(episodes) <= MOST_SHOWN
                    ],
                )
            )
        file = f"{found.cohort.id}/{name}.csv" if study.told else ""
        made += [Origins(listed, file, kind.counted)] if listed else []
    return made


def variable_of(row: ResultRow, found: CohortResults, study: Study) -> str:
    """A variable of Table 1, with its group."""
    return row.label if row.group == ALL else f"{row.label}, {row.group}"


def summarised(row: ResultRow) -> str:
    """How a number of Table 1 was made."""
    if row.statistic.startswith("printed_"):
        return "as the source prints it"
    return "counted" if row.statistic == "count" else "median, quartiles by linear interpolation, range"


def described(row: ResultRow, found: CohortResults, study: Study) -> Cases:
    """The cases of a group by their level of a category; of a number those with and without one."""
    episodes = found.records["episodes"]
    members = (dict(groups_of(found.cohort, episodes)) | {ALL: episodes}).get(row.group) if len(episodes) else None
    if members is None:
        return {}
    variable = next((one for one in found.cohort.variables if one.name == row.variable), None)
    if variable is None:
        return {"counted": members["episode_id"]}
    values = members[f"{variable.name}_lo" if variable.kind == "quantity" else variable.name]
    missing = values.isna() | (values == "")
    if variable.kind == "text":
        said = values.map(lambda value: variable.levels.get(value, value))
        by_level = {
            str(level): members.loc[said == level, "episode_id"] for level in sorted(set(said[~missing]), key=str)
        }
    else:
        by_level = {"known": members.loc[~missing, "episode_id"]}
    return by_level | {"missing": members.loc[missing, "episode_id"]}


def rule_of(row: ResultRow, found: CohortResults, study: Study) -> str:
    """A rule of a label, or a clause of whom the drug is for."""
    drug = study.drugs[row.drug]
    if row.part == "dosing":
        return f"{RULES[row.rule]}, {drug.name}, {label_names(drug, [row.label])}"
    return next(clause.says for clause in drug.eligibility if clause.clause == row.rule)


def judged(row: ResultRow, found: CohortResults, study: Study) -> Cases:
    """Episodes by what the rows of a rule or clause come to."""
    if row.part == "dosing":
        rows = chosen(found.dosing, drug=row.drug, label=row.label, rule=row.rule)
    else:
        rows = chosen(found.eligibility, drug=row.drug, clause=row.rule)
    verdicts = worst_by(rows, ["episode_id"])
    return {words(verdict): verdicts.index[verdicts == verdict] for verdict in VERDICTS}


def stepped(row: ResultRow, found: CohortResults, study: Study) -> Cases:
    """Episodes in a step of the flow."""
    episodes = found.records["episodes"]
    steps = flow_steps(found.cohort, episodes, found.eligibility, dict(study.drugs))
    masks = {step: mask for step, _, mask in steps}
    return {"counted": episodes.loc[masks[row.step], "episode_id"]} if row.step in masks else {}


def setting_of(row: ResultRow, found: CohortResults, study: Study) -> str:
    """A setting of a choice under a definition."""
    said = ": ".join(part for part in (capital(row.choice), setting_words(row.setting)) if part)
    return f"{said}, {definition_label(row.definition, dict(study.definitions)).title}"


def as_classed(row: ResultRow, found: CohortResults, study: Study) -> Cases:
    """Of our own setting the cases are those of the rate; those of another are named by the key of its row."""
    return roles(found, row.definition) if row.default == "yes" else by_role(found, [row.key])


def roles(found: CohortResults, definition: str) -> dict[str, list[str]]:
    """First episodes that count for the response rate under a definition, and that do not."""
    rates = found.rows("response_rate", definition=definition, group=ALL, analysis="primary")
    return by_role(found, list(rates["case_set"].drop_duplicates()))


def by_role(found: CohortResults, case_sets: list[str]) -> dict[str, list[str]]:
    """The cases of some sets that count, and that do not."""
    here = chosen(found.case_sets, case_set=case_sets)
    parts = {"event": "counted", "non_event": "not"}
    return {said: list(chosen(here, role=role)["episode_id"]) for role, said in parts.items()}


def pair_of(row: ResultRow, found: CohortResults, study: Study) -> str:
    """Two definitions."""
    first, second = (definition_label(name, dict(study.definitions)).title for name in (row.first, row.second))
    return f"{first} with {second}"


def unlike(row: ResultRow, found: CohortResults, study: Study) -> Cases:
    """The episodes that two definitions judge unlike."""
    first, second = roles(found, row.first), roles(found, row.second)
    return {
        "response under the first alone": [one for one in first["counted"] if one in second["not"]],
        "under the second alone": [one for one in second["counted"] if one in first["not"]],
    }


KINDS = {
    "description": Kind(
        "Known of", variable_of, lambda row: fraction(row.n, row.n + row.missing), summarised, described
    ),
    "audit": Kind(
        "Departed/judged",
        rule_of,
        lambda row: fraction(row.departed, row.kept + row.departed),
        lambda row: "counted; an episode departs if one of its rows does",
        judged,
    ),
    "flow": Kind(
        "Episodes",
        lambda row, found, study: capital(flow_names(found.flow)[row.step]),
        lambda row: number(row.n),
        lambda row: "counted",
        stepped,
    ),
    "choices": Kind(
        "Events/n",
        setting_of,
        lambda row: "" if is_missing(row.n) else fraction(row.events, row.n),
        lambda row: "counted, classified with this setting",
        as_classed,
    ),
    "agreement": Kind(
        "Episodes",
        pair_of,
        lambda row: number(row.n),
        lambda row: "Cohen's kappa, limits of Fleiss, Cohen and Everitt; Gwet's AC1, limits by t",
        unlike,
    ),
}
"""The results whose rows tables show, by the name of their file, in the order of a cohort's section."""
