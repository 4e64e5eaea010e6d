"""`caseseries claims check`: a paper without any case; and the template that it is written in."""

import re
from pathlib import Path
from typing import get_args

import pytest

from caseseries.cli import main
from caseseries.model.claim import Claim, Printed, Statistic, TestName
from caseseries.model.result_columns import CLAIM_VERDICTS
from caseseries.words.claims import IN_PRINT

PAGE = (Path(__file__).parents[3] / "docs" / "check-a-paper.md").read_text(encoding="utf-8")
ONE = "claims:\n  - {{id: a, says: {says}, statistic: response_rate, where: abstract}}\n"


@pytest.mark.parametrize(
    ("says", "code", "word"),
    [
        ("{n: 48, percent: 47.9}", 0, "possible"),
        ("{n: 48, percent: 49.0}", 3, "IMPOSSIBLE"),
        ("{percent: 60.3}", 0, "cannot be checked"),
        ("{events: 2, n: 4, lower: 10, upper: 90}", 0, "not found: another method?"),
    ],
)
def test_the_exit_code_says_whether_all_is_possible(says, code, word, tmp_path, capsys):
    path = tmp_path / "claims.yaml"
    path.write_text(ONE.format(says=says), encoding="utf-8")
    assert main(["claims", "check", str(path)]) == code
    assert word in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (ONE.format(says="{events: 9, n: 8}"), "events must not exceed n"),
        (ONE.format(says="{percent: 104}"), "less than or equal to 100"),
        (ONE.format(says="{percent: 60, n_range: [1, 9]}"), "the key is unknown"),
        ("claims: []\n", "the list must hold at least 1 item"),
        (ONE.format(says='{percent: "33,3", n: 9}'), "a number alone, with a decimal point"),
        (ONE.format(says='{percent: "<1", n: 9}'), "a number alone, with a decimal point"),
        (ONE.format(says="{events: nine, n: 9}"), "must be a whole number"),
        (ONE.format(says="{p: >0.05}"), 'a text that begins with > stands in quotes: p: ">0.05"'),
        ("claims:\n  - id: a\n    says:\n      p: >0.05\n", 'a text that begins with > stands in quotes: p: ">0.05"'),
        ("claims:\n  - id: a\n    says:\n      p: >.05\n", 'a text that begins with > stands in quotes: p: ">0.05"'),
        ("claims: [\n", "the YAML is faulty"),
    ],
)
def test_bad_input_is_exit_code_2(text, rule, tmp_path, capsys):
    path = tmp_path / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    assert main(["claims", "check", str(path)]) == 2
    assert rule in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["claims", "check", str(tmp_path / "nothing.yaml")]) == 2
    assert capsys.readouterr().err == "nothing.yaml: the file is missing\n"


def test_zeros_at_the_end_count_as_printed(tmp_path, capsys):
    """5.20 of 14 is impossible where 5.2 is not: what was written is kept, without quotes."""
    path = tmp_path / "claims.yaml"
    claim = "claims:\n  - {id: a, says: {mean: MEAN, n: 14, step: 1}, statistic: mean_value, where: abstract}\n"
    for mean, code in (("5.2", 0), ("5.20", 3)):
        path.write_text(claim.replace("MEAN", mean), encoding="utf-8")
        assert main(["claims", "check", str(path)]) == code
    assert "mean 5.20" in capsys.readouterr().out


FILLED = {
    "{events: , n: , percent: }": "{events: 9, n: 20, percent: 45}",
    "{mean: , sd: , n: , step: , unit: years}": "{mean: 34.20, sd: 5.12, n: 20, step: 1, unit: years}",
    "{p: }": "{p: NS}",
    "test: ": "test: fisher",
}


def test_the_template_passes_once_it_is_filled_in(tmp_path, capsys):
    path = tmp_path / "claims.yaml"
    assert main(["new", "--claims", str(path)]) == 0
    assert main(["claims", "check", str(path)]) == 2
    assert capsys.readouterr().err.count("a claim says at least one of") == 3
    text = path.read_text(encoding="utf-8")
    for empty, filled in FILLED.items():
        assert empty in text
        text = text.replace(empty, filled)
    path.write_text(text, encoding="utf-8")
    assert main(["claims", "check", str(path)]) == 0


@pytest.mark.parametrize(
    "words", [[], ["my-cohort", "--claims", "FILE"], ["--claims", "FILE"], ["--claims", "no/FILE"]]
)
def test_the_template_overwrites_nothing(words, tmp_path, capsys):
    there = tmp_path / "claims.yaml"
    there.write_text("mine\n", encoding="utf-8")
    named = [word.replace("no/FILE", str(tmp_path / "no" / "a.yaml")).replace("FILE", str(there)) for word in words]
    assert main(["new", *named, "--data", str(tmp_path)]) == 2
    assert there.read_text(encoding="utf-8") == "mine\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims.yaml"]


def test_the_page_names_every_key_statistic_test_and_verdict():
    rows = re.findall(r"^\| `?(.+?) \| (.+)$", PAGE, re.MULTILINE)
    told = " ".join(f"`{first} {rest}" for first, rest in rows)
    names = [*Claim.model_fields, *Printed.model_fields, *get_args(Statistic), *get_args(TestName), *CLAIM_VERDICTS]
    assert [name for name in names if f"`{name}`" not in told and name != "reproduced"] == []
    assert [words for words in IN_PRINT.values() if f"| {words} |" not in PAGE] == []
