"""Results become tables and drawings."""
