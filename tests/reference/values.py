"""Reference values from R, the data behind them, and which of them are compared where.

Every item of the three JSON files stands in exactly one of `COMPARED` (by the room that compares it) and `EXPLAINED`
(not compared, with the reason); test_reference_complete.py holds that.
"""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

HERE = Path(__file__).parent

COMPARED = {
    "proportion": (
        r"binom/(clopper_pearson|wilson|wilson_proptest|wilson_epitools|jeffreys_equal_tailed|midp_definition)/.*",
        r"binom/binom.confint:(exact|wilson)/.*",
        r"binom/binom.bayes:jeffreys_central/.*",
        r"binom/exactci:(central|blaker|midp)/.*",
        r"binom/(BlakerCI|PropCIs:midPci)/.*",
        r"t22/.*/newcombe",
    ),
    "kaplan_meier": (r"km/.*/(log-log|log|plain|logit|arcsin)", r"entry/.*/km"),
    "restricted_mean": (r"rmst/.*",),
    "incidence": (r"cif/.*", r"entry/.*/cif"),
    "interval": (r"turnbull/.*/(icfit|MLEcens|npsurv|survfit|ic_np)",),
    "log_rank": (r"logrank/.*/rho=.",),
    "gray": (r"gray/.*",),
    "tables": (r"t22/.*/(fisher|boschloo|exact2x2:minlike)",),
    "firth": (r"firth/.*",),
    "cox": (r"cox/(veteran|itp)/breslow",),
    "proportional": (r"proportional/.*",),
    "glmm": (r"glmm/itp_pool/.*", r"metaprop/itp_pool/GLMM(_HK)?"),
    "inverse_variance": (r"meta/itp_pool/.*/REML/.*", r"metaprop/itp_pool/Inverse_REML(_HK)?", r"adhoc/.*"),
    "kappa": (r"kappa/.*",),
}

EXPLAINED = {
    r"binom/wilson_cc/.*": "no continuity correction is offered: it widens Wilson's interval beyond its level",
    r"binom/agresti/.*|binom/binom.confint:agresti-coull/.*": "Agresti-Coull is not offered: meant for larger n, and "
    "its limits leave 0 to 1",
    r"binom/binom.confint:(asymptotic|logit|cloglog|probit|lrt)/.*": "interval not offered: poor coverage or no value "
    "at 0/n and n/n for small n",
    r"binom/exactci:minlike/.*": "interval not offered: Blaker's is the shorter exact one that is",
    r"binom/test/.*": "a test against a fixed rate is not offered: a case series has no such rate",
    r"km/.*/fh2": "another estimator of survival (Fleming-Harrington) is not offered",
    r"logrank/itp_E_arm/exact": "a permutation log-rank test is not offered: small comparisons are refused",
    r"finegray/.*": "no subdistribution regression is offered: too few events for it in a case series",
    r"cox/.*/(efron|exact)": "Firth's Cox regression has Breslow's ties, as firthmodels and coxphf",
    r"cox/.*/zph": "a score test since survival 3; ours is that of 1994, which proportional/ has",
    r"weibull/.*|lm/.*|lmm/.*|glm/.*|glmm/cbpp/.*": "no such model is offered: one declared predictor, Firth only",
    r"t22/.*/chisq|rxc/.*|trend/.*": "chi-squared tests are not offered: the tables are too small for them",
    r"t22/.*/midp_epitools": "mid-P of Fisher's test is not offered; Boschloo's is the less conservative test that is",
    r"t22/.*/exact2x2:(central|blaker)": "Fisher's test is two-sided by probability, as fisher.test; no other",
    r"t22/.*/uncond:.*": "unconditional exact intervals of a difference are not offered: Newcombe's is",
    r"t22/.*/diff_ci": "score and Wald intervals of a difference and ratio intervals are not offered: Newcombe's is",
    r"meta/itp_pool/(PLO|PFT|PR|PAS)/(FE|DL|ML|PM|HS|HE|SJ|EB)/.*": "tau2 by REML only; other estimators not offered",
    r"turnbull/.*/ictest": "tests between interval-censored groups are not offered",
    r"rank/.*": "rank and t tests are not offered: a case series describes numbers, it does not compare them",
    r"quantile/types": "quantiles of Table 1 are numpy's (type 7); no estimator here uses another",
    r"padjust": "no multiple testing is done: no p-values between definitions on the same people",
}


@cache
def items() -> dict[str, dict]:
    """All items of the three files by name."""
    found = {}
    for name in ("reference.json", "reference_extra.json", "reference_more.json"):
        found |= json.loads((HERE / name).read_text())["items"]
    return found


def of_room(room: str) -> list:
    """Parameters for pytest: the items of a room, with package, version and call in the test's name."""
    patterns = [re.compile(pattern) for pattern in COMPARED[room]]
    chosen = [name for name in items() if any(pattern.fullmatch(name) for pattern in patterns)]
    return [pytest.param(name, id=f"{name} | {items()[name]['package']} | {items()[name]['call']}") for name in chosen]


def value(name: str) -> dict:
    """The value that R gave."""
    return items()[name]["value"]


def numbers(values: object) -> np.ndarray:
    """A list from JSON as floats; NA and "NaN" are nan."""
    found = values if isinstance(values, list) else [values]
    return np.array([np.nan if v is None or v == "NaN" else float(v) for v in found])


@cache
def data(name: str) -> pd.DataFrame:
    """An input of R, read exactly."""
    return pd.read_csv(HERE / "data" / f"{name}.csv", float_precision="round_trip")


def cohorts(name: str) -> pd.DataFrame:
    """Rows of itp.csv by the second part of an item's name: itp_A, itp_AEF, itp_all."""
    chosen = name.removeprefix("itp_")
    frame = data("itp")
    return frame if chosen in ("all", "arm", "arm_strat", "cohorts") else frame[frame["cohort"].isin(list(chosen))]


def apart(time: np.ndarray) -> np.ndarray:
    """Ranks of the distinct times: for packages that leave times apart which differ by rounding only."""
    return np.unique(time, return_inverse=True)[1].astype(float)


def times(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Time and status (0 censored, 1 the event, 2 competing) of a curve item."""
    room, source = name.split("/")[:2]
    if source.startswith("itp"):
        frame = cohorts(source)
        return frame["time"].to_numpy(), frame["status"].to_numpy()
    if source.startswith("veteran"):
        frame = data("veteran")
        return frame["time"].to_numpy(dtype=float), frame["status"].to_numpy()
    frame = data("bmt")
    competing = np.where(frame["d3"] == 0, 0, np.where(frame["d2"] == 1, 1, 2))
    return frame["t2"].to_numpy(dtype=float), frame["d3"].to_numpy() if room in ("km", "rmst") else competing


def assert_close(ours: object, theirs: object, tolerance: float) -> None:
    """Equal within an absolute tolerance, missing values at the same places."""
    np.testing.assert_allclose(
        np.asarray(ours, dtype=float), numbers(theirs) if isinstance(theirs, list) else theirs, rtol=0, atol=tolerance
    )
