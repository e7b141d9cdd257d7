"""Snapshots: only regular files below the content folder are listed and read, whatever lies there (R27, R28, R32)."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from aipm_site.problems import Place
from aipm_site.readers.snapshot import UnreadableFileError, WorkingTree, check_names


def write(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(path.encode("utf-8", "surrogateescape"))


def found(tree: WorkingTree) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.file) for problem in tree.problems]


def refusal(tree: WorkingTree, path: str) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        tree.read(path)
    assert caught.value.problem.place == Place(path)
    return caught.value.problem.code


def test_files_are_listed_by_their_path_from_the_root_in_order(tmp_path):
    write(tmp_path, "content/wiki/b.md", "content/wiki/a.md", "content/z.yml", "content/wiki-2/a.md", "mkdocs.yml")

    tree = WorkingTree(tmp_path)

    assert tree.paths() == ("content/wiki-2/a.md", "content/wiki/a.md", "content/wiki/b.md", "content/z.yml")
    assert tree.problems == ()
    assert tree.read("content/wiki/a.md") == b"content/wiki/a.md"


def test_the_content_folder_may_have_another_name_and_lie_deeper(tmp_path):
    write(tmp_path, "docs/site/a.md", "docs/b.md")

    assert WorkingTree(tmp_path, "docs/site").paths() == ("docs/site/a.md",)


def test_dot_files_and_folders_are_left_out(tmp_path):
    write(tmp_path, "content/.git/config", "content/.DS_Store", "content/a/.hidden.yml", "content/a/b.yml")

    assert WorkingTree(tmp_path).paths() == ("content/a/b.yml",)


def test_links_are_named_with_the_kind_of_their_target_and_not_followed(tmp_path):
    write(tmp_path, "content/a.yml", "outside/secret.yml")
    (tmp_path / "content/file.yml").symlink_to(tmp_path / "outside/secret.yml")
    (tmp_path / "content/folder").symlink_to(tmp_path / "outside")
    (tmp_path / "content/dead.yml").symlink_to("nowhere")
    (tmp_path / "content/loop").symlink_to("loop")

    tree = WorkingTree(tmp_path)

    assert tree.paths() == ("content/a.yml",)
    messages = {problem.place.file: problem.message for problem in tree.problems}
    assert {problem.code for problem in tree.problems} == {"symlink"}
    assert "link to the file '" in messages["content/file.yml"]
    assert "link to the folder '" in messages["content/folder"]
    assert "missing" in messages["content/dead.yml"]
    assert "content/loop" in messages
    assert refusal(tree, "content/file.yml") == "symlink"
    assert refusal(tree, "content/folder/secret.yml") == "symlink"


def test_a_content_folder_that_is_a_link_is_refused(tmp_path):
    write(tmp_path, "elsewhere/a.yml")
    (tmp_path / "content").symlink_to("elsewhere")

    tree = WorkingTree(tmp_path)

    assert tree.paths() == ()
    assert found(tree) == [("symlink", "content")]
    assert refusal(tree, "content/a.yml") == "symlink"


def test_pipes_and_sockets_are_named_and_nobody_waits_for_them(tmp_path, monkeypatch):
    write(tmp_path, "content/a.yml")
    os.mkfifo(tmp_path / "content/pipe.yml")
    monkeypatch.chdir(tmp_path / "content")  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.yml")
        tree = WorkingTree(tmp_path)

    assert found(tree) == [("not-a-regular-file", "content/pipe.yml"), ("not-a-regular-file", "content/socket.yml")]
    assert "a named pipe" in tree.problems[0].message
    assert "a socket" in tree.problems[1].message
    assert refusal(tree, "content/pipe.yml") == "not-a-regular-file"


def test_a_folder_is_not_read_as_a_file(tmp_path):
    write(tmp_path, "content/a/b.yml")

    assert refusal(WorkingTree(tmp_path), "content/a") == "not-a-regular-file"


def test_a_file_that_became_a_link_after_the_listing_is_refused(tmp_path):
    write(tmp_path, "content/a/b.yml", "secret/b.yml")
    tree = WorkingTree(tmp_path)

    (tmp_path / "content/a").rename(tmp_path / "content/old")
    (tmp_path / "content/a").symlink_to(tmp_path / "secret")

    assert refusal(tree, "content/a/b.yml") == "symlink"


@pytest.mark.parametrize("path", ["mkdocs.yml", "content/../mkdocs.yml", "/etc/passwd", "contents/a.yml", "content"])
def test_nothing_outside_the_content_is_read(tmp_path, path):
    write(tmp_path, "content/a.yml", "mkdocs.yml", "contents/a.yml")

    assert refusal(WorkingTree(tmp_path), path) == "outside-content"


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    write(tmp_path, "content/a.yml")
    with open(tmp_path / "content/big.yml", "wb") as big:
        big.truncate(16 * 1024 * 1024 + 1)  # a hole: no disk is used

    assert refusal(WorkingTree(tmp_path), "content/big.yml") == "too-large"


def test_a_file_that_is_gone_is_unreadable(tmp_path):
    write(tmp_path, "content/a.yml")
    tree = WorkingTree(tmp_path)
    (tmp_path / "content/a.yml").unlink()

    assert refusal(tree, "content/a.yml") == "unreadable-file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_we_may_not_read_is_named(tmp_path):
    write(tmp_path, "content/a.yml", "content/closed/b.yml")
    (tmp_path / "content/a.yml").chmod(0)
    (tmp_path / "content/closed").chmod(0)

    tree = WorkingTree(tmp_path)
    (tmp_path / "content/closed").chmod(0o755)

    assert found(tree) == [("unreadable-file", "content/closed")]
    assert refusal(tree, "content/a.yml") == "unreadable-file"


def test_a_folder_that_cannot_be_listed_is_named(tmp_path, monkeypatch):
    write(tmp_path, "content/a.yml", "content/closed/b.yml")
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    tree = WorkingTree(tmp_path)

    assert tree.paths() == ("content/a.yml",)
    assert found(tree) == [("unreadable-file", "content/closed")]
    assert "permission denied" in tree.problems[0].message


def test_without_a_content_folder_that_is_the_problem(tmp_path):
    tree = WorkingTree(tmp_path)

    assert tree.paths() == ()
    assert found(tree) == [("no-content-folder", "content")]


def test_names_that_are_one_name_on_other_machines_are_named_once(tmp_path):
    write(tmp_path, "content/Risks/a.yml", "content/risks/a.yml", "content/risks/B.yml", "content/risks/b.yml")

    tree = WorkingTree(tmp_path)

    assert found(tree) == [
        ("names-differ-in-case", "content/risks"),
        ("names-differ-in-case", "content/risks/b.yml"),
    ]
    assert tree.problems[1].related[0].place == Place("content/risks/B.yml")


def test_names_that_differ_in_how_an_accent_is_spelt_are_one_name(tmp_path):
    write(tmp_path, "content/caf\u00e9.md", "content/cafe\u0301.md")

    assert [code for code, _ in found(WorkingTree(tmp_path))] == ["names-differ-in-case"]


def test_a_name_that_is_not_utf_8_is_refused_and_can_be_printed(tmp_path):
    write(tmp_path, "content/a.yml", os.fsdecode(b"content/b\xff.yml"))

    tree = WorkingTree(tmp_path)

    assert tree.paths() == ("content/a.yml",)
    assert found(tree) == [("bad-file-name", "content/b\ufffd.yml")]
    assert "\ufffd" in tree.problems[0].message.encode().decode()


@pytest.mark.parametrize(
    "path",
    ["content/RSK-014.yml", "content/raid/Q3 notes_v1.2.md", "content/größe.md", "content/हिन्दी.md", "content/表.md"],
)
def test_ordinary_names_are_fine(path):
    assert check_names([path]) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a:b.yml", "U+003A COLON"),
        ("a\\b.yml", "U+005C"),
        ("a?.yml", "U+003F"),
        ("<b>.md", "U+003C"),
        ("a\nb.md", "U+000A"),
        ("a\u202eb.md", "U+202E"),
        ("-rf.yml", "begins with '-'"),
        (" a.md", "begins with ' '"),
        ("a.md ", "ends with ' '"),
        ("a.", "ends with '.'"),
        ("CON.yml", "Windows"),
        ("lpt1.md", "Windows"),
        ("nul", "Windows"),
        ("cafe\u0301.md", "NFC"),
        ("x" * 98 + ".md", "101 bytes"),
        ("ü" * 49 + ".md", "101 bytes"),
    ],
)
def test_names_that_someone_would_trip_over_are_refused(name, words):
    problems = check_names([f"content/wiki/{name}"])

    assert [(p.code, p.place) for p in problems] == [("bad-file-name", Place(f"content/wiki/{name}"))]
    assert words in problems[0].message


def test_a_name_of_100_bytes_is_fine_and_so_is_a_device_name_inside_a_longer_one():
    assert check_names(["content/" + "x" * 97 + ".md", "content/console.md", "content/common/a.md"]) == []


def test_a_folder_with_a_bad_name_is_named_once():
    problems = check_names(["content/a#b/one.md", "content/a#b/two.md"])

    assert [p.place.file for p in problems] == ["content/a#b"]
