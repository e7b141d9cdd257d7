"""What was sent: a list in a file, so that a reminder is posted once for its id and date, however often a job runs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

SCHEMA = "aipm/sent-1"
_FOLDER = Path(".cache", "aipm")
_NAME = "sent.json"


def own_sent_file(root: Path) -> Path:
    """Return the list of a project where no other is named, in a folder that git overlooks; the folder is made."""
    folder = root / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    # Else the checkout would have changes that are not committed, and the next status would speak for today.
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return folder / _NAME


class UnreadableSentList(Exception):
    """The list of what was sent cannot be read, so nobody knows what must not be sent again."""


class SentList:
    """The list in a file; without the file nothing was sent yet."""

    def __init__(self, file: Path) -> None:
        """Read the list.

        Raises:
            UnreadableSentList: There is a file, and it is no such list.
        """
        self._file = file
        self._keys = set(_read(file))

    def __contains__(self, key: str) -> bool:
        """Say whether something was sent before."""
        return key in self._keys

    def add(self, keys: Iterable[str]) -> None:
        """Write down what was sent: the file holds the old list or the new one, whenever the process ends."""
        self._keys.update(keys)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f"{self._file.name}.new")
        data = {"schema": SCHEMA, "sent": sorted(self._keys)}
        with draft.open("w", encoding="utf-8", newline="\n") as written:
            written.write(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
            written.flush()
            os.fsync(written.fileno())
        os.replace(draft, self._file)


def _read(file: Path) -> list[str]:
    try:
        data = json.loads(file.read_bytes())
    except FileNotFoundError:
        return []
    except ValueError:
        raise UnreadableSentList("it is not JSON") from None
    sent = data.get("sent") if isinstance(data, dict) and data.get("schema") == SCHEMA else None
    if not isinstance(sent, list) or not all(isinstance(key, str) for key in sent):
        raise UnreadableSentList(f"it has not the form {SCHEMA}")
    return sent
