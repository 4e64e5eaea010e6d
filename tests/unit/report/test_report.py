"""The whole page, written from a small project: what stands where, in which words, and that it is self-contained."""

import json
import re
import shutil
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import yaml

from caseseries.cli import main
from caseseries.model.definition import Caution
from caseseries.model.layout import Layout
from caseseries.show.markup import page_environment
from caseseries.show.table import Table, texts
from caseseries.words.labels import grouped
from report_project import CAUTION, COHORTS, MEASURE, make_project


def write_report(layout: Layout, *more: str) -> int:
    folders = ["--data", str(layout.data), "--config", str(layout.config), "--results", str(layout.results)]
    return main(["report", *folders, *more])


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    layout = make_project(tmp_path_factory.mktemp("project with a space"))
    assert write_report(layout) == 0
    return layout


@pytest.fixture(scope="module")
def page(layout):
    return layout.as_told().report.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def synthetic(layout):
    return layout.as_told().synthetic_report.read_text(encoding="utf-8")


class Outline(HTMLParser):
    """Tags with their attributes, in order, and the tags still open when the page ends."""

    EMPTY = frozenset({"meta", "link", "img", "br", "hr", "wbr"})

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.open, self.crossed = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def outline(page):
    return Outline(page)


def text_of(page: str, element: str) -> str:
    """Words of the element with this id or class, up to the next section."""
    start = re.search(rf'<(\w+)[^>]*(?:id|class)="{element}[" ][^>]*>', page)
    end = page.find(f"</{start[1]}>", start.end())
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[start.end() : end])).split())


def test_the_first_words_are_the_answer(page):
    assert "2 of 4 women responded, 50 % (95 % interval 15 to 85 %)." in text_of(page, "answer")
    assert text_of(page, "context") == "What counted as a response, the counts, doses and times could not be read."
    lines = text_of(page, "lines")
    safety = "Safety No adverse event in newborns: 0 of 4, upper bound 60 % (95 % interval)."
    assert f"{safety} This assumes that the source looked for it in all 4." in lines
    assert "Reproduction 2 of 2 published numbers come out the same." in lines


def test_the_first_picture_is_the_pooled_forest(outline):
    assert outline.all("img")[0]["alt"] == "Picture: Response beside other cohorts"


def test_sections_stand_in_the_order_of_the_configuration(outline):
    parts = [attributes["id"] for attributes in outline.all("section") if "part" in attributes["class"]]
    assert parts == [*(cohort for cohort in COHORTS if cohort != "simulated-a"), "across", "made"]
    pieces = [attributes["id"] for attributes in outline.all("section") if "piece" in attributes["class"]]
    keys = ("who", "response", "safety", "cases", "claims", "quality")
    assert pieces[:6] == [f"alpha-2020-{key}" for key in keys]


def test_what_a_cohort_has_nothing_of_stands_in_one_line(page):
    assert "Not in the source: times, doses." in text_of(page, "alpha-2020-who")
    assert "alpha-2020-speed" not in page and "alpha-2020-dosing" not in page


def test_no_sentence_names_a_method(page, synthetic):
    for shown in (page, synthetic):
        said = re.findall(r"<p(?: class=.(?:answer|context).)?>([^<]*)</p>", shown) + re.findall(r"<dd>([^<]*)", shown)
        assert len(said) > 9
        assert not re.search(r"Wilson|Clopper|Kaplan|Aalen|Newcombe|Fisher|Gauss", " ".join(said))


def test_a_flagship_that_is_not_the_first_opens_the_report(layout, tmp_path):
    config = yaml.safe_load((layout.config / "config.yaml").read_text()) | {"flagship": "beta-2017"}
    results = Layout(layout.data, layout.config, layout.results)
    before = layout.as_told().report.read_bytes()
    assert write_report(results, "--settings", json.dumps(config)) == 0
    page = layout.as_told().report.read_text(encoding="utf-8")
    layout.as_told().report.write_bytes(before)
    assert "23 of 31 women responded, 74 % (95 % interval 57 to 86 %)." in text_of(page, "answer")
    parts = [a["id"] for a in Outline(page).all("section") if "part" in a["class"]]
    assert parts[:2] == ["beta-2017", "alpha-2020"]


def test_the_same_results_give_the_same_bytes(layout):
    before = layout.as_told().report.read_bytes()
    assert write_report(layout) == 0
    assert layout.as_told().report.read_bytes() == before


def test_nothing_is_asked_for_from_outside(page, outline):
    assert all(attributes["src"].startswith("data:") for attributes in outline.all("img"))
    assert [attributes["href"] for attributes in outline.all("link")] == ["data:,"]
    assert all("src" not in attributes for attributes in outline.all("script"))
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert re.findall(r"url\((?!\"data:)|@import", style) == []


def test_no_date_and_no_path_of_this_machine(page, layout):
    assert str(layout.data.parent) not in page
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", page)


def test_the_page_is_well_formed(outline):
    assert outline.open == []
    assert outline.crossed == []
    assert outline.all("html")[0]["lang"] == "en"
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))


def test_headings_go_down_one_step_at_a_time(outline):
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_link_inside_the_page_has_its_target(outline):
    ids = {attributes.get("id") for _, attributes in outline.tags}
    links = [attributes["href"] for attributes in outline.all("a")]
    assert [link for link in links if link.startswith("#") and link[1:] not in ids] == []


def test_every_picture_has_words_and_every_heading_of_a_table_its_scope(outline):
    assert all(attributes["alt"] for attributes in outline.all("img"))
    assert all(attributes.get("scope") in ("col", "row", "rowgroup") for attributes in outline.all("th"))
    assert len(outline.all("caption")) == len(outline.all("table"))


def test_files_that_the_page_links_to_lie_beside_it(layout, outline):
    files = [a["href"] for a in outline.all("a") if a.get("class") == "file" and a["href"].endswith(".svg")]
    assert "figures/forest_drug-a.svg" in files
    assert all((layout.release / file).exists() for file in files)


def test_synthetic_data_have_a_page_of_their_own_and_say_so_there(page, synthetic):
    assert "simulated-a" not in re.findall(r'<section id="([^"]+)"', page)
    assert 'class="banner"' not in page and '<a href="synthetic.html">' in page
    assert re.findall(r'<section id="([^"]+)" class="part([^"]*)"', synthetic) == [("simulated-a", " synthetic")]
    assert synthetic.count("No patient stands behind any number here.") == 1
    assert '<a href="report.html">' in synthetic


def test_a_study_without_synthetic_cohorts_says_so_on_their_page(layout, tmp_path):
    config = yaml.safe_load((layout.config / "config.yaml").read_text())
    config["cohorts"].remove("simulated-a")
    elsewhere = tmp_path / "results"
    shutil.copytree(layout.results, elsewhere)
    assert write_report(Layout(layout.data, layout.config, elsewhere), "--settings", json.dumps(config)) == 0
    page = (elsewhere / "release" / "synthetic.html").read_text(encoding="utf-8")
    assert "This study has no synthetic cohort." in text_of(page, "answer")
    assert "synthetic.html" not in (elsewhere / "release" / "report.html").read_text(encoding="utf-8")


def test_a_flagship_that_is_synthetic_opens_the_report(layout, tmp_path):
    config = yaml.safe_load((layout.config / "config.yaml").read_text()) | {"flagship": "simulated-a"}
    elsewhere = tmp_path / "results"
    shutil.copytree(layout.results, elsewhere)
    assert write_report(Layout(layout.data, layout.config, elsewhere), "--settings", json.dumps(config)) == 0
    page = (elsewhere / "release" / "report.html").read_text(encoding="utf-8")
    assert page.count("No patient stands behind any number here.") == 1
    assert next(a["id"] for a in Outline(page).all("section") if "part" in a["class"]) == "simulated-a"


def test_a_table_of_synthetic_data_says_so_itself(page, synthetic):
    assert "Questions about the data. SYNTHETIC data, no patients." in text_of(synthetic, "simulated-a-quality")
    assert "SYNTHETIC" not in text_of(page, "alpha-2020-quality")


def test_a_cohort_selected_by_outcome_shows_no_rate(page):
    text = text_of(page, "gamma-2011-response")
    assert "selected by their outcome: lasting remission." in text
    assert not re.search(r"\d+ of \d+ \w+ responded", text)


def test_rows_of_persons_that_may_not_leave_are_not_shown(page):
    assert "The committee allows summaries alone." in text_of(page, "delta-site-cases")


def test_a_case_that_may_be_shown_says_why_it_has_its_class(page, synthetic):
    text = text_of(synthetic, "simulated-a-cases")
    assert "E1: yes Under Any count of 50 or more: yes." in text
    assert "Deciding: 60 (day 7)" in text
    assert re.search(r"7 count 60 [^;]*: yes; decides", text)
    assert "0 count 9 left out: only counts from day 1 on are used" in text
    assert "R: loose. yes: Any count of 50 or more. Not evaluable under 2 definitions." in text
    assert "Deciding" not in text_of(page, "delta-site-cases")


def test_counts_without_a_denominator_are_said_to_have_none(page):
    text = text_of(page, "beta-2017-safety")
    assert "Printed without saying among how many: thrombocytopenia in newborns in 9." in text


def test_events_of_single_cases_are_counted(page, synthetic):
    said = text_of(synthetic, "simulated-a-safety")
    assert "Any serious adverse event in the mother in 0 of 4, upper bound 60 % (95 % interval)" in said
    assert "any adverse event in the mother in 2 of 4, 50 % (95 % interval 7 to 93 %)." in said
    assert "that harm of the mother was looked for in all 4." in said
    assert "Whether harm of the newborn was looked for is not recorded" in said
    assert "adverse events and other outcomes" in text_of(page, "gamma-2011-who")


def test_a_rate_names_the_definition_that_is_not_the_authors(synthetic):
    text = text_of(synthetic, "simulated-a-response")
    first = "Under loose, 8 of 12 patients responded, 67 % (95 % interval 39 to 86 %)."
    assert first in text_of(synthetic, "answer") and first not in text
    assert "Nobody can be evaluated under 1 of 3 standard definitions: no dated count after the first dose." in text


def test_groups_are_compared_under_the_headline_s_definition(page):
    assert (
        "By group: A 6 of 7 (86 %) and B 2 of 5 (40 %). The difference is 46 percentage points (95 % interval −5 to "
        "77; nothing is adjusted for). Test between the 2 groups: p = 0.22."
    ) in text_of(page, "delta-site-response")


def test_a_definition_that_measures_a_number_is_not_counted_among_the_classes(synthetic):
    assert f"{MEASURE} " not in text_of(synthetic, "simulated-a-response")
    assert "2 of 3 standard definitions can be evaluated." in synthetic


def test_sources_and_cautions_of_definitions_stand_in_the_report(page):
    text = text_of(page, "made-definitions")
    assert "10.1111/bjh.15573" in text or "Jurczak" in text
    assert "Our choice:" in text


def test_each_kind_of_caution_is_named_once():
    cautions = [Caution("C", "a: or b"), Caution("M", "doi:10.1/x"), Caution("C", "c")]
    assert grouped(cautions) == "Our choice: a: or b; c. Unconfirmed: doi:10.1/x."
    assert grouped([]) == ""


def test_competing_events_are_counted_in_words(synthetic):
    text = text_of(synthetic, "simulated-a-speed")
    assert "8 of 12 patients reached response; delivery came first in 3; 1 was observed to the end without it." in text
    assert "The median time to response is 7 days (95 % interval 6 days to not reached)." in text


def test_a_contradiction_in_print_is_not_held_against_us(page):
    assert "The one published number could not be recomputed; 1 contradicts itself in print." in text_of(
        page, "beta-2017-claims"
    )


def test_what_rests_on_printed_counts_alone_is_explained_once(page):
    assert "no case stands behind the number, and its arithmetic in print holds" in text_of(page, "delta-site-claims")
    assert "no case stands behind" not in text_of(page, "alpha-2020-claims")


def test_the_pooled_rate_carries_its_caution(page):
    text = text_of(page, "pool-drug-a")
    assert "Over 2 cohorts, 25 of 35 women responded; the pooled rate is 71 %" in text
    assert CAUTION in text
    assert "no prediction interval is given" in text


def test_questions_about_the_data_name_no_case(page):
    text = text_of(page, "alpha-2020-quality")
    assert "a response is reported without any count" in text
    assert "E1" not in text


def test_a_missing_estimate_is_named(tmp_path, capsys):
    layout = make_project(tmp_path)
    layout.as_told().estimates("beta-2017").unlink()
    layout.as_told().estimates("gamma-2011").unlink()
    assert write_report(layout) == 2
    assert capsys.readouterr().err.splitlines() == [
        "release/beta-2017/estimates.csv: the file is missing: run the disclose stage first",
        "release/gamma-2011/estimates.csv: the file is missing: run the disclose stage first",
    ]
    assert not layout.as_told().report.exists()


def test_a_flagship_that_is_not_analysed_is_refused(tmp_path, capsys):
    layout = make_project(tmp_path)
    config = yaml.safe_load((layout.config / "config.yaml").read_text()) | {"flagship": "nobody-1999"}
    assert write_report(layout, "--settings", json.dumps(config)) == 2
    assert "the flagship must stand in the list of cohorts (for example: alpha-2020)" in capsys.readouterr().err


def test_a_wall_of_notes_below_a_table_is_folded():
    def shown(*notes):
        table = Table("t", "responses", "Title", "Caption", *texts(["Name", "n"], [["a", "1"]]), order=1, notes=notes)
        return str(page_environment().get_template("table.html.j2").module.table(table, "t", fold_from=5))

    assert "<details>" not in shown("one", *["two"] * 3) and "<tfoot>" not in shown()
    folded = shown("one", *["two"] * 9)
    assert "<p>one</p><details><summary>9 notes, one for each marked line</summary><p>two</p>" in folded
    assert folded.count("<p>two</p>") == 9 and Outline(folded).open == []


def test_a_table_of_another_pool_is_not_taken_for_one_s_own(page):
    """The id of one pool may be part of another's."""
    assert "The rates of another pool" not in page
