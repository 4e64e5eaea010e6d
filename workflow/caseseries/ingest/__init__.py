"""The door: cohort folders are read, checked, and turned into typed records; nothing unchecked passes."""
