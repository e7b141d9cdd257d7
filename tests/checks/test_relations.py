"""What one record claims and another denies."""

from __future__ import annotations

from tests.snapshots import found

RISK = "id: RSK-001\ntitle: A vendor raises its price\nprobability: 2\nimpact: 2\n"
ISSUE = "id: ISS-001\ntitle: The price was raised\nseverity: 2\n"


def decision(number: int, status: str, extra: str = "") -> str:
    return (
        f"id: DEC-{number:03}\ntitle: Choice {number}\nstatus: {status}\ndate: 2026-03-01\noutcome: one\n"
        f"options: [one, two]\ndecision_makers: [sponsor]\n{extra}"
    )


def test_a_risk_that_has_happened_names_its_issue() -> None:
    happened = RISK + "status: materialised\nmaterialised_on: 2026-04-01\n"

    assert found({"risks/a.yml": happened}) == ["risks/a.yml:5 materialised-without-issue"]
    named = happened + "links: [{rel: materialised_as, id: ISS-001}]\n"
    assert found({"risks/a.yml": named, "issues/a.yml": ISSUE}) == []


def test_an_issue_comes_from_a_risk_that_has_happened() -> None:
    assert found({"risks/a.yml": RISK, "issues/a.yml": ISSUE + "from_risk: RSK-001\n"}) == [
        "issues/a.yml:4 contradiction"
    ]


def test_an_issue_of_severity_1_has_an_action() -> None:
    grave = ISSUE.replace("severity: 2", "severity: 1")
    action = "id: ACT-001\ntitle: Call them\ndue: 2026-04-20\nlinks: [{rel: mitigates, id: ISS-001}]\n"

    assert found({"issues/a.yml": grave}) == ["issues/a.yml:3 no-action"]
    assert found({"issues/a.yml": grave, "actions/a.yml": action}) == []


def test_a_superseded_decision_and_its_successor_name_each_other() -> None:
    old = decision(1, "superseded", "superseded_by: DEC-002\n")

    assert found({"decisions/1.yml": old, "decisions/2.yml": decision(2, "accepted")}) == [
        "decisions/1.yml:8 half-a-pair"
    ]
    new = decision(2, "accepted", "links: [{rel: supersedes, id: DEC-001}]\n")
    assert found({"decisions/1.yml": old, "decisions/2.yml": new}) == []


def test_one_version_of_a_model_is_in_production() -> None:
    def model(version: str) -> str:
        return (
            f"id: MV-{version}\ntitle: Model {version}\nmodel: readmission\nversion: '{version}'\nstage: production\n"
        )

    assert found({"models/1.yml": model("1.0"), "models/2.yml": model("2.0")}) == ["models/2.yml:5 two-in-production"]


def test_a_register_that_the_project_manager_owns_alone_is_a_warning() -> None:
    files = {f"risks/{n}.yml": RISK.replace("001", f"00{n}") + "owner: project manager\n" for n in (1, 2)}

    assert "risks/1.yml:5 one-owner-for-all" in found(files, severity="warning")


def test_a_percentage_is_not_a_ratio() -> None:
    metric = "id: M-accuracy\ntitle: Accuracy\nunit: ratio\npolarity: higher_better\n"
    row = "- metric: M-accuracy\n  value: 87.4\n  as_of: 2026-04-01\n"

    assert found({"metrics/a.yml": metric, "observations/a.yml": row}) == ["observations/a.yml:2 out-of-range"]
    assert found({"metrics/a.yml": metric, "observations/a.yml": row + "  unit: percent\n"}) == []


def test_a_setting_that_names_no_kind_is_an_error_with_the_near_one() -> None:
    charter = "id: PRJ-001\ntitle: A project\nfreshness: {riks: 3}\ncomplete: [decisionn]\n"

    assert found({"project.yml": charter}) == ["project.yml:3 unknown-kind", "project.yml:4 unknown-kind"]


def test_a_reference_to_a_record_that_cannot_be_read_is_not_a_second_error() -> None:
    broken = ISSUE + "severity: 3\nnonsense: x\nfrom_risk: RSK-001\n"

    files = {"risks/a.yml": RISK + "links: [{rel: relates_to, id: ISS-001}]\n", "issues/a.yml": broken}

    assert not [line for line in found(files) if "unknown-reference" in line]


def test_an_error_in_project_yml_stands_alone() -> None:
    charter = "id: PRJ-001\ntitle: A project\nas_of: 2026-01-01\naudiences: [team, all]\nbogus: 1\n"
    page = "---\naudience: team\n---\nText\n"
    risk = RISK + "project: PRJ-001\naudience: team\n"

    files = {"project.yml": charter, "risks/a.yml": risk, "wiki/a.md": page}

    assert found(files) == ["project.yml:5 unknown-field"]
    assert found(files, severity="warning") == []
