"""Take docs/report.png, the picture in the README: the first screen of results/release/report.html.

Run after ./run, with Chromium installed:  python docs/make_readme_picture.py
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "results" / "release" / "report.html"
WINDOW = {"width": 1280, "height": 800}


def take_picture(report: Path, picture: Path) -> None:
    """Save the first screen of a report, light, one and a half times as sharp as the window."""
    browser_file = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser_file is None:
        sys.exit("Chromium was not found. On Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_file, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=WINDOW, device_scale_factor=1.5, color_scheme="light")
        page.goto(report.resolve().as_uri())
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    if not REPORT.exists():
        sys.exit("results/release/report.html is not there yet: run ./run first")
    take_picture(REPORT, ROOT / "docs" / "report.png")
