"""Every clause of the open monograph of romiplostim stands in its profile: executed, shown, or with the reason why not.

The clauses are those of the text, in its order, each in a few words of our own; the figures are the text's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from caseseries.model.drug import load_drugs
from caseseries.model.safety import load_vocabulary

CONFIG = Path(__file__).resolve().parents[3] / "config"
DRUG = load_drugs(CONFIG / "drugs")["romiplostim"]
RULES = {name for label in DRUG.dosing.labels.values() for name in label.rules.given}
CLAUSES = {one.clause for one in DRUG.eligibility}
STATED = [one for one in DRUG.statements if "monograph" in one.source]

TEXT = {
    "Usage": [
        ("adults and children, chronic ITP", "chronic ITP", {"chronic_itp"}),
        ("corticosteroids, immunoglobulins or splenectomy not enough", "did not do enough", {"prior_treatment"}),
        ("only with a considerable bleeding risk", "bleeding risk", {"bleeding_risk"}),
        ("not in MDS or another cause", "myelodysplasia", {"excluded_cause"}),
    ],
    "Dosage, adults": [
        ("under the skin, weekly", "once a week", {"interval"}),
        ("starts at 1", "begins with 1 mcg/kg", {"start"}),
        ("steps of 1", "steps of 1 mcg/kg", {"step_up", "step_down"}),
        ("aims at 50, not at normal", "at least 50", {"raise", "unchanged"}),
        ("at most 10 a week", "at most 10 mcg/kg", {"maximum"}),
        ("low: more; high: less or none", "the count decides", {"raise", "reduce", "hold", "resume"}),
        ("stopped after four weeks at 10 without effect", "four weeks at the highest dose", {"stop_rule"}),
    ],
    "Dosage, children": [
        ("starts at 1, weekly", "begins with 1 mcg/kg", {"start", "interval"}),
        ("same steps, aim and maximum", "the same steps", {"step_up", "step_down", "raise", "maximum"}),
        ("weight every 12 weeks", "12 weeks", {"weight_check"}),
    ],
    "Dosage, organs": [("no other dose, but caution", "caution", {"hepatic_impairment", "renal_impairment"})],
    "Side effects": [
        ("fourteen common ones", "fourteen", {"adverse_event_rate"}),
        ("serious: leukaemia, fibrosis, clots, allergy", "leukaemia", {"adverse_event_rate"}),
        ("serious: worse after stopping", "once the drug is stopped", {"adverse_event_rate", "rebound_rate"}),
        ("serious: response lost", "lost again", {"adverse_event_rate", "loss_of_response"}),
        ("tell the doctor", "tell the doctor", None),
    ],
    "How it works": [("receptor agonist", "receptor", "shown")],
    "Precautions": [
        ("contraindicated: hypersensitivity, E. coli", "E. coli", {"hypersensitivity"}),
        ("warnings", "warns of", {"adverse_event_rate", "rebound_rate", "hepatic_impairment"}),
        ("caution: kidney, liver", "kidney and liver", {"renal_impairment", "hepatic_impairment"}),
        ("monitored closely", "watch closely", None),
        ("category C, fetus", "category C", {"pregnancy"}),
        ("breast-feeding advised against", "breast-feeding", {"breastfeeding"}),
    ],
    "Questions": [
        ("injection under the skin", "injection", "shown"),
        ("a rise within a few weeks", "few weeks", "shown"),
        ("missed dose: ask, never double", "double", {"missed_dose_doubled"}),
        ("storage", "stored", None),
        ("other drugs", "interaction", "shown"),
        ("report side effects", "report side effects", None),
    ],
    "Disclaimer": [("educational, incomplete", "educational", "shown")],
}
"""Part of the text -> its clauses: what it says, words by which the statement is known, and what is done with it (what
executes it; shown; None where a record of cases cannot hold it)."""

COMMON = """headache, dizziness, insomnia, diarrhoea, upper abdominal pain, abdominal pain, rash, bruising, joint pain,
muscle pain, limb pain, upper respiratory infection, oropharyngeal pain, fever"""
SERIOUS = """leukaemia from MDS, marrow fibrosis, portal vein thrombosis, venous thrombosis, rebound, loss of response,
angio-oedema"""


@pytest.mark.parametrize(
    ("part", "says", "known_by", "use"), [(part, *clause) for part, clauses in TEXT.items() for clause in clauses]
)
def test_each_clause_has_its_place(part, says, known_by, use):
    found = [one for one in STATED if one.part == part and known_by.lower() in one.says.lower()]
    assert len(found) == 1, says
    (statement,) = found
    if use is None:
        assert statement.not_used
    elif use == "shown":
        assert statement.shown
    else:
        assert set(statement.executed) == use


def test_the_profile_ascribes_nothing_else_to_the_text():
    assert sorted({one.part for one in STATED}) == sorted(TEXT)
    assert len(STATED) == sum(map(len, TEXT.values()))


def test_the_page_of_the_profile_has_every_statement_with_what_is_done():
    page = (CONFIG.parent / "docs" / "drugs" / "romiplostim.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("|") and "monograph" in line]
    for one in STATED:
        said = one.says[0].upper() + one.says[1:]
        (line,) = [line for line in lines if f"| {one.part} | {said} |" in line]
        assert any(f"| {word}: " in line for word in ("Executed", "Shown", "Not used"))


def test_every_rule_and_clause_of_the_profile_is_led_back_to_a_statement():
    executed = {name for one in DRUG.statements for name in one.executed}
    assert RULES - executed == set()
    assert CLAUSES - executed == set()


@pytest.mark.parametrize("listed", [COMMON, SERIOUS])
def test_every_named_effect_is_expected(listed):
    names = [name.strip() for name in listed.replace("\n", " ").split(",")]
    own = {one.event: one for one in DRUG.adverse_events if "monograph" in one.source}
    vocabulary = load_vocabulary(CONFIG / "safety.yaml").events
    assert [name for name in names if name not in own or name not in vocabulary] == []
    assert all(own[name].serious for name in names if listed is SERIOUS)


@pytest.mark.parametrize("drug", sorted(load_drugs(CONFIG / "drugs")))
def test_no_clause_of_any_profile_is_without_a_place(drug):
    profile = load_drugs(CONFIG / "drugs")[drug]
    page = (CONFIG.parent / "docs" / "drugs" / f"{drug}.md").read_text(encoding="utf-8")
    executed = {name for one in profile.statements for name in one.executed}
    of_a_text = {one.clause for one in profile.eligibility if set(one.source) != {"choice"}}
    assert of_a_text - executed == set()
    for statement in profile.statements:
        assert statement.says[1:] in page
        assert sum(map(bool, (statement.executed, statement.shown, statement.not_used))) == 1
