"""HTML of tables: the one environment of templates, for single tables and for pages that hold them."""

from __future__ import annotations

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from caseseries.words.units import unbroken


@cache
def page_environment(*packages: str) -> Environment:
    """Templates of show/ and of further packages, each in its folder templates/; text is escaped."""
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in (*packages, "caseseries.show")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=kept_together,
    )
    environment.filters |= {"lines": lines, "breakable": breakable, "sortable": sortable}
    return environment


def kept_together(value: object) -> object:
    """What the templates print: words with numbers kept to their units; markup as it is."""
    return unbroken(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def lines(text: str) -> Markup:
    """A text whose line breaks are kept."""
    return Markup("<br>").join(unbroken(part) for part in text.split("\n"))


def breakable(text: str) -> Markup:
    """A heading that may be broken after a slash."""
    return Markup("/<wbr>").join(unbroken(part) for part in text.split("/"))


def sortable(value: float) -> str:
    """A number by which a column is sorted, in six digits."""
    return f"{value:.6g}"
