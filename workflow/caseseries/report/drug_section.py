"""The drugs of the cohorts shown: each clause of their texts, where it is carried out or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterable

from caseseries.model.drug import Drug, profile_of
from caseseries.report.page import Block, Folded, Section, paragraphs, word_table
from caseseries.report.study import CohortResults, Study
from caseseries.words.profile import BASIS, profile_parts
from caseseries.words.spelling import capital


def drug_section(shown: Iterable[CohortResults], study: Study) -> Section | None:
    """The profile of each drug of some cohorts, behind a line each; None where no cohort names one."""
    used = {drug.id for drug in drugs_of(list(shown), study)}
    named = [drug for drug in study.drugs.values() if drug.statements and drug.id in used]
    if not named:
        return None
    blocks: list[Block] = [*paragraphs(f"What the texts of each drug say, clause by clause. {BASIS}")]
    for drug in named:
        tables = [
            word_table(f"drug-{drug.id}-{place}", part.title, part.columns, part.rows)
            for place, part in enumerate(profile_parts(drug))
        ]
        blocks.append(Folded(capital(drug.name), tables))
    return Section("drugs", "Drugs", blocks, name="Drugs")


def drugs_of(shown: list[CohortResults], study: Study) -> list[Drug]:
    """Profiles of the drugs that some cohorts name, of the cohort or of a case."""
    written = {found.cohort.drug for found in shown} | {
        name for found in shown for name in found.records["episodes"]["drug"].unique()
    }
    profiles = dict(study.drugs)
    return [drug for name in sorted(written) if (drug := profiles.get(name) or profile_of(name, profiles))]
