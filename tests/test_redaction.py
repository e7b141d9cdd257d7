"""Redaction takes ids of hidden records, and links to what is hidden, out of texts, and nothing else."""

from __future__ import annotations

import pytest

from aipm_site.redaction import Redaction, redact_text

HIDDEN = frozenset({"RSK-014", "DST-002", "MV-RW-1.6.2", "M-accuracy/MV-RW-1.6.2/-/all/2026-04-14"})


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("see RSK-014.", "see (not shared)."),
        ("RSK-014", "(not shared)"),
        ("RSK-0141 and XRSK-014 stay", "RSK-0141 and XRSK-014 stay"),
        ("RSK-014-extra", "(not shared)-extra"),
        ("[[RSK-014]]", "(not shared)"),
        ("dataset DST-002@2026-02 was used", "dataset (not shared) was used"),
        ("MV-RW-1.6.2, MV-RW-1.7.0", "(not shared), MV-RW-1.7.0"),
        ("M-accuracy/MV-RW-1.6.2/-/all/2026-04-14", "(not shared)"),
        ("nothing here - at all", "nothing here - at all"),
    ],
)
def test_hidden_ids_are_replaced_and_everything_else_stays(text: str, redacted: str) -> None:
    assert redact_text(text, HIDDEN) == redacted


REDACTION = Redaction(HIDDEN, frozenset({"content/wiki/plan.md"}))


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("[the plan](plan.md), [its part](plan.md#part 'x')", "the plan (not shared), its part (not shared)"),
        ("[the plan](<../wiki/plan.md>)", "the plan (not shared)"),
        ("![a picture](RSK-014.png)", "a picture (not shared)"),
        ("[![seen](seen.png)](plan.md)", "[![seen](seen.png)](#)"),
        ("[by name][p]\n\n[p]: plan.md", "[by name][p]\n\n[p]: #"),
        ('<a href="plan.md">plan</a>', '<a href="#">plan</a>'),
        ("[record](../../risks/RSK-014/)", "record (not shared)"),
        (
            "[other](other.md) [web](https://example.org/plan.md)",
            "[other](other.md) [web](https://example.org/plan.md)",
        ),
    ],
)
def test_links_to_what_is_hidden_become_words(text: str, redacted: str) -> None:
    assert REDACTION.text(text, "content/wiki") == redacted
