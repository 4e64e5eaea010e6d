"""Every public estimator shows in its docstring how it is called, and what comes out."""

import doctest
import importlib
import sys

import pytest

import caseseries.estimators as estimators


@pytest.mark.parametrize("name", estimators.__all__)
def test_the_example_of_an_estimator_is_right(name):
    """The values are those of `tests/reference`, of R, or of the sums that a reader can do by hand."""
    function = getattr(estimators, name)
    module = sys.modules[function.__module__]
    (example,) = doctest.DocTestFinder(recurse=False).find(function, name, module, globs=vars(module).copy())
    assert example.examples, "no example"
    assert doctest.DocTestRunner().run(example).failed == 0


def test_no_module_of_the_estimators_has_an_example_that_is_wrong():
    modules = {getattr(estimators, name).__module__ for name in estimators.__all__}
    for name in modules:
        assert doctest.testmod(importlib.import_module(name)).failed == 0, name
