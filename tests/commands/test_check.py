"""`aipm check`: all problems in one run, in three forms, and a built folder against its manifest."""

import json

import pytest

from tests.commands.runs import RISK, aipm, write_project

WRONG = {
    "risks/RSK-001.yml": RISK.replace("probability: 3", "probability: 30").replace("title", "titel"),
    "risks/RSK-002.yml": "id: RSK-002\ntitle: [\n",
    "actions/ACT-001.yml": "id: ACT-001\ntitle: Ask for the list\ndue: 2026-02-30\nraised_in: RSK-099\n",
    "risks/RSK-003.yml": RISK.replace("001", "003"),
    "index.md": "# Home\n\nSee [[RSK-098]].\n",
}


def test_all_problems_of_all_files_are_found_in_one_run_and_sorted(tmp_path):
    result = aipm("check", at=write_project(tmp_path, WRONG))

    places = [line.split(": error")[0] for line in result.stdout.splitlines() if ": error[" in line]
    assert result.exit_code == 1
    assert places == [
        "content/actions/ACT-001.yml:3:6",
        "content/index.md:3:5",
        "content/risks/RSK-001.yml:1:1",
        "content/risks/RSK-001.yml:2:1",
        "content/risks/RSK-001.yml:3:14",
        "content/risks/RSK-002.yml:2:9",
    ]


def test_json_and_text_say_the_same(tmp_path):
    write_project(tmp_path, WRONG)

    data = json.loads(aipm("check", "--format", "json", at=tmp_path).stdout)
    text = aipm("check", at=tmp_path).stdout

    assert data["schema"] == "aipm/problems-1"
    assert data["counts"]["error"] == 6
    assert all(f"[{problem['code']}]: {problem['message']}" in text for problem in data["problems"])


def test_github_gets_an_annotation_for_each(tmp_path):
    lines = aipm("check", "--format", "github", at=write_project(tmp_path, WRONG)).stdout.splitlines()

    assert len([line for line in lines if line.startswith("::error file=content/")]) == 6
    assert all(line.startswith("::") for line in lines)


@pytest.mark.parametrize(
    ("form", "printed"), [("github", ""), ("text", "0 errors, 0 warnings; 0 records and 1 page were read\n")]
)
def test_where_nothing_is_wrong_little_is_said(tmp_path, form, printed):
    result = aipm("check", "--format", form, at=write_project(tmp_path, {"index.md": "# Home\n"}))

    assert result.exit_code == 0
    assert result.stdout == printed


def test_a_folder_without_a_manifest_is_no_site_of_ours(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<p>Built by something else</p>", encoding="utf-8")

    result = aipm("check", "--site", str(site))

    assert result.exit_code == 1
    assert "error[no-manifest]" in result.stdout


PUBLIC = "site_url: https://example.org/triage/\n"
UUID = "uuid: 6f1c2f0e-58c7-4c53-9a39-0d0cb2a53a11\n"


@pytest.mark.parametrize(
    ("settings", "charter", "counted"),
    [
        (PUBLIC, "", 1),
        ("", "publish: {keep: 3}\n", 1),
        (PUBLIC, UUID, 0),
        # Nobody but the team reads its feeds, or there are no settings and so no project.
        ("", "", 0),
        (PUBLIC, None, 0),
    ],
)
def test_who_publishes_without_a_uuid_is_told_once_how_to_get_one(tmp_path, settings, charter, counted):
    files = {"project.yml": f"id: PRJ-001\ntitle: Triage\n{charter}"} if charter is not None else {}
    write_project(tmp_path, files | {"index.md": "# Home\n"})
    (tmp_path / "mkdocs.yml").write_text((tmp_path / "mkdocs.yml").read_text(encoding="utf-8") + settings, "utf-8")

    problems = json.loads(aipm("check", "--format", "json", at=tmp_path).stdout)["problems"]
    told = [problem for problem in problems if problem["code"] == "no-uuid"]

    assert len(told) == counted
    for problem in told:
        assert (problem["severity"], problem["file"], problem["line"]) == ("information", "content/project.yml", 1)
        assert "uuidgen" in problem["hint"]
