"""Pages: everything that people read, as values; they know the theme's components and nothing of MkDocs."""
