"""References: read from marked fields and links, at their places."""

import pytest

from aipm_site.records import KINDS
from aipm_site.records.references import looks_like_id, references_of
from tests.records.cases import right

RISK = "id: RSK-1\ntitle: Vendor raises its price\nprobability: 3\nimpact: 2\n"


def named(record):
    return [(reference.rel, reference.id) for reference in references_of(record)]


def test_fields_and_links_that_name_records_are_references():
    record = right(
        "risk",
        RISK + "links: [{rel: affects, id: MS-05}]\nresponse_actions: [ACT-1, ACT-2]\nsecondary_risks: [RSK-2]\n",
    )

    assert named(record) == [
        ("affects", "MS-05"),
        ("response_actions", "ACT-1"),
        ("response_actions", "ACT-2"),
        ("secondary_risks", "RSK-2"),
    ]


def test_a_reference_knows_its_path_and_the_kinds_that_fit():
    record = right("risk", RISK + "links: [{rel: affects, id: MS-05}]\nresponse_actions: [ACT-1, ACT-2]\n")

    link, _, second = references_of(record)
    assert (link.path, link.kinds) == (("links", 0, "id"), ())
    assert (second.path, second.kinds) == (("response_actions", 1), ("action",))
    assert record.origin.place_of(second.path).line == 6


def test_an_owner_is_a_reference_only_in_the_form_of_an_id():
    assert named(right("risk", RISK + "owner: ML-lead\n")) == []
    assert named(right("risk", RISK + "owner: PER-002\n")) == [("owner", "PER-002")]


def test_references_inside_parts_are_found():
    sprint = "id: SPR-1\ntitle: A\nstart: 2026-04-08\nend: 2026-04-21\nretro: {try: [ACT-1, a test feed]}\n"
    row = "metric: M-a\nvalue: 1\nas_of: 2026-04-15\npaired_with: {subject: MV-A-1.0.0, b: 1, c: 2}\n"

    assert named(right("sprint", sprint)) == [("retro.try", "ACT-1")]
    assert named(right("observation", row)) == [("metric", "M-a"), ("paired_with.subject", "MV-A-1.0.0")]


def test_a_version_of_a_dataset_names_the_dataset_and_a_row_keeps_its_whole_id():
    corrected = "M-a/MV-A-1.0.0/DST-002@2026-02/all/2026-04-14"
    row = f"metric: M-a\nvalue: 1\nas_of: 2026-04-15\ndataset: DST-002@2026-02\ncorrects: {corrected}\n"

    assert named(right("observation", row)) == [("metric", "M-a"), ("dataset", "DST-002"), ("corrects", corrected)]


# Domain reference, "IDs": numbered, dated, and natural keys.
@pytest.mark.parametrize("text", ["PER-004", "STU-2026-04-15-core", "MV-RW-1.6.2", "M-accuracy", "DST-002@2026-02"])
def test_ids_are_told_by_their_form(text):
    assert looks_like_id(text)


@pytest.mark.parametrize(
    "text", ["ML-lead", "PM", "lead data scientist", "per-004", "A-1", "QA-team", "PER-004 (acting)"]
)
def test_words_are_not_ids(text):
    assert not looks_like_id(text)


@pytest.mark.parametrize(
    "prefix", sorted({prefix for kind in KINDS if not kind.has_keys_for_ids for prefix in kind.prefixes})
)
def test_an_owner_may_be_named_by_an_id_of_any_kind(prefix: str) -> None:
    record = right("risk", RISK + f"owner: {prefix}-001\n")

    assert [one.id for one in references_of(record, lambda _: True) if one.rel == "owner"] == [f"{prefix}-001"]
