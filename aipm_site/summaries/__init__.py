"""Summaries: the context of each report template, and the sentences."""
