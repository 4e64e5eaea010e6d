"""The whole run of these tests has no network: what takes it away does so, in every Python that a project starts."""

import pytest

pytestmark = pytest.mark.workflow


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://example.org"])
def test_the_network_is_out_of_reach_of_a_run(finished, address):
    done = finished.call("timeit", "-n1", "-r1", "-s", "import urllib.request", f"urllib.request.urlopen('{address}')")
    assert done.returncode != 0
    assert "a run needs no network" in done.stdout + done.stderr
