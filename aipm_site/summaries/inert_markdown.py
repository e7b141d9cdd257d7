"""Inert Markdown: text from records in a comment, where it is read and does nothing (security R37)."""

from __future__ import annotations

import re

from markupsafe import Markup

from aipm_site.problems import printable

# What Markdown, its extensions on code hosts, HTML and emoji or mathematics there take for more than a letter.
_ACTIVE = re.compile(r"""[\\`*_\[\]<>&~|!@#$^{}"']|[:%](?=\S)""")
# With these references, mentions, addresses and emoji begin. Code hosts look for them when entities are read back and
# comments are gone (GitLab: https://docs.gitlab.com/user/markdown/#gitlab-specific-references, also of an address, in
# each text of the page by itself), so that an element without content must keep the sign and what follows apart.
_CALLS = frozenset("@#!~$&%^*[:")
_BREAK = "<i></i>"
# A bare address becomes a link without any sign, and so does a reference such as GH-12.
_BARE = re.compile(r"\b(www)\.|\b(GH)-(?=\d)", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")


def inert(text: str) -> Markup:
    """Return a text on one line that reads as it was written, and is neither link, mention, picture nor markup."""
    plain = printable(_BLANKS.sub(" ", text)).strip()
    escaped = _ACTIVE.sub(_entity, plain)
    return Markup(_BARE.sub(_without_sign, escaped))


def code(text: str) -> Markup:
    """Return a text on one line as code, for names, ids and paths; it may stand in a cell of a table."""
    # An element with entities, as a span of backticks cannot hold every text inside a table.
    return Markup("<code>{}</code>").format(inert(text))


def _entity(found: re.Match[str]) -> str:
    sign, following = found[0], found.string[found.end() : found.end() + 1]
    is_call = sign in _CALLS and following.strip() != ""
    return f"&#{ord(sign)};{_BREAK if is_call else ''}"


def _without_sign(found: re.Match[str]) -> str:
    return f"{found[1]}&#46;{_BREAK}" if found[1] else f"{found[2]}{_BREAK}-"
