"""Facts: figures, freshness and status, computed from a project and an as-of date; no sentences, no files, no clock."""
