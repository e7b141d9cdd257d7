"""`aipm report due`: what is due in three forms, and posted to a webhook once for its id and date."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from aipm_site.delivery.sent import own_sent_file
from tests.delivery.server import Webhook, a_webhook
from tests.publication.builds import git
from tests.sample import CHARTER, ROOT, SMALL, Outcome, aipm, change, copy_sample, write

ACTION = "id: ACT-{n}\ntitle: {title}\ndue: {day}\nowner: Data lead\n"
REMINDER = "id: EVT-2026-04-16-standup\ntitle: Morning stand-up\nwhen: 2026-04-16T09:00\nchannel: '{channel}'\n"
CHANNEL = "#readmission-watch-standup"
CHANNEL_VARIABLE = "AIPM_WEBHOOK_READMISSION_WATCH_STANDUP"


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with a_webhook() as server:
        yield server


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project with an action that is due and a reminder of the next day."""
    files = {
        "content/project.yml": CHARTER + f"channels: {{'{CHANNEL}': the team}}\n",
        "content/actions/ACT-001.yml": ACTION.format(n="001", title="Ask <!channel> & `go`", day="2026-04-15"),
        "content/actions/ACT-002.yml": ACTION.format(n="002", title="Later", day="2026-04-17"),
        "content/reminders/standup.yml": REMINDER.format(channel=CHANNEL),
    }
    return write(tmp_path / "small", {**SMALL, **files})


def send(root: Path, environment: Mapping[str, str], *arguments: str) -> Outcome:
    return aipm(root, "report", "due", "--format", "slack", "--send", *arguments, environment=environment)


def texts(message: dict) -> str:
    """Return what the sections of a message say."""
    return "\n".join(block["text"]["text"] for block in message["blocks"] if block["type"] == "section")


# domain 1.2.2, A22, on the worked example.


def test_the_reminder_of_the_sample_is_posted_once_to_its_channel(tmp_path: Path, webhook: Webhook) -> None:
    root = copy_sample(tmp_path)
    environment = {CHANNEL_VARIABLE: webhook.url}
    with a_webhook() as common:
        environment["AIPM_SLACK_WEBHOOK"] = common.url

        first, second = send(root, environment), send(root, environment)

        assert (first.code, second.code) == (0, 0), first.err
        assert len(webhook.posted) == len(common.posted) == 1
        assert "EVT-2026-04-16-standup" in texts(webhook.posted[0])
        assert "16 April 2026, 09:00 (America/Chicago)" in texts(webhook.posted[0])
        assert "EVT-2026-04-16-standup" not in texts(common.posted[0])
        assert "nothing to post" in second.out


def test_it_says_what_is_overdue_due_and_due_tomorrow(project: Path) -> None:
    outcome = aipm(project, "report", "due")

    assert outcome.code == 0
    assert outcome.out.splitlines()[0] == "Small: what is due as at 2026-04-15"
    assert "Due now\n  2026-04-15  ACT-001" in outcome.out
    assert "Soon\n  2026-04-16  EVT-2026-04-16-standup  reminder   09:00 (UTC)" in outcome.out
    assert "ACT-002" not in outcome.out
    assert "ACT-002" in aipm(project, "report", "due", "--days", "2").out


def test_a_time_in_another_zone_is_told_with_the_day_that_goes_with_it(project: Path) -> None:
    # 09:00 on 17 April in Tokyo (UTC+9) is 19:00 on 16 April in Chicago (UTC-5).
    change(project / "content" / "project.yml", "tz: UTC", "tz: America/Chicago")
    change(project / "content" / "reminders" / "standup.yml", "2026-04-16T09:00", "2026-04-17T09:00\ntz: Asia/Tokyo")

    message = json.loads(aipm(project, "report", "due", "--format", "slack").out)
    (entry,) = (d for d in json.loads(aipm(project, "report", "due", "--format", "json").out)["due"] if "at" in d)

    assert "reminder, 17 April 2026, 09:00 (Asia/Tokyo)" in texts(message)
    assert "  2026-04-17  EVT-2026-04-16-standup  reminder   09:00 (Asia/Tokyo)" in aipm(project, "report", "due").out
    assert "  2026-04-17  EVT-2026-04-16-standup  reminder   09:00 (Asia/Tokyo)" in aipm(project, "status").out
    assert (entry["date"], entry["at"]) == ("2026-04-16", "2026-04-17T09:00:00+09:00")


def test_nothing_due_is_said_too(project: Path) -> None:
    assert aipm(project, "report", "due", "--as-of", "2026-01-01").out.endswith("\nNothing is due.\n")


def test_as_json_it_is_the_due_list_of_the_site(project: Path) -> None:
    data = json.loads(aipm(project, "report", "due", "--format", "json").out)

    assert data["schema"] == "aipm/due-1"
    assert (data["as_of"], data["audience"]) == ("2026-04-15", "internal")
    assert [(due["record"], due["date"], due["state"]) for due in data["due"]] == [
        ("ACT-001", "2026-04-15", "due"),
        ("EVT-2026-04-16-standup", "2026-04-16", "soon"),
    ]
    assert data["due"][1]["at"] == "2026-04-16T09:00:00+00:00"
    assert "at" not in data["due"][0]


def test_in_a_message_no_word_of_a_record_is_a_sign_of_slack(project: Path) -> None:
    message = json.loads(aipm(project, "report", "due", "--format", "slack").out)

    assert "Ask &lt;!channel&gt; &amp; ˋgoˋ" in texts(message)
    assert "<!channel>" not in json.dumps(message)
    assert message["link_names"] is False
    assert all(block["text"]["verbatim"] for block in message["blocks"] if block["type"] == "section")


def test_records_are_links_where_the_site_says_where_it_is(project: Path) -> None:
    change(project / "mkdocs.yml", "site_name: Small\n", "site_name: Small\nsite_url: https://example.org/w/\n")

    message = json.loads(aipm(project, "report", "due", "--format", "slack").out)

    assert "<https://example.org/w/actions/ACT-001/|ACT-001>" in texts(message)


def test_a_message_keeps_the_limits_of_slack(project: Path) -> None:
    title = "a" + "&" * 199
    many = {f"content/actions/ACT-{n}.yml": ACTION.format(n=n, title=title, day="2026-04-15") for n in range(100, 300)}
    write(project, many)

    message = json.loads(aipm(project, "report", "due", "--format", "slack").out)

    # https://api.slack.com/reference/block-kit/blocks: 50 blocks in a message, 3000 characters in a section.
    assert len(message["blocks"]) <= 50
    assert max(len(b["text"]["text"]) for b in message["blocks"] if b["type"] == "section") <= 3000
    assert "and more" in texts(message)


def test_many_entries_are_posted_in_several_messages_and_each_in_one(project: Path, webhook: Webhook) -> None:
    many = {f"content/actions/ACT-{n}.yml": ACTION.format(n=n, title="Ask", day="2026-04-15") for n in range(100, 190)}
    write(project, many)

    outcome = send(project, {"AIPM_SLACK_WEBHOOK": webhook.url})

    assert outcome.code == 0
    assert len(webhook.posted) == 3
    whole = "\n".join(map(texts, webhook.posted))
    assert all(whole.count(f"ACT-{n} ") == 1 for n in range(100, 190))


def test_the_same_record_on_another_day_is_another_reminder(project: Path, webhook: Webhook) -> None:
    environment = {"AIPM_SLACK_WEBHOOK": webhook.url}
    send(project, environment)
    change(project / "content/actions/ACT-001.yml", "2026-04-15", "2026-04-16")

    send(project, environment)

    assert "ACT-001" in texts(webhook.posted[1])
    assert "EVT-2026-04-16-standup" not in texts(webhook.posted[1])


def test_only_what_was_taken_counts_as_sent(project: Path, webhook: Webhook) -> None:
    environment = {"AIPM_SLACK_WEBHOOK": webhook.url}
    webhook.answers = [(400, {}, b"invalid_token")]

    failed, again = send(project, environment), send(project, environment)

    assert failed.code == 1
    assert failed.err == "aipm: slack was not told of 2 entries: it answered 400 (invalid_token)\n"
    assert (again.code, again.out) == (0, "2 entries posted to slack\n")


def test_when_one_channel_fails_the_others_are_told(project: Path, webhook: Webhook) -> None:
    with a_webhook() as channel:
        channel.answers = [(404, {}, b"no_service")]
        environment = {"AIPM_SLACK_WEBHOOK": webhook.url, CHANNEL_VARIABLE: channel.url}

        outcome = send(project, environment)
        again = send(project, environment)

    assert outcome.code == 1
    assert f"{CHANNEL} was not told of 1 entry" in outcome.err
    assert len(webhook.posted) == 1
    assert again.out == f"1 entry posted to {CHANNEL}\n"


@pytest.mark.parametrize("url", ["http://hooks.example.org/s3cret", "https://[s3cret"])
def test_the_address_of_a_webhook_is_in_no_word_and_no_file(project: Path, url: str) -> None:
    outcome = send(project, {"AIPM_SLACK_WEBHOOK": url})

    assert outcome.code == 1
    assert "s3cret" not in outcome.out + outcome.err
    assert not [path for path in project.rglob("*") if path.is_file() and b"s3cret" in path.read_bytes()]


def test_without_a_webhook_nothing_is_posted_and_the_variable_is_named(project: Path, webhook: Webhook) -> None:
    outcome = send(project, {CHANNEL_VARIABLE: webhook.url, "AIPM_SLACK_WEBHOOK": ""})

    assert outcome.code == 2
    assert "there is no webhook in the environment for slack (AIPM_SLACK_WEBHOOK)" in outcome.err
    assert webhook.posted == []


@pytest.mark.parametrize("channel", ["ics", "email"])
def test_reminders_of_other_channels_are_not_posted(project: Path, webhook: Webhook, channel: str) -> None:
    write(project, {"content/reminders/standup.yml": REMINDER.format(channel=channel)})

    send(project, {"AIPM_SLACK_WEBHOOK": webhook.url})

    assert "EVT-2026-04-16-standup" not in texts(webhook.posted[0])


def test_a_list_that_cannot_be_read_stops_it(project: Path, webhook: Webhook, tmp_path: Path) -> None:
    (tmp_path / "sent.json").write_text("{")

    outcome = send(project, {"AIPM_SLACK_WEBHOOK": webhook.url}, "--sent", str(tmp_path / "sent.json"))

    assert outcome.code == 1
    assert "cannot be read: it is not JSON; nothing was posted" in outcome.err
    assert webhook.posted == []


def test_the_list_may_lie_where_a_job_keeps_it(project: Path, webhook: Webhook, tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "sent.json"

    send(project, {"AIPM_SLACK_WEBHOOK": webhook.url}, "--sent", str(kept))

    assert json.loads(kept.read_bytes()) == {
        "schema": "aipm/sent-1",
        "sent": ["ACT-001 2026-04-15", "EVT-2026-04-16-standup 2026-04-16"],
    }
    assert not (project / ".cache").exists()


def test_the_list_makes_no_change_in_the_checkout(project: Path, webhook: Webhook) -> None:
    git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "Begin", GIT_COMMITTER_DATE="2026-04-15T12:00:00+00:00")
    change(project / "content/project.yml", "as_of: 2026-04-15\n", "")
    git(project, "commit", "-q", "-a", "-m", "Follow the commits", GIT_COMMITTER_DATE="2026-04-15T12:00:00+00:00")

    send(project, {"AIPM_SLACK_WEBHOOK": webhook.url})
    again = send(project, {"AIPM_SLACK_WEBHOOK": webhook.url})

    assert git(project, "status", "--porcelain") == ""
    # The second run speaks for the day of the commit too, not for today.
    assert again.out == "nothing to post: nothing is due that was not posted before\n"
    assert len(webhook.posted) == 1


def test_of_two_jobs_at_once_one_posts(project: Path, webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> None:
    from aipm_site.commands import report
    from aipm_site.publication.lock import build_lock

    monkeypatch.setattr(report, "build_lock", lambda file: build_lock(file, wait_seconds=0))
    with build_lock(own_sent_file(project)):
        outcome = send(project, {"AIPM_SLACK_WEBHOOK": webhook.url})

    assert outcome.code == 1
    assert "another process is posting what is due" in outcome.err
    assert webhook.posted == []


def test_content_with_errors_is_not_reported(project: Path, webhook: Webhook) -> None:
    change(project / "content/actions/ACT-001.yml", "2026-04-15", "2026-04-31")

    outcome = send(project, {"AIPM_SLACK_WEBHOOK": webhook.url})

    assert outcome.code == 1
    assert "not-a-date" in outcome.err
    assert webhook.posted == []


def test_only_a_message_can_be_sent(project: Path) -> None:
    outcome = aipm(project, "report", "due", "--send")

    assert outcome.code == 2
    assert "add --format slack" in outcome.err


def test_an_audience_is_told_of_nothing_stricter(project: Path) -> None:
    change(project / "content/actions/ACT-001.yml", "owner:", "audience: restricted\nowner:")

    for form in ("text", "json", "slack"):
        assert "ACT-001" not in aipm(project, "report", "due", "--format", form).out
    assert "ACT-001" in aipm(project, "report", "due", "--audience", "restricted").out


def test_the_sample_names_the_channel_and_not_its_address() -> None:
    text = (ROOT / "content/project.yml").read_text(encoding="utf-8")

    assert CHANNEL in text
    assert "hooks.slack.com" not in text
