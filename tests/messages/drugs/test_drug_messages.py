"""The message for each kind of mistake in a drug profile, as text.

Each mistake of `mistakes.yaml` is a piece of `good.yaml` and what stands in its place; `says` is the message, whole.
`python test_drug_messages.py` prints the messages anew; read them before they are committed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from caseseries.cli import main
from caseseries.model.drug import load_drugs
from caseseries.model.findings import BadInput

HERE = Path(__file__).parent
SAFETY = HERE.parents[2] / "config" / "safety.yaml"
GOOD = (HERE / "good.yaml").read_text(encoding="utf-8")
MISTAKES = yaml.safe_load((HERE / "mistakes.yaml").read_text(encoding="utf-8"))


def config(folder, profile, words=None):
    (folder / "drugs").mkdir(parents=True)
    (folder / "drugs" / "good.yaml").write_text(profile, encoding="utf-8")
    (folder / "safety.yaml").write_text(words or SAFETY.read_text(encoding="utf-8"), encoding="utf-8")
    return folder / "drugs"


def message(folder, mistake):
    assert mistake["instead_of"] in GOOD
    profile = GOOD.replace(mistake["instead_of"], mistake["put"])
    with pytest.raises(BadInput) as caught:
        load_drugs(config(folder, profile))
    return str(caught.value).splitlines()


def test_the_good_profile_is_good(tmp_path):
    assert load_drugs(config(tmp_path, GOOD))["good"].dosing.unit_of("µg/kg ".replace("µ", "u")) == "mcg/kg"


@pytest.mark.parametrize("name", MISTAKES)
def test_message(name, tmp_path):
    assert message(tmp_path, MISTAKES[name]) == MISTAKES[name]["says"]


def test_a_term_that_means_two_events(tmp_path):
    words = SAFETY.read_text(encoding="utf-8").replace("  fever: [pyrexia", "  fever: [pyrexia, Head-Pain")
    with pytest.raises(BadInput) as caught:
        load_drugs(config(tmp_path, GOOD, words))
    assert "the term Head-Pain means two events, headache and fever: keep it under one" in str(caught.value)


def test_two_profiles_of_one_name_and_an_id_that_is_not_the_file(tmp_path):
    folder = config(tmp_path, GOOD)
    (folder / "other.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_drugs(folder)
    said = str(caught.value)
    assert "config/drugs/other.yaml, id: the id must be the file's name (for example: other)" in said
    assert "good is also a name of good" in said


def test_the_verb_says_all_at_once_and_ends_with_2(tmp_path, capsys):
    profile = GOOD.replace("above: 400", "above: 100").replace("event: fever", "event: fevre")
    config(tmp_path, profile)
    cohort = tmp_path / "data" / "good-cohort"
    shutil.copytree(HERE.parent / "ingest" / "good-cohort", cohort)
    places = ["--data", str(tmp_path / "data"), "--config", str(tmp_path), "--results", str(tmp_path / "out")]
    assert main(["check", str(cohort), *places]) == 2
    assert "the counts have a gap or an overlap" in capsys.readouterr().out


if __name__ == "__main__":
    import tempfile

    for name_, mistake_ in MISTAKES.items():
        with tempfile.TemporaryDirectory() as temporary:
            print(name_, *message(Path(temporary), mistake_), sep="\n    - ")
