"""Redaction takes every id of a hidden record out of text and fields, and nothing else."""

from __future__ import annotations

import pytest

from aipm_site.redaction import redact_text

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
