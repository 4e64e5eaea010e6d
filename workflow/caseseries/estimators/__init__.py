"""Estimates: rates, time-to-event curves, comparisons, pooling and agreement. Arrays in, frames or small results out.

The names below are stable. Importing this package loads numpy, pandas and scipy.special only; functions that call
heavier libraries import them when called.
"""

from caseseries.estimators.agreement import cohen_kappa, gwet_ac1
from caseseries.estimators.clustered import bootstrap_rate, gee_rate
from caseseries.estimators.compare import boschloo, fisher, gray_test, log_rank
from caseseries.estimators.competing import cumulative_incidence, incidence_quantile, time_lost
from caseseries.estimators.interval import turnbull
from caseseries.estimators.meta_analysis import inverse_variance, leave_one_out, pool_proportions
from caseseries.estimators.proportion import blaker, clopper_pearson, jeffreys, mid_p, newcombe, proportion
from caseseries.estimators.regression import firth_cox, firth_logistic
from caseseries.estimators.survival import follow_up, kaplan_meier, landmark, number_at_risk, quantile, restricted_mean

__all__ = [
    "blaker",
    "bootstrap_rate",
    "boschloo",
    "clopper_pearson",
    "cohen_kappa",
    "cumulative_incidence",
    "firth_cox",
    "firth_logistic",
    "fisher",
    "follow_up",
    "gee_rate",
    "gray_test",
    "gwet_ac1",
    "incidence_quantile",
    "inverse_variance",
    "jeffreys",
    "kaplan_meier",
    "landmark",
    "leave_one_out",
    "log_rank",
    "mid_p",
    "newcombe",
    "number_at_risk",
    "pool_proportions",
    "proportion",
    "quantile",
    "restricted_mean",
    "time_lost",
    "turnbull",
]
