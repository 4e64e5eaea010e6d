"""Every admissible combination is run once and leads to what the stages make of it; shares are those of an anova."""

import warnings
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from lifelines import AalenJohansenFitter
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from caseseries.response.outcome import assess
from caseseries.sensitivity import choices, multiverse
from unit.sensitivity.test_choices import DEFINITIONS, cohort

CHOSEN = [
    DEFINITIONS[name]
    for name in ("iwg2009_confirmed", "iwg2009_confirmed_pair", "iwg2009_single", "romi_bussel2009", "plt50_any")
]
DAY = 28


@pytest.fixture(scope="module")
def evidence():
    return cohort(3, last=70)


@pytest.fixture(scope="module")
def table(evidence):
    return multiverse.run_multiverse(lambda analyte: evidence, CHOSEN, DAY)


@pytest.fixture(scope="module")
def run(table):
    return table[table["analysis"] == "specification"]


def blocks(evidence):
    taken = {one.id: multiverse.rules_of(one) for one in CHOSEN}
    for one in CHOSEN:
        others = frozenset(rules for name, rules in taken.items() if name != one.id)
        yield multiverse.block_of(one, evidence, others)


def definitions_of(block):
    for settings in block.combinations(full=True):
        changed = block.definition
        for choice, setting, own in zip(block.choices, settings, block.settings, strict=True):
            changed = changed if setting == own[0] else choice.apply(changed, setting)
        yield changed


def test_no_two_combinations_are_the_same_rules_and_none_is_another_definition(evidence, run):
    rules = [multiverse.rules_of(one) for block in blocks(evidence) for one in definitions_of(block)]
    assert len(set(rules)) == len(rules) == len(run) > 100
    confirmed = run[run["definition"] == "iwg2009_confirmed"]
    assert confirmed["between"].isna().all()  # with counts between that may fail it is iwg2009_confirmed_pair
    assert set(confirmed["open_at_end"]) == {"not evaluable", "accepted", "no response"}


def test_what_a_source_states_is_not_changed(evidence):
    step = {"drop": {"after": "rescue", "days": 28}, "basis": {"P": "counts to day 28 after rescue are left out"}}
    data = DEFINITIONS["iwg2009_single"].model_dump(by_alias=True, exclude_none=True)
    data["admit"] = [step if one.get("drop", {}).get("after") == "rescue" else one for one in data["admit"]]
    printed = type(CHOSEN[0]).model_validate({**data, "id": "printed", "choices": {"bleeding_unknown": "none"}})
    open_to = {choice.column for choice in multiverse.block_of(DEFINITIONS["iwg2009_single"], evidence).choices}
    left = {choice.column for choice in multiverse.block_of(printed, evidence).choices}
    assert open_to - left == {"rescue", "bleeding_unknown"}


@pytest.mark.parametrize("name", sorted(one.id for one in DEFINITIONS.values() if one.classes))
def test_choices_that_a_definition_does_not_leave_open_for_want_of_a_clause_change_nothing(name, evidence):
    definition = DEFINITIONS[name]
    before = assess(evidence, definition, trace=False)
    for choice in multiverse.GRID:
        of_definition = choice.column in ("open_at_end", "bleeding_unknown", "baseline")
        if of_definition and not multiverse.LEFT_OPEN[choice.column](definition):
            for setting in choice.settings:
                after = assess(evidence, choice.apply(definition, setting), trace=False)
                assert np.array_equal(before.chosen, after.chosen)
                assert np.array_equal(before.times.time, after.times.time, equal_nan=True)


def test_each_combination_leads_to_the_rate_of_the_grid_of_choices(evidence, run):
    some = [one for block in blocks(evidence) for one in definitions_of(block)][::7]
    rates = [choices.rate(evidence, one) for one in some]
    found = run[["events", "n", "not_evaluable"]].astype(int).to_dict("records")[::7]
    assert [{name: rate[name] for name in ("events", "n", "not_evaluable")} for rate in rates] == found


def theirs(times):
    """Days and cumulative incidence of response by lifelines, and the median where it is reached."""
    seen = np.isfinite(times.time)
    fitter = AalenJohansenFitter(calculate_variance=False, seed=1, jitter_level=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ties, which it moves
        curve = fitter.fit(times.time[seen], times.cause[seen], event_of_interest=1).cumulative_density_.iloc[:, 0]
    curve = curve.groupby(np.round(curve.index)).last()
    rises = curve[curve.diff().fillna(curve) > 1e-9]
    reached = rises[rises >= 0.5 - 1e-9]
    flat = len(reached) > 1 and abs(reached.iloc[0] - 0.5) < 1e-9
    return curve, np.mean(reached.index[:2]) if flat else reached.index[0] if len(reached) else np.nan


def test_incidence_and_median_are_those_of_lifelines(evidence, run):
    for definition, row in zip(CHOSEN, run[run["default"] == "yes"].itertuples(), strict=True):
        curve, median = theirs(assess(evidence, definition).times)
        assert (row.definition, row.day) == (definition.id, DAY)
        assert row.incidence == pytest.approx(curve[curve.index <= DAY].iloc[-1], abs=1e-6)
        assert row.median_time == pytest.approx(median, nan_ok=True)
    assert run["median_time"].notna().any()


@pytest.mark.parametrize("outcome", ["response_rate", "incidence"])
def test_shares_are_those_of_an_analysis_of_variance(table, run, outcome):
    """Sums of squares of statsmodels in each definition, which weighs as one, and between the means of definitions."""
    shares = table[(table["analysis"] == "share") & (table["outcome"] == outcome)].set_index("choice")["share"]
    parts, means = Counter(), []
    for _, block in run.groupby("definition"):
        if block[outcome].notna().all():
            means.append(block[outcome].mean())
            free = {choice.column: choice.name for choice in multiverse.GRID if block[choice.column].nunique() > 1}
            model = ols(f"{outcome} ~ {' + '.join(f'C({name})' for name in free) or '1'}", block).fit()
            for column, name in free.items():
                parts[name] += anova_lm(model).loc[f"C({column})", "sum_sq"] / len(block)
            parts["several together"] += model.ssr / len(block)
    parts["definition"] = ols("y ~ 1", pd.DataFrame({"y": means})).fit().ssr
    total = sum(parts.values())
    assert total > 0.01 and len(means) > 2 and shares.sum() == pytest.approx(1)
    assert shares.to_dict() == pytest.approx({name: part / total for name, part in parts.items()}, abs=1e-9)


def test_of_very_many_runs_one_choice_is_changed_at_a_time_and_no_share_is_told(monkeypatch, evidence, run):
    monkeypatch.setattr(multiverse, "MOST", 10)
    few = multiverse.run_multiverse(lambda analyte: evidence, CHOSEN, DAY)
    assert set(few["analysis"]) == {"specification"}
    columns = [choice.column for choice in multiverse.GRID if choice.column in few]
    stands = few[few["default"] == "yes"].set_index("definition")[columns]
    changed = (few[columns].fillna("") != stands.reindex(few["definition"]).fillna("").to_numpy()).sum(axis=1)
    assert changed.max() == 1 and len(few) < len(run) / 5


def test_a_share_by_a_day_to_which_nobody_is_watched_is_not_told():
    assert np.isnan(multiverse.of_time((3.0, 5.0, 9.0), (1, 0, 0), 28)["incidence"])
    assert multiverse.of_time((3.0, 5.0, 9.0), (1, 2, 1), 28)["incidence"] == pytest.approx(2 / 3)
    assert multiverse.of_time((3.0, 5.0, 40.0), (0, 1, 0), 4)["incidence"] == 0


def test_records_without_dated_counts_have_none(evidence):
    nobody = evidence.take(np.zeros(0, int))
    assert multiverse.run_multiverse(lambda analyte: nobody, CHOSEN, DAY).empty
    assert multiverse.run_multiverse(lambda analyte: evidence, [DEFINITIONS["as_reported"]], DAY).empty
