"""A plain evaluator of the definition algebra: one episode at a time, one rule after the other, as the rules are
written. It shares no code with the engine, which is held to it.

Definitions are plain data as a definition file is written (names of predicates already replaced). An episode is a
dict:

    baseline          None, a number, or "<5" / ">1000"
    counts            list of (day or None, value, flag or time point), in the order of the file
    bleeding          None (never recorded) or list of (first day, last day, grade)
    events            list of (day, kind)
    exposures         list of (class, first day or None, last day or None)
    follow_up_end     day or None
    reported          class that the source gives, "" for none;  reported_time: day or None
    bleeding_to       last day up to which bleeding was recorded, None for the whole course
    visits            "planned" or "routine": what a visit without a count is
"""

from __future__ import annotations

import math
from itertools import pairwise

T, U, F = "TRUE", "UNKNOWN", "FALSE"
INF = math.inf


def conj(values):
    values = list(values)
    return F if F in values else U if U in values else T


def disj(values):
    values = list(values)
    return T if T in values else U if U in values else F


def neg(value):
    return {T: F, F: T, U: U}[value]


class Count:
    def __init__(self, day, lo, hi, lo_open, hi_open, word, order):
        self.day, self.lo, self.hi, self.lo_open, self.hi_open = day, lo, hi, lo_open, hi_open
        self.pre_event, self.point, self.order = word == "pre_event", word, order


def interval(value):
    if isinstance(value, str) and value.strip()[0] in "<>":
        number = float(value.strip()[1:])
        return (0.0, number, False, True) if value.strip()[0] == "<" else (number, INF, True, False)
    return float(value), float(value), False, False


class Setting:
    """One definition applied to one episode."""

    def __init__(self, definition, episode, ended=False, assumed=None):
        self.d, self.e, self.assumed, self.seen = definition, episode, assumed, []
        self.choices = definition.get("choices", {})
        self.raw = [Count(day, *interval(value), word, i) for i, (day, value, word) in enumerate(episode["counts"])]
        self.baseline = self.find_baseline()
        self.all_counts, self.undated, self.cut = self.admit()
        delivery = self.first_event("delivery")
        if self.choices.get("after_delivery", "exclude") == "include" or delivery is None:
            self.counts = self.all_counts
        else:
            self.counts = [c for c in self.all_counts if c.day <= delivery]
        self.open_policy = self.choices.get("open_at_end", "not_evaluable")
        self.cut_short = ended or (definition.get("cut_resolves_unknown", False) and self.cut)
        self.closed = self.cut_short or self.open_policy == "failure"
        visits = self.choices.get("visits", "cohort")
        self.planned = (episode["visits"] if visits == "cohort" else visits) == "planned"
        kept = {c.day for c in self.all_counts}
        self.left_out = {c.day for c in self.raw if c.day is not None and c.day not in kept}

    def events(self, *kinds):
        return sorted(day for day, kind in self.e["events"] if kind in kinds)

    def first_event(self, kind):
        days = self.events(kind)
        return days[0] if days else None

    # -- baseline ---------------------------------------------------------------------------------------------------
    def find_baseline(self):
        rule = self.choices.get("baseline", "last7")
        recorded = None if self.e["baseline"] is None else interval(self.e["baseline"])
        if rule == "last7" and recorded is not None:
            return recorded
        back = 7 if rule == "last7" else 14
        usable = [c for c in self.raw if c.day is not None and -back <= c.day <= 0 and not self.transfused(c)]
        days = sorted({c.day for c in usable})
        values = [lowest([c for c in usable if c.day == day]) for day in days]
        if not values:
            return recorded
        if rule == "last7":
            found = values[-1]
        elif rule == "min14":
            found = lowest(values)
        else:
            n = len(values)
            return (
                sum(c.lo for c in values) / n,
                sum(c.hi for c in values) / n,
                any(c.lo_open for c in values),
                any(c.hi_open for c in values),
            )
        return found.lo, found.hi, found.lo_open, found.hi_open

    def transfused(self, count):
        return any(
            d <= count.day <= d + 7 and not (count.day == d and count.pre_event)
            for d in self.events("platelet_transfusion")
        )

    # -- admission --------------------------------------------------------------------------------------------------
    def admit(self):
        series = sorted((c for c in self.raw if c.day is not None), key=lambda c: (c.day, c.order))
        undated = [c for c in self.raw if c.day is None and c.point in ("best", "delivery", "first_response")]
        cut = False
        days = [d for d in self.events(*self.d.get("cut_at", [])) if d >= 0]
        if days:
            cut = True
            series = [c for c in series if c.day < days[0] or (c.day == days[0] and c.pre_event)]
        for step in self.d.get("admit", []):
            if "window" in step:
                a, b = step["window"]
                series = [c for c in series if (a is None or c.day >= a) and (b is None or c.day <= b)]
                if b is not None:
                    undated = []
            elif "drop" in step:
                n = step["drop"]["days"]
                for d in self.events(step["drop"]["after"]):
                    series = [c for c in series if not d <= c.day <= d + n or (c.day == d and c.pre_event)]
            else:
                series = self.one_a_day(series, step["per_day"])
        return series, undated, cut

    def one_a_day(self, series, which):
        result = []
        for day in sorted({c.day for c in series}):
            same = [c for c in series if c.day == day]
            if which == "first":
                result.append(same[0])
            elif which == "last":
                result.append(same[-1])
            else:
                result.append(lowest(same) if which == "min" else highest(same))
        return result

    # -- point predicates -------------------------------------------------------------------------------------------
    def p(self, predicate, count, previous=None):
        (key, x), *rest = predicate.items()
        lo, hi = count.lo, count.hi
        if key == "ge":
            return T if lo >= x else F if hi < x or (hi == x and count.hi_open) else U
        if key == "gt":
            return T if lo > x or (lo == x and count.lo_open) else F if hi <= x else U
        if key == "lt":
            return neg(self.p({"ge": x}, count))
        if key == "le":
            return neg(self.p({"gt": x}, count))
        if key == "in":
            return conj([self.p({"ge": x[0]}, count), self.p({"le": x[1]}, count)])
        if key == "fold_ge":
            return self.relative(count, x, 0)
        if key == "delta_ge":
            return self.relative(count, 1, x)
        if key == "fold_le":
            return self.relative_most(count, x, 0)
        if key == "delta_le":
            return self.relative_most(count, 1, x)
        if key == "bleed_le":
            return self.bleeding(count, x, dict(rest).get("look_back", "same_day"), previous)
        if key == "all":
            return conj(self.p(part, count, previous) for part in x)
        if key == "any":
            return disj(self.p(part, count, previous) for part in x)
        assert key == "not"
        return neg(self.p(x, count, previous))

    def relative(self, count, k, rise):
        if self.baseline is None:
            return U
        blo, bhi, blo_open, _ = self.baseline
        if self.choices.get("zero_baseline") == "unknown" and rise == 0 and bhi == 0:
            return U
        if count.lo >= round(k * bhi + rise, 9):
            return T
        limit = round(k * blo + rise, 9)
        if count.hi < limit or (count.hi == limit and (count.hi_open or blo_open)):
            return F
        return U

    def relative_most(self, count, k, rise):
        if self.baseline is None:
            return U
        blo, bhi, _, bhi_open = self.baseline
        if self.choices.get("zero_baseline") == "unknown" and rise == 0 and bhi == 0:
            return U
        if count.hi <= round(k * blo + rise, 9):
            return T
        limit = round(k * bhi + rise, 9)
        if count.lo > limit or (count.lo == limit and (count.lo_open or bhi_open)):
            return F
        return U

    def bleeding(self, count, grade, look_back, previous):
        spells = self.e["bleeding"]
        assume_none = self.choices.get("bleeding_unknown", "unknown") == "none"
        if spells is None:
            return T if assume_none else U
        unknown = T if assume_none or self.bleeding_known(count) else U
        worse = [(first, last) for first, last, g in spells if g > grade]
        if count.day is None:
            return U if worse else unknown
        first_day = count.day
        if look_back == "since_previous":
            since = previous.day if previous is not None else 0
            first_day = min(since + 1, count.day)
        return F if any(a <= count.day and b >= first_day for a, b in worse) else unknown

    def bleeding_known(self, count):
        """Whether bleeding was recorded up to the day of a count."""
        to = self.e["bleeding_to"]
        return self.e["bleeding"] is not None and (to is None or (count.day is not None and count.day <= to))

    def values(self, predicate, counts):
        return [self.judge(predicate, c, counts[i - 1] if i else None) for i, c in enumerate(counts)]

    def judge(self, predicate, count, previous=None):
        """Truth of a whole predicate, or the one that is assumed of all."""
        return self.p(predicate, count, previous) if self.assumed is None else self.assumed

    # -- conditions -------------------------------------------------------------------------------------------------
    def condition(self, c):
        if "and" in c:
            return conj(self.condition(part) for part in c["and"])
        if "or" in c:
            return disj(self.condition(part) for part in c["or"])
        if "not" in c:
            return neg(self.condition(c["not"]))
        if "none" in c:
            return self.none(c)
        if "exposed" in c:
            return self.exposed(c)
        names = ("some", "confirm", "at", "k_of", "frac_of", "consec", "sustain", "last_before")
        name = next(k for k in names if k in c)
        counts = self.all_counts if name in ("at", "sustain") else self.counts
        if not counts and not (name == "some" and self.undated):
            return F if self.cut_short else U
        return getattr(self, name)(c, counts)

    def some(self, c, counts):
        loose = [self.judge(c["some"], one) for one in self.undated]
        return disj(self.values(c["some"], counts) + loose)

    def pairs(self, counts, r, gap, between, onset_in):
        """(first, second, value) of every eligible pair."""
        for i, first in enumerate(counts):
            for j in range(i + 1, len(counts)):
                if counts[j].day - first.day >= gap and inside(first.day, onset_in):
                    part = r[i : j + 1] if between == "all" else [r[i], r[j]]
                    yield i, j, conj(part)

    def open_counts(self, counts, r, gap, between, onset_in):
        for i, c in enumerate(counts):
            later = any(x.day >= c.day + gap for x in counts)
            if inside(c.day, onset_in) and r[i] != F and not later and (between == "any" or F not in r[i + 1 :]):
                yield i

    def confirm(self, c, counts):
        r = self.values(c["confirm"], counts)
        rule = c["gap"], c.get("between", "all"), c.get("onset_in")
        values = [value for _, _, value in self.pairs(counts, r, *rule)]
        if T in values:
            return T
        still_open = [] if self.closed else list(self.open_counts(counts, r, *rule))
        if self.open_policy == "accept" and self.accepted(counts, r, *rule) is not None:
            return T
        return U if U in values or still_open else F

    def accepted(self, counts, r, gap, between, onset_in):
        """First open count that qualifies with everything after it (between all), or by itself (any)."""
        for i in self.open_counts(counts, r, gap, between, onset_in):
            if r[i] == T and (between == "any" or set(r[i:]) == {T}):
                return i
        return None

    def nearest(self, counts, day, tol):
        near = [c for c in counts if abs(c.day - day) <= tol]
        return min(near, key=lambda c: (abs(c.day - day), c.day, c.order)) if near else None

    def value_of(self, predicate, counts, one):
        i = counts.index(one)
        return self.judge(predicate, one, counts[i - 1] if i else None)

    def at(self, c, counts):
        one = self.nearest(counts, c["day"], c["tol"])
        return U if one is None else self.value_of(c["at"], counts, one)

    def grid(self, c, predicate, counts):
        """Day and value of every visit, None where it has no count, and whether counts of it were left out."""
        step = c.get("step", 1)
        tol = c.get("tol")
        if tol is None:
            tol = {1: 3, 2: 6}.get(step, (7 * step - 1) // 2)
        origin = c.get("origin")
        if origin is None:
            origin = self.d.get("week_origin", 0)
        visits = []
        for week in range(c["weeks"][0], c["weeks"][1] + 1, step):
            day = 7 * (week - origin)
            one = self.nearest(counts, day, tol)
            self.seen += [] if one is None else [one]
            dropped = any(abs(day - other) <= tol for other in self.left_out)
            visits.append((day, None if one is None else self.value_of(predicate, counts, one), dropped))
        return visits

    def after_follow_up(self, day, counts):
        """A day on which only the end of follow-up is to blame for there being no count, where that end decides."""
        return self.cut_short and day > max(c.day for c in counts)

    def filled(self, c, predicate, counts):
        """Values of the visits; one without a count is read as the cohort's visits say."""
        died = self.first_event("death")
        values = []
        for day, value, dropped in self.grid(c, predicate, counts):
            dead = died is not None and day > died
            without = F if self.planned or dropped or dead or self.after_follow_up(day, counts) else U
            values.append(without if value is None else value)
        return values

    def share(self, c, predicate, x, y, counts):
        """x of y of the visits with a count; `min_obs` of them must have one."""
        visits = self.grid(c, predicate, counts)
        seen = [value for _, value, _ in visits if value is not None]
        if len(seen) < c["min_obs"] and not self.planned:
            seen += [F for day, value, _ in visits if value is None and self.after_follow_up(day, counts)]
        if len(seen) < c["min_obs"]:
            return F if self.planned else U
        met, unknown = seen.count(T), seen.count(U)
        return T if met * y >= x * len(seen) else F if (met + unknown) * y < x * len(seen) else U

    def k_of(self, c, counts):
        if c.get("missing") == "ignore":
            number = len(range(c["weeks"][0], c["weeks"][1] + 1, c.get("step", 1)))
            return self.share(c, c["k_of"], c["k"], number, counts)
        visits = self.filled(c, c["k_of"], counts)
        met, unknown = visits.count(T), visits.count(U)
        return T if met >= c["k"] else F if met + unknown < c["k"] else U

    def frac_of(self, c, counts):
        return self.share(c, c["frac_of"], *c["ge"], counts)

    def consec(self, c, counts):
        if c.get("unit") == "day":
            return self.consec_days(c, counts)
        visits = self.filled(c, c["consec"], counts)
        return disj(conj(visits[i : i + c["n"]]) for i in range(len(visits) - c["n"] + 1))

    def consec_days(self, c, counts):
        """n days running, each with a count of its own; a day without one is read as a visit without one."""
        died = self.first_event("death")
        days = []
        for day in range(c["days"][0], c["days"][1] + 1):
            one = next((x for x in counts if x.day == day), None)
            dead = died is not None and day > died
            excused = self.planned or day in self.left_out or dead or self.after_follow_up(day, counts)
            days.append(self.value_of(c["consec"], counts, one) if one else F if excused else U)
        return disj(conj(days[i : i + c["n"]]) for i in range(len(days) - c["n"] + 1))

    def sustain(self, c, counts):
        s = self.first_event(c["start"])
        if s is None:
            return U
        e = s + c["days"]
        r = self.values(c["sustain"], counts)
        span = [r[i] for i, x in enumerate(counts) if s <= x.day <= e]
        if F in span:
            return F
        z = next((i for i, x in enumerate(counts) if x.day >= e), None)
        if z is None or r[z] != T:
            return U
        days = [s] + [x.day for x in counts[: z + 1] if x.day >= s]
        if any(b - a > c["max_gap"] for a, b in pairwise(days)):
            return U
        return conj(span)

    def last_before(self, c, counts):
        e = self.first_event(c["event"])
        if e is None:
            return U
        near = [x for x in counts if e - c["within"] <= x.day <= e]
        return self.value_of(c["last_before"], counts, near[-1]) if near else U

    def none(self, c):
        days = self.events(*c["none"])
        if "after" in c:
            s = self.first_event(c["after"])
            if s is None:
                return U
            a, b = s, s + c["days"]
        else:
            a, b = c.get("window") or (None, None)
        return F if any((a is None or d >= a) and (b is None or d <= b) for d in days) else T

    def exposed(self, c):
        mine = [(first, last) for cls, first, last in self.e["exposures"] if cls == c["exposed"]]
        covered = {d for a, b in mine if None not in (a, b) for d in range(max(a, 0), b + 1)}
        vague = any(None in (a, b) for a, b in mine)
        return T if len(covered) >= c["min_days"] else U if vague else F

    # -- what the record lacks --------------------------------------------------------------------------------------
    def lacks(self):
        """Whether a fact that the classes or the measure need was not recorded."""
        rules = [rule["when"] for rule in self.d.get("classes", [])] or [self.d["measure"]]
        return any(self.lacks_for(c) for rule in rules for c in leaves(rule))

    def lacks_for(self, c):
        if "none" in c:
            return False
        if "exposed" in c:
            return any(None in (a, b) for cls, a, b in self.e["exposures"] if cls == c["exposed"])
        looked, predicate = self.looked_at(c)
        keys = keys_of(predicate)
        if not looked:
            return False
        asks = "bleed_le" in keys and self.choices.get("bleeding_unknown") != "none"
        if asks and not all(self.bleeding_known(count) for count in looked):
            return True
        if not keys & {"fold_ge", "delta_ge", "fold_le", "delta_le"}:
            return False
        zero = self.choices.get("zero_baseline") == "unknown" and keys & {"fold_ge", "fold_le"}
        return self.baseline is None or (zero and self.baseline[1] == 0)

    def looked_at(self, c):
        """The counts whose values an operator asks for, and its predicate."""
        name = next(k for k in OPERATORS if k in c)
        if name == "some":
            return self.counts + self.undated, c[name]
        if name == "at":
            one = self.nearest(self.all_counts, c["day"], c["tol"])
            return [] if one is None else [one], c[name]
        if name == "sustain":
            s = self.first_event(c["start"])
            later = [x for x in self.all_counts if s is not None and x.day >= s]
            close = next((i for i, x in enumerate(later) if x.day >= s + c["days"]), len(later))
            return later[: close + 1], c[name]
        if name == "last_before":
            e = self.first_event(c["event"])
            near = [x for x in self.counts if e is not None and e - c["within"] <= x.day <= e]
            return near[-1:], c[name]
        if c.get("unit") == "day":
            return [x for x in self.counts if c["days"][0] <= x.day <= c["days"][1]], c[name]
        if "weeks" in c:
            self.seen = []
            self.grid(c, c[name], self.counts)
            return self.seen, c[name]
        return self.counts, c[name]

    # -- outcomes ---------------------------------------------------------------------------------------------------
    def outside(self):
        entry = self.d.get("entry")
        if entry is None or self.baseline is None:
            return False
        return self.p(entry["baseline"], Count(0, *self.baseline, "", 0), None) == F

    def classify(self):
        if self.outside():
            return "NE", None
        provisional = None
        for rule in self.d["classes"]:
            value = self.condition(rule["when"])
            if value == T:
                return rule["label"], provisional
            if value == U and provisional is None:
                provisional = rule["label"]
        return ("NE", provisional) if provisional is not None else (self.d["else"], None)

    def run(self, predicate, clock, counts):
        """First and second count of the earliest TRUE pair, or the first qualifying count twice without a gap."""
        r = self.values(predicate, counts)
        if clock.get("n") is not None:
            return self.run_of_days(r, counts, clock)
        if clock.get("gap") is None:
            first = next((i for i, v in enumerate(r) if v == T), None)
            return first, first
        between, onset_in = clock.get("between", "all"), clock.get("onset_in")
        met = [(i, j) for i, j, v in self.pairs(counts, r, clock["gap"], between, onset_in) if v == T]
        return min(met) if met else (None, None)

    def run_of_days(self, r, counts, clock):
        """First and last count of the earliest n days running that all qualify; the first count of a day is its own."""
        by_day = {}
        for i, c in enumerate(counts):
            by_day.setdefault(c.day, i)
        for day in sorted(by_day):
            run = [by_day.get(day + more) for more in range(clock["n"])]
            if inside(day, clock.get("onset_in")) and None not in run and {r[i] for i in run} == {T}:
                return run[0], run[-1]
        return None, None

    def loss(self, loss, second):
        later = [c for c in self.all_counts if c.day > self.counts[second].day]
        r = self.values(loss["of"], later)
        met = [(i, j) for i, j, v in self.pairs(later, r, loss["gap"], "all", None) if v == T]
        return later[min(met)[0]].day if met else None

    def clocks(self, label):
        clock = self.d.get("ttr")
        found = dict.fromkeys(("ttr", "ttr_confirm", "ttr_cr", "loss_cr", "loss_r", "ttr_left"))
        if clock is None or label not in self.d["responses"]:
            return found
        first, second = self.run({"any": clock["of"]}, clock, self.counts)
        dated = second if clock.get("onset") == "confirming" else first
        if dated is not None:
            found["ttr"] = self.counts[dated].day
            found["ttr_left"] = self.counts[dated - 1].day if dated else 0
            found["ttr_confirm"] = self.counts[second].day if clock.get("gap", clock.get("n")) is not None else None
        if self.d.get("complete") is not None:
            cr_first, cr_second = self.run(clock["of"][0], clock, self.counts)
            found["ttr_cr"] = None if cr_first is None else self.counts[cr_first].day
            found["loss_cr"] = self.loss_of("loss_cr", label, cr_second)
        found["loss_r"] = self.loss_of("loss_r", label, second)
        return found

    def loss_of(self, name, label, second):
        loss = self.d.get(name)
        if loss is None or second is None:
            return None
        of = [loss["from"]] if isinstance(loss["from"], str) else loss["from"]
        return self.loss(loss, second) if label in of else None

    def measure(self):
        m = self.d["measure"]
        if not self.counts:
            return None
        if "count_of" in m:
            visits = self.filled(m, m["count_of"], self.counts)
            return visits.count(T) if U not in visits else None
        days = self.daily(m["method"])
        r = self.values(m["time_in"], days)
        return r.count(T) / len(r) if U not in r else None

    def daily(self, method):
        last = {c.day: c for c in self.counts}
        days = []
        for day in range(min(last), max(last) + 1):
            before = last[max(d for d in last if d <= day)]
            after = last[min(d for d in last if d >= day)]
            if method == "step" or before is after:
                lo, hi, lo_open, hi_open = before.lo, before.hi, before.lo_open, before.hi_open
            else:
                w = (day - before.day) / (after.day - before.day)
                lo = before.lo + w * (after.lo - before.lo)
                hi = INF if INF in (before.hi, after.hi) else before.hi + w * (after.hi - before.hi)
                lo_open, hi_open = before.lo_open or after.lo_open, before.hi_open or after.hi_open
            one = Count(day, lo, hi, lo_open, hi_open, "", day)
            days.append(one)
        return days


OPERATORS = ("some", "confirm", "at", "k_of", "frac_of", "consec", "sustain", "last_before", "count_of", "time_in")


def leaves(c):
    """The operators and guards of a condition."""
    if "not" in c:
        return leaves(c["not"])
    parts = c.get("and") or c.get("or")
    return [leaf for part in parts for leaf in leaves(part)] if parts else [c]


def keys_of(predicate):
    """Every key inside a predicate."""
    if isinstance(predicate, list):
        return set().union(*map(keys_of, predicate))
    if isinstance(predicate, dict):
        return set(predicate).union(*map(keys_of, predicate.values()))
    return set()


def lowest(counts):
    lo, hi = min(c.lo for c in counts), min(c.hi for c in counts)
    lo_open = all(c.lo_open for c in counts if c.lo == lo)
    hi_open = any(c.hi_open for c in counts if c.hi == hi)
    return merge(counts, lo, hi, lo_open, hi_open)


def highest(counts):
    lo, hi = max(c.lo for c in counts), max(c.hi for c in counts)
    lo_open = any(c.lo_open for c in counts if c.lo == lo)
    hi_open = all(c.hi_open for c in counts if c.hi == hi)
    return merge(counts, lo, hi, lo_open, hi_open)


def merge(counts, lo, hi, lo_open, hi_open):
    one = Count(counts[0].day, lo, hi, lo_open, hi_open, "", counts[0].order)
    one.pre_event = all(c.pre_event for c in counts)
    return one


def inside(day, window):
    return window is None or window[0] <= day <= window[1]


CAUSES = ("response", "delivery", "rescue", "stop_drug", "death")


def first_event(episode, event, event_left):
    """(time, cause, left, right): what came first; ties in the order of CAUSES, then the end of observation."""
    last = [c[0] for c in episode["counts"] if c[0] is not None] + [day for day, _ in episode["events"]]
    end = episode["follow_up_end"]
    if end is None and last and max(last) >= 0:
        end = max(last)
    lost = [day for day, kind in episode["events"] if kind == "lost" and day >= 0]
    if lost:
        end = min(lost) if end is None else min([end, *lost])
    found = [] if event is None else [(event, 0)]
    for day, kind in episode["events"]:
        bled = any(a <= day <= b and grade >= 1 for a, b, grade in episode["bleeding"] or [])
        name = "rescue" if kind == "platelet_transfusion" and bled else kind
        if name in CAUSES[1:] and day >= 0 and (end is None or day <= end):
            found.append((day, CAUSES.index(name)))
    if found:
        time, place = min(found)
        cause = CAUSES[place]
    elif end is None:
        return None, None, None, None
    else:
        time, cause = end, "censored"
    if cause == "response":
        return time, cause, event_left, time
    return time, cause, time, None


def evaluate(definition, episode):
    """Class, provisional class, value, clocks and times of one episode."""
    if definition.get("reported"):
        return reported(episode)
    here = Setting(definition, episode)
    empty = dict.fromkeys(("provisional", "value", "ttr", "ttr_confirm", "ttr_cr", "loss_cr", "loss_r"))
    times = dict.fromkeys(("time", "cause", "left", "right"))
    if "measure" in definition:
        value = here.measure()
        return {**empty, **times, "class": "NE" if value is None else None, "value": value}
    label, provisional = here.classify()
    found = here.clocks(label)
    left = found.pop("ttr_left")
    result = {**empty, **times, **found, "class": label, "provisional": provisional}
    observed = label != "NE"
    if not observed:
        ended = Setting(definition, episode, ended=True)
        observed = bool(ended.counts) and ended.classify()[0] != "NE"
    if label in definition["responses"] and found["ttr"] is None:
        observed = False
    if definition.get("ttr") is not None and observed:
        result.update(zip(times, first_event(episode, found["ttr"], left), strict=True))
    return result


def assess(definition, episode):
    """As `evaluate`, for a cohort: nobody is evaluable whose record lacks a fact; `decided` is what it would be."""
    result = evaluate(definition, episode)
    result["decided"] = result["class"]
    if not definition.get("reported") and Setting(definition, episode).outside():
        result["decided"] = definition["else"]
    elif not definition.get("reported") and Setting(definition, episode).lacks():
        kept = {name: result[name] for name in ("provisional", "decided")}
        result = dict.fromkeys(result) | kept | {"class": "NE"}
    return result


def decidable(definition, episode):
    """Whether the record could have decided a response, and whether it could have decided that there was none."""
    found = {Setting(definition, episode, assumed=assumed).classify()[0] for assumed in (T, F)} - {"NE"}
    return bool(found & set(definition["responses"])), bool(found - set(definition["responses"]))


def reported(episode):
    result = dict.fromkeys(["provisional", "value", "ttr", "ttr_confirm", "ttr_cr", "loss_cr", "loss_r"])
    result |= dict.fromkeys(["time", "cause", "left", "right"])
    label, day = episode["reported"] or "NE", episode["reported_time"]
    result["class"] = label
    if label in ("CR", "R", "responded") and day is not None:
        time, cause, left, right = first_event(episode, day, day)
        result.update(ttr=day, time=time, cause=cause, left=left, right=right)
    elif label == "NR" and episode["follow_up_end"] is not None:
        time, cause, left, right = first_event(episode, None, None)
        result.update(time=time, cause=cause, left=left, right=right)
    return result
