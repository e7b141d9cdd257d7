"""What records.json says of a record is what its writer said."""

from aipm_site.exports.records_json import record_data
from tests.facts.builders import project_of
from tests.facts.money_builders import budget_line, cost


def test_a_period_is_written_out_as_it_was_read():
    row = cost("2026-Q1", 90)
    line = budget_line(planned=({"period": "2026-03", "amount": "100"},))
    project = project_of(row, line)

    assert record_data(project, row)["fields"]["period"] == "2026-Q1"
    assert record_data(project, line)["fields"]["planned"] == [{"period": "2026-03", "amount": "100"}]
