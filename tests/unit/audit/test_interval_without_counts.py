"""A text that says how far doses are apart and nothing of counts."""

from caseseries.audit.dosing import judge_doses
from caseseries.audit.history import DayCount, DoseRow, History
from caseseries.model.dosing import Dosing
from caseseries.model.quantity import Interval

SOURCE = {"paper": "P"}
WEEKLY = {
    "unit": "mg",
    "units": {"mg": ["mg"]},
    "every_days": 7,
    "choices": {
        "interval_tolerance_days": {"value": 1, "why": "weekends"},
        "count_steers": {"value": "same_day", "why": "the count is taken first"},
        "transfused_counts": {"value": "dropped", "why": "they show the transfusion"},
    },
    "labels": {"us": {"name": "a text", "rules": {"interval": {"days": 7, "source": SOURCE}}}},
}


def test_only_the_days_between_doses_are_judged():
    """Counts are there and steer nothing; a gap is a departure, since no rule could have held the drug."""
    dosing = Dosing.model_validate(WEEKLY)
    doses = [DoseRow(day, day, 5.0, "mg") for day in (0, 7, 21)]
    counts = [DayCount(day, Interval(20.0, 20.0, False, False)) for day in (0, 7, 14, 21)]
    rows = judge_doses(History("E01", rows=doses, counts=counts), dosing, dosing.labels["us"].rules)
    assert [(row.rule, row.day, row.verdict, row.given) for row in rows] == [
        ("interval", 7, "kept", 7),
        ("interval", 21, "departed", 14),
    ]
