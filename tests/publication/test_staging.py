"""Staging: only regular files of published kinds, only what a published page refers to."""

import os

import pytest

from aipm_site.charts.svg import UnsafeSvg, clean_svg
from aipm_site.publication.plan import StagedFile
from aipm_site.publication.staging import (
    check_attachment,
    check_paths,
    is_reserved,
    published_bytes,
    read_regular,
    referenced_attachments,
    stage,
)
from tests.mkdocs_adapter.sites import a_plan

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">%s</svg>'


def codes(path: str, data: bytes, kinds: frozenset[str] = frozenset()) -> list[str]:
    return [problem.code for problem in check_attachment(path, data, kinds)]


def test_files_and_bytes_are_staged_where_they_belong(tmp_path):
    source = tmp_path / "a.png"
    source.write_bytes(PNG)
    files = [
        StagedFile("img/a.png", source, "content/img/a.png", "public"),
        StagedFile("x.md", b"# X", "content/x.md", "public"),
    ]

    stage(files, tmp_path / "staging")

    assert (tmp_path / "staging/img/a.png").read_bytes() == PNG
    assert (tmp_path / "staging/x.md").read_bytes() == b"# X"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and pipes")
def test_links_and_pipes_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")

    for name in ("link", "pipe"):
        with pytest.raises(OSError, match=name):
            read_regular(tmp_path / name)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("a.png", PNG),
        ("a.JPG", b"\xff\xd8\xff\xe0"),
        ("a.gif", b"GIF89a"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBP"),
        ("a.avif", b"\x00\x00\x00 ftypavif"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.ico", b"\x00\x00\x01\x00"),
        ("a.woff2", b"wOF2"),
        ("a.csv", "id,töxt\n".encode()),
        ("a.txt", b"\xef\xbb\xbftext"),
        ("a.json", b'{"a": 1}'),
        ("a.svg", SVG % b"<path d='M0 0h9v9z'/>"),
    ],
)
def test_published_kinds_with_their_own_bytes_pass(path, data):
    assert codes(path, data) == []


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("a.png", b"<script>", "not-its-kind"),
        ("a.pdf", b"MZ\x90", "not-its-kind"),
        ("a.csv", b"\xff\xfe\x00", "not-its-kind"),
        ("a.json", b"{", "not-its-kind"),
        ("a.html", b"<h1>", "active-attachment"),
        ("a.js", b"x", "active-attachment"),
        ("a.xml", b"<x/>", "active-attachment"),
        ("a.exe", b"MZ", "attachment-kind"),
        ("Makefile", b"x", "attachment-kind"),
        ("a.svg", b"<svg>", "unsafe-svg"),
        ("a.svg", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "unsafe-svg"),
        ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG % b"", "unsafe-svg"),
        ("a.svg", SVG % (b"<g>" * 100 + b"</g>" * 100), "unsafe-svg"),
    ],
)
def test_other_kinds_and_other_bytes_are_refused(path, data, code):
    assert codes(path, data) == [code]


def test_a_project_can_name_kinds_of_its_own_but_none_that_acts():
    assert codes("a.pptx", b"PK", frozenset({"pptx", "html"})) == []
    assert codes("a.html", b"<h1>", frozenset({"pptx", "html"})) == ["active-attachment"]


@pytest.mark.parametrize(
    "evil",
    [
        b"<script>alert(1)</script>",
        b"<path onload='alert(1)' d='M0 0'/>",
        b"<a href='javascript:alert(1)'><text>x</text></a>",
        b"<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></body></foreignObject>",
        b"<image href='https://evil.example/x.png'/>",
        b"<use href='https://evil.example/x.svg#a'/>",
        b"<use xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='https://evil.example/x.svg#a'/>",
        b"<style>@import url(https://evil.example/x.css)</style>",
        b"<rect style='fill:url(https://evil.example/#a)'/>",
        b"<rect fill='url( \"//evil.example/#a\")'/>",
        b"<set attributeName='href' to='javascript:alert(1)'/>",
        b"<?xml-stylesheet href='https://evil.example/x.css'?>",
    ],
)
def test_a_drawing_is_written_without_what_could_act(evil):
    clean = clean_svg(SVG % (evil + b"<circle r='3' fill='url(#g)'/>"))

    assert b"evil.example" not in clean
    assert b"alert" not in clean
    assert b'<circle r="3" fill="url(#g)"' in clean
    assert clean_svg(clean) == clean


def test_only_drawings_are_written_anew():
    assert published_bytes("a.png", PNG) == PNG
    assert published_bytes("a.svg", SVG % b"<!-- note --><g/>") == (
        b"<?xml version='1.0' encoding='utf-8'?>\n"
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g /></svg>'
    )


def test_a_drawing_that_is_not_xml_says_so():
    with pytest.raises(UnsafeSvg, match="not well-formed"):
        clean_svg(SVG % b"<g>")


@pytest.mark.parametrize(
    "path", ["404.html", "sitemap.xml", "search/x.json", "CNAME", "cname", "_headers", ".well-known/x", "a/.b", "sw.js"]
)
def test_paths_with_a_meaning_are_reserved(path):
    assert is_reserved(path)


def test_a_file_below_assets_is_fine_unless_the_theme_has_it():
    mine = StagedFile("assets/diagram.png", PNG, "content/assets/diagram.png", "public")
    theirs = StagedFile("assets/bundle.js", b"", "content/assets/bundle.js", "public")

    found = check_paths(a_plan(staged=(mine, theirs), strict_pages=True), lambda path: path == "assets/bundle.js")

    assert [problem.place.file for problem in found] == ["content/assets/bundle.js"]


def test_attachments_are_published_only_where_a_published_page_refers_to_them():
    attachments = [f"content/img/{name}.png" for name in ("a", "b", "c", "d e", "f", "g", "unused")]
    text = (
        "![x](../img/a.png) [y](<../img/b.png>) ![z](../img/d%20e.png 'title')\n"
        '<img alt="" src="../img/c.png">\n\n[ref]: ../img/f.png\n[remote](https://example.org/img/unused.png)\n'
        "[g](../img/g.png#page=2) [broken](http://[x)\n"
    )

    found = referenced_attachments([("content/wiki/page.md", text)], attachments)

    assert sorted(set(attachments) - found) == ["content/img/unused.png"]
