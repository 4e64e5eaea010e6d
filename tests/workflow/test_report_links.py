"""Numbers of the shipped cohorts lead somewhere: each link of the pages ends at a place, and no table of results has
numbers of which none leads to its row."""

import re
from html.parser import HTMLParser

import pytest

from browser.pages import CHROMIUM, FLAGS, NEEDS_CHROMIUM, follow

pytestmark = pytest.mark.workflow
PAGES = ["release/report.html", "release/synthetic.html", "restricted/report.html", "restricted/synthetic.html"]

ROWS_THEMSELVES = {
    "curve": "steps of a curve, a row a day",
    "cases": "one row a case, which its name opens",
    "departures": "one row a departure, of a case that its name opens",
    "class_changes": "counts definitions",
    "audit_choices": "two audits side by side",
    "literature_harm": "words",
    "table-": "counts of questions",
}
"""Tables whose numbers are no estimates: the beginning of their id, behind the cohort's, and why."""


class Page(HTMLParser):
    """The places of a page, its links to them, and of each table the numbers and the numbers that lead on."""

    def __init__(self, text):
        super().__init__()
        self.places, self.links, self.tables, self.table = set(), [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.places.add(found.get("id"))
        if tag == "table" and "caseseries" in (found.get("class") or ""):
            self.table = self.tables.setdefault(found["id"], [0, 0])
        if self.table and "data-value" in found:
            self.table[0] += 1
        if tag == "a" and (found.get("href") or "").startswith("#"):
            self.links.append(found["href"][1:])
            if self.table and found.get("class") == "walk":
                self.table[1] += 1

    def handle_endtag(self, tag):
        if tag == "table":
            self.table = None


@pytest.fixture(scope="module")
def pages(finished):
    return {name: Page((finished.root / "results" / name).read_text(encoding="utf-8")) for name in PAGES}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_ends_at_a_place(pages, name):
    assert sorted(set(pages[name].links) - pages[name].places) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_table_of_results_leads_to_its_rows(pages, name):
    known = tuple(ROWS_THEMSELVES)
    silent = [
        table
        for table, (numbers, led) in pages[name].tables.items()
        if numbers and not led and not re.sub(r"^table-[\w-]+-(?=\w+$)", "", table).startswith(known)
    ]
    assert silent == []


@pytest.mark.browser
@NEEDS_CHROMIUM
def test_a_number_is_pressed_down_to_a_case_and_in_the_release_to_its_row(finished):
    from playwright.sync_api import sync_playwright

    ways = [
        ("who", "description.csv", "counted"),
        ("dosing", "audit.csv", "departs"),
        ("response", "estimates.csv", "Wilson"),
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for folder in ("restricted", "release"):
            window = browser.new_page(reduced_motion="reduce")
            window.goto((finished.root / "results" / folder / "report.html").as_uri())
            window.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
            for part, file, method in ways:
                row = follow(window, window.locator(f"#michel-2020-{part} td a.walk").first)
                assert row.is_visible() and method in row.inner_text()
                cases = row.locator("a")
                if folder == "release":
                    table = row.locator("xpath=ancestor::table")
                    assert cases.count() == 0 and table.locator("thead a").inner_text() == file
                    continue
                if part == "who":
                    assert cases.count() == 13
                case = follow(window, cases.first)
                assert case.get_attribute("open") is not None and "Print this case" in case.inner_text()
        browser.close()
