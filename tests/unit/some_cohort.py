"""A cohort whose metadata say nothing that a test could hang on."""

from caseseries.cli import main
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


def restricted_cohort(**more):
    """A cohort of which no few people may be told, with further keys; those of `disclosure` are added to its own."""
    closed = {"profile": "restricted", "basis": "made up for a test"} | more.pop("disclosure", {})
    known = {"id": "site", "drug": "romiplostim", "provenance": "registry", "adverse_events_recorded": "by_episode"}
    return some_cohort(**known | more | {"disclosure": closed})


def simulated_study(folder, episodes=50):
    """The folder, with a synthetic cohort of so many in it."""
    cohort = str(folder / "data" / "simulated")
    assert main(["simulate", "--episodes", str(episodes), "--seed", "9", "--output", cohort]) == 0
    return folder
