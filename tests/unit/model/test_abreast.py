"""Blocks that threads work on come in their order, few at once, and what fails is told."""

import threading
import time

import pytest

from caseseries.model.abreast import GIVEN, abreast, processors

THREADS = [1, 2, 5]


@pytest.mark.parametrize("threads", THREADS)
def test_results_come_in_the_order_of_the_items(threads):
    def slow_at_first(item: int) -> int:
        time.sleep(0.002 * (9 - item))
        return item * item

    assert list(abreast(slow_at_first, range(10), threads)) == [item * item for item in range(10)]
    assert not list(abreast(slow_at_first, [], threads))


def test_work_runs_beside_other_work():
    both = threading.Barrier(2, timeout=10)
    assert sorted(abreast(lambda item: both.wait(), range(4), 2)) == [0, 0, 1, 1]


@pytest.mark.parametrize("threads", THREADS)
def test_few_items_are_taken_before_they_are_asked_for(threads):
    taken = []
    results = abreast(lambda item: item, (taken.append(item) or item for item in range(100)), threads)
    for wanted in range(50):
        assert next(results) == wanted
        assert len(taken) <= wanted + 1 + threads
    results.close()
    assert len(taken) <= 50 + threads


@pytest.mark.parametrize("threads", THREADS)
def test_what_fails_is_raised_where_its_result_is_asked_for(threads):
    def fail_at_two(item: int) -> int:
        if item == 2:
            raise ValueError("a block that cannot be read")
        return item

    results = abreast(fail_at_two, range(5), threads)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ValueError, match="cannot be read"):
        next(results)


@pytest.mark.parametrize(("given", "number"), [("1", 1), ("3", 3), ("", None), ("0", None), ("many", None)])
def test_a_job_uses_what_it_was_given(given, number, monkeypatch):
    monkeypatch.setenv(GIVEN, given)
    own = processors()
    monkeypatch.delenv(GIVEN)
    assert own == (number or processors())
    assert processors() >= 1
