"""Half of a compiled module, as a full disk leaves it, is no fault of the next call."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from caseseries import compiled

ROOT = Path(__file__).parents[2]


@pytest.fixture
def module(tmp_path, monkeypatch):
    """The place of a compiled module on the path of imports, not loaded yet."""
    source = tmp_path / "half_a_module.py"
    source.write_text("x = 'a text of some length'\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    importlib.invalidate_caches()
    importlib.import_module("half_a_module")
    sys.modules.pop("half_a_module")
    return Path(importlib.util.cache_from_source(str(source)))


@pytest.mark.parametrize("left", [20, 40, -1])
def test_half_of_a_module_is_removed_and_the_import_goes_well(module, left):
    module.write_bytes(module.read_bytes()[:left])
    assert_mended(module)


def test_blocks_that_a_power_cut_left_empty_are_half_a_module(module):
    whole = module.read_bytes()
    module.write_bytes(whole[:16].ljust(len(whole), b"\0"))
    assert_mended(module)


def assert_mended(module):
    with pytest.raises((EOFError, ValueError)) as told:
        importlib.import_module("half_a_module")
    assert compiled.mended(told.value)
    assert not module.exists()
    assert importlib.import_module("half_a_module").x
    sys.modules.pop("half_a_module")


def test_another_error_is_not_taken_for_half_a_module(module):
    with pytest.raises(ValueError) as told:
        int("one")
    assert not compiled.mended(told.value)
    assert module.exists()


@pytest.mark.parametrize(("free", "kept"), [(compiled.FEW, True), (compiled.FEW - 4096, False)])
def test_nothing_compiled_is_kept_where_there_is_little_room(monkeypatch, free, kept):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    disk = os.statvfs_result((4096, 4096, 10**9, 10**9, free // 4096, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    compiled.keep_none_on_a_full_disk()
    assert sys.dont_write_bytecode is not kept
    assert os.environ["PYTHONDONTWRITEBYTECODE"] == ("" if kept else "1")


@pytest.mark.parametrize("name", ["forks", "cli"])
def test_the_command_goes_on_over_half_of_its_own_module(tmp_path, name):
    shutil.copytree(ROOT / "workflow" / "caseseries", tmp_path / "caseseries")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(tmp_path)}

    def version():
        command = [sys.executable, "-m", "caseseries", "--version"]
        return subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)

    said = version()
    half = Path(importlib.util.cache_from_source(str(tmp_path / "caseseries" / f"{name}.py")))
    half.write_bytes(half.read_bytes()[:5000])
    assert (version().returncode, version().stdout) == (0, said.stdout)
