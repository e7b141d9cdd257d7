"""Changes: what lies between two states of a project, in records, figures, status and gates; knows nothing of git."""
