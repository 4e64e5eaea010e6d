"""YAML that stands for more than it says: nested aliases and deep nesting are refused, ordinary aliases are not."""

from pathlib import Path

import pytest
import yaml

from caseseries.model.claim import load_claims
from caseseries.model.cohort import load_cohort
from caseseries.model.config import Config
from caseseries.model.findings import BadInput
from caseseries.model.yaml_file import DEEPEST, MOST_NODES, load_model, parse_yaml
from caseseries.response.definition_files import load_file

LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 10) + "]\n" for level in range(1, 12)
)
"""Twelve lines that stand for more than 10^12 values."""

NO_ALIASES = "aliases (*name) are not used here; write the value out"
TOO_MANY = f"with its aliases (*name) written out the file holds more than {MOST_NODES} values; shorten it"


def message(read, *arguments) -> str:
    with pytest.raises(BadInput) as caught:
        read(*arguments)
    return str(caught.value)


def test_nested_aliases_are_refused_by_every_reader(tmp_path):
    folder = tmp_path / "some-2020"
    folder.mkdir()
    for name in ("config.yaml", "definition.yaml", "some-2020/claims.yaml", "some-2020/cohort.yaml"):
        (tmp_path / name).write_text(LAUGHS)
    assert message(load_model, Config, tmp_path / "config.yaml") == f"config.yaml: {TOO_MANY}"
    assert message(load_file, tmp_path / "definition.yaml") == f"definition.yaml: {TOO_MANY}"
    assert message(load_claims, folder) == f"some-2020/claims.yaml: {NO_ALIASES}"
    assert message(load_cohort, folder) == f"some-2020/cohort.yaml: {NO_ALIASES}"


@pytest.mark.parametrize(
    "link", ["{{<<: [{0}, {0}, {0}, {0}]}}", "{{x: {0}, x: {0}, y: {0}, z: {0}}}"], ids=["merged", "key twice"]
)
def test_aliases_nested_by_keys_are_refused(link):
    text = "a0: &a0 {x: 1}\n" + "".join(
        f"a{level}: &a{level} {link.format(f'*a{level - 1}')}\n" for level in range(1, 40)
    )
    assert TOO_MANY in message(parse_yaml, text, "file.yaml")


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000], ids=["lists", "items", "keys"])
def test_deep_nesting_is_refused_with_its_line(text):
    rule = f"lists and keys must not stand more than {DEEPEST} deep inside each other"
    assert message(parse_yaml, "\n" + text, "file.yaml") == f"file.yaml, line 2: {rule}"


def test_an_anchor_inside_itself_is_refused():
    assert message(parse_yaml, "a: &a\n  b: *a\n", "file.yaml") == "file.yaml, line 1: the anchor stands inside itself"


def test_ordinary_aliases_and_merges_are_read():
    text = "rule: &rule {ge: 100, gap: 7}\none: *rule\ntwo:\n  <<: *rule\n  gap: 1\n"
    data, lines = parse_yaml(text, "file.yaml")
    assert data == {"rule": {"ge": 100, "gap": 7}, "one": {"ge": 100, "gap": 7}, "two": {"ge": 100, "gap": 1}}
    assert lines[("two", "gap")] == 5


def test_shipped_definitions_with_aliases_are_read():
    folder = Path(__file__).parents[3] / "config" / "definitions"
    with_aliases = [path for path in sorted(folder.glob("*.yaml")) if "*" in path.read_text(encoding="utf-8")]
    used = [
        path
        for path in with_aliases
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(path.read_text(encoding="utf-8")))
    ]
    assert used
    assert all(load_file(path).definitions for path in used)


def test_a_long_file_without_aliases_is_read():
    data, _ = parse_yaml("items: [" + ", ".join(["1"] * 20_000) + "]", "file.yaml")
    assert len(data["items"]) == 20_000
