"""The message for each kind of mistake in a definition file, as text.

`<mistake>.yaml` holds the mistake, `<mistake>.txt` what is said of it. `python test_definition_messages.py` writes the
texts anew; read them before they are committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from caseseries.cli import main
from caseseries.model.findings import BadInput
from caseseries.response.definition_files import load_definitions, load_file

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.yaml"))


def message(path):
    with pytest.raises(BadInput) as caught:
        load_file(path)
    return str(caught.value) + "\n"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_message(path):
    assert message(path) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_there_are_many_kinds_and_no_two_say_the_same():
    said = [message(path).replace(path.name, "") for path in FILES]
    assert len(FILES) >= 40
    assert len(set(said)) == len(said)


def test_every_message_names_a_line_or_the_whole_file():
    for path in FILES:
        for line in message(path).splitlines():
            assert line.startswith((f"{path.name}, line ", f"{path.name}: the file must hold"))


def test_the_verb_ends_with_2_and_says_all_at_once(tmp_path, capsys):
    (tmp_path / "definitions").mkdir()
    for name in ("many_faults", "unknown_event"):
        (tmp_path / "definitions" / f"{name}.yaml").write_bytes((HERE / f"{name}.yaml").read_bytes())
    assert main(["definitions", "--config", str(tmp_path)]) == 2
    assert capsys.readouterr().err == message(HERE / "many_faults.yaml") + message(HERE / "unknown_event.yaml")


def test_ids_are_unique_over_files_and_a_folder_must_hold_some(tmp_path):
    with pytest.raises(BadInput, match="the folder holds no definition file"):
        load_definitions(tmp_path)
    good = (HERE / "unknown_key.yaml").read_text(encoding="utf-8").replace("    colour: red\n", "")
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(good, encoding="utf-8")
    with pytest.raises(BadInput, match=r"b\.yaml, definitions: the id example is taken by a\.yaml"):
        load_definitions(tmp_path)


if __name__ == "__main__":
    for file in FILES:
        file.with_suffix(".txt").write_text(message(file), encoding="utf-8")
