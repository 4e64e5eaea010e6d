"""The report on paper: figures whole, headings of tables again on each page, nothing cut off, no half-empty pages."""

import subprocess

import pytest
from PIL import Image

from browser.pages import IN_BROWSER

pytestmark = IN_BROWSER

DARK, HALF = 200, 0.55
"""A point darker than this is ink; a page whose last ink stands above this share of its height is half empty."""

PAPER = {"width": 680, "height": 1000}
"""The room between the margins of a page of A4, in points of the screen."""

PICTURE = """data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='600' height='400' font-size='20'>
<text x='9' y='20'>TOPMOST</text><text x='9' y='390'>LOWEST</text></svg>"""


def printed(page, tmp_path):
    """The report as a PDF."""
    path = tmp_path / "report.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    return path


def texts_of(path):
    """The text of each page."""
    found = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return found.split("\f")[:-1]


def inked(path):
    """How far down each page its last ink stands, as a share of its height."""
    subprocess.run(["pdftoppm", "-r", "30", "-gray", path, path.parent / "page"], check=True)
    lowest = []
    for drawn in sorted(path.parent.glob("page-*.pgm")):
        with Image.open(drawn) as picture:
            ink = picture.point([255] * DARK + [0] * (256 - DARK)).getbbox()
            lowest.append(ink[3] / picture.height if ink else 0)
        drawn.unlink()
    return lowest


def test_no_page_is_half_empty(open_page, synthetic, tmp_path):
    for page in (open_page(), open_page(at=synthetic)):
        shares = inked(printed(page, tmp_path))
        assert len(shares) > 1 and min(shares[:-1]) > HALF, shares


@pytest.mark.parametrize("above", [0, 250, 500, 750])
def test_a_figure_is_not_split(open_page, tmp_path, above):
    """Wherever on the page it would begin."""
    page = open_page()
    page.evaluate(
        """([source, above]) => {
          document.querySelectorAll('.card img').forEach((picture) => { picture.src = source; });
          const room = document.createElement('div');
          room.style.height = `${above}px`;
          document.querySelector('main').prepend(room);
        }""",
        [PICTURE, above],
    )
    captions = page.locator("figure:has(.card) figcaption").all_inner_texts()
    texts = texts_of(printed(page, tmp_path))
    captions = [caption for caption in captions if caption]  # none of what stays folded
    assert sum(text.count("TOPMOST") for text in texts) >= len(captions) > 3
    for text in texts:
        assert text.count("TOPMOST") == text.count("LOWEST")
    for caption in captions:
        assert any("LOWEST" in text and " ".join(caption.split()[:4]) in " ".join(text.split()) for text in texts)


def test_headings_stand_again_on_each_page_of_a_table(open_page, tmp_path):
    page = open_page()
    page.evaluate(
        """() => {
          const table = [...document.querySelectorAll('table.caseseries')]
            .find((one) => one.caption.textContent.includes('numbers to sort'));
          table.tHead.rows[0].cells[0].append('HEADING');
          const body = table.tBodies[0];
          for (let row = 0; row < 150; row += 1) body.append(body.rows[0].cloneNode(true));
          [...body.rows].forEach((row) => { row.cells[0].textContent = 'LINE'; });
        }"""
    )
    pages = [text for text in texts_of(printed(page, tmp_path)) if "LINE" in text]
    assert len(pages) > 2
    assert [text.count("HEADING") for text in pages] == [1] * len(pages)


def test_no_table_is_cut_off_on_paper(open_page):
    """Not even one of 21 columns of words, as many as the list of cases has."""
    page = open_page(PAPER)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate(
        """() => {
          const table = document.querySelector('table.caseseries');
          [...table.rows].filter((row) => row.cells.length > 1).forEach((row) => {
            while (row.cells.length < 21) row.append(row.cells[row.cells.length - 1].cloneNode(true));
            row.cells[9].textContent = row.closest('thead') ? 'On the drug at conception' : 'eltrombopag';
            row.cells[15].textContent = row.closest('thead') ? 'Earlier treatment' : 'preparation for delivery';
          });
        }"""
    )
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main table')].filter((one) => one.offsetParent)
          .map((one) => [one.caption?.innerText, one.offsetWidth - one.parentElement.clientWidth])"""
    )
    assert len(wide) > 3
    assert [name for name, over in wide if over > 1] == []
