"""The flow of data as a picture: the stages, which builds on which, and the one door out, drawn from `stages.STAGES`.

An arrow stands where a stage builds on another and on none between. Colours follow the reader's light or dark setting.
Numbers are whole: the same bytes on every machine.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from html import escape
from statistics import mean

from caseseries.model.stages import SOURCES, STAGES, Stage, maker_of

TALL, BROAD, APART = 72, 240, 36
"""Height and width of a box; what lies between two rows of boxes."""
LETTERS = 35
"""Letters of what a stage does that fit beside each other in its box, three lines of them."""
GIVEN = {"data/": "what is known of the cases, a folder a cohort", "config/": "definitions, drugs, settings"}
"""The folders that people write."""

STYLE = """
svg { --ground: #ffffff; --ink: #1b1b1b; --quiet: #5a5a5a; --line: #8a8a8a; --box: #f2f5f7; --accent: #005a8c; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #14181c; --ink: #f0f0f0; --quiet: #b4b4b4; --line: #8a8a8a; --box: #222a31; --accent: #7cc4f0; }
}
text { font: 12px system-ui, sans-serif; fill: var(--quiet); }
.name { font-weight: 600; font-size: 14px; fill: var(--ink); }
.door { fill: var(--accent); font-weight: 600; }
rect { fill: var(--box); stroke: var(--line); }
.ground { fill: var(--ground); stroke: none; }
.given { stroke-dasharray: 4 3; fill: none; }
path { fill: none; stroke: var(--line); stroke-width: 1.4; }
.way { stroke: var(--accent); stroke-dasharray: 6 4; }
marker path { fill: var(--line); stroke: none; }
"""

Edges = dict[str, set[str]]


def builds_on(stages: Iterable[Stage] = STAGES) -> Edges:
    """Verb -> the verbs and folders that it builds on directly: not those that it reaches through another as well."""
    found: Edges = {folder: set() for folder in GIVEN}
    for stage in stages:
        makers = {name: maker_of(name) for name in stage.inputs}
        above = {maker.verb for maker in makers.values() if maker} - {stage.verb}
        above |= {folder for name in makers if name in SOURCES for folder in GIVEN if SOURCES[name].startswith(folder)}
        found.setdefault(stage.verb, set()).update(above)
    return {verb: {one for one in above if not _reached(one, above, found)} for verb, above in found.items()}


def _reached(one: str, above: set[str], edges: Edges) -> bool:
    """Whether one of some verbs is built upon by another of them."""
    waiting = [edges[other] for other in above - {one}]
    seen: set[str] = set()
    while waiting:
        new = waiting.pop() - seen
        seen |= new
        waiting += [edges[name] for name in new]
    return one in seen


def rows_of(edges: Edges) -> list[list[str]]:
    """Boxes row by row, each below all that it builds on; a way past a row has a place in it, `verb>verb`."""
    row: dict[str, int] = {}
    for name, above in edges.items():  # in the order of the stages, which is one in which they can run
        row[name] = max((row[one] + 1 for one in above), default=0)
    rows: list[list[str]] = [[] for _ in range(max(row.values()) + 1)]
    for name, place in row.items():
        rows[place].append(name)
        for one in sorted(edges[name]):
            for between in range(row[one] + 1, place):
                rows[between].append(f"{one}>{name}")
    return rows


def draw_flow() -> str:
    """The picture as SVG."""
    edges = builds_on()
    rows = rows_of(edges)
    tops = [16 + number * (TALL + APART) for number in range(len(rows))]
    width = max(len(names) for names in rows) * (BROAD + 14)
    at = _places(rows, edges, width)
    door = next(number for number, names in enumerate(rows) if "disclose" in names)
    height = tops[-1] + TALL + 16
    ways = [_way(one, name, rows, tops, at) for name, above in edges.items() for one in sorted(above)]
    boxes = [
        part
        for names, top in zip(rows, tops, strict=True)
        for name in names
        if ">" not in name
        for part in _box(name, at[name], top)
    ]
    said = ", ".join(name for names in rows for name in names if ">" not in name)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
            "<title>How data flow from stage to stage</title>",
            f"<desc>From top to bottom: {said}.</desc>",
            f"<style>{STYLE}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
            'orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
            f'<rect class="ground" width="{width}" height="{height}"/>',
            *_door(tops[door], width),
            *ways,
            *boxes,
            "</svg>\n",
        ]
    )


def _places(rows: list[list[str]], edges: Edges, width: int) -> dict[str, int]:
    """Middle of each box and way: in the order of the middles of what lies above it, the row spread over the width."""
    at: dict[str, int] = {}
    for names in rows:
        above = {name: edges[name] if ">" not in name else {name.partition(">")[0]} for name in names}
        order = sorted(names, key=lambda name: (mean([at[one] for one in above[name]] or [0]), ">" in name))
        space = width / len(order)
        at |= {name: round(space * (place + 0.5)) for place, name in enumerate(order)}
    return at


def _way(one: str, name: str, rows: list[list[str]], tops: list[int], at: dict[str, int]) -> str:
    """The arrow from a box to one below it."""
    start = next(number for number, names in enumerate(rows) if one in names)
    end = next(number for number, names in enumerate(rows) if name in names)
    x, y = at[one], tops[start] + TALL
    parts = [f"M{x} {y}"]
    for row in range(start + 1, end + 1):
        to = at[name] if row == end else at[f"{one}>{name}"]
        parts.append(f"C{x} {y + APART // 2} {to} {tops[row] - APART // 2} {to} {tops[row]}")
        x, y = to, tops[row]
        if row < end:
            y += TALL
            parts.append(f"V{y}")
    return f'<path d="{" ".join(parts)}" marker-end="url(#tip)"/>'


def _box(name: str, middle: int, top: int) -> list[str]:
    about = GIVEN[name] if name in GIVEN else next(stage.about for stage in STAGES if stage.verb == name)
    lines = textwrap.wrap(about, LETTERS, max_lines=3, placeholder=" …")
    kind = ' class="given"' if name in GIVEN else ""
    left = middle - BROAD // 2
    return [
        f'<rect{kind} x="{left}" y="{top}" width="{BROAD}" height="{TALL}" rx="6"/>',
        f'<text class="name" x="{middle}" y="{top + 18}" text-anchor="middle">{escape(name)}</text>',
        *(
            f'<text x="{middle}" y="{top + 34 + 15 * number}" text-anchor="middle">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ),
    ]


def _door(top: int, width: int) -> list[str]:
    """The line between what is its owner's and what may leave, through the middle of the stage that is the door."""
    y = top + TALL // 2
    return [
        f'<path class="way" d="M12 {y}H{width - 12}"/>',
        f'<text class="door" x="14" y="{y - 8}">results/restricted</text>',
        f'<text class="door" x="14" y="{y + 18}">results/release</text>',
    ]
