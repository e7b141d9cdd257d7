"""The list of what was sent: kept whole, and never taken for empty because it cannot be read."""

from pathlib import Path

import pytest

from aipm_site.delivery.sent import SentList, UnreadableSentList


def test_what_was_sent_is_known_the_next_time(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "sent.json"

    SentList(file).add(["ACT-001 2026-04-15", "ACT-002 2026-04-16"])
    SentList(file).add(["ACT-003 2026-04-16"])

    again = SentList(file)
    assert "ACT-001 2026-04-15" in again
    assert "ACT-003 2026-04-16" in again
    # Another day is another reminder.
    assert "ACT-001 2026-04-16" not in again


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"schema": "aipm/sent-2", "sent": []}', '{"schema": "aipm/sent-1", "sent": [1]}']
)
def test_a_list_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path, text: str) -> None:
    file = tmp_path / "sent.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UnreadableSentList):
        SentList(file)

    assert file.read_text(encoding="utf-8") == text


def test_a_write_that_fails_leaves_the_list_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "sent.json"
    SentList(file).add(["ACT-001 2026-04-15"])
    before = file.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        SentList(file).add(["ACT-002 2026-04-15"])

    assert file.read_bytes() == before
