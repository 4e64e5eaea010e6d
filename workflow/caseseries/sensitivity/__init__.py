"""What definitions, and choices inside a definition, move: rates side by side, agreement, the clauses responsible."""
