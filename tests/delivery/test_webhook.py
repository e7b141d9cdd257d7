"""Posting to a webhook: few retries, a time limit, and never its address in an error."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from aipm_site.delivery.webhook import ATTEMPTS, DeliveryFailed, post
from tests.delivery.server import Webhook, a_webhook

MESSAGE = {"text": "Ärger, 語 & <b>"}


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with a_webhook() as server:
        yield server


def failure(url: str, **options: float) -> str:
    """Return what is said of a post that fails."""
    with pytest.raises(DeliveryFailed) as caught:
        post(url, MESSAGE, wait=lambda _: None, **options)
    return str(caught.value)


def test_a_message_arrives_as_json(webhook: Webhook) -> None:
    post(webhook.url, MESSAGE)

    assert webhook.posted == [MESSAGE]


def test_what_is_refused_for_the_moment_is_tried_again_after_as_long_as_asked_for(webhook: Webhook) -> None:
    webhook.answers = [(429, {"Retry-After": "7"}, b"rate_limited"), (503, {}, b"")]
    waited: list[float] = []

    post(webhook.url, MESSAGE, wait=waited.append)

    assert len(webhook.posted) == 3
    assert waited == [7, 2]


def test_nobody_waits_for_longer_than_half_a_minute(webhook: Webhook) -> None:
    webhook.answers = [(429, {"Retry-After": "86400"}, b"")]
    waited: list[float] = []

    post(webhook.url, MESSAGE, wait=waited.append)

    assert waited == [30]


def test_it_gives_up_after_three_attempts(webhook: Webhook) -> None:
    webhook.answers = [(500, {}, b"")] * 9

    assert failure(webhook.url) == "it answered 500, 3 times"
    assert len(webhook.posted) == ATTEMPTS == 3


def test_what_is_refused_for_good_is_not_tried_again(webhook: Webhook) -> None:
    webhook.answers = [(400, {}, b"invalid_blocks"), (404, {}, f"no hook at {webhook.url}".encode())]

    assert failure(webhook.url) == "it answered 400 (invalid_blocks)"
    # What the other side says may hold the secret: only a plain word is repeated.
    assert failure(webhook.url) == "it answered 404"
    assert len(webhook.posted) == 2


def test_a_redirect_is_not_followed(webhook: Webhook) -> None:
    with a_webhook() as other:
        webhook.answers = [(302, {"Location": other.url}, b""), (307, {"Location": other.url}, b"")]

        assert failure(webhook.url) == "it answered 302"
        assert failure(webhook.url) == "it answered 307"
        assert other.posted == []


def test_a_message_that_may_have_arrived_is_not_posted_again(webhook: Webhook) -> None:
    webhook.delay = 1.0

    said = failure(webhook.url, timeout=0.2)

    assert said == "it gave no answer within 0.2 seconds, so nobody knows whether the message arrived"
    assert len(webhook.posted) == 1


def test_where_nobody_listens_the_message_is_tried_again_and_the_reason_is_said() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert failure(f"http://127.0.0.1:{port}/s3cret") == "it could not be reached (ConnectionRefusedError), 3 times"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/s3cret",
        "ftp://hooks.example.org/s3cret",
        "file:///etc/passwd",
        "hooks.example.org/s3cret",
        "https:///s3cret",
        "https://[s3cret",
        "https://hooks.example.org/s3cret\nHost: other",
        "https://hooks.example.org/s3 cret",
        "https://hooks.example.org:port/s3cret",
        "",
    ],
)
def test_an_address_that_is_not_safe_is_refused_without_being_named(url: str) -> None:
    said = failure(url)

    assert "s3cret" not in said
    assert "hooks" not in said
