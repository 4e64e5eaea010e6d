"""The part that each episode plays in a rate."""

from __future__ import annotations

import numpy as np
import pandas as pd


def role_of(classes: pd.Series, responses: list[str]) -> pd.Series:
    """Part that each case plays in a rate: event, non_event or not_evaluable. Indexed as `classes`."""
    role = np.where(classes == "NE", "not_evaluable", np.where(classes.isin(responses), "event", "non_event"))
    return pd.Series(role, index=classes.index)
