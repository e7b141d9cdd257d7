"""Registers list every record of a kind, and the matrix counts open risks."""


def test_a_register_has_a_cell_for_every_column(sample):
    for address in ("risks/", "actions/", "milestones/", "models/", "observations/"):
        table = sample.dom(address).css_first("table.aipm-table")
        heads = table.css("thead th")

        assert heads, address
        assert all(head.attributes["scope"] == "col" for head in heads)
        assert {len(row.css("td")) for row in table.css("tbody tr")} == {len(heads)}


def test_rows_show_every_field_that_any_of_them_gives(sample):
    heads = [head.text() for head in sample.dom("observations/").css("thead th")]

    assert {"Metric", "Value", "Unit", "Subject", "Cases (n)", "Written in"} <= set(heads)
    assert "content/observations/observations.yml:1" in sample.text("observations/")


def test_dates_are_machine_readable(sample):
    times = {time.attributes["datetime"] for time in sample.dom("milestones/").css("time")}

    assert {"2026-06-15", "2026-06-29"} <= times


def test_the_filter_appears_only_with_the_script(build):
    risks = "".join(f"- {{id: RSK-{n:03}, title: Risk {n}, probability: 1, impact: 1}}\n" for n in range(1, 9))

    built = build({"risks/risks.yml": risks})

    box = built.dom("risks/").css_first(".aipm-register__filter")
    assert "hidden" in box.attributes
    assert box.css_first("[role=status]") is not None
    assert built.dom("risks/").css_first("button") is None


def test_the_matrix_counts_open_risks_and_links_to_them(build):
    files = {
        "risks/risks.yml": "- {id: RSK-001, title: A, probability: 4, impact: 5}\n"
        "- {id: RSK-002, title: B, probability: 4, impact: 5}\n"
        "- {id: RSK-003, title: C, probability: 4, impact: 5, status: closed, closed: 2026-01-01, opened: 2025-01-01}\n"
        "- {id: RSK-004, title: D, status: draft}\n"
    }

    matrix = build(files).dom("risks/").css_first("table.aipm-matrix")

    counts = [link.text() for link in matrix.css("td a")]
    assert counts == ["2"]
    assert matrix.css_first("td a").attributes["href"] == "#risks-4-5"
    assert matrix.css_first("td a").attributes["aria-label"] == "2 risks"


def test_the_matrix_is_a_real_table_with_25_cells(sample):
    matrix = sample.dom("risks/").css_first("table.aipm-matrix")

    assert matrix.css_first("caption") is not None
    assert len(matrix.css("td.aipm-matrix__cell")) == 25
    assert len(matrix.css("tbody th[scope=row]")) == 5
    assert len(matrix.css("thead th[scope=col]")) == 6


def test_each_cell_names_its_band(sample):
    # Default bands of domain §2.1: green 1 to 4, amber 5 to 12, red 15 to 25.
    bands = [cell.css_first(".aipm-matrix__band").text() for cell in sample.dom("risks/").css("td.aipm-matrix__cell")]

    assert bands[:5] == ["medium 5", "medium 10", "high 15", "high 20", "high 25"]
    assert bands[-5:] == ["low 1", "low 2", "low 3", "low 4", "medium 5"]


def test_thousands_of_rows_are_marked_as_many(build):
    risks = "".join(f"- {{id: RSK-{n:04}, title: Risk {n}, probability: 1, impact: 1}}\n" for n in range(1, 302))

    dom = build({"risks/risks.yml": risks}).dom("risks/")

    assert dom.css_first(".aipm-register--long") is not None
    assert len(dom.css("table.aipm-table tbody tr")) == 301


def test_a_writers_index_stands_above_the_register(build):
    files = {
        "risks/RSK-001.yml": "id: RSK-001\ntitle: A\nprobability: 1\nimpact: 2\n",
        "risks/index.md": "# Our risks\n",
    }

    page = build(files).pages["risks/"]

    assert page.lead_path == "content/risks/index.md"
    assert "<h1" not in page.body


def test_what_is_missing_is_listed_by_record(sample):
    text = sample.text("status/missing/")

    assert "RSK-014 Units change without notice" in text
    assert "Trigger" in text


def test_the_field_reference_explains_each_field(sample):
    text = sample.text("status/kinds/risk/")

    assert "fallback_plan" in text
    assert "chance that it happens, 1 (very unlikely) to 5 (almost certain)" in text
    assert "status/kinds/sprint/" not in sample.pages


RATINGS = "probability: 4, impact: 5, opened: 2025-01-01"


def test_a_register_counts_open_risks_as_the_figure_does(build):
    # Neither a draft nor what has happened is an open risk.
    files = {
        "risks/risks.yml": f"- {{id: RSK-001, title: A, {RATINGS}}}\n"
        f"- {{id: RSK-002, title: B, {RATINGS}, status: responding}}\n"
        f"- {{id: RSK-003, title: C, {RATINGS}, status: materialised, materialised_on: 2026-01-01}}\n"
        "- {id: RSK-004, title: D, status: draft}\n",
        "issues/ISS-001.yml": "id: ISS-001\ntitle: C happened\nowner: E\nseverity: 2\nfrom_risk: RSK-003\n",
    }

    built = build(files)

    assert built.facts.figures["risk.open"].value == 2
    assert "4 risks, 2 open" in built.text("risks/")
    assert "2 open of 4" in built.text("")


def test_reports_are_counted_as_issued_and_not_as_open(build):
    issued = "id: RPT-2026-04-{day}-board\ntitle: Board\nstatus: {status}\nas_of: 2026-04-{day}\nfigures:\n" + (
        "  - {{name: risk.open, value: '1', unit: risks}}\n"
    )
    files = {
        "issued-reports/a.yml": issued.format(day="01", status="superseded"),
        "issued-reports/b.yml": issued.format(day="08", status="final"),
    }
    draft = {"issued-reports/c.yml": "id: RPT-2026-04-14-board\ntitle: Next\nas_of: 2026-04-14\n"}

    built, with_draft = build(files), build(files | draft)

    assert "2 issued reports. What the columns mean" in built.text("issued-reports/")
    assert "3 issued reports, 1 draft, 2 issued" in with_draft.text("issued-reports/")
    assert tile(built, "Issued reports") == "2 issued"
    assert tile(with_draft, "Issued reports") == "1 draft, 2 issued"


def test_what_is_never_open_is_counted_by_how_far_it_has_come(build):
    model = "id: MV-RW-{0}\ntitle: Model {0}\nversion: {0}\nstage: {1}\n"
    sprint = "id: SPR-00{0}\ntitle: Sprint {0}\nstart: 2026-0{0}-01\nend: 2026-0{0}-14\nstatus: {1}\n"
    data = "id: DST-00{0}\ntitle: Data {0}\ncontains_personal_data: no\nstatus: {1}\n"
    stages = ("retired", "rejected", "production", "dev", "retired")
    files = {f"models/{n}.yml": model.format(f"1.{n}.0", stage) for n, stage in enumerate(stages)}
    files |= {
        f"sprints/{n}.yml": sprint.format(n, status) for n, status in ((2, "closed"), (3, "closed"), (4, "active"))
    }
    files |= {f"datasets/{n}.yml": data.format(n, "active") for n in (1, 2)}

    built = build(files)

    # In the order of their lives.
    assert tile(built, "Models") == "1 in development, 1 in production, 2 retired, 1 rejected"
    assert tile(built, "Sprints") == "1 active, 2 closed"
    assert tile(built, "Datasets") == "2 active"
    assert "5 models, 1 in development, 1 in production, 2 retired, 1 rejected." in built.text("models/")
    assert "2 datasets, all active." in built.text("datasets/")


def tile(built, register: str) -> str:
    """Return what the home page says of a register."""
    tiles = {
        node.css_first("a").text(): node.css_first(".aipm-tiles__count") for node in built.dom("").css(".aipm-tiles li")
    }
    return tiles[register].text()


def test_a_register_of_drafts_says_so(build):
    built = build({"risks/RSK-001.yml": "id: RSK-001\ntitle: A\nstatus: draft\n"})

    assert "1 risk, only drafts." in built.text("risks/")
    assert tile(built, "Risk register") == "1, only drafts"
