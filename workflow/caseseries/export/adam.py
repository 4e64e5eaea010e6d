"""A cohort as ADaM data sets: ADSL, ADLB, ADRS and ADTTE (CDISC, Analysis Data Model 2.1 and the BDS of its guide).

CNSR is 0 for the event and a positive whole number for whatever ended observation before it, the other way round than
the event indicator of most packages. What came first in place of the event is no censoring: it has a number of its own
(`censor_codes`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from caseseries.export.adam_variables import DATASETS
from caseseries.model.analytes import PLATELETS, analyte_of
from caseseries.model.cohort import Cohort
from caseseries.model.definition import Definition
from caseseries.model.order import first_episodes
from caseseries.model.records import BLOCK, Records, blocks_of, episode_ids
from caseseries.model.results import CAUSES, NOT_EVALUABLE, event_of
from caseseries.response.admit import derive_baseline
from caseseries.response.evidence import evidence_of
from caseseries.response.series import Evidence, Values
from caseseries.words.labels import DefinitionLabel, definition_label
from caseseries.words.spelling import capital, words

YES_NO = {"yes": "Y", "no": "N"}
SEXES = {"female": "F", "male": "M"}
CODES = {PLATELETS: "PLAT", "neutrophils": "NEUT", "haemoglobin": "HGB", "ferritin": "FERRITIN"}
"""Code of an analyte in CDISC's list of laboratory tests; another has the first letters of its name."""

BASELINE_RULES = {
    "last7": "LAST7: recorded baseline, else the latest count of days -7 to 0 from the first dose",
    "mean_screen": "MEAN_SCREEN: mean count of days -14 to 0 from the first dose, else the recorded baseline",
    "min14": "MIN14: lowest count of days -14 to 0 from the first dose, else the recorded baseline",
}
"""Rule of a definition for the baseline (`definition.Choices.baseline`) -> BASETYPE."""

DERIVED = {"last7": "LOV", "mean_screen": "AVERAGE", "min14": "MINIMUM"}
"""DTYPE of a baseline that the rule made of counts: last observed value, mean, lowest."""

CENSORED = 1
"""CNSR at the end of observation."""


@dataclass(frozen=True)
class Analysed:
    """What the data sets are made of: a cohort, its records, its classes and times, the definitions by id; of a block
    of its episodes also the `whole`, from which all have the codes and the order of courses.
    """

    cohort: Cohort
    records: Records
    responses: pd.DataFrame
    times: pd.DataFrame
    definitions: Mapping[str, Definition]
    labels: Mapping[str, DefinitionLabel]
    whole: Analysed | None = None

    @cached_property
    def names(self) -> list[str]:
        """Ids of the definitions with classes or times, in their order."""
        if self.whole is not None:
            return self.whole.names
        return sorted({*self.responses["definition"].unique(), *self.times["definition"].unique()})

    @cached_property
    def censor_codes(self) -> dict[str, int]:
        """CNSR of each cause (`censor_codes`)."""
        if self.whole is not None:
            return self.whole.censor_codes
        found = self.times[["definition", "cause"]].drop_duplicates().astype(str)
        return censor_codes(found.loc[found["cause"] != found["definition"].map(event_of), "cause"])

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """STUDYID, USUBJID, SUBJID, EPISODE, APERIOD and TRTA of every course (`subjects`)."""
        if self.whole is None:
            return subjects(self)
        mine = self.whole.subjects["EPISODE"].isin(episode_ids(self.records))
        return self.whole.subjects[mine].reset_index(drop=True)


def adam_datasets(analysed: Analysed) -> dict[str, pd.DataFrame]:
    """The data sets that have rows, by name; their columns are those of `DATASETS`."""
    if not len(episode_ids(analysed.records)):
        return {}
    found = {name: with_variables(name, make(analysed)) for name, make in MAKERS.items()}
    return {name: frame for name, frame in found.items() if len(frame)}


def adam_blocks(analysed: Analysed, size: int = BLOCK) -> Iterator[tuple[str, pd.DataFrame]]:
    """The data sets of a large cohort with their names, ADSL whole, the others in blocks of `size` courses, in order.

    Text of responses and times may be categories.
    """
    yield "ADSL", with_variables("ADSL", adsl(analysed))
    ids = episode_ids(analysed.records)
    of_blocks = [rows_by_block(table, ids, size) for table in (analysed.responses, analysed.times)]
    for records, responses, times in zip(blocks_of(analysed.records, size), *of_blocks, strict=True):
        block = replace(analysed, records=records, responses=responses, times=times, whole=analysed)
        for name in ("ADLB", "ADRS", "ADTTE"):
            yield name, with_variables(name, MAKERS[name](block))


def rows_by_block(table: pd.DataFrame, ids: pd.Index, size: int) -> Iterator[pd.DataFrame]:
    """The rows of a table of each block of episodes, its text as str; rows of no known episode are left out."""
    episodes = table["episode_id"].astype("category")
    places = ids.get_indexer(pd.Index(episodes.cat.categories.to_numpy(object)))
    block = np.where(places < 0, -1, places // size)[episodes.cat.codes.to_numpy()]
    texts = [name for name, kind in table.dtypes.items() if isinstance(kind, pd.CategoricalDtype)]
    for number in range(-(-len(ids) // size)):
        yield table[block == number].reset_index(drop=True).astype(dict.fromkeys(texts, object))


def with_variables(name: str, made: pd.DataFrame) -> pd.DataFrame:
    """A data set with the columns of `DATASETS`, in their order."""
    return made.reindex(columns=[one.name for one in DATASETS[name][1]])


def study_day(day: pd.Series) -> pd.Series:
    """Days from the first dose as CDISC counts them: day 0 is 1, the day before it -1."""
    return day.where(day < 0, day + 1)


def subjects(analysed: Analysed) -> pd.DataFrame:
    """STUDYID, USUBJID, EPISODE, APERIOD and TRTA of every course, also of one that only outcomes.csv names."""
    episodes = analysed.records["episodes"]
    found = pd.DataFrame({"EPISODE": episode_ids(analysed.records)})
    about = episodes.set_index("episode_id").reindex(found["EPISODE"]).reset_index(drop=True)
    person = about["patient_id"].fillna(found["EPISODE"]).astype(str)
    first = pd.Series(False, index=found.index)
    first[: len(episodes)] = first_episodes(episodes).to_numpy()
    order = np.lexsort((np.arange(len(found)), ~first.to_numpy()))
    found["STUDYID"] = analysed.cohort.id
    found["USUBJID"] = analysed.cohort.id + "-" + person
    found["SUBJID"] = person
    found["TRTA"] = about["drug"].fillna("").astype(str)
    found["APERIOD"] = found.iloc[order].groupby("USUBJID").cumcount().reindex(found.index) + 1
    return found


def adsl(analysed: Analysed) -> pd.DataFrame:
    """One row a subject, in the order of first appearance, of the first course of each."""
    known, records = analysed.subjects, analysed.records
    found = known[known["APERIOD"] == 1].copy()
    about = records["episodes"].set_index("episode_id").reindex(found["EPISODE"])
    about.index = found.index
    deaths = records["events"][records["events"]["kind"] == "death"].set_index("episode_id")["day"]
    died = known.assign(day=known["EPISODE"].map(deaths[~deaths.index.duplicated()]))
    died = died[died["EPISODE"].isin(deaths.index)].drop_duplicates("USUBJID").set_index("USUBJID")["day"]
    found["AGE"] = about["age_years"]
    found["AGEU"] = np.where(about["age_years"].notna(), "YEARS", "")
    found["SEX"] = about["sex"].map(SEXES).fillna("U")
    found["TRT01A"] = found["TRTA"]
    found["SAFFL"] = "Y"
    found["NCOURSES"] = found["USUBJID"].map(known["USUBJID"].value_counts())
    found["PREGFL"] = about["pregnant"].map(YES_NO).fillna("")
    found["GESTWK"], found["WEIGHTBL"] = about["gestational_week"], about["weight_kg"]
    found["PHASE"] = about["itp_phase"].fillna("").astype(str).str.upper()
    found["PRIORLN"] = about["prior_lines"]
    found["SPLENFL"] = about["splenectomy"].map(YES_NO).fillna("")
    found["DTHFL"] = np.where(found["USUBJID"].isin(died.index), "Y", "")
    found["DTHDY"] = study_day(found["USUBJID"].map(died).astype(float))
    found["LASTDY"] = study_day(about["follow_up_end_day"].astype(float))
    return found


def adlb(analysed: Analysed) -> pd.DataFrame:
    """Every count under every rule for the baseline that a definition of its analyte asks for."""
    counts = analysed.records["counts"]
    kinds = dict.fromkeys([analysed.cohort.analyte, *counts["analyte"]])
    parts = []
    for analyte in kinds:
        evidence = evidence_of(analysed.records, analyte, analysed.cohort.visits)
        rows = _counts(analysed, analyte)
        parts += [_with_baseline(analysed, analyte, rows, evidence, rule) for rule in baseline_rules(analysed, analyte)]
    made = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else parts[0]
    return made.sort_values(
        ["USUBJID", "APERIOD", "PARAMCD", "PARAM", "BASETYPE", "ADY", "SRCDOM", "SRCSEQ"],
        key=lambda column: column.map(str) if column.name in ("USUBJID", "PARAMCD", "PARAM", "BASETYPE") else column,
        kind="stable",
        ignore_index=True,
    )


def baseline_rules(analysed: Analysed, analyte: str) -> list[str]:
    """Rules for the baseline of the definitions that were run on an analyte; the usual one where none was."""
    run = [
        analysed.definitions[name]
        for name in (analysed.whole or analysed).responses["definition"].unique()
        if name in analysed.definitions
    ]
    asked = {definition.choices.baseline for definition in run if definition.analyte == analyte}
    return [rule for rule in BASELINE_RULES if rule in (asked or {"last7"})]


def parameter_code(analyte: str) -> str:
    """PARAMCD of an analyte: at most 8 capitals and digits."""
    return CODES.get(
        analyte, "".join(letter for letter in analyte.upper() if letter.isascii() and letter.isalnum())[:8]
    )


def _parameter(analyte: str, unit: pd.Series) -> pd.Series:
    about = analyte_of(analyte)
    units = unit.fillna("").where(unit.fillna("") != "", about.unit or "")
    noun = capital(about.noun)
    return units.map(lambda one: f"{noun} ({one})" if one else noun)


def _counts(analysed: Analysed, analyte: str) -> pd.DataFrame:
    known = analysed.subjects
    rows = analysed.records["counts"]
    rows = rows[(rows["analyte"] == analyte) & rows["episode_id"].isin(known["EPISODE"])]
    exact = (rows["lo"] == rows["hi"]) & ~rows["lo_open"].astype(bool) & ~rows["hi_open"].astype(bool)
    made = pd.DataFrame(
        {
            "EPISODE": rows["episode_id"],
            "PARAMCD": parameter_code(analyte),
            "PARAM": _parameter(analyte, rows["unit"]),
            "AVISIT": rows["timepoint"].str.upper(),
            "ADY": study_day(rows["day"]),
            "AVAL": rows["lo"].where(exact),
            "AVALC": rows["count"],
            "AVALLO": rows["lo"].where(np.isfinite(rows["lo"])),
            "AVALHI": rows["hi"].where(np.isfinite(rows["hi"])),
            "ABLFL": "",
            "DTYPE": "",
            "ONTRTFL": np.where(rows["day"] >= 0, "Y", ""),
            "PREEVFL": np.where(rows["flag"] == "pre_event", "Y", ""),
            "SRCDOM": "counts",
            "SRCVAR": "count",
            "SRCSEQ": rows["source_row"],
        }
    )
    return made.merge(known.drop(columns="SUBJID"), on="EPISODE", how="left", validate="many_to_one")


def _with_baseline(analysed: Analysed, analyte: str, rows: pd.DataFrame, evidence: Evidence, rule: str) -> pd.DataFrame:
    base = _baselines(analysed, analyte, evidence, rule)
    made = pd.concat([rows, base], ignore_index=True) if len(base) else rows.copy()
    values = base.set_index("EPISODE") if len(base) else pd.DataFrame(columns=["AVAL", "AVALC"])
    made["BASETYPE"] = BASELINE_RULES[rule]
    made["BASE"] = made["EPISODE"].map(values["AVAL"]).astype(float)
    made["BASEC"] = made["EPISODE"].map(values["AVALC"]).fillna("").astype(str)
    later = made["ADY"] > 1
    made["CHG"] = (made["AVAL"] - made["BASE"]).where(later)
    made["R2BASE"] = (made["AVAL"] / made["BASE"].where(made["BASE"] > 0)).where(later)
    return made


def _baselines(analysed: Analysed, analyte: str, evidence: Evidence, rule: str) -> pd.DataFrame:
    """A row for the baseline of each course that has one: recorded, or made of counts by the rule."""
    known = analysed.subjects
    values = derive_baseline(evidence, rule)
    unknown = np.full(evidence.size, np.nan)
    nothing = Values(unknown, unknown, np.zeros(evidence.size, bool), np.zeros(evidence.size, bool))
    by_rule = derive_baseline(replace(evidence, baseline=nothing), rule).known
    made = by_rule & ~evidence.baseline.known if rule == "last7" else by_rule
    exact = (values.lo == values.hi) & ~values.lo_open & ~values.hi_open
    recorded = analysed.records["episodes"].set_index("episode_id")
    written = recorded["baseline"].reindex(known["EPISODE"]).fillna("").to_numpy(str)
    row = recorded["source_row"].reindex(known["EPISODE"]).to_numpy(float)
    of_episodes = ~made & (analyte == analysed.cohort.analyte)
    frame = known.drop(columns="SUBJID").assign(
        PARAMCD=parameter_code(analyte),
        PARAM=_parameter(analyte, pd.Series("", index=known.index)),
        AVISIT="BASELINE",
        ADY=np.where(made, np.nan, 1.0),
        AVAL=np.where(exact, values.lo, np.nan),
        AVALC=[
            text or _say(lo, hi) for text, lo, hi in zip(np.where(made, "", written), values.lo, values.hi, strict=True)
        ],
        AVALLO=np.where(np.isfinite(values.lo), values.lo, np.nan),
        AVALHI=np.where(np.isfinite(values.hi), values.hi, np.nan),
        ABLFL="Y",
        DTYPE=np.where(made, DERIVED[rule], ""),
        ONTRTFL="",
        PREEVFL="",
        SRCDOM=np.where(of_episodes, "episodes", "counts"),
        SRCVAR=np.where(of_episodes, "baseline", "count"),
        SRCSEQ=np.where(of_episodes, row, np.nan),
    )
    return frame[values.known]


def _say(lo: float, hi: float) -> str:
    if not np.isfinite(hi):
        return f">{lo:g}" if np.isfinite(lo) else ""
    return f"{lo:g}" if lo == hi else f"{lo:g} to {hi:g}"


def adrs(analysed: Analysed) -> pd.DataFrame:
    """The class of every course under every definition."""
    found = analysed.responses
    made = pd.DataFrame(
        {
            "EPISODE": found["episode_id"],
            "AVALC": found["response_class"],
            "PROVC": found["provisional_class"],
            "REASNE": found["because"],
            "ADY": study_day(found["time_to_response"]),
            "CONFDY": study_day(found["time_to_confirmation"]),
            "CRDY": study_day(found["time_to_complete_response"]),
            "LOSSDY": study_day(found["loss_of_response"]),
            "SRCROWS": found["decided_by"],
        }
    ).join(_parameters(analysed, found["definition"], "RSP", _say_response))
    responding = {name: set(definition.responses) for name, definition in analysed.definitions.items()}
    pairs = zip(found["definition"], found["response_class"], found["value"], strict=True)
    made["AVAL"] = [_answer(label, value, responding.get(name, set())) for name, label, value in pairs]
    return _of_subjects(made, analysed)


def _answer(label: str, value: float, responding: set[str]) -> float:
    """1 for a response, 0 for none, NaN where it is not evaluable; the value of a definition that measures."""
    if not label:
        return value
    return float("nan") if label == NOT_EVALUABLE else float(label in responding)


def adtte(analysed: Analysed) -> pd.DataFrame:
    """The time to the event of every definition that times one."""
    found = analysed.times
    event = found["definition"].map(event_of)
    happened = found["cause"] == event
    made = pd.DataFrame(
        {
            "EPISODE": found["episode_id"],
            "AVAL": found["time"],
            "CNSR": found["cause"].map(analysed.censor_codes).where(~happened, 0),
            "EVNTDESC": found["cause"].map({cause: words(cause).upper() for cause in found["cause"].unique()}),
            "CNSDTDSC": np.where(found["cause"] == "censored", "END OF OBSERVATION", ""),
            "ADY": study_day(found["time"]),
            "AVALLO": found["left"],
            "AVALHI": found["right"],
        }
    ).join(_parameters(analysed, found["definition"], "TTE", _say_time))
    return _of_subjects(made, analysed)


def censor_codes(causes: Iterable[str]) -> dict[str, int]:
    """CNSR of each cause that is not the event: 1 the end of observation, 2 to 5 delivery, rescue, stopping and death,
    then further causes in alphabetical order.
    """
    known = {cause: code for code, cause in enumerate(CAUSES) if code > CENSORED} | {"censored": CENSORED}
    others = sorted(set(causes) - set(known))
    return known | {cause: len(CAUSES) + place for place, cause in enumerate(others)}


def _parameters(analysed: Analysed, definitions: pd.Series, code: str, say: Callable[[str, str], str]) -> pd.DataFrame:
    """PARAMCD, PARAM, DEFID and DEFVER: the code has the place of the definition among all of the cohort.

    `say` makes PARAM of the definition's id and title.
    """
    codes = {name: f"{code}{number:03d}" for number, name in enumerate(analysed.names, start=1)}
    said = {name: say(name, definition_label(name, dict(analysed.labels)).title) for name in analysed.names}
    version = {name: definition.version for name, definition in analysed.definitions.items()}
    return pd.DataFrame(
        {
            "PARAMCD": definitions.map(codes),
            "PARAM": definitions.map(said),
            "DEFID": definitions,
            "DEFVER": definitions.map(version).astype(float),
        },
        index=definitions.index,
    )


def _say_response(name: str, title: str) -> str:
    return f"Response: {title}"


def _say_time(name: str, title: str) -> str:
    event = event_of(name)
    return f"Days to response: {title}" if event == "response" else f"Days to {words(event)}"


def _of_subjects(made: pd.DataFrame, analysed: Analysed) -> pd.DataFrame:
    known = analysed.subjects.drop(columns="SUBJID")
    place = {episode: number for number, episode in enumerate(known["EPISODE"])}
    joined = made.merge(known, on="EPISODE", how="inner", validate="many_to_one")
    order = np.lexsort((joined["PARAMCD"].to_numpy(str), joined["EPISODE"].map(place).to_numpy()))
    return joined.iloc[order].reset_index(drop=True)


MAKERS: dict[str, Callable[[Analysed], pd.DataFrame]] = {"ADSL": adsl, "ADLB": adlb, "ADRS": adrs, "ADTTE": adtte}
"""What makes each data set."""
