"""Every reference value is compared somewhere or its omission explained."""

import re

import pytest

from reference.values import COMPARED, EXPLAINED, items

REASONS = list(EXPLAINED)


def test_every_item_is_compared_or_explained_exactly_once():
    patterns = [*(p for room in COMPARED.values() for p in room), *REASONS]
    wrong = {name: n for name in items() if (n := sum(bool(re.fullmatch(p, name)) for p in patterns)) != 1}
    assert not wrong


@pytest.mark.parametrize("pattern", REASONS)
def test_no_explanation_is_left_over(pattern):
    assert any(re.fullmatch(pattern, name) for name in items())


def test_every_item_names_package_and_call():
    assert all(item["package"] and item["call"] for item in items().values())
