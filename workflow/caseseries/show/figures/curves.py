"""The time-to-event figures of a cohort: cumulative incidence, everyone's state by day, Kaplan-Meier beside it.

Aalen-Johansen is the main curve, since delivery, rescue and death compete with response; Kaplan-Meier, with competing
events censored, is a labelled supplement. Curves stand for the authors' own outcomes and for one definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from caseseries.model.applicable import LEADS, REPORTED, main_definition
from caseseries.model.groups import ALL
from caseseries.model.methods import TURNBULL
from caseseries.model.results import event_of
from caseseries.show.drawing import Curves, Drawing, Frame, Kind, Line, Shape, Stack, values
from caseseries.show.rates import base_groups
from caseseries.show.steps import (
    INCIDENCE,
    SURVIVAL,
    at_risk,
    band_drawn,
    curve_steps,
    day_ticks,
    events_by,
    last_day,
    points_at,
    stacked,
)
from caseseries.words import numbers, spelling, units
from caseseries.words.intervals import day_interval, level_text
from caseseries.words.labels import DAYS_FROM, DefinitionLabel, cohort_label, definition_label
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected, plural
from caseseries.words.numbers import NOTHING, is_missing, number, percent

SMALL = 10
"""Below this many people the figure says in words how little the curve rests on."""

FEWEST = 2
"""Fewest people for whom a curve is drawn: one person's course stands in the swimmer plot."""

MARKS_UP_TO = 60
"""Most people for whom the ends of observation are marked on a curve; beyond it the marks would hide the curve."""


def curve_definitions(estimates: pd.DataFrame, leads: Sequence[str] = LEADS) -> list[str]:
    """Definitions whose curves are drawn: the authors' own outcomes, and the one that leads of all others; before them
    where cohort.yaml names it.

    The other definitions' curves stand in estimates.csv; their rates are compared in one figure.
    """
    curves = estimates[(estimates["statistic"] == INCIDENCE) & (estimates["n"] >= FEWEST)]
    own = [d for d in dict.fromkeys(curves["definition"]) if d == REPORTED or d.startswith(f"{REPORTED}_")]
    others = curves[~curves["definition"].isin(own)]
    chosen = main_definition([name for name in leads if name != REPORTED], others["definition"])
    both = [*own, chosen] if chosen else own
    return sorted(both, key=lambda name: name != leads[0]) if chosen == leads[0] else both


def curve_drawings(
    estimates: pd.DataFrame,
    labels: dict[str, DefinitionLabel],
    *,
    cohort: str,
    synthetic: bool,
    days: str = DAYS_FROM["first_dose"],
    leads: Sequence[str] = LEADS,
) -> list[Drawing]:
    """Every curve figure of a cohort that has something to show.

    Where nothing competes with the event it is Kaplan and Meier's curve; else their curve is a supplement, for the
    first definition alone.
    """
    drawings: list[Drawing | None] = []
    for place, definition in enumerate(curve_definitions(estimates, leads)):
        here = estimates[estimates["definition"] == definition]
        order = 20 + 5 * place
        context = Context(here, definition, definition_label(definition, labels), cohort, synthetic, order, days)
        if context.competes or context.visits:
            drawings += [context.incidence(), context.by_group(), context.states()]
            drawings += [context.supplement()] if place == 0 else []
        else:
            drawings += [context.kaplan_meier(), context.survival_by_group()]
    return [drawing for drawing in drawings if drawing is not None]


def step_line(
    label: str, steps: pd.DataFrame, sign: int, *, band: bool = True, censored: pd.DataFrame | None = None
) -> Line:
    """A curve of estimates as data to draw; `steps` has `time, estimate, lower, upper`, `censored` the first two."""
    time, estimate, lower, upper = (values(steps[name]) for name in ("time", "estimate", "lower", "upper"))
    points = (
        ()
        if censored is None
        else tuple(censored[["time", "estimate"]].astype(float).itertuples(index=False, name=None))
    )
    return Line(label, sign, time, estimate, lower, upper, bool(band and steps["lower"].notna().any()), points)


class Context:
    """One definition's estimates with the words that its figures share."""

    def __init__(
        self,
        estimates: pd.DataFrame,
        definition: str,
        label: DefinitionLabel,
        cohort: str,
        synthetic: bool,
        order: int,
        days: str,
    ):
        self.estimates, self.definition = estimates, definition
        self.cohort, self.synthetic, self.order, self.days = cohort, synthetic, order, days
        self.event = event_of(definition)
        self.curves = estimates[estimates["statistic"].isin([INCIDENCE, SURVIVAL])]
        self.groups = list(dict.fromkeys(self.curves["group"]))
        self.base = base_groups(self.curves)[0]
        self.last = last_day(estimates, definition)
        self.causes = list(dict.fromkeys(self._rows(INCIDENCE, self.base)["cause"]))
        levels = estimates["level"].dropna()
        self.level = level_text(levels.iloc[0] if len(levels) else 0.95)
        by = "" if definition.startswith(REPORTED) else f", {label.title}"
        self.rule = "as reported" if definition.startswith(REPORTED) else label.title
        self.name = f"{cohort_label(cohort)}: {{what}}{by}"

    def _rows(self, statistic: str, group: str) -> pd.DataFrame:
        return self.curves[(self.curves["statistic"] == statistic) & (self.curves["group"] == group)]

    def _steps(self, statistic: str, group: str, cause: str) -> pd.DataFrame:
        steps = curve_steps(self.curves, statistic, self.definition, group, cause)
        band = band_drawn(steps["n"].to_numpy())
        return steps.assign(lower=steps["lower"].where(band), upper=steps["upper"].where(band))

    def _drawing(self, kind: Kind, suffix: str, plot: Shape, texts: tuple[str, str, str, str], step: int) -> Drawing:
        """One figure of this definition; `texts` are title, subtitle, caption and alternative text."""
        title, subtitle, caption, alt = texts
        order = self.order + step
        return Drawing(
            f"{kind}_{self.definition}{suffix}",
            kind,
            title,
            subtitle,
            plot,
            caption,
            alt,
            order,
            synthetic=self.synthetic,
        )

    @property
    def competes(self) -> bool:
        """True where something else may come before the event."""
        return len(self.causes) > 1

    @property
    def visits(self) -> bool:
        """True where times are known only as intervals between visits."""
        return self._rows(INCIDENCE, self.base)["method"].eq(TURNBULL).any()

    def _counts(self, statistic: str, group: str) -> pd.DataFrame:
        return self.estimates[(self.estimates["statistic"] == statistic) & (self.estimates["group"] == group)]

    def _first(self, group: str, cause: str) -> float:
        """In how many of a group a cause came first."""
        rows = self._counts("came_first", group)
        return float(rows.loc[rows["cause"] == cause, "events"].iloc[0])

    def _censored(self, steps: pd.DataFrame, others: Iterable[pd.DataFrame] = ()) -> pd.DataFrame | None:
        """Points of a curve where somebody was last seen, or left by the events of other curves."""
        if steps["n"].max() > MARKS_UP_TO:
            return None
        days = [self._counts("observation_ended", self.base)["time"]]
        days += [each.loc[each["events"] > 0, "time"] for each in others]
        return points_at(steps, pd.concat(days))

    def _marks(self, censored: pd.DataFrame | None) -> str:
        return " Small upright marks: observation ended." if censored is not None and len(censored) else ""

    def _with_band(self, steps: pd.DataFrame) -> str:
        """That a curve stands with its band, "" where none of it is drawn."""
        return f" with {self.level} band" if steps["lower"].notna().any() else ""

    def _small(self, n: int) -> str:
        return f" n = {n}: few people, large steps." if n < SMALL else ""

    def _frame(self, steps: dict[str, pd.DataFrame], y_label: str, *, with_events: str = "") -> Frame:
        ticks = day_ticks(self.last)
        rows = [(name, tuple(number(count) for count in at_risk(each, ticks))) for name, each in steps.items()]
        if with_events:
            counts = events_by(self._counts("events_so_far", self.base), ticks)
            rows.append((with_events, tuple(number(count) for count in counts)))
        heading = "Numbers" if len(steps) == 1 else "At risk"
        return Frame(y_label, self.days, self.last, tuple(ticks), tuple(rows), heading)

    def incidence(self) -> Drawing | None:
        """Cumulative incidence of the event, and of what came first instead, in the cohort as a whole."""
        main = self._steps(INCIDENCE, self.base, self.event)
        if main.empty or self.visits:
            return self._visit_curve(main) if len(main) else None
        n, last = int(main["n"].max()), main.iloc[-1]
        lines, counts = [], []
        parts = {cause: self._steps(INCIDENCE, self.base, cause) for cause in self.causes}
        censored = self._censored(main)
        for place, (cause, steps) in enumerate(parts.items()):
            counted = numbers.counts(self._first(self.base, cause), n)
            counts.append(f"{spelling.words(cause)} {counted}")
            label = f"{spelling.words(cause)} ({counted})"
            marks = censored if cause == self.event else None
            lines.append(step_line(label, steps, place, band=cause == self.event, censored=marks))
        what = "time to " + spelling.words(self.event)
        title = self.name.format(what=what)
        subtitle = f"Cumulative incidence (Aalen-Johansen){self._with_band(main)}.{self._small(n)}"
        with_events = f"with {spelling.words(self.event)}"
        frame = self._frame({"at risk": main}, "Cumulative incidence", with_events=with_events)
        scale = "complementary log-log, drawn while enough are at risk"
        band = f"; band: {self.level}, {scale}" if self._with_band(main) else ""
        caption = (
            f"Cumulative incidence of {spelling.words(self.event)} ({self.rule}), n = {n}, Aalen-Johansen, "
            f"competing causes as curves of their own{band}. At risk: without any event before the day. An event "
            f"stands on the day on which it was seen.{self._marks(censored)}{self._cut()}"
        )
        end = f"{percent(last['estimate'], n)} by day {number(last['time'])}"
        what = spelling.words(self.event)
        alt = f"Step curve of the cumulative incidence of {what}: {end}. {'; '.join(counts)}."
        plot = Curves("curves", frame, tuple(lines))
        return self._drawing("incidence", "", plot, (title, subtitle, caption, alt), 0)

    def _cut(self) -> str:
        """That the axis ends before observation does, and how few are left there; "" where it does not."""
        facts = self.estimates[self.estimates["statistic"] == "last_day_drawn"]
        facts = facts[facts["group"] == self.base].iloc[0]
        if facts["estimate"] >= facts["time"]:
            return ""
        return (
            f" The axis ends on day {number(facts['estimate'])}, when {number(facts['n'])} "
            f"{inflected(facts['n'], 'is', 'are')} at risk; observation goes on to day {number(facts['time'])}."
        )

    def _visit_curve(self, steps: pd.DataFrame) -> Drawing:
        n = int(steps["n"].max())
        title = self.name.format(what="time to " + spelling.words(self.event))
        subtitle = f"Share with {spelling.words(self.event)}; its day is known only between visits (Turnbull). n = {n}."
        last = float(steps["time"].max())
        frame = Frame("Share", DAYS_FROM["first_dose"], last * 1.05, tuple(day_ticks(last * 1.05)))
        line = step_line(f"{spelling.words(self.event)}, latest day", steps, 0, band=False)
        caption = (
            f"Share with {spelling.words(self.event)} ({self.rule}) by the latest day on which it can have "
            f"occurred; Turnbull's estimate from intervals between visits, n = {n}."
        )
        alt = f"Step curve reaching {percent(steps['estimate'].iloc[-1], n)} by day {number(last)}."
        plot = Curves("curves", frame, (line,))
        return self._drawing("incidence", "", plot, (title, subtitle, caption, alt), 0)

    def by_group(self) -> Drawing | None:
        """Cumulative incidence of the event in each group; None where the cohort has no groups."""
        what = spelling.words(self.event)
        title = self.name.format(what=f"time to {what} by group")
        words = ("Cumulative incidence", "Aalen-Johansen", "complementary log-log", f"of {what}")
        return self._groups(INCIDENCE, "incidence", title, words)

    def survival_by_group(self) -> Drawing | None:
        """Share still without the event in each group; None where the cohort has no groups."""
        what = f"without {spelling.words(self.event)}"
        words = ("Share", "Kaplan-Meier", "log-log", what)
        return self._groups(SURVIVAL, "survival", self.name.format(what=f"{what}, by group"), words)

    def _groups(self, statistic: str, kind: Kind, title: str, words: tuple[str, str, str, str]) -> Drawing | None:
        steps = {group: self._steps(statistic, group, self.event) for group in self.groups if group != ALL}
        steps = {group: each for group, each in steps.items() if len(each)}
        if len(steps) < 2 or self.visits:
            return None
        y_label, method, band, what = words
        lines = [
            step_line(f"{group} ({numbers.counts(self._first(group, self.event), each['n'].max())})", each, place)
            for place, (group, each) in enumerate(steps.items())
        ]
        beside = {cause: place for place, cause in enumerate(self._instead(statistic), start=1)}
        for cause, dash in beside.items():
            others = [self._steps(statistic, group, cause) for group in steps]
            lines += [
                replace(step_line(f"{group}: {spelling.words(cause)}", each, place, band=False), dash=dash)
                for place, (group, each) in enumerate(zip(steps, others, strict=True))
                if len(each)
            ]
        bands = any(self._with_band(each) for each in steps.values())
        subtitle = f"{y_label} ({method}){f' with {self.level} bands' if bands else ''}."
        dashes = tuple((spelling.words(cause), dash) for cause, dash in beside.items())
        plot = Curves("curves", self._frame(steps, y_label), tuple(lines), dashes=dashes)
        ends = [f"{group} {percent(each['estimate'].iloc[-1], each['n'].max())}" for group, each in steps.items()]
        scale = f"; bands: {self.level}, {band}" if bands else ""
        thin = f" Thin lines: {listing([name for name, _ in dashes])}, which came first." if dashes else ""
        caption = f"{y_label} {what} ({self.rule}) by group, {method}{scale}.{thin}{self._cut()}"
        alt = f"Step curves by group, {what}; at the end: {listing(ends)}."
        return self._drawing(kind, "_by_group", plot, (title, subtitle, caption, alt), 1)

    def _instead(self, statistic: str) -> list[str]:
        """Causes that came first instead of the event in somebody; none beside a curve of survival."""
        if statistic != INCIDENCE:
            return []
        return [cause for cause in self.causes if cause != self.event and self._first(self.base, cause)]

    def states(self) -> Drawing | None:
        """Everyone's state by day, causes stacked; None where nothing competes with the event."""
        if self.visits:
            return None
        parts = {cause: self._steps(INCIDENCE, self.base, cause) for cause in self.causes}
        happened = {cause: self._first(self.base, cause) for cause in parts}
        parts = {cause: each for cause, each in parts.items() if happened[cause]}
        if len(parts) < 2:
            return None
        main = next(iter(parts.values()))
        n = int(main["n"].max())
        times, edges = stacked(list(parts.values()))
        names = [f"{spelling.words(cause)} ({numbers.counts(happened[cause], n)})" for cause in parts]
        title = self.name.format(what="what came first, by day")
        subtitle, frame = f"Aalen-Johansen, stacked.{self._small(n)}", self._frame({"at risk": main}, "Share")
        plot = Stack("stack", frame, values(times), tuple(map(values, edges)), tuple(names), "none of these yet")
        caption = (
            f"What came first, by day: stacked cumulative incidence of every cause (Aalen-Johansen), n = {n}; the "
            f"white area is the share still without any of them.{self._cut()}"
        )
        ends = [f"{spelling.words(c)} {percent(each['estimate'].iloc[-1], n)}" for c, each in parts.items()]
        alt = f"Stacked areas; at the end: {'; '.join(ends)}."
        return self._drawing("states", "", plot, (title, subtitle, caption, alt), 2)

    def kaplan_meier(self) -> Drawing | None:
        """Kaplan-Meier of still being without the event, with its median; None where there is no curve."""
        found = self.estimates[(self.estimates["statistic"] == "median_time") & (self.estimates["group"] == self.base)]
        median, words = None, "median not reached"
        if len(found) and not is_missing(found["estimate"].iloc[0]):
            row = found.iloc[0]
            median = row["estimate"]
            limits = day_interval(row["lower"], row["upper"])
            words = f"median {units.days(median)}" + ("" if limits == NOTHING else f" ({limits})")
        steps = self._steps(SURVIVAL, self.base, self.event)
        said = f"Kaplan-Meier{self._with_band(steps)}; {words}."
        return self._survival("survival", "", said, "Kaplan-Meier", f", {words}", median, 0)

    def supplement(self) -> Drawing | None:
        """Kaplan-Meier with competing events censored; it has no median, since one minus it overstates the event."""
        band = self._with_band(self._steps(SURVIVAL, self.base, self.event))
        said = f"Kaplan-Meier, competing events censored{f',{band}' if band else ''}."
        censored = "; competing events are censored, so that one minus this curve overstates the event"
        return self._survival("supplement", " (supplement)", said, "Supplement: Kaplan-Meier", censored, None, 3)

    def _survival(
        self, kind: Kind, suffix: str, said: str, name: str, remark: str, median: float | None, step: int
    ) -> Drawing | None:
        steps, what = self._steps(SURVIVAL, self.base, self.event), spelling.words(self.event)
        if steps.empty:
            return None
        n, events = int(steps["n"].max()), self._first(self.base, self.event)
        title = self.name.format(what=f"without {what}{suffix}")
        frame = self._frame({"at risk": steps}, f"Without {what}", with_events=f"with {what}")
        others = [self._steps(INCIDENCE, self.base, cause) for cause in self.causes if cause != self.event]
        censored = self._censored(steps, others)
        band = steps["lower"].notna().any()
        line = step_line(f"without {what} (n = {n})", steps, 0, band=band, censored=censored)
        drawn = f" Band: {self.level}, log-log." if band else ""
        caption = (
            f"{name} estimate of being without {what} ({self.rule}), n = {n}, {plural(events, 'event')}{remark}."
            f"{drawn}{self._marks(censored)}{self._cut()}"
        )
        alt = f"Falling step curve from 100 % to {percent(steps['estimate'].iloc[-1], n)}{remark}."
        plot = Curves("curves", frame, (line,), median)
        return self._drawing(kind, "", plot, (title, f"{said}{self._small(n)}", caption, alt), step)
