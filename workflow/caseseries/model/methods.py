"""How an estimate was made: the closed list of names that stand in the column `method`, each with what it means."""

from __future__ import annotations

WILSON, EXACT = "Wilson", "Clopper-Pearson"
JEFFREYS, MID_P, BLAKER = "Jeffreys", "mid-P", "Blaker"
GEE, BOOTSTRAP, BOUND = "GEE", "bootstrap by person", "bound"
POISSON = "exact Poisson"
COUNT, MEDIAN_AND_RANGE, LATER = "count", "median and range", "later than the last known day"
KAPLAN_MEIER, AALEN_JOHANSEN, TURNBULL = "Kaplan-Meier", "Aalen-Johansen", "Turnbull"
KAPLAN_MEIER_QUANTILE, REVERSE_KAPLAN_MEIER = "Brookmeyer-Crowley", "reverse Kaplan-Meier"
INCIDENCE_QUANTILE = "quantile of Aalen-Johansen"
KAPLAN_MEIER_AREA, AALEN_JOHANSEN_AREA = "area under Kaplan-Meier", "area under Aalen-Johansen"
NEWCOMBE, FISHER, GRAY, LOG_RANK = "Newcombe", "Fisher's exact test", "Gray's test", "log-rank test"
FIRTH_LOGISTIC, FIRTH_COX = "Firth logistic regression", "Firth Cox regression"
PROPORTIONALITY = "Grambsch-Therneau test"
RANDOM_INTERCEPT, INVERSE_VARIANCE = "random-intercept logistic model", "inverse variance on logits"
EARLIER = "robust meta-analytic-predictive prior"
PREDICTION, TYPICAL_VARIANCE = "Higgins-Thompson-Spiegelhalter", "typical variance within cohorts"
LIKELIHOOD_RATIO, COCHRAN = "likelihood-ratio test", "Cochran's Q"

CENSORING = "competing events censored"
WORKED_OUT = "worked out from print"
"""Note of a rate whose count no source prints: it was made from what is printed."""
ON_LOGITS = "t with k - 1 df, limits and standard error on the logit scale"

RATE_INTERVALS = {WILSON: "wilson", EXACT: "clopper_pearson", JEFFREYS: "jeffreys", MID_P: "mid_p", BLAKER: "blaker"}
"""Intervals of a rate: each is estimated, and computed again, by its name in `estimators.proportion`."""

METHODS = {
    "": "nothing was estimated",
    WILSON: "Wilson",
    EXACT: "Clopper-Pearson",
    JEFFREYS: "Jeffreys",
    MID_P: "mid-P",
    BLAKER: "Blaker",
    GEE: "GEE, independence, Mancl-DeRouen, t with persons - 1 df",
    BOOTSTRAP: "bootstrap by person, percentile, 2000 samples, seed 20230901",
    BOUND: "bound without an interval",
    COUNT: "counted",
    MEDIAN_AND_RANGE: "median and range",
    POISSON: "exact Poisson (Garwood), by time on the drug",
    LATER: "later than the last day known to be before it; censored on that day",
    KAPLAN_MEIER: "Kaplan-Meier, log-log",
    KAPLAN_MEIER_QUANTILE: "Kaplan-Meier, Brookmeyer-Crowley, log-log",
    KAPLAN_MEIER_AREA: "Kaplan-Meier area, Greenwood-type variance, normal limits",
    INCIDENCE_QUANTILE: "Aalen-Johansen, first day on which the incidence is a half, limits read from its band",
    REVERSE_KAPLAN_MEIER: "reverse Kaplan-Meier, Brookmeyer-Crowley, log-log",
    AALEN_JOHANSEN: "Aalen-Johansen, complementary log-log",
    AALEN_JOHANSEN_AREA: "area under Aalen-Johansen, normal limits",
    TURNBULL: f"Turnbull, intervals (left, right]; {CENSORING}",
    NEWCOMBE: "Newcombe, hybrid score",
    FISHER: "Fisher's exact test, two-sided by probability",
    GRAY: "Gray's test",
    LOG_RANK: "log-rank test",
    FIRTH_LOGISTIC: "Firth logistic regression, profile penalised likelihood",
    FIRTH_COX: f"Firth Cox regression, Breslow ties, profile penalised likelihood; {CENSORING}",
    PROPORTIONALITY: "Grambsch and Therneau's test, ranks of time, regression without penalty, Efron ties",
    RANDOM_INTERCEPT: f"random-intercept logistic model, 49-point adaptive Gauss-Hermite quadrature, {ON_LOGITS}",
    INVERSE_VARIANCE: (f"inverse variance on logits, REML, Hartung-Knapp with factor at least 1, {ON_LOGITS}"),
    EARLIER: "robust meta-analytic-predictive prior on the logit, mu normal(0, 2), tau half-normal(1), by quadrature",
    PREDICTION: "t with k - 2 df, Higgins, Thompson and Spiegelhalter 2009",
    LIKELIHOOD_RATIO: "likelihood ratio of a rate for each cohort to one for all, chi-squared with k - 1 df",
    COCHRAN: "Cochran's Q, inverse variance on logits, chi-squared with k - 1 df",
    TYPICAL_VARIANCE: "tau2 / (tau2 + typical variance within cohorts), Higgins and Thompson 2002",
}
"""Name in the column `method` -> the method in whole, as the report's list of methods has it."""
