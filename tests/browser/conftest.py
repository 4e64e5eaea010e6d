"""The report of the small project, opened in a window of its own."""

import pytest

from browser.pages import CHROMIUM, DESKTOP, FLAGS
from caseseries.cli import main
from report_project import add_spread, make_project


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    layout = make_project(tmp_path_factory.mktemp("report in a browser"))
    add_spread(layout, "open_at_end", "rescue")
    folders = ["--data", str(layout.data), "--config", str(layout.config), "--results", str(layout.results)]
    assert main(["report", *folders]) == 0
    return layout.as_told().report.as_uri()


@pytest.fixture(scope="module")
def synthetic(address):
    return address.replace("report.html", "synthetic.html")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, address):
    """Open the report in a window of its own; what went wrong is kept in `page.faults` and `page.asked`."""
    contexts = []

    def open_(viewport=DESKTOP, at=address, **options):
        context = browser.new_context(viewport=viewport, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.faults, page.asked = [], []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(at)
        return page

    yield open_
    for context in contexts:
        context.close()
