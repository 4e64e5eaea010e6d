"""What a label asks, and what came of it, in words: the rules of dosing and the clauses of eligibility."""

from __future__ import annotations

from collections.abc import Iterable

from caseseries.model import dosing as rules
from caseseries.model.dosing import Clause, Dosing, RuleSet
from caseseries.model.drug import Drug
from caseseries.words.lists import listing
from caseseries.words.numbers import counts, plain
from caseseries.words.spelling import sentence, small, words
from caseseries.words.units import behind

RULES = {
    "start": "First dose",
    "maximum": "Highest dose",
    "dose": "Dose",
    "dose_unit": "Dose that can be read",
    "interval": "Days between doses",
    "raise": "More on a low count",
    "unchanged": "Unchanged between the limits",
    "reduce": "Less after high counts",
    "hold": "Withheld on a very high count",
    "resume": "Begun again after a hold",
    "adjust": "Change that was due is not known",
    "step_up": "Size of a rise",
    "step_down": "Size of a fall",
    "missed_dose_doubled": "Not doubled after a missed dose",
    "stop_rule": "Stopped without effect",
    "weight_check": "Weight taken in time",
    "course_length": "Length of a course",
    "every_other_day": "Every other day",
    "stop_at_100": "Stopped at the count",
}
"""Rules of dosing.csv in the order in which they are read."""

CHOICES = {
    "dose_tolerance": "difference of a dose that counts as none",
    "dose_tolerance_percent": "percent of a dose that count as no difference",
    "interval_tolerance_days": "days by which an interval may be off",
    "no_improvement": "reading of no improvement",
    "count_steers": "day from which a count steers",
    "transfused_counts": "counts after a transfusion",
    "course_gap_days": "days without drug that end a course",
    "weights_complete": "weights taken for complete",
    "bleeding_risk": "baseline below which a bleeding risk is taken for granted",
}
"""Our choices in judging doses, and the clauses that have one, by their names in a profile."""

DIFFERENCE = "A departure is a difference from the label named, not an error of the physician."


def say_rule(name: str, rule: Clause, dosing: Dosing) -> str:  # noqa: PLR0911, PLR0912 - one case each rule
    """What a rule asks, with its figures: "count below 50: 1 mcg/kg more"."""
    unit = behind(dosing.unit)
    match rule:
        case rules.Start():
            return f"{' or '.join(map(plain, rule.doses))} {unit}"
        case rules.Maximum():
            return f"at most {plain(rule.dose)} {unit}"
        case rules.DailyDose():
            return f"{plain(rule.dose)} {behind(rule.unit)} a day"
        case rules.Interval():
            return f"every {rule.days} days"
        case rules.Raise():
            return f"count below {plain(rule.below)}: {plain(rule.by)} {unit} more"
        case rules.Reduce():
            above, floor = plain(rule.above), plain(rule.floor)
            return f"count above {above} in {rule.weeks} weeks running: {plain(rule.by)} {unit} less, not below {floor}"
        case rules.Hold():
            return f"count above {plain(rule.above)}: none"
        case rules.Resume():
            return f"count below {plain(rule.below)} again: {plain(rule.by)} {unit} less than before"
        case rules.Step():
            return f"at most {plain(rule.at_most)} {unit} {'more' if name == 'step_up' else 'less'} at once"
        case rules.StopRule():
            return (
                f"none after {rule.doses} doses at the maximum without an improvement "
                f"(a count of {plain(rule.improved_at)}, or twice the baseline)"
            )
        case rules.WeightCheck():
            return f"not older than {rule.days} days, below {plain(rule.under_age)} years of age"
        case rules.CourseLength():
            return f"at most {rule.days} days"
        case rules.EveryOtherDay():
            return f"count above {plain(rule.above)}: not on two days running"
        case rules.StopAt():
            return f"count of {plain(rule.count)} or more: none"
    return {
        "dose_unit": f"in {unit}, or turned into it",
        "unchanged": "count in between: the same dose",
        "missed_dose_doubled": "not twice the last dose",
    }.get(name, "")


def say_sources(clause: Clause) -> str:
    """Where a clause stands, with the basis of each source: "monograph (P), us label (S)"."""
    return ", ".join(f"{name.replace('_', ' ')} ({basis})" for name, basis in clause.source.items())


def label_names(drug: Drug, labels: Iterable[str]) -> str:
    """Rule sets of a profile by name."""
    known: dict[str, RuleSet] = drug.dosing.labels if drug.dosing else {}
    return listing(known[label].name if label in known else label for label in labels)


def setting_of(drug: Drug, choice: str) -> str:
    """The value of a choice of a profile: of how doses are judged, else of a clause."""
    found = getattr(drug.dosing.choices, choice, None) if drug.dosing else None
    found = found or next((clause.choice for clause in drug.eligibility if clause.clause == choice), None)
    return "" if found is None else plain(found.value)


def choice_words(choice: str, setting: str) -> str:
    """A choice with its value, or a value alone: ("course_gap_days", "7") -> "days without drug ...: 7"."""
    value = words(setting)
    return f"{CHOICES[choice]}: {value}" if choice else value


def say_settled(choices: Iterable[str]) -> str:
    """Choices that move no verdict."""
    return sentence(f"no verdict moves with {listing([f'the {CHOICES[choice]}' for choice in choices])}")


def say_departures(drug: str, labels: str, found: Iterable[tuple[str, int, int]]) -> str:
    """How many episodes departed from a drug's label: `found` has rule, episodes departed and episodes judged; "" where
    no episode did."""
    parts = [f"{small(RULES[rule])} in {counts(departed, judged)}" for rule, departed, judged in found if departed]
    return sentence(f"{drug}, by the {labels}: {listing(parts)} not as asked") if parts else ""


NO_DEPARTURE = "No departure from a label is on record; what is not recorded cannot be judged."
NOTHING_JUDGED = "No dose can be held to a label: what that needs is not recorded."
WITHHELD = "Verdicts on doses are withheld: they tell of few people."
