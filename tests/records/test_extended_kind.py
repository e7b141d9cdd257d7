"""Extended kinds: stricter and with more fields, and for figures and status what they were."""

from __future__ import annotations

import pytest

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import compute_facts
from aipm_site.loading import load_kinds, load_project
from aipm_site.records.risk import Risk
from tests.own_kinds import FILES, HAZARD, KINDS, RISK
from tests.snapshots import AS_OF, Files, found, project_of

ONLY = {
    "kinds/risk.yml": HAZARD.replace(
        "  - {name: assessed_with, type: reference, to: [vendor], description: the vendor that helped to assess it}\n",
        "",
    )
}
WITH_RISK = ONLY | {"risks/RSK-001.yml": RISK.replace("assessed_with: VND-001\n", "")}


def errors_of(risk):
    return [line.removeprefix("risks/RSK-001.yml:") for line in found(WITH_RISK | {"risks/RSK-001.yml": risk})]


def test_a_record_of_an_extended_kind_is_still_of_that_kind():
    project, problems = load_project(Files(FILES))

    assert [problem for problem in problems if problem.severity == "error"] == []
    assert [risk.id for risk in project.of(Risk)] == ["RSK-001"]
    assert isinstance(project.get("RSK-001"), Risk)
    assert project.kinds.of(project.get("RSK-001")).name == "risk"
    assert project.kinds.of_id("RSK-001").name == "risk"


def test_its_figures_are_the_same_as_without_the_extension():
    plain = {
        "risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 5\nimpact: 4\nnext_review: 2026-04-10\nopened: 2026-01-02\n"
    }
    more = {"risks/RSK-001.yml": plain["risks/RSK-001.yml"] + "cause: a\nhazard: none\naffected_objectives: [x]\n"}
    charter = {"project.yml": "id: PRJ-001\ntitle: Sample\ndimensions: [risk]\n"}

    before, after = project_of(charter | plain)[1], project_of(charter | ONLY | more)[1]

    def said(facts):
        return {name: getattr(figure, "text", None) or figure.reason for name, figure in facts.figures.items()}

    assert said(before) == said(after)
    assert before.figures["risk.open"].value == after.figures["risk.open"].value == 1
    assert [(due.record_id, due.kind, due.state) for due in after.due] == [("RSK-001", "review", "overdue")]
    assert [(due.record_id, due.kind, due.state) for due in before.due] == [("RSK-001", "review", "overdue")]
    # A red risk speaks for 14 days (domain §2.0), whatever is added to it.
    assert before.freshness["RSK-001"].limit_days == after.freshness["RSK-001"].limit_days == 14


def test_what_the_kind_says_of_later_facts_still_holds():
    closed = RISK.replace("assessed_with: VND-001\n", "") + "status: closed\nclosed: 2026-05-01\nclose_reason: gone\n"
    project, _ = load_project(Files(WITH_RISK | {"risks/RSK-001.yml": closed}))

    assert compute_facts(project, AS_OF).project.get("RSK-001").status == "open"
    later = AsOf.of_day(AS_OF.date.replace(month=5), "UTC")
    assert compute_facts(project, later).project.get("RSK-001").status == "closed"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("hazard: minor", "hazard: grave", ["6 unknown-value"]),
        ("hazard: minor\n", "", ["1 missing-field"]),
        ("cause: prices of energy\n", "", ["1 missing-field"]),
        ("affected_objectives: [less waiting]", "affected_objectives: []", ["7 missing-field"]),
        ("affected_objectives: [less waiting]\n", "", ["1 missing-field"]),
        ("hazard: minor", "hazard: minor\ncategory: vendor", ["7 unknown-value"]),
        ("hazard: minor", "hazard: minor\ncategory: safety", []),
        ("probability: 3", "probability: 6", ["4 out-of-range"]),
        ("hazard: minor", "hazard: minor\nresponse_strategy: exploit", ["7 wrong-strategy"]),
    ],
)
def test_added_and_stricter_fields_are_read_and_the_rules_of_the_kind_hold(old, new, codes):
    assert errors_of(RISK.replace("assessed_with: VND-001\n", "").replace(old, new)) == codes


def test_a_field_that_is_expected_now_is_missed():
    project = project_of(WITH_RISK)[0]

    assert "trigger" in project.missing["RSK-001"]
    assert (
        "trigger"
        not in project_of({"risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 1\n"})[0].missing[
            "RSK-001"
        ]
    )


def test_a_default_stays_where_words_are_left_out():
    narrow = "extends: risk\ntighten:\n  - {field: status, words: [open, closed]}\n"
    files = {"kinds/risk.yml": narrow, "risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 1\n"}

    assert project_of(files)[0].get("RSK-001").status == "open"
    drafted = "id: RSK-001\ntitle: A\nstatus: draft\n"
    assert found(files | {"risks/RSK-001.yml": drafted}) == ["risks/RSK-001.yml:3 unknown-value"]


def test_rows_are_extended_too():
    files = {
        "kinds/observation.yml": "extends: observation\nfields:\n"
        "  - {name: device, type: line, level: needed, description: what measured}\n",
        "metrics/M-a.yml": "id: M-a\ntitle: A\nunit: ms\npolarity: neutral\n",
        "observations.yml": "- {metric: M-a, value: 3, as_of: 2026-04-01, device: probe 7}\n",
    }

    project = project_of(files)[0]

    assert project.get("M-a/-/-/all/2026-04-01").device == "probe 7"
    assert found(files) == []
    assert found(files | {"observations.yml": "- {metric: M-a, value: 3, as_of: 2026-04-01}\n"}) == [
        "observations.yml:1 missing-field"
    ]


def test_the_register_shows_the_columns_of_the_extension_and_other_kinds_stay_as_they_are():
    kinds, problems = load_kinds(Files(KINDS))

    assert problems == []
    assert kinds.named("risk").columns == ("id", "title", "score", "hazard", "owner")
    assert [kind.name for kind in kinds][:3] == ["project", "objective", "milestone"]
    assert [kind.name for kind in kinds][-2:] == ["usage", "vendor"]
