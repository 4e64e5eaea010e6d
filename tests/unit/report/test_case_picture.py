"""The picture of one case: every dated count in its place, what was left out apart, doses and events below."""

import pandas as pd

from caseseries.model.definition import Definition
from caseseries.report.case_picture import case_picture, height_of, ticks
