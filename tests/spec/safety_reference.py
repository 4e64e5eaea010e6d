"""A plain second evaluator of harm, written from the rules as prose, figures and all, and from nothing else.

An episode is a dict as a worked case is written; the answer is "statistic cause" -> [events, n, not evaluable, at
least, at most]. It shares with the plain evaluator of doses how counts are read. Each episode is its own person.
"""

from __future__ import annotations

from spec.audit_reference import above, at_least, baseline, counts_by_day, rows, value

ROMIPLOSTIM_NAMES = {"fever", "headache", "nausea", "venous thrombosis", "arterial event"}
RHTPO_NAMES = {"fever", "venous thrombosis"}
MEANT = {
    "pyrexia": "fever",
    "high temperature": "fever",
    "dvt": "venous thrombosis",
    "feeling sick": "nausea",
    "stroke": "arterial event",
}
"""The part of the tables of names that the random cases use."""
CLOTS = {"venous thrombosis", "portal vein thrombosis", "arterial event"}


def some(truths):
    truths = list(truths)
    return True if True in truths else None if None in truths else False


def opposite(truth):
    return None if truth is None else not truth


def counted(judged):
    """[events, n, not evaluable, at least, at most] of (recorded, happened) pairs."""
    inside = [happened for recorded, happened in judged if recorded and happened is not None]
    all_of = [happened for _, happened in judged]
    sure, maybe = all_of.count(True), all_of.count(None)
    return [inside.count(True), len(inside), len(judged) - len(inside), sure, sure + maybe]


def safety(episodes):
    """Every row of a small cohort in which each episode says whether its adverse events were recorded."""
    out = {}
    for subject in ("mother", "neonate", "patient"):
        mine = [e for e in episodes if (e.get("pregnant") == "yes") == (subject != "patient")]
        if mine:
            adverse(subject, mine, episodes, out)
    treatments(episodes, out)
    for grade in (1, 2, 3, 4):
        out[f"bleeding_rate grade>={grade}"] = counted([bled(e, grade) for e in episodes])
    for figure in (400, 1000):
        out[f"overshoot_rate >{figure}"] = counted([overshot(e, figure) for e in episodes])
    stopped = [e for e in episodes if stop_day(e) is not None]
    for figure in (10, 20) if stopped else ():
        out[f"rebound_rate <{figure}"] = counted([rebounded(e, figure) for e in stopped])
    if stopped:
        out["rebound_rate <baseline"] = counted([rebounded(e, None) for e in stopped])
    pregnant = [e for e in episodes if e.get("pregnant") == "yes"]
    for figure in (50, 100, 150) if pregnant else ():
        out[f"neonatal_thrombocytopenia_rate <{figure}"] = counted([newborn(e, figure) for e in pregnant])
    delivered = [e for e in episodes if days_of(e, "delivery")]
    for figure in (50, 70, 80) if delivered else ():
        out[f"delivery_count_rate >={figure}"] = counted([delivery(e, figure) for e in delivered])
    return out


def exposure(episode):
    """Days on the drug and the sum of its doses by "drug/unit"; None and nothing where a row leaves something open."""
    found = rows(episode)
    if any(None in (first, last, dose) for first, last, dose, _ in found):
        return None, {}
    drug = episode.get("drug", "romiplostim")
    step = 7 if drug == "romiplostim" else 1
    given = [(range(first, last + 1, step), dose, unit) for first, last, dose, unit in found if dose != 0]
    if not given:
        return None, {}
    days = {day for series, _, _ in given for day in series}
    units = {unit for _, _, unit in given}
    total = sum(dose * len(series) for series, dose, _ in given)
    summed = {f"{drug}/{unit}": total for unit in units if unit and len(units) == 1}
    return max(days) - min(days) + 7 if step == 7 else len(days), summed


def adverse(subject, mine, episodes, out):
    def name(row):
        return MEANT.get(row[2].lower(), row[2].lower())

    def of(episode):
        rows_ = [r for r in episode.get("adverse_events", []) if r[0] == subject]
        return [r for r in rows_ if r[1] is None or r[1] >= 0]

    def listed(episode, row):
        return name(row) in (RHTPO_NAMES if episode.get("drug") == "rhtpo" else ROMIPLOSTIM_NAMES)

    tests = {
        "any": lambda e, r: True,
        "any serious": lambda e, r: {"yes": True, "no": False, None: None}[r[4]],
        "any grade 3 or more": lambda e, r: None if r[3] is None else r[3] >= 3,
    }
    if subject != "neonate":
        tests["any not listed"] = lambda e, r: not listed(e, r)
        tests["any thrombosis"] = lambda e, r: name(r) in CLOTS
    for row in [r for e in episodes for r in e.get("adverse_events", []) if r[0] == subject]:
        wanted = name(row)
        tests[wanted] = lambda e, r, wanted=wanted: name(r) == wanted
    for cause, test in tests.items():
        judged = []
        for episode in mine:
            recorded = episode.get("adverse_events_recorded") == "yes"
            truths = [test(episode, row) for row in of(episode)]
            judged.append((recorded, some(truths if recorded else [*truths, None])))
        out[f"adverse_event_rate {subject}/{cause}"] = counted(judged)


def days_of(episode, kind):
    return sorted(e["day"] for e in episode.get("events", []) if e["kind"] == kind)


def treatments(episodes, out):
    rescue, transfusion = [], []
    for episode in episodes:
        followed = episode.get("follow_up") is not None
        others = [o for o in episode.get("other", []) if o[3] is None or o[3] >= 0]
        rescued = any(d >= 0 for d in days_of(episode, "rescue")) or any(o[2] == "rescue" for o in others)
        given = any(d >= 0 for d in days_of(episode, "platelet_transfusion"))
        given = given or any(o[1] == "transfusion" for o in others)
        rescue.append((followed, True if rescued else False if followed else None))
        transfusion.append((followed, True if given else False if followed else None))
    out["rescue_rate rescue"] = counted(rescue)
    out["transfusion_rate platelet_transfusion"] = counted(transfusion)


def bled(episode, grade):
    recorded = episode.get("bleeding") is not None
    spell = any(row[2] >= grade and row[1] >= 1 for row in episode.get("bleeding") or [])
    return recorded, True if spell else False if recorded else None


def overshot(episode, figure):
    later = [v for day, v in counts_by_day(episode).items() if day >= 1]
    return bool(later), some(above(v, figure) for v in later) if later else None


def stop_day(episode):
    told = days_of(episode, "stop_drug")
    given = [row for row in rows(episode) if row[2] != 0]
    if told:
        return told[0]
    if not given or any(row[0] is None or row[1] is None for row in given):
        return None
    return max(row[1] for row in given)


def rebounded(episode, figure):
    stop, step = stop_day(episode), 1 if episode.get("drug") == "rhtpo" else 7
    doses = set()
    for first, last, dose, _ in rows(episode):
        if dose != 0 and first is not None:
            doses |= set(range(first, (first if last is None else last) + 1, step))
    until = min([d - 1 for d in doses if d > stop] + [stop + 28])
    window = [v for day, v in counts_by_day(episode).items() if stop < day <= until]
    base = baseline(episode)
    if not window:
        return False, None
    return base is not None, some(low(v, base, figure) for v in window)


def low(v, base, figure):
    under = True if figure is None else opposite(at_least(v, figure))
    below = None
    if base is not None:
        if v[1] < base[0] or (v[1] == base[0] and (v[3] or base[2])):
            below = True
        elif v[0] >= base[1]:
            below = False
    return False if False in (under, below) else None if None in (under, below) else True


def newborn(episode, figure):
    written = episode.get("covariates", {}).get("neonatal_platelets")
    return written is not None, None if written is None else opposite(at_least(value(written), figure))


def delivery(episode, figure):
    day = days_of(episode, "delivery")[0]
    week = {d: v for d, v in counts_by_day(episode).items() if day - 7 <= d <= day}
    return bool(week), at_least(week[max(week)], figure) if week else None
