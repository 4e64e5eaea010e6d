"""Single cases: their courses, their listing, and why each has its class, where rows of persons may be shown."""

from __future__ import annotations

from caseseries.model.definition import Definition
from caseseries.report.embed import pictures, shown_tables
from caseseries.report.evidence import CohortEvidence, Evidence, chosen
from caseseries.report.page import Block, Folded, Listing, Paragraph, paragraphs
from caseseries.report.response_section import evaluable_definitions
from caseseries.report.spread_section import changes_blocks
from caseseries.response.explain import explain
from caseseries.words import sentences as say

MANY = 60
"""More cases than this, and their figures are folded: they are for looking one up."""

FAMILIAR = ("iwg2009_confirmed", "iwg2009_single", "plt50_any")
"""Definitions that every reader knows and that belong to no drug: preferred where several tell equally much."""


def cases(found: CohortEvidence, evidence: Evidence) -> list[Block]:
    """Case listing, individual figures and the explanation of each case, where these may be shown."""
    number = len(found.records["episodes"])
    if not number:
        return paragraphs("The source gives no rows of cases.")
    if not found.cohort.releasable:
        return paragraphs("Rows of persons stay in the restricted folder: " + found.cohort.disclosure.basis)
    blocks: list[Block] = [*pictures(found, {"swimmer", "trajectories"})]
    if number > MANY and blocks:
        said = f"{say.EPISODES.count(number)}, one line each; left out on paper."
        blocks = [*paragraphs(said), Folded("The course of every case in a figure", blocks, screen_only=True)]
    tables = shown_tables(found, {"cases"})
    if tables:
        blocks.append(Folded("Every case in a table", tables, screen_only=number > MANY))
    return [*blocks, *changes_blocks(found), *explanations(found, evidence)]


def explanations(found: CohortEvidence, evidence: Evidence) -> list[Block]:
    """Why each case with counts has its class, under the definition that tells most; none without counts."""
    definition = explained_definition(found, evidence)
    if definition is None:
        return []
    with_counts = set(found.records["counts"]["episode_id"])
    classes = chosen(found.responses, definition=definition.id).set_index("episode_id")["response_class"]
    listed = [
        Folded(
            f"{episode}: {classes.get(episode, 'NE')}",
            [Listing(explain(found.records, episode, definition, found.cohort.visits).rstrip())],
            screen_only=True,
        )
        for episode in found.records["episodes"]["episode_id"]
        if episode in with_counts
    ]
    label = evidence.label(definition.id)
    lead = Paragraph(
        f"Each case under {label}. Under another definition: caseseries explain {found.cohort.id} EPISODE "
        "--definition ID.",
        "note",
    )
    return [Folded(f"Why each case has its class, under {label}", [lead, *listed], screen_only=True)]


def explained_definition(found: CohortEvidence, evidence: Evidence) -> Definition | None:
    """The authors' rule where it is in the catalogue and can be evaluated, else the one that most cases can."""
    able = [name for name in evaluable_definitions(found, evidence) if name in evidence.catalogue]
    if not able or not len(found.records["counts"]):
        return None
    if found.cohort.source_definition in able:
        return evidence.catalogue[found.cohort.source_definition]
    known = found.responses[~found.responses["response_class"].isin(["", "NE"])]["definition"].value_counts()
    return evidence.catalogue[max(able, key=lambda name: (known[name], name in FAMILIAR))]
