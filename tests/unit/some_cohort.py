"""A cohort whose metadata say nothing that a test could hang on."""

from caseseries.model.cohort import Cohort

FIELDS = {
    "id": "some-2020",
    "title": "t",
    "citation": "c",
    "design": "d",
    "population": "p",
    "provenance": "transcribed",
    "licence": "l",
    "source_definition": "not_stated",
    "disclosure": {"profile": "published", "basis": "everything is in print"},
}


def some_cohort(**more):
    """The cohort with further keys, or with others in place of these."""
    return Cohort.model_validate(FIELDS | more)
