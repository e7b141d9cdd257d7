"""Readers: files and git to plain data that knows its places; they know YAML and front matter, not projects."""
