"""Published claims beside our numbers."""
