"""The report in a real browser: nothing is fetched, nothing overflows, the answer comes first on every screen."""

import base64
import io

import pytest
from PIL import Image

from browser.pages import DESKTOP, IN_BROWSER, PHONE, arrived
from caseseries.report.embed import svg_uri
from caseseries.show.draw.draw import draw
from caseseries.show.figures.curves import curve_drawings
from caseseries.show.save import save_figure
from unit.show.toy_cohorts import make_cohort, make_curves, make_records, make_times

pytestmark = IN_BROWSER


def box(page, selector):
    """Where an element lies in the window."""
    return page.locator(selector).first.bounding_box()


def luminance(colour):
    """Relative luminance of `rgb(r, g, b)` (WCAG 2.2)."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(first, second):
    """Contrast ratio of two colours (WCAG 2.2)."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_it_opens_from_a_file_and_asks_for_nothing(open_page, address, synthetic):
    for page_of in (address, synthetic):
        page = open_page(at=page_of)
        page.wait_for_load_state("networkidle")
        assert page.faults == []
        assert [url for url in page.asked if not url.startswith("data:")] == [page_of]


def test_its_policy_lets_nothing_run_or_load_that_is_not_its_own(open_page):
    page = open_page()
    page.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.foreign = true';
          const picture = document.createElement('img');
          picture.src = 'http://127.0.0.1:9/picture.png';
          document.body.append(script, picture);
          document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: rgb(1, 2, 3)">text</p>');
        }"""
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.foreign") is None
    assert page.evaluate("getComputedStyle(document.getElementById('styled')).color") != "rgb(1, 2, 3)"
    assert sum("Content Security Policy" in fault for fault in page.faults) >= 3


def test_the_answer_and_its_picture_stand_on_the_first_screen(open_page):
    page = open_page()
    for selector in (".answer", ".context", ".lines"):
        found = box(page, selector)
        assert found["y"] + found["height"] <= DESKTOP["height"], selector
    picture = box(page, ".opening img")
    assert picture["y"] + 0.6 * picture["height"] <= DESKTOP["height"]
    assert page.evaluate("document.querySelector('.opening img').naturalWidth") > 0


def test_lines_of_text_are_not_too_long(open_page):
    page = open_page({"width": 1920, "height": 1080})
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main p:not(.answer):not(.about)')].map((p) => {
          const probe = document.createElement('span');
          probe.textContent = '0'.repeat(70);
          probe.style.position = 'absolute';
          p.append(probe);
          const limit = probe.getBoundingClientRect().width;
          probe.remove();
          return p.getBoundingClientRect().width / limit;
        })"""
    )
    assert max(wide) <= 1.3


def test_no_table_is_cut_off_on_a_desk(open_page):
    page = open_page()
    cut = page.evaluate(
        """() => [...document.querySelectorAll('table')]
          .filter((table) => table.parentElement.scrollWidth > table.parentElement.clientWidth + 1)
          .map((table) => table.caption.innerText)"""
    )
    assert cut == []


def test_the_navigation_leads_to_its_section_and_marks_it(open_page):
    page = open_page()
    page.click("nav a[href='#gamma-2011']")
    page.wait_for_selector("nav li.open > a[href='#gamma-2011']")
    page.wait_for_function("document.querySelector('nav a[aria-current]').hash.startsWith('#gamma-2011')")
    assert abs(box(page, "#gamma-2011")["y"]) < 60
    assert page.locator("nav a[href='#gamma-2011-who']").is_visible()
    assert not page.locator("nav a[href='#beta-2017-who']").is_visible()


def test_the_page_is_usable_without_a_mouse(open_page):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert box(page, ".skip")["x"] >= 0
    page.keyboard.press("Enter")
    assert arrived(page, "#answer").is_visible()
    page.focus("nav a[href='#across']")
    page.keyboard.press("Enter")
    assert arrived(page, "#across").is_visible()


def test_on_a_phone_nothing_runs_out_of_the_window(open_page):
    page = open_page(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    answer = box(page, ".answer")
    assert answer["y"] + answer["height"] <= PHONE["height"]


def test_on_a_phone_the_contents_fold_away(open_page):
    page = open_page(PHONE)
    link = page.locator("nav a[href='#made']")
    assert not link.is_visible()
    page.click(".menu")
    assert link.is_visible()
    link.click()
    assert not link.is_visible()
    assert page.get_attribute(".menu", "aria-expanded") == "false"
    page.click(".menu")
    page.keyboard.press("Escape")
    assert page.get_attribute(".menu", "aria-expanded") == "false"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_paper(open_page, scheme):
    page = open_page(color_scheme=scheme)
    colour = "(e) => getComputedStyle(document.querySelector(e))"
    paper = page.evaluate(f"({colour})(':root').backgroundColor")
    assert (luminance(paper) > 0.5) == (scheme == "light")
    for selector in ("main p", ".about", "nav a", "figcaption", "summary", ".file", ".lines dt"):
        ink = page.evaluate(f"({colour})('{selector}').color")
        assert contrast(ink, paper) >= 4.5, selector
    caution = page.evaluate(f"({colour})('.caution').backgroundColor")
    assert contrast(page.evaluate(f"({colour})('.caution').color"), caution) >= 4.5


def test_figures_are_dark_in_the_dark(open_page):
    corner = """async (scheme) => {
      const picture = document.querySelector('.card img');
      await picture.decode();
      return getComputedStyle(picture).filter;
    }"""
    assert open_page().evaluate(corner) == "none"
    page = open_page(color_scheme="dark")
    assert page.evaluate(corner).startswith("invert(")
    box_of = box(page, ".opening img")
    png = page.screenshot(clip={"x": box_of["x"] + 3, "y": box_of["y"] + 3, "width": 4, "height": 4})
    assert max(Image.open(io.BytesIO(png)).convert("L").getextrema()) < 60


def test_synthetic_parts_are_marked_behind_the_text(open_page, synthetic):
    page = open_page(at=synthetic)
    mark = page.evaluate("getComputedStyle(document.querySelector('.part.synthetic')).backgroundImage")
    assert "SYNTHETIC" in mark
    page = open_page()
    plain = page.evaluate("getComputedStyle(document.querySelector('.part:not(.synthetic)')).backgroundImage")
    assert plain == "none"


def test_folded_tables_are_open_on_paper_and_closed_again(open_page):
    page = open_page()
    folded = "[...document.querySelectorAll('details:not(.screen)')].filter((part) => part.querySelector('table'))"
    assert page.evaluate(f"{folded}.length") > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(f"{folded}.every((part) => part.open)")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate(f"{folded}.some((part) => part.open)")


def test_it_prints(open_page):
    page = open_page()
    document = page.pdf(prefer_css_page_size=True)
    assert document.startswith(b"%PDF")
    assert document.count(b"/Type /Page\n") + document.count(b"/Type /Page ") >= 5
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()


def test_a_drawing_in_the_page_looks_like_its_file(browser, tmp_path):
    cohort, records = make_cohort(), make_records(12)
    days, causes = [*range(3, 15)], ["response"] * 8 + ["delivery", "censored"] * 2
    drawings = curve_drawings(make_curves(cohort, records, make_times(days, causes)), {}, cohort="toy", synthetic=True)
    assert len(drawings) == 3
    page = browser.new_page(viewport={"width": 1000, "height": 800}, device_scale_factor=2)
    for drawing in drawings:
        save_figure(draw(drawing), tmp_path / drawing.id, drawing.title, drawing.alt)
        svg = (tmp_path / f"{drawing.id}.svg").read_text(encoding="utf-8")
        seen = []
        for source in (f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}", svg_uri(svg)):
            page.set_content(f"<img width='950' src='{source}'>")
            page.wait_for_function("document.images[0].complete && document.images[0].naturalWidth > 0")
            seen.append(page.locator("img").screenshot())
        assert seen[0] == seen[1]
    page.close()


def test_it_reads_without_a_script(open_page):
    page = open_page(java_script_enabled=False)
    assert page.locator(".answer").is_visible()
    assert page.locator("nav a[href='#beta-2017-who']").is_visible()
