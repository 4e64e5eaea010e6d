"""What a methods paragraph cites: statistical methods and software, as a list of references prints them."""

from __future__ import annotations

from caseseries.model import methods as m
from caseseries.words.spelling import sentence

WORKS = {
    "wilson": "Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc "
    "1927;22:209-12.",
    "exact": "Clopper CJ, Pearson ES. The use of confidence or fiducial limits illustrated in the case of the "
    "binomial. Biometrika 1934;26:404-13.",
    "gee": "Mancl LA, DeRouen TA. A covariance estimator for GEE with improved small-sample properties. Biometrics "
    "2001;57:126-34.",
    "kaplan_meier": "Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc "
    "1958;53:457-81.",
    "quantile": "Brookmeyer R, Crowley J. A confidence interval for the median survival time. Biometrics "
    "1982;38:29-41.",
    "follow_up": "Schemper M, Smith TL. A note on quantifying follow-up in studies of failure time. Control Clin "
    "Trials 1996;17:343-6.",
    "aalen_johansen": "Aalen OO, Johansen S. An empirical transition matrix for non-homogeneous Markov chains based on "
    "censored observations. Scand J Stat 1978;5:141-50.",
    "turnbull": "Turnbull BW. The empirical distribution function with arbitrarily grouped, censored and truncated "
    "data. J R Stat Soc B 1976;38:290-5.",
    "newcombe": "Newcombe RG. Interval estimation for the difference between independent proportions: comparison of "
    "eleven methods. Stat Med 1998;17:873-90.",
    "gray": "Gray RJ. A class of K-sample tests for comparing the cumulative incidence of a competing risk. Ann Stat "
    "1988;16:1141-54.",
    "firth_logistic": "Heinze G, Schemper M. A solution to the problem of separation in logistic regression. Stat Med "
    "2002;21:2409-19.",
    "firth_cox": "Heinze G, Schemper M. A solution to the problem of monotone likelihood in Cox regression. Biometrics "
    "2001;57:114-9.",
    "proportional_hazards": "Grambsch PM, Therneau TM. Proportional hazards tests and diagnostics based on weighted "
    "residuals. Biometrika 1994;81:515-26.",
    "kappa": "Cohen J. A coefficient of agreement for nominal scales. Educ Psychol Meas 1960;20:37-46.",
    "ac1": "Gwet KL. Computing inter-rater reliability and its variance in the presence of high agreement. Br J Math "
    "Stat Psychol 2008;61:29-48.",
    "numpy": "Harris CR, Millman KJ, van der Walt SJ, et al. Array programming with NumPy. Nature 2020;585:357-62.",
    "pandas": "McKinney W. Data structures for statistical computing in Python. Proc 9th Python in Science Conf "
    "2010:56-61.",
    "scipy": "Virtanen P, Gommers R, Oliphant TE, et al. SciPy 1.0: fundamental algorithms for scientific computing in "
    "Python. Nat Methods 2020;17:261-72.",
    "matplotlib": "Hunter JD. Matplotlib: a 2D graphics environment. Comput Sci Eng 2007;9:90-5.",
    "snakemake": "Mölder F, Jablonski KP, Letcher B, et al. Sustainable data analysis with Snakemake. F1000Research "
    "2021;10:33.",
}
"""Key -> reference."""

INTERVALS = {
    m.WILSON: ("Wilson's score method", "wilson"),
    m.EXACT: ("the exact method of Clopper and Pearson", "exact"),
}
"""Intervals of a rate: method -> how a sentence names it, and what it cites."""

SENTENCES = (
    (
        "response_rate",
        m.GEE,
        "Rates over all episodes, several of a person allowed for, come from generalised estimating equations with an "
        "independence working correlation and the variance of Mancl and DeRouen",
        ("gee",),
    ),
    (
        "rate_difference",
        m.NEWCOMBE,
        "Differences of rates have Newcombe's hybrid score interval and are not adjusted for anything",
        ("newcombe",),
    ),
    ("p_value", m.FISHER, "Rates of groups were compared by Fisher's exact test, two-sided", ()),
    (
        "cumulative_incidence",
        m.AALEN_JOHANSEN,
        "Time to an event is shown as cumulative incidence (Aalen-Johansen) with complementary log-log limits, so that "
        "what came first instead counts as a competing event",
        ("aalen_johansen",),
    ),
    (
        "interval_incidence",
        m.TURNBULL,
        "Where an event is known to lie between two visits, its incidence was estimated by Turnbull's method",
        ("turnbull",),
    ),
    ("p_value", m.GRAY, "Cumulative incidences of groups were compared by Gray's test", ("gray",)),
    (
        "median_time",
        m.KAPLAN_MEIER_QUANTILE,
        "Median times are those of the Kaplan-Meier curve, competing events censored, with limits after Brookmeyer and "
        "Crowley on the log-log scale",
        ("kaplan_meier", "quantile"),
    ),
    ("median_follow_up", m.REVERSE_KAPLAN_MEIER, "Median follow-up is by reverse Kaplan-Meier", ("follow_up",)),
    (
        "odds_ratio",
        m.FIRTH_LOGISTIC,
        "Response was set against the one predictor declared beforehand by Firth's logistic regression with profile "
        "penalised likelihood limits",
        ("firth_logistic",),
    ),
    (
        "hazard_ratio",
        m.FIRTH_COX,
        "Time to response was set against that predictor by Firth's Cox regression, competing events censored",
        ("firth_cox",),
    ),
    (
        "proportional_hazards",
        m.PROPORTIONALITY,
        "Whether the hazard ratio is the same at all times was tested by scaled Schoenfeld residuals against ranks of "
        "time",
        ("proportional_hazards",),
    ),
)
"""Statistic and method of an estimate -> the sentence of a methods section, and what it cites."""

PACKAGES = ("numpy", "pandas", "scipy", "matplotlib", "snakemake")
"""Packages that are named with their version, each with a reference of its name."""


def as_reference(citation: str, doi: str = "") -> str:
    """A source as a list of references prints it: the citation as a sentence, then its doi."""
    return sentence(citation) + (f" doi:{doi}" if doi else "")
