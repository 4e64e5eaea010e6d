"""One block after another, with several threads at work, handed over in the order of the blocks."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")

GIVEN = "OMP_NUM_THREADS"
"""Environment variable by which Snakemake, and cluster systems, tell a job how many processors are its own."""


def processors() -> int:
    """How many processors this process may use: as many as it was given, else all that the operating system lets it."""
    given = os.environ.get(GIVEN, "")
    if given.isdecimal() and int(given):
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def abreast(work: Callable[[Item], Found], items: Iterable[Item], threads: int) -> Iterator[Found]:
    """What `work` makes of each item, in the order of the items.

    Items are taken in the thread of the caller, and never more than `threads` and one are in work or wait to be handed
    over: memory is that of so many. Threads help where the work is NumPy's or Arrow's, which run beside each other.
    What fails is raised where its result is asked for.
    """
    if threads == 1:
        yield from map(work, items)
        return
    begun: deque[Future[Found]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for item in items:
            begun.append(pool.submit(work, item))
            if len(begun) > threads:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
