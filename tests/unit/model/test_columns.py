"""A column of the contract is one row of `TABLES`: every stage takes it from there."""

import pandas as pd
import pytest

from caseseries.estimate.describe import describe
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.ingest.new import describe_table
from caseseries.ingest.schema import check_records, record_schema
from caseseries.model.cohort import load_cohort
from caseseries.model.columns import TABLES, Column
from caseseries.model.layout import Layout
from caseseries.model.results import RESPONSES, TIMES
from caseseries.show.tables.cases import case_table
from caseseries.show.tables.description import description_table

COHORT = """\
id: added-2020
title: SYNTHETIC
citation: SYNTHETIC
design: simulation
population: SYNTHETIC
provenance: synthetic
licence: CC0-1.0
disclosure: {profile: synthetic, basis: No person stands behind any row.}
source_definition: not_stated
covariates:
  - {name: ferritin_ug_per_l, label: Ferritin, kind: number, unit: ug/L}
"""
HAEMOGLOBIN = Column(
    "haemoglobin_g_per_dl", "number", "Haemoglobin", "at first dose", "g/dL", example="11.2", minimum=2, maximum=25
)
LIMIT = Column("d_dimer", "quantity", "D-dimer", "at first dose", "mg/L", example="<0.5", minimum=0)


@pytest.fixture
def added(monkeypatch, tmp_path):
    """A cohort folder beside a contract with two more columns."""
    monkeypatch.setitem(TABLES, "episodes", (*TABLES["episodes"], HAEMOGLOBIN, LIMIT))
    record_schema.cache_clear()
    folder = tmp_path / "data" / "added-2020"
    folder.mkdir(parents=True)
    (folder / "cohort.yaml").write_text(COHORT, encoding="utf-8")
    yield folder, Layout(data=tmp_path / "data", results=tmp_path / "results")
    record_schema.cache_clear()


def write_episodes(folder, *rows):
    """episodes.csv with the two columns and a covariate."""
    header = "episode_id,haemoglobin_g_per_dl,d_dimer,ferritin_ug_per_l"
    (folder / "episodes.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def test_a_column_that_is_added_is_read_described_and_listed(added):
    folder, layout = added
    write_episodes(folder, "E1,11.2,<0.5,20", "E2,9.8,3,")
    examined = examine(folder, layout)
    assert [str(finding) for finding in examined.findings if finding.severity == "error"] == []
    records = type_records(examined, folder.name)
    check_records(records)
    assert list(records["episodes"]["haemoglobin_g_per_dl"]) == [11.2, 9.8]
    assert list(records["episodes"]["d_dimer_hi"]) == [0.5, 3]

    cohort = load_cohort(folder)
    table = description_table(describe(cohort, records), cohort.variables, synthetic=True)
    assert ["Haemoglobin, g/dL", "9.8 and 11.2"] in table.texts
    assert "D-dimer, mg/L" in [row[0] for row in table.texts]
    assert ["Ferritin, ug/L", "20"] in table.texts
    assert not any("per d" in cell for row in table.texts for cell in row)

    nothing = (pd.DataFrame(columns=list(RESPONSES)), pd.DataFrame(columns=list(TIMES)))
    listing = case_table(records, cohort.variables, *nothing, {}, synthetic=True)
    assert listing.headings == ["Episode", "Haemoglobin (g/dL)", "D-dimer (mg/L)", "Ferritin (ug/L)"]
    assert listing.texts == [["E1", "11.2", "<0.5", "20"], ["E2", "9.8", "3", "–"]]
    assert [row.cells[2].values for row in listing.rows] == [{}, {"value": 3}]


def test_a_column_that_is_added_is_checked_and_documented(added):
    folder, layout = added
    write_episodes(folder, "E1,112,1,")
    (finding,) = [finding for finding in examine(folder, layout).findings if finding.severity == "error"]
    assert (finding.column, finding.rule) == ("haemoglobin_g_per_dl", "the value must lie between 2 and 25 g/dL")
    assert "| `haemoglobin_g_per_dl` | at first dose; g/dL | 11.2 |" in describe_table("episodes")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_a_label_without_its_unit(table):
    for column in TABLES[table]:
        assert column.label and column.label[0].isupper() and column.about, column.name
        assert not column.unit or column.unit not in column.label, column.name
    assert len({column.label for column in TABLES[table]}) == len(TABLES[table])
