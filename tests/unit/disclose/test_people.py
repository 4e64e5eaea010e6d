"""The people of a rate, part by part and as its numbers sum them."""

import numpy as np

from caseseries.disclose.people import _masks
from caseseries.response.roles import Parts


def test_the_parts_are_summed_as_a_rate_and_its_bounds_tell_them():
    """A responds, B does not; of C, D and E nobody knows: C would, D may, E would not."""
    names = np.array(list("ABCDE"))
    parts = Parts(event=names == "A", non_event=names == "B", surely=names == "C", possibly=names == "D")
    assert {name: "".join(names[mask]) for name, mask in _masks(parts).items()} == {
        "event": "A",
        "non_event": "B",
        "not_evaluable": "CDE",
        "surely": "C",
        "possibly": "D",
        "surely not": "E",
        "in n": "AB",
        "in the worst case": "AC",
        "in the best case": "ACD",
    }
