"""`aipm report due`: what is due, as text, JSON or a message for Slack; with --send it is posted, each thing once."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from msgspec import Struct

from aipm_site.commands.terminal import terminal_width
from aipm_site.delivery.sent import SentList, UnreadableSentList, own_sent_file
from aipm_site.delivery.webhook import DeliveryFailed, post
from aipm_site.exports.due_json import due_json
from aipm_site.exports.slack import slack_message
from aipm_site.facts.due import Due, due_within
from aipm_site.facts.facts import Facts
from aipm_site.pages.addresses import absolute, address_of
from aipm_site.problems import format_text, printable
from aipm_site.publication.identity import identity_of
from aipm_site.publication.lock import AnotherBuildIsRunning, build_lock
from aipm_site.session import Session, open_session
from aipm_site.summaries.terminal import terminal_due
from aipm_site.workspace import Workspace, WrongRequest, find_workspace

# A webhook is a secret (R46): it comes from the environment, for each channel or one for all.
CHANNEL_VARIABLE = "AIPM_WEBHOOK_"
DEFAULT_VARIABLE = "AIPM_SLACK_WEBHOOK"
# These reminders are said elsewhere: in the calendar, or by mail.
_ELSEWHERE = frozenset({"ics", "email"})
_IN_A_MESSAGE = 40


class _Told(Struct, frozen=True):
    """What is told, and of what."""

    workspace: Workspace
    session: Session
    facts: Facts
    due: tuple[Due, ...]

    @property
    def project_name(self) -> str:
        return identity_of(self.session, self.workspace.settings.site_name).project_name

    def address(self, record_id: str) -> str | None:
        """Return where the page of a record is; None where the site does not say where it is published."""
        record = self.facts.project.get(record_id)
        kinds = self.facts.project.kinds
        return absolute(self.workspace.settings.site_url, address_of(kinds.of(record), record)) if record else None

    def message(self, due: Sequence[Due]) -> dict[str, object]:
        return slack_message(due, self.project_name, self.facts.as_of, self.address)


def report_due(
    start: Path, form: str, *, days: int, send: bool, sent: Path | None, as_of: str | None, audience: str | None
) -> int:
    """Print or post what is due and return the exit code.

    Raises:
        WrongRequest: It is to be sent in a form that is not sent, or to a channel without a webhook.
    """
    if send and form != "slack":
        raise WrongRequest("what is due is sent to Slack alone: add --format slack")
    workspace = find_workspace(start)
    session = open_session(workspace.root, workspace.content, as_of=as_of, audience=audience)
    if session.has_errors:
        click.echo(format_text(session.problems, "nothing was reported"), err=True)
        return 1
    facts = session.shown()[1]
    told = _Told(workspace, session, facts, due_within(facts.due, facts.as_of, days))
    if send:
        return _send(told, sent or own_sent_file(workspace.root))
    click.echo(_written(told, form), nl=False)
    return 0


def _written(told: _Told, form: str) -> str | bytes:
    if form == "json":
        identity = identity_of(told.session, told.workspace.settings.site_name)
        return due_json(told.due, told.facts.as_of, identity)
    if form == "slack":
        # As bytes, whatever encoding the terminal has: JSON is UTF-8.
        return f"{json.dumps(told.message(told.due), ensure_ascii=False, indent=2)}\n".encode()
    return terminal_due(told.due, told.project_name, told.facts.as_of, terminal_width())


def _send(told: _Told, file: Path) -> int:
    try:
        with build_lock(file):
            return _send_once(told, SentList(file))
    except UnreadableSentList as problem:
        message = f"the list of what was sent, {printable(str(file))}, cannot be read: {problem}; nothing was posted"
    except AnotherBuildIsRunning as problem:
        message = f"another process is posting what is due ({printable(problem.holder)}); nothing was posted"
    click.echo(f"aipm: {message}", err=True)
    return 1


def _send_once(told: _Told, sent: SentList) -> int:
    """Post what was not posted before, and write down what was as soon as it is."""
    new = [one for one in told.due if one.channel not in _ELSEWHERE and key_of(one) not in sent]
    by_webhook = _by_webhook(new, os.environ)
    code = 0
    for name, url, due in by_webhook:
        try:
            post(url, told.message(due))
        except DeliveryFailed as problem:
            click.echo(f"aipm: {printable(name)} was not told of {_counted(len(due))}: {problem}", err=True)
            code = 1
            continue
        sent.add(map(key_of, due))
        click.echo(f"{_counted(len(due))} posted to {printable(name)}")
    if not new:
        click.echo("nothing to post: nothing is due that was not posted before")
    return code


def key_of(due: Due) -> str:
    """Return what is posted once: the id of a record and the day."""
    return f"{due.record_id} {due.date.isoformat()}"


def _by_webhook(due: Sequence[Due], variables: Mapping[str, str]) -> list[tuple[str, str, Sequence[Due]]]:
    """Return the messages to post: the name of the channel, its webhook, and what is told there.

    Raises:
        WrongRequest: A channel has no webhook.
    """
    found: dict[str, list[Due]] = defaultdict(list)
    for one in due:
        found[_channel_name(one, variables)].append(one)
    webhooks = {name: variables.get(_variable(name)) or variables.get(DEFAULT_VARIABLE) for name in found}
    without = sorted(name for name, url in webhooks.items() if not url)
    if without:
        names = ", ".join(f"{printable(name)} ({_variable(name)})" for name in without)
        raise WrongRequest(
            f"there is no webhook in the environment for {names}; {DEFAULT_VARIABLE} serves all channels"
        )
    return [(name, webhooks[name] or "", chunk) for name in sorted(found) for chunk in _chunks(found[name])]


def _channel_name(due: Due, variables: Mapping[str, str]) -> str:
    """Return the channel that something is told in: its own where that has a webhook, else the common one."""
    own = due.channel if due.channel not in {None, "slack"} else None
    return own if own and (_variable(own) in variables or DEFAULT_VARIABLE not in variables) else "slack"


def _variable(channel: str) -> str:
    if channel == "slack":
        return DEFAULT_VARIABLE
    return CHANNEL_VARIABLE + re.sub(r"[^A-Z0-9]+", "_", channel.upper()).strip("_")


def _chunks(due: Sequence[Due]) -> Iterator[Sequence[Due]]:
    yield from (due[at : at + _IN_A_MESSAGE] for at in range(0, len(due), _IN_A_MESSAGE))


def _counted(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
