"""Doses and cases beside what the texts of the drug say: rows with a verdict, no words."""
