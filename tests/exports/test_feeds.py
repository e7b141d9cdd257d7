"""feed.atom and feed.json: well-formed, with ids that stay, days of the records, and links that lead somewhere."""

import json
import uuid
from xml.etree import ElementTree

from aipm_site.exports.feeds import ENTRIES_AT_MOST, feed_files
from aipm_site.exports.status_json import Identity
from aipm_site.facts.facts import compute_facts
from tests.facts.builders import TODAY, decision, project_of, report, risk

IDENTITY = Identity("PRJ-001", "Readmission Watch", None, False, "internal")
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def files(*records, site_url=""):
    facts = compute_facts(project_of(*records), TODAY)
    return {file.path: file.data for file in feed_files(facts, IDENTITY, site_url)}


def atom(*records, **fields):
    return ElementTree.fromstring(files(*records, **fields)["feed.atom"])


def json_feed(*records, **fields):
    return json.loads(files(*records, **fields)["feed.json"])


ACCEPTED = decision("DEC-001", title="Use <b>one</b> & only", status="accepted", date="2026-04-02", outcome="this one")


def test_an_entry_says_what_happened_in_both_forms():
    entry = atom(ACCEPTED).find("a:entry", ATOM)
    (item,) = json_feed(ACCEPTED)["items"]

    assert entry.findtext("a:title", "", ATOM) == item["title"] == "Decided: Use <b>one</b> & only"
    assert entry.findtext("a:content", "", ATOM) == item["content_text"] == "this one"
    assert entry.findtext("a:id", "", ATOM) == item["id"]
    # The beginning of the day in Chicago, five hours behind UTC in April.
    assert entry.findtext("a:updated", "", ATOM) == item["date_published"] == "2026-04-02T00:00:00-05:00"


def test_a_rejected_decision_is_told_as_one():
    rejected = decision("DEC-001", title="Buy it", status="rejected", date="2026-04-02")

    assert [item["title"] for item in json_feed(rejected)["items"]] == ["Rejected: Buy it"]


def test_what_the_forms_ask_for_is_there():
    # RFC 4287 §4.1.1 and §4.1.2; https://www.jsonfeed.org/version/1.1/.
    root, data = atom(ACCEPTED), json_feed(ACCEPTED)

    assert all(root.findtext(f"a:{name}", "", ATOM) for name in ("id", "title", "updated", "author/a:name"))
    assert data["version"] == "https://jsonfeed.org/version/1.1"
    assert data["title"] == "Readmission Watch"


def test_an_id_is_the_same_wherever_the_site_is_published_and_whatever_is_said_of_it():
    other = decision("DEC-001", title="Otherwise", status="accepted", date="2026-04-03", outcome="this one")

    ids = {
        json_feed(record, site_url=url)["items"][0]["id"]
        for record in (ACCEPTED, other)
        for url in ("", "https://x.org/")
    }

    assert len(ids) == 1
    assert ids.pop().startswith("urn:uuid:")


def ids_of(identity=IDENTITY, **charter):
    """Return the ids of both feeds of a project with one decision."""
    facts = compute_facts(project_of(ACCEPTED, **charter), TODAY)
    atom_feed, json_data = (file.data for file in feed_files(facts, identity, ""))
    (item,) = json.loads(json_data)["items"]
    return ElementTree.fromstring(atom_feed).findtext("a:id", "", ATOM), item["id"]


UUID = "6f1c2f0e-58c7-4c53-9a39-0d0cb2a53a11"


def test_no_two_projects_have_an_id_in_common():
    # RFC 4287 §4.2.6: universally unique. Every project that `aipm init` makes is PRJ-001 of its own.
    other = "0b8ffb9c-6e2c-4d4c-8f9b-5b1a2f7d9c33"

    found = [*ids_of(uuid=UUID), *ids_of(uuid=other)]

    assert len(set(found)) == 4
    assert {uuid.UUID(one).version for one in found} == {5}


def test_a_project_keeps_its_ids_whatever_it_is_called_and_whoever_reads_it():
    renamed = Identity(None, "Another name", None, False, "public")

    assert ids_of(uuid=UUID) == ids_of(renamed, uuid=UUID.upper(), id="PRJ-014", title="Another name")


def test_a_decision_that_was_taken_is_another_entry_than_the_one_that_waited():
    waiting = decision("DEC-001", title="Use one", status="proposed", date="2026-04-01")

    assert json_feed(waiting)["items"][0]["id"] != json_feed(ACCEPTED)["items"][0]["id"]


def test_links_are_relative_to_the_feed_until_the_site_says_where_it_is():
    here, there = atom(ACCEPTED), atom(ACCEPTED, site_url="https://example.org/w")

    assert [link.get("href") for link in here.iter(f"{{{ATOM['a']}}}link")] == ["./", "decisions/DEC-001/"]
    assert [link.get("href") for link in there.iter(f"{{{ATOM['a']}}}link")] == [
        "https://example.org/w/feed.atom",
        "https://example.org/w/",
        "https://example.org/w/decisions/DEC-001/",
    ]
    assert "url" not in json_feed(ACCEPTED)["items"][0]
    assert json_feed(ACCEPTED, site_url="https://example.org/w")["feed_url"] == "https://example.org/w/feed.json"
    assert "feed_url" not in json_feed(ACCEPTED, site_url="javascript:alert(1)")


def test_the_feed_is_as_new_as_its_newest_entry_and_no_clock_is_asked():
    root = atom(ACCEPTED, risk(opened="2026-03-01"), report(issued_on="2026-04-09"))

    updated = [entry.findtext("a:updated", "", ATOM)[:10] for entry in root.iterfind("a:entry", ATOM)]

    assert updated == ["2026-04-09", "2026-04-02", "2026-03-01"]
    assert root.findtext("a:updated", "", ATOM)[:10] == "2026-04-09"
    assert atom().findtext("a:updated", "", ATOM)[:10] == "2026-04-15"


def test_a_character_that_xml_cannot_hold_does_not_break_it():
    odd = decision("DEC-001", title="a\x0bb\ufffe", status="accepted", date="2026-04-02", outcome="x\x00y")

    assert "a�b�" in atom(odd).findtext("a:entry/a:title", "", ATOM)


def test_a_feed_ends_after_its_hundred_newest_entries():
    many = [risk(f"RSK-{number:03}", opened="2026-04-01") for number in range(1, 130)]

    assert len(json_feed(*many)["items"]) == ENTRIES_AT_MOST == 100
