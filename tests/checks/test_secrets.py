"""Secrets are found by their form; the problem names the line, never the value."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis.strategies import data, from_regex, sampled_from

from aipm_site.checks.secrets import _FORMS, _SIGNS
from tests.snapshots import project_of

RISK = "id: RSK-001\ntitle: A vendor raises its price\nprobability: 2\nimpact: 2\n"
# Made here, by the forms that the issuers document; none opens anything.
SECRETS = {
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "an AWS access key": "AKIA" + "ABCDEFGH12345678",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----",
    "a JSON Web Token": "eyJhbGciOi1.eyJzdWIiOiIx.c2lnbmF0dXJl",
    "a Slack token": "xoxb-" + "1234567890-abc",
    "a social security number": "123-45-6789",
}


@pytest.mark.parametrize(("name", "secret"), SECRETS.items())
def test_a_secret_in_a_record_is_an_error_that_does_not_repeat_it(name: str, secret: str) -> None:
    problems = [
        p for p in project_of({"risks/a.yml": RISK + f'summary: "it is {secret}"\n'})[2] if p.severity == "error"
    ]

    assert [(p.code, p.place.line) for p in problems] == [("secret-in-content", 5)]
    assert name in problems[0].message
    assert secret not in problems[0].message + problems[0].hint


def test_a_secret_in_a_page_of_a_strict_project_is_an_error_with_its_line() -> None:
    files = {
        "project.yml": "id: PRJ-001\ntitle: A\npages: strict\n",
        "wiki/a.md": "# A\n\nkey " + SECRETS["an AWS access key"],
    }

    assert [(p.code, str(p.place)) for p in project_of(files)[2] if p.severity == "error"] == [
        ("secret-in-content", "content/wiki/a.md:3:5")
    ]


@pytest.mark.parametrize("text", ["2026-04-15", "000-12-3456", "RSK-123-45-6789", "call 555-12-34567"])
def test_ordinary_numbers_are_no_secrets(text: str) -> None:
    assert not [
        p for p in project_of({"risks/a.yml": RISK + f'summary: "{text}"\n'})[2] if p.code == "secret-in-content"
    ]


# Making texts with so much that they may not have around them takes Hypothesis long.
@settings(max_examples=20)
@given(sampled_from(sorted(_FORMS.values())), data())
def test_whatever_has_a_form_has_its_sign(form, data):
    secret = data.draw(from_regex(form[1]))

    assert any(sign.search(secret) for sign in _SIGNS)
