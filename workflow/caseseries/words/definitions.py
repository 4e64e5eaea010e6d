"""Definitions in a clinician's words."""

from __future__ import annotations

from caseseries.model import condition as conditions
from caseseries.model import predicate as points
from caseseries.model.definition import CountOf, Definition, Drop, Loss, PerDay, Step, TimeIn, TimeToResponse, Window
from caseseries.words.events import event_name, nouns
from caseseries.words.intervals import window
from caseseries.words.lists import listing
from caseseries.words.numbers import plain
from caseseries.words.units import amount, days


def say_point(point: points.Point, unit: str) -> str:  # noqa: PLR0911 - one case each predicate
    """A point predicate as what a count is: `at least 30 × 10⁹/L and no bleeding`."""

    def inner(part: points.Point) -> str:
        said = say_point(part, unit)
        return f"({said})" if isinstance(part, points.AllOf | points.AnyOf) else said

    match point:
        case points.Ge():
            return f"at least {amount(point.ge, unit)}"
        case points.Gt():
            return f"above {amount(point.gt, unit)}"
        case points.Le():
            return f"at most {amount(point.le, unit)}"
        case points.Lt():
            return f"below {amount(point.lt, unit)}"
        case points.In():
            return f"between {plain(point.in_[0])} and {amount(point.in_[1], unit)}, both included"
        case points.FoldGe() | points.DeltaGe() | points.FoldLe() | points.DeltaLe():
            return say_relative(point, unit)
        case points.BleedLe():
            since = " since the previous count" if point.look_back == "since_previous" else ""
            return (f"no bleeding above grade {point.bleed_le}" if point.bleed_le else "no bleeding") + since
        case points.AllOf():
            values = [inner(part) for part in point.all if not isinstance(part, points.BleedLe)]
            signs = [inner(part) for part in point.all if isinstance(part, points.BleedLe)]
            return " with ".join(listing(parts, "and") for parts in (values, signs) if parts)
        case points.AnyOf():
            return listing([inner(part) for part in point.any], "or")
        case points.Not():
            return f"not ({say_point(point.not_, unit)})"
    raise TypeError(f"not a point predicate: {point!r}")


def say_relative(point: points.FoldGe | points.DeltaGe | points.FoldLe | points.DeltaLe, unit: str) -> str:
    """A count compared with the baseline: `at least 2 times the baseline`, `at least 2 g/dL below the baseline`."""
    match point:
        case points.FoldGe(fold_ge=fold):
            return f"at least {plain(fold)} times the baseline"
        case points.FoldLe(fold_le=fold):
            share = f"{plain(round(100 * fold, 9))} % of" if fold < 1 else f"{plain(fold)} times"
            return f"at most {share} the baseline"
        case points.DeltaGe(delta_ge=rise):
            least, quantifier = True, "at least" if rise > 0 else "at most"
        case points.DeltaLe(delta_le=rise):
            least, quantifier = False, "at most" if rise > 0 else "at least"
    if rise == 0:
        return f"not {'below' if least else 'above'} the baseline"
    return f"{quantifier} {amount(abs(rise), unit)} {'above' if rise > 0 else 'below'} the baseline"


def say_grid(grid: conditions.Grid, definition: Definition) -> str:
    """The visits of a grid with their days."""
    first = grid.first_day(definition.week_origin)
    last = first + grid.pace * (len(grid.visits) - 1)
    pace = "weekly" if grid.step == 1 else f"{grid.step}-weekly"
    return (
        f"{len(grid.visits)} {pace} visits of weeks {grid.weeks[0]} to {grid.weeks[1]} "
        f"(days {first} to {last}, each ± {days(grid.tolerance)})"
    )


def say_condition(condition: conditions.Condition, definition: Definition) -> str:  # noqa: PLR0911, PLR0912
    """A condition on an episode, as a noun phrase that is met or not."""
    unit = definition.unit
    match condition:
        case conditions.Some():
            return f"one count that is {say_point(condition.some, unit)}"
        case conditions.Confirm():
            between = ", and so every count between them" if condition.between == "all" else ""
            onset = f", the first {window(condition.onset_in)}" if condition.onset_in else ""
            point = say_point(condition.confirm, unit)
            return f"two counts at least {days(condition.gap)} apart, each {point}{between}{onset}"
        case conditions.At():
            point = say_point(condition.at, unit)
            return f"the count nearest to day {condition.day} (± {days(condition.tol)}) is {point}"
        case conditions.KOf():
            rest = (
                f"; a visit without a count is left out, {condition.min_obs} must have one"
                if condition.missing == "ignore"
                else "; a planned visit without a count does not qualify"
            )
            return f"at least {condition.k} of the {say_grid(condition, definition)} with a count that is " + (
                say_point(condition.k_of, unit) + rest
            )
        case conditions.FracOf():
            x, y = condition.ge
            return (
                f"at least {x}/{y} of those among the {say_grid(condition, definition)} that have a count, and these "
                f"at least {condition.min_obs}, with a count that is {say_point(condition.frac_of, unit)}"
            )
        case conditions.Consec():
            grid = say_grid(condition, definition)
            return f"{condition.n} neighbouring visits among the {grid} with a count that is " + (
                say_point(condition.consec, unit)
            )
        case conditions.ConsecDays():
            point = say_point(condition.consec, unit)
            return f"{condition.n} consecutive days {window(condition.days)}, each with a count that is {point}"
        case conditions.Sustain():
            return (
                f"every count {say_point(condition.sustain, unit)} for {days(condition.days)} from "
                f"{event_name(condition.start).phrase}, with no more than {days(condition.max_gap)} between counts "
                f"and a qualifying count that closes the span"
            )
        case conditions.LastBefore():
            return (
                f"the last count in the {days(condition.within)} before {event_name(condition.event).phrase} is "
                f"{say_point(condition.last_before, unit)}"
            )
        case conditions.NoneOf():
            kinds = nouns(condition.none)
            if condition.after is not None:
                return f"no {kinds} within {days(condition.days)} from {event_name(condition.after).phrase}"
            return f"no {kinds} {window(condition.window or [None, None])}"
        case conditions.Exposed():
            return f"{condition.exposed} on at least {days(condition.min_days)}"
        case conditions.And():
            return "; and ".join(say_condition(part, definition) for part in condition.and_)
        case conditions.Or():
            return "; or ".join(say_condition(part, definition) for part in condition.or_)
        case conditions.Negation():
            return f"not: {say_condition(condition.not_, definition)}"
    raise TypeError(f"not a condition: {condition!r}")


def say_step(step: Step) -> str:
    """An admission step as a sentence."""
    match step:
        case Window():
            return f"counts {window(step.window)} are used"
        case Drop():
            return (
                f"counts from the day of {event_name(step.drop.after).phrase} to {days(step.drop.days)} later are "
                "left out, but for one known to be drawn before it"
            )
        case PerDay():
            which = {"min": "the lowest", "max": "the highest", "first": "the first", "last": "the last"}
            return f"of several counts on one day {which[step.per_day]} is used"
    raise TypeError(f"not an admission step: {step!r}")


def say_clock(clock: TimeToResponse, unit: str) -> str:
    """How the response is dated."""
    points_said = say_point(points.AnyOf(any=clock.of), unit)
    if clock.n is not None:
        which = "last" if clock.onset == "confirming" else "first"
        return f"day of the {which} of {clock.n} consecutive days, each with a count that is {points_said}"
    if clock.gap is None:
        return f"day of the first count that is {points_said}"
    which = "confirming" if clock.onset == "confirming" else "first"
    return f"day of the {which} of two counts at least {days(clock.gap)} apart, each {points_said}"


def say_loss(loss: Loss, unit: str) -> str:
    """How a loss is dated."""
    return (
        f"after {listing(loss.classes, 'or')}: first of two counts at least {days(loss.gap)} apart, with none better "
        f"between, each {say_point(loss.of, unit)}"
    )


def say_measure(measure: CountOf | TimeIn, definition: Definition) -> str:
    """What a measure counts."""
    if isinstance(measure, CountOf):
        return f"number of the {say_grid(measure, definition)} with a count that is " + (
            say_point(measure.count_of, definition.unit)
        )
    how = "each count holding until the next" if measure.method == "step" else "counts interpolated by day"
    return f"share of the observed days with a count that is {say_point(measure.time_in, definition.unit)}, {how}"
