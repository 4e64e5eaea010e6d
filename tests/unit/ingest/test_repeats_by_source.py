"""What was entered twice comes in once and is told, whatever file it is read from; all values are made up."""

import json

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from unit.ingest.mapped_cohorts import make_cohort, rows, told

ONCE = "repeats an earlier one in every cell and is taken once"
ONE_THING = "stands in an earlier row of the same day, with other details, and is counted twice; is it one?"
HEADER = ["id", "day", "what", "amount"]
LINES = [["E1", 7, "Fever", 25], ["E1", 7, "fever", 25], ["E1", 7, "Fever", 3], ["E2", 7, "Fever", 25]]
"""Entered twice but for a capital; the same thing with another number; somebody else."""

COLUMNS = {
    "exposures": "episode_id: id, first_day: day, last_day: day, role: {value: study}, drug: what, dose: amount",
    "events": "episode_id: id, day: day, kind: {value: rescue}, detail: what",
    "adverse_events": "episode_id: id, day: day, subject: {value: patient}, term: what",
}
AFTER = {"exposures": 3, "events": 2, "adverse_events": 2}
"""Rows that are left: a dose of another size is another row, an event without its number is the same."""

KEYS = """\
mapping:
  sources:
    - {{table: episodes, file: p.csv, columns: {{episode_id: id}}}}
    - table: {table}
      file: {file}
      {how}
      columns: {{{columns}}}
"""


def as_csv(lines):
    return pd.DataFrame(lines, columns=HEADER).to_csv(index=False)


def as_workbook(lines):
    book = openpyxl.Workbook()
    for line in (HEADER, *lines):
        book.active.append(line)
    return book


def as_export(lines):
    """A flat REDCap export in which the same form was filled in again."""
    head = ["id", "redcap_repeat_instrument", "redcap_repeat_instance", *HEADER[1:]]
    filled = [[line[0], "course", place, *line[1:]] for place, line in enumerate(lines, 1)]
    frame = pd.DataFrame([["E1", "", "", "", "", ""], ["E2", "", "", "", "", ""], *filled], columns=head)
    return frame.to_csv(index=False)


def as_statistics(ending):
    def made(lines, folder):
        path, frame = folder / f"made.{ending}", pd.DataFrame(lines, columns=HEADER)
        {"xpt": pyreadstat.write_xport, "sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta}[ending](frame, path)
        return path.read_bytes()

    return made


def as_data_set(lines):
    return json.dumps({"columns": [{"name": name} for name in HEADER], "rows": lines})


SOURCES = {
    "csv": ("l.csv", "header_row: 1", as_csv),
    "xlsx": ("l.xlsx", "header_row: 1", as_workbook),
    "redcap": ("l.csv", "redcap: {instrument: course}", as_export),
    "sas": ("l.xpt", "", as_statistics("xpt")),
    "spss": ("l.sav", "", as_statistics("sav")),
    "stata": ("l.dta", "", as_statistics("dta")),
    "json": ("l.json", "", as_data_set),
}


@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("source", SOURCES)
def test_rows_of_every_flat_file(tmp_path, source, table):
    file, how, made = SOURCES[source]
    content = made(LINES, tmp_path) if source in ("sas", "spss", "stata") else made(LINES)
    keys = KEYS.format(table=table, file=file, how=how, columns=COLUMNS[table])
    folder = make_cohort(tmp_path, keys, p_csv="id\nE1\nE2\n", **{file.replace(".", "_"): content})
    assert [row[0] for row in rows(folder, table, "episode_id")] == ["E1"] * (AFTER[table] - 1) + ["E2"]
    found = told(folder, "warning")
    assert len([line for line in found if ONCE in line]) == len(LINES) - AFTER[table]
    assert len([line for line in found if ONE_THING in line]) == (table == "exposures")
