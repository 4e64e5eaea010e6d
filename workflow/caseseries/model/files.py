"""Writing results: a file or folder takes its name when it is whole, so that no reader ever meets half of one."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PARTIAL = ".partial"
"""How the name of something that is being written ends; it begins with a dot."""

FULL = {errno.ENOSPC, errno.EDQUOT}
"""Numbers of the errors of a disk, or of a share of it, that is full."""


def told_full(file: str) -> str:
    """What is said where a disk was full when a file was to be written."""
    return f"{file}: the disk is full; make room and call the same again: what is whole is kept, nothing half stays"


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A place beside `path` to write a file or a folder to, which then takes its name; after an error nothing is left.

    Raises
    ------
    OSError : with the file that could not be written, also where the system names none (a full disk) and where a
        library has an error of its own for it.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
        if beside.is_dir() and path.exists():
            shutil.rmtree(path)
        os.replace(beside, path)
    except OSError as error:
        named = [str(name) for name in (error.filename, error.filename2) if name is not None]  # two where one is copied
        if not named or any(name.startswith(str(beside)) for name in named):
            error.filename, error.filename2 = str(path), None
        raise
    except Exception as error:
        if isinstance(error.__context__, OSError):
            refused = error.__context__
            raise OSError(refused.errno, refused.strerror, str(path)) from error
        raise
    finally:
        if beside.is_dir():
            shutil.rmtree(beside, ignore_errors=True)
        else:
            beside.unlink(missing_ok=True)


@contextmanager
def passing(path: Path) -> Iterator[Path]:
    """A place beside `path` for a file of this run alone, which is gone at its end.

    Raises
    ------
    OSError : with the path, also where the system names none (a full disk).
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield beside
    except OSError as error:
        if error.filename in (None, str(beside)):
            error.filename = str(path)
        raise
    finally:
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
