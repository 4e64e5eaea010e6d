"""Files that were not made for this project become tables of the contract, as `mapping` in cohort.yaml says."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from caseseries.ingest import redcap
from caseseries.ingest.cells import keeps
from caseseries.ingest.exchange import check_units, settle_codes
from caseseries.ingest.files import read_source
from caseseries.ingest.identify import IDS, check_read_headers, name_classes
from caseseries.ingest.joined import join_episodes
from caseseries.ingest.keys import doubt_alike, refuse_no_cases
from caseseries.ingest.leftover import (
    Choice,
    choose_newest,
    make_labels,
    warn_of_kinds,
    warn_of_leftovers,
    warn_of_records,
    warn_of_sheets,
)
from caseseries.ingest.presets.expand import doubt_preset, expand
from caseseries.ingest.shape import Shaper
from caseseries.ingest.source import SourceTable, join, shown_name
from caseseries.ingest.turned import turn_table
from caseseries.ingest.units import DOSES, accepted, normalise
from caseseries.model.cohort import Cohort
from caseseries.model.columns import TABLES, Column
from caseseries.model.findings import Finding
from caseseries.model.mapping import EVERY_SHEET, ColumnMap, Preset, Source
from caseseries.model.needed import needed


class Reader:
    """Reads the sources of one cohort; findings gather in `findings`, first doses by case while it works."""

    def __init__(self, folder: Path, cohort: Cohort):
        self.folder = folder
        self.cohort = cohort
        self.mapping = needed(cohort.mapping)
        self.findings: list[Finding] = []
        self.unreadable: set[str] = set()
        self.sources = list(self.mapping.sources)

    def read(self) -> dict[str, SourceTable]:
        """Every mapped table; sources of one table are joined in the order of the mapping."""
        for preset in self.mapping.presets:
            self.sources += self._expand(preset)
        sources = [source for source in self.sources if self._check_source(source)]
        self.unreadable |= {source.table for source in self.sources if source not in sources}
        choices = [choice for source in sources if (choice := self._choose(source)) is not None]
        choices = choose_newest(choices)
        self.unreadable |= {source.table for source in sources if not any(one.source is source for one in choices)}
        shaper = Shaper(self.cohort, make_labels(choices))
        for choice in choices:
            if choice.source.first_dose:
                shaper.note_first_doses(choice.source, choice.rows)
        self.findings += refuse_no_cases(choices) + doubt_alike(choices)
        self.findings += warn_of_leftovers(choices, shaper.says_something)
        self.findings += warn_of_kinds(choices) + warn_of_records(choices)
        self.findings += warn_of_sheets(self.folder, self.cohort.id, sources)
        parts: dict[str, list[SourceTable]] = {}
        for choice in choices:
            made = shaper.shape(choice.source, choice.rows)
            if made is None:
                self.unreadable.add(choice.source.table)
            else:
                parts.setdefault(choice.source.table, []).append(made)
        self.findings += [*shaper.findings, *shaper.day_zero.findings]
        joined = {name: join(tables) for name, tables in parts.items() if name not in self.unreadable}
        if "episodes" in joined:
            joined["episodes"] = join_episodes(parts["episodes"])
            joined["episodes"] = shaper.day_zero.number_episodes(joined["episodes"])
        return joined

    def _expand(self, preset: Preset) -> list[Source]:
        """The sources of a preset; none where the file cannot be read as one of its kind."""
        findings = doubt_preset(preset, f"{self.cohort.id}/cohort.yaml")
        path = None if findings else self._find(preset.file)
        sources: list[Source] = []
        if path is not None:
            whole = Source.model_validate({"table": "episodes", "columns": {"episode_id": ""}} | preset.dialect)
            table, findings = read_source(path, whole, f"{self.cohort.id}/{preset.file}")
            if table is not None:
                sources, findings = expand(preset, table)
        self.findings += [finding for finding in findings if finding.severity == "error"]
        return sources

    def _check_source(self, source: Source) -> bool:
        shown = f"{self.cohort.id}/cohort.yaml"
        if source.table not in TABLES:
            close = difflib.get_close_matches(source.table, TABLES, n=1, cutoff=0.5)
            rule = "mapping names a table that the contract does not have"
            self.findings.append(Finding(shown, column="mapping", rule=rule, example=close[0] if close else "counts"))
            return False
        before = len(self.findings)
        known = {column.name: column for column in TABLES[source.table]}
        covariates = {one.name for one in self.cohort.covariates} if source.table == "episodes" else set()
        columns = source.filled
        for target in dict.fromkeys(target for target, _ in columns):
            if target not in known and target not in covariates:
                close = difflib.get_close_matches(target, [*known, *covariates], n=1, cutoff=0.5)
                rule = f"mapping fills a column that {source.table} does not have"
                example = close[0] if close else ""
                self.findings.append(Finding(shown, column=shown_name(target), rule=rule, example=example))
        self._check_dates_and_labels(shown, columns, known)
        if source.of_each:
            self._check_of_each(shown, source, known)
        for target, unit in dict.fromkeys((target, column.unit) for target, column in columns if column.unit):
            self._check_unit(shown, known.get(target), target, unit)
        return len(self.findings) == before

    def _check_dates_and_labels(
        self, shown: str, columns: Sequence[tuple[str, ColumnMap]], known: dict[str, Column]
    ) -> None:
        in_print = self.cohort.disclosure.profile in ("published", "synthetic")
        for target, column in columns:
            if target in IDS and column.values and not in_print:
                rule = "a value map of case labels is a key to persons; make the labels in the source, keep no key here"
                self.findings.append(Finding(shown, column=target, rule=rule))
            if column.flags and "flag" not in known:
                rule = "flags says what a mark behind a count means; this table has no column flag"
                self.findings.append(Finding(shown, column=shown_name(target), rule=rule))
            if column.written and target != "dose":
                rule = "written says how doses are written; it is for the column dose"
                self.findings.append(Finding(shown, column=shown_name(target), rule=rule))
            if column.number_as and target not in IDS:
                rule = "number_as makes labels of cases; it is for episode_id and patient_id"
                self.findings.append(Finding(shown, column=shown_name(target), rule=rule))
            if column.first is not None and (target not in known or known[target].kind != "day"):
                rule = "first says which day the first dose is; this column does not hold days"
                self.findings.append(Finding(shown, column=shown_name(target), rule=rule))
            if column.date and target != "age_years" and (target not in known or known[target].kind != "day"):
                rule = "date: true counts days from the first dose (years, for an age); this column holds neither"
                self.findings.append(Finding(shown, column=shown_name(target), rule=rule))

    def _check_of_each(self, shown: str, source: Source, known: dict[str, Column]) -> None:
        """The rule by which one row of each case is taken names a column that is filled, and cases are known."""
        rule = source.of_each
        target = rule.first or rule.best if rule else ""
        filled = {name for name, _ in source.filled}
        if target not in filled or "episode_id" not in filled:
            said = "of_each takes one row of each case by a column; the source must fill it and episode_id"
            self.findings.append(Finding(shown, column=shown_name(target), rule=said))
        elif rule and rule.first and (target not in known or known[target].kind != "day"):
            said = "first takes the row with the smallest day; this column does not hold days"
            self.findings.append(Finding(shown, column=shown_name(target), rule=said, example="day"))

    def _check_unit(self, shown: str, column: Column | None, target: str, unit: str) -> None:
        choices = list(DOSES) if target == "dose" else accepted(column.unit) if column else []
        if not choices and column is not None:
            rule = "the column has no unit that could be converted"
            self.findings.append(Finding(shown, column=target, rule=rule))
        elif column is not None and normalise(unit) not in choices:
            rule = "the unit is not known; it must be one of " + ", ".join(choices)
            self.findings.append(Finding(shown, column=target, rule=rule))

    def _choose(self, source: Source) -> Choice | None:
        """The file of a source and which of its rows are read; None where it cannot be read."""
        shown = f"{self.cohort.id}/{source.file}"
        path = self._find(source.file)
        if path is None:
            return None
        table, findings = read_source(path, source, shown)
        self.findings += findings
        if table is not None and source.transpose and source.sheet != EVERY_SHEET:
            table, findings = turn_table(table)
            self.findings += findings
        if table is None:
            return None
        table = self._name_headers(source, table)
        kept = np.ones(len(table) if table is not None else 0, dtype=bool)
        if table is not None and source.redcap:
            kept = redcap.choose_rows(table, source)
            self.findings += redcap.check_export(table, source)
            self.findings += redcap.join_fields(table, source, kept)
            table = self._decode(source, table, kept)
        if table is None:
            return None
        if source.format != "table":
            table = settle_codes(table, source)
        kept &= keeps(table.texts, source).to_numpy()
        if source.format != "table":
            self.findings += check_units(table.take(kept), source)
        if len(table) and source.where and not kept.any():
            rule = "where keeps no row of the file; are its values written as in the file?"
            column = ", ".join(shown_name(header) for header in source.where)
            self.findings.append(Finding(table.shown, column=column, rule=rule, severity="warning"))
        return Choice(source, table, kept)

    def _find(self, file: str) -> Path | None:
        """The path of a file that the mapping names; None where a link leads out of the cohort's folder."""
        path = self.folder / file
        if path.resolve().is_relative_to(self.folder.resolve()):
            return path
        rule = "the file must lie in the cohort's folder; links out of it are not read"
        self.findings.append(Finding(f"{self.cohort.id}/{file}", rule=rule))
        return None

    def _decode(self, source: Source, table: SourceTable, kept: np.ndarray) -> SourceTable | None:
        """A REDCap export without what nobody filled in, and with labels in place of codes."""
        missing = self.mapping.missing
        named = needed(source.redcap).dictionary
        if not named:
            redcap.empty_codes(table, source, missing)
            self.findings += redcap.empty_boxes(table, source, redcap.Dictionary(), missing)
            return table
        path = self._find(named)
        if path is None:
            return None
        shown = f"{self.cohort.id}/{named}"
        dictionary, findings = redcap.read_dictionary(path, shown)
        self.findings += [*findings, *redcap.tell_not_asked(table, source, dictionary, kept)]
        redcap.empty_codes(table, source, missing)
        self.findings += redcap.empty_boxes(table, source, dictionary, missing)
        for header in source.headers:
            if redcap.field_of(header) in dictionary.identifiers and header not in (
                source.first_dose,
                *source.date_headers,
            ):
                rule = "the data dictionary marks the field as an identifier; it cannot be mapped"
                self.findings.append(Finding(table.shown, column=shown_name(header), rule=rule))
        redcap.decode_fields(table, dictionary.labels, redcap.mapped_by_code(source, dictionary.labels))
        return table

    def _name_headers(self, source: Source, table: SourceTable) -> SourceTable | None:
        """The table with its headers as the mapping writes them; None where one is missing."""
        table = rename_alike(table, source.headers)
        missing = [header for header in source.headers if header not in table.texts]
        shown = [name for name in table.texts if shown_name(name) == name]
        for header in missing:
            rule = "the mapping of cohort.yaml reads this header, and the file does not have it" + hint_header(
                header, shown, len(missing) == len(source.headers), source
            )
            if not header:
                rule = "the mapping of cohort.yaml reads the column without a header, and the file has none with cells"
            self.findings.append(Finding(table.shown, line=source.header_row, column=shown_name(header), rule=rule))
        if missing:
            return None
        if source.format == "table":
            self.findings += check_read_headers(source, table, self.cohort)
            self._doubt_leftovers(source, table)
        return table

    def _doubt_leftovers(self, source: Source, table: SourceTable) -> None:
        same = [one for one in self.sources if (one.file, one.sheet) == (source.file, source.sheet)]
        read = {header for one in same for header in one.headers}
        if "" in table.texts and "" not in read:
            rule = (
                f"column {list(table.texts).index('') + 1} has no name in the header; name it, or say header_row if "
                'the header stands in another row; from: "" reads it'
            )
            self.findings.append(Finding(table.shown, line=source.header_row, rule=rule, severity="warning"))
        for header in table.texts:
            for found in name_classes(header) if header not in read else ():
                rule = f"a column that is not read sounds like {found}; take it out of the file all the same"
                column = shown_name(header, list(table.texts.columns))
                self.findings.append(Finding(table.shown, column=column, rule=rule, severity="warning"))


def hint_header(header: str, names: Sequence[str], none_found: bool, source: Source) -> str:
    """What may be meant where a header is missing: one that differs little, another row, another kind of export.

    Where no header is found the first row may be one of data, so that a name is told only if it differs by capitals.
    """
    plain = {name.casefold(): name for name in reversed(names)}
    close = difflib.get_close_matches(header.casefold(), plain, n=1, cutoff=1.0 if none_found else 0.6)
    if close:
        return f"; did you mean {plain[close[0]]}?"
    if none_found and source.redcap:
        return "; the export must be of the kind CSV (raw data), not labels"
    return "; the headers must stand in one row, and header_row says which" if source.format == "table" else ""


def rename_alike(table: SourceTable, headers: Sequence[str]) -> SourceTable:
    """The table with the mapping's spelling of headers that differ from it in the width of letters alone."""
    wide = {unicodedata.normalize("NFKC", name): name for name in reversed(list(table.texts))}
    renamed = {}
    for header in headers:
        found = wide.get(unicodedata.normalize("NFKC", header))
        if header not in table.texts and found is not None:
            renamed[found] = header
    return replace(table, texts=table.texts.rename(columns=renamed)) if renamed else table
