"""The cost lines of a report: by how much the estimate is over or under the budget, or that it is the budget."""

import re

import pytest

from aipm_site.facts.facts import compute_facts
from aipm_site.summaries.cost import cost_lines
from tests.facts.builders import TODAY
from tests.facts.money_builders import baseline
from tests.summaries.money_projects import CURVE, of, work
from tests.summaries.test_executive import summary_of, text_of

# Earned and spent in each of three months, of a budget of USD 1,000 (PMBOK's EAC = BAC ÷ CPI, CPI = EV ÷ AC):
# CPI 240 ÷ 320 = 0.75, EAC 1,333, 33.3 % over; CPI 360 ÷ 300 = 1.2, EAC 833, 16.7 % under; CPI 1, EAC 1,000.
PLAN = baseline(planned_value=CURVE)
OVER = of(PLAN, *work([80, 80, 80], [100, 100, 120]))
UNDER = of(PLAN, *work([120, 120, 120], [100, 100, 100]))
ON_BUDGET = of(PLAN, *work([90, 100, 110], [90, 100, 110]))


@pytest.mark.parametrize(
    ("project", "words", "is_over", "is_on_budget"),
    [
        (OVER, "33.3 %", True, False),
        (UNDER, "16.7 %", False, False),
        (ON_BUDGET, None, False, True),
    ],
    ids=["over", "under", "on budget"],
)
def test_an_estimate_is_over_or_under_the_budget_by_a_share_or_on_it(project, words, is_over, is_on_budget):
    lines = cost_lines(compute_facts(project, TODAY))

    assert (lines.off_by.text if lines.off_by else None, lines.is_over, lines.is_on_budget) == (
        words and words.replace(" ", "\xa0"),
        is_over,
        is_on_budget,
    )


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (OVER, "USD 1,330 against USD 1,000 (33.3 % over; "),
        (UNDER, "USD 833 against USD 1,000 (16.7 % under; "),
        (ON_BUDGET, "USD 1,000 against USD 1,000 (on budget; "),
    ],
    ids=["over", "under", "on budget"],
)
def test_the_summary_says_so(project, said):
    line = re.search(r"Estimate at completion: .*", text_of(summary_of(project)))

    assert line is not None
    assert line[0].startswith(f"Estimate at completion: {said}")


def test_without_an_estimate_it_is_neither_over_nor_on_the_budget():
    lines = cost_lines(compute_facts(of(*work([0, 0, 0], [100, 100, 100])), TODAY))

    assert (lines.estimate, lines.off_by, lines.is_over, lines.is_on_budget) == (None, None, False, False)
    assert lines.why_unknown is not None
