"""What was rounded from true counts and values is never called impossible; small cases are enumerated plainly."""

import statistics
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import combinations_with_replacement, product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from caseseries.model.claim import Claim, Printed
from caseseries.reconcile.from_print import judge_print
from caseseries.reconcile.grounds import Grounds
from caseseries.reconcile.interval import jeffreys, share_limits
from caseseries.reconcile.judge import judge_claims
from caseseries.reconcile.mean import judge_mean
from caseseries.reconcile.median import judge_median
from caseseries.reconcile.p_value import p_of_counts
from caseseries.reconcile.percent import counts_that_give, judge_percent, sizes_that_give
from caseseries.reconcile.rounding import modes
from caseseries.reconcile.whole_values import exist

ROUNDINGS = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "truncation": ROUND_DOWN,
    "up": ROUND_CEILING,
}
NEAREST = (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_HALF_DOWN)
DIGITS = st.integers(0, 3)
quick = settings(max_examples=100, deadline=None, derandomize=True)


def printed(value, decimals, how=ROUND_HALF_UP):
    """A value of at least 0 as somebody prints it, by the decimals of the standard library."""
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value)
        return exact.quantize(Decimal(1).scaleb(-decimals), rounding=how)


@st.composite
def counts(draw, most=400):
    n = draw(st.integers(1, most))
    return draw(st.integers(0, n)), n


@quick
@given(counts(), DIGITS, st.sampled_from(NEAREST))
def test_a_percentage_of_a_true_count_is_possible(count, decimals, how):
    events, n = count
    percent = printed(Fraction(100 * events, n), decimals, how)
    assert judge_percent(events, n, percent).verdict == "consistent"
    assert judge_percent(None, n, percent).verdict == "consistent"
    assert judge_percent(events, None, percent).verdict in ("consistent", "not_derivable")
    assert events in counts_that_give(percent, n)
    assert n in sizes_that_give([percent], range(max(1, n - 5), n + 5), events)


@quick
@given(counts(), DIGITS, st.sampled_from(sorted(ROUNDINGS)))
def test_the_rounding_that_was_made_is_among_those_named(count, decimals, name):
    share = Fraction(100 * count[0], count[1])
    made = {one: printed(share, decimals, how) for one, how in ROUNDINGS.items()}
    assert set(modes(made[name], share)) == {one for one, text in made.items() if text == made[name]}


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_every_percentage_of_every_small_n_is_judged_as_by_plain_enumeration(decimals):
    for n in (1, 2, 3, 7, 8, 12, 16, 25, 31, 48, 80):
        by_percent = {}
        for events, how in product(range(n + 1), NEAREST):
            by_percent.setdefault(printed(Fraction(100 * events, n), decimals, how), set()).add(events)
        for step in range(100 * 10**decimals + 1):
            percent = Decimal(step).scaleb(-decimals)
            assert set(counts_that_give(percent, n)) == by_percent.get(percent, set()), (n, percent)


VALUES = st.lists(st.integers(0, 60), min_size=2, max_size=40)


def squared(values):
    """Variance with divisor n - 1, exactly."""
    mean = Fraction(sum(values), len(values))
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)


def root(value, decimals, how):
    with localcontext() as context:
        context.prec = 60
        exact = (Decimal(value.numerator) / value.denominator).sqrt()
        return exact.quantize(Decimal(1).scaleb(-decimals), rounding=how)


@quick
@given(VALUES, DIGITS, DIGITS, st.sampled_from(NEAREST), st.booleans(), st.sampled_from([1, 2, 10]))
def test_mean_sd_and_range_of_true_values_are_possible(values, decimals, of_sd, how, ranged, per):
    """Values in steps of 1, 0.5 and 0.1."""
    mean = Fraction(sum(values), len(values) * per)
    says = {"mean": printed(mean, decimals, how), "n": len(values), "step": Decimal(1) / per}
    says["sd"] = root(squared(values) / per**2, of_sd, how)
    if ranged:
        ends = {"lower": printed(Fraction(min(values), per), 1), "upper": printed(Fraction(max(values), per), 1)}
        says |= ends | {"level": 100}
    assert judge_mean(Printed.model_validate(says)).verdict == "consistent"
    says.pop("step")
    assert judge_mean(Printed.model_validate(says)).verdict in ("consistent", "not_derivable")


QUANTILES = ["weibull", "linear", "hazen", "median_unbiased", "normal_unbiased", "averaged_inverted_cdf"]


@quick
@given(VALUES, DIGITS, st.sampled_from(QUANTILES))
def test_median_and_quartiles_of_true_values_are_possible(values, decimals, rule):
    quartiles = np.quantile(values, [0.25, 0.75], method=rule)
    assume(all(abs(end * 10**decimals % 1 - 0.5) > 1e-6 for end in quartiles))
    says = {"value": printed(Fraction(statistics.median(values)), decimals), "n": len(values), "step": 1}
    ends = [printed(Decimal(repr(float(end))), decimals) for end in quartiles]
    quartered = Printed.model_validate(says | {"lower": ends[0], "upper": ends[1], "level": 50})
    assert judge_median(quartered).verdict == "consistent"
    ranged = Printed.model_validate(says | {"lower": min(values), "upper": max(values), "level": 100})
    assert judge_median(ranged).verdict == "consistent"


def enumerated(n, low, high):
    """Sum and sum of squares of every n whole numbers from low to high, with the ends that occur."""
    return {
        (sum(one), sum(x * x for x in one), one[0], one[-1])
        for one in combinations_with_replacement(range(low, high + 1), n)
    }


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_whole_values_are_found_as_by_plain_enumeration(n):
    reach = 9 if n < 5 else 6
    found = enumerated(n, -reach, reach)
    sums = {(total, squares) for total, squares, _, _ in found}
    for total in range(n + 1):
        # no value of so small a sum of squares lies beyond the ones enumerated
        for squares in range(reach * reach):
            assert exist(n, total, [squares]) == ((total, squares) in sums), (n, total, squares)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6])
def test_whole_values_within_a_range_are_found_as_by_plain_enumeration(n):
    found = enumerated(n, 0, 5)
    for low, high in ((0, 5), (1, 4), (2, 2), (0, 1)):
        within = {(total, squares) for total, squares, first, last in found if (first, last) == (low, high)}
        for total, squares in product(range(5 * n + 1), range(25 * n + 1)):
            assert exist(n, total, [squares], low, high) == ((total, squares) in within), (n, low, high, total, squares)


@quick
@given(
    counts(most=200),
    st.sampled_from(["wilson", "clopper_pearson", "wald", "agresti_coull"]),
    st.sampled_from([90, 95, 99]),
)
def test_an_interval_is_known_by_its_method(count, method, level):
    events, n = count
    ends = [round(100 * end, 1) for end in share_limits(events, n, level / 100)[method]]
    says = {"events": events, "n": n, "lower": Decimal(repr(ends[0])), "upper": Decimal(repr(ends[1])), "level": level}
    assume(ends[0] <= ends[1])
    claim = Claim.model_validate({"id": "a", "says": says, "statistic": "response_rate", "where": "abstract"})
    answer = judge_print(claim, [])
    assert answer.verdict == "consistent"
    assert method in answer.fitting


@quick
@given(st.lists(counts(most=60), min_size=2, max_size=4), DIGITS, st.sampled_from(["counts", "sizes", "shares"]))
def test_parts_of_a_true_whole_add_up(parts, decimals, told):
    """Also where the parts are printed as percentages alone, with their numbers of cases or without."""
    claims, groups = [], [f"g{i}" for i in range(len(parts))]
    for group, (events, n) in zip(groups, parts, strict=True):
        percent = str(printed(Fraction(100 * events, n), decimals))
        says = {"counts": {"events": events, "n": n}, "sizes": {"percent": percent, "n": n}}.get(
            told, {"percent": percent}
        )
        claims.append({"id": group, "says": says, "group": group})
    events, n = (sum(part) for part in zip(*parts, strict=True))
    whole = {"events": events, "n": n, "percent": str(printed(Fraction(100 * events, n), decimals))}
    claims.append({"id": "whole", "says": whole, "groups": groups})
    common = {"statistic": "response_rate", "where": "abstract"}
    rows = judge_claims([Claim.model_validate(common | claim) for claim in claims], Grounds())
    assert "inconsistent" not in {row["verdict"] for row in rows}


@quick
@given(st.integers(1, 60), st.data())
def test_classes_of_true_responses_are_possible_together(n, data):
    complete = data.draw(st.integers(0, n))
    partial = data.draw(st.integers(0, n - complete))
    events = {"complete_response_rate": complete, "response_rate": complete + partial}
    claims = [
        {"id": name.replace("_", "-"), "statistic": name, "says": {"n": n, "percent": printed(Fraction(100 * k, n), 0)}}
        for name, k in events.items()
    ]
    claims.append(
        {"id": "rest", "statistic": "outcome_rate", "cause": "partial_response", "says": {"events": partial, "n": n}}
    )
    rows = judge_claims([Claim.model_validate({"where": "abstract"} | claim) for claim in claims], Grounds())
    assert "inconsistent" not in {row["verdict"] for row in rows}


@quick
@given(VALUES, st.integers(0, 2), st.sampled_from(NEAREST), st.sampled_from([50, 100]), st.booleans())
def test_summaries_of_true_values_stand_beside_each_other(values, decimals, how, level, stepped):
    """Mean and SD in one place, median with range or quartiles in another, the range in a third."""
    middle = printed(Fraction(statistics.median(values)), decimals, how)
    quartiles = np.quantile(values, [0.25, 0.75], method="hazen")
    lower, upper = quartiles if level == 50 else (min(values), max(values))
    ends = {"lower": printed(Decimal(repr(float(lower))), 2), "upper": printed(Decimal(repr(float(upper))), 2)}
    common = {"n": len(values)} | ({"step": 1} if stepped else {})
    mean = {"mean": printed(Fraction(sum(values), len(values)), decimals, how)}
    mean["sd"] = root(squared(values), decimals, how)
    says = [
        ("mean_value", mean | common),
        ("median_value", {"value": middle, "level": level} | ends | common),
        ("median_value", {"value": middle, "lower": min(values), "upper": max(values), "level": 100} | common),
    ]
    claims = [
        Claim.model_validate({"id": f"c{i}", "statistic": name, "cause": "age", "where": "table", "says": one})
        for i, (name, one) in enumerate(says)
    ]
    rows = judge_claims(claims, Grounds())
    assert "inconsistent" not in {row["verdict"] for row in rows}, rows


@pytest.mark.parametrize("n", [3, 4, 5])
def test_a_mean_beside_a_median_and_its_range_is_judged_as_by_plain_enumeration(n):
    """Values from 0 to 4, both of which occur: every mean and median, printed so that nothing is lost."""
    true = {
        (sum(one), Fraction(statistics.median(one)))
        for one in combinations_with_replacement(range(5), n)
        if (one[0], one[-1]) == (0, 4)
    }
    for total, twice in product(range(4 * n + 1), range(9)):
        middle = Fraction(twice, 2)
        says = [
            ("mean_value", {"mean": printed(Fraction(total, n), 6), "n": n, "step": 1}),
            ("median_value", {"value": printed(middle, 1), "n": n, "lower": 0, "upper": 4, "level": 100, "step": 1}),
        ]
        claims = [
            Claim.model_validate({"id": f"c{i}", "statistic": name, "cause": "age", "where": "table", "says": one})
            for i, (name, one) in enumerate(says)
        ]
        impossible = any(row["verdict"] == "inconsistent" for row in judge_claims(claims, Grounds()))
        assert impossible == ((total, middle) not in true), (total, middle)


@quick
@given(st.lists(st.integers(1, 400), min_size=1, max_size=30), st.lists(st.integers(0, 420), min_size=1), DIGITS)
def test_points_and_median_of_a_true_curve_stand_beside_each_other(deaths, days, decimals):
    """Everybody dies, so that survival is a share of people; the median is the first day with at most half left."""
    says, n = [], len(deaths)
    for day in days:
        left = Fraction(sum(death > day for death in deaths), n)
        for statistic, share in (("survival", left), ("cumulative_incidence", 1 - left)):
            says.append((statistic, {"percent": printed(100 * share, decimals)}, {"time": day}))
    middle = sorted(deaths)[-(-n // 2) - 1]
    says.append(("median_time", {"value": printed(Fraction(middle * 16, 487), 1), "unit": "months"}, {}))
    claims = [
        Claim.model_validate({"id": f"c{i}", "statistic": name, "cause": "death", "where": "text", "says": one} | more)
        for i, (name, one, more) in enumerate(says)
    ]
    assert "inconsistent" not in {row["verdict"] for row in judge_claims(claims, Grounds())}


@quick
@given(st.lists(counts(most=9), min_size=3, max_size=3))
def test_fishers_test_of_three_groups_is_that_of_plain_enumeration(groups):
    total, ways = sum(events for events, _ in groups), {}
    for table in product(*(range(n + 1) for _, n in groups)):
        if sum(table) == total:
            ways[table] = prod(comb(n, events) for events, (_, n) in zip(table, groups, strict=True))
    seen = ways[tuple(events for events, _ in groups)]
    p = Fraction(sum(way for way in ways.values() if way <= seen), sum(ways.values()))
    assert p_of_counts(groups)["fisher"] == float(p)


@quick
@given(counts(most=150), counts(most=150), st.sampled_from([0.9, 0.95, 0.99]))
def test_limits_and_tests_are_those_of_statsmodels_and_scipy(first, second, level):
    """Wald's limits are cut at 0 and 1 there, those of Agresti and Coull too."""
    names = {"wilson": "wilson", "clopper_pearson": "beta", "wald": "normal", "agresti_coull": "agresti_coull"}
    for name, limits in share_limits(*first, level).items():
        theirs = proportion_confint(*first, 1 - level, names[name])
        assert np.clip(limits, 0, 1) == pytest.approx(np.clip(theirs, 0, 1), abs=1e-9), name
    if 0 < first[0] < first[1]:
        assert jeffreys(*first, level) == pytest.approx(proportion_confint(*first, 1 - level, "jeffreys"), abs=1e-9)
    table = [[events, n - events] for events, n in (first, second)]
    made = p_of_counts([first, second])
    assert made["fisher"] == pytest.approx(stats.fisher_exact(table)[1], abs=1e-9)
    if 0 < first[0] + second[0] < first[1] + second[1]:
        for name, corrected in (("chi_squared", False), ("chi_squared_corrected", True)):
            assert made[name] == pytest.approx(stats.chi2_contingency(table, correction=corrected)[1], abs=1e-9)
