"""Printed curves become the case histories that fit them; nothing from here counts as recomputed from cases."""
