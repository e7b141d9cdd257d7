"""The plan of a site: which addresses `nav` may name though nothing is there yet."""

from aipm_site.publication.plan import PlanOptions
from aipm_site.publication.plan_site import plan_site
from tests.commands.runs import write_project
from tests.own_kinds import CLOUD, VENDOR


def test_the_register_of_an_own_kind_may_stand_in_nav_before_anybody_uses_it(tmp_path):
    write_project(tmp_path, {"kinds/vendor.yml": VENDOR})

    plan = plan_site(tmp_path, tmp_path / "content", PlanOptions())

    assert {"vendors/", "risks/"} <= set(plan.known_addresses)


def test_declarations_are_not_published(tmp_path):
    vendor = CLOUD.replace("risks: [RSK-001]\n", "")
    write_project(tmp_path, {"kinds/vendor.yml": VENDOR, "vendors/VND-001.yml": vendor, "index.md": "# Home\n"})

    plan = plan_site(tmp_path, tmp_path / "content", PlanOptions())

    assert [file.path for file in plan.staged] == ["index.md"]
    assert plan.counts == {"records": 1, "vendor": 1}
