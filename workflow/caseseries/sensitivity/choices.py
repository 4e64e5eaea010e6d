"""The choices that no source settles, run as a grid over one cohort: the range of the response rate, and which choice
moves it most.

A choice that the records cannot feel (a transfusion window where nobody was transfused) has one setting and says why.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from caseseries.model.condition import Confirm, operators_in
from caseseries.model.definition import Definition
from caseseries.model.results import CASE_SETS, CHOICES, row_key
from caseseries.response.admit import admit, derive_baseline
from caseseries.response.classes import classify_evidence
from caseseries.response.clocks import has_class
from caseseries.response.evaluate import View
from caseseries.response.recorded import decidable, lacking
from caseseries.response.roles import one_sided
from caseseries.response.series import Evidence
from caseseries.sensitivity import variants


@dataclass(frozen=True)
class Choice:
    """A decision with its settings, the default first.

    column : its name in multiverse.csv, where it takes part in the grid.
    apply : makes the definition with a setting. felt : whether the evidence can feel it. note : why not, where not.
    """

    name: str
    settings: tuple[str, ...]
    apply: Callable[[Definition, str], Definition]
    felt: Callable[[Evidence], bool]
    note: str
    column: str = ""

    @property
    def in_grid(self) -> bool:
        """Whether every setting is combined with those of the others."""
        return bool(self.column)


def has_event(kind: str) -> Callable[[Evidence], bool]:
    """Whether anybody has an event of a kind."""
    return lambda evidence: bool((evidence.events.kind == kind).any())


def same_day(evidence: Evidence) -> bool:
    """Whether anybody has several counts on one day."""
    counts = evidence.counts
    return bool(((counts.episode[1:] == counts.episode[:-1]) & (counts.day[1:] == counts.day[:-1])).any())


def window_days(setting: str) -> int:
    """Number of days in the name of a setting."""
    return int(setting.split(maxsplit=1)[0])


REGISTER = (
    Choice(
        "counts between the two that confirm",
        ("all must qualify", "may fail"),
        lambda d, s: variants.with_between(d, "all" if s.startswith("all") else "any"),
        lambda e: True,
        "",
        "between",
    ),
    Choice(
        "unconfirmed when follow-up ends",
        ("not evaluable", "accepted", "no response"),
        lambda d, s: variants.with_choice(
            d, "open_at_end", {"not evaluable": "not_evaluable", "accepted": "accept"}.get(s, "failure")
        ),
        lambda e: True,
        "",
        "open_at_end",
    ),
    Choice(
        "counts after a platelet transfusion",
        ("7 days left out", "3 days left out", "0 days left out"),
        lambda d, s: variants.with_drop(d, "platelet_transfusion", window_days(s)),
        has_event("platelet_transfusion"),
        "no platelet transfusion is recorded",
        "platelet_transfusion",
    ),
    Choice(
        "rescue",
        ("28 days left out", "56 days left out", "failure"),
        variants.with_rescue,
        has_event("rescue"),
        "no rescue is recorded",
        "rescue",
    ),
    Choice(
        "several counts on one day",
        ("min", "last"),
        variants.with_same_day,
        same_day,
        "nobody has several counts on one day",
        "same_day",
    ),
    Choice(
        "bleeding that was not recorded",
        ("unknown", "none"),
        lambda d, s: variants.with_choice(d, "bleeding_unknown", s),
        lambda e: not np.isposinf(e.bleeding_to).all(),
        "bleeding is recorded for everybody",
        "bleeding_unknown",
    ),
    Choice(
        "baseline",
        ("last7", "mean_screen", "min14"),
        lambda d, s: variants.with_choice(d, "baseline", s),
        lambda e: bool(((e.counts.day <= 0) & (e.counts.day >= -14)).any()),
        "no dated count before the first dose",
        "baseline",
    ),
    Choice(
        "bleeding is looked at",
        ("on the day", "since the previous count"),
        lambda d, s: variants.with_look_back(d, "same_day" if s == "on the day" else "since_previous"),
        lambda e: len(e.bleeding.episode) > 0,
        "no bleeding is recorded",
    ),
    Choice(
        "multiple of a baseline of 0",
        ("satisfied", "unknown"),
        lambda d, s: variants.with_choice(d, "zero_baseline", s),
        lambda e: bool((e.baseline.hi == 0).any()),
        "nobody has a baseline of 0",
    ),
    Choice(
        "response must begin",
        ("at any time", "by day 28"),
        lambda d, s: variants.with_onset_window(d, None if s == "at any time" else 28),
        lambda e: True,
        "",
    ),
    Choice(
        "counts after delivery",
        ("exclude", "include"),
        lambda d, s: variants.with_choice(d, "after_delivery", s),
        has_event("delivery"),
        "no delivery is recorded",
    ),
)
"""The register of choices for a definition with confirmation; the first seven make the grid."""


def run_choices(evidence: Evidence, definition: Definition) -> pd.DataFrame:
    """Response rates of a cohort under every setting of every choice (columns `CHOICES`, the cohort left open).

    Parameters
    ----------
    evidence : of the episodes that the rate is about, first episodes of persons in the primary analysis.
    definition : one with confirmation, such as `iwg2009_confirmed`.

    Returns
    -------
    Empty where no episode has a dated count after the first dose.
    """
    if not len(evidence.counts) or not (evidence.counts.day >= 1).any():
        return pd.DataFrame(columns=list(CHOICES))
    definition = definition.model_copy(update={"ttr": None, "loss_cr": None, "loss_r": None})  # a rate needs no clock
    rows = [{"definition": definition.id, **row} for row in one_at_a_time(evidence, definition)]
    rows += [{"definition": definition.id, **row} for row in grid(evidence, definition)]
    return pd.DataFrame(rows).reindex(columns=list(CHOICES))


VISITS = Choice(
    "weeks without a count",
    ("planned", "routine"),
    lambda d, s: variants.with_choice(d, "visits", s),
    lambda e: True,
    "",
)
"""How a visit without a count is read; the default is what the cohort says of its visits."""


def confirms(definition: Definition) -> bool:
    """Whether a definition has a class that asks for two counts."""
    return any(isinstance(part, Confirm) for rule in definition.classes for part in operators_in(rule.when))


def on_visits(definition: Definition) -> bool:
    """Whether a definition has classes that look at visits of a grid."""
    text = definition.model_dump_json(by_alias=True, include={"classes"})
    return any(f'"{operator}"' in text for operator in ("k_of", "frac_of", "consec"))


def run_visits(evidence: Evidence, definition: Definition) -> pd.DataFrame:
    """Response rates under a definition on visits for both readings of a week without a count (analysis `visits`)."""
    if not len(evidence.counts):
        return pd.DataFrame(columns=list(CHOICES))
    cohort = "planned" if evidence.planned.all() else "routine"
    rows = [
        {
            "definition": definition.id,
            "analysis": "visits",
            "choice": VISITS.name,
            "setting": setting,
            "default": "yes" if setting == cohort else "no",
            "runs": 1,
            "note": "",
            **rate(evidence, VISITS.apply(definition, setting)),
        }
        for setting in sorted(VISITS.settings, key=lambda setting: setting != cohort)
    ]
    return pd.DataFrame(rows).reindex(columns=list(CHOICES))


def one_at_a_time(evidence: Evidence, definition: Definition) -> Iterator[dict]:
    """A row for every setting, with every other choice at its default."""
    for choice in REGISTER:
        felt = choice.felt(evidence)
        for setting in choice.settings if felt else choice.settings[:1]:
            yield {
                "analysis": "one_at_a_time",
                "choice": choice.name,
                "setting": setting,
                "default": "yes" if setting == choice.settings[0] else "no",
                "runs": 1,
                "note": "" if felt else choice.note,
                **rate(evidence, choice.apply(definition, setting)),
            }


def grid(evidence: Evidence, definition: Definition) -> Iterator[dict]:
    """A row for every choice that the cohort feels with what it moves, and one for the whole range."""
    choices = [choice for choice in REGISTER if choice.in_grid and choice.felt(evidence)]
    rates = np.full([len(choice.settings) for choice in choices], np.nan)
    known: dict[tuple, float] = {}
    for place, changed in combinations_of(choices, definition):
        key = what_decides(evidence, changed)
        if key not in known:
            known[key] = rate(evidence, changed)["estimate"]
        rates[place] = known[key]
    for axis, choice in enumerate(choices):
        span = _highest(rates, axis) - _lowest(rates, axis)
        moves = float(np.nanmean(span)) if np.isfinite(span).any() else np.nan
        yield {"analysis": "grid", "choice": choice.name, "moves": moves, "runs": rates.size, "note": ""}
    found = rates[np.isfinite(rates)]
    yield {
        "analysis": "grid",
        "choice": "all together",
        "runs": rates.size,
        "note": "",
        "lowest": found.min() if found.size else np.nan,
        "highest": found.max() if found.size else np.nan,
    }


def combinations_of(choices: list[Choice], definition: Definition) -> Iterator[tuple[tuple[int, ...], Definition]]:
    """The definition under every combination of settings, with the position of each setting."""
    if not choices:
        yield (), definition
        return
    for position, setting in enumerate(choices[0].settings):
        for rest, changed in combinations_of(choices[1:], choices[0].apply(definition, setting)):
            yield (position, *rest), changed


def what_decides(evidence: Evidence, definition: Definition) -> tuple:
    """All that the classes can depend on: the counts admitted, the baselines, and the rules applied to them.

    Settings that admit the same counts and give the same baselines cannot give another rate, and need not be run.
    """
    baselines = evidence.memo.setdefault("baselines", {})
    rule = definition.choices.baseline
    if rule not in baselines:
        found = derive_baseline(evidence, rule)
        baselines[rule] = digest([found.lo, found.hi, found.lo_open, found.hi_open])
    admitted = admit(evidence, definition)
    if DIGEST not in admitted.memo:
        parts: list[np.ndarray | None] = [admitted.cut, admitted.undated.row]
        for counts in (admitted.counts, admitted.all_counts):
            parts += [counts.row, counts.day, counts.lo, counts.hi, counts.lo_open, counts.hi_open]
        admitted.memo[DIGEST] = digest(parts)
    rules = definition.model_dump_json(exclude={"id": True, "admit": True, "cut_at": True, "choices": {"baseline"}})
    return baselines[rule], admitted.memo[DIGEST], rules


DIGEST = "digest of the admitted counts"


def digest(arrays: Iterable[np.ndarray | None]) -> bytes:
    """A key of the contents of arrays that takes no room, however many counts there are."""
    found = hashlib.blake2b(digest_size=20)
    for array in arrays:
        found.update(b"none" if array is None else f"{array.dtype}{array.size}".encode() + array.tobytes())
    return found.digest()


def _highest(rates: np.ndarray, axis: int) -> np.ndarray:
    return np.where(np.isnan(rates).all(axis), np.nan, np.where(np.isnan(rates), -np.inf, rates).max(axis))


def _lowest(rates: np.ndarray, axis: int) -> np.ndarray:
    return np.where(np.isnan(rates).all(axis), np.nan, np.where(np.isnan(rates), np.inf, rates).min(axis))


def judged(evidence: Evidence, definition: Definition) -> tuple[np.ndarray, np.ndarray]:
    """Who responded and who counts for the rate under a definition (bool by episode); nobody where most of those who
    can be evaluated could only have had one outcome.
    """
    view = View(evidence, definition, trace=False)
    classes = classify_evidence(view)
    known = (classes.chosen >= 0) & (lacking(view) == 0)
    if not known.all() and one_sided(~known, *decidable(view)):
        known = np.zeros(evidence.size, bool)
    return has_class(classes, definition.responses) & known, known


def cases_of_settings(
    choices: pd.DataFrame, definitions: Iterable[Definition], evidence_of: Callable[[str], Evidence], ids: np.ndarray
) -> pd.DataFrame:
    """Who counts for the rate under each other setting of a choice: rows of case_sets.csv, named by the row's key.

    Parameters
    ----------
    choices : rows of choices.csv.
    evidence_of : the evidence for an analyte, of the episodes `ids` in their order.
    """
    by_id, by_name = {one.id: one for one in definitions}, {one.name: one for one in (*REGISTER, VISITS)}
    parts = [pd.DataFrame(columns=list(CASE_SETS))]
    for row in choices[(choices["default"] == "no") & (choices["n"] > 0)].itertuples():
        definition = by_id[row.definition]
        changed = by_name[row.choice].apply(definition, row.setting)
        responded, known = judged(evidence_of(definition.analyte), changed)
        named = row_key("choices", row._asdict())
        for role, mask in (("event", responded), ("non_event", known & ~responded)):
            parts.append(pd.DataFrame({"case_set": named, "role": role, "episode_id": ids[mask]}))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def rate(evidence: Evidence, definition: Definition) -> dict[str, float]:
    """Responders among the evaluable under a definition; NaN where nobody is evaluable, or where most who are could
    only have had one outcome.
    """
    responded, known = judged(evidence, definition)
    events, n = int(responded.sum()), int(known.sum())
    return {"events": events, "n": n, "not_evaluable": evidence.size - n, "estimate": events / n if n else np.nan}
