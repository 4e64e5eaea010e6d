"""Single cases: their courses, their listing, and why each has its class, where rows of persons may be shown."""

from __future__ import annotations

from caseseries.report.case_files import case_files
from caseseries.report.embed import pictures, shown_tables
from caseseries.report.page import Block, Folded, paragraphs
from caseseries.report.spread_section import changes_blocks
from caseseries.report.study import CohortResults, Study
from caseseries.words.lists import listing
from caseseries.words.nouns import say_rounding

FEW, MANY = 20, 60
"""More cases than the first, and their figures are folded; more than the second, and these are left out on paper."""


def cases(found: CohortResults, study: Study) -> list[Block]:
    """Case listing, individual figures and the explanation of each case, where these may be shown."""
    if study.told and not found.cohort.releasable:
        return paragraphs(withheld_sentence(found))
    number = len(found.records["episodes"])
    if not number:
        return []
    drawn = pictures(found, {"trajectories", "swimmer", "bleeding"})
    shown = drawn[:1] if number <= FEW else []
    blocks: list[Block] = [*shown]
    if len(drawn) > len(shown):
        blocks.append(Folded("The course of every case in a figure", drawn[len(shown) :], screen_only=number > MANY))
    tables = shown_tables(found, {"cases"})
    if tables:
        blocks.append(Folded("Every case in a table", tables, screen_only=number > MANY))
    return [*blocks, *case_files(found, study), *changes_blocks(found)]


def withheld_sentence(found: CohortResults) -> str:
    """That rows stay behind, and what else does."""
    kinds = [str(kind) for kind in found.withheld["kind"]]
    threshold = found.cohort.disclosure.threshold
    rest = f" Left out, so that no number below {threshold} people can be told: {listing(kinds)}." if kinds else ""
    basis = found.cohort.disclosure.basis
    return " ".join([f"Rows of people stay with the owner of the data. {basis}{rest}", *say_rounding(found.cohort)])
