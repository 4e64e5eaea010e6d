"""Rates, curves, contrasts, description and pool of cohorts. The estimators keep their names here too."""

from caseseries.estimators import *  # noqa: F403
