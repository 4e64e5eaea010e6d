"""Word and Excel files of a cohort, from its tables, figures and results."""
