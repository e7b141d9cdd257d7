"""What is not for an audience is in no byte of its site: canaries in records, pages, files, names and settings."""

from __future__ import annotations

import gzip
import json
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.every_field import KINDS, file_of, full_record, record_kinds, yaml_of
from tests.sample import CHARTER, RISK, SMALL, Site, aipm, build, change, copy_sample, read_tree, words, write

# Words that nobody writes, and ids that nobody has: "xqz" and 977 are restricted, "xqy" and 978 internal.
RESTRICTED = re.compile(rb"xqz|\b[A-Z]{2,3}-977", re.IGNORECASE)
INTERNAL = re.compile(rb"xqz|xqy|\b[A-Z]{2,3}-97[78]", re.IGNORECASE)


def id_of(kind_name: str, number: int) -> str:
    word = {977: "XQZ", 978: "XQY"}[number]
    natural = {"model": f"MV-{word}-9.9.9", "metric": f"M-{word.lower()}metric"}
    kind = KINDS.named(kind_name)
    dated = f"{kind.prefix}-2026-04-14-{word.lower()}" if kind.id_form == "dated" else ""
    return natural.get(kind_name) or dated or f"{kind.prefix}-{number}"


def png(text: str) -> bytes:
    """Return a picture of one pixel with a text in its metadata."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header, pixel = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0), zlib.compress(b"\0\0")
    said = chunk(b"tEXt", b"Comment\0" + text.encode())
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + said + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def hidden_records() -> dict[str, str]:
    """Return, for each kind, a record with a canary in every field, for both hidden labels."""
    files = {}
    for number, word, label in ((977, "xqz", "restricted"), (978, "xqy", "internal")):
        for kind in record_kinds():
            record_id = id_of(kind.name, number)
            more: dict[str, Any] = {"metric": id_of("metric", number)} if kind.name == "observation" else {}
            more |= {"id": record_id} if kind.is_rows and kind.name != "observation" else {}
            more |= {"subject": id_of("model", number)} if kind.name in {"observation", "decision"} else {}
            more |= {"links": [{"rel": "supersedes", "id": "DEC-801"}]} if record_id == "DEC-977" else {}
            text = f"{word} of the {kind.name}"
            record = full_record(kind, record_id, lambda _, text=text: text, audience=label, **more)
            name = f"rows-{word}" if kind.is_rows else record_id
            files[file_of(kind, name)] = yaml_of(record.data, rows=kind.is_rows)
    return files


# Records that client and public readers may see, and that name hidden ones wherever a record can.
NAMING = {
    "content/risks/RSK-801.md": """\
---
id: RSK-801
title: A risk that names RSK-977
audience: client
probability: 2
impact: 2
summary: See RSK-977, [[DEC-977]] and `ISS-977`; also (RSK-978).
cause: "[a file](../decisions/DEC-977.yml)"
owner: after ACT-977
tags: [RSK-977]
controls: ["RSK-977: held down"]
response_actions: [ACT-977, ACT-978]
secondary_risks: [RSK-977]
custom: {RSK-977: as a key, list: [RSK-977, {deep: MV-XQZ-9.9.9}]}
links:
  - {rel: relates_to, id: ISS-977}
  - {rel: relates_to, id: M-xqzmetric}
reviewed_on: 2026-04-14
---
Prose that names [[RSK-977]], **RSK-977**, RSK-977. and `RSK-977`.

| RSK-977 | MS-977 |
|---|---|
| DEC-977 | MV-XQZ-9.9.9 |

    RSK-977 in code

[a hidden page](../wiki/xqz-plan.md)
""",
    "content/plan/milestones/MS-801.yml": "id: MS-801\ntitle: After MS-977\naudience: client\n"
    "baseline_date: 2026-06-15\nforecast_date: 2026-06-20\nreviewed_on: 2026-04-14\ndepends_on: [MS-977]\n",
    "content/raid/issues/ISS-801.yml": "id: ISS-801\ntitle: An issue\naudience: public\nseverity: 3\nopened: 2026-04-14\n"
    "impact: of RSK-977\naffects: [MV-XQZ-9.9.9]\nactions: [ACT-977]\nreviewed_on: 2026-04-14\n",
    "content/raid/actions/ACT-801.yml": "id: ACT-801\ntitle: An action\naudience: client\ndue: 2026-05-01\n"
    "raised_in: ISS-977\napproval: {type: legal_signoff, approver: as in DEC-977, requested_on: 2026-04-14, due_on: 2026-04-30}\n",
    "content/decisions/DEC-801.yml": "id: DEC-801\ntitle: An old decision\naudience: client\nstatus: superseded\n"
    "superseded_by: DEC-977\nquestion: Instead of DEC-977?\noptions: [as in DEC-977, as it is]\noutcome: as in DEC-977\n"
    "rationale: because of RSK-977\ndate: 2026-04-01\n",
    "content/decisions/DEC-802.yml": "id: DEC-802\ntitle: A decision that is needed\naudience: client\nstatus: proposed\n"
    "question: RSK-977 or not?\noptions: [RSK-977, none]\nrecommendation: RSK-977\ncost_of_delay: RSK-977 happens\n"
    "decide_by: 2026-04-30\ndate: 2026-04-10\n",
    "content/plan/sprints/SPR-801.yml": "id: SPR-801\ntitle: Sprint after SPR-977\naudience: client\nstart: 2026-05-06\n"
    "end: 2026-05-19\nstatus: planned\nretro: {try: [ACT-977]}\n",
    "content/ai/models/MV-OPEN-1.0.0.yml": "id: MV-OPEN-1.0.0\ntitle: An open model\naudience: client\nversion: 1.0.0\n"
    "stage: dev\nmetrics: [M-xqzmetric]\nrollback_to: MV-XQZ-9.9.9\ntraining_data: [with MV-XQZ-9.9.9]\nparams: {base: MV-XQZ-9.9.9}\n",
    # The ids of these rows hold hidden ids, so no id is left for them to stand under.
    "content/ai/observations/odd.yml": "- common: {audience: client, as_of: 2026-04-14, value: 1, unit: count}\n"
    "- {metric: M-accuracy, subject: MV-XQZ-9.9.9, slice: odd}\n"
    "- {metric: M-accuracy, subject: MV-XQY-9.9.9, slice: odd}\n"
    "- {metric: M-xqzmetric, subject: MV-OPEN-1.0.0}\n",
    "content/wiki/open.md": """\
---
title: About RSK-977
description: This page names RSK-977
audience: public
owner: RSK-977
tags: [RSK-977]
---
# About RSK-977

Named: [[RSK-977]], RSK-977, `RSK-977`, [link](../../decisions/DEC-977/ "RSK-977"), [[MV-XQZ-9.9.9]].
<!-- xqz: a comment -->

## Heading with RSK-977

    RSK-977 in code

```text title="RSK-977"
RSK-977
```

```aipm
table: risks
title: All but RSK-977
```

```aipm
list: decisions
```

```aipm
figure: risk.open
title: Without RSK-977
```

!!! note "RSK-977"
    RSK-977

[the plan](xqz-plan.md), [its part](xqz-plan.md#xqz-part)

[by name][plan]

[plan]: xqz-plan.md
""",
}
HIDDEN_PAGES: dict[str, str | bytes] = {
    "content/wiki/xqz-plan.md": "---\ntitle: The xqz plan\naudience: restricted\n---\n# The xqz plan\n\n"
    "![](xqz-shown-nowhere.png) [data](../files/xqz-list.csv) and MS-977\n\n## Xqz part\n",
    **{
        f"content/wiki/xqz-{name}.md": f"---\naudience: restricted\n---\n# {name.capitalize()} in xqz\n"
        for name in ("deep", "deeper")
    },
    "content/wiki/xqy-plan.md": "---\ntitle: The xqy plan\naudience: internal\n---\n# The xqy plan\n\n[data](../files/xqy-list.csv)\n",
    "content/wiki/xqz-shown-nowhere.png": png("xqz in the metadata"),
    "content/wiki/xqz-unused.png": png("xqz in the metadata of what nobody shows"),
    "content/files/xqz-list.csv": "xqz,1\n",
    "content/files/xqy-list.csv": "xqy,1\n",
    "content/reports/xqz-board.md": "---\ntitle: Xqz board\naudience: restricted\n---\nWords of xqz and {{ fig('risk.open') }}.\n",
}
NAV = """\
  - Xqz plan: wiki/xqz-plan.md
  - Xqz section:
      - Xqz deep: wiki/xqz-deep.md
      - wiki/xqz-deeper.md
  - Xqz board: reports/xqz-board/index.md
  - Open: wiki/open.md
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample with canaries."""
    root = copy_sample(tmp_path_factory.mktemp("canaries"))
    write(root, hidden_records() | NAMING | HIDDEN_PAGES)
    change(
        root / "content/project.yml",
        "summary: >-\n",
        "custom: {of: RSK-977}\nscope_in: [RSK-977]\nsummary: >-\n  RSK-977:\n",
    )
    charter = (root / "content/project.yml").read_text()
    (root / "content/project.yml").write_text(charter.replace("scope_in:\n", "scope_in_of_the_sample:\n", 1), "utf-8")
    drop_block(root / "content/project.yml", "scope_in_of_the_sample:")
    change(
        root / "content/project.yml",
        "disclose:\n",
        "disclose:\n  - {figure: risk.open, to: client, reason: asked for}\n",
    )
    change(root / "content/reports/executive.md", "{% extends", "{# xqy #}{% extends")
    change(
        root / "mkdocs.yml",
        "site_name: Readmission Watch\n",
        "site_name: Readmission Watch\nsite_url: https://example.org/w/\n",
    )
    with (root / "mkdocs.yml").open("a") as settings:
        settings.write(NAV)
    return root


def drop_block(file: Path, key: str) -> None:
    """Take a key with a list below it out of a YAML file."""
    file.write_text(re.sub(rf"^{key}\n(  .*\n)+", "", file.read_text(), flags=re.MULTILINE))


@pytest.fixture(scope="module")
def sites(project: Path) -> dict[str, Site]:
    """Return the site of each audience."""
    return {
        label: build(project, "--audience", label, site=f"site-{label}")
        for label in ("restricted", "internal", "client", "public")
    }


def every_byte(folder: Path) -> dict[str, bytes]:
    """Return names and contents of all files, compressed ones also as they were."""
    found = {}
    for path, data in read_tree(folder).items():
        found[path] = path.encode() + b"\n" + data
        if path.endswith(".gz"):
            found[f"{path}, unpacked"] = gzip.decompress(data)
    return found


def leaks(folder: Path, canary: re.Pattern[bytes]) -> list[tuple[str, str]]:
    return [
        (path, data[max(0, found.start() - 60) : found.end() + 40].decode("utf-8", "replace"))
        for path, data in every_byte(folder).items()
        for found in canary.finditer(data)
    ]


@pytest.mark.parametrize(("label", "canary"), [("internal", RESTRICTED), ("client", INTERNAL), ("public", INTERNAL)])
def test_no_byte_of_a_site_holds_what_is_not_for_its_readers(
    sites: dict[str, Site], label: str, canary: re.Pattern[bytes]
) -> None:
    assert leaks(sites[label].folder, canary) == []


def test_the_canaries_are_there_for_those_who_may_see_them(sites: dict[str, Site]) -> None:
    # Else the tests above would hold of an empty folder too.
    whole = b"\n".join(every_byte(sites["restricted"].folder).values())

    for kind in record_kinds():
        assert f"xqz of the {kind.name}".encode() in whole, kind.name
    assert sites["restricted"].has("wiki/xqz-plan")
    assert sites["restricted"].has("reports/xqz-board")
    assert (sites["restricted"].folder / "wiki/xqz-shown-nowhere.png").is_file()
    assert not (sites["restricted"].folder / "wiki/xqz-unused.png").exists()


def test_readers_see_their_own_records_and_a_neutral_word_for_the_others(sites: dict[str, Site]) -> None:
    site = sites["client"]
    text = site.text("risks/RSK-801")

    assert "A risk that names (not shared)" in text
    assert "not shared" in site.text("issues/ISS-801")
    assert "(not shared)" in site.text("wiki/open")
    assert {"RSK-801", "ISS-801", "DEC-801"} <= site.records.keys()
    assert "RSK-801" not in sites["public"].records
    assert "ISS-801" in sites["public"].records


def test_rows_whose_ids_hold_hidden_ids_are_hidden_too(sites: dict[str, Site]) -> None:
    rows = {
        label: [record for record in site.records.values() if record["file"] == "content/ai/observations/odd.yml"]
        for label, site in sites.items()
    }

    assert {label: len(found) for label, found in rows.items()} == {
        "restricted": 3,
        "internal": 1,
        "client": 0,
        "public": 0,
    }


def test_the_navigation_names_no_page_of_other_readers(sites: dict[str, Site]) -> None:
    for label in ("client", "public"):
        titles = {words(node.text()) for node in sites[label].page().css("nav.md-nav a, nav.md-nav label")}
        assert "Open" in titles
        assert not [title for title in titles if "qz" in title]


def test_figures_are_the_same_in_every_site_that_shows_them(sites: dict[str, Site]) -> None:
    whole = sites["restricted"].figures

    for label in ("internal", "client", "public"):
        shown = sites[label].figures
        assert shown.keys() <= whole.keys()
        for name, figure in shown.items():
            for key in ("value", "unit", "as_of"):
                assert figure.get(key) == whole[name].get(key), (label, name)
    assert len(sites["client"].figures) < len(sites["internal"].figures) <= len(whole)


def test_a_status_that_is_shown_is_the_whole_one(sites: dict[str, Site]) -> None:
    whole = {dimension["name"]: dimension["status"] for dimension in sites["restricted"].status["dimensions"]}

    for label in ("internal", "client", "public"):
        for dimension in sites[label].status["dimensions"]:
            assert dimension["status"] == whole[dimension["name"]]
    assert sites["client"].status["overall"]["status"] == sites["restricted"].status["overall"]["status"]


def test_disclosure_is_the_only_way_down_and_tells_of_hidden_sources_their_number(sites: dict[str, Site]) -> None:
    whole, client = sites["restricted"].figures["risk.open"], sites["client"].figures["risk.open"]
    public = sites["public"].figures

    assert client["value"] == whole["value"]
    assert client["formula"]
    assert {source["record"] for source in client["sources"]} <= {"RSK-801"}
    total = len(whole["sources"]) + whole.get("more", 0)
    assert len(client["sources"]) + client["more"] == total
    assert client["comparator"] is None
    assert "not shared with this audience" in sites["client"].text("figures")
    assert "risk.open" not in public
    assert not any(name.startswith("risk.") and name != "risk.open" for name in sites["client"].figures)


def test_what_is_not_shared_is_said_where_it_would_stand(sites: dict[str, Site]) -> None:
    for address in ("", "reports/executive"):
        assert "not shared with this audience" in sites["public"].text(address).lower(), address
    overall = sites["public"].status["overall"]
    assert overall["label"] == "not shared with this audience"
    assert overall["reasons"] == []


def test_a_site_names_its_audience_and_a_check_of_it_holds(sites: dict[str, Site], project: Path) -> None:
    for label, site in sites.items():
        assert site.json("build.json")["audience"] == site.status["audience"] == label
        assert aipm(project, "check", "--site", str(site.folder)).code == 0


def test_the_status_command_shows_no_more_than_the_site(sites: dict[str, Site], project: Path) -> None:
    for label, canary in (("client", INTERNAL), ("internal", RESTRICTED)):
        for form in ("--json", None):
            outcome = aipm(project, "status", "--audience", label, *([form] if form else []))
            assert outcome.code == 0
            assert not canary.search(outcome.out.encode()), (label, form)


# Small projects: one way out each.


def small(root: Path, **files: str | bytes) -> Path:
    """Write the small project with more files, each named by its path with "__" for "/"."""
    return write(root, {**SMALL, **files})


@pytest.mark.parametrize("command", ["build", "status"])
def test_an_unknown_audience_is_a_wrong_command_line(tmp_path: Path, command: str) -> None:
    outcome = aipm(small(tmp_path), command, "--audience", "clients")

    assert outcome.code == 2
    assert "there is no audience 'clients'" in outcome.err
    assert "did you mean 'client'?" in outcome.err
    assert not (tmp_path / "site").exists()


BROKEN_PAGE = "---\ntitle: [Xqz plan\naudience: restricted\n---\n# Xqz plan\n"


@pytest.mark.parametrize("pages", ["strict", "as-is"])
@pytest.mark.parametrize("page", [BROKEN_PAGE, "\n" + BROKEN_PAGE, "---\naudience: restricted\n# Xqz plan\n"])
def test_a_page_whose_front_matter_cannot_be_read_is_never_published(tmp_path: Path, pages: str, page: str) -> None:
    root = small(tmp_path)
    change(root / "content/project.yml", "pages: strict", f"pages: {pages}")
    write(root, {"content/wiki/xqz.md": page})

    strict, lenient = aipm(root, "build"), aipm(root, "build", "--lenient")

    assert strict.code == lenient.code == 1
    assert "content/wiki/xqz.md" in strict.err
    assert not (root / "site/wiki/xqz").exists()
    assert [leak for leak in leaks(root / "site", RESTRICTED) if "status/problems" not in leak[0]] == []


def test_a_lenient_site_says_nothing_of_hidden_records(tmp_path: Path) -> None:
    hidden = "id: RSK-977\ntitle: Xqz\naudience: restricted\nprobability: 2\nimpact: 2\nreviewed_on: 2026-04-14\n"
    root = small(
        tmp_path,
        **{
            "content/risks/RSK-977.yml": hidden + "xqzfield: 1\n",
            "content/risks/RSK-976.yml": hidden.replace("977", "976").replace("Xqz", "Xqz other") + "owner: PER-977\n",
            "content/wiki/xqz.md": "---\naudience: restricted\n---\n# Xqz\n\n[dead](xqz-nowhere.md)\n",
            "content/index.md": "---\naudience: public\n---\n# Home\n\nSee RSK-977 and [[RSK-977]].\n",
        },
    )

    outcome = aipm(root, "build", "--lenient", "--audience", "client")

    assert outcome.code == 1
    assert (root / "site/index.html").is_file()
    assert leaks(root / "site", RESTRICTED) == []


def test_as_is_pages_give_out_no_file_that_only_others_show(tmp_path: Path) -> None:
    root = small(
        tmp_path,
        **{
            "content/index.md": "---\naudience: public\n---\n# Home\n\n![](shown.png)\n",
            "content/shown.png": png("fine"),
            "content/wiki/secret.md": "---\naudience: restricted\n---\n# Secret\n\n![](xqz.png)\n",
            "content/wiki/xqz.png": png("xqz"),
            "content/xqz-unreferenced.png": png("xqz"),
        },
    )
    change(root / "content/project.yml", "pages: strict", "pages: as-is\naudience: public")
    change(root / "content/risks/RSK-001.yml", "probability", "audience: public\nprobability")

    site = build(root, "--audience", "public")

    assert (site.folder / "shown.png").is_file()
    assert leaks(site.folder, RESTRICTED) == []


@pytest.mark.parametrize(
    "path", ["content/risks/RSK-977/RSK-002.yml", "content/wiki/RSK-977.md", "content/files/RSK-977-plan.csv"]
)
def test_a_path_that_names_a_hidden_record_is_an_error(tmp_path: Path, path: str) -> None:
    record = RISK.replace("RSK-001", "RSK-977") + "audience: restricted\n"
    text = (
        RISK.replace("RSK-001", "RSK-002") if path.endswith(".yml") else "# Page\n" if path.endswith(".md") else "1,2\n"
    )
    root = small(tmp_path, **{"content/risks/RSK-977.yml": record, path: text})

    outcome = aipm(root, "build")

    assert outcome.code == 1
    assert f"{path}: error[hidden-id-in-path]" in outcome.err


def test_a_hidden_charter_gives_out_neither_its_title_nor_its_settings(tmp_path: Path) -> None:
    root = small(tmp_path)
    change(root / "content/project.yml", "title: Small", "title: Xqz\naudience: restricted\nsponsor: Xqz sponsor")
    change(root / "content/risks/RSK-001.yml", "probability", "audience: client\nprobability")
    write(root, {"content/index.md": "---\naudience: public\n---\n# Home\n\n```aipm\nhome\n```\n"})

    site = build(root, "--audience", "client")

    assert leaks(site.folder, RESTRICTED) == []
    assert not site.has("project")
    assert site.status["project"] == {"id": None, "name": "Small"}


def test_a_misspelt_label_stops_the_build_and_shows_the_record_to_nobody_in_a_lenient_one(tmp_path: Path) -> None:
    root = small(tmp_path)
    write(root, {"content/risks/RSK-977.yml": RISK.replace("RSK-001", "RSK-977") + "audience: restrictd\n"})

    strict, lenient = aipm(root, "build"), aipm(root, "build", "--lenient", "--audience", "internal")

    assert "content/risks/RSK-977.yml:6:11: error[unknown-audience]" in strict.err
    assert "did you mean 'restricted'?" in strict.err
    assert (strict.code, lenient.code) == (1, 1)
    assert leaks(root / "site", RESTRICTED) == []


def test_own_labels_are_an_order_too(tmp_path: Path) -> None:
    root = small(tmp_path)
    change(root / "content/project.yml", "pages: strict", "pages: strict\naudiences: [world, team, board]")
    write(
        root,
        {
            "content/index.md": "---\naudience: world\n---\n# Home\n",
            "content/risks/RSK-977.yml": RISK.replace("RSK-001", "RSK-977") + "audience: board\n",
        },
    )

    default, world = build(root), build(root, "--audience", "world", site="world")

    assert default.json("build.json")["audience"] == "team"
    assert leaks(default.folder, RESTRICTED) == []
    assert world.records == {}
    assert aipm(root, "build", "--audience", "client").code == 2


def test_the_default_label_is_the_strictest_but_one(tmp_path: Path) -> None:
    root = small(tmp_path)

    assert build(root).json("build.json")["audience"] == "internal"
    assert build(root, "--audience", "client", site="client").records == {}
    assert "audience: " not in CHARTER


def test_no_path_of_the_machine_is_in_a_site(sites: dict[str, Site], project: Path) -> None:
    for site in sites.values():
        whole = b"\n".join(read_tree(site.folder).values())
        assert str(project).encode() not in whole
        assert str(Path.home()).encode() + b"/" not in whole
        assert b"aipm-staging" not in whole
        assert json.loads((site.folder / "build.json").read_bytes())["publishable"] is True


OWN_KIND = """\
description: a company, such as VND-977
folder: vendors
prefix: VND
plural: vendors beside VND-977
fields:
  - {name: about, type: line, level: expected, description: "what it does, such as VND-977"}
  - {name: partners, type: reference, to: [vendor], many: true, description: vendors that it works with}
  - name: notes
    type: group
    many: true
    description: what was said
    fields:
      - {name: text, type: prose, description: the words}
"""
OWN_ROWS = """\
description: use of a vendor
folder: usages
prefix: USE
rows: true
key: [vendor, month]
fields:
  - {name: vendor, type: reference, to: [vendor], level: needed, description: the vendor}
  - {name: month, type: date, level: needed, description: first day of the month}
"""


@pytest.mark.slow
def test_a_hidden_record_of_a_kind_of_ones_own_is_in_no_byte_of_a_site_of_others(tmp_path: Path) -> None:
    hidden = "id: VND-977\ntitle: Xqz office\naudience: restricted\nabout: xqz\ncustom: {xqz: xqz}\n"
    shown = (
        "id: VND-801\ntitle: An office beside VND-977\npartners: [VND-977]\nnotes: [{text: 'See [[VND-977]].'}]\n"
        "custom: {VND-977: [VND-977]}\nlinks: [{rel: relates_to, id: VND-977}]\n"
    )
    root = write(
        tmp_path,
        SMALL
        | {
            "content/kinds/vendor.yml": OWN_KIND,
            "content/kinds/usage.yml": OWN_ROWS,
            "content/vendors/VND-977.yml": hidden,
            "content/vendors/VND-801.yml": shown,
            "content/usages.yml": "- {vendor: VND-977, month: 2026-03-01}\n- {vendor: VND-801, month: 2026-03-01}\n",
            "content/wiki/start.md": "# Start\n\nSee [[VND-977]] and:\n\n```aipm\ntable: vendors\n```\n",
        },
    )

    few, all_ = build(root, site="few"), build(root, "--audience", "restricted", site="all")

    assert leaks(few.folder, RESTRICTED) == []
    assert few.has("vendors/VND-801")
    assert "An office beside (not shared)" in few.text("vendors/VND-801")
    assert leaks(all_.folder, RESTRICTED)
    assert all_.has("vendors/VND-977")
