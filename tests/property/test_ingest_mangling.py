"""However a good cohort is mangled: no traceback, no hang, no value told, no half-written result."""

import contextlib
import copy
import datetime
import io
import json
import re
import shutil
import tempfile
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseseries.cli import main

GOOD = Path(__file__).resolve().parents[1] / "messages" / "ingest" / "good-cohort"
FILES = sorted(path.name for path in GOOD.iterdir())
TABLES = [name for name in FILES if name.endswith(".csv")]
CANARY = "Zqcanary"
"""Stands for a person's value: it must never be told."""

CELLS = [
    CANARY,
    f"={CANARY}()",
    "=1+1",
    "@SUM(A1)",
    f"{CANARY} Roe",
    f"{CANARY}@example.org",
    f"4 March 2020 {CANARY}",
    "NaN",
    "inf",
    "-inf",
    "1e400",
    "9" * 400,
    "-",
    "--5",
    "<",
    "<<5",
    "٣",
    "\ufeff",
    "\u202e" + CANARY,
    "'; DROP TABLE counts;--",
    "../../etc/passwd",
    f"{CANARY}\n{CANARY}",
    f'{CANARY}"',
    "None",
    "",
    " ",
    "\t",
    "0x1F",
    "1_000",
    "5,5",
    "<-1",
    "1" * 16,
]


def edit_cells(text: str, row: int, column: int, value: str) -> str:
    lines = [line.split(",") for line in text.splitlines()]
    line = lines[1 + row % (len(lines) - 1)]
    line[column % len(line)] = '"' + value.replace('"', '""') + '"'
    return "\n".join(",".join(cells) for cells in lines) + "\n"


def swap_columns(text: str, first: int, second: int) -> str:
    lines = [line.split(",") for line in text.splitlines()]
    width = len(lines[0])
    first, second = first % width, second % width
    for cells in lines:
        if len(cells) == width:
            cells[first], cells[second] = cells[second], cells[first]
    return "\n".join(",".join(cells) for cells in lines) + "\n"


def drop_column(text: str, column: int) -> str:
    lines = [line.split(",") for line in text.splitlines()]
    for cells in lines:
        del cells[column % len(cells)]
    return "\n".join(",".join(cells) for cells in lines) + "\n"


def move_rows(text: str, row: int, how: str) -> str:
    lines = text.splitlines()
    at = row % len(lines)
    if how == "drop":
        del lines[at]
    elif how == "duplicate":
        lines.insert(at, lines[at])
    else:
        lines.reverse()
    return "\n".join(lines) + "\n"


@st.composite
def manglings(draw):
    """One change of one file: (name, function of its bytes to new bytes, or None to take it away)."""
    name = draw(st.sampled_from(FILES))
    kinds = ["cell", "cell", "cell", "swap", "column", "row", "truncate", "encode", "bytes", "away"]
    kind = draw(st.sampled_from(kinds))
    if not name.endswith(".csv") and kind in ("cell", "swap", "column", "row"):
        kind = "truncate"
    first, second = draw(st.integers(0, 40)), draw(st.integers(0, 40))
    if kind == "cell":
        value = draw(st.sampled_from(CELLS) | st.text(max_size=30).map(lambda text: CANARY + text))
        return name, lambda content: edit_cells(content.decode(), first, second, value).encode("utf-8", "replace")
    if kind == "swap":
        return name, lambda content: swap_columns(content.decode(), first, second).encode()
    if kind == "column":
        return name, lambda content: drop_column(content.decode(), first).encode()
    if kind == "row":
        how = draw(st.sampled_from(["drop", "duplicate", "reverse"]))
        return name, lambda content: move_rows(content.decode(), first, how).encode()
    if kind == "truncate":
        return name, lambda content: content[: first * len(content) // 40]
    if kind == "encode":
        encoding = draw(st.sampled_from(["utf-16", "utf-32", "utf-7", "cp500"]))
        return name, lambda content: content.decode().encode(encoding)
    if kind == "bytes":
        piece = draw(st.sampled_from([b"\0", b"\xff\xfe", b"\r", b'"', b"\x1a", b"PK\x03\x04", b"\xed\xa0\x80"]))
        return name, lambda content: content[: first * 7 % len(content)] + piece + content[first * 7 % len(content) :]
    return name, None


def ingest(folder: Path, cohort: str = "good-cohort") -> tuple[int, str]:
    """Exit code and everything that was told."""
    told = io.StringIO()
    arguments = ["--data", str(folder / "data"), "--config", str(folder), "--results", str(folder / "results")]
    started = time.process_time()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
        code = main(["ingest", cohort, *arguments])
        checked = main(["check", str(folder / "data" / Path(cohort).name), *arguments])
    assert time.process_time() - started < 10
    assert checked == code or cohort not in ("good-cohort", *SOURCES)
    return code, told.getvalue()


def judge(folder: Path) -> None:
    """What must hold of a mangled cohort, whatever it was."""
    code, told = ingest(folder)
    assert code in (0, 2)
    assert CANARY not in told
    assert "Traceback" not in told
    written = [path for path in (folder / "results").rglob("*") if path.is_file()]
    if code == 2:
        assert written == []
    else:
        queries = folder / "results" / "restricted" / "good-cohort" / "queries.csv"
        assert CANARY not in queries.read_text(encoding="utf-8")


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(manglings(), min_size=1, max_size=3))
@pytest.mark.slow
def test_mangled(changes):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cohort = folder / "data" / "good-cohort"
        shutil.copytree(GOOD, cohort)
        for file, change in changes:
            path = cohort / file
            if change is None:
                path.unlink(missing_ok=True)
            elif path.exists():
                with contextlib.suppress(UnicodeDecodeError, ZeroDivisionError, IndexError):
                    path.write_bytes(change(path.read_bytes()))
        judge(folder)


PAGE = (Path(__file__).resolve().parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
SOURCES: dict[str, dict[str, str]] = {}
"""Mapped cohorts of the data page: cohort -> file -> text."""
for _cohort, _file, _text in re.findall(r"^```\S+ data/([a-z]+)/(\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
    SOURCES.setdefault(_cohort, {})[_file] = _text

VALUES = [
    CANARY,
    f"{CANARY} Roe",
    None,
    True,
    5,
    -1,
    0,
    1e400,
    float("nan"),
    1e22,
    "",
    [],
    {},
    [CANARY],
    {CANARY: CANARY},
    [[[]]],
    "2020-13-45",
    "2020-02-30",
    "9" * 400,
    "<5",
    "45,000",
    "１２",
    "5*",
    "\0",
    "=1+1",
    "../x",
    '"',
    "\ufeff",
]
KEYS = ["id", "value", "subject", "code", "unit", "date", "resourceType", CANARY]


def places_of(document, path=()):
    """Paths to every part of plain data."""
    parts = list(document.items()) if isinstance(document, dict) else []
    parts += list(enumerate(document)) if isinstance(document, list) else []
    return [path, *(place for key, part in parts for place in places_of(part, (*path, key)))]


def change_part(document, draw):
    """Plain data with one part replaced, taken out, renamed or doubled."""
    *path, last = draw(st.sampled_from(places_of(document)[1:] or [(None,)]))
    if last is None:
        return document
    inside = document
    for key in path:
        inside = inside[key]
    how = draw(st.sampled_from(["replace", "replace", "remove", "rename", "double"]))
    if how == "remove":
        del inside[last]
    elif how == "rename" and isinstance(inside, dict):
        inside[draw(st.sampled_from(KEYS))] = inside.pop(last)
    elif how == "double" and isinstance(inside, list):
        inside.append(copy.deepcopy(inside[last]))
    else:
        inside[last] = draw(st.sampled_from(VALUES))
    return document


@st.composite
def mangled_sources(draw):
    """A mapped cohort with one to three changes: its name and files."""
    cohort = draw(st.sampled_from(sorted(SOURCES)))
    files = dict(SOURCES[cohort])
    for name in draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=3)):
        if name.endswith(".json"):
            files[name] = json.dumps(change_part(json.loads(files[name]), draw))
        elif name.endswith(".yaml"):
            files[name] = yaml.safe_dump(change_part(yaml.safe_load(files[name]), draw))
        else:
            lines = files[name].splitlines()
            row = draw(st.integers(0, len(lines) - 1))
            mark = ";" if ";" in lines[0] else ","
            cells = lines[row].split(mark)
            cells[draw(st.integers(0, len(cells) - 1))] = str(draw(st.sampled_from(VALUES)))
            files[name] = "\n".join([*lines[:row], mark.join(cells), *lines[row + 1 :]]) + "\n"
    return cohort, files


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(mangled_sources())
@pytest.mark.slow
def test_mangled_sources(mangled):
    """The same for what a mapping reads: CSV, REDCap, FHIR, Phenopackets, and cohort.yaml itself."""
    cohort, files = mangled
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in files.items():
            path = folder / "data" / cohort / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        code, told = ingest(folder, cohort)
        assert code in (0, 2)
        assert "Traceback" not in told
        assert CANARY not in told or CANARY in files["cohort.yaml"]
        assert code == 0 or not (folder / "results").exists()


WORKBOOK_SOURCES = """\
mapping:
  sources:
    - {table: episodes, file: cases.csv, first_dose: start, columns: {episode_id: id}}
    - {table: counts, file: labs.xlsx, columns: {episode_id: id, day: {from: d, date: true}, count: plt}}
"""
PIECES = [
    b"<f>A1</f>",
    b"<c/>",
    b'<c r="XFD1"><v>1</v></c>',
    b't="e"',
    b't="b"',
    b't="d"',
    b't="inlineStr"',
    b"&amp;",
    b"\0",
    b"</row>",
    b'<row r="9999999">',
    b"<v>nan</v>",
    b"<v>1e999</v>",
    b"<v>-5</v>",
    b'r="A0"',
    b'r="ZZZZ1"',
    b"",
    b"<",
]


def parts_of_workbook() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    for row in [["id", "d", "plt"], *(["E1", datetime.date(2020, 3, 1 + day), f"{CANARY}{day}"] for day in range(9))]:
        book.active.append(row)
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = parts_of_workbook()


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["xl/worksheets/sheet1.xml"] * 4 + sorted(PARTS)),
    st.floats(0, 0.999),
    st.sampled_from(PIECES),
    st.sampled_from([0, 1, 12, 10_000]),
)
@pytest.mark.slow
def test_a_mangled_workbook(name, where, piece, length):
    """A part of a workbook with a piece written into it, over nothing, a byte, a dozen, or all the rest."""
    head = SOURCES["visits"]["cohort.yaml"].partition("mapping:")[0]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        cohort = folder / "data" / "visits"
        cohort.mkdir(parents=True)
        (cohort / "cohort.yaml").write_text(head + WORKBOOK_SOURCES, encoding="utf-8")
        (cohort / "cases.csv").write_text("id,start\nE1,2020-03-01\n", encoding="utf-8")
        content = PARTS[name]
        at = int(where * len(content))
        changed = PARTS | {name: content[:at] + piece + content[at + length :]}
        with zipfile.ZipFile(cohort / "labs.xlsx", "w") as archive:
            for part, text in changed.items():
                archive.writestr(part, text)
        code, told = ingest(folder, "visits")
    assert code in (0, 2)
    assert CANARY not in told


def prepared(tmp_path: Path) -> Path:
    shutil.copytree(GOOD, tmp_path / "data" / "good-cohort")
    return tmp_path / "data" / "good-cohort"


@pytest.mark.parametrize("name", TABLES)
def test_ten_thousand_columns(name, tmp_path):
    cohort = prepared(tmp_path)
    header, *rows = (cohort / name).read_text(encoding="utf-8").splitlines()
    wide = [header + "".join(f",c{i}" for i in range(10_000)), *(row + "," * 10_000 for row in rows)]
    (cohort / name).write_text("\n".join(wide), encoding="utf-8")
    judge(tmp_path)


@pytest.mark.parametrize("name", TABLES)
def test_a_huge_cell(name, tmp_path):
    cohort = prepared(tmp_path)
    text = (cohort / name).read_text(encoding="utf-8")
    (cohort / name).write_text(edit_cells(text, 0, 1, CANARY * 1_000_000), encoding="utf-8")
    judge(tmp_path)


@pytest.mark.parametrize("cohort", ["../good-cohort", "/etc", "good-cohort/../good-cohort", ".", "", "x\0y"])
def test_path_tricks(cohort, tmp_path):
    prepared(tmp_path)
    code, told = ingest(tmp_path, cohort)
    assert code == 2
    assert "Traceback" not in told
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    "written",
    [
        "../../x",
        "/etc/passwd",
        "a\\b",
        "con",
        "A",
        "x" * 500,
        "[1, 2]",
        "{a: b}",
        "",
        "&a *a",
        "!!python/name:os.system",
    ],
)
def test_tricks_in_the_id_of_cohort_yaml(written, tmp_path):
    cohort = prepared(tmp_path)
    text = (cohort / "cohort.yaml").read_text(encoding="utf-8").replace("id: good-cohort", f"id: {written}")
    (cohort / "cohort.yaml").write_text(text, encoding="utf-8")
    judge(tmp_path)
    assert not (tmp_path / "results").exists()


def test_yaml_that_grows_without_end(tmp_path):
    """Aliases of aliases: the billion laughs."""
    cohort = prepared(tmp_path)
    layers = "".join(f"k{i}: &k{i} [{', '.join([f'*k{i - 1}'] * 9)}]\n" for i in range(1, 12))
    (cohort / "cohort.yaml").write_text("k0: &k0 [x]\n" + layers, encoding="utf-8")
    judge(tmp_path)
