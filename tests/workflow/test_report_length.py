"""The report stays short: words and screens of each cohort, and the size of the pages, of the shipped cohorts."""

import pytest

from browser.pages import CHROMIUM, FLAGS, NEEDS_CHROMIUM

WORDS, SCREENS, BYTES = 950, 4.0, 3_800_000
"""Most words seen and most screens of 900 pixels of one cohort with nothing opened, most bytes of all pages: of ten
cohorts as much as leaves thirteen like them below 5 MB."""

pytestmark = [pytest.mark.workflow, NEEDS_CHROMIUM]
MEASURE = """async () => {
  for (const picture of document.images) picture.loading = 'eager';
  await Promise.all([...document.images].map((picture) => picture.decode().catch(() => null)));
  const words = (part) => part.innerText.split(/\\s+/).length;
  const closed = (part) => [...part.querySelectorAll('select')].reduce((sum, list) => sum + words(list) - 1, 0);
  return [...document.querySelectorAll('.opening, .part:has(> .kicker)')].map((part) => [
    part.id, words(part) - closed(part), part.getBoundingClientRect().height / 900,
  ]);
}"""


def test_a_cohort_takes_a_few_screens_and_the_pages_stay_light(finished):
    from playwright.sync_api import sync_playwright

    pages = [finished.root / "results" / "release" / name for name in ("report.html", "synthetic.html")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        window = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        found = []
        for page in pages:
            window.goto(page.as_uri())
            found += window.evaluate(MEASURE)
        browser.close()
    assert len(found) >= 10
    assert [row for row in found if row[1] > WORDS or row[2] > SCREENS] == []
    assert sum(page.stat().st_size for page in pages) <= BYTES
