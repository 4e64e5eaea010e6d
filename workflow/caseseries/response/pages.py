"""Documentation pages of the response definitions, made from their files: rules, basis of each clause, worked cases."""

from __future__ import annotations

from pathlib import Path

from caseseries.model.definition import BASIS_WORDS, Basis, Definition, Source
from caseseries.model.thresholds import thresholds
from caseseries.model.worked_case import Case, DefinitionFile, Expected
from caseseries.response.courses import HEIGHT, WIDTH, course_id, draw_courses
from caseseries.response.definition_files import load_file
from caseseries.words.definitions import say_clock, say_condition, say_loss, say_measure, say_point, say_step
from caseseries.words.events import event_name, phrases
from caseseries.words.lists import listing
from caseseries.words.numbers import plain
from caseseries.words.spelling import sentence, words

PICTURES = "courses"
"""Folder beside the pages with the pictures of their worked cases."""

FIELD_WORDS = {
    "class_": "",
    "provisional": "remains possible",
    "value": "value",
    "ttr": "response from day",
    "ttr_confirm": "confirmed on day",
    "ttr_cr": "complete response from day",
    "loss_cr": "complete response lost on day",
    "loss_r": "response lost on day",
    "time": "time",
    "cause": "cause",
    "left": "after day",
    "right": "by day",
}

NOTHING_WORDS = {
    "class_": "any class",
    "provisional": "no class remains possible",
    "value": "no value",
    "ttr": "no day of response",
    "ttr_confirm": "no day of confirmation",
    "ttr_cr": "no complete response",
    "loss_cr": "complete response not lost",
    "loss_r": "response not lost",
    "time": "no time",
    "cause": "no cause",
    "left": "no day before",
    "right": "no day by which",
}
"""What is said where the value of a field is expected to be empty."""


def write_pages(definitions: Path, folder: Path) -> None:
    """Write a Markdown page and the pictures of its cases for each definition file, and README.md with the list."""
    (folder / PICTURES).mkdir(parents=True, exist_ok=True)
    index = [
        "# Response definitions",
        "",
        "Made from `config/definitions/` by `caseseries definitions pages docs/definitions`; a test keeps them in",
        "step. `caseseries definitions show ID` prints one in the terminal.",
        "",
        "| definition | what | source |",
        "|---|---|---|",
    ]
    for path in sorted(definitions.glob("*.yaml")):
        file = load_file(path)
        (folder / f"{path.stem}.md").write_text(page(file, f"{PICTURES}/{path.stem}.svg"), encoding="utf-8")
        drawn = draw_courses(file.cases, thresholds(file.definitions))
        (folder / PICTURES / f"{path.stem}.svg").write_text(drawn, encoding="utf-8")
        for definition in file.definitions:
            link = f"[{definition.id}]({path.stem}.md)"
            index.append(f"| {link} | {definition.label} | {definition.cited.citation} |")
    (folder / "README.md").write_text("\n".join(index) + "\n", encoding="utf-8")


def page(file: DefinitionFile, pictures: str) -> str:
    """The page of one source document; `pictures` is the file with the courses of its cases."""
    lines = [f"# {file.source.citation}", "", say_source(file.source), ""]
    for definition in file.definitions:
        lines += [f"## {definition.label} (`{definition.id}`)", "", *rules(definition), ""]
    lines += [
        "## Worked cases",
        "",
        "All are synthetic; they run whenever the file is read. Day 0 is the first dose. In the pictures a hollow mark",
        "is a limit, or at day 0 the baseline; dashed lines are the thresholds.",
        "",
    ]
    for case in file.cases:
        lines += [f"### {case.id}: {case.title}", "", *case_block(case, pictures), ""]
    return "\n".join(lines).rstrip() + "\n"


def case_block(case: Case, pictures: str) -> list[str]:
    """A worked case: its course as a picture and a table, what else is known of it, and what must come out."""
    picture = f'<img src="{pictures}#{course_id(case)}" width="{WIDTH}" height="{HEIGHT}" alt="Course of {case.id}">'
    lines = [picture, "", *count_table(case), "", say_case(case), "", "| definition | must give |", "|---|---|"]
    return lines + [f"| `{name}` | {say_expected(expected)} |" for name, expected in case.expect.items()]


def count_table(case: Case) -> list[str]:
    """Days over counts, the baseline first."""
    columns = [("baseline", "not recorded" if case.baseline is None else plain(case.baseline))]
    for day, value, *word in case.count_rows:
        columns.append(("undated" if day is None else str(day), " ".join([plain(value), *filter(None, word)])))
    if case.weekly is not None:
        columns += [(str(day), "missed" if value is None else plain(value)) for day, value in case.weekly.dated()]
    heads, values = zip(*columns, strict=True)
    return [row(["day", *heads]), row(["---", *["--:"] * len(heads)]), row(["count", *values])]


def row(cells: list[str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(cell.replace("_", "\\_") for cell in cells) + " |"


def show(definition: Definition) -> str:
    """One definition for the terminal."""
    head = [f"{definition.id}: {definition.label}", say_source(definition.cited), ""]
    return "\n".join(head + rules(definition))


def say_source(source: Source) -> str:
    """Where a definition is taken from."""
    doi = f"doi:{source.doi}" + (" (unconfirmed)" if source.doi_basis == "M" else "") if source.doi else ""
    return sentence("; ".join(part for part in (source.citation, doi, source.registry, source.locator) if part))


def rules(definition: Definition) -> list[str]:
    """Every clause of a definition as a list, with what it rests on."""
    unit = definition.unit
    lines = [definition.about, ""] if definition.about else []
    made_for = f"Made for: {words(definition.condition or 'any condition')}, {definition.population}."
    lines.append(f"{made_for} Analyte: {definition.analyte}, {unit}.")
    lines.append("")
    if definition.entry:
        baseline = say_point(definition.entry.baseline, unit)
        said = f"Judged are those with a baseline {baseline}, or with one that is not known."
        lines += item(said, definition.entry.basis)
    for step in definition.admit:
        lines += item(sentence(say_step(step)), step.basis)
    if definition.cut_at:
        kinds = phrases(definition.cut_at)
        resolved = "; what it leaves open is not met" if definition.cut_resolves_unknown else ""
        lines += item(sentence(f"follow-up ends at {kinds}{resolved}"), definition.basis)
    elif definition.basis:
        lines += item("The rest:", definition.basis)
    for rule in definition.classes:
        lines += item(f"**{rule.label}**: {sentence(say_condition(rule.when, definition))}", rule.basis)
    if definition.else_:
        lines.append(f"- **{definition.else_}**: {otherwise(definition)}")
    if definition.reported:
        lines.append("- The class and the time to response that the source gives are passed through.")
    if definition.measure:
        lines += item(sentence(f"value: {say_measure(definition.measure, definition)}"), definition.measure.basis)
    if definition.ttr:
        lines += item(sentence(f"time to response: {say_clock(definition.ttr, unit)}"), definition.ttr.basis)
    for name, loss in (("complete response", definition.loss_cr), ("response", definition.loss_r)):
        if loss:
            lines += item(sentence(f"loss of {name}: {say_loss(loss, unit)}"), loss.basis)
    if definition.responses:
        lines.append(f"- Counted as a response: {listing(definition.responses)}.")
    return lines


def otherwise(definition: Definition) -> str:
    """Who has the last class."""
    if any(rule.label == definition.else_ for rule in definition.classes):
        return "also where no other condition is met."
    return "where no condition is met."


def item(text: str, basis: Basis | None) -> list[str]:
    """A list item with the basis of its clause below."""
    return [f"- {text}", *(f"  - {BASIS_WORDS[code]}: {said}" for code, said in (basis or {}).items())]


def say_case(case: Case) -> str:
    """What is known of a worked case beside its counts, as a sentence."""
    said = ["bleeding not recorded" if case.bleeding is None else "" if case.bleeding else "no bleeding"]
    said += [f"bleeding of grade {grade} on days {first} to {last}" for first, last, grade in case.bleeding or ()]
    said += [f"{event_name(event.kind).phrase} on day {event.day}" for event in case.events]
    said += [f"{exposure.class_} on days {exposure.start} to {exposure.end}" for exposure in case.exposures]
    if case.follow_up_end is not None:
        said.append(f"follow-up to day {case.follow_up_end}")
    if case.reported:
        when = f" on day {case.reported_time}" if case.reported_time is not None else ""
        said.append(f"the source reports {case.reported}{when}")
    if case.depends_on:
        said.append(f"rests on our choice: {case.depends_on}")
    return sentence("; ".join(filter(None, said)))


def say_expected(expected: Expected | str) -> str:
    """What a worked case expects, in words."""
    if isinstance(expected, str):
        return expected
    parts = []
    for field in Expected.model_fields:
        if field in expected.model_fields_set:
            value = getattr(expected, field)
            if value is None:
                parts.append(NOTHING_WORDS[field])
                continue
            shown = plain(value) if isinstance(value, float) else value
            parts.append(f"{FIELD_WORDS[field]} {shown}".strip())
    return ", ".join(parts)
