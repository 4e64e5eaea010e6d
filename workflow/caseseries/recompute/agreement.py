"""Agreement again: Cohen's kappa by statsmodels."""

from __future__ import annotations

import numpy as np

from caseseries.recompute.opinion import Opinion


def kappa(table: np.ndarray) -> Opinion:
    """Cohen's kappa of a square table of counts, with the 95 % limits of Fleiss, Cohen and Everitt cut to -1 and 1."""
    from statsmodels.stats.inter_rater import cohens_kappa

    seen = table.sum(axis=0) + table.sum(axis=1) > 0
    with np.errstate(all="ignore"):
        found = cohens_kappa(table[np.ix_(seen, seen)])
    return Opinion(
        "statsmodels",
        float(found.kappa),
        lower=max(-1.0, float(found.kappa_low)),
        upper=min(1.0, float(found.kappa_upp)),
    )
