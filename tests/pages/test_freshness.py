"""What is stale: how a page is called in the list."""

CHARTER = "id: PRJ-001\ntitle: Sample\ntz: UTC\naudience: public\n"
ISSUE = """\
id: ISS-001
title: Feed B sends old codes
opened: 2026-04-01
severity: 3
owner: Project manager
updated: 2026-04-10
audience: public
"""


def test_a_comment_in_code_is_no_title_of_a_page(build):
    code = "```sh\n# fetch all feeds\nmake feeds\n```\n"
    page = f"---\nreviewed_on: 2026-04-06\naudience: public\n---\n{code}\n# Feeds\n\nSee [[ISS-001]].\n"

    site = build({"project.yml": CHARTER, "issues/ISS-001.yml": ISSUE, "wiki/feeds.md": page})

    (link,) = [one for one in site.dom("status/missing/").css("a") if "wiki/feeds" in (one.attributes["href"] or "")]
    assert link.text() == "Feeds"
