"""Exports: what the site publishes for machines, as values."""
