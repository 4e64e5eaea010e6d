"""Drawings of results, one module a figure."""
