"""Inert Markdown: text from records in a comment, where it is read and does nothing (security R37)."""

from __future__ import annotations

import re

from markupsafe import Markup

from aipm_site.problems import printable

# What Markdown, its extensions on code hosts, HTML and emoji or mathematics there take for more than a letter.
_ACTIVE = re.compile(r"""[\\`*_\[\]<>&~|!@#$^{}"']|:(?=\S)""")
# These call somebody or something; an entity is read back before mentions are looked for, a comment keeps them apart.
_CALLS = frozenset("@#")
_BREAK = "<!-- -->"
# A bare address becomes a link without any sign, and so does a reference such as GH-12.
_BARE = re.compile(r"\b(www)\.|\b(GH)-(?=\d)", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


def inert(text: str) -> Markup:
    """Return a text on one line that reads as it was written, and is neither link, mention, picture nor markup."""
    plain = printable(_BLANKS.sub(" ", text)).strip()
    escaped = _ACTIVE.sub(lambda found: _entity(found[0]), plain)
    return Markup(_BARE.sub(_without_sign, escaped))


def code(text: str) -> Markup:
    """Return a text on one line as code, for names, ids and paths; it may stand in a cell of a table."""
    # An element with entities, as a span of backticks cannot hold every text inside a table.
    return Markup("<code>{}</code>").format(inert(text))


def _entity(sign: str) -> str:
    entity = f"&#{ord(sign)};"
    return entity + _BREAK if sign in _CALLS else entity


def _without_sign(found: re.Match[str]) -> str:
    return f"{found[1]}&#46;" if found[1] else f"{found[2]}{_BREAK}-"
