"""Pages of the documentation site that stand elsewhere or are made from a finished run, for MkDocs (mkdocs.yml).

README, glossary and the like come from the root, a page for each cohort from its README, the report and the gallery of
figures from results/release. A link to a file that is no page of the site becomes the file's name.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[1]
MOVED = {
    "README.md": "index.md",
    "GLOSSARY.md": "glossary.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "config/README.md": "configuration.md",
}
"""File of the project -> page of the site."""

LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s#]*)(#[^)\s]*)?\)")
NO_BREAK = "\u2060"
"""Parts the signs of a pattern in code that MkDocs would read as markup, and stop; a reader does not see it."""

REPORTS = ("report.html", "synthetic.html")
REPORT = """# The report of the shipped cohorts

One page, made by `./run` from the cohorts of this project:

- [the report](report/report.html), as released;
- [its page of synthetic data](report/synthetic.html), behind which nobody stands.

[How to read it](read-the-report.md), and [each figure with its command](gallery.md).
"""

GALLERY = """# Gallery

Every figure of the shipped cohorts, with the command that made it. `./run` makes all of them.
"""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List every page of the folders that mkdocs.yml names in its order of pages by their name alone."""
    cohorts = ["cohorts/index.md", *cohort_pages().values()]
    inside = {"cohorts/": cohorts, "definitions/": pages_in("definitions"), "drugs/": pages_in("drugs")}
    config.nav = _filled(config.nav, inside)
    return config


def _filled(nav: list, inside: dict[str, list[str]]) -> list:
    filled = []
    for entry in nav:
        if isinstance(entry, dict):
            ((title, below),) = entry.items()
            filled.append({title: inside.get(below, below) if isinstance(below, str) else _filled(below, inside)})
        else:
            filled.append(entry)
    return filled


def pages_in(folder: str) -> list[str]:
    """Pages of a folder of docs/, its README in front."""
    names = sorted(file.name for file in (ROOT / "docs" / folder).glob("*.md") if file.name != "README.md")
    return [f"{folder}/{name}" for name in ("README.md", *names)]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that stand outside docs/, and those that are made here."""
    release = finished_release()
    made = {page: (ROOT / source).read_text(encoding="utf-8") for source, page in MOVED.items()}
    made |= {"report.md": REPORT, "gallery.md": gallery(release)}
    made |= {page: (ROOT / source).read_text(encoding="utf-8") for source, page in cohort_pages().items()}
    made["cohorts/index.md"] = "# The shipped cohorts\n\n" + "\n".join(
        f"- [{posixpath.basename(page).removesuffix('.md')}]({posixpath.basename(page)})"
        for page in cohort_pages().values()
    )
    for page, text in made.items():
        files.append(File.generated(config, page, content=text))
    for name in REPORTS:
        files.append(File.generated(config, f"report/{name}", abs_src_path=str(release / name)))
    for folder, entry in figures(release):
        picture = folder / entry["file"]
        place = f"gallery/{picture.relative_to(release).as_posix()}"
        files.append(File.generated(config, place, abs_src_path=str(picture)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let links lead where the pages stand in the site."""
    place = page.file.src_uri
    sources = {to: source for source, to in {**MOVED, **cohort_pages()}.items()}
    folder = posixpath.dirname(sources.get(place, f"docs/{place}"))
    pages = {file.src_uri for file in files}

    def lead(found: re.Match[str]) -> str:
        sign, text, target, anchor = found.group(1), found.group(2), found.group(3), found.group(4) or ""
        if not target or ":" in target or place in ("report.md", "gallery.md", "cohorts/index.md"):
            return found.group(0)
        to = page_for(posixpath.normpath(posixpath.join(folder, target)), pages)
        if to is None:
            return text if text.startswith("`") else f"{text} (`{posixpath.normpath(posixpath.join(folder, target))}`)"
        return f"{sign}[{text}]({posixpath.relpath(to, posixpath.dirname(place) or '.')}{anchor})"

    return LINK.sub(lead, markdown).replace("<![", f"<{NO_BREAK}![")


def page_for(file: str, pages: set[str]) -> str | None:
    """The page, picture or other file of the site that shows a file or folder of the project; None where none does."""
    inside = file.removeprefix("docs/")
    own = {**MOVED, **cohort_pages()}
    for place in (own.get(file), own.get(f"{file}/README.md"), inside, f"{inside}/README.md"):
        if place in pages:
            return place
    return None


def cohort_pages() -> dict[str, str]:
    """README of each cohort -> its page."""
    found = sorted((ROOT / "data").glob("*/README.md"))
    return {f"data/{file.parent.name}/README.md": f"cohorts/{file.parent.name}.md" for file in found}


def finished_release() -> Path:
    """The release of a finished run of this project."""
    release = ROOT / "results" / "release"
    if missing := [name for name in REPORTS if not (release / name).is_file()]:
        raise PluginError(f"results/release has no {missing[0]}: run ./run first")
    return release


def figures(release: Path) -> Iterator[tuple[Path, dict]]:
    """The figures of each cohort, then those across cohorts: their folder and entry of its index."""
    folders = [*sorted(release.glob("*/figures")), release / "figures"]
    for folder in folders:
        index = folder / "index.json"
        for entry in json.loads(index.read_text(encoding="utf-8")) if index.exists() else []:
            yield folder, entry


def gallery(release: Path) -> str:
    """The page of all figures."""
    parts, above = [GALLERY], None
    for folder, entry in figures(release):
        across = folder.parent == release
        cohort = "pooled" if across else folder.parent.name
        if cohort != above:
            above = cohort
            parts.append(f"## {'Across cohorts' if across else cohort}\n\n```\ncaseseries show {cohort}\n```\n")
        picture = (folder / entry["file"]).relative_to(release).as_posix()
        alt = entry["alt"].replace("[", "(").replace("]", ")").replace("\n", " ")
        caption = entry["caption"].replace("\n", " ").replace("*", "\\*")
        parts.append(
            f"### {entry['title']}\n\n![{alt}](gallery/{picture})\n\n{caption}\n\n`results/release/{picture}`\n"
        )
    return "\n".join(parts)
