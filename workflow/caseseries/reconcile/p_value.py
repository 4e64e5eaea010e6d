"""Printed p-values: which test gives them, from counts, from single values or from times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from math import comb, erfc, prod, sqrt

import numpy as np

from caseseries.estimators.compare import gray_statistic, log_rank_statistic
from caseseries.model.printed import PrintedP
from caseseries.reconcile.answer import CONSISTENT, DIFFERS, INCONSISTENT, NOT_DERIVABLE, Answer
from caseseries.words.lists import listing
from caseseries.words.nouns import inflected

VARIANTS = {
    "fisher": ("fisher",),
    "chi_squared": ("chi_squared", "chi_squared_corrected"),
    "log_rank": ("log_rank",),
    "gray": ("gray",),
    "mann_whitney": ("mann_whitney_exact", "mann_whitney_normal", "mann_whitney_corrected"),
    "t": ("t_student", "t_welch"),
}
"""A test as a publication names it -> what may be meant by it."""

NAMES = {
    "fisher": "Fisher's exact test",
    "fisher_one_sided": "a one-sided Fisher's test",
    "chi_squared": "chi-squared",
    "chi_squared_corrected": "chi-squared with continuity correction",
    "log_rank": "log-rank",
    "gray": "Gray's test",
    "mann_whitney_exact": "Mann-Whitney, exact",
    "mann_whitney_normal": "Mann-Whitney, normal",
    "mann_whitney_corrected": "Mann-Whitney, normal with continuity correction",
    "t_student": "Student's t",
    "t_welch": "Welch's t",
    "mann_whitney": "Mann-Whitney",
    "t": "t test",
}
"""Tests as a reason names them."""

ONE_SIDED = "fisher_one_sided"
"""Looked at where nothing else gives a p-value; never what a named test means."""

MOST_TABLES = 50_000
"""Tables that Fisher's test of three groups or more goes through."""

Counts = Sequence[tuple[int, int]]
"""Events and number of each group."""


def p_of_counts(groups: Counts) -> dict[str, float]:
    """p-values of the tests of counts: of any number of groups chi-squared and, where the tables with the same sums
    are no more than `MOST_TABLES`, Fisher's; of two the corrected and the one-sided test too.
    """
    if len(groups) != 2:
        exact_p = _fisher_of_many(groups)
        return ({} if exact_p is None else {"fisher": float(exact_p)}) | {"chi_squared": _chi_squared(groups)}
    (a, m), (b, n) = groups
    exact = _fisher(a, m, b, n)
    return {
        "fisher": float(exact[0]),
        "chi_squared": _chi_squared(groups),
        "chi_squared_corrected": _chi_squared(groups, corrected=True),
        ONE_SIDED: float(exact[1]),
    }


def _fisher(a: int, m: int, b: int, n: int) -> tuple[Fraction, Fraction]:
    """Two-sided p (tables no likelier than this one) and the smaller one-sided p, exactly."""
    total = a + b
    ways = {x: comb(m, x) * comb(n, total - x) for x in range(max(0, total - n), min(m, total) + 1)}
    everything = sum(ways.values())
    two = sum(way for way in ways.values() if way <= ways[a])
    one = min(sum(way for x, way in ways.items() if x <= a), sum(way for x, way in ways.items() if x >= a))
    return Fraction(two, everything), Fraction(one, everything)


def _fisher_of_many(groups: Counts) -> Fraction | None:
    """Freeman and Halton's p of a 2 x k table, exactly: all tables with its sums that are no likelier."""
    everybody, (_, last) = sum(events for events, _ in groups), groups[-1]
    if prod(min(n, everybody) + 1 for _, n in groups[:-1]) > MOST_TABLES:
        return None
    ways: dict[int, Counter[int]] = {0: Counter({1: 1})}
    for _, n in groups[:-1]:
        further: dict[int, Counter[int]] = defaultdict(Counter)
        for (total, tables), events in product(ways.items(), range(n + 1)):
            for way, times in tables.items():
                further[total + events][way * comb(n, events)] += times
        ways = further
    rests = ((tables, comb(last, everybody - total)) for total, tables in ways.items() if total <= everybody)
    whole = [(way * rest, times) for tables, rest in rests for way, times in tables.items()]
    observed = prod(comb(n, events) for events, n in groups)
    no_likelier = sum(way * times for way, times in whole if way <= observed)
    return Fraction(no_likelier, sum(way * times for way, times in whole))


def _chi_squared(groups: Counts, corrected: bool = False) -> float:
    """Pearson's test on the 2 x k table; Yates's correction is at most the deviation itself, as in R."""
    events, everybody = (sum(part) for part in zip(*groups, strict=True))
    if events in (0, everybody):
        return 1.0
    expected = [Fraction(n * events, everybody) for _, n in groups]
    apart = [abs(count - wanted) for (count, _), wanted in zip(groups, expected, strict=True)]
    less = min(Fraction(1, 2), *apart) if corrected else Fraction(0)
    other = [n - wanted for (_, n), wanted in zip(groups, expected, strict=True)]
    terms = zip(apart, expected, other, strict=True)
    statistic = float(sum((off - less) ** 2 / up + (off - less) ** 2 / down for off, up, down in terms))
    if len(groups) == 2:
        return erfc(sqrt(statistic / 2))
    from scipy import special

    return float(special.chdtrc(len(groups) - 1, statistic))


def p_of_values(first: Sequence[float], second: Sequence[float]) -> dict[str, float]:
    """p-values of two groups of single values: Mann-Whitney (exact without ties alone) and t."""
    from scipy import stats

    if min(len(first), len(second)) < 2:
        return {}
    found = {}
    if len(set(first) | set(second)) == len(first) + len(second):
        found["mann_whitney_exact"] = stats.mannwhitneyu(first, second, method="exact").pvalue
    if len(set(first) | set(second)) > 1:
        for name, correct in (("mann_whitney_normal", False), ("mann_whitney_corrected", True)):
            test = stats.mannwhitneyu(first, second, method="asymptotic", use_continuity=correct)
            found[name] = test.pvalue
    if np.var(first) + np.var(second) > 0:
        found["t_student"] = stats.ttest_ind(first, second).pvalue
        found["t_welch"] = stats.ttest_ind(first, second, equal_var=False).pvalue
    return {name: float(p) for name, p in found.items()}


def p_of_times(time: np.ndarray, causes: np.ndarray, groups: np.ndarray) -> dict[str, float]:
    """p-values of times in groups: log-rank with competing causes censored, and Gray's of the incidence of cause 1.

    They are made of any number of people: whether a test says anything of so few is another question than whether the
    printed p-value is that of the test.
    """
    _, codes = np.unique(groups, return_inverse=True)
    one = np.zeros(len(time), dtype=np.int64)
    found = {
        "log_rank": log_rank_statistic(time, (causes == 1).astype(np.int64), codes, one, 0).p_value,
        "gray": gray_statistic(time, causes, codes, one, 1, 0).p_value,
    }
    return {name: p for name, p in found.items() if np.isfinite(p)}


def fitting_tests(printed: PrintedP, made: Mapping[str, float], test: str | None) -> list[str]:
    """The tests that give what is printed, of those meant by `test` or, where none is named, of all."""
    meant = VARIANTS[test] if test else [name for name in made if name != ONE_SIDED]
    return [name for name in meant if name in made and printed.holds(made[name])]


def judge_p(printed: PrintedP, made: Mapping[str, float], test: str | None) -> Answer:
    """Whether printed counts give the printed p-value: a named test that does not is a contradiction."""
    fitting = fitting_tests(printed, made, test)
    if fitting:
        return Answer(CONSISTENT, f"{gives(fitting)}: {shown(made)}", tuple(fitting))
    if test and not set(VARIANTS[test]) & set(made):
        return Answer(NOT_DERIVABLE, f"{NAMES[test]} of so many cases in so many groups is not made: {shown(made)}")
    return Answer(INCONSISTENT if test else DIFFERS, not_given(printed, made, test))


def not_given(printed: PrintedP, made: Mapping[str, float], test: str | None) -> str:
    """Why no test gives a p-value, and which other one would."""
    others = [name for name in made if printed.holds(made[name])]
    would = f"; {listing((NAMES[name] for name in others), 'or')} would give it" if others else ""
    first = f"{NAMES[test]} does not give it" if test else "no test of the list gives it"
    return f"{first}{would}: {shown(made)}"


def gives(names: Sequence[str]) -> str:
    """ "Fisher's exact test gives it"."""
    return f"{listing(NAMES[name] for name in names)} {inflected(len(names), 'gives', 'give')} it"


def shown(made: Mapping[str, float]) -> str:
    """Tests with their p-values in a row."""
    return ", ".join(f"{NAMES[name]} {p:.4g}" for name, p in made.items() if name != ONE_SIDED)
