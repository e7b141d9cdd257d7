"""References name records that exist, of the right kind, and in no circle."""

from __future__ import annotations

from tests.snapshots import found, project_of

RISK = "id: RSK-001\ntitle: A vendor raises its price\nprobability: 2\nimpact: 2\n"
ACTION = "id: ACT-001\ntitle: Ask for a quote\ndue: 2026-05-01\n"


def milestone(number: int, *depends_on: int) -> str:
    names = ", ".join(f"MS-{other:02}" for other in depends_on)
    return f"id: MS-{number:02}\ntitle: Step {number}\nbaseline_date: 2026-06-01\ndepends_on: [{names}]\n"


def test_a_field_that_names_no_record_is_an_error_at_its_value_with_the_nearest_id() -> None:
    files = {"risks/a.yml": RISK + "links:\n  - rel: mitigates\n    id: ACT-010\n", "actions/a.yml": ACTION}

    problems = [p for p in project_of(files)[2] if p.severity == "error"]

    assert [(str(p.place), p.code) for p in problems] == [("content/risks/a.yml:7:9", "unknown-reference")]
    assert problems[0].hint == "did you mean 'ACT-001'?"


def test_a_record_of_the_wrong_kind_is_an_error() -> None:
    files = {"risks/a.yml": RISK + "response_actions: [RSK-001]\n", "risks/b.yml": RISK.replace("001", "002")}
    files["risks/a.yml"] = RISK + "response_actions: [RSK-002]\n"

    assert found(files) == ["risks/a.yml:5 wrong-kind"]


def test_a_record_that_names_itself_is_an_error() -> None:
    assert found({"risks/a.yml": RISK + "links: [{rel: relates_to, id: RSK-001}]\n"}) == [
        "risks/a.yml:5 reference-to-itself"
    ]


def test_an_owner_in_words_is_fine_and_one_in_the_form_of_an_id_must_exist() -> None:
    assert found({"risks/a.yml": RISK + "owner: data engineering lead\n"}) == []
    assert found({"risks/a.yml": RISK + "owner: PER-002\n"}) == ["risks/a.yml:5 unknown-reference"]


def test_a_record_of_a_kind_that_does_not_exist_yet_stays_text() -> None:
    assert found({"actions/a.yml": ACTION + "raised_in: LSN-008\n"}) == []


def test_a_circle_is_named_once_with_all_its_steps() -> None:
    files = {
        "milestones/1.yml": milestone(1, 2),
        "milestones/2.yml": milestone(2, 3),
        "milestones/3.yml": milestone(3, 1),
    }

    circles = [p for p in project_of(files)[2] if p.code == "circular-reference"]

    assert [p.message for p in circles] == ["'depends_on' runs in a circle: MS-01 → MS-02 → MS-03 → MS-01"]
    assert [str(r.place) for r in circles[0].related] == [
        "content/milestones/2.yml:4:14",
        "content/milestones/3.yml:4:14",
    ]


def test_two_circles_through_one_record_are_both_named() -> None:
    files = {
        "milestones/1.yml": milestone(1, 2, 3),
        "milestones/2.yml": milestone(2, 1),
        "milestones/3.yml": milestone(3, 1),
    }

    assert len([p for p in project_of(files)[2] if p.code == "circular-reference"]) == 2


def test_a_long_chain_is_no_circle() -> None:
    files = {f"milestones/{n}.yml": milestone(n, n + 1) for n in range(1, 1200)} | {
        "milestones/1200.yml": milestone(1200)
    }

    assert found(files) == []


def test_an_id_that_is_taken_names_both_places() -> None:
    files = {"risks/a.yml": RISK, "risks/b.yml": RISK}

    problems = [p for p in project_of(files)[2] if p.severity == "error"]

    assert [(p.code, str(p.place), str(p.related[0].place)) for p in problems] == [
        ("duplicate-id", "content/risks/b.yml:1:5", "content/risks/a.yml:1:5")
    ]


def test_two_invoices_of_one_line_and_month_want_ids_of_their_own() -> None:
    line = "id: BUD-001\ntitle: Cloud\ncurrency: USD\nplanned:\n  - {period: 2026-03, amount: 100}\n"
    bills = "- {period: 2026-03, amount: 60, budget_line: BUD-001, source: bill 1}\n"
    files = {
        "budget-lines/a.yml": line,
        "costs/2026.yml": bills + bills.replace("60", "40").replace("bill 1", "bill 2"),
    }

    (problem,) = (p for p in project_of(files)[2] if p.severity == "error")

    assert (problem.code, str(problem.place)) == ("duplicate-id", "content/costs/2026.yml:2:3")
    assert problem.hint.endswith("give it one of its own: 'id: CST-2026-03-BUD-001-actual-2'")
    own = files["costs/2026.yml"].replace("amount: 40", "id: CST-2026-03-BUD-001-actual-2, amount: 40")
    assert found(files | {"costs/2026.yml": own}) == []
