"""The section of one cohort: who, response, how fast, cases, safety, claims, data quality."""

from __future__ import annotations

import pandas as pd

from caseseries.model.groups import ALL
from caseseries.reconcile.reconcile import COUNTS_IN_PRINT
from caseseries.report.case_section import cases
from caseseries.report.dosing_section import dosing
from caseseries.report.embed import shown_tables
from caseseries.report.evidence import CohortEvidence, Evidence, chosen
from caseseries.report.page import Block, Facts, Files, Folded, Section, paragraphs, word_table
from caseseries.report.response_section import response
from caseseries.report.safety_section import safety
from caseseries.report.speed_section import speed
from caseseries.show.save import marked
from caseseries.show.table import TableColumn
from caseseries.words import format as fmt
from caseseries.words import sentences as say
from caseseries.words.labels import cohort_label, ordered_groups
from caseseries.words.nouns import people_of

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
    "cases": "Cases",
    "safety": "Safety and other outcomes",
    "claims": "Published numbers",
    "quality": "Data quality",
}
"""Parts of a cohort's section in their order: key in the address, heading."""


def cohort_section(found: CohortEvidence, evidence: Evidence) -> Section:
    """Everything about one cohort."""
    cohort = found.cohort
    blocks = {
        "who": who(found),
        "response": response(found, evidence),
        "speed": speed(found, evidence),
        "dosing": dosing(found, evidence),
        "cases": cases(found, evidence),
        "safety": safety(found),
        "claims": claims(found),
        "quality": quality(found),
    }
    children = [Section(f"{cohort.id}-{key}", title, blocks[key]) for key, title in PARTS.items()]
    return Section(cohort.id, cohort.title, facts(found), children, cohort_label(cohort.id), cohort.synthetic)


def facts(found: CohortEvidence) -> list[Block]:
    """Where the cohort comes from."""
    cohort = found.cohort
    rows = [
        ("Source", f"{cohort.citation.rstrip('.')}." + (f" doi:{cohort.doi}" if cohort.doi else "")),
        ("Design", ", ".join(part for part in (cohort.design, cohort.setting, cohort.period) if part)),
        ("Population", cohort.population.replace("x 10^9/L", "× 10⁹/L")),
        ("Licence", cohort.licence),
    ]
    return [Facts([row for row in rows if row[1]]), Files([(what, f"{cohort.id}/{file}") for what, file in FILES])]


def who(found: CohortEvidence) -> list[Block]:
    """Who is in the cohort, in words and as Table 1."""
    description, noun = found.description, people_of([found.cohort])
    everyone = chosen(description, group=ALL, statistic="count")
    episodes = chosen(everyone, variable="episodes")["value"]
    blocks: list[Block] = []
    if len(episodes):
        persons = chosen(everyone, variable="patients")["value"]
        total = episodes.iloc[0]
        counted = say.people(total, persons.iloc[0] if len(persons) else total, noun)
        spans = [text for text in map(lambda name: middle_of(description, name), ("age_years", "baseline")) if text]
        blocks += paragraphs(say.sentence("; ".join([counted, *spans])))
    elif len(description):
        sizes = chosen(description, variable="episodes", statistic="count")
        known = dict(zip(sizes["group"], sizes["value"], strict=True))
        groups = [f"{group} {fmt.number(known[group])}" for group in ordered_groups(known)]
        blocks += paragraphs(f"The source prints totals and gives no rows of cases: {fmt.listing(groups)}.")
    return [*blocks, *shown_tables(found, {"description"})]


def middle_of(description: pd.DataFrame, variable: str) -> str:
    """Median and range of a variable over all cases, "" where nobody has a value."""
    rows = chosen(description, group=ALL, variable=variable)
    rows = rows[rows["n"] > 0]
    if not len(rows):
        return ""
    first = rows.iloc[0]
    values = {row.statistic: row.value for row in rows.itertuples()}
    label = first["label"].removesuffix(" years").lower()
    return say.middle(label, unit_words(first["unit"]), values, first["n"], first["missing"])


def unit_words(unit: str) -> str:
    """A unit with its signs: `10^9/L` -> "× 10⁹/L"."""
    return "× 10⁹/L" if unit == "10^9/L" else unit


PRINTED_COUNTS = (
    "“From the counts in print”: the source gives no cases for this number, so that only its arithmetic can be checked."
)
VERDICT_WORDS = {
    "reproduced": "✓ the same",
    "differs": "≠ differs",
    "inconsistent": "! contradicts itself in print",
    "not_derivable": "– not derivable",
}


def verdict_counts(found: CohortEvidence) -> dict[str, int]:
    """Number of claims with each verdict."""
    return found.claims["verdict"].value_counts().to_dict()


def claims(found: CohortEvidence) -> list[Block]:
    """Published numbers beside ours."""
    blocks: list[Block] = [*paragraphs(say.reproduction(verdict_counts(found)))]
    if len(found.claims):
        rows = [
            [
                claim_words(row.claim),
                number_words(row.published),
                number_words(row.ours or fmt.NOTHING),
                VERDICT_WORDS.get(row.verdict, row.verdict),
                row.reason,
            ]
            for row in found.claims.itertuples()
        ]
        header = ["Claim", "Published", "Ours", "Verdict", "Basis"]
        printed = PRINTED_COUNTS if (found.claims["reason"].str.endswith(COUNTS_IN_PRINT)).any() else ""
        caption = marked(printed, found.cohort.synthetic).strip()
        blocks.append(word_table(f"{found.cohort.id}-claims", "Published numbers beside ours", header, rows, caption))
    return blocks


def claim_words(claim: str) -> str:
    """A claim's id in words: `bleeding-rhtpo` -> "Bleeding rhTPO"."""
    words = claim.replace("-", " ").replace("rhtpo", "rhTPO")
    return words[0].upper() + words[1:]


def number_words(text: str) -> str:
    """Numbers of a claim as they are read: "42 10^9/L" -> "42 × 10⁹/L"."""
    return text.replace(" 10^9/L", " × 10⁹/L")


def quality(found: CohortEvidence) -> list[Block]:
    """Questions that the checks raised."""
    queries = found.queries
    errors = int((queries["severity"] == "error").sum())
    blocks: list[Block] = [*paragraphs(say.quality(errors, len(queries) - errors))]
    if len(queries):
        counted = queries.groupby(["file", "column", "rule"], sort=True).size()
        rows = [
            [file, column or fmt.NOTHING, rule, fmt.number(number)] for (file, column, rule), number in counted.items()
        ]
        columns = ["File", "TableColumn", "Rule", TableColumn("Cases", "count")]
        caption = marked("", found.cohort.synthetic).strip()
        grid = word_table(f"{found.cohort.id}-questions", "Questions about the data", columns, rows, caption)
        blocks.append(Folded("The questions", [grid]))
    return blocks
