"""A small project with results as the contract has them, for the tests of the report. Every number here is made up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import yaml
from PIL import Image

from caseseries.estimate.definition_counts import count_definitions
from caseseries.model.cohort import load_cohort
from caseseries.model.columns import TABLES
from caseseries.model.layout import Layout
from caseseries.model.records import Records, empty_table, type_table, write_records
from caseseries.model.results import (
    CHOICES,
    CLAIM_COUNTS,
    CLAIMS,
    DEFINITION_COUNTS,
    DESCRIPTION,
    ESTIMATES,
    EXPLAINED_COUNTS,
    EXPLANATIONS,
    NOT_EVALUABLE_BECAUSE,
    QUERY_COUNTS,
    RESPONSES,
    SPREAD,
    count_rows,
    read_table,
    write_table,
)
from caseseries.response.definitions import load_definitions
from caseseries.response.explanations import evaluable, explain_cases, tabulate_cases, tabulate_counts
from caseseries.show.cells import number
from caseseries.show.save_tables import table_json
from caseseries.show.table import Table, TableColumn, line, texts
from unit.show.toy_cohorts import make_choice, make_grid, write_both

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="300" viewBox="0 0 800 300">'
    '<rect width="800" height="300" fill="white"/><text x="20" y="40" id="a">{text}</text></svg>'
)
WILSON = {(2, 4): (0.15003899, 0.84996101), (23, 31): (0.56753864, 0.86298294), (8, 12): (0.39062, 0.86188)}
EXACT = {
    (2, 4): (0.06758599, 0.93241401),
    (23, 31): (0.55386607, 0.881436),
    (8, 12): (0.34888, 0.90075),
    (0, 4): (0.0, 0.60236),
}
MEASURE = "ava_cum_weeks"
CATALOGUE = Path(__file__).parents[1] / "config" / "definitions"
CAUTION = "The papers used different rules, and it is not known whether they share patients."

COHORTS = {
    "alpha-2020": {
        "population": "pregnant women with refractory disease",
        "people": "woman",
        "title": "Drug A in four pregnant women",
    },
    "beta-2017": {"population": "pregnant women", "people": "woman", "title": "Drug A in pregnancy, totals only"},
    "gamma-2011": {
        "population": "adults, not pregnant",
        "title": "Four adults in remission",
        "selected_for": "lasting remission",
    },
    "delta-site": {
        "population": "adults",
        "grouped_by": "drug",
        "title": "A register whose rows may not leave",
        "provenance": "registry",
        "disclosure": {"profile": "restricted", "basis": "The committee allows summaries alone."},
    },
    "simulated-a": {
        "population": "simulated patients",
        "title": "Made by a program",
        "provenance": "synthetic",
        "disclosure": {"profile": "synthetic", "basis": "No person stands behind a row."},
    },
}


def make_project(root: Path) -> Layout:
    """Write configuration, cohorts and results under `root`."""
    layout = Layout(root / "data", root / "config", root / "results")
    _write_config(layout)
    for cohort, about in COHORTS.items():
        _write_cohort(layout, cohort, about)
    _write_estimates(layout)
    _write_people(layout)
    claims = [
        ("alpha-2020", "responders", "2 of 4, 50 %", "2 of 4, 50 %", "reproduced", "from 4 evaluable cases"),
        ("alpha-2020", "cases", "4", "4", "reproduced", "counted"),
        ("beta-2017", "responders", "24 of 31, 74.2 %", "", "inconsistent", "24 of 31 is 77.4 %"),
        ("delta-site", "bleeding", "6.1 %", "6.061 %", "consistent", "2 of 33 gives it"),
    ]
    for where in (layout, layout.as_told()):
        judged = pd.DataFrame(claims, columns=list(CLAIMS)).assign(source="publication")
        write_table(judged, where.claims, CLAIMS)
        write_table(count_rows(judged, CLAIM_COUNTS), where.claim_counts, CLAIM_COUNTS)
    _write_index(layout.release, "figures", [("forest_drug-a", "forest", "Response beside other cohorts")])
    _write_index(layout.release, "tables", [("pooled_drug-a-late", "pooled", "The rates of another pool")])
    return layout


def _write_config(layout: Layout) -> None:
    layout.definitions.mkdir(parents=True)
    for name in ("jurczak-2018", "platelet-response"):
        shutil.copy(CATALOGUE / f"{name}.yaml", layout.definitions)
    members = [{"cohort": "alpha-2020"}, {"cohort": "beta-2017", "group": "drug A"}]
    pool = {"id": "drug-a", "title": "Drug A in pregnancy", "members": members, "caution": CAUTION}
    config = {"cohorts": list(COHORTS), "flagship": "alpha-2020", "definitions": ["strict", "loose"], "pools": [pool]}
    config["main_definition"] = "loose"
    (layout.config / "config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")


def _write_cohort(layout: Layout, cohort: str, about: dict) -> None:
    folder = layout.cohort(cohort)
    folder.mkdir(parents=True)
    whole = {
        "id": cohort,
        "citation": "Nobody N. A made-up series.",
        "design": "retrospective case series",
        "provenance": "transcribed",
        "licence": "CC0",
        "source_definition": "not_stated",
        "disclosure": {"profile": "published", "basis": "The rows are made up."},
    } | about
    (folder / "cohort.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")


def _rate(cohort: str, events: int, n: int, **more: object) -> list[dict]:
    common = {
        "cohort": cohort,
        "group": "all",
        "definition": "as_reported",
        "analysis": "primary",
        "statistic": "response_rate",
        "estimate": events / n if n else None,
        "level": 0.95,
        "events": events,
        "n": n,
        "not_evaluable": 0,
    } | more
    if not n:
        return [common | {"method": "Wilson", "note": "nobody evaluable"}]
    rows = []
    for method, limits in (("Wilson", WILSON), ("Clopper-Pearson", EXACT)):
        lower, upper = limits.get((events, n), (0.0, 1.0))
        rows.append(common | {"method": method, "lower": lower, "upper": upper})
    return rows


def _write_estimates(layout: Layout) -> None:
    none = {"not_evaluable": 4}
    rows = {
        "alpha-2020": [
            *_rate("alpha-2020", 2, 4),
            *_rate("alpha-2020", 0, 0, definition="strict", **none),
            *_rate("alpha-2020", 0, 0, definition="loose", **none),
            *_rate("alpha-2020", 0, 4, statistic="outcome_rate", cause="newborn_adverse_event", analysis="aggregate"),
        ],
        "beta-2017": _rate("beta-2017", 23, 31, group="drug A", analysis="aggregate"),
        "gamma-2011": [],
        "delta-site": [*_rate("delta-site", 8, 12, definition="loose"), *_groups("delta-site", "loose")],
        "simulated-a": [
            *_rate("simulated-a", 8, 12, definition="loose"),
            *_rate("simulated-a", 4, 4, definition="plt50_any"),
            *_curve("simulated-a", "loose"),
            *_harms("simulated-a"),
        ],
    }
    why = {"group": "all", "analysis": "primary", "statistic": NOT_EVALUABLE_BECAUSE, "cause": "no_dated_count"}
    for cohort, found in rows.items():
        found += [
            why | {"cohort": cohort, "definition": definition, "method": "count", "estimate": 4, "events": 4, "n": 4}
            for definition in (() if cohort == "beta-2017" else ("strict", "loose"))
        ]
        write_both(pd.DataFrame(found, columns=list(ESTIMATES)), layout, "estimates", cohort, ESTIMATES)
    pooled = {
        "cohort": "pooled",
        "group": "drug-a",
        "definition": "as_reported",
        "statistic": "pooled_rate",
        "estimate": 0.71,
        "lower": 0.52,
        "upper": 0.85,
        "level": 0.95,
        "events": 25,
        "n": 35,
        "method": "random-intercept logistic model",
    }
    found = [pooled | {"analysis": name} for name in ("main", "inverse_variance")]
    write_both(pd.DataFrame(found, columns=list(ESTIMATES)), layout, "estimates", "pooled", ESTIMATES)


def _groups(cohort: str, definition: str) -> list[dict]:
    common = {"cohort": cohort, "definition": definition, "analysis": "primary", "level": 0.95, "events": 8, "n": 12}
    between = common | {"group": "all", "contrast": "A against B", "cause": ""}
    return [
        *_rate(cohort, 6, 7, group="A", definition=definition),
        *_rate(cohort, 2, 5, group="B", definition=definition),
        between
        | {"statistic": "rate_difference", "estimate": 0.457, "lower": -0.052, "upper": 0.771, "method": "Newcombe"},
        between | {"statistic": "p_value", "estimate": 0.2222, "method": "Fisher's exact test"},
        between | {"statistic": "groups_compared", "estimate": 2, "method": "count"},
    ]


def _curve(cohort: str, definition: str) -> list[dict]:
    common = {"cohort": cohort, "group": "all", "definition": definition, "analysis": "primary", "level": 0.95}
    steps = [("response", 7.0, 8), ("delivery", 20.0, 3)]
    rows = [
        common
        | {
            "statistic": "cumulative_incidence",
            "cause": cause,
            "time": time,
            "estimate": events / 12,
            "lower": 0.1,
            "upper": 0.9,
            "events": events,
            "n": 12,
            "method": "Aalen-Johansen",
        }
        for cause, time, events in steps
    ]
    first = {"statistic": "came_first", "n": 12, "method": "count"}
    rows += [common | first | {"cause": cause, "events": events} for cause, _, events in steps]
    median = {"statistic": "median_time", "cause": "response", "estimate": 7.0, "lower": 6.0, "events": 8, "n": 12}
    return [*rows, common | median | {"method": "Brookmeyer-Crowley"}]


def _harms(cohort: str) -> list[dict]:
    common = {"cohort": cohort, "group": "all", "analysis": "primary", "level": 0.95}
    rate = common | {"statistic": "adverse_event_rate", "method": "Clopper-Pearson", "n": 4, "not_evaluable": 0}
    return [
        common | {"statistic": "adverse_events", "events": 3, "n": 4, "method": "count"},
        rate | {"cause": "mother/any", "events": 2, "estimate": 0.5, "lower": 0.0676, "upper": 0.9324},
        rate | {"cause": "mother/any serious", "events": 0, "estimate": 0.0, "lower": 0.0, "upper": 0.6024},
        rate | {"cause": "neonate/any", "events": 0, "n": 0, "not_evaluable": 4},
    ]


def _write_people(layout: Layout) -> None:
    for cohort in COHORTS:
        totals = cohort == "beta-2017"
        ids = [] if totals else [f"E{number}" for number in range(1, 5)]
        tables = {name: empty_table(name) for name in TABLES}
        tables["episodes"] = type_table("episodes", pd.DataFrame({"episode_id": ids}, dtype=str))
        if totals:
            lone = {"group": ["newborns"], "outcome": ["neonatal_thrombocytopenia"], "events": ["9"]}
            tables["aggregates"] = type_table("aggregates", pd.DataFrame(lone))
        if cohort in ("delta-site", "simulated-a"):
            days, counted = ["0"] * 4 + ["7"] * 4, ["9"] * 4 + ["60"] * 4
            counts = pd.DataFrame({"episode_id": ids * 2, "day": days, "count": counted})
            tables["counts"] = type_table("counts", counts)
        if cohort == "simulated-a":
            events = {"episode_id": ["E1", "E1", "E2"], "subject": ["mother"] * 3, "term": ["headache", "rash", "rash"]}
            tables["adverse_events"] = type_table("adverse_events", pd.DataFrame(events))
        write_records(Records(cohort, tables), layout.records(cohort))
        responses = [
            {
                "episode_id": case,
                "definition": definition,
                "response_class": "NE",
                "reason": "Not evaluable: no count after the first dose; CR remains possible.",
            }
            for case in ids
            for definition in ("strict", "loose", MEASURE)
        ]
        if cohort in ("delta-site", "simulated-a"):
            responses = [row | ({"response_class": "R"} if row["definition"] == "loose" else {}) for row in responses]
            responses += [{"episode_id": case, "definition": "plt50_any", "response_class": "yes"} for case in ids]
        write_table(pd.DataFrame(responses, columns=list(RESPONSES)), layout.responses(cohort), RESPONSES)
        judged = read_table(layout.responses(cohort))
        counted = count_definitions(judged, read_table(layout.estimates(cohort)), load_definitions(layout.definitions))
        write_both(counted, layout, "definition_counts", cohort, DEFINITION_COUNTS)
        if cohort in ("delta-site", "simulated-a"):
            found, frame = load_cohort(layout.cohort(cohort)), pd.DataFrame(responses)
            catalogue = load_definitions(layout.definitions)
            explained = explain_cases(found, Records(cohort, tables), evaluable(frame), catalogue)
            write_table(tabulate_cases(explained), layout.explanations(cohort), EXPLANATIONS)
            write_table(tabulate_counts(explained), layout.explained_counts(cohort), EXPLAINED_COUNTS)
        write_both(_description(cohort, ids), layout, "description", cohort, DESCRIPTION)
        asked = (f"{cohort}/episodes.csv", "reported_response", "a response is reported without any count", 1)
        counted = pd.DataFrame([asked], columns=list(QUERY_COUNTS)).iloc[: len(ids)]
        write_table(counted, layout.query_counts(cohort), QUERY_COUNTS)
        _write_index(layout.release / cohort, "figures", [("rates", "rates", f"Rates of {cohort}")], cohort)
        _write_index(layout.release / cohort, "tables", [("description", "description", "Who")], cohort)
    _write_numbers(layout.release / "alpha-2020")


def _description(cohort: str, ids: list[str]) -> pd.DataFrame:
    common = {"cohort": cohort, "group": "all" if ids else "drug A", "statistic": "count", "missing": 0}
    size = len(ids) or 31
    rows = [common | {"variable": "episodes", "label": "Episodes", "value": size, "n": size}]
    if ids:
        rows.append(common | {"variable": "patients", "label": "Patients", "value": size, "n": size})
        rows.append(common | {"variable": "sex", "label": "Sex", "level": "female", "value": size, "n": size})
        rows.append(
            common
            | {"variable": "weight_kg", "label": "Weight", "unit": "kg", "statistic": "median", "n": 0, "missing": size}
        )
    return pd.DataFrame(rows, columns=list(DESCRIPTION))


def _write_index(folder: Path, what: str, entries: list[tuple[str, str, str]], cohort: str = "") -> None:
    synthetic = cohort.startswith("simulated")
    (folder / what).mkdir(parents=True, exist_ok=True)
    index = []
    for place, (name, kind, title) in enumerate(entries):
        entry = {
            "id": name,
            "order": place,
            "kind": kind,
            "title": title,
            "caption": f"{title}, of nobody.",
            "individual": False,
            "synthetic": synthetic,
        }
        if what == "figures":
            entry |= {"alt": f"Picture: {title}", "file": f"{name}.svg", "png": f"{name}.png"}
            (folder / what / entry["file"]).write_text(SVG.format(text=title), encoding="utf-8")
            Image.new("RGB", (80, 30), "white").save(folder / what / entry["png"])
        else:
            entry |= {"file": f"{name}.html", "csv": f"{name}.csv", "json": f"{name}.json"}
            table = Table(name, kind, title, "Of nobody.", *texts(["Name", "n"], [["one", "1"]]), order=place)
            (folder / what / entry["json"]).write_text(table_json(table), encoding="utf-8")
        index.append(entry)
    (folder / what / "index.json").write_text(json.dumps(index), encoding="utf-8")


def _write_numbers(folder: Path) -> None:
    """A table of ten rows whose numbers stand in another order as texts."""
    entries = json.loads((folder / "tables" / "index.json").read_text(encoding="utf-8"))
    rows = [line(f"row {place}", number(value)) for place, value in enumerate([12, 3, 100, 20, 7, 1, 9, 31, 4, 2])]
    columns = (TableColumn("Name"), TableColumn("Value", "number"))
    table = Table("numbers", "safety", "Ten numbers to sort", "Of nobody.", columns, tuple(rows), order=9)
    (folder / "tables" / "numbers.json").write_text(table_json(table), encoding="utf-8")
    entry = entries[0] | {"id": "numbers", "kind": "safety", "json": "numbers.json", "csv": "numbers.csv"}
    (folder / "tables" / "index.json").write_text(json.dumps([*entries, entry]), encoding="utf-8")


def add_entries(folder: Path, what: str, kinds: list[str], cohort: str = "") -> None:
    """Add a table or figure of each kind to those that a folder has, titled by its kind."""
    before = json.loads((folder / what / "index.json").read_text(encoding="utf-8"))
    known = [(entry["id"], entry["kind"], entry["title"]) for entry in before]
    _write_index(folder, what, [*known, *((kind, kind, f"Table of {kind}") for kind in kinds)], cohort)


RATES = [("as_reported", 0.9, 9, 10), ("strict", 0.25, 1, 4), ("loose", 0.75, 9, 12), ("never", None, 0, 0)]


def add_spread(layout: Layout, *choices: str) -> None:
    """Rates by definition for two cohorts, and what choices of ours move in one of them, each alike."""
    for cohort in ("delta-site", "simulated-a"):
        spread = [
            {"cohort": cohort, "definition": name, "estimate": rate, "events": events, "n": n}
            for name, rate, events, n in RATES
        ]
        write_both(pd.DataFrame(spread, columns=list(SPREAD)), layout, "spread", cohort, SPREAD)
        counted = read_table(layout.definition_counts(cohort))
        rated = {
            "standing": "rated",
            "cause": "",
            "definitions": sum(n > 0 for *_, n in RATES[1:]),
            "applied": len(RATES),
        }
        counted = pd.concat([counted[counted["standing"] != "rated"], pd.DataFrame([rated])])
        write_both(counted, layout, "definition_counts", cohort, DEFINITION_COUNTS)
        add_entries(layout.release / cohort, "tables", ["choices", "agreement"], cohort)
        add_entries(layout.release / cohort, "figures", ["agreement"], cohort)
    add_entries(layout.release / "simulated-a", "tables", ["class_changes"], "simulated-a")
    ways = [("one way", 5, 10, 2), ("the other", 6, 12, 0)]
    rows = [*(row for choice in choices for row in make_choice(choice, ways, 0.1)), make_grid(0.4, 0.5)]
    write_both(pd.DataFrame(rows, columns=list(CHOICES)), layout, "choices", "simulated-a", CHOICES)
