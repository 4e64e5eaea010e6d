"""The audit and the plain second evaluator agree on random episodes, down to the last row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseseries.audit.choices import settings_of
from caseseries.audit.dosing import dosing_table
from caseseries.audit.eligibility import eligibility_table
from caseseries.model.drug import load_drugs
from spec import audit_reference as reference
from spec.audit_cases import cohort_of, records_of

DRUGS = load_drugs(Path(__file__).resolve().parents[2] / "config" / "drugs")
quick = settings(max_examples=25, deadline=None, derandomize=True, database=None)
YES_NO = st.sampled_from([None, "yes", "no"])
EDGES = [3, 9.9, 20, 29.9, 30, 49, 49.9, 50, 51, 60, 99.9, 100, 101]
EDGES += [149, 150, 151, 199, 200, 201, 230, 249, 250, 251, 399, 400, 401, 500]
EDGES += ["<30", "<50", "<100", "<200", "<400", ">50", ">100", ">150", ">200", ">250", ">400"]
COUNTS = st.sampled_from(EDGES)
WEEKLY = st.sampled_from([None, "?", 0, 1, 1.1, 1.2, 2, 3, 3.1, 4, 5, 9, 9.9, 10, 10, 10, 10.1, 10.2, 11])


@st.composite
def rows_of(draw, drug):
    """Rows of a drug: single doses, series, open ones, ones without a day, doses in other units or not recorded."""
    units, doses = {
        "romiplostim": (["mcg/kg"] * 3 + ["mcg", "mL"], [None, 0, 1, 2, 3, 6, 10, 12, 60, 120]),
        "rhtpo": (["U/kg"] * 3 + ["U", ""], [None, 0, 270, 269, 300, 330, 331, 13500, 15000, 16500, 16501]),
        "eltrombopag": (["mg"] * 4 + ["g"], [None, 0, 12.5, 25, 50, 75, 76, 100]),
    }[drug]
    rows, day = [], draw(st.sampled_from([0, 0, 0, 0, 3, 7]))
    for _ in range(draw(st.integers(0, 6))):
        length = draw(st.sampled_from([0, 0, 0, 0, 1, 6, 7, 14, 21]))
        last = draw(st.sampled_from([day + length] * 5 + [None]))
        first = draw(st.sampled_from([day] * 8 + [None]))
        rows.append(
            [first, None if first is None else last, draw(st.sampled_from(doses)), draw(st.sampled_from(units))]
        )
        day += length + draw(st.sampled_from([0, 1, 1, 2, 4, 5, 7, 7, 7, 8, 9, 10, 11, 12, 14, 21]))
    return rows


@st.composite
def episodes(draw, drug=None):
    """An episode as a worked case is written."""
    drug = drug or draw(st.sampled_from(["romiplostim"] * 3 + ["rhtpo", "rhtpo", "eltrombopag"]))
    days = st.integers(-9, 60)
    episode = {
        "drug": drug,
        "age": draw(st.sampled_from([None, 6, 17, 18, 40, 40])),
        "weight_kg": draw(st.sampled_from([None, 50, 60])),
        "weights": draw(
            st.lists(st.tuples(st.sampled_from([-3, 0, 7, 14, 50]), st.sampled_from([50, 60])), max_size=2)
        ),
        "baseline": draw(st.sampled_from([None, 10, 15, 20, 25, 30, "<5", "<30", ">20"])),
        "counts": draw(st.lists(st.tuples(days, COUNTS, st.sampled_from(["", "", "pre_event"])), max_size=9)),
        "events": [
            {"day": day, "kind": "platelet_transfusion"} for day in draw(st.lists(st.integers(-7, 40), max_size=1))
        ],
    }
    if drug == "romiplostim" and draw(st.booleans()):
        episode["weekly_doses"] = draw(st.lists(WEEKLY, min_size=2, max_size=9))
        episode["weekly_counts"] = draw(st.lists(st.one_of(st.none(), COUNTS), max_size=9))
    else:
        episode["doses"] = draw(rows_of(drug))
    episode["weights"] = list({day: [day, kg] for day, kg in episode["weights"]}.values())
    return episode


@st.composite
def cases(draw):
    """What is recorded of whom a drug is for."""
    episode = draw(episodes())
    names = ["bleeding_risk", "excluded_cause", "hypersensitivity", "breastfeeding", "hepatic_impairment"]
    names += ["renal_impairment", "prior_corticosteroid", "prior_ivig"]
    answers = {name: draw(YES_NO) for name in draw(st.lists(st.sampled_from(names), unique=True))}
    spells = st.tuples(st.integers(-40, 3), st.integers(0, 9), st.integers(0, 3))
    bleeding = draw(st.one_of(st.none(), st.lists(spells, max_size=2)))
    return episode | {
        "covariates": answers,
        "sex": draw(st.sampled_from([None, "female", "male"])),
        "pregnant": draw(YES_NO),
        "itp_phase": draw(st.sampled_from([None, "newly diagnosed", "persistent", "chronic"])),
        "prior_lines": draw(st.sampled_from([None, 0, 1, 2, 3])),
        "splenectomy": draw(YES_NO),
        "bleeding": None if bleeding is None else [[first, first + length, grade] for first, length, grade in bleeding],
        "other": draw(
            st.lists(
                st.tuples(
                    st.just("prednisone"),
                    st.sampled_from(["corticosteroid", "immunoglobulin", "transfusion"]),
                    st.just("concomitant"),
                    st.sampled_from([None, -10, -1, 0, 3]),
                    st.just(20),
                ),
                max_size=2,
            )
        ),
    }


def audited(written):
    vectors = {f"C{number}": episode for number, episode in enumerate(written)}
    return cohort_of(written), records_of(vectors)


def agree(written, drugs):
    """The audit's rows of some episodes, all of which must be those of the plain evaluator."""
    found = dosing_table(*audited(written), drugs)
    for number, episode in enumerate(written):
        rows = found[found["episode_id"] == f"C{number}"]
        got = {
            (label, rule, None if pd.isna(day) else int(day), verdict)
            for label, rule, day, verdict in zip(rows["label"], rows["rule"], rows["day"], rows["verdict"], strict=True)
        }
        assert got == reference.dosing(episode)
        assert len(got) == len(rows)


@quick
@given(st.lists(episodes(), min_size=1, max_size=6))
def test_dosing_is_that_of_the_plain_evaluator(written):
    agree(written, DRUGS)


DOSED = ("romiplostim", "rhtpo", "eltrombopag")
SETTINGS = {f"{drug} {one.choice} {one.value}": one for drug in DOSED for one in settings_of(DRUGS[drug])}


def value_of(one):
    """The other value of a choice, as the profile holds it."""
    choices = one.drug.dosing.choices
    if one.part == "dosing":
        return getattr(choices, one.choice).value
    return next(clause.choice.value for clause in one.drug.eligibility if clause.clause == one.choice)


@pytest.mark.parametrize("name", [name for name, one in SETTINGS.items() if one.part == "dosing"])
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(data=st.data())
def test_dosing_is_that_of_the_plain_evaluator_under_every_other_choice(name, data):
    one = SETTINGS[name]
    written = data.draw(st.lists(episodes(one.drug.id), min_size=1, max_size=4))
    with reference.choosing(one.choice, value_of(one)):
        agree(written, DRUGS | {one.drug.id: one.drug})


@pytest.mark.parametrize("name", [name for name, one in SETTINGS.items() if one.part == "eligibility"])
@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(written=st.lists(cases(), min_size=1, max_size=4))
def test_eligibility_is_that_of_the_plain_evaluator_under_every_other_choice(name, written):
    one = SETTINGS[name]
    written = [episode | {"drug": one.drug.id, "doses": [], "weekly_doses": []} for episode in written]
    found = eligibility_table(*audited(written), DRUGS | {one.drug.id: one.drug})
    with reference.choosing(one.choice, value_of(one)):
        for number, episode in enumerate(written):
            rows = found[found["episode_id"] == f"C{number}"]
            assert dict(zip(rows["clause"], rows["verdict"], strict=True)) == reference.eligibility(episode)


@quick
@given(st.lists(cases(), min_size=1, max_size=6))
def test_eligibility_is_that_of_the_plain_evaluator(written):
    found = eligibility_table(*audited(written), DRUGS)
    for number, episode in enumerate(written):
        rows = found[found["episode_id"] == f"C{number}"]
        assert dict(zip(rows["clause"], rows["verdict"], strict=True)) == reference.eligibility(episode)


@quick
@given(episodes("romiplostim"))
def test_at_most_one_row_for_a_rule_and_a_day_in_the_order_that_is_promised(episode):
    rows = dosing_table(*audited([episode]), DRUGS)
    assert not rows.duplicated(["label", "rule", "day"]).any()
    keys = [(r.label, -1e9 if pd.isna(r.day) else r.day, r.rule) for r in rows.itertuples()]
    assert keys == sorted(keys)
