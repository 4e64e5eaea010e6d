"""Files of a release as an outsider opens them: every text that stands in them, packed and hidden text included."""

from __future__ import annotations

import gzip
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

DEEPEST = 3
"""Archives inside archives that are opened."""

PICTURE = re.compile(r";base64,[A-Za-z0-9+/=\s]+")
"""Pictures inside a page: they stand beside it as files and are opened there."""


XPORT = b"HEADER RECORD*******LIB"
"""How a SAS transport file begins."""

LAID_OUT = re.compile(r'\s(?:r|ref|sqref|spans|topLeftCell|activeCell|w:theme\w+)="[^"]*"|\s[\w:]+="-?[\d.]+"')
"""Places, sizes and shades in a Word or Excel file, such as the name E1 of a cell or the shade D8; a cell's own text is
no attribute."""


def texts(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
    """(name, text) of a file and of each member of an archive: CSV, JSON, HTML, SVG, PNG, PDF, Word, Excel, SAS
    transport, Parquet and gzip.
    """
    if data.startswith(b"PK") and depth < DEEPEST:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from texts(f"{name}: {member}", archive.read(member), depth + 1)
    elif data.startswith(b"\x1f\x8b") and depth < DEEPEST:
        yield from texts(name.removesuffix(".gz"), gzip.decompress(data), depth + 1)
    elif data.startswith(b"PAR1"):
        yield name, " ".join(_parquet_texts(data))
    elif data.startswith(b"\x89PNG"):
        yield name, " ".join(_png_texts(data))
    elif data.startswith(b"%PDF"):
        yield name, " ".join(_pdf_texts(data))
    elif data.startswith(XPORT):
        yield name, " ".join(_xport_texts(data))
    else:
        text = PICTURE.sub("", data.decode("utf-8-sig", "replace"))
        yield name, LAID_OUT.sub(" ", text) if depth and name.endswith((".xml", ".rels")) else text


def _png_texts(data: bytes) -> Iterator[str]:
    place = 8
    while place + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"eXIf"):
            yield body.decode("utf-8", "replace")
        elif kind == b"zTXt":
            name, _, packed = body.partition(b"\0")
            yield name.decode("latin-1") + " " + zlib.decompress(packed[1:]).decode("latin-1")
        place += 12 + size


def _pdf_texts(data: bytes) -> Iterator[str]:
    """Information and metadata as they stand, streams unpacked; strings of a page in the order of drawing."""
    yield data.decode("latin-1")
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            page = zlib.decompress(found.group(1)).decode("latin-1")
        except zlib.error:
            continue
        yield page
        yield "".join(re.findall(r"\(((?:[^()\\]|\\.)*)\)", page))


def _parquet_texts(data: bytes) -> Iterator[str]:
    """Names and notes of the columns, then every value of the rows, numbers in decimals."""
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(io.BytesIO(data))
    yield table.schema.to_string(show_field_metadata=True, show_schema_metadata=True, truncate_metadata=False)
    for column in table.columns:
        yield " ".join(f"{value:.10g}" if isinstance(value, float) else str(value) for value in column.to_pylist())


def _xport_texts(data: bytes) -> Iterator[str]:
    """The headers as they stand, then every value of the rows, numbers in decimals."""
    import pyreadstat

    yield data[: data.find(b"OBS     HEADER")].decode("latin-1")
    rows, _ = pyreadstat.read_xport(io.BytesIO(data))
    for row in rows.itertuples(index=False):
        yield " ".join(f"{value:.10g}" if isinstance(value, float) else str(value) for value in row)
