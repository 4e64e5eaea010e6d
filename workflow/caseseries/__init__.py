"""Retrospective case series: de-identified records in, standardised responses, rates, curves and a report out."""

__version__ = "0.1.0"
