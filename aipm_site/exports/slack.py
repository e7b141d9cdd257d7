"""What is due as a message for Slack, in Block Kit; no word of a record is read as anything but text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.due import Due
from aipm_site.facts.numbers import day
from aipm_site.pages.words import phrase, plural

# Limits of Block Kit: characters of a header and of a section, and blocks in a message.
_HEADER, _SECTION, _BLOCKS = 150, 3000, 50
_TITLE_AT_MOST = 200
_ORDER = ("overdue", "due", "soon")

# The address of a record by its id; None where the site does not say where it is published.
AddressOf = Callable[[str], str | None]


def slack_message(due: Sequence[Due], project_name: str, as_of: AsOf, address_of: AddressOf) -> dict[str, Any]:
    """Return the message that tells what is due, as a webhook takes it.

    Args:
        due: What is due; at least one.
        project_name: What the project is called.
        as_of: The day that it speaks for.
        address_of: Where the page of a record is.
    """
    title = phrase("slack_title").format(project=project_name)
    header = {"type": "header", "text": {"type": "plain_text", "text": title[:_HEADER], "emoji": False}}
    sections = [block for text in _texts(due, address_of) for block in (_section(text),)]
    note = _context(phrase("slack_as_of").format(date=day(as_of.date)))
    left_out = len(sections) - (_BLOCKS - 2)
    shown = sections if left_out <= 0 else [*sections[: _BLOCKS - 3], _section(phrase("slack_more"))]
    return {
        "text": _escaped(f"{title}: {plural(len(due), 'entry', 'entries')}"),
        "blocks": [header, *shown, note],
        # Names and addresses in the words of a record call nobody and show no preview (R37).
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _texts(due: Iterable[Due], address_of: AddressOf) -> list[str]:
    """Return the texts of the sections: one for each urgency, more where one would be too long."""
    texts: list[str] = []
    in_order = sorted(due, key=lambda one: _ORDER.index(one.state))
    for state, items in groupby(in_order, key=lambda one: one.state):
        text = f"*{_escaped(phrase(f'due_{state}'))}*"
        for line in (_line(item, address_of) for item in items):
            if len(text) + len(line) + 1 > _SECTION:
                texts.append(text)
                text = line
            else:
                text = f"{text}\n{line}"
        texts.append(text)
    return texts


def _line(due: Due, address_of: AddressOf) -> str:
    url = address_of(due.record_id)
    name = _escaped(due.record_id)
    return phrase("slack_line").format(
        record=f"<{_escaped(url)}|{name}>" if url else name,
        title=_escaped(due.title[:_TITLE_AT_MOST]),
        what=due.kind.replace("-", " "),
        date=day(due.local_day if due.at else due.act_by),
        at=f", {due.local_time}" if due.at else "",
        owner=f" · {_escaped(due.owner)}" if due.owner else "",
    )


def _escaped(text: str) -> str:
    """Return text in which Slack finds no link, no mention of anybody, and no code that runs over other lines."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("`", "\u02cb").replace("|", "\u01c0")


def _section(text: str) -> dict[str, Any]:
    # Verbatim: addresses and @names in it stay words.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "plain_text", "text": text, "emoji": False}]}
