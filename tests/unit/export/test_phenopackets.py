"""Phenopackets: what is written is a packet by the schema, and comes in again through the door as the same records."""

import json
from pathlib import Path

import pandas as pd
import pytest
from google.protobuf.json_format import ParseDict
from phenopackets import Cohort

from caseseries.export.phenopacket_file import left_behind, phenopackets_json
from caseseries.ingest.folder import examine
from caseseries.ingest.ingest import type_records
from caseseries.model.cohort import load_cohort
from caseseries.model.layout import Layout
from unit.ingest.mapped_cohorts import make_cohort

ROOT = Path(__file__).parents[3]
OWN = ("baseline", "age_years", "pregnant", "itp_phase", "prior_lines", "splenectomy", "drug", "gestational_week")
OWN += ("weight_kg", "bleeding_recorded", "follow_up_end_day", "reported_response", "reported_time_to_response")
MAPPING = """\
mapping:
  sources:
    - table: episodes
      file: packets.json
      format: phenopackets
      where: {kind: [subject]}
      first_dose: first_dose
      columns: {episode_id: id, patient_id: subject, sex: sex, OWN}
    - table: counts
      file: packets.json
      format: phenopackets
      where: {kind: [measurement]}
      columns: {episode_id: id, day: {from: date, date: true}, timepoint: timepoint, count: value}
    - table: events
      file: packets.json
      format: phenopackets
      where: {kind: [procedure]}
      columns:
        episode_id: id
        day: {from: date, date: true}
        kind: {from: code, strip: ["caseseries:"]}
        detail: label
"""
DRUGS = """\
    - table: exposures
      file: packets.json
      format: phenopackets
      where: {kind: [treatment]}
      columns:
        episode_id: id
        drug: drug
        class: {from: code, strip: ["caseseries:"]}
        role: intent
        first_day: {from: date, date: true}
        last_day: {from: last_date, date: true}
        dose: dose
        dose_unit: dose_unit
"""
KEYS = {
    "episodes": ["episode_id"],
    "counts": ["episode_id", "day", "timepoint", "count"],
    "events": ["episode_id", "day", "kind"],
    "exposures": ["episode_id", "first_day", "drug"],
}


def read(folder):
    found = examine(folder, Layout(ROOT / "data", ROOT / "config"))
    assert [str(one) for one in found.findings if one.severity == "error"] == []
    return type_records(found, folder.name)


@pytest.fixture(scope="module", params=["simulated-rhtpo", "michel-2020"])
def both(request, tmp_path_factory):
    cohort = load_cohort(ROOT / "data" / request.param)
    records = read(ROOT / "data" / request.param)
    text = phenopackets_json(cohort, records)
    own = ", ".join(f"{name}: {name}" for name in OWN if f'"caseseries-course:{name}"' in text)
    mapping = MAPPING + (DRUGS if '"treatment"' in text else "")
    folder = make_cohort(tmp_path_factory.mktemp("packets"), mapping.replace("OWN", own), packets_json=text)
    return records, read(folder), text


def in_order(table, name):
    return table.drop(columns="source_row").sort_values(KEYS[name]).reset_index(drop=True)


def test_every_packet_keeps_to_the_schema(both):
    document = json.loads(both[2])
    ParseDict(document, Cohort())
    assert "no date of anybody" in document["description"]
    assert len(document["members"]) == len(both[0]["episodes"])


def test_counts_come_in_again_as_they_were(both):
    before, after, _ = both
    kept = before["counts"][before["counts"]["flag"] == ""]
    pd.testing.assert_frame_equal(in_order(after["counts"], "counts"), in_order(kept, "counts"))


def test_drugs_come_in_again_as_they_were(both):
    before, after, _ = both
    kept = before["exposures"][before["exposures"]["first_day"].notna()]
    pd.testing.assert_frame_equal(in_order(after["exposures"], "exposures"), in_order(kept, "exposures"))


def test_events_come_in_again_and_one_without_a_detail_has_its_kind_for_it(both):
    before, after, _ = both
    kept = before["events"][before["events"]["day"].notna() & (before["events"]["kind"] != "death")]
    kept = kept.assign(detail=kept["detail"].where(kept["detail"] != "", kept["kind"]))
    pd.testing.assert_frame_equal(in_order(after["events"], "events"), in_order(kept, "events"))


def test_what_is_said_of_a_course_comes_in_again(both):
    before, after, _ = both
    shared = [
        name for name in ("episode_id", "patient_id", "sex", *OWN, "lo", "baseline_hi") if name in before["episodes"]
    ]
    pd.testing.assert_frame_equal(
        in_order(after["episodes"], "episodes")[shared], in_order(before["episodes"], "episodes")[shared]
    )


def test_what_has_no_place_is_counted(both):
    said = json.loads(both[2])["description"]
    left = left_behind(both[0])
    assert left and all(str(rows) in said for rows in left.values())
