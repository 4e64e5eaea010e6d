"""The columns of the results contract: every table that a stage writes, with what each of its columns means.

Readers, writers and the page of columns take them from here: a further column is a further `Column` in `RESULTS`.
"""

from __future__ import annotations

from dataclasses import dataclass

from caseseries.model.columns import Column


@dataclass(frozen=True)
class ResultTable:
    """A table of results: what a row is, and its columns in their order."""

    about: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The header."""
        return tuple(column.name for column in self.columns)


def _text(name: str, label: str, about: str, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, "text", label, about, allowed=allowed, role="key")


def _count(name: str, label: str, about: str, unit: str = "cases") -> Column:
    return Column(name, "whole", label, about, unit, minimum=0, role="outcome")


def _number(name: str, label: str, about: str, unit: str = "") -> Column:
    return Column(name, "number", label, about, unit, role="outcome")


def _day(name: str, label: str, about: str) -> Column:
    return Column(name, "day", label, about, "days", role="outcome")


DECIDABLE = ("both", "response", "no response")
"""What the record of an episode could have decided, whatever its counts were: a response and none, or one of these."""

CLAIM_VERDICTS = ("reproduced", "consistent", "differs", "inconsistent", "not_derivable")
STANDINGS = ("evaluable", "not evaluable", "rated")
CLAIM_SOURCES = ("publication", "others")
AGREEMENTS = ("yes", "no", "known difference")

EPISODE = _text("episode_id", "Episode", "the treatment course, as in the records")
COHORT = _text("cohort", "Cohort", "name of the cohort's folder; `pooled` for what is pooled over cohorts")
GROUP = _text("group", "Group", "the cases meant: `all` is everybody, else the label of a level, or `not recorded`")
CONTRAST = _text("contrast", "Contrast", "what is compared within the group, such as its levels or a predictor")
DEFINITION = _text("definition", "Definition", "id of the response definition, or `as_reported`")
CLASS = _text("response_class", "Class", "class under the definition; NE is not evaluable, empty does not apply")
STATISTIC = _text("statistic", "Statistic", "what is estimated, such as `response_rate` or `median_time`")
CAUSE = _text("cause", "Cause", "the event that is counted or timed, where there are several")
TIME = _number("time", "Time", "day that the estimate is about, such as a day of a curve", "days")
METHOD = _text("method", "Method", "how it was made, a name of the closed list in `model/methods.py`")
NOTE = _text("note", "Note", "what a reader must know, in words; no program reads it")
LEVEL = _number("level", "Level", "confidence level of the limits, such as 0.95")
ESTIMATE = _number("estimate", "Estimate", "the estimate; a share lies from 0 to 1, a time is in days")
LOWER = _number("lower", "Lower limit", "lower confidence limit")
UPPER = _number("upper", "Upper limit", "upper confidence limit")
EVENTS = _count("events", "Cases with the event", "cases in which it happened")
N = _count("n", "Cases", "cases that could be evaluated")
OPEN = _count("not_evaluable", "Not evaluable", "further cases that could not be evaluated")
DRUG = _text("drug", "Drug", "id of the drug's profile")
SOURCE = _text("source", "Source", "names of the profile's sources, with blanks between")
VERDICTS = ("kept", "departed", "not_evaluable")
VERDICT = _text("verdict", "Verdict", "what the record says of it", VERDICTS)

CURVE = _text("curve", "Curve", "name of the printed figure")
RANGE_BASES = ("all", "sample", "simulated")
"""`all` histories that fit; a `sample` of them, with outer limits from the readings; `simulated` rereadings."""

WHICH = (
    COHORT,
    GROUP,
    CONTRAST,
    DEFINITION,
    _text("analysis", "Analysis", "`primary` counts each person once; else the sensitivity or supplementary analysis"),
    STATISTIC,
    CAUSE,
    TIME,
)
"""The columns that say which estimate it is."""

RESULTS: dict[str, ResultTable] = {
    "responses": ResultTable(
        "one episode under one definition",
        (
            EPISODE,
            DEFINITION,
            CLASS,
            _text("provisional_class", "Provisional class", "class that remains possible above it, or instead of NE"),
            _text(
                "decided_class",
                "Decided class",
                "what the counts decide, also where the record lacks a fact that the definition needs; bounds are made "
                "of it",
            ),
            _text(
                "decidable",
                "Decidable",
                "what the record could have decided whatever its counts were; empty where the class is NE",
                DECIDABLE,
            ),
            _number("value", "Value", "value of a definition that measures, such as a share of days"),
            _day("time_to_response", "Time to response", "day of the count that begins the response"),
            _day("time_to_confirmation", "Time to confirmation", "day of the count that confirms it"),
            _day("time_to_complete_response", "Time to complete response", "day of the complete response"),
            _day(
                "loss_of_complete_response", "Loss of complete response", "day on which the complete response is lost"
            ),
            _day("loss_of_response", "Loss of response", "day on which the response is lost"),
            _text("decided_by", "Decided by", "rows of the records that decide, such as `counts:12`"),
            _text("because", "Because", "why it is not evaluable, a name of the closed list `BECAUSE`"),
            _text("reason", "Reason", "what decides, in words"),
        ),
    ),
    "times": ResultTable(
        "the time to an event of one episode under one definition; the event lies in (left, right]",
        (
            EPISODE,
            DEFINITION,
            _day(
                "time", "Time", "day of the event or of the end of observation; empty where only its limits are known"
            ),
            _text("cause", "Cause", "what happened on that day: `response`, a competing cause, or `censored`"),
            _day("left", "After day", "last day known to be before the event"),
            _day("right", "By day", "first day known to be at or after it; empty where open"),
        ),
    ),
    "explanations": ResultTable(
        "one episode, under the definition that tells most of it",
        (
            EPISODE,
            DEFINITION,
            CLASS,
            _text("sentence", "Sentence", "why, as `caseseries explain` says it"),
            _text("baseline", "Baseline", "the baseline under the definition"),
            _text("bleeding", "Bleeding", "what is known of bleeding"),
            _text("conditions", "Conditions", "every clause with its truth, a line each"),
            _text("clocks", "Days", "days of onset, confirmation and loss, a line each"),
        ),
    ),
    "explained_counts": ResultTable(
        "one count of an explained episode, in order of days",
        (
            EPISODE,
            DEFINITION,
            _text("when", "When", "its day, or its time point where it has none"),
            _text("written", "Count", "the count as it is written"),
            _text("criteria", "Criteria", "what the criterion of each class says of it"),
            _text("deciding", "Deciding", "whether the class rests on it", ("yes", "")),
            _text("left_out", "Left out", "why the definition leaves it out, empty where it does not"),
        ),
    ),
    "estimates": ResultTable(
        "one estimate",
        (
            *WHICH,
            ESTIMATE,
            _number("std_error", "Standard error", "standard error, on the scale that the method names"),
            LOWER,
            UPPER,
            LEVEL,
            METHOD,
            NOTE,
            EVENTS,
            N,
            OPEN,
            _text("case_set", "Case set", "key of the cases behind it, in case_sets.csv"),
        ),
    ),
    "case_sets": ResultTable(
        "one case behind an estimate",
        (
            _text(
                "case_set",
                "Case set",
                "as in estimates.csv; of a setting of a choice the key of its row of choices.csv",
            ),
            _text("role", "Role", "how the case counts", ("event", "non_event", "not_evaluable")),
            EPISODE,
        ),
    ),
    "description": ResultTable(
        "one statistic of one variable in one group: Table 1 in long form",
        (
            COHORT,
            GROUP,
            _text("variable", "Variable", "column that is described"),
            _text("label", "Label", "its name for a reader"),
            _text("unit", "Unit", "unit of its numbers"),
            _text("level", "Level", "the value that is counted"),
            _text("statistic", "Statistic", "what of it", ("count", "median", "q1", "q3", "minimum", "maximum")),
            _number("value", "Value", "the statistic, in the unit; a count has none"),
            _count("n", "Known", "cases whose value is known"),
            _count("missing", "Missing", "cases whose value is not known"),
        ),
    ),
    "spread": ResultTable(
        "the response rate under one definition",
        (
            COHORT,
            DEFINITION,
            _text("label", "Label", "name of the definition"),
            _text("source", "Source", "the document that it is taken from"),
            EVENTS,
            N,
            OPEN,
            ESTIMATE,
            LOWER,
            UPPER,
            LEVEL,
            METHOD,
            _number("worst_case", "Worst case", "the rate if none of those not evaluable responded"),
            _number("best_case", "Best case", "the rate if all of those not evaluable responded"),
            _count(
                "unconfirmed", "Unconfirmed", "clauses of the definition that are not confirmed in print", "clauses"
            ),
            _count("our_choice", "Our choice", "clauses of the definition that no source settles", "clauses"),
        ),
    ),
    "agreement": ResultTable(
        "two definitions, on the episodes that both can judge",
        (
            COHORT,
            _text("first", "First", "id of a definition"),
            _text("second", "Second", "id of the other"),
            _count("n", "Episodes", "episodes that both can judge", "episodes"),
            _number("observed", "Agreement", "share of them judged alike"),
            _number("kappa", "Kappa", "Cohen's kappa on response or none"),
            _number("kappa_lower", "Lower limit of kappa", "lower confidence limit"),
            _number("kappa_upper", "Upper limit of kappa", "upper confidence limit"),
            _number("ac1", "AC1", "Gwet's AC1, where kappa is unstable"),
            _number("ac1_lower", "Lower limit of AC1", "lower confidence limit"),
            _number("ac1_upper", "Upper limit of AC1", "upper confidence limit"),
            LEVEL,
            NOTE,
        ),
    ),
    "choices": ResultTable(
        "the response rate under one setting of a choice that no source settles, or what a choice moves",
        (
            COHORT,
            DEFINITION,
            _text(
                "analysis",
                "Analysis",
                "`one_at_a_time`: a row a setting, all else at its default; `grid`: a row a choice, and one for all "
                "choices together; `visits`: a row a reading of weeks without a count; `sample`, of a large cohort: "
                "how many (events) of the first episodes (n) all these, and the multiverse, were run on",
            ),
            _text("choice", "Choice", "what is chosen"),
            _text("setting", "Setting", "the setting of this row"),
            _text("default", "Default", "whether it is the default", ("yes", "no")),
            EVENTS,
            N,
            OPEN,
            ESTIMATE,
            _number("lowest", "Lowest", "lowest rate of all runs"),
            _number("highest", "Highest", "highest rate of all runs"),
            _number("moves", "Moves", "highest less lowest rate over its settings, mean over the other choices"),
            _count("runs", "Runs", "how often the cohort was judged", "runs"),
            NOTE,
        ),
    ),
    "multiverse": ResultTable(
        "a definition under one combination of the choices that it leaves open, or the share of the variance that one "
        "choice makes",
        (
            COHORT,
            _text(
                "analysis",
                "Analysis",
                "`specification`: a row a combination; `share`: a row an outcome and what moves it, each definition "
                "weighing the same",
            ),
            DEFINITION,
            *(
                _text(name, label, f"{what}; empty where the definition does not leave it open")
                for name, label, what in (
                    ("between", "Counts between", "whether a count between the two that confirm may fail"),
                    ("open_at_end", "Unconfirmed at the end", "what becomes of an unconfirmed response"),
                    ("platelet_transfusion", "After a transfusion", "how long counts are left out"),
                    ("rescue", "Rescue", "what rescue does to the counts that follow"),
                    ("same_day", "Several counts a day", "which of them stands"),
                    ("bleeding_unknown", "Bleeding not recorded", "what it means"),
                    ("baseline", "Baseline", "which count it is"),
                )
            ),
            _text("default", "Default", "whether it is the definition as it stands", ("yes", "no")),
            EVENTS,
            N,
            OPEN,
            _number("response_rate", "Response rate", "of the evaluable"),
            _day("day", "Day", "day by which the incidence is read (`incidence_day` of the configuration)"),
            _number("incidence", "Incidence", "share with a response by that day, other events competing"),
            _number("median_time", "Median time", "day by which half have responded; empty where not reached", "days"),
            _text("outcome", "Outcome", "whose variance is shared out", ("response_rate", "incidence", "median_time")),
            _text("choice", "Choice", "what moves it: `definition`, a choice, or `several together`"),
            _number("share", "Share", "its part of the variance over all combinations"),
            _number("std_dev", "Standard deviation", "of the outcome over all combinations, in its own unit"),
            _count("definitions", "Definitions", "with a value in every combination: those shared out", "definitions"),
            _count("runs", "Runs", "combinations behind the row", "runs"),
        ),
    ),
    "class_changes": ResultTable(
        "an episode that responds under some definition and not under this one",
        (
            EPISODE,
            DEFINITION,
            CLASS,
            _count("responds_under", "Responds under", "definitions under which it responds", "definitions"),
            _text("clause", "Clause", "the single clauses without which it would respond here too"),
            _text("reason", "Reason", "what decides here, in words"),
        ),
    ),
    "dosing": ResultTable(
        "a rule of one text on one day of one episode",
        (
            EPISODE,
            DRUG,
            _text("label", "Text", "id of the label, register entry or trial whose rule it is"),
            _text("rule", "Rule", "name of the rule"),
            _day("day", "Day", "day that it is about; empty where it has none"),
            VERDICT,
            _text("expected", "Expected", "what the text asks for, a number in the unit; two with `or` between"),
            _number("given", "Given", "what was given, in the unit"),
            _text("unit", "Unit", "unit of both"),
            SOURCE,
        ),
    ),
    "eligibility": ResultTable(
        "a clause of whom a drug is for, for one episode",
        (
            EPISODE,
            DRUG,
            _text("clause", "Clause", "name of the clause"),
            VERDICT,
            _text("reason", "Columns", "columns that decide or, where it is not evaluable, that lack"),
            SOURCE,
        ),
    ),
    "audit": ResultTable(
        "a rule or clause, and how many episodes and rows have each verdict",
        (
            COHORT,
            _text("part", "Part", "table that is counted", ("dosing", "eligibility")),
            DRUG,
            _text("label", "Text", "id of the text whose rule it is"),
            _text("rule", "Rule", "name of the rule or clause"),
            _count("episodes", "Episodes", "episodes that it was asked of", "episodes"),
            _count("kept", "Kept", "episodes that kept it throughout", "episodes"),
            _count("departed", "Departed", "episodes that departed from it", "episodes"),
            _count("not_evaluable", "Not evaluable", "episodes in which it cannot be told", "episodes"),
            _count("rows", "Rows", "rows of the part", "rows"),
            _count("rows_kept", "Rows kept", "rows with the verdict kept", "rows"),
            _count("rows_departed", "Rows departed", "rows with the verdict departed", "rows"),
            _count("rows_not_evaluable", "Rows not evaluable", "rows with the verdict not_evaluable", "rows"),
        ),
    ),
    "audit_choices": ResultTable(
        "another value of a choice in judging doses and cases, and a rule of which it moves a verdict; without a rule "
        "where it moves none",
        (
            COHORT,
            _text(
                "part",
                "Part",
                "table that it may move; `sample`, of a large cohort: how many episodes (moved) were judged again",
                ("dosing", "eligibility", "sample"),
            ),
            DRUG,
            _text("choice", "Choice", "name of the choice in the drug profile, or the clause that has it"),
            _text("setting", "Setting", "the other value"),
            _text("label", "Text", "id of the text whose rule it is"),
            _text("rule", "Rule", "name of the rule or clause"),
            _count("moved", "Moved", "episodes whose verdict moves", "episodes"),
            _count("kept", "Kept", "episodes that keep the rule, with the value that is used", "episodes"),
            _count("departed", "Departed", "episodes that depart from it", "episodes"),
            _count("not_evaluable", "Not evaluable", "episodes in which it cannot be told", "episodes"),
            _count("kept_here", "Kept here", "episodes that keep it with the other value", "episodes"),
            _count("departed_here", "Departed here", "episodes that depart with the other value", "episodes"),
            _count(
                "not_evaluable_here",
                "Not evaluable here",
                "episodes in which it cannot be told with the other value",
                "episodes",
            ),
        ),
    ),
    "flow": ResultTable(
        "a step from the record to the analysis; steps that share an `of` add up to it",
        (
            COHORT,
            _text(
                "step",
                "Step",
                "`recorded` is every episode, `first_episodes` and `further_episodes` are parts of it; `no_start` and "
                "`analysed` are parts of the first where some are no treatment starts; then what the clauses of the "
                "drug come to: `within`, `outside`, `open`, or `no_profile`",
            ),
            _text("of", "Of", "the step that it is a part of"),
            _count("n", "Episodes", "episodes in it", "episodes"),
        ),
    ),
    "claims": ResultTable(
        "a published number beside ours",
        (
            COHORT,
            _text("claim", "Claim", "id of the claim in claims.yaml"),
            _text("published", "Published", "what is printed, as it is printed"),
            _text("ours", "Ours", "our numbers, written as print is"),
            _text("verdict", "Verdict", "what became of it", CLAIM_VERDICTS),
            _text("reason", "Reason", "what the verdict rests on"),
        ),
    ),
    "definition_counts": ResultTable(
        "a standing of response definitions in a cohort, and how many have it; the class that the source gives and "
        "definitions that measure a number are left out",
        (
            _text("standing", "Standing", "whether somebody can be evaluated; whether everybody has a rate", STANDINGS),
            _text("cause", "Cause", "why nobody can be evaluated, the commonest reason of each"),
            _count("definitions", "Definitions", "definitions of this standing", "definitions"),
            _count("applied", "Applied", "definitions that were applied, or of which rates were sent", "definitions"),
        ),
    ),
    "claim_counts": ResultTable(
        "a verdict, and how many of the published numbers of a cohort have it",
        (
            COHORT,
            _text("source", "Source", "who says them: the publication itself, or others who tell of it", CLAIM_SOURCES),
            _text("verdict", "Verdict", "what became of them", CLAIM_VERDICTS),
            _count("claims", "Claims", "published numbers", "claims"),
        ),
    ),
    "reconstructed": ResultTable(
        "one day of one history that fits a printed curve",
        (
            CURVE,
            GROUP,
            _count("solution", "Solution", "which of the histories, 1 for the one nearest to the readings", ""),
            _day("day", "Day", "a day on which the number at risk is known"),
            _count("events", "Events", "cases with the event on that day"),
            _count("censored", "Censored", "cases lost from that day on and before the day of the next row"),
            _count("at_risk", "At risk", "cases whose time is that day or later"),
        ),
    ),
    "reconstructed_ranges": ResultTable(
        "a number that follows from a printed curve, never from cases, with its range over the histories that fit",
        (
            CURVE,
            GROUP,
            _text("outcome", "Outcome", "what the curve is about"),
            CONTRAST,
            STATISTIC,
            TIME,
            _number("estimate", "Best", "the number in the history nearest to the readings"),
            _number("lower", "Lowest", "its lowest value; empty where it is never reached"),
            _number("upper", "Highest", "its highest value; empty where it is never reached"),
            _text("basis", "Basis", "what lowest and highest go over", RANGE_BASES),
            N,
            _count("histories", "Histories", "histories that were found to fit; 0 by Guyot's algorithm", "histories"),
            _number("error", "Reading error", "how far a level may be from its reading", "share"),
        ),
    ),
    "recomputed": ResultTable(
        "a number of ours beside that of a package made by others",
        (
            *WHICH,
            METHOD,
            _text("part", "Part", "which number of the estimate", ("estimate", "std_error", "lower", "upper")),
            _number("ours", "Ours", "our number"),
            _number("theirs", "Theirs", "the package's"),
            _text("package", "Package", "its name"),
            _text("version", "Version", "its version"),
            _number("difference", "Difference", "ours less theirs"),
            _text("agrees", "Agrees", "whether they are the same within rounding", AGREEMENTS),
            NOTE,
        ),
    ),
    "recomputed_counts": ResultTable(
        "how many numbers of recomputed.csv come out the same, and how many do not",
        (
            _text("agrees", "Agrees", "whether they are the same within rounding", AGREEMENTS),
            _count("numbers", "Numbers", "numbers that were computed again", "numbers"),
        ),
    ),
    "withheld": ResultTable(
        "a kind of thing that does not leave of a restricted cohort",
        (
            COHORT,
            _text("kind", "Kind", "what is withheld"),
            _count("threshold", "Threshold", "fewest people that may be told of", "people"),
            _text("reason", "Reason", "why"),
        ),
    ),
    "outputs": ResultTable(
        "a file of the release",
        (
            _text("file", "File", "its path in the release"),
            COHORT,
            _count("smallest", "Smallest", "smallest number of people that it tells of", "people"),
            _text("rule", "Rule", "the rule by which it may leave"),
        ),
    ),
    "values": ResultTable(
        "an estimate of the release, as `caseseries verify` compares it",
        (*WHICH, METHOD, ESTIMATE, LOWER, UPPER, EVENTS, N),
    ),
    "queries": ResultTable(
        "a question about the data, to be sent back to where they come from",
        (
            _text("severity", "Severity", "whether the data can be used as they are", ("error", "warning")),
            _text("file", "File", "file of the cohort's folder"),
            _text("case", "Case", "episode, where its label is no name"),
            _count("line", "Line", "line of the file", ""),
            _text("column", "Column", "column or key"),
            _text("rule", "Rule", "what is asked"),
            _text("example", "Example", "a good value"),
        ),
    ),
    "query_counts": ResultTable(
        "a question about the data, and how many cases it is asked of",
        (
            _text("file", "File", "file of the cohort's folder"),
            _text("column", "Column", "column or key"),
            _text("rule", "Rule", "what is asked"),
            _count("cases", "Cases", "rows of queries.csv"),
        ),
    ),
}
"""Name of the file, without `.csv` -> its table."""

NUMBERS = frozenset(column.name for table in RESULTS.values() for column in table.columns if column.numeric)
"""Names of columns that hold numbers in some table."""


def written_as_text(header: set[str]) -> set[str]:
    """Columns of a header that are text in the table that it is of, though another table holds numbers by that name."""
    return {
        column.name
        for table in RESULTS.values()
        if header.issuperset(table.names)
        for column in table.columns
        if column.name in NUMBERS and not column.numeric
    }
