"""Response definitions executed on the records of a cohort, and explained."""

from caseseries.model.definition import cautions
from caseseries.model.results import Classification
from caseseries.response.classify import classify
from caseseries.response.definition_files import load_definitions

__all__ = ["Classification", "cautions", "classify", "load_definitions"]
