"""The stamp and the shared looks: pages of a version point beside it, and no link breaks by that."""

import re

import pytest

from aipm_site.publication.candidate import Candidate
from aipm_site.publication.shared_assets import shared_assets
from aipm_site.publication.stamp import Stamp, address_of_page, canonical, is_page, stamped_files, version_files
from aipm_site.publication.versions import Version

CSS, JS = "assets/stylesheets/main.css", "assets/javascripts/bundle.js"
WORKER = "assets/javascripts/workers/search.js"
PAGE = f"""<!doctype html><html><head><link rel="stylesheet" href="../{CSS}"><link rel="icon" href="../assets/icon.png">
<link rel="canonical" href="https://old.example/x/"></head><body><img alt="" src="../assets/icon.png">
<p>Write <code>&lt;link href="assets/stylesheets/none.css"&gt;</code></p>
<script id="__config" type="application/json">{{"base": "..", "search": "../{WORKER}", "tags": null}}</script>
<script src="../{JS}"></script></body></html>
"""
LOOKS = {CSS: b"p{color:navy}", JS: b"run()", WORKER: b"search()"}


def stamped(files, base_url="https://example.org/", noindex=False):
    found = Candidate({"x/index.html": PAGE.encode(), "assets/icon.png": b"png", **LOOKS, **files}, {})
    stamp = Stamp(shared_assets(found.files), base_url, noindex)
    return stamped_files(found, stamp), stamp.assets


def test_scripts_and_style_sheets_are_read_from_beside_the_version():
    files, assets = stamped({})

    page = files["x/index.html"].decode()
    shared = f"../../assets/{assets.folder}/"
    assert f'<link rel="stylesheet" href="{shared}stylesheets/main.css">' in page
    assert f'<script src="{shared}javascripts/bundle.js">' in page
    assert f'"search": "{shared}javascripts/workers/search.js"' in page
    assert set(assets.published()) >= {f"assets/{assets.folder}/{path.removeprefix('assets/')}" for path in LOOKS}
    assert not set(files) & set(LOOKS)


def test_pictures_stay_where_others_may_have_linked_to_them():
    files, _ = stamped({})

    assert files["assets/icon.png"] == b"png"
    assert 'src="../assets/icon.png"' in files["x/index.html"].decode()


def test_the_same_looks_have_the_same_folder_and_others_another():
    assert stamped({"status.json": b"{}"})[1].folder == stamped({})[1].folder
    assert stamped({CSS: b"p{color:teal}"})[1].folder != stamped({})[1].folder


@pytest.mark.parametrize("css", [b"p{background:url(../icon.png)}", b"@import '../../other.css';"])
def test_a_style_sheet_that_needs_a_file_of_its_version_stays_with_it(css):
    files, assets = stamped({CSS: css})

    assert files[CSS] == css
    assert f'href="../{CSS}"' in files["x/index.html"].decode()
    # Our own files lie beside the versions all the same.
    assert f"assets/{assets.folder}/publication/version.js" in assets.published()


@pytest.mark.parametrize("css", [b"p{background:url(data:image/png;base64,AA==)}", b"p{src:url('f.woff2')}"])
def test_a_style_sheet_that_brings_all_it_needs_is_shared(css):
    files, _ = stamped({CSS: css, "assets/stylesheets/f.woff2": b"wOF2"})

    assert CSS not in files


def test_a_file_that_is_named_in_another_way_is_in_the_version_too():
    page = f"<html><head></head><body><div data-src='../{JS}'></div></body></html>".encode()

    files, _ = stamped({"y/index.html": page})

    assert files[JS] == b"run()"
    assert WORKER not in files


def test_a_page_has_one_canonical_address_below_latest():
    page = stamped({})[0]["x/index.html"].decode()

    assert re.findall(r'rel="canonical" href="([^"]*)"', page) == ["https://example.org/latest/x/"]


def test_where_the_address_is_not_known_a_page_keeps_what_it_says():
    page = stamped({}, base_url=None)[0]["x/index.html"].decode()

    assert re.findall(r'rel="canonical" href="([^"]*)"', page) == ["https://old.example/x/"]


def test_search_engines_are_told_on_every_page():
    assert '<meta name="robots" content="noindex">' in stamped({}, noindex=True)[0]["x/index.html"].decode()
    assert "noindex" not in stamped({})[0]["x/index.html"].decode()


def test_a_page_in_another_encoding_keeps_its_bytes():
    files, _ = stamped({"old.html": b"<html><head></head><body>caf\xe9</body></html>"})

    assert b"caf\xe9" in files["old.html"]


def test_code_that_shows_a_link_stays_as_written():
    assert '&lt;link href="assets/stylesheets/none.css"&gt;' in stamped({})[0]["x/index.html"].decode()


@pytest.mark.parametrize(
    ("path", "address"),
    [("index.html", ""), ("x/index.html", "x/"), ("x.html", "x.html"), ("myindex.html", "myindex.html")],
)
def test_the_address_of_a_page(path, address):
    assert address_of_page(path) == address
    assert canonical("https://example.org/", path) == f"https://example.org/latest/{address}"


def test_the_two_files_of_a_version_name_it():
    version = Version("2026-04-15", "2026-04-15", "a" * 40, None, "client", None, "abc")

    files = version_files(version, {"versions": {"aipm": "0.1.0", "mkdocs": "1.6.1"}})

    assert b"Version 2026-04-15 \xc2\xb7 as of 2026-04-15 \xc2\xb7 revision aaaaaaaaaa" in files["aipm-version.css"]
    assert b"a" * 40 in files["aipm-version.html"]
    assert b"client" in files["aipm-version.html"]
    assert not is_page("aipm-version.html")
