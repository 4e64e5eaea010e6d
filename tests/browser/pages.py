"""The browser, the sizes of its window, the mark of the tests that need it, and how a link is followed."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARRIVES = 15_000  # milliseconds
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt-get install chromium)")
IN_BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("browser"), NEEDS_CHROMIUM]


def arrived(page, place):
    """The element of `place` ("#id") once the page stands there and has opened what it is folded into.

    A browser takes a link, and tells the page of it, after the press has returned.
    """
    page.wait_for_function(
        """(place) => {
          const target = location.hash === place && document.getElementById(place.slice(1));
          const folded = target && target.closest("details");
          return Boolean(target) && (!folded || folded.open);
        }""",
        arg=place,
        timeout=ARRIVES,
    )
    return page.locator(place)


def still(page):
    """Wait until the page has not moved for three frames: what moves under the pointer is not pressed."""
    page.evaluate(
        """() => new Promise((done) => {
          let before = [], same = 0;
          const look = () => {
            const now = [scrollX, scrollY, document.documentElement.scrollHeight];
            same = now.every((value, at) => value === before[at]) ? same + 1 : 0;
            before = now;
            same < 3 ? requestAnimationFrame(look) : done();
          };
          look();
        })"""
    )


def follow(page, link):
    """Press `link` with the pointer; the element that it leads to.

    A busy computer may move the page between press and release, and the press is lost: a reader presses again.
    """
    from playwright.sync_api import TimeoutError as TooLate

    place = link.get_attribute("href")
    for _ in range(2):
        still(page)
        link.click()
        try:
            return arrived(page, place)
        except TooLate:
            continue
    still(page)
    link.click()
    return arrived(page, place)
