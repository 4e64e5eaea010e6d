"""How well printed curves are taken back to cases: python tests/benchmarks/reconstruction.py (some minutes)

Writes docs/reconstruction/scores.csv and its table in README.md: simulated curves with known cases, by number of cases
and by what is printed, read with an error, reconstructed by search and by Guyot's algorithm. And pancreatic2/ beside
it: a figure drawn from the rows of real patients (asaur 0.50, CC0), followed pixel by pixel as a digitising program
does. The same bytes every time. With `ratios` the hazard ratios of the published figures alone are made again.
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from caseseries.estimators import kaplan_meier
from caseseries.reconstruct import search as searching
from caseseries.reconstruct.curve import PrintedCurve
from caseseries.reconstruct.guyot import guyot
from caseseries.reconstruct.log_rank import spread
from caseseries.reconstruct.ranges import median_of
from caseseries.reconstruct.reconstructed import reconstruct
from caseseries.reconstruct.search import History, levels_of, search
from caseseries.reconstruct.timeline import timeline

sys.path.insert(0, str(Path(__file__).parents[1]))
from reference.printed_curves import curves, summary, table

OUT = Path(__file__).parents[2] / "docs" / "reconstruction"
SIZES = (10, 20, 31, 60)
INFORMATION = {"numbers at risk": (7, False), "numbers at risk and total": (7, True), "total": (0, True)}
"""What is printed below the curve -> days between two numbers at risk (0: none), and whether the total is printed."""
ERRORS = (0.005, 0.01)
CURVES = 20
"""Simulated curves a cell."""


def simulate(n: int, error: float, information: str, number: int) -> tuple[PrintedCurve, tuple]:
    """A curve of made-up cases over eight weeks, a quarter of them lost early, and the history behind it."""
    random = np.random.default_rng([n, round(1e4 * error), list(INFORMATION).index(information), number])
    every, total = INFORMATION[information]
    event, lost = np.ceil(random.exponential(25, n)), np.where(random.random(n) < 0.4, random.integers(1, 57, n), 56)
    time, happened = np.minimum(event, lost).astype(int), event <= lost
    steps = kaplan_meier(time, happened.astype(int))
    steps = steps[steps["events"] > 0]
    if steps.empty:
        return simulate(n, error, information, number + CURVES)
    truth = tuple(zip(steps["at_risk"].astype(int), steps["events"].astype(int), strict=True))
    end = int(time.max())
    read = np.clip(np.round(levels_of(truth) + random.uniform(-error, error, len(truth)) * 0.99, 4), 0, 1)
    rows = tuple((day, int((time >= day).sum())) for day in range(0, end + 1, every)) if every else ()
    events = int(happened.sum()) if total else None
    days = tuple(int(day) for day in steps["time"])
    levels = tuple(float(level) for level in read)
    return PrintedCurve("made-up", "all", "o", n, events, days, levels, error, end, levels[-1], rows), truth


def score(n: int, error: float, information: str) -> dict[str, float]:
    """Shares of the curves of a cell of which the search, and Guyot's algorithm, tell the truth."""
    rows = []
    for number in range(CURVES):
        curve, truth = simulate(n, error, information, number)
        found, cases = search(curve), guyot(curve)
        happened = np.flatnonzero(cases.events)
        by_guyot = dict(
            zip(
                cases.days[happened].tolist(),
                zip(cases.at_risk[happened], cases.events[happened], strict=True),
                strict=True,
            )
        )
        true, best = levels_of(truth), levels_of(found.histories[0])
        other = np.cumprod(1 - cases.events[happened] / cases.at_risk[happened])
        middle = [median_of(curve.days, true), median_of(curve.days, best), median_of(cases.days[happened], other)]
        middle = [60.0 if np.isnan(value) else value for value in middle]
        total = sum(d for _, d in truth)
        rows.append(
            {
                "complete": found.complete,
                "truth_listed": truth in found.histories if found.complete else np.nan,
                "one_history": found.complete and found.counted == 1,
                "events_certain": found.events[0] == found.events[1],
                "median_error": abs(middle[1] - middle[0]),
                "guyot_whole": tuple(by_guyot.get(day) for day in curve.days) == truth and len(by_guyot) == len(truth),
                "guyot_events": int(cases.events.sum()) == total,
                "guyot_median_error": abs(middle[2] - middle[0]),
            }
        )
    means = pd.DataFrame(rows).astype(float).mean()
    return {"n": n, "error": error, "printed": information, "curves": CURVES, **means}


def scores() -> pd.DataFrame:
    """A row a cell."""
    searching.COUNTED = searching.LISTED  # whether a list is complete is all that is asked here
    cells = [(n, error, information) for n in SIZES for error in ERRORS for information in INFORMATION]
    found = []
    for cell in cells:
        found.append(score(*cell))
        print(*cell, file=sys.stderr, flush=True)
    return pd.DataFrame(found)


HISTORIES = 4
"""Histories of each group that a hazard ratio is made of: the best, and others evenly through the list."""


def cases_of(curve: PrintedCurve, history: History, late: bool) -> pd.DataFrame:
    """Cases of a history, those lost between two known days on the last of them or on the first."""
    lines, cases = timeline(curve, history), []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        cases += [(line.day, 1)] * line.events
        last = curve.end if following is None else following.day - 1
        lost = [last if late else line.day] * line.censored
        cases += [(curve.end if following is None and place == 0 else day, 0) for place, day in enumerate(lost)]
    return pd.DataFrame(cases, columns=["time", "event"])


def guyots_cases(curve: PrintedCurve) -> pd.DataFrame:
    """Cases by Guyot's algorithm."""
    found = guyot(curve)
    days = np.concatenate([np.repeat(found.days, found.events), np.repeat(found.days, found.censored)])
    events = np.repeat([1, 0], [found.events.sum(), found.censored.sum()])
    left = curve.n - len(days)
    return pd.DataFrame({"time": [*days, *[curve.end] * left], "event": [*events, *[0] * left]})


def hazard_ratio(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """Hazard ratio of the second group against the first: Cox's model, ties as Efron has them."""
    from statsmodels.duration.hazard_regression import PHReg

    both = pd.concat([one.assign(second=0.0), other.assign(second=1.0)])
    both = both[both["time"] > 0]
    model = PHReg(both["time"], both[["second"]], both["event"], ties="efron")
    return float(np.exp(model.fit(disp=False).params[0]))


def ratio(figure: str, groups: tuple[str, str]) -> dict[str, object]:
    """Hazard ratios of one published figure: printed, of kmdata's rows, of our histories, of Guyot's cases."""
    keys = [(figure, group) for group in groups]
    found = [reconstruct(curves("figures")[key]) for key in keys]
    known = summary("figures", keys[0])
    ways = [
        [
            cases_of(one.curve, history, late)
            for history in spread(one.found.listed, HISTORIES)
            for late in (True, False)
        ]
        for one in found
    ]
    made = [hazard_ratio(*pair) for pair in product(*ways)]
    return {
        "figure": figure,
        "pubmed": known["pubmed"],
        "cases": sum(one.curve.n for one in found),
        "printed": known["published_hazard_ratio"],
        "rows": known["hazard_ratio_of_rows"],
        "best": made[0],
        "lower": min(made),
        "upper": max(made),
        "guyot": hazard_ratio(*(guyots_cases(one.curve) for one in found)),
    }


def ratios() -> pd.DataFrame:
    """A row a published figure."""
    pairs = table("figures", "truth_pairs")
    return pd.DataFrame([ratio(row.curve, (row.group_a, row.group_b)) for row in pairs.itertuples()])


WIDTH, HEIGHT, EVERY, LAST, READ = 1200, 420, 90, 990, 0.006
"""Pixels of the drawn figure; days between two numbers at risk; end of the axis; two pixels, as a share."""
COLOURS = {"LA": "#0072B2", "M": "#D55E00"}
NAMES = {"LA": "locally advanced", "M": "metastatic"}


def draw_and_follow() -> None:
    """The survival of 41 patients by stage as a figure, and the points of its lines."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    rows = pd.read_csv(OUT / "pancreatic2" / "rows.csv")
    figure = plt.figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100)
    axes = figure.add_axes((0.1, 0.14, 0.87, 0.82))
    axes.set(xlim=(0, LAST), ylim=(0, 1.02), xlabel="Days", ylabel="Alive")
    axes.set_xticks(range(0, LAST + 1, EVERY))
    curves, at_risk, totals = [], [], []
    for stage, colour in COLOURS.items():
        days = rows.loc[rows["stage"] == stage, "os"]
        curve = kaplan_meier(days, [1] * len(days))
        axes.step(
            [0, *curve["time"]],
            [1, *curve["survival"]],
            where="post",
            color=colour,
            lw=1,
            antialiased=False,
            label=NAMES[stage],
        )
        at_risk += [
            ("os", NAMES[stage], day, int((days >= day).sum())) for day in range(0, LAST, EVERY) if (days >= day).any()
        ]
        totals.append((NAMES[stage], "death", len(days), "printed"))
    axes.legend(frameon=False)
    figure.savefig(OUT / "pancreatic2" / "figure.png", metadata={"Software": None})
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())[:, :, :3].astype(int)
    across, down = axes.transData.inverted(), pixels.shape[0]
    box = axes.get_window_extent()
    legend = axes.get_legend().get_window_extent()
    for stage, colour in COLOURS.items():
        wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        near = np.abs(pixels - wanted).sum(axis=2) < 60
        for x in range(int(box.x0) + 2, int(box.x1)):
            found = [y for y in np.flatnonzero(near[:, x]) if not (legend.contains(x, down - y - 1))]
            if found:
                day, level = across.transform((x + 0.5, down - max(found) - 0.5))
                curves.append(("os", NAMES[stage], "death", "survival", round(day, 2), round(min(level, 1.0), 4), READ))
    plt.close(figure)
    write(curves, "curves", ["curve", "group", "outcome", "kind", "day", "value", "error"])
    write(at_risk, "at_risk", ["curve", "group", "day", "at_risk"])
    write(totals, "aggregates", ["group", "outcome", "n", "origin"])


def write(rows: list[tuple], name: str, columns: list[str]) -> None:
    """A table of the example."""
    pd.DataFrame(rows, columns=columns).to_csv(OUT / "pancreatic2" / f"{name}.csv", index=False, lineterminator="\n")


HEADS = (
    "cases",
    "error",
    "printed",
    "complete",
    "truth in the list",
    "one history alone",
    "events certain",
    "Guyot: history right",
    "Guyot: events right",
    "days that the median is off",
    "Guyot: days off",
)

PAGE = """# How well printed curves are taken back to cases

Written by `python tests/benchmarks/reconstruction.py`. Each line is {curves} made-up curves of eight weeks with steps
read to within the error (as a share of the axis), numbers at risk every seven days where they are printed. `complete`:
at most 1,000 histories fit, and all were listed; of these lists, how many hold the truth. Guyot's algorithm (2012) has
the same curves, the level of every day, and is ours, written after the paper.

{head}
{rows}

A median that is not reached counts as day 60. With more cases more histories fit, and no algorithm can know which is
true: what the search adds is that it says so.

Beside these made-up curves stand 24 others and 10 that were drawn from the rows of published figures (kmdata), each
with the number of its histories as another program counted it: `tests/reference/curves`. In all 34 that number is
found, and the truth is among the histories.

## Five published figures and their hazard ratios

Five figures of kmdata, 10 curves of overall or progression-free survival or of time to treatment failure, drawn anew
from that package's rows and read to within 0.002. Hazard ratio of the second group against the first (Cox, Efron):
printed by the publication, of kmdata's rows, of our best history with its range (up to {histories} histories
of each group, people lost as early and as late as can be), and of Guyot's algorithm on the same curves.

{ratio_head}
{ratio_rows}

The histories agree with the rows that were drawn within {off:.2f}. Both miss the print by up to {missed:.2f}: the rows
are themselves a reconstruction, and a printed ratio may be adjusted or of more people than the curve shows, which was
not looked up. A curve does not give back its printed ratio to the second decimal.

## A figure whose rows are known

[pancreatic2](pancreatic2): 41 people with pancreatic cancer, 8 locally advanced and 33 metastatic (data set
`pancreatic2` of the R package asaur 0.50, CC0; Moss 2012). The paper's own figure is not used; one was drawn
from the rows and its lines were followed pixel by pixel, as a digitising program does:

![Survival by stage](pancreatic2/figure.png)

`caseseries reconstruct docs/reconstruction/pancreatic2` finds one history for each group, with all 8 and 33 deaths. The
days are those of the rows or up to two days off, which is what a pixel is worth. The reading error is two pixels (0.006
of the axis): with the 0.005 that was tried first, no history of the small group fitted.
"""


RATIO_HEADS = ("figure", "PubMed", "cases", "printed", "rows of kmdata", "our best (range)", "Guyot")


def write_page(found: pd.DataFrame, of_figures: pd.DataFrame) -> str:
    """The page with a line a cell, and a line a published figure."""
    lines = []
    for row in found.itertuples():
        shares = [
            row.complete,
            row.truth_listed,
            row.one_history,
            row.events_certain,
            row.guyot_whole,
            row.guyot_events,
        ]
        told = [f"{100 * share:.0f} %" if share == share else "–" for share in shares]
        days = [f"{row.median_error:.1f}", f"{row.guyot_median_error:.1f}"]
        lines.append("| " + " | ".join([str(row.n), f"{row.error:g}", row.printed, *told, *days]) + " |")
    told_ratios = [
        f"| {row.figure} | {row.pubmed} | {row.cases} | {row.printed:.2f} | {row.rows:.2f} "
        f"| {row.best:.2f} ({row.lower:.2f} to {row.upper:.2f}) | {row.guyot:.2f} |"
        for row in of_figures.itertuples()
    ]
    return PAGE.format(
        curves=CURVES,
        head=headed(HEADS),
        rows="\n".join(lines),
        histories=HISTORIES,
        ratio_head=headed(RATIO_HEADS),
        ratio_rows="\n".join(told_ratios),
        off=(of_figures["best"] - of_figures["rows"]).abs().max(),
        missed=(of_figures["best"] - of_figures["printed"]).abs().max(),
    )


def headed(names: tuple[str, ...]) -> str:
    """First two lines of a table."""
    return "| " + " | ".join(names) + " |\n" + "|---" * len(names) + "|"


if __name__ == "__main__":
    if "ratios" not in sys.argv:
        draw_and_follow()
    if not {"figure", "ratios"} & set(sys.argv):
        scores().to_csv(OUT / "scores.csv", index=False, float_format="%.4g", lineterminator="\n")
    ratios().to_csv(OUT / "hazard_ratios.csv", index=False, float_format="%.4g", lineterminator="\n")
    page = write_page(pd.read_csv(OUT / "scores.csv"), pd.read_csv(OUT / "hazard_ratios.csv"))
    (OUT / "README.md").write_text(page, encoding="utf-8")
