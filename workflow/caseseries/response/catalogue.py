"""Every response definition in one file: checked once by the stage `definitions`, read by all stages after it.

Reading twenty YAML files and running their worked cases takes a quarter of a second, which no stage of a small cohort
should pay again. The file also says, for a reader of the results, under which rules they were made.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from caseseries.model.definition import Definition
from caseseries.model.files import write_text
from caseseries.model.layout import Layout
from caseseries.response.definition_files import choose, load_definitions

DEFINITIONS = TypeAdapter(list[Definition])


def write_catalogue(layout: Layout) -> list[Definition]:
    """Check every definition file and write all definitions to `layout.catalogue`, names of predicates replaced.

    Raises
    ------
    BadInput : what is wrong with the files; nothing is written.
    """
    definitions = load_definitions(layout.definition_folders)
    plain = DEFINITIONS.dump_python(definitions, mode="json", by_alias=True, exclude_defaults=True)
    content = {"files": checksums(layout), "checksum": checksum(plain), "definitions": plain}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    write_text(layout.catalogue, text + "\n")
    return definitions


def read_catalogue(layout: Layout, wanted: Iterable[str] | str = "all") -> list[Definition]:
    """The definitions, or some of them in the order asked for.

    Those of `layout.catalogue` while it was made from the present files; else the files are read and checked anew.

    Raises
    ------
    BadInput : faulty definition files, ids that no file defines.
    """
    definitions = written_definitions(layout) or load_definitions(layout.definition_folders)
    return definitions if wanted == "all" else choose(definitions, wanted)


def written_definitions(layout: Layout) -> list[Definition]:
    """The definitions of `layout.catalogue`; none where it is absent, unreadable, edited or made from other files."""
    try:
        written = json.loads(layout.catalogue.read_bytes())
        if written["files"] != checksums(layout) or written["checksum"] != checksum(written["definitions"]):
            return []
        return DEFINITIONS.validate_python(written["definitions"])
    except (OSError, ValueError, LookupError, TypeError, ValidationError):
        return []


def checksum(plain: list) -> str:
    """SHA-256 of definitions as plain data."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def checksums(layout: Layout) -> dict[str, str]:
    """SHA-256 of every definition file and of its edge cases, by its path in the folder; a study's own after `own/`."""
    first = layout.definition_folders[0]
    return {
        ("" if folder == first else "own/") + file.relative_to(folder).as_posix(): hashlib.sha256(
            file.read_bytes()
        ).hexdigest()
        for folder in layout.definition_folders
        for file in sorted(folder.rglob("*.yaml"))
    }
