"""aipm_site: a versioned status site from the records of an AI project."""

__version__ = "0.1.0"
