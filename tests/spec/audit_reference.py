"""A plain second evaluator of doses and cases, written from the rules as prose, figures and all, and from nothing else.

It knows no profile and no array: an episode is a dict as a worked case is written, a row is (rule, day, verdict).
Truth is True, False or None for unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

KEPT, DEPARTED, OPEN = "kept", "departed", "not_evaluable"
FIGURES = {"us": (200, 400, 200), "eu_old": (150, 250, 150)}
"""Reduce above, hold above, resume below; both labels raise below 50."""

CHOSEN: dict[str, Any] = {
    "dose_tolerance": 0.1,
    "interval_tolerance_days": 2,
    "no_improvement": "below_target_and_not_doubled",
    "count_steers": None,
    "transfused_counts": "dropped",
    "weights_complete": "if_any_is_listed",
    "dose_tolerance_percent": 10,
    "course_gap_days": 7,
    "bleeding_risk": 30,
}
"""What the texts leave open, as it is settled; None: a count of its day steers a weekly dose, not a daily one."""


@contextmanager
def choosing(name: str, value: Any) -> Iterator[None]:
    """One choice settled otherwise."""
    usual, CHOSEN[name] = CHOSEN[name], value
    try:
        yield
    finally:
        CHOSEN[name] = usual


# --- what is recorded ---


def value(written: Any) -> tuple[float, float, bool, bool] | None:
    """A count as (lo, hi, lo itself excluded, hi itself excluded)."""
    if written is None:
        return None
    text = str(written)
    if text[0] == "<":
        return (0.0, float(text[1:]), False, True)
    if text[0] == ">":
        return (float(text[1:]), float("inf"), True, False)
    return (float(text), float(text), False, False)


def at_least(v, x):
    if v is None:
        return None
    lo, hi, _, hi_out = v
    if lo >= x:
        return True
    return False if hi < x or (hi == x and hi_out) else None


def above(v, x):
    if v is None:
        return None
    lo, hi, lo_out, _ = v
    if lo > x or (lo == x and lo_out):
        return True
    return False if hi <= x else None


def can_lie(v, low, low_in, high, high_in):
    """Whether a value can lie between two figures, each of them in the range or not."""
    lo, hi, lo_out, hi_out = v
    if hi < low or (hi == low and (hi_out or not low_in)):
        return False
    return not (lo > high or (lo == high and (lo_out or not high_in)))


def lowest(values):
    lo, hi = min(v[0] for v in values), min(v[1] for v in values)
    lo_out = all(v[2] for v in values if v[0] == lo)
    hi_out = any(v[3] for v in values if v[1] == hi)
    return (lo, hi, lo_out, hi_out)


def counts_by_day(episode, transfused="dropped"):
    """The count of each day: transfused ones dropped (or kept), the lowest of a day."""
    days: dict[int, list] = {}
    transfusions = [e["day"] for e in episode.get("events", []) if e["kind"] == "platelet_transfusion"]
    weekly = [[7 * (i + 1), v] for i, v in enumerate(episode.get("weekly_counts", [])) if v is not None]
    for day, written, *flag in [*episode.get("counts", []), *weekly]:
        dropped = any(d <= day <= d + 7 and not (day == d and flag == ["pre_event"]) for d in transfusions)
        if not dropped or transfused == "kept":
            days.setdefault(day, []).append(value(written))
    return {day: lowest(values) for day, values in days.items()}


def baseline(episode):
    if episode.get("baseline") is not None:
        return value(episode["baseline"])
    counts = counts_by_day(episode)
    before = [day for day in counts if -7 <= day <= 0]
    return counts[max(before)] if before else None


def rows(episode):
    """(first, last, dose, unit) of every row of the study drug."""
    found = [tuple(row) for row in episode.get("doses", [])]
    for week, dose in enumerate(episode.get("weekly_doses", [])):
        if dose is not None:
            found.append((7 * week, 7 * week, None if dose == "?" else dose, "mcg/kg"))
    return found


def weight(episode, day):
    """The latest weight of that day or before, with its age in days."""
    table = {0: episode["weight_kg"]} if episode.get("weight_kg") is not None else {}
    table.update({d: kg for d, kg in episode.get("weights", [])})
    known = [d for d in table if d <= day]
    return (table[max(known)], day - max(known)) if known else None


def in_mcg_per_kg(episode, row, day):
    dose, unit = row[2], row[3]
    if dose is None or dose == 0 or unit == "mcg/kg":
        return dose
    if unit != "mcg":
        return None
    age = episode.get("age", 40)
    start = weight(episode, 0)
    now = None if day is None else weight(episode, day)
    if age is not None and age >= 18:
        use = start
    elif age is not None:
        use = now
    else:
        use = start if start and now and start[0] == now[0] else None
    return None if use is None else dose / use[0]


def series(episode, turn, step):
    """Dated doses (day, dose, row number, open) in order, and undated ones."""
    dated, undated = [], []
    for number, row in enumerate(rows(episode)):
        first, last = row[0], row[1]
        if first is None:
            undated.append(turn(episode, row, None))
            continue
        day = first
        while day <= (first if last is None else last):
            dated.append((day, turn(episode, row, day), number, last is None))
            day += step
    given = {d[0] for d in dated if d[1] != 0}
    withheld = {d[0]: d for d in reversed(dated) if d[1] == 0 and d[0] not in given}
    kept = [d for d in dated if d[1] != 0] + list(withheld.values())
    return sorted(kept, key=lambda d: (d[0], d[2])), undated


def twice(dated):
    given = [day for day, dose, _, _ in dated if dose != 0]
    return len(given) != len(set(given))


def off(a, b):
    return round(a - b, 6)


# --- romiplostim ---


def near():
    return CHOSEN["dose_tolerance"]


def slack():
    return CHOSEN["interval_tolerance_days"]


def romiplostim(episode, label):
    dated, undated = series(episode, in_mcg_per_kg, 7)
    out = [first_dose(dated, [1.0], [], near(), twice(dated)), highest(dated, undated, 10, near())]
    every = [dose for _, dose, _, _ in dated] + undated
    out.append(("dose_unit", None, KEPT if every and None not in every else OPEN))
    if twice(dated) or not rows(episode):
        return out
    given = [d for d in dated if d[1] != 0]
    points = [d for d in dated if given and d[0] >= given[0][0]]
    counts = counts_by_day(episode, CHOSEN["transfused_counts"])
    slots = week_slots(points, counts)
    pairs(given, walk(points, slots, label, out), out)
    stop_rule(episode, points, slots, counts, out)
    weight_check(episode, given, out)
    return out


def first_dose(dated, right, unsettled, tolerance, unreadable):
    given = [d for d in dated if d[1] != 0]
    if not given:
        return ("start", None, OPEN)
    day, dose = given[0][0], given[0][1]
    if day != 0 or dose is None or unreadable or any(abs(off(dose, u)) <= tolerance for u in unsettled):
        return ("start", day, OPEN)
    return ("start", day, KEPT if any(abs(off(dose, r)) <= tolerance for r in right) else DEPARTED)


def highest(dated, undated, most, tolerance):
    every = [(d[0], d[1]) for d in dated] + [(None, dose) for dose in undated]
    over = [day for day, dose in every if dose is not None and off(dose, most) > tolerance]
    if over:
        return ("maximum", over[0], DEPARTED)
    return ("maximum", None, OPEN if not every or any(dose is None for _, dose in every) else KEPT)


def week_slots(points, counts):
    """(day, point or None, count or None, point before is open)"""
    found = []
    for p, q in pairwise(points):
        day = p[0] + 7
        while not p[3] and q[0] - day >= 7 - slack():
            found.append((day, None, p[3]))
            day += 7
        found.append((q[0], q, p[3]))
    out, last = [], points[0][0] if points else 0
    for day, point, after_open in found:
        late = 1 if CHOSEN["count_steers"] == "next_day" else 0
        inside = [d for d in counts if last < d + late <= day]
        out.append((day, point, counts[max(inside)] if inside else None, after_open))
        last = day
    return out


def walk(points, slots, label, out):
    """Rows of what was due; returns the possible dues of each slot."""
    reduce_, hold, resume = FIGURES[label]
    states = {("free", 0)}
    dose = points[0][1] if points else None
    dues = []
    for day, point, count, after_open in slots:
        possible, following = set(), set()
        if after_open or count is None:
            possible = {"hold", "resume", "raise", "reduce", "unchanged"}
            following = {(held, 0) for held, _ in states}
            if after_open:
                following, dose = {("free", 0), ("free", 1), ("held", 0)}, None
        else:
            for held, counter in states:
                if held == "held":
                    if can_lie(count, 0, True, resume, False):
                        possible.add("resume")
                        following.add(("free", 0) if point and point[1] != 0 else ("held", 0))
                    if can_lie(count, resume, True, float("inf"), True):
                        possible.add("hold")
                        following.add(("held", 0))
                    continue
                if can_lie(count, hold, False, float("inf"), True):
                    possible.add("hold")
                    following.add(("held", 0))
                if can_lie(count, reduce_, False, hold, True):
                    possible.add("reduce" if counter else "unchanged")
                    following.add(("free", 0 if counter else 1))
                if can_lie(count, 0, True, 50, False):
                    possible.add("raise")
                    following.add(("free", 0))
                if can_lie(count, 50, True, reduce_, True):
                    possible.add("unchanged")
                    following.add(("free", 0))
        dues.append((day, possible))
        out.extend(judged(day, point, possible, after_open, dose))
        states = following
        if point is not None and point[1] != 0:
            dose = point[1]
            states = {("free", counter) for _, counter in states}
            if after_open:
                states = {("free", 0)}
    return dues


def judged(day, point, possible, after_open, before):
    given = point is not None and point[1] != 0
    if after_open or len(possible) > 1:
        return [("adjust", day, OPEN)] if point is not None else []
    (due,) = possible
    if due == "hold":
        return [("hold", day, DEPARTED if given else KEPT)]
    if not given:
        return [(due, day, DEPARTED)] if point is not None or due == "resume" else []
    if point[1] is None or before is None:
        return [(due, day, OPEN)]
    wanted = {"raise": min(10, before + 1), "unchanged": before}.get(due, max(1, before - 1))
    return [(due, day, KEPT if abs(off(point[1], wanted)) <= near() else DEPARTED)]


def pairs(given, dues, out):
    for a, b in pairwise(given):
        if a[1] is not None and b[1] is not None:
            change = off(b[1], a[1])
            if abs(change) > near():
                rule = "step_up" if change > 0 else "step_down"
                out.append((rule, b[0], KEPT if off(abs(change), 1) <= near() else DEPARTED))
        if a[2] == b[2]:
            continue
        gap = b[0] - a[0]
        between = [possible for day, possible in dues if a[0] < day < b[0]]
        if gap < 7 - slack():
            verdict = DEPARTED
        elif gap <= 7 + slack():
            verdict = KEPT
        elif a[3]:
            verdict = OPEN
        elif not between or any("hold" not in possible for possible in between):
            verdict = DEPARTED
        else:
            verdict = KEPT if all(possible == {"hold"} for possible in between) else OPEN
        out.append(("interval", b[0], verdict))
        if gap >= 14 - slack() and not a[3]:
            if a[1] is None or b[1] is None:
                out.append(("missed_dose_doubled", b[0], OPEN))
            else:
                doubled = off(b[1], 2 * a[1]) >= -near() and off(b[1] - a[1], 1) > near()
                out.append(("missed_dose_doubled", b[0], DEPARTED if doubled else KEPT))


def stop_rule(episode, points, slots, counts, out):
    base = baseline(episode)
    found = []
    for i in range(len(points) - 3):
        four = points[i : i + 4]
        if any(d[1] is None or off(d[1], 10 - near()) < 0 for d in four):
            continue
        if any(y[0] - x[0] > 7 + slack() for x, y in pairwise(four)):
            continue
        better = []
        for day, *_ in four:
            later = [slot for slot in slots if slot[0] > day]
            if later:
                count = later[0][2]
            else:
                inside = [d for d in counts if day < d <= day + 7 + slack()]
                count = counts[max(inside)] if inside else None
            better.append(improvement(count, base, counts, four[0][0]))
        improved = True if True in better else None if None in better else False
        goes_on = any(d[1] != 0 and d[0] > four[3][0] for d in points)
        found.append((four[3][0], improved, goes_on))
    if not found:
        return
    for wanted, verdict in ((False, DEPARTED), (None, OPEN)):
        days = [day for day, improved, goes_on in found if improved is wanted and goes_on]
        if days:
            out.append(("stop_rule", days[0], verdict))
            return
    out.append(("stop_rule", found[0][0], KEPT))


def improvement(count, base, counts, first_at_maximum):
    """Whether a count after a dose is one, in the reading that is chosen."""
    reading = CHOSEN["no_improvement"]
    if count is None or reading == "clinician":
        return None
    if reading == "no_rise":
        before = [d for d in counts if d <= first_at_maximum]
        return higher(count, counts[max(before)]) if before else None
    fifty, twofold = at_least(count, 50), twice_of(count, base)
    if reading == "below_target":
        return fifty
    return True if True in (fifty, twofold) else False if (fifty, twofold) == (False, False) else None


def higher(count, before):
    """Whether a count is above another, for every and for any value that the two may have."""
    if count[0] > before[1] or (count[0] == before[1] and (count[2] or before[3])):
        return True
    return False if count[1] <= before[0] else None


def twice_of(count, base):
    """Whether count >= 2 x baseline, for every and for any value that the two may have."""
    if count is None or base is None:
        return None
    if at_least(count, 2 * base[1]):
        return True
    below_all = count[1] < 2 * base[0] or (count[1] == 2 * base[0] and (count[3] or base[2]))
    return False if below_all else None


def weight_check(episode, given, out):
    age = episode.get("age", 40)
    if age is not None and age >= 18:
        return
    if age is None or not given:
        out.append(("weight_check", None, OPEN))
        return
    bad, unknown = [], []
    for day, *_ in given:
        found = weight(episode, day)
        if found is None:
            unknown.append(day)
        elif found[1] > 84:
            (bad if episode.get("weights") and CHOSEN["weights_complete"] == "if_any_is_listed" else unknown).append(
                day
            )
    if bad:
        out.append(("weight_check", bad[0], DEPARTED))
    elif unknown:
        out.append(("weight_check", unknown[0], OPEN))
    else:
        out.append(("weight_check", None, KEPT))


# --- rhTPO ---


def rhtpo(episode, label):
    right, unit = (300, "U/kg") if label == "pregnancy_nct02391272" else (15000, "U")

    def turn(episode, row, day):
        dose, written = row[2], row[3]
        if dose is None or dose == 0 or written == unit:
            return dose
        kg = weight(episode, 0)
        if kg is None or written not in ("U", "U/kg"):
            return None
        return dose / kg[0] if unit == "U/kg" else dose * kg[0]

    dated, undated = series(episode, turn, 1)
    every = [(d[0], d[1]) for d in dated] + [(None, dose) for dose in undated]
    every = [(day, dose) for day, dose in every if dose != 0]
    outside = [
        day
        for day, dose in every
        if dose is not None and abs(off(dose, right)) > right * CHOSEN["dose_tolerance_percent"] / 100
    ]
    out = []
    if outside:
        out.append(("dose", outside[0], DEPARTED))
    else:
        out.append(("dose", None, OPEN if not every or any(dose is None for _, dose in every) else KEPT))
    if twice(dated):
        return out
    courses: list[list[int]] = []
    given_rows = [(n, r) for n, r in enumerate(rows(episode)) if r[0] is not None and r[2] != 0]
    last = None
    for number, row in sorted(given_rows, key=lambda nr: (nr[1][0], nr[0])):
        if last is None or row[0] - last > CHOSEN["course_gap_days"]:
            courses.append([])
            last = row[0]
        courses[-1].append(number)
        last = max(last, row[0] if row[1] is None else row[1])
    for numbers in courses:
        course(episode, numbers, [d for d in dated if d[2] in numbers and d[1] != 0], out)
    return out


def course(episode, numbers, doses, out):
    all_rows, counts = rows(episode), counts_by_day(episode, CHOSEN["transfused_counts"])
    late = 0 if CHOSEN["count_steers"] == "same_day" else 1
    first, last = doses[0][0], doses[-1][0]
    open_end = all_rows[numbers[-1]][1] is None
    length = last - first + 1
    out.append(("course_length", first, DEPARTED if length > 14 else OPEN if open_end else KEPT))
    days = {d[0] for d in doses}
    seen = []
    for day, _, number, _ in doses[1:]:
        before = [d for d in counts if first <= d <= day - late]
        over = above(counts[max(before)], 50) if before else False
        if over is False:
            continue
        if day != all_rows[number][0]:
            seen.append(OPEN)
        elif day - 1 in days:
            seen.append(DEPARTED if over else OPEN)
        elif over:
            seen.append(KEPT)
    for verdict in (DEPARTED, OPEN, KEPT):
        if verdict in seen:
            out.append(("every_other_day", first, verdict))
            break
    reached = [at_least(counts[d], 100) for d in counts if first <= d <= last - late]
    if True in reached:
        verdict = DEPARTED
    elif None in reached or open_end or (length > 1 and not reached):
        verdict = OPEN
    else:
        verdict = KEPT
    out.append(("stop_at_100", first, verdict))


# --- eltrombopag ---


def eltrombopag(episode, _):
    def turn(episode, row, day):
        return row[2] if row[2] in (None, 0) or row[3] == "mg" else None

    dated, undated = series(episode, turn, 1)
    every = [dose for _, dose, _, _ in dated] + undated
    unit = ("dose_unit", None, KEPT if every and None not in every else OPEN)
    return [first_dose(dated, [25, 50], [12.5], 0, twice(dated)), highest(dated, undated, 75, 0), unit]


LABELS = {
    "romiplostim": (romiplostim, ("us", "eu_old")),
    "rhtpo": (rhtpo, ("pregnancy_nct02391272", "fixed_15000")),
    "eltrombopag": (eltrombopag, ("us",)),
}


def dosing(episode):
    """Every row of an episode: (label, rule, day, verdict)."""
    judge, labels = LABELS[episode.get("drug", "romiplostim")]
    return {(label, *row) for label, row in ((label, row) for label in labels for row in judge(episode, label))}


# --- eligibility ---


def eligibility(episode):
    """Verdict of every clause."""
    given = dict(episode.get("covariates", {}))

    def cell(name):
        return given.get(name) or ""

    def plain(name):
        return {"no": KEPT, "yes": DEPARTED}.get(cell(name), OPEN)

    sex, lines, base = episode.get("sex"), episode.get("prior_lines"), baseline(episode)

    def under(figure):
        return None if base is None else {True: False, False: True, None: None}[at_least(base, figure)]

    if episode.get("drug") == "rhtpo":
        steroid, ivig = cell("prior_corticosteroid"), cell("prior_ivig")
        if "no" in (steroid, ivig) or lines == 0:
            refractory = DEPARTED
        elif steroid == ivig == "yes" or (steroid == ivig == "" and lines is not None and lines >= 2):
            refractory = KEPT
        else:
            refractory = OPEN
        return {"refractory": refractory, "entry_count": {True: KEPT, False: DEPARTED, None: OPEN}[under(30)]}
    phase = {"chronic": KEPT, "newly diagnosed": DEPARTED, "persistent": DEPARTED}.get(episode.get("itp_phase"), OPEN)
    three = [episode.get("splenectomy") or "", cell("prior_corticosteroid"), cell("prior_ivig")]
    before = any(
        class_ in ("corticosteroid", "immunoglobulin") and first is not None and first < 0
        for _, class_, _, first, _ in episode.get("other", [])
    )
    denied = all(answer == "no" for answer in three)
    if "yes" in three or before or (lines is not None and lines >= 1 and not denied):
        treated = KEPT
    elif lines == 0 or denied:
        treated = DEPARTED
    else:
        treated = OPEN
    spells = episode.get("bleeding")
    bled = any(grade >= 1 and first <= 0 and last >= -28 for first, last, grade in spells or [])
    risk, low = cell("bleeding_risk"), under(CHOSEN["bleeding_risk"])
    if risk:
        bleeding = {"yes": KEPT, "no": DEPARTED}[risk]
    elif low or bled:
        bleeding = KEPT
    else:
        bleeding = DEPARTED if low is False and spells is not None else OPEN
    male = sex == "male"
    pregnant = {"yes": DEPARTED, "no": KEPT}.get(episode.get("pregnant"), KEPT if male else OPEN)
    nursing = plain("breastfeeding")
    verdicts = {
        "chronic_itp": phase,
        "prior_treatment": treated,
        "bleeding_risk": bleeding,
        "excluded_cause": plain("excluded_cause"),
        "hypersensitivity": plain("hypersensitivity"),
        "pregnancy": pregnant,
        "breastfeeding": KEPT if nursing == OPEN and male else nursing,
        "hepatic_impairment": plain("hepatic_impairment"),
        "renal_impairment": plain("renal_impairment"),
    }
    if episode.get("drug") == "eltrombopag":
        del verdicts["hypersensitivity"]
    return verdicts
