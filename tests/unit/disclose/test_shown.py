"""Which groups of people may be counted beside each other: no number from 1 to k - 1 is told, or follows."""

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from caseseries.disclose.shown import Shown


def mask(people, *members):
    found = np.zeros(people, dtype=bool)
    found[list(members)] = True
    return found


@pytest.mark.parametrize(
    ("told", "new", "admitted"),
    [
        ([], [range(9)], False),  # nine people
        ([], [range(10)], True),
        ([], [range(31)], False),  # the rest are nine
        ([], [range(30)], True),
        ([range(20)], [range(15)], False),  # five of the twenty are left
        ([range(20)], [range(10)], True),
        ([range(20)], [range(5, 25)], True),  # five on either side, but nobody can tell how many
        ([range(20)], [range(20, 35)], False),  # five belong to neither
        ([range(20)], [range(20, 30)], True),
        ([range(20)], [range(20)], True),  # told before
        ([], [range(15), range(15, 25)], True),
        ([], [range(15), range(12)], False),
    ],
)
def test_what_may_be_told_beside_what(told, new, admitted):
    shown = Shown(40, 10)
    assert shown.tell(mask(40, *members) for members in told)
    assert shown.tell(mask(40, *members) for members in new) is admitted


def test_what_was_refused_is_not_taken_for_told():
    shown = Shown(40, 10)
    assert not shown.tell([mask(40, *range(20)), mask(40, *range(15))])
    assert shown.tell([mask(40, *range(15))])


@pytest.mark.parametrize("seed", range(25))
def test_no_small_number_follows_from_all_sums_that_are_told(seed):
    """Solved for: the smallest and largest number of each refused group, and of each part of two told ones.

    The outsider also knows which two told groups have nobody in common, and which holds which.
    """
    rng = np.random.default_rng(seed)
    people, threshold = 40, 8
    shown, refused = Shown(people, threshold), []
    for _ in range(6):
        group = rng.random(people) < rng.uniform(0.1, 0.9)
        other = shown.groups[rng.integers(len(shown.groups))]
        if rng.random() < 0.4:  # nested in, or apart from, one that was told
            group = group & (other if rng.random() < 0.5 else ~other)
        elif rng.random() < 0.5:  # the same but for a few
            group = other & (rng.permutation(people) >= rng.integers(1, threshold))
        if not shown.tell([group]):
            refused.append(group)
    told = list(shown.groups)
    for group in refused:  # its relation to each told one is known, but not its number
        wanted = len(told)
        low, high = bounds([*told, group], wanted, lambda atom, place=wanted: atom[place])
        assert not (low == high and 0 < low < threshold)
    for (i, j), (a, b) in itertools.product(pairs(len(told)), itertools.product((0, 1), repeat=2)):
        low, high = bounds(told, len(told), lambda atom, i=i, j=j, a=a, b=b: atom[i] == a and atom[j] == b)
        assert not (low == high and 0 < low < threshold)


def bounds(groups, told, inside):
    """Smallest and largest number of the people `inside`, of all that the numbers of the first `told` groups allow."""
    atoms = [atom for atom in itertools.product((0, 1), repeat=len(groups)) if atom[0]]
    possible = [atom for atom in atoms if not any(known_empty(atom, i, j, groups) for i, j in pairs(len(groups)))]
    sums = [[atom[place] for atom in possible] for place in range(told)]
    sizes = [int(group.sum()) for group in groups[:told]]
    ends = []
    for sign in (1, -1):
        found = linprog([sign * bool(inside(atom)) for atom in possible], A_eq=sums, b_eq=sizes)
        assert found.success
        ends.append(round(sign * found.fun, 6))
    return ends


def pairs(number):
    return itertools.combinations(range(number), 2)


def known_empty(atom, i, j, groups):
    cell = (groups[i] == bool(atom[i])) & (groups[j] == bool(atom[j]))
    return not cell.any()
