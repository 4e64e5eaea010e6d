"""Changing any figure, sign or flag of a definition by one step makes a worked case of its file fail."""

from __future__ import annotations

import pytest

from spec import mutants


@pytest.mark.slow
def test_every_mutant_is_noticed_or_explained():
    total, alive = mutants.survivors()
    assert total > 900
    known = {name: set(whats) for name, whats in mutants.explained().items()}
    assert {name: set(whats) for name, whats in alive.items()} == known


def test_mutants_change_one_thing():
    classes = [{"label": "R", "when": {"some": {"ge": 30}}}, {"label": "N", "when": {"none": ["rescue"]}}]
    definition = {"classes": classes}
    changes = dict(mutants.mutants(definition))
    assert set(changes) == {
        "classes[0] left out",
        "classes[1] left out",
        "classes reversed",
        "classes.0.when.some.ge -1",
        "classes.0.when.some.ge +1",
        "classes.0.when.some.ge -> gt",
    }
    assert changes["classes.0.when.some.ge -> gt"]["classes"][0]["when"] == {"some": {"gt": 30}}
