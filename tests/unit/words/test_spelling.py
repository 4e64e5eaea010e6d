"""Letters at the beginning of a phrase."""

import pytest

from caseseries.words.spelling import capital, sentence


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("age", "Age"),
        ("rhTPO, by the trial", "rhTPO, by the trial"),
        ("anti-D immunoglobulin", "Anti-D immunoglobulin"),
        ("IWG 2009", "IWG 2009"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_own_capitals(text, begun):
    assert capital(text) == begun
    assert sentence(text) == (f"{begun}." if begun else "")
