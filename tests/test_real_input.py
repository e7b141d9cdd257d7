"""A project that nobody here wrote builds: every record has its page, no cell is lost, nothing is guessed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborNode

from tests.real_project import (
    BREAK_AT,
    MEASURES,
    SCORES,
    Row,
    make_real_project,
    metric_id,
    model_id,
    register_rows,
    releases,
    risk_id,
)
from tests.sample import Site, aipm, build, words
from tests.shared_data import shared_data

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return the built site of the real project; warnings are fine, errors are not."""
    return build(make_real_project(tmp_path_factory.mktemp("real")))


def test_every_record_has_its_page_and_every_row_its_anchor(site: Site) -> None:
    records = site.json("records.json")["records"]
    measured = sum(len(measures) for _, measures in releases())

    assert len(records) == 1 + len(register_rows()) + len(releases()) + len(MEASURES) + measured
    for record in records:
        address, _, anchor = record["url"].partition("#")
        place = f"{record['file']}:{record['line']}"
        page = site.article(address)
        assert place in (page.css_first(f'[id="{anchor}"]') if anchor else page).text()
        assert anchor or record["id"] in page.css_first("h1").text()


def words_of(text: str | None) -> list[str]:
    """Return the words of a text in their order: marks of lists and of Markdown are none."""
    return re.findall(r"\w+", text or "")


def shown_cells(site: Site, row: Row) -> dict[str, list[str]]:
    """Return the words that the page of a row shows under the name of each of its cells."""
    page = site.article(f"risks/{risk_id(row)}")
    fields = {dt.text(): dt.next.text(separator=" ") for dt in page.css("dl:not(.aipm-fields--absent) dt")}
    title, lead = page.css_first("h1"), page.css_first(".aipm-record__lead")
    own = {name: fields.get(name.lower().replace(" ", "_"), "") for name in row if name}
    placed = {
        "Risk": title.text().replace(risk_id(row), "", 1),
        "Mitigations": lead.text(separator=" ") if lead else "",
        "Ownership": fields["Owner"] if row.get("Ownership") else "",
        "Tags": fields.get("Tags", ""),
    }
    return {name: words_of(text) for name, text in {**own, **placed}.items()}


def test_no_cell_of_the_register_is_lost(site: Site) -> None:
    rows = register_rows()

    # The newest version has nine rows; an earlier one has one whose scores were not known.
    assert len(rows) == 10
    for row in rows:
        shown = shown_cells(site, row)
        for name in filter(None, row):
            # The cell whole, in its own place, and an empty one as nothing.
            assert shown[name] == words_of(row[name]), (risk_id(row), name)


def test_a_row_is_the_risk_that_its_cells_say(site: Site) -> None:
    for row in register_rows():
        record = site.records[risk_id(row)]
        fields = record["fields"]
        assert words(record["title"]) == words(row["Risk"] or "")
        assert (fields.get("probability"), fields.get("impact")) == (
            SCORES.get(row["Likelihood"] or ""),
            SCORES.get(row["Severity"] or ""),
        )
        assert fields.get("summary", "").split() == (row.get("Mitigations") or "").split()
        assert fields.get("owner", "") == (row.get("Ownership") or "")
        assert ", ".join(fields.get("tags", [])) == (row.get("Tags") or "")
        for name in ("Reach", "Examples", "Issue", "Updates", "Maintainer Notes", "Likelihood", "Severity"):
            # YAML, like JSON, keeps the cell letter by letter.
            assert fields["custom"].get(name.lower().replace(" ", "_"), "") == (row.get(name) or "")


def test_a_risk_whose_scores_are_unknown_is_a_draft_without_scores(site: Site) -> None:
    rows = register_rows()
    unknown = {risk_id(row) for row in rows if "Unknown" in (row["Likelihood"], row["Severity"])}

    # The only such row in the 22 versions.
    assert unknown == {"RSK-75"}
    for row in rows:
        record, page = site.records[risk_id(row)], site.article(f"risks/{risk_id(row)}")
        assert record["status"] == ("draft" if risk_id(row) in unknown else "open")
        # Neither zero, nor a middle, nor a colour.
        assert ("probability" in record["fields"], "impact" in record["fields"]) == (risk_id(row) not in unknown,) * 2
        assert (page.css_first(".aipm-score") is None) == (risk_id(row) in unknown)
        assert {"Probability", "Impact"} <= set(not_given(page)) or risk_id(row) not in unknown
    assert site.records["RSK-75"]["fields"]["custom"]["likelihood"] == "Unknown"
    # A draft is counted nowhere: not among the open risks, and in no cell of the matrix.
    assert site.figures["risk.open"]["value"] == str(len(rows) - len(unknown))
    in_matrix = {link.attributes["href"].strip("./").split("/")[-1] for link in site.article("risks").css("table a")}
    matrix = site.article("risks").css_first(".aipm-matrix")
    assert "RSK-75" not in matrix.text()
    assert in_matrix >= {risk_id(row) for row in rows}


# What domain §2.1 and §2.8 name as required of each kind, less what is needed anyway. The register has none of it but
# the owner; the releases have only what make_real_project writes.
OF_A_RISK = ["cause", "event", "effect", "category", "response_strategy", "opened", "next_review"]
# Where the score lies in the red band, from 15 on.
OF_A_RED_RISK = ["response_actions", "fallback_plan", "trigger"]
OF_A_MODEL = ["intended_use", "out_of_scope", "training_data", "evaluation_data", "metrics", "limitations"]
# Of the one in production, which alone is open and needs an owner, besides (domain §2.5).
OF_PRODUCTION = ["owner", "monitoring", "explainability", "human_oversight", "rollback_to", "gate"]
OF_A_METRIC = ["owner", "definition", "thresholds", "materiality", "decimals", "frequency"]
# "Proportion ⇒ n; model metric ⇒ dataset@version, slice."
OF_AN_OBSERVATION = ["n", "dataset", "slice"]


def expected_missing() -> dict[str, list[str]]:
    """Return the fields that each record leaves out, by its id."""
    newest = model_id(releases()[-1][0])
    missing = {model_id(version): OF_A_MODEL for version, _ in releases()}
    missing[newest] = OF_A_MODEL + OF_PRODUCTION
    missing |= {metric_id(name): OF_A_METRIC for name in MEASURES}
    for row in register_rows():
        scores = [SCORES.get(row[name] or "") for name in ("Likelihood", "Severity")]
        is_red = None not in scores and scores[0] * scores[1] >= 15
        missing[risk_id(row)] = [
            *OF_A_RISK,
            *(OF_A_RED_RISK if is_red else []),
            *([] if row.get("Ownership") else ["owner"]),
            *(["probability", "impact"] if None in scores else []),
        ]
    return {record: sorted(fields) for record, fields in missing.items()}


def not_given(page: LexborNode) -> list[str]:
    return sorted(dt.text() for dt in page.css(".aipm-fields--absent dt"))


def test_fields_that_the_inputs_do_not_have_are_listed_as_missing(site: Site) -> None:
    listed = {
        row.css_first(".aipm-reference__id").text(): row.css_first("td[data-label='Not given']").text()
        for row in site.article("status/missing").css("tbody tr")
    }

    expected = expected_missing()
    # One of the ten is red: "High" and "High", 4 × 4.
    assert sum("trigger" in fields for fields in expected.values()) == 1
    for record, fields in expected.items():
        labels = [name.replace("_", " ").capitalize() for name in fields]
        assert sorted(site.records[record]["missing"]) == fields
        assert not_given(site.article(site.records[record]["url"])) == labels
        assert sorted(listed[record].split(", ")) == labels
    rows = {record: data for record, data in site.records.items() if data["kind"] == "observation"}
    assert {tuple(row["missing"]) for row in rows.values()} == {tuple(OF_AN_OBSERVATION)}
    assert listed.keys() == expected.keys() | rows.keys() | {"PRJ-001"}


def test_each_measure_of_each_release_is_an_observation_with_the_number_of_the_file(site: Site) -> None:
    rows = [data["fields"] for data in site.records.values() if data["kind"] == "observation"]
    written = {(row["subject"], row["metric"]): row for row in rows}
    versions = [version for version, _ in releases()]

    assert (len(versions), versions[0], versions[-1]) == (17, "2.0.0", "3.8.0")
    assert len(rows) == len(written) == 17 * 7
    for month, file in enumerate(sorted(shared_data("spacy-models").glob("en_core_web_sm-*.json"), key=_version_of)):
        data = json.loads(file.read_text(encoding="utf-8"), parse_float=str)
        is_ratio = _version_of(file) >= (3, 0, 0)
        measured = data["performance" if "performance" in data else "accuracy"]
        for name, old in OLD_NAMES.items():
            row = written[model_id(data["version"]), metric_id(name)]
            assert row["value"] == measured[name if is_ratio else old]
            assert row["unit"] == ("ratio" if is_ratio else "percent")
            # One month apart, from January 2024 on.
            assert row["as_of"] == f"{2024 + month // 12}-{month % 12 + 1:02}-01"


# As the measures are called from 3.0.0 on, and before.
OLD_NAMES = {
    "token_acc": "token_acc",
    "tag_acc": "tags_acc",
    "dep_uas": "uas",
    "dep_las": "las",
    "ents_p": "ents_p",
    "ents_r": "ents_r",
    "ents_f": "ents_f",
}


def _version_of(file: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in file.stem.rpartition("-")[2].split("."))


def against(site: Site, version: str) -> dict[str, str]:
    """Return what the page of a release holds each of its figures against."""
    rows = site.article(f"models/{model_id(version)}").css(
        "#figures ~ .aipm-scroll tbody tr, #figures ~ table tbody tr"
    )
    return {row.css("td")[0].text().strip(): words(row.css("td")[2].text()) for row in rows}


def test_the_change_of_unit_is_a_break_and_never_a_drop(site: Site) -> None:
    for name in MEASURES:
        measure = metric_id(name).removeprefix("M-")
        last, first = (site.figures[f"model.{model_id(version)}.{measure}"] for version in ("2.3.1", BREAK_AT))
        assert (last["unit"], first["unit"]) == ("percent", "ratio")
        assert last["comparator"]["text"].startswith("version 2.3.0: ")
        assert first["comparator"] is None
        assert first["formula"].endswith("first of a new series: the unit changed from percent to ratio")
        assert against(site, BREAK_AT)[measure] == "first measurement"
    # 0.8418237327 is 84.2 %, and 85.4306864065 is 85.4 %: from the one to the other is no fall of 99 %.
    figures = site.figures
    assert words(figures[f"model.{model_id(BREAK_AT)}.ents-f"]["text"]) == "84.2 %"
    assert words(figures[f"model.{model_id('2.3.1')}.ents-f"]["text"]) == "85.4 %"
    for file in site.folder.rglob("*"):
        if file.suffix in {".html", ".json", ".md", ".xml", ".ics"}:
            text = file.read_text(encoding="utf-8").replace("&nbsp;", " ")
            assert not re.search(r"[−-]9[89](\.\d+)?\s*(%|percent|points)", text), file


def test_the_series_after_the_break_compares_again(site: Site) -> None:
    after = site.figures[f"model.{model_id('3.1.0')}.ents-f"]

    assert (after["value"], words(after["text"])) == ("0.8379609817", "83.8 %")
    assert {**after["comparator"], "text": words(after["comparator"]["text"])} == {
        "kind": "previous",
        "value": "0.8418237327",
        "as_of": "2024-07-01",
        "text": "version 3.0.0: 84.2 % on 1 July 2024",
    }
    assert against(site, "3.1.0")["ents-f"] == "version 3.0.0: 84.2 % on 1 July 2024 (previous)"


def test_each_goal_is_a_wiki_page_with_its_title(site: Site) -> None:
    goals = sorted((shared_data("rust-project-goals-2025h1") / "src" / "2025h1").glob("*.md"))

    assert len(goals) == 44
    for goal in goals:
        heading = next(line for line in goal.read_text(encoding="utf-8").splitlines() if line.startswith("# "))
        title = site.article("goals" if goal.stem == "README" else f"goals/{goal.stem}").css_first("h1")
        assert words_of(title.text()) == words_of(heading), goal.name


# Found in the files by hand: links outside comments whose file is not in the folder, or whose heading is none, as
# "### Definitions" in improve-rustc-codegen.md follows a table without an empty line and is a row of it.
DEAD = {
    "GPU-Offload.md:72": "../about/design_axioms.md",
    "README.md:13": "./build-std.html",
    "goals.md:11": "../about/roadmaps.md",
    "improve-rustc-codegen.md:70": "#definitions",
    "spec-fls-publish.md:46": "../about/design_axioms.md",
}


def test_dead_links_of_the_goals_are_warnings(site: Site) -> None:
    outcome = aipm(site.folder.parent, "build")

    assert outcome.code == 0
    told = re.findall(r"^content/goals/(\S+):\d+: (\w+)\[dead-link\]: the link '(.*?)'", outcome.err, re.MULTILINE)
    assert {place: link for place, _, link in told} == DEAD
    assert len(told) == len(DEAD)
    assert {severity for _, severity, _ in told} == {"warning"}
    assert re.match(r"0 errors, \d+ warnings in", outcome.err.strip().splitlines()[-1])
