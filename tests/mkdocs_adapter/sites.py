"""Small sites for tests: a Material site in a folder, and a planner that needs no records."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from aipm_site.exports.site_file import SiteFile, json_file
from aipm_site.pages.page import Page
from aipm_site.publication.plan import BuildInfo, PlanOptions, SitePlan, StagedFile

ORDER = ("public", "client", "internal", "restricted")
# 2026-04-15T00:00:00Z
EPOCH = 1776211200

SETTINGS = """\
site_name: Readmission Watch
site_url: https://example.org/watch/
docs_dir: content
theme:
  name: material
  font: false
  features: [navigation.indexes, navigation.path]
  palette:
    - scheme: default
      toggle: {icon: material/weather-night, name: Dark}
    - scheme: slate
      toggle: {icon: material/weather-sunny, name: Light}
plugins: [search, aipm]
markdown_extensions: [admonition, attr_list]
"""

RISK = Page(
    address="risks/RSK-014/",
    title="Vendor <raises> price & more",
    body='<h1 id="rsk-014">Vendor &lt;raises&gt; price &amp; more</h1>'
    '<p><a class="aipm-ref" href="aipm-root:/risks/">All risks</a></p>'
    '<h2 id="fields">Fields</h2><p>Owner: data lead</p>',
    audience="internal",
    section="risks",
    search_text="RSK-014 Vendor raises price zanzibar",
    edit_path="content/raid/risks/RSK-014.yml",
    description='What may "happen"',
)
REGISTER = Page(
    address="risks/",
    title="Risk register",
    body='<h1 id="risk-register">Risk register</h1><table class="aipm-table"><tr id="r-1"><td>'
    '<a href="aipm-root:/risks/RSK-014/">RSK-014</a></td></tr></table>',
    audience="internal",
    section="risks",
    search_text="Risk register",
    in_nav=True,
    anchors=("r-1",),
)
STATUS = Page(
    address="status/",
    title="Status",
    body='<h1 id="status">Status</h1><h2 id="now">Now</h2><p class="aipm-status">Amber</p>',
    audience="internal",
    section="status",
    search_text="Status amber",
    in_nav=True,
)
ASSETS = (
    SiteFile("assets/aipm/aipm.css", b".aipm-table{width:100%}\n"),
    SiteFile("assets/aipm/aipm.js", b"document.documentElement.dataset.aipm='1'\n"),
)


def a_plan(**changes: object) -> SitePlan:
    """Return a plan with one record, its register and a status page."""
    plan = SitePlan(
        pages=(STATUS, REGISTER, RISK),
        files=(*ASSETS, json_file("status.json", {"schema": "aipm/status-1"})),
        staged=(),
        audience="internal",
        audience_order=ORDER,
        build=BuildInfo("abc123", False, "2026-04-15", {"aipm_site": "0.1.0"}, EPOCH),
        counts={"records": 1},
        record_addresses=("risks/RSK-014/", "risks/#r-1"),
    )
    return replace(plan, **changes)  # type: ignore[arg-type]


def empty_plan(**changes: object) -> SitePlan:
    """Return the plan of a project without records."""
    return replace(a_plan(pages=(), files=ASSETS, record_addresses=(), counts={}), **changes)  # type: ignore[arg-type]


class FakePlanner:
    """Stages every file of `docs_dir` and returns a given plan."""

    def __init__(self, plan: SitePlan | None = None) -> None:
        self.plan = plan or a_plan()
        self.calls: list[PlanOptions] = []

    def __call__(self, root: Path, docs_dir: Path, options: PlanOptions) -> SitePlan:
        self.calls.append(options)
        files = sorted(path for path in docs_dir.rglob("*") if path.is_file())
        staged = tuple(
            StagedFile(
                path.relative_to(docs_dir).as_posix(), path.read_bytes(), path.relative_to(root).as_posix(), "internal"
            )
            for path in files
        )
        return replace(self.plan, staged=(*self.plan.staged, *staged))


def write_site(folder: Path, content: Mapping[str, str | bytes], settings: str = SETTINGS) -> Path:
    """Write mkdocs.yml and content; return the path of mkdocs.yml."""
    for name, data in content.items():
        file = folder / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return folder / "mkdocs.yml"


def read_tree(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
