"""The nouns of the project: cohorts, records, definitions, drugs, configuration, findings and results."""
