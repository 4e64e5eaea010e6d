"""One case on one sheet of paper: its picture, what was left out, why; as long as it may be."""

import re

import pytest

from browser.pages import IN_BROWSER

pytestmark = IN_BROWSER


def sheet(page, place=0):
    """The sheet of a case as it stands ready to be printed; nothing is printed."""
    page.evaluate("window.print = () => {}")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.locator("details[data-sheet]").nth(place).get_by_role("button", name="Print this case").click()
    return page.locator("body > .sheet")


def pages_of(page):
    """Number of pages on paper."""
    return len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True)))


def test_a_case_is_printed_on_one_sheet_alone(open_page, synthetic):
    page = open_page(at=synthetic)
    told = sheet(page)
    text = told.inner_text()
    assert "SYNTHETIC" in text and "E1: yes" in text and "left out:" in text
    assert not page.locator("main").is_visible() and not told.locator(".tool, details").count()
    picture = told.locator("figure.trace")
    assert picture.locator("circle.dropped").count() == 1 and picture.locator("circle.decides").count() == 1
    assert picture.locator("path.threshold").count() > 0
    grey, kept = (
        picture.locator(f"circle.{state}").evaluate("(dot) => getComputedStyle(dot).fill")
        for state in ("dropped", "decides")
    )
    assert grey != kept
    assert pages_of(page) == 1
    assert page.locator("main").is_visible() and not page.locator("body > .sheet").count()  # afterwards it is as before


@pytest.mark.parametrize("rows", [25, 60, 120])
def test_a_long_case_is_made_smaller_until_it_fits(open_page, synthetic, rows):
    page = open_page(at=synthetic)
    page.evaluate(
        """(rows) => {
          const body = document.querySelector('details[data-sheet] table.course tbody');
          for (let row = 0; row < rows; row += 1) body.append(body.rows[0].cloneNode(true));
        }""",
        rows,
    )
    told = sheet(page)
    assert told.locator("table.course tbody tr").count() > rows
    assert pages_of(page) == 1


def test_nobody_whose_rows_stay_has_a_sheet_in_the_release(open_page):
    page = open_page()
    assert page.locator("#delta-site").count() == 1
    assert page.locator("#delta-site details[data-sheet], #delta-site figure.trace").count() == 0
