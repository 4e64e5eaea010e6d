"""The only place where a number, unit, plural, list, event, interval or definition becomes text."""
