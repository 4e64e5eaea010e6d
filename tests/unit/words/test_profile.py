"""Pages of drug profiles: in step with the files, no clause left out, each executed, shown or refused with a reason."""

from pathlib import Path

import pytest

from caseseries.model.drug import load_drugs
from caseseries.words.profile import profile_parts, write_page, write_pages

ROOT = Path(__file__).parents[3]
DRUGS = load_drugs(ROOT / "config" / "drugs")


def test_the_pages_in_the_documentation_are_those_of_the_profiles(tmp_path):
    write_pages(ROOT / "config", tmp_path)
    made = {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()}
    kept = {file.name: file.read_text(encoding="utf-8") for file in (ROOT / "docs" / "drugs").iterdir()}
    assert made == kept, "run: python -m caseseries.words.profile"


@pytest.mark.parametrize("drug", DRUGS.values(), ids=DRUGS)
def test_every_clause_has_a_row_that_says_what_is_done_with_it(drug):
    parts = {part.title: part for part in profile_parts(drug)}
    if not drug.statements:
        assert "What the texts say, and what is done with it" not in parts
        return
    rows = parts["What the texts say, and what is done with it"].rows
    assert len(rows) == len(drug.statements)
    assert all(row[2].startswith(("Executed: ", "Shown: ", "Not used: ")) for row in rows)
    assert all(row[3] for row in rows)


def test_a_clause_names_the_rule_the_clause_and_the_result_that_execute_it():
    page = write_page(DRUGS["romiplostim"])
    assert "Executed: results: rate of adverse events and rate of rebound after stopping" in page
    assert "Executed: dosing: size of a rise and size of a fall" in page
    assert "Executed: eligibility: excluded cause" in page


def test_every_part_has_as_many_cells_as_columns():
    for drug in DRUGS.values():
        for part in profile_parts(drug):
            assert {len(row) for row in part.rows} == {len(part.columns)}
