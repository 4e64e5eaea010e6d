"""Tests that are ended from outside leave no run behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

TESTS = Path(__file__).parents[1]
CALL = """
import sys
from workflow.conftest import started
run = started([sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '60'])"])
print(run.pid, flush=True)
run.wait()
"""


def test_what_a_test_started_ends_with_it():
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    ours = subprocess.Popen([sys.executable, "-c", CALL], env=environment, stdout=subprocess.PIPE, text=True)
    run = psutil.Process(int(ours.stdout.readline()))
    until = time.monotonic() + 30
    while not (family := run.children(recursive=True)) and time.monotonic() < until:
        time.sleep(0.05)
    ours.send_signal(signal.SIGTERM)
    ours.wait(timeout=30)
    ours.stdout.close()
    assert family
    assert not psutil.wait_procs([run, *family], timeout=10)[1]
