"""Stages as forks of one process that has their libraries loaded.

Loading pandas and its like takes most stages of a small cohort longer than their work. `run` therefore starts one
process beside Snakemake. A stage that Snakemake calls (`python -m caseseries ...`) hands it its words, folder,
environment and streams, and ends with the exit code of the fork that did the work. Rules, logs and codes are those of
a stage by itself, as are its results; where the process cannot be reached, the stage runs by itself.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache

from caseseries.compiled import mended

ADDRESS = "CASESERIES_FORKS"
"""Environment variable with the path of the socket."""

SESSION = "CASESERIES_SESSION"
"""Environment variable with the session that may use it: a job of a cluster has another one, and its own processor."""

STREAMS = (0, 1, 2)
READS = ("pyarrow.parquet", "pandera.pandas")
INSIDE = {"check": READS, "ingest": READS, "pool": ("scipy.optimize",), "export": ("xlsxwriter",)}
"""Verb -> libraries that its modules load inside functions."""

GARBAGE = (200_000, 50, 50)
"""A stage makes a hundred thousand objects that last as long as it does; looking through them for garbage again and
again costs a tenth of its time."""


def ask(words: Sequence[str]) -> int | None:
    """Have a fork do what was typed and return its exit code; None where nobody can be asked."""
    address = os.environ.get(ADDRESS)
    if not address or os.environ.get(SESSION) != str(os.getsid(0)):
        return None
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(address)
            asked = {"words": list(words), "folder": os.getcwd(), "environment": dict(os.environ)}
            socket.send_fds(connection, [b" "], STREAMS)
            connection.sendall(json.dumps(asked).encode() + b"\n")
        except OSError:
            return None
        try:
            code = connection.recv(1)
        except ConnectionResetError:  # the process ended before it had heard what was asked
            return None
    if not code:
        print(
            "the process of this stage was ended from outside, or by the computer for want of memory", file=sys.stderr
        )
    return code[0] if code else 1


@contextmanager
def beside() -> Iterator[tuple[dict[str, str], list[int]]]:
    """Start the process; it lasts for as long as this process, or one that the descriptors are passed on to.

    Yields what to add to the environment of Snakemake and which descriptors to pass on to it; nothing where the
    operating system does not let a socket be made, or has no room for it.
    """
    try:
        folder = tempfile.mkdtemp(prefix="caseseries-")
    except OSError:  # no room for a folder
        yield {}, []
        return
    address = os.path.join(folder, "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        try:
            listener.bind(address)
        except OSError:  # a path that is too long, or a system without such sockets
            os.rmdir(folder)
            yield {}, []
            return
        listener.listen(128)
        ended, alive = os.pipe()
        called = f"from caseseries.forks import serve; serve({listener.fileno()}, {ended}, {folder!r})"
        process = subprocess.Popen(
            [sys.executable, "-c", called],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[listener.fileno(), ended],
        )
        os.close(ended)
    try:
        yield {ADDRESS: address, SESSION: str(os.getsid(0))}, [alive]
    finally:
        os.close(alive)
        process.wait()


def serve(listening: int, ended: int, folder: str) -> None:
    """Answer whoever asks, each with a fork, until the other end of the pipe `ended` is closed by all who held it."""
    gc.set_threshold(*GARBAGE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=listening) as listener:
        while True:
            ready, _, _ = select.select([listening, ended], [], [])
            if ended in ready:
                break
            connection, _ = listener.accept()
            with connection:
                answer(connection, [listening, ended])
            reap(os.WNOHANG)
    reap(0)
    shutil.rmtree(folder, ignore_errors=True)


def reap(options: int) -> None:
    """Take note of the forks that have ended, so that the operating system counts their time as that of this run."""
    with suppress(ChildProcessError):  # none is left
        while os.waitpid(-1, options)[0]:
            pass


def answer(connection: socket.socket, own: Sequence[int]) -> None:
    """Load what the verb needs and leave the work to a fork."""
    try:
        _, streams, _, _ = socket.recv_fds(connection, 1, len(STREAMS))
        with connection.makefile("rb") as file:
            asked = json.loads(file.readline() or b"null")
    except OSError:
        return
    if asked is None:  # who asked has ended
        return
    load_what_can_be(asked["words"][0] if asked["words"] else "")
    gc.freeze()
    if os.fork() == 0:
        for descriptor in own:
            os.close(descriptor)
        work(asked, streams, connection)
    for stream in streams:
        os.close(stream)


def load_what_can_be(verb: str) -> None:
    """Load what a verb needs; what cannot be loaded is told by the stage, where it fails again."""
    try:
        load(verb)
    except Exception as error:
        if mended(error):
            load_what_can_be(verb)


@cache
def load(verb: str) -> None:
    """Import every module of the room of a verb, so that forks share them; of a verb without a room, its own."""
    from caseseries.model.stages import VERBS

    if verb not in VERBS:
        return
    room = VERBS[verb].module.rpartition(".")[0]
    if room == "caseseries":
        importlib.import_module(VERBS[verb].module)
    else:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            importlib.import_module(module.name)
    for library in INSIDE.get(verb, ()):
        importlib.import_module(library)


def work(asked: dict, streams: Sequence[int], connection: socket.socket) -> None:
    """Do what was asked in this fork, as a process of its own would, and end it."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for stream, here in zip(streams, STREAMS, strict=True):
            os.dup2(stream, here)
            os.close(stream)
        os.chdir(asked["folder"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv[1:] = asked["words"]
        threading.Thread(target=end_with, args=[connection], daemon=True).start()
        from caseseries.cli import main

        code = main(asked["words"])
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:
        with suppress(OSError):  # a full disk
            traceback.print_exc()
    finally:
        for said in (sys.stdout, sys.stderr):
            with suppress(OSError):
                said.flush()
        with suppress(OSError):  # nobody waits any more
            connection.sendall(bytes([code]))
        os._exit(code)


def end_with(connection: socket.socket) -> None:
    """End this fork as soon as the process that asked for it ends, however it ends."""
    if not connection.recv(1):
        os.kill(os.getpid(), signal.SIGTERM)
