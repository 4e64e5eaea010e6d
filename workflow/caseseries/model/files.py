"""Writing results: a file or folder takes its name when it is whole, so that no reader ever meets half of one."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PARTIAL = ".partial"
"""How the name of something that is being written ends; it begins with a dot."""


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place beside `path` to write a file or a folder to, which then takes its name; after an error nothing is left.

    Raises
    ------
    OSError : with the file that could not be written, also where the system names none (a full disk).
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        if beside.is_dir() and path.exists():
            shutil.rmtree(path)
        os.replace(beside, path)
    except OSError as error:
        if error.filename is None or str(error.filename).startswith(str(beside)):
            error.filename = str(path)
        raise
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole."""
    with whole(path) as beside:
        beside.write_text(text, encoding="utf-8", newline="\n")


def sweep(folder: Path) -> None:
    """Remove what killed stages left half written."""
    for path in [*folder.rglob(f".*{PARTIAL}")]:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
