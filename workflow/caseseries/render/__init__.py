"""Tables, figures and the report: everything that a reader sees. Nothing is calculated here."""
