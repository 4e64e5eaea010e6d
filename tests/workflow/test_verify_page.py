"""docs/verify.md run as it stands: each of its commands on a finished run, and what they say where a number moved."""

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "verify.md").read_text(encoding="utf-8")
COMMANDS = [line.split() for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]

pytestmark = pytest.mark.workflow


@pytest.fixture
def kept(fresh):
    """A finished run with the kept values beside it."""
    shutil.copytree(ROOT / "docs" / "released", fresh.root / "docs" / "released")
    return fresh


def test_the_page_names_commands_that_are_there():
    assert [words[0] for words in COMMANDS] == ["./run", "./caseseries", "./caseseries", "./caseseries"]
    assert all((ROOT / words[0]).is_file() for words in COMMANDS)


def test_every_command_of_the_page_finds_nothing_moved(kept, tmp_path):
    shutil.copytree(kept.root / "results" / "release", tmp_path / "release")
    for _, *words in COMMANDS[1:]:
        here = [str(tmp_path / "release") if word.startswith("/media/") else word for word in words]
        done = kept.call("caseseries", *here)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "moved" in done.stdout


def test_a_number_that_moved_is_named_as_the_page_says(kept):
    values = kept.root / "docs" / "released" / "values.csv"
    lines = values.read_text(encoding="utf-8").splitlines(keepends=True)
    rates = [
        place for place, line in enumerate(lines) if line.startswith("yu-2023,all,,as_reported,primary,response_rate,")
    ]
    for place in rates:
        assert lines[place].endswith(",2,4\n")
        lines[place] = lines[place].replace(",0.5,", ",0.75,").replace(",2,4\n", ",3,4\n")
    values.write_text("".join(lines), encoding="utf-8")
    done = kept.call("caseseries", "verify", "--against", "docs/released")
    assert done.returncode == 3
    assert "yu-2023, as reported: 3 of 4 -> 2 of 4" in done.stdout
    assert "yu-2023, as reported: 2 of 4 -> 3 of 4" in PAGE


def test_a_claim_whose_verdict_moved_is_named(kept, tmp_path):
    other = tmp_path / "release"
    shutil.copytree(kept.root / "results" / "release", other)
    for claims in (other / "claims.csv", kept.root / "docs" / "released" / "claims.csv"):
        text = claims.read_text(encoding="utf-8")
        line = next(line for line in text.splitlines() if line.startswith("yu-2023,responders,"))
        claims.write_text(text.replace(line, line.replace(",consistent,", ",differs,")), encoding="utf-8")
    for against in (str(other), "docs/released"):
        done = kept.call("caseseries", "verify", "--against", against)
        assert done.returncode == 3
        assert re.search(r"yu-2023, claim responders: 2 of 4, 50 %, .*, differs -> .*, consistent", done.stdout)
        assert "claims.csv: changed" not in done.stdout
