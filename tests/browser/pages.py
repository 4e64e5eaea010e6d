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
    )
    return page.locator(place)


def follow(page, link):
    """Press `link`; the element that it leads to."""
    place = link.get_attribute("href")
    link.click()
    return arrived(page, place)
