"""The section of one cohort: who, response, how fast, dosing, safety, cases, published numbers, data quality."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.model.results import case_key, number_key, row_key
from caseseries.reconcile.grounds import chosen as rows_behind
from caseseries.report.case_files import case_anchors
from caseseries.report.case_section import cases
from caseseries.report.dosing_section import dosing
from caseseries.report.embed import shown_tables
from caseseries.report.page import Block, Files, Folded, Section, Tabular, in_reach, paragraphs, word_table
from caseseries.report.response_section import response
from caseseries.report.row_origins import row_origins, row_places
from caseseries.report.safety_section import safety
from caseseries.report.sources import keys_in, origins, ways_of, with_ways
from caseseries.report.speed_section import speed
from caseseries.report.study import CohortResults, Study, chosen
from caseseries.show.table import Cell, Table, TableColumn, line
from caseseries.words import numbers
from caseseries.words.checks import QUESTIONS
from caseseries.words.claims import ONLY_FITS, VERDICT_WORDS, claim_words, say_reproduction, say_told
from caseseries.words.labels import cohort_label, marked
from caseseries.words.lists import listing
from caseseries.words.nouns import people_of
from caseseries.words.numbers import NOTHING
from caseseries.words.people import say_absent, say_middle, say_people
from caseseries.words.spelling import sentence, small
from caseseries.words.units import behind, with_signs

FILES = (
    ("tables and figures in Word", "tables.docx"),
    ("tables in Excel", "tables.xlsx"),
    ("methods and results in Word", "methods.docx"),
)
"""What the export stage makes of a cohort."""

PARTS = {
    "who": "Who",
    "response": "Response",
    "speed": "How fast",
    "dosing": "Dosing",
    "safety": "Safety and other outcomes",
    "cases": "Cases",
    "claims": "Published numbers",
    "quality": "Data quality",
}
"""Parts of a cohort's section in their order: key in the address, heading."""

ABSENT = {
    "speed": ("times", "curves"),
    "dosing": ("doses", "audit"),
    "safety": ("adverse events and other outcomes", "safety"),
}
"""What a cohort has nothing of where a part is empty, unless that kind was withheld; an empty part has no heading."""


def cohort_section(found: CohortResults, study: Study) -> Section:
    """Everything about one cohort."""
    cohort = found.cohort
    blocks = {
        "who": who(found),
        "response": response(found, study),
        "speed": speed(found, study),
        "dosing": dosing(found, study),
        "safety": safety(found),
        "cases": cases(found, study),
        "claims": claims(found),
        "quality": quality(found),
    }
    keys = keys_in(block for part in blocks.values() for block in part)
    told = [*origins(found, study), *row_origins(found, study, keys)]
    blocks["quality"] += [Folded("Row and method behind each number", told, screen_only=True)] if told else []
    cases_at = {case_key(episode): anchor for episode, anchor in case_anchors(found).items()}
    ways = ways_of(found) | row_places(found, keys) | cases_at
    held = set(found.withheld["kind"])
    absent = [thing for key, (thing, kind) in ABSENT.items() if not blocks[key] and not {kind, "cohort"} & held]
    blocks["who"] += paragraphs(say_absent(absent, published=found.published))
    children = [
        Section(f"{cohort.id}-{key}", title, with_ways(blocks[key], ways))
        for key, title in PARTS.items()
        if blocks[key]
    ]
    return Section(cohort.id, cohort.title, facts(found), children, cohort_label(cohort.id), cohort.synthetic)


def facts(found: CohortResults) -> list[Block]:
    """Where the cohort comes from."""
    cohort = found.cohort
    source = sentence(cohort.citation) + (f" doi:{cohort.doi}" if cohort.doi else "")
    design = ", ".join(part for part in (cohort.design, cohort.setting, cohort.period) if part)
    about = ": ".join(part for part in (design, with_signs(cohort.population)) if part)
    files = Files([(what, f"{cohort.id}/{file}") for what, file in FILES])
    return [*paragraphs(source, sentence(about), tone="note"), files]


def who(found: CohortResults) -> list[Block]:
    """Who is in the cohort, in words and as Table 1."""
    description, noun = found.description, people_of([found.cohort])
    everyone = chosen(description, group=ALL, statistic="count")
    episodes = chosen(everyone, variable="episodes")["value"]
    blocks: list[Block] = []
    if len(episodes):
        persons = chosen(everyone, variable="patients")["value"]
        total = episodes.iloc[0]
        counted = say_people(total, persons.iloc[0] if len(persons) else total, noun)
        spans = [text for text in map(lambda name: middle_of(description, name), ("age_years", "baseline")) if text]
        blocks += paragraphs(sentence("; ".join([counted, *spans])))
    elif len(description):
        sizes = chosen(description, variable="episodes", statistic="count")
        known = dict(zip(sizes["group"], sizes["value"], strict=True))
        groups = [f"{group} {numbers.number(known[group])}" for group in known]
        blocks += paragraphs(f"The source prints totals and gives no rows of cases: {listing(groups)}.")
    return [*blocks, *in_reach(shown_tables(found, {"description"}))]


def middle_of(description: pd.DataFrame, variable: str) -> str:
    """Median and range of a variable over all cases, "" where nobody has a value."""
    rows = chosen(description, group=ALL, variable=variable)
    rows = rows[rows["n"] > 0]
    if not len(rows):
        return ""
    first = rows.iloc[0]
    values = {row.statistic: row.value for row in rows.itertuples()}
    return say_middle(small(first["label"]), behind(first["unit"]), values, first["n"], first["missing"])


def verdict_counts(found: CohortResults) -> dict[str, int]:
    """Number of claims of the publication itself with each verdict."""
    return _counts_of(found, "publication")


def _counts_of(found: CohortResults, source: str) -> dict[str, int]:
    rows = chosen(found.claim_counts, source=source)
    return dict(zip(rows["verdict"], rows["claims"].astype(int), strict=True))


def told_elsewhere(found: CohortResults) -> pd.Series:
    """Mask of the claims that a review or a news report makes."""
    return found.claims["claim"].isin(list(found.told_by))


def claims(found: CohortResults) -> list[Block]:
    """Published numbers beside ours; nothing where none is listed."""
    blocks: list[Block] = []
    if len(found.claims):
        elsewhere = found.claims[told_elsewhere(found)]
        tellers = dict.fromkeys(found.told_by[claim] for claim in elsewhere["claim"])
        blocks += paragraphs(say_reproduction(verdict_counts(found)), say_told(_counts_of(found, "others"), tellers))
        rows = [
            line(
                claim_words(row.claim) + (f" ({found.told_by[row.claim]})" if row.claim in found.told_by else ""),
                with_signs(row.published),
                Cell(with_signs(row.ours or NOTHING), key=our_row(row.claim, found) if row.ours else ""),
                VERDICT_WORDS.get(row.verdict, row.verdict),
                row.reason,
            )
            for row in found.claims.itertuples()
        ]
        columns = tuple(map(TableColumn, ("Claim", "Published", "Ours", "Verdict", "Basis")))
        fits = ONLY_FITS if (found.claims["verdict"] == "consistent").any() else ""
        caption = marked(fits, found.cohort.synthetic).strip()
        title = "Published numbers beside ours"
        table = Table(f"{found.cohort.id}-claims", "page", title, caption, columns, tuple(rows), order=0)
        blocks += in_reach([Tabular(table, f"table-{table.id}", "claims.csv")])
    return blocks


def our_row(claim: str, found: CohortResults) -> str:
    """The key of the number that stands beside a claim, "" where it is none that tables show."""
    stated = found.stated.get(claim)
    if stated is None:
        return ""
    if stated.statistic == "n_episodes":
        return row_key("description", {"group": stated.group, "variable": "episodes"})
    if stated.statistic == "median_value" and (found.description["variable"] == stated.cause).any():
        return row_key("description", {"group": stated.group, "variable": stated.cause})
    rows = rows_behind(stated, found.estimates, stated.statistic, stated.definition)
    return number_key(rows.iloc[0].to_dict()) if len(rows) else ""


def quality(found: CohortResults) -> list[Block]:
    """Questions that the checks raised; nothing where they raised none."""
    blocks: list[Block] = []
    if len(found.query_counts):
        blocks += paragraphs(QUESTIONS)
        rows = [
            [row.file, row.column or NOTHING, row.rule, numbers.number(row.cases)]
            for row in found.query_counts.itertuples()
        ]
        columns: list[str | TableColumn] = ["File", "Column", "Rule", TableColumn("Cases", "count")]
        caption = marked("", found.cohort.synthetic).strip()
        grid = word_table(f"{found.cohort.id}-questions", "Questions about the data", columns, rows, caption)
        blocks.append(Folded("The questions", [grid]))
    return blocks
