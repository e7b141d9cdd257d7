"""What project.yml says of the status has an effect, or is said to have none."""

from __future__ import annotations

import pytest

from tests.snapshots import found

CHARTER = "id: PRJ-001\ntitle: A project\ndimensions: [risk]\n"
RISK = "id: RSK-001\ntitle: A vendor raises its price\nprobability: 2\nimpact: 2\n"


@pytest.mark.parametrize(
    ("figure", "problems"),
    [
        ("risk.open", []),
        ("risk.*", []),
        ("status.overall", []),
        ("sprint.velocity", []),  # no sprint is recorded yet, so nobody can tell
        ("risk.opn", ["project.yml:4 unknown-figure"]),
        ("riks.*", ["project.yml:4 unknown-figure"]),
        ("'*'", ["project.yml:4 unknown-figure"]),
    ],
)
def test_a_disclosure_names_figures_that_there_are(figure: str, problems: list[str]) -> None:
    charter = CHARTER + f"disclose: [{{figure: {figure}, to: client, reason: agreed}}]\n"

    assert found({"project.yml": charter, "risks/a.yml": RISK}) == problems


def test_a_judgement_of_a_dimension_that_is_not_listed_is_a_warning() -> None:
    judgement = "judgement: [{dimension: cost, status: red, reason: no, by: sponsor, on: 2026-04-01}]\n"

    assert "project.yml:4 judgement-without-effect" in found({"project.yml": CHARTER + judgement}, severity="warning")
