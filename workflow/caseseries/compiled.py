"""What Python keeps of the modules that it compiled: on a full disk it keeps half of one, and fails over it ever after.

This module imports nothing of ours: any of that may be cut off.
"""

from __future__ import annotations

import os
import sys

FEW = 2**28
"""Bytes. Nothing compiled is kept where fewer are free; a share of a disk (a quota) can be full before."""


def keep_none_on_a_full_disk() -> None:
    """Have this Python, and those that it starts, keep nothing that they compile where there is little room."""
    disk = os.statvfs(os.path.dirname(__file__))
    if disk.f_bavail * disk.f_frsize < FEW:
        sys.dont_write_bytecode = True
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def mended(error: Exception) -> bool:
    """Whether an error came from half of a compiled module, and that is now removed, so that it is compiled again."""
    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    if last is None or not last.tb_frame.f_code.co_filename.startswith("<frozen importlib"):
        return False
    half = last.tb_frame.f_locals.get("bytecode_path")  # a name of importlib, which tells it in no other way
    if not half:
        return False
    try:
        os.unlink(half)
    except FileNotFoundError:  # another process was quicker
        return True
    except OSError:  # not ours to remove
        return False
    return True
