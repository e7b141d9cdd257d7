"""`aipm publish`: what becomes a version, under which name, and what is refused."""

from __future__ import annotations

import json
import re
import shlex

import pytest

from tests.publication.builds import bare, git, is_whole
from tests.repository import History
from tests.sample import RISK, SMALL, Site, aipm, change, copy_sample, read_tree, write

pytestmark = pytest.mark.slow

HIDDEN = "audience: restricted\n"


@pytest.fixture
def root(tmp_path):
    folder = write(tmp_path / "project", {**SMALL, ".gitignore": "site/\npublic/\n"})
    change(folder / "mkdocs.yml", "site_name: Small\n", "site_name: Small\nsite_url: https://example.org/small/\n")
    git(folder, "init", "-q")
    commit(folder)
    return folder


def commit(root, message="Change", date=None):
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message, **({"GIT_COMMITTER_DATE": date} if date else {}))
    return git(root, "rev-parse", "HEAD")


def next_day(root, day="2026-04-22", **texts):
    change(
        root / "content/project.yml",
        re.search(r"as_of: .*", (root / "content/project.yml").read_text())[0],
        f"as_of: {day}",
    )
    write(root, texts)
    return commit(root)


def publish(root, *arguments, code=0):
    outcome = aipm(root, "publish", "--to", str(root / "public"), *arguments)
    assert outcome.code == code, outcome.err
    return outcome


def versions(root):
    return json.loads((root / "public/versions.json").read_bytes())


def test_it_builds_and_publishes_under_the_date_it_speaks_for(root):
    outcome = publish(root)

    assert outcome.out == "2026-04-15\n"
    assert "published 2026-04-15 (2026-W16, latest)" in outcome.err
    [version] = versions(root)
    assert version["version"] == version["as_of"] == "2026-04-15"
    assert version["revision"] == git(root, "rev-parse", "HEAD")
    assert version["status"] == json.loads((root / "public/latest/status.json").read_bytes())["overall"]["status"]
    assert is_whole(root / "public")
    assert aipm(root, "check", "--site", str(root / "public")).code == 0


def test_the_same_revision_again_changes_nothing(root):
    publish(root)
    before = read_tree(root / "public")

    outcome = publish(root)

    assert outcome.out == "2026-04-15\n"
    assert "nothing was changed" in outcome.err
    assert read_tree(root / "public") == before


def test_another_revision_of_the_same_date_gets_a_number(root):
    publish(root)
    write(root, {"content/risks/RSK-001.yml": RISK.replace("units", "unit")})
    commit(root)

    assert publish(root).out == "2026-04-15-2\n"
    write(root, {"content/risks/RSK-001.yml": RISK.replace("units", "measures")})
    commit(root)
    assert publish(root).out == "2026-04-15-3\n"
    assert [(v["version"], v["aliases"]) for v in versions(root)] == [
        ("2026-04-15-3", ["2026-W16", "latest"]),
        ("2026-04-15-2", []),
        ("2026-04-15", []),
    ]


def test_a_version_can_be_named_and_have_an_alias_of_its_own(root):
    publish(root, "--version", "board-2026-04", "--alias", "board")
    next_day(root)
    publish(root)

    assert (root / "public/board/status.json").read_bytes() == (root / "public/board-2026-04/status.json").read_bytes()
    assert [v["version"] for v in versions(root)] == ["2026-04-22", "board-2026-04"]
    assert publish(root, "--alias", "board").out == "2026-04-22\n"
    assert [(v["version"], v["aliases"]) for v in versions(root)] == [
        ("2026-04-22", ["2026-W17", "board", "latest"]),
        ("board-2026-04", ["2026-W16"]),
    ]


def test_an_alias_is_taken_away_by_hand_and_the_version_stays(root):
    publish(root, "--alias", "board")

    outcome = publish(root, "--remove-alias", "board")

    assert "removed the alias board of 2026-04-15 in " in outcome.err
    assert outcome.out == ""
    assert not (root / "public/board").exists()
    assert [(v["version"], v["aliases"]) for v in versions(root)] == [("2026-04-15", ["2026-W16", "latest"])]
    assert is_whole(root / "public")


def test_a_checkout_of_an_old_commit_does_not_become_the_latest(root):
    first = git(root, "rev-parse", "HEAD")
    next_day(root)
    publish(root)
    git(root, "checkout", "-q", first)

    publish(root)

    assert [(v["version"], v["aliases"]) for v in versions(root)] == [
        ("2026-04-22", ["2026-W17", "latest"]),
        ("2026-04-15", ["2026-W16"]),
    ]


def pushed_after_a_night(root):
    """Publish by night for the 24th, then commit a risk on the 22nd, as a merge by fast-forward brings it."""
    change(root / "content/project.yml", "as_of: 2026-04-15\n", "")
    commit(root, date="2026-11-20T12:00:00+00:00")
    publish(root, "--as-of", "2026-11-24")
    write(root, {"content/risks/RSK-002.yml": RISK.replace("001", "002")})
    commit(root, date="2026-11-22T12:00:00+00:00")


def test_the_latest_never_lacks_what_a_newer_commit_brought_though_a_night_spoke_for_a_later_day(root):
    pushed_after_a_night(root)

    publish(root)

    assert [(v["version"], v["aliases"]) for v in versions(root)] == [
        ("2026-11-22", ["2026-W47", "latest"]),
        ("2026-11-24", ["2026-W48"]),
    ]
    assert Site(root / "public/latest").has("risks/RSK-002/")
    assert "RSK-002" in Site(root / "public/latest").html("risks/")
    # The next night speaks for a later day again, with the risk.
    publish(root, "--as-of", "2026-11-25")
    assert versions(root)[0]["version"] == "2026-11-25"
    assert Site(root / "public/latest").has("risks/RSK-002/")


def test_a_look_back_does_not_become_the_latest_and_the_latest_lost_none_of_its_pages(root):
    pushed_after_a_night(root)

    publish(root, "--as-of", "2026-10-31")

    assert [(v["version"], v["aliases"]) for v in versions(root)] == [
        ("2026-11-24", ["2026-W48", "latest"]),
        ("2026-10-31", ["2026-W44"]),
    ]
    assert Site(root / "public/2026-10-31").has("risks/RSK-002/")
    assert not Site(root / "public/latest").has("risks/RSK-002/")
    assert json.loads((root / "public/removed.json").read_bytes()) == {}


def test_pages_name_the_same_page_of_the_latest_version_as_the_one_that_counts(root):
    publish(root)
    next_day(root)
    publish(root)

    for folder in ("2026-04-15", "2026-04-22", "latest"):
        page = Site(root / "public" / folder).html("risks/RSK-001/")
        assert re.findall(r'rel="canonical" href="([^"]*)"', page) == [
            "https://example.org/small/latest/risks/RSK-001/"
        ]
        start = Site(root / "public" / folder).html("wiki/start/")
        assert re.findall(r'rel="canonical" href="([^"]*)"', start) == ["https://example.org/small/latest/wiki/start/"]


def test_the_root_leads_to_the_latest_and_maps_its_pages(root):
    publish(root)

    home = (root / "public/index.html").read_text()
    assert 'http-equiv="refresh" content="0; url=latest/"' in home
    assert '<a href="latest/">' in home
    locations = re.findall("<loc>(.*?)</loc>", (root / "public/sitemap.xml").read_text())
    pages = {address.removesuffix(".") for address in Site(root / "public/latest").addresses()}
    assert "risks/RSK-001" in pages
    # Every page of the latest version, each once, and nothing of an earlier one.
    base = "https://example.org/small/latest/"
    assert sorted(locations) == sorted(f"{base}{page}/" if page else base for page in pages)
    # A server shows it at any address, so its links begin at the host.
    missing = (root / "public/404.html").read_text()
    assert re.findall(' href="([^"]*)"', missing) == ["/small/latest/", "/small/versions/"]
    assert (root / "public/.nojekyll").is_file()
    assert not (root / "public/latest/404.html").exists()


def test_every_relative_link_of_every_page_leads_to_a_file(root):
    publish(root)
    (root / "content/risks/RSK-001.yml").unlink()
    write(root, {"content/wiki/start.md": "# Start\n", "content/risks/RSK-002.yml": RISK.replace("001", "002")})
    next_day(root)
    publish(root)
    public = (root / "public").resolve()

    dead, pages = [], list(public.rglob("*.html"))
    for page in pages:
        if page.name == "404.html":
            continue
        text = page.read_text()
        for url in re.findall(r'<[a-z][^<>]*?\s(?:href|src)="([^"]*)"', text) + re.findall(
            r'"search": "([^"]*)"', text
        ):
            if not url.startswith(("http", "#", "data:", "mailto:")):
                target = (page.parent / url.partition("#")[0].partition("?")[0]).resolve()
                if not (target.is_file() or (target / "index.html").is_file()):
                    dead.append((page.relative_to(public).as_posix(), url))
    assert dead == []
    assert len(pages) > 50


def test_a_page_names_its_version_without_a_byte_of_its_own(root):
    publish(root)
    next_day(root)
    publish(root)

    old, new = (Site(root / "public" / name) for name in ("2026-04-15", "2026-04-22"))
    assert old.html("wiki/start/") == new.html("wiki/start/")
    assert '<link rel="stylesheet" href="../../aipm-version.css">' in old.html("wiki/start/")
    revision = versions(root)[1]["revision"]
    style = (old.folder / "aipm-version.css").read_text()
    assert "Version 2026-04-15 · as of 2026-04-15 · revision " + revision[:10] in style
    # For readers whose browser shows no styles either.
    assert '<a href="../../aipm-version.html">' in old.html("wiki/start/")
    assert revision in (old.folder / "aipm-version.html").read_text()


def test_a_built_site_is_published_as_it_was_built(root):
    assert aipm(root, "build").code == 0

    assert publish(root, "--from", str(root / "site")).out == "2026-04-15\n"
    assert is_whole(root / "public")
    page = Site(root / "public/latest").html("risks/RSK-001/")
    assert re.findall(r'rel="canonical" href="([^"]*)"', page) == ["https://example.org/small/latest/risks/RSK-001/"]


@pytest.mark.parametrize("what", ["name", "commit"])
def test_a_site_of_another_project_is_refused(root, tmp_path, what):
    other = write(tmp_path / "other", {**SMALL, ".gitignore": "site/\n"})
    if what == "name":
        change(other / "content/project.yml", "title: Small", "title: Other")
    git(other, "init", "-q")
    commit(other, "Begin otherwise")
    assert aipm(other, "build").code == 0

    outcome = publish(root, "--from", str(other / "site"), code=1)

    words = {
        "name": "the site that was built is not of this project, 'Small'",
        "commit": f"the site was built from commit {git(other, 'rev-parse', 'HEAD')[:10]}, which is not in this repository",
    }
    assert f"error[other-project]: {words[what]}" in outcome.err
    assert not (root / "public").exists()


def test_a_site_that_was_changed_after_its_build_is_refused(root):
    aipm(root, "build")
    page = root / "site/risks/RSK-001/index.html"
    page.write_text(page.read_text().replace("Feed B", "Feed C"))

    outcome = publish(root, "--from", str(root / "site"), code=1)

    assert "error[file-changed]" in outcome.err
    assert "nothing was published" in outcome.err
    assert not (root / "public").exists()


def test_a_folder_without_a_manifest_is_refused(root, tmp_path):
    outcome = publish(root, "--from", str(root / "content"), code=1)

    assert "error[no-manifest]" in outcome.err


def test_a_lenient_build_is_refused(root):
    write(root, {"content/risks/RSK-002.yml": "id: RSK-002\n"})
    commit(root)
    aipm(root, "build", "--lenient")

    assert "error[not-publishable]" in publish(root, "--from", str(root / "site"), code=1).err


def test_content_with_errors_is_refused_and_the_site_stays(root):
    publish(root)
    before = read_tree(root / "public")
    write(root, {"content/risks/RSK-002.yml": "id: RSK-002\n"})
    next_day(root)

    outcome = publish(root, code=1)

    assert "content/risks/RSK-002.yml:1:1: error[missing-field]" in outcome.err
    assert "nothing was published" in outcome.err
    assert read_tree(root / "public") == before


def test_uncommitted_changes_are_refused(root):
    write(root, {"content/risks/RSK-002.yml": RISK.replace("001", "002")})

    outcome = publish(root, code=1)

    assert "error[uncommitted-changes]" in outcome.err
    assert ".gitignore" in outcome.err
    aipm(root, "build")
    assert "error[uncommitted-changes]" in publish(root, "--from", str(root / "site"), code=1).err


def test_a_project_without_git_is_refused(tmp_path):
    root = write(tmp_path, SMALL)

    assert "error[no-revision]" in publish(root, code=1).err


def test_a_site_is_for_one_audience(root):
    publish(root)
    aipm(root, "build", "--audience", "client")

    assert "error[other-audience]" in publish(root, "--audience", "client", code=1).err
    assert "error[other-audience]" in publish(root, "--from", str(root / "site"), code=1).err
    elsewhere = aipm(
        root,
        "publish",
        "--to",
        str(root.parent / "public-client"),
        "--audience",
        "client",
        "--from",
        str(root / "site"),
    )
    assert elsewhere.code == 0, elsewhere.err


def test_a_record_that_fewer_may_see_is_listed_until_it_is_purged(root):
    publish(root)
    next_day(root)
    publish(root)
    change(root / "content/risks/RSK-001.yml", "id: RSK-001\n", "id: RSK-001\n" + HIDDEN)
    next_day(root, "2026-04-29")

    outcome = publish(root, code=1)

    assert "content/risks/RSK-001.yml:" in outcome.err
    assert (
        "RSK-001 is not for 'internal' any more, and the versions 2026-04-22, 2026-04-15 still show it" in outcome.err
    )
    # The hint is a command that can be given as it stands.
    command = shlex.split(re.search("`(aipm publish .*?)`", outcome.err)[1])
    assert command[-4:] == ["--purge", "2026-04-22", "--purge", "2026-04-15"]
    purged = aipm(root, *command[1:])
    assert purged.code == 0, purged.err
    assert "purged 2026-04-22, 2026-04-15" in purged.err
    assert versions(root) == []
    assert "No version is published" in (root / "public/index.html").read_text()
    publish(root)
    assert not any(b"RSK-001" in data for data in read_tree(root / "public").values())
    assert is_whole(root / "public")


def test_a_page_that_fewer_may_see_is_listed_too(root):
    publish(root)
    write(root, {"content/wiki/start.md": "---\naudience: restricted\n---\n# Start\n"})
    next_day(root)

    outcome = publish(root, code=1)

    assert "content/wiki/start.md" in outcome.err
    assert "the version 2026-04-15 still shows it" in outcome.err


DISCLOSED = "disclose: [{figure: risk.open, to: client, reason: agreed}]\n"


@pytest.mark.parametrize(
    ("line", "place"),
    [("", "1:1"), (DISCLOSED.replace("client", "internal"), "8:1")],
    ids=["taken away", "for fewer"],
)
def test_a_figure_that_is_no_longer_disclosed_is_listed(root, line, place):
    settings = root / "content/project.yml"
    settings.write_text(settings.read_text() + DISCLOSED)
    commit(root)
    publish(root, "--audience", "client")
    change(settings, DISCLOSED, line)
    next_day(root)

    outcome = publish(root, "--audience", "client", code=1)

    message = "risk.open is not for 'client' any more, and the version 2026-04-15 still shows it"
    assert [entry for entry in outcome.err.splitlines() if "error[" in entry] == [
        f"content/project.yml:{place}: error[reclassified]: {message}"
    ]
    publish(root, "--audience", "client", "--acknowledge", "risk.open")


def test_a_figure_that_a_new_record_hides_was_shown_by_right(root):
    shared = "id: RSK-001\naudience: client\n"
    change(root / "content/risks/RSK-001.yml", "id: RSK-001\n", shared)
    commit(root)
    publish(root, "--audience", "client")
    assert b'"risk.open"' in (root / "public/latest/status.json").read_bytes()
    write(root, {"content/risks/RSK-002.yml": RISK.replace("RSK-001", "RSK-002")})
    next_day(root)

    publish(root, "--audience", "client")

    assert b'"risk.open"' not in (root / "public/latest/status.json").read_bytes()


def test_an_attachment_that_only_a_hidden_page_shows_now_is_listed(root):
    shown = "# Start\n\n[Labels](labels.csv)\n"
    write(root, {"content/wiki/labels.csv": "a,b\n", "content/wiki/start.md": shown})
    commit(root)
    publish(root)
    write(root, {"content/wiki/start.md": "# Start\n", "content/wiki/more.md": f"---\n{HIDDEN}---\n{shown}"})
    next_day(root)

    outcome = publish(root, code=1)

    assert [entry for entry in outcome.err.splitlines() if "error[" in entry] == [
        "content/wiki/labels.csv: error[reclassified]: content/wiki/labels.csv is not for 'internal' any more, and "
        "the version 2026-04-15 still shows it"
    ]
    publish(root, "--acknowledge", "content/wiki/labels.csv")


def test_to_take_a_picture_off_a_page_hides_nothing(root):
    shared = "---\naudience: client\n---\n# Start\n"
    write(root, {"content/wiki/labels.csv": "a,b\n", "content/wiki/start.md": f"{shared}\n[Labels](labels.csv)\n"})
    commit(root)
    publish(root, "--audience", "client")
    write(root, {"content/wiki/start.md": shared})
    next_day(root)

    publish(root, "--audience", "client")

    assert not (root / "public/latest/wiki/labels.csv").exists()
    assert (root / "public/2026-04-15/wiki/labels.csv").exists()


def test_what_has_no_label_is_listed_where_the_default_label_is_stricter_now(root):
    settings = root / "content/project.yml"
    change(settings, "pages: strict\n", "pages: as-is\ndefault_audience: client\n")
    write(root, {"content/wiki/labels.csv": "a,b\n"})
    commit(root)
    publish(root, "--audience", "client")
    change(settings, "default_audience: client\n", "")
    next_day(root)

    outcome = publish(root, "--audience", "client", code=1)

    listed = re.findall(r"error\[reclassified\]: (\S+) is not for 'client' any more", outcome.err)
    # Project, record, page, and a file that no page shows.
    assert sorted(listed) == ["PRJ-001", "RSK-001", "content/wiki/labels.csv", "content/wiki/start.md"]


@pytest.mark.parametrize("where", ["command line", "project.yml"])
def test_what_may_go_on_being_shown_is_acknowledged(root, where):
    publish(root)
    change(root / "content/risks/RSK-001.yml", "id: RSK-001\n", "id: RSK-001\n" + HIDDEN)
    if where == "project.yml":
        with (root / "content/project.yml").open("a") as file:
            file.write("publish: {acknowledged: [RSK-001]}\n")
    next_day(root)

    publish(root, *(["--acknowledge", "RSK-001"] if where == "command line" else []))

    # The new version shows it nowhere, also where the settings name it.
    assert not any(b"RSK-001" in data for path, data in read_tree(root / "public/2026-04-22").items())


def test_a_build_from_before_a_label_changed_is_refused(root):
    aipm(root, "build")
    change(root / "content/risks/RSK-001.yml", "id: RSK-001\n", "id: RSK-001\n" + HIDDEN)
    commit(root)

    assert "error[shows-hidden]" in publish(root, "--from", str(root / "site"), code=1).err


def test_a_purge_speaks_for_the_audience_of_the_site(root):
    publish(root)

    assert "error[other-audience]" in publish(root, "--purge", "2026-04-15", "--audience", "client", code=1).err


@pytest.mark.parametrize("audience", ["public", "client", "internal", "restricted"])
def test_a_project_with_templates_of_its_own_is_published_for_every_audience(tmp_path, audience):
    folder = copy_sample(tmp_path / "project")
    write(folder, {".gitignore": "public/\n"})
    git(folder, "init", "-q")
    commit(folder)

    publish(folder, "--audience", audience)

    # Who may not read the project's own template gets the built-in one at its address.
    assert (folder / "public/latest/reports/executive/index.html").is_file()
    assert is_whole(folder / "public")


def test_a_version_that_is_not_there_cannot_be_purged(root):
    publish(root)

    outcome = publish(root, "--purge", "2026-04-51", code=2)

    assert "there is no version '2026-04-51'; did you mean '2026-04-15'?" in outcome.err


def test_settings_make_the_files_for_servers_and_search_engines(root):
    with (root / "content/project.yml").open("a") as file:
        file.write("publish: {domain: status.example.org, robots: noindex, aliases: [month, quarter]}\n")
    commit(root)
    publish(root)

    assert (root / "public/CNAME").read_text() == "status.example.org\n"
    assert (root / "public/robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    assert '<meta name="robots" content="noindex">' in Site(root / "public/latest").html("risks/RSK-001/")
    assert not (root / "public/sitemap.xml").exists()
    assert versions(root)[0]["aliases"] == ["2026-04", "2026-Q2", "latest"]


def test_the_rule_decides_which_versions_stay(root):
    with (root / "content/project.yml").open("a") as file:
        file.write("publish: {keep: {last: 1, ends_of: [month]}}\n")
    commit(root)
    publish(root)
    for day in ("2026-04-30", "2026-05-06", "2026-05-13"):
        next_day(root, day)
        outcome = publish(root)

    assert "no longer kept: 2026-05-06" in outcome.err
    assert [v["version"] for v in versions(root)] == ["2026-05-13", "2026-04-30"]
    assert "error[not-kept]" in publish(root, "--as-of", "2026-04-02", code=1).err
    assert publish(root, "--as-of", "2026-04-02", "--alias", "audit").out == "2026-04-02\n"


def test_a_version_that_a_person_named_stays_until_it_is_purged(root):
    with (root / "content/project.yml").open("a") as file:
        file.write("publish: {keep: {last: 1, ends_of: [month]}}\n")
    commit(root)
    publish(root, "--version", "board-2026-04")
    # A name that is just the date is that of the rule.
    next_day(root, "2026-04-22")
    publish(root, "--version", "2026-04-22")
    for day in ("2026-04-30", "2026-05-06"):
        next_day(root, day)
        publish(root)

    assert [v["version"] for v in versions(root)] == ["2026-05-06", "2026-04-30", "board-2026-04"]
    assert [v.get("named") for v in versions(root)] == [None, None, True]
    publish(root, "--purge", "board-2026-04")
    assert [v["version"] for v in versions(root)] == ["2026-05-06", "2026-04-30"]


def test_without_an_address_it_publishes_and_warns(root):
    change(root / "mkdocs.yml", "site_url: https://example.org/small/\n", "")
    commit(root)

    outcome = publish(root)

    assert "warning[no-site-url]" in outcome.err
    assert 'rel="canonical"' not in Site(root / "public/latest").html("risks/RSK-001/")
    assert not (root / "public/sitemap.xml").exists()
    # A server shows it at any address, and nobody knows where the site begins there.
    missing = (root / "public/404.html").read_text()
    assert "href=" not in missing
    assert "in the folder <code>latest/</code> of this site" in missing


@pytest.mark.parametrize(
    ("site_url", "warned"),
    [
        ("https://example.org/small/", True),
        ("https://STATUS.example.org:443/small/latest/", False),
        ("!ENV SITE_URL", False),
    ],
)
def test_a_domain_that_is_not_the_host_of_the_address_is_warned_of(root, site_url, warned):
    change(root / "mkdocs.yml", "https://example.org/small/", site_url)
    settings = root / "content/project.yml"
    settings.write_text(settings.read_text() + "publish:\n  domain: status.example.org\n")
    commit(root)

    outcomes = (aipm(root, "check").out, publish(root, "--dry-run").err)

    message = "the domain is 'status.example.org', and the `site_url` of mkdocs.yml is at 'example.org'"
    for told in outcomes:
        assert (f"content/project.yml:9:11: warning[other-host]: {message}" in told) is warned
        assert ("other-host" in told) is warned


def test_a_dry_run_writes_nothing(root, tmp_path):
    remote = bare(tmp_path / "remote.git")
    git(root, "remote", "add", "origin", str(remote))

    folder = publish(root, "--dry-run")
    branch = aipm(root, "publish", "--branch", "gh-pages", "--dry-run")

    assert "would publish 2026-04-15 (2026-W16, latest)" in folder.err
    assert (branch.code, branch.out) == (0, "2026-04-15\n")
    assert not (root / "public").exists()
    assert git(remote, "for-each-ref") == ""


def test_a_branch_of_origin_gets_the_versions(root, tmp_path):
    remote = bare(tmp_path / "remote.git")
    git(root, "remote", "add", "origin", str(remote))

    outcome = aipm(root, "publish", "--branch", "gh-pages")

    assert (outcome.code, outcome.out) == (0, "2026-04-15\n")
    assert "on the branch gh-pages of origin" in outcome.err
    assert git(remote, "ls-tree", "--name-only", "gh-pages", "latest/status.json")
    assert git(root, "branch", "--list", "gh-pages") == ""
    assert aipm(root, "publish", "--branch", "local", "--no-push").code == 0
    assert git(root, "ls-tree", "--name-only", "local", "latest/status.json")
    assert git(remote, "branch", "--list", "local") == ""


def test_a_published_site_tells_the_past_as_a_built_one_does(tmp_path):
    # Without issued reports, all that is known of the past comes from earlier commits.
    history = History(tmp_path / "project")
    settings = "site_name: Small\nsite_url: https://example.org/small/\ndocs_dir: content\nplugins: [aipm]\n"
    project = "id: PRJ-001\ntitle: Small\ntz: America/Chicago\ndimensions: [risk]\nhistory: {every: day}\n"
    risk = RISK.replace("2026-04-14", "2026-03-30") + "opened: 2026-03-01\nnext_review: 2026-05-30\n"
    small = {"mkdocs.yml": settings, "content/project.yml": project, ".gitignore": "site/\npublic/\n"}
    history.commit({**small, "content/risks/RSK-001.yml": risk}, day=0)
    history.commit({"content/risks/RSK-001.yml": risk.replace(": 2\n", ": 5\n")}, day=3)
    history.commit({"content/index.md": "# Small\n"}, day=6)

    assert aipm(history.root, "build").code == 0
    publish(history.root)

    built, published = history.root / "site", history.root / "public/latest"
    assert json.loads((built / "status.json").read_bytes()) == json.loads((published / "status.json").read_bytes())
    entries = [json.loads((site / "feed.json").read_bytes())["items"] for site in (built, published)]
    assert [item["title"] for item in entries[0]] == [item["title"] for item in entries[1]]
    assert any("→" in item["content_text"] or "red" in item["content_text"] for item in entries[0]), entries[0]


@pytest.mark.parametrize("name", ["content/private/RSK-002.yml", "content/private/notes.md", "content/private/a.pdf"])
def test_what_no_commit_holds_is_not_published_also_where_git_ignores_it(root, name):
    write(root, {".gitignore": "site/\npublic/\nprivate/\n"})
    commit(root)
    write(root, {name: RISK.replace("RSK-001", "RSK-002")})

    outcome = publish(root, code=1)

    assert "uncommitted-changes" in outcome.err
    assert name in outcome.err
    assert not (root / "public").exists()


def test_what_is_ignored_and_never_read_does_not_stop_a_publication(root):
    write(root, {".gitignore": "site/\npublic/\n.DS_Store\n.cache/\n*.log\n"})
    commit(root)
    write(root, {"content/.DS_Store": "x", "content/risks/.cache/a.yml": "x", "build.log": "x"})

    publish(root)


def test_where_the_rule_takes_a_version_its_week_is_found_in_the_one_that_is_left(root):
    with (root / "content/project.yml").open("a") as file:
        file.write("publish: {keep: 1}\n")
    commit(root)
    publish(root, "--version", "board-1", "--alias", "board")
    publish(root)
    next_day(root, "2026-04-22")

    outcome = publish(root)

    # 15 April is in week 16, 22 April in week 17.
    assert "; no longer kept: 2026-04-15 in " in outcome.err
    assert [(v["version"], v["aliases"]) for v in versions(root)] == [
        ("2026-04-22", ["2026-W17", "latest"]),
        ("board-1", ["2026-W16", "board"]),
    ]
    assert (root / "public/2026-W16/status.json").read_bytes() == (root / "public/board-1/status.json").read_bytes()
