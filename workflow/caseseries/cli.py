"""`caseseries VERB`: one verb a stage, each in its own module, imported only when it is called.

A verb's module offers `add_arguments(parser)` and `run(arguments, layout)`. Exit codes: 0 done, 1 our fault,
2 bad input, 3 a check failed.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from caseseries import __version__
from caseseries.model.files import FULL, told_full
from caseseries.model.findings import BadInput
from caseseries.model.layout import Layout
from caseseries.model.made import record_made
from caseseries.model.stages import STAGES, VERBS, stage_called
from caseseries.words.spelling import sentence

NOT_LET = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EFBIG, *FULL}
"""Faults of the computer that its user can mend: rights, a disk that is read-only or full."""


FOLDERS = (("data", "cohorts"), ("config", "configuration"), ("results", "results"))


def build_parser(verb: str | None) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """The parser and that of `verb`; only the arguments of `verb` are filled in, so that no other stage is imported."""
    parser = argparse.ArgumentParser(prog="caseseries", description="Retrospective case series, records to report.")
    parser.add_argument("--version", action="version", version=f"caseseries {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    asked = parser
    for name, row in VERBS.items():
        child = verbs.add_parser(
            name, help=row.about, description=sentence(row.about), formatter_class=argparse.RawDescriptionHelpFormatter
        )
        for folder, holds in FOLDERS if row.layout else ():
            child.add_argument(f"--{folder}", type=Path, default=Path(folder), help=f"folder of {holds} ({folder})")
        if name == verb:
            importlib.import_module(row.module).add_arguments(child)
            asked = child
    return parser, asked


def read_words(words: list[str]) -> argparse.Namespace:
    """What was typed; `passed_on` is what stands after `--`. Words that no verb knows end it, exit code 2."""
    verb = next((word for word in words if word in VERBS), None)
    own = words[: words.index("--")] if verb == "run" and "--" in words else words
    parser, asked = build_parser(verb)
    parsed, unknown = parser.parse_known_args(own)
    if unknown:
        hint = "; what goes to Snakemake stands after --" if verb == "run" else ""
        asked.error(f"not understood: {' '.join(unknown)}{hint}")
    parsed.passed_on = words[len(own) + 1 :]
    return parsed


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    parsed = read_words(sys.argv[1:] if arguments is None else arguments)
    folders: dict[str, Any] = {folder: getattr(parsed, folder, Path(folder)) for folder, _ in FOLDERS}
    layout = Layout(**folders)
    if parsed.verb in {stage.verb for stage in STAGES}:
        os.umask(0o077)  # results are their owner's alone; `seal` opens the release to others
    code = call(parsed, layout)
    if code:
        note(str(code))
    return code


def call(parsed: argparse.Namespace, layout: Layout) -> int:
    """Call the verb; what its user can mend is told in words."""
    try:
        code = importlib.import_module(VERBS[parsed.verb].module).run(parsed, layout) or 0
        keep_record(parsed, layout, code)
        sys.stdout.flush()
        return code
    except BadInput as error:
        tell(str(error))
        return 2
    except BrokenPipeError:
        # The reader has seen enough (`| head`): nothing is wrong, and nothing more can be said.
        drop(sys.stdout)
        return 0
    except OSError as error:
        if error.errno not in NOT_LET:
            raise
        tell(describe_refusal(error))
        say_the_rest()
        return 2


def describe_refusal(error: OSError) -> str:
    """What the computer did not allow, and what its user can do."""
    if error.errno in FULL:
        return told_full(str(error.filename or shown_output()))
    where = f"{error.filename}: " if error.filename else ""
    return (
        f"{where}the computer does not allow it ({error.strerror}); check the rights of the folder, or name another "
        "folder with --results"
    )


def shown_output() -> str:
    """The file that what is printed goes to, such as the log of a stage."""
    path = Path("/dev/stdout").resolve()
    return os.path.relpath(path) if path.is_file() else "what is printed"


def tell(words: str) -> None:
    """Say what is wrong; where not even the log has room for it, to `run`."""
    try:
        print(words, file=sys.stderr, flush=True)
    except OSError:
        drop(sys.stderr)
        note(words)


def say_the_rest() -> None:
    """Print what is still to be printed, where there is room for it."""
    try:
        sys.stdout.flush()
    except OSError:
        drop(sys.stdout)


def drop(stream: TextIO) -> None:
    """Send what a stream could not take to nowhere, so that the end of the process does not fail over it."""
    with suppress(OSError), open(os.devnull, "w", encoding="utf-8") as nowhere:  # a stream may be no file
        os.dup2(nowhere.fileno(), stream.fileno())


def note(line: str) -> None:
    """Leave a line for `run`, which Snakemake tells only that a stage failed."""
    if ended := os.environ.get("CASESERIES_ENDED"):
        with suppress(OSError), open(ended, "a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def keep_record(parsed: argparse.Namespace, layout: Layout, code: int) -> None:
    """Keep the checksums of what a stage has written; a verb that wrote nothing, or a part alone, keeps none."""
    if getattr(parsed, "shard", None):
        return
    stage = stage_called(parsed.verb, getattr(parsed, "cohort", None))
    if stage and not code and getattr(parsed, "action", "write") == "write":
        record_made(stage, parsed.cohort if stage.of_a_cohort else "", layout)


if __name__ == "__main__":
    sys.exit(main())
