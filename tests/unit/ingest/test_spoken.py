"""Labels of cases in messages: of a restricted cohort a line says which case is meant."""

import pytest
import yaml

from unit.response.cohort_folders import Study

ROWS = "episode_id,patient_id,sex,age_years\nward7-0042,a,male,30\nward7-0043,a,female,31\nward7-0044,b,male,x1\n"


@pytest.mark.parametrize(("profile", "named"), [("restricted", False), ("synthetic", True)])
@pytest.mark.parametrize("verb", ["check", "ingest"])
def test_a_message_names_no_case_of_a_restricted_cohort(tmp_path, capsys, verb, profile, named):
    study = Study(tmp_path, episodes=ROWS)
    path = study.folder / "cohort.yaml"
    about = yaml.safe_load(path.read_text(encoding="utf-8"))
    about["disclosure"] = {"profile": profile, "basis": "Made up for a test."}
    about["provenance"] = "registry" if profile == "restricted" else "synthetic"
    path.write_text(yaml.safe_dump(about), encoding="utf-8")
    assert study.verb(verb, str(study.folder) if verb == "check" else study.name) == 2
    told = capsys.readouterr()
    said = told.out + told.err
    assert "episodes.csv, line 3" in said and "episodes.csv, line 4" in said
    assert ("ward7" in said) is named
