"""What used to stand in one module, for callers that have not moved yet: import from the module of the subject."""

from caseseries.words.checks import say_quality as quality
from caseseries.words.choices import say_beyond as beyond_choices
from caseseries.words.choices import say_moved as moved_by_choices
from caseseries.words.claims import say_reproduction as reproduction
from caseseries.words.nouns import DEFINITIONS, EPISODES, Noun
from caseseries.words.outcomes import outcome_words
from caseseries.words.outcomes import say_adverse_events as adverse_events
from caseseries.words.outcomes import say_outcome as outcome
from caseseries.words.outcomes import say_without_denominator as without_denominator
from caseseries.words.people import say_middle as middle
from caseseries.words.people import say_nowhere_recorded as nowhere_recorded
from caseseries.words.people import say_people as people
from caseseries.words.pools import PREDICTION_FROM
from caseseries.words.pools import say_pooled as pooled
from caseseries.words.pools import say_prediction as prediction
from caseseries.words.pools import say_sensitivity as sensitivity
from caseseries.words.response import bare_reason
from caseseries.words.response import say_bounds as bounds
from caseseries.words.response import say_difference as difference
from caseseries.words.response import say_groups as by_group
from caseseries.words.response import say_not_evaluable as not_evaluable
from caseseries.words.response import say_response as response
from caseseries.words.response import say_second_interval as second_interval
from caseseries.words.response import say_selected as selected
from caseseries.words.response import say_spread as spread
from caseseries.words.response import say_standard_definitions as standard_definitions
from caseseries.words.response import say_test as test
from caseseries.words.spelling import sentence
from caseseries.words.times import say_follow_up as follow_up
from caseseries.words.times import say_incidence as incidence
from caseseries.words.times import say_only_time as only_time
from caseseries.words.times import say_reached as reached
from caseseries.words.times import say_small_curve as small_curve

__all__ = [
    "DEFINITIONS",
    "EPISODES",
    "PREDICTION_FROM",
    "Noun",
    "adverse_events",
    "bare_reason",
    "beyond_choices",
    "bounds",
    "by_group",
    "difference",
    "follow_up",
    "incidence",
    "middle",
    "moved_by_choices",
    "not_evaluable",
    "nowhere_recorded",
    "only_time",
    "outcome",
    "outcome_words",
    "people",
    "pooled",
    "prediction",
    "quality",
    "reached",
    "reproduction",
    "response",
    "second_interval",
    "selected",
    "sensitivity",
    "sentence",
    "small_curve",
    "spread",
    "standard_definitions",
    "test",
    "without_denominator",
]
