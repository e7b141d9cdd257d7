"""Webhooks: posts a message to an address that is a secret, with a time limit and few retries; no error names it."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from http.client import HTTPException
from time import sleep
from typing import IO, Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10.0
ATTEMPTS = 3
_WAIT_SECONDS = 1.0
_WAIT_AT_MOST = 30.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# What services say of a message that they refuse: a word such as invalid_blocks.
_WORD = re.compile(rb"[a-z_]{1,40}\Z")


class DeliveryFailed(Exception):
    """A message did not arrive, or nobody knows whether it did; the text never holds the address."""


class _NotNow(Exception):
    """The other side cannot take the message at the moment; says why, and for how long to wait where it says so."""

    def __init__(self, reason: str, wait_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.wait_seconds = wait_seconds


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a message goes where it was meant to go, or nowhere."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Say that there is nothing to follow."""


def post(
    url: str, message: Mapping[str, Any], *, timeout: float = TIMEOUT_SECONDS, wait: Callable[[float], None] = sleep
) -> None:
    """Post a message as JSON.

    What was refused for the moment is tried again; what may have arrived is not, as it would arrive twice.

    Args:
        url: The webhook; a secret.
        message: What is posted.
        timeout: How long to wait for the other side, in seconds.
        wait: What waits between two attempts.

    Raises:
        DeliveryFailed: It did not arrive, or the answer did not.
    """
    request = _request(url, message)
    for attempt in range(ATTEMPTS):
        try:
            _post_once(request, timeout)
            return
        except _NotNow as problem:
            if attempt == ATTEMPTS - 1:
                raise DeliveryFailed(f"{problem}, {ATTEMPTS} times") from None
            wait(min(problem.wait_seconds or _WAIT_SECONDS * 2**attempt, _WAIT_AT_MOST))


def _request(url: str, message: Mapping[str, Any]) -> urllib.request.Request:
    try:
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        if not is_safe or not parts.hostname or not url.isascii() or not url.isprintable() or " " in url:
            raise ValueError
    except ValueError:
        raise DeliveryFailed("its address is no https:// address") from None
    data = json.dumps(message, ensure_ascii=False, sort_keys=True).encode()
    return urllib.request.Request(url, data, {"Content-Type": "application/json; charset=utf-8"}, method="POST")


def _post_once(request: urllib.request.Request, timeout: float) -> None:
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout):
            return
    except urllib.error.HTTPError as answer:
        with answer:
            _refused(answer)
    except urllib.error.URLError as problem:
        # Nothing was sent: no such host, or nobody listens.
        if isinstance(problem.reason, TimeoutError):
            raise _NotNow(f"it could not be reached within {timeout:g} seconds") from None
        raise _NotNow(f"it could not be reached ({type(problem.reason).__name__})") from None
    except (TimeoutError, OSError, HTTPException):
        message = f"it gave no answer within {timeout:g} seconds, so nobody knows whether the message arrived"
        raise DeliveryFailed(message) from None


def _refused(answer: urllib.error.HTTPError) -> None:
    said = _WORD.match(answer.read(64).strip())
    words = f"it answered {answer.code}" + (f" ({said[0].decode()})" if said else "")
    if answer.code == 429 or answer.code >= 500:
        after = answer.headers.get("Retry-After", "")
        raise _NotNow(words, float(after) if after.isascii() and after.isdigit() else None)
    raise DeliveryFailed(words)
