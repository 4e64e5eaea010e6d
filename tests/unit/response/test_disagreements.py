"""What a worked case expects beside what a definition gives."""

from types import SimpleNamespace

import pytest

from caseseries.model.worked_case import Expected
from caseseries.response.cases import disagreements

DEFINITION = SimpleNamespace(id="some_rule")
GOT = {"class": "R", "ttr": 7.0, "cause": None}


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("R", []),
        ("NR", ["some_rule gives class R, the case expects NR"]),
        (Expected(**{"class": None, "ttr": 7}), []),
        (Expected(ttr=None), ["some_rule gives ttr 7, the case expects nothing"]),
        (
            Expected(ttr=8, cause="response"),
            ["some_rule gives ttr 7, the case expects 8", "some_rule gives cause nothing, the case expects response"],
        ),
    ],
)
def test_each_field_that_is_named_is_compared(expected, told):
    assert disagreements(DEFINITION, expected, GOT) == told
