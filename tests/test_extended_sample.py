"""The sample with every kind extended: nothing that it computes changes, and a broken extension shows no half of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aipm_site.records import KINDS
from tests.sample import aipm, build, copy_sample, write

EXTENSION = "extends: {kind}\nfields:\n  - {{name: extra_note, type: {type}, description: what else there is to say}}\n"
EXTENDED = [kind.name for kind in KINDS if kind.folder]


def extended(root: Path, type_of_field: str = "line") -> Path:
    files = {f"content/kinds/{kind}.yml": EXTENSION.format(kind=kind, type=type_of_field) for kind in EXTENDED}
    return write(root, files)


def test_the_status_is_the_same_in_every_byte_with_every_kind_extended(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    before = aipm(root, "status", "--json")

    after = aipm(extended(root), "status", "--json")

    assert (before.code, after.code) == (0, 0)
    assert json.loads(after.out)["figures"]
    assert after.out == before.out


@pytest.mark.slow
def test_the_site_has_the_same_pages_and_the_new_field_is_explained(tmp_path: Path) -> None:
    root = copy_sample(tmp_path)
    before = build(root, site="before")

    after = build(extended(root), site="after")

    assert after.addresses() == before.addresses()
    assert after.records == before.records
    for kind in EXTENDED:
        assert "what else there is to say" in after.text(f"status/kinds/{kind}"), kind


@pytest.mark.slow
def test_a_lenient_site_with_broken_extensions_shows_none_of_their_records_and_says_so(tmp_path: Path) -> None:
    root = extended(copy_sample(tmp_path), "lin")

    outcome = aipm(root, "build", "--lenient")

    assert outcome.code == 1
    assert f"{len(EXTENDED)} errors" in outcome.err
    records = json.loads((root / "site" / "records.json").read_text(encoding="utf-8"))
    assert [record["kind"] for record in records["records"]] == ["project"]
    assert records["unread"] > 50
    page = (root / "site" / "wiki" / "risk-procedure" / "index.html").read_text(encoding="utf-8")
    assert "the declaration of &#39;risks&#39; cannot be read" in page
