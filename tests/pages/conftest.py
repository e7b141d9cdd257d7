"""Builds the pages of small projects from the files that people would write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from selectolax.lexbor import LexborHTMLParser

from aipm_site.charts.drawing import Drawings
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import Facts, compute_facts
from aipm_site.history.states import History
from aipm_site.loading import load_project
from aipm_site.pages.addresses import report_addresses
from aipm_site.pages.build import build_pages
from aipm_site.pages.context import PageContext
from aipm_site.pages.milestone_trends import trends_of_milestones
from aipm_site.pages.page import Page, SiteInfo
from aipm_site.problems import has_errors
from aipm_site.project import Project
from aipm_site.readers.snapshot import WorkingTree
from aipm_site.summaries.executive import Edition
from aipm_site.summaries.report import render_reports

CHARTER = "id: PRJ-001\ntitle: Sample\ntz: Europe/Berlin\ndimensions: [schedule, risk]\naudience: public\n"
RISK = """\
id: RSK-014
title: Units change without notice
cause: feeds that are upgraded by their vendors
event: a silent change of a unit
effect: teach the model wrong values
probability: 4
impact: 4
owner: Data lead
opened: 2026-02-24
reviewed_on: 2026-04-10
response_actions: [ACT-077]
fallback_plan: Leave the feed out.
"""
ACTION = """\
id: ACT-077
title: Find the cause
owner: Data lead
due: 2026-04-17
links:
  - {rel: mitigates, id: RSK-014}
"""
SAMPLE = {
    "project.yml": CHARTER,
    "risks/RSK-014.yml": RISK,
    "actions/ACT-077.yml": ACTION,
    "milestones/MS-05.yml": "id: MS-05\ntitle: Pilot\nbaseline_date: 2026-06-15\nforecast_date: 2026-06-29\n"
    "reviewed_on: 2026-04-14\nowner: Project manager\n",
    "metrics/M-accuracy.yml": "id: M-accuracy\ntitle: Accuracy\nunit: ratio\npolarity: higher_better\n",
    "models/MV-RW-1.6.2.yml": "id: MV-RW-1.6.2\ntitle: Model 1.6.2\nmodel: Readmission\nversion: 1.6.2\n"
    "stage: production\n",
    "observations/observations.yml": "- {metric: M-accuracy, value: 0.87, unit: ratio, as_of: 2026-04-14,"
    " subject: MV-RW-1.6.2, n: 1000}\n",
}


@dataclass(frozen=True)
class Built:
    """The pages of a project, with what they were built from."""

    pages: Mapping[str, Page]
    project: Project
    facts: Facts
    context: PageContext

    def with_history(self, history: History, drawings: Drawings | None = None) -> Built:
        """Return the same project with what earlier revisions said of it, and with its charts."""
        trends = trends_of_milestones(self.facts, history)
        context = replace(self.context, history=history, trends=trends, drawings=drawings or Drawings())
        pages = {page.address: page for page in build_pages(context, ())}
        return Built(pages, self.project, self.facts, context)

    def dom(self, address: str) -> LexborHTMLParser:
        """Return a page's body as a document tree."""
        return LexborHTMLParser(self.pages[address].body)

    def text(self, address: str) -> str:
        """Return what a reader reads of a page, white space made single."""
        body = self.dom(address).body
        return " ".join(body.text().split()) if body else ""


Build = Callable[..., Built]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def build_site(
        files: Mapping[str, str] = SAMPLE, *, audience: str = "internal", site: SiteInfo | None = None
    ) -> Built:
        for path, text in files.items():
            file = tmp_path / "content" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        whole, problems = load_project(WorkingTree(tmp_path, "content"))
        assert not has_errors(problems), problems
        computed = compute_facts(whole, AsOf.of_day(date(2026, 4, 15), "Europe/Berlin"))
        project = computed.project.visible_to(audience)
        facts = computed.visible_to(audience, computed.project)
        info = site or SiteInfo("Sample site", audience, "4f2a91c", as_of_reason="as asked for")
        edition = Edition("Sample", info.revision, info.uncommitted)
        reports, wrong = render_reports(project, facts, edition, report_addresses(project))
        assert not has_errors(wrong), wrong
        trends = trends_of_milestones(facts, History())
        context = PageContext(project, facts, info, trends=trends)
        pages = build_pages(context, reports)
        assert len({page.address for page in pages}) == len(pages)
        return Built({page.address: page for page in pages}, project, facts, context)

    return build_site


@pytest.fixture
def sample(build: Build) -> Built:
    return build()
