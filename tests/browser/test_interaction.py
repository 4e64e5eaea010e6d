"""What a reader can press in the report: choose, open, sort, filter, copy, one cohort alone; all of it also by key."""

import pytest

from browser.pages import IN_BROWSER, PHONE, follow

pytestmark = IN_BROWSER

CLIPBOARD = """async (type) => {
  const [item] = await navigator.clipboard.read();
  return (await item.getType(type)).text();
}"""


def test_another_definition_changes_rate_curve_and_classes(open_page, synthetic):
    page = open_page(at=synthetic)
    chooser = page.locator(".chooser").first
    seen = []
    for option in chooser.locator("select option").all():
        chooser.locator("select").select_option(option.get_attribute("value"))
        panels = chooser.locator(".option:not([hidden]) > .panel")
        assert panels.count() == 1 and panels.is_visible()
        assert panels.locator(".classes a").count() > 0
        seen.append(panels.inner_text())
    assert len(seen) > 1 and len(set(seen)) == len(seen)
    assert "8 of 12 patients responded" in seen[0]
    assert chooser.locator("figure.curve path.line").first.get_attribute("d").startswith("M0 0H7V")


def test_a_number_leads_to_its_row_and_a_class_to_its_case(open_page, synthetic):
    page = open_page(at=synthetic)
    row = follow(page, page.locator("#simulated-a-response a.way").first)
    assert row.is_visible() and "Wilson" in row.inner_text() and "response_rate" in row.inner_text()
    case = follow(page, page.locator(".chooser .classes a").first)
    assert case.get_attribute("open") is not None
    course = case.locator("table.course")
    assert course.is_visible() and "count 60" in course.inner_text()


def test_counts_that_are_left_out_are_grey_and_say_why(open_page, synthetic):
    page = open_page(at=synthetic)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    grey = page.locator("tr.dropped").first
    used = page.locator("table.course tr:not(.dropped) td").first
    assert "left out:" in grey.inner_text()
    colour = "(cell) => getComputedStyle(cell).color"
    assert grey.locator("td").first.evaluate(colour) != used.evaluate(colour)


def table_of(page):
    """A table with three rows of numbers, one of them longer as text and smaller as a number."""
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    return page.locator("table.caseseries", has_text="numbers to sort").first


def test_a_table_is_sorted_and_filtered_by_its_numbers(open_page):
    page = open_page()
    table = table_of(page)
    column = "(table) => [...table.tBodies[0].rows].filter((row) => !row.hidden).map((row) => row.cells[1].innerText)"
    given = table.evaluate(column)
    head = table.locator("thead button").nth(1)
    head.focus()
    page.keyboard.press("Enter")
    assert table.locator("thead th").nth(1).get_attribute("aria-sort") == "ascending"
    assert table.evaluate(column) == sorted(given, key=int) != sorted(given)
    head.click()
    assert table.evaluate(column) == sorted(given, key=int, reverse=True)
    head.click()
    assert table.evaluate(column) == given
    tools = page.locator(".tools", has=page.locator("input")).first
    tools.locator("input").fill("value > 9")
    assert table.evaluate(column) == [text for text in given if int(text) > 9]
    tools.locator("input").fill("row 3")
    assert table.evaluate(column) == [given[3]]


def test_a_table_is_copied_as_a_table_and_the_answer_as_text(open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy these sentences").click()
    text = page.evaluate(CLIPBOARD, "text/plain")
    assert text.splitlines()[0] == "2 of 4 women responded, 50 % (95 % interval 15 to 85 %)."
    assert "Safety: No adverse event in newborns: 0 of 4" in text and "<" not in text
    table = table_of(page)
    table.locator("xpath=ancestor::div[1]/following-sibling::div[1]").get_by_role("button", name="Copy table").click()
    html = page.evaluate(CLIPBOARD, "text/html")
    assert html.count("<tr>") == 11 and "<button" not in html and "border-bottom" in html
    assert page.evaluate(CLIPBOARD, "text/plain").splitlines()[0] == "Name\tValue"
    assert page.faults == []


def test_one_cohort_stands_alone_on_screen_and_on_paper(open_page):
    page = open_page()
    page.locator("#beta-2017 .only").focus()
    page.keyboard.press("Enter")
    assert page.locator("#beta-2017").is_visible()
    assert not page.locator("#alpha-2020").is_visible() and not page.locator(".opening").is_visible()
    alone = page.pdf(prefer_css_page_size=True)
    page.locator("#beta-2017 .only").click()
    assert page.locator("#alpha-2020").is_visible()
    assert len(alone) < len(page.pdf(prefer_css_page_size=True))


def test_on_a_phone_the_numbers_of_the_first_picture_stand_on_the_screen(open_page):
    page = open_page(PHONE)
    numbers = page.locator(".opening .phone")
    for text in ("2/4", "50 % (15 to 85 %)", "Pooled"):
        found = numbers.get_by_text(text, exact=True).bounding_box()
        assert found["x"] + found["width"] <= PHONE["width"] and found["y"] + found["height"] <= PHONE["height"], text
    assert not open_page().locator(".opening .phone").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(open_page, address, synthetic, scheme):
    from axe_playwright_python.sync_playwright import Axe

    for page_of in (address, synthetic):
        page = open_page(at=page_of, color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        violations = Axe().run(page).response["violations"]
        grave = [
            (one["id"], one["nodes"][0]["html"][:200]) for one in violations if one["impact"] in ("serious", "critical")
        ]
        assert grave == []
