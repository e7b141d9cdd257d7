"""History: what every figure was at earlier revisions, and since when the status has been as it is."""
