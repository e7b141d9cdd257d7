"""The manifest: every file with its hash, and nothing that a clock says."""

import json

import pytest

from aipm_site.publication.manifest import (
    check_site,
    hash_files,
    is_ours,
    list_files,
    manifest_of,
    mark_unfinished,
    write_manifest,
)
from aipm_site.publication.published_folder import FolderTarget
from aipm_site.publication.target import publish_to
from tests.mkdocs_adapter.sites import a_plan
from tests.publication.builds import new_version, write_build

# printf 'abc' | sha256sum (FIPS 180-4 gives the same value as its first example)
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.fixture
def site(tmp_path):
    (tmp_path / "risks").mkdir()
    (tmp_path / "status.json").write_text("abc")
    (tmp_path / "risks/index.html").write_text('<table><tr id="r-1"><td>1</td></tr></table>')
    write_manifest(tmp_path, manifest_of(a_plan(), hash_files(tmp_path), publishable=True))
    return tmp_path


def codes(folder) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.file) for problem in check_site(folder)]


def test_a_manifest_has_the_keys_of_its_schema(site):
    manifest = json.loads((site / "build.json").read_text())

    assert manifest["files"]["status.json"] == ABC
    assert list(manifest["files"]) == ["risks/index.html", "status.json"]
    assert {
        key: manifest[key] for key in ("schema", "revision", "uncommitted", "as_of", "audience", "publishable")
    } == {
        "schema": "aipm/build-1",
        "revision": "abc123",
        "uncommitted": False,
        "as_of": "2026-04-15",
        "audience": "internal",
        "publishable": True,
    }
    assert manifest["counts"] == {"records": 1}
    assert manifest["versions"] == {"aipm_site": "0.1.0"}


def test_a_site_as_it_was_built_has_no_problems(site):
    assert check_site(site) == []


def test_a_changed_a_missing_and_an_added_file_are_named(site):
    (site / "status.json").write_text("abd")
    (site / "new.html").write_text("x")
    (site / "risks/index.html").unlink()

    assert codes(site) == [
        ("file-missing", "risks/index.html"),
        ("file-not-listed", "new.html"),
        ("file-changed", "status.json"),
    ]


def test_a_link_in_the_place_of_a_file_is_a_change(site, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "status.json"
    other.write_text("abc")
    (site / "status.json").unlink()
    (site / "status.json").symlink_to(other)

    assert codes(site) == [("file-changed", "status.json")]


def test_a_row_without_its_anchor_is_named(site):
    (site / "risks/index.html").write_text("<table><tr><td>1</td></tr></table>")
    write_manifest(site, manifest_of(a_plan(), hash_files(site), publishable=True))

    assert codes(site) == [("anchor-missing", "risks/index.html")]


def test_a_site_that_another_builder_made_has_no_manifest(tmp_path):
    (tmp_path / "index.html").write_text("<h1>built without plugins</h1>")

    assert [problem.code for problem in check_site(tmp_path)] == ["no-manifest"]


def test_an_unfinished_build_is_ours_and_passes_no_check(tmp_path):
    mark_unfinished(tmp_path / "site")

    assert is_ours(tmp_path / "site")
    assert [problem.code for problem in check_site(tmp_path / "site")] == ["unfinished-build"]


def test_a_manifest_that_is_no_json_is_not_ours(tmp_path):
    (tmp_path / "build.json").write_text("[")

    assert not is_ours(tmp_path)


def test_files_are_listed_sorted_with_links_to_folders(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/x").write_text("")
    (tmp_path / "a").write_text("")
    (tmp_path / "c").symlink_to(tmp_path / "b")

    assert list_files(tmp_path) == ["a", "b/x", "c"]


def test_a_folder_of_published_versions_is_checked_file_by_file(tmp_path):
    root = tmp_path / "project"
    (root / "content").mkdir(parents=True)
    target = FolderTarget(tmp_path / "public", root, root / "content")
    publish_to(target, new_version(write_build(tmp_path / "built")).make)
    site = target.folder
    assert check_site(site) == []

    page = site / "2026-04-15/risks/index.html"
    page.unlink()
    page.write_text("another")
    (site / "removed.json").unlink()
    (site / "latest/more.html").write_text("more")

    assert {(problem.code, problem.place.file) for problem in check_site(site)} == {
        ("file-changed", "2026-04-15/risks/index.html"),
        ("file-missing", "removed.json"),
        ("file-not-listed", "latest/more.html"),
    }


def test_a_hash_that_is_known_is_not_made_again_and_all_others_are(tmp_path):
    for name in ("known", "other"):
        (tmp_path / name).write_bytes(b"x")

    # printf x | sha256sum
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"

    assert hash_files(tmp_path, {"known": "made before", "gone": "made before"}) == {
        "known": "made before",
        "other": digest,
    }
