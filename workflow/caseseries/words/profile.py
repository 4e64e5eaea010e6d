"""A drug profile as a reader sees it: every clause of its texts with what is done with it, rules, eligibility, harm.

`python -m caseseries.words.profile` writes docs/drugs/ again; a test holds it in step. The report shows the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from caseseries.model.drug import Drug, ListedEvent, Statement, load_drugs
from caseseries.words.audit import CHOICES, RULES, say_rule, say_sources
from caseseries.words.lists import listing
from caseseries.words.numbers import NOTHING, plain
from caseseries.words.spelling import capital, sentence, small, words

BASIS = (
    "Basis: P the text itself was read; S a copy or a text that tells of it; M recalled, not confirmed; C our choice "
    "where the texts are silent."
)
DONE = {
    "adverse_event_rate": "rate of adverse events",
    "rebound_rate": "rate of rebound after stopping",
    "overshoot_rate": "rate of counts too high",
    "response_rate": "response rate",
    "loss_of_response": "loss of response",
}
"""Statistics that carry out a clause."""


CLASSES = {"tpo_receptor_agonist": "TPO receptor agonist"}
"""Classes of drugs whose words have capitals."""


@dataclass(frozen=True)
class Part:
    """A part of a profile: a table of words."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def profile_parts(drug: Drug) -> list[Part]:
    """The parts of a profile that have a row: clauses, rules, our choices, eligibility, adverse events, sources."""
    found = [
        Part(
            "What the texts say, and what is done with it",
            ("Part", "The text says", "What is done with it", "Source"),
            tuple((one.part, capital(one.says), done(one, drug), say_sources(one)) for one in drug.statements),
        ),
        Part("Dosing rules", ("Text", "Rule", "It asks", "Source"), tuple(rule_rows(drug))),
        Part("Our choices in judging a dose", ("Choice", "Value", "Also tried", "Why"), tuple(choice_rows(drug))),
        Part(
            "Whom the drug is for",
            ("Kind", "Clause", "Source"),
            tuple((capital(one.kind), capital(one.says), say_sources(one)) for one in drug.eligibility),
        ),
        Part(
            "Adverse events that the texts list",
            ("Event", "How often", "Serious by its name", "Source"),
            tuple(event_row(one) for one in sorted(drug.adverse_events, key=lambda one: not one.serious)),
        ),
        Part(
            "Sources",
            ("Name", "Text", "Where"),
            tuple((words(name), one.text, one.where or NOTHING) for name, one in drug.sources.items()),
        ),
    ]
    return [part for part in found if part.rows]


def done(statement: Statement, drug: Drug) -> str:
    """Where a clause is executed, where it is shown, or why it can be neither."""
    if not statement.executed:
        return f"Shown: {statement.shown}" if statement.shown else f"Not used: {statement.not_used}"
    kinds: dict[str, list[str]] = {}
    for name in statement.executed:
        kind, text = executed_words(name, drug)
        kinds.setdefault(kind, []).append(text)
    return f"Executed: {'; '.join(f'{kind}: {listing(names)}' for kind, names in kinds.items())}"


def executed_words(name: str, drug: Drug) -> tuple[str, str]:
    """What carries out a clause: its kind, and a dosing rule, a clause of eligibility or a statistic."""
    if name in RULES:
        return "dosing", small(RULES[name])
    if any(clause.clause == name for clause in drug.eligibility):
        return "eligibility", words(name)
    return "results", DONE[name]


def rule_rows(drug: Drug) -> Iterator[tuple[str, ...]]:
    """Rules of each text."""
    dosing = drug.dosing
    for text in dosing.labels.values() if dosing else ():
        for name, rule in text.rules.given.items():
            yield text.name, RULES[name], (say_rule(name, rule, dosing) if dosing else "") or NOTHING, say_sources(rule)


def choice_rows(drug: Drug) -> Iterator[tuple[str, ...]]:
    """Our choices where the texts are silent."""
    if drug.dosing is None:
        return
    for name in type(drug.dosing.choices).model_fields:
        choice = getattr(drug.dosing.choices, name)
        if choice is not None:
            also = listing([words(plain(one)) for one in choice.also]) or NOTHING
            yield capital(CHOICES[name]), words(plain(choice.value)), also, sentence(choice.why)


def event_row(event: ListedEvent) -> tuple[str, ...]:
    """One listed adverse event."""
    often = [event.often or "", f"in children {event.in_children}" if event.in_children else "", event.remark]
    said = "; ".join(text for text in often if text)
    return capital(event.event), said, "yes" if event.serious else NOTHING, say_sources(event)


def write_page(drug: Drug) -> str:
    """The profile as a Markdown page."""
    lines = [f"# {capital(drug.name)}", "", f"Made from `config/drugs/{drug.id}.yaml`; change that, not the page."]
    about = f"{CLASSES.get(drug.drug_class, capital(words(drug.drug_class)))}, {drug.route}. {BASIS}"
    lines += ["", about]
    for part in profile_parts(drug):
        lines += ["", f"## {part.title}", "", f"| {' | '.join(part.columns)} |", f"|{' --- |' * len(part.columns)}"]
        lines += [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in part.rows]
    return "\n".join(lines) + "\n"


def write_pages(config: Path, folder: Path) -> None:
    """Write the page of each shipped profile, and README.md with the list."""
    folder.mkdir(parents=True, exist_ok=True)
    drugs = load_drugs(config / "drugs")
    index = ["# Drug profiles", "", "Made from `config/drugs/` by `python -m caseseries.words.profile`.", ""]
    for drug in drugs.values():
        (folder / f"{drug.id}.md").write_text(write_page(drug), encoding="utf-8")
        index.append(f"- [{capital(drug.name)}]({drug.id}.md)")
    (folder / "README.md").write_text("\n".join(index) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path("config"), Path("docs/drugs"))
