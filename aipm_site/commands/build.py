"""`aipm build`: stage, build aside, gate, swap; the site is right, or the one before stays."""
