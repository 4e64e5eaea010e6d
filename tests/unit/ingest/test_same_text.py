"""One word is one word, in whatever letters, blanks and widths it is written; one number too."""

import unicodedata

import pytest

from caseseries.model.text import fold_text, tidy_text
from unit.ingest.mapped_cohorts import make_cohort, rows, told

TWO_SIGNS = unicodedata.normalize("NFD", "mü")
PLAIN = "covariates: [{name: arm, label: Arm, levels: {LEVEL: Münz}}]\n"


@pytest.mark.parametrize(
    ("written", "tidy", "folded"),
    [
        ("newly\u00a0diagnosed", "newly diagnosed", "newly diagnosed"),
        ("  newly\u2009\u3000diagnosed\u200b", "newly diagnosed", "newly diagnosed"),
        ("new\u00adly  diagnosed", "newly diagnosed", "newly diagnosed"),
        (unicodedata.normalize("NFD", "Größe"), "Größe", "grösse"),
        ("ＰＬＴ", "ＰＬＴ", "plt"),
        ("PLT\n(10^9/L)", "PLT\n(10^9/L)", "plt (10^9/l)"),
        ("10⁹/L", "10⁹/L", "109/l"),
    ],
)
def test_texts(written, tidy, folded):
    assert tidy_text(written) == tidy
    assert fold_text(written) == folded


@pytest.mark.parametrize("level", ["münz", unicodedata.normalize("NFD", "münz")])
def test_tables_of_the_contract(tmp_path, level):
    episodes = (
        f"episode_id,itp_phase,drug,arm,sex\n{TWO_SIGNS}1,newly\u00a0diagnosed,rh\u00a0TPO,{TWO_SIGNS}nz,ＦＥＭＡＬＥ\n"
    )
    episodes += "mü2,Chronic,rh  TPO,münz,\n"
    counts = f"episode_id,day,count\nmü1,0,9\n{TWO_SIGNS}2,7,70\n"
    folder = make_cohort(tmp_path, PLAIN.replace("LEVEL", level), episodes_csv=episodes, counts_csv=counts)
    assert rows(folder, "episodes", "episode_id", "itp_phase", "drug", "arm", "sex") == [
        ["mü1", "newly diagnosed", "rh TPO", "münz", "female"],
        ["mü2", "chronic", "rh TPO", "münz", ""],
    ]
    assert rows(folder, "counts", "episode_id", "count") == [["mü1", "9"], ["mü2", "70"]]


MAPPED = """\
mapping:
  missing: [N.B.]
  sources:
    - table: episodes
      file: p.csv
      columns: {episode_id: "Nr.", sex: {from: Geschlecht, values: {weiblich: female}}, prior_lines: Linien}
    - table: counts
      file: l.csv
      where: {Test: [PLT]}
      columns: {episode_id: "Nr.", day: Tag, count: Größe}
"""


def test_headers_value_maps_where_and_missing(tmp_path):
    patients = "Ｎｒ．,Geschlecht,Linien\nE1,Weiblich\u00a0,n.b.\nE2,ｗｅｉｂｌｉｃｈ,2.0\n"
    labs = unicodedata.normalize("NFD", "Nr.,Tag,Test,Größe\nE1,0.0,Plt ,9\nE1,7.0,ＰＬＴ,40\nE2,14,plt,N.b.\n")
    folder = make_cohort(tmp_path, MAPPED, p_csv=patients, l_csv=labs)
    assert rows(folder, "episodes", "sex", "prior_lines") == [["female", None], ["female", 2]]
    assert rows(folder, "counts", "episode_id", "day", "count") == [["E1", 0, "9"], ["E1", 7, "40"]]


def test_one_word_in_two_spellings_is_told(tmp_path):
    episodes = "episode_id,drug\nE1,rhTPO\nE2,RHTPO\nE3,other\n"
    (line,) = told(make_cohort(tmp_path, "", episodes_csv=episodes), "warning")
    assert "drug: one word is written in more than one way (capitals, full-width letters): 2 rows" in line


def test_an_exact_point_zero_is_a_whole_number_everywhere(tmp_path):
    files = {
        "episodes": "episode_id,prior_lines,follow_up_end_day\n1.0,2.0,30.0\n2.0,,\n",
        "bleeding": "episode_id,first_day,last_day,who_grade\n1,3.0,5.0,1.0\n",
        "outcomes": "episode_id,outcome,day,cause\n1,death,14.0,death\n",
        "aggregates": "group,outcome,events,n,origin\na,response,2.0,3.0,printed\n",
    }
    files = {f"{name}_csv": content for name, content in files.items()}
    folder = make_cohort(tmp_path, "", **files)
    assert rows(folder, "episodes", "episode_id", "prior_lines") == [["1", 2], ["2", None]]
    assert rows(folder, "bleeding", "last_day", "who_grade") == [[5, 1]]
    assert rows(folder, "aggregates", "events", "n") == [[2, 3]]
    files["outcomes_csv"] = files["outcomes_csv"].replace("14.0", "14.5")
    assert "the value must be a whole number" in told(make_cohort(tmp_path, "", **files))[0]


def test_codes_of_a_value_map_may_have_a_point(tmp_path):
    keys = (
        "mapping: {sources: [{table: episodes, file: p.csv, columns: {episode_id: id, sex: {from: s, values: MAP}}}]}"
    )
    for codes in ("{1: female, 2: male}", '{"1.0": female, "2.0": male}'):
        folder = make_cohort(tmp_path, keys.replace("MAP", codes), p_csv="id,s\nE1,1.0\nE2,2\n")
        assert rows(folder, "episodes", "sex") == [["female"], ["male"]]


def test_rows_entered_twice_are_taken_once(tmp_path):
    files = {
        "adverse_events": "episode_id,subject,term\nE1,patient,headache\nE1,patient,headache\nE1,patient,rash\n",
        "exposures": "episode_id,drug,first_day,dose\nE1,x,0,3\nE1,x,0,3.0\nE1,x,1,3\n",
        "events": "episode_id,day,kind\nE1,5,rescue\nE1,5,rescue\n",
        "episodes": "episode_id\nE1\n",
    }
    folder = make_cohort(tmp_path, "", **{f"{name}_csv": content for name, content in files.items()})
    assert rows(folder, "adverse_events", "term") == [["headache"], ["rash"]]
    assert rows(folder, "events", "kind") == [["rescue"]]
    assert [line.partition(":")[0] for line in told(folder, "warning")] == [
        "adverse_events.csv, line 3, case E1",
        "events.csv, line 3, case E1",
        "exposures.csv, line 3, case E1",
    ]
    assert rows(folder, "exposures", "first_day", "dose") == [[0, 3], [1, 3]]
