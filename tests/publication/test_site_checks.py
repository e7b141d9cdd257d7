"""What is wrong in a site beyond its pages."""

from aipm_site.publication.gate import Site
from aipm_site.publication.site_checks import check_code, check_machine_files


def test_scripts_that_no_package_ships_are_named():
    found = check_code({"a.js": "1", "b.css": "2", "c.png": "3"}, frozenset({"1"}))

    assert [problem.place.file for problem in found] == ["b.css"]


def test_machine_files_name_only_pages_that_exist(tmp_path):
    (tmp_path / "search").mkdir()
    (tmp_path / "search/search_index.json").write_text('{"docs": [{"location": "risks/#a"}, {"location": "gone/"}]}')
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "sitemap.xml").write_text(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://x.org/w/</loc></url>'
        "<url><loc>https://x.org/w/gone/</loc></url></urlset>"
    )
    pages = {"index.html", "risks/index.html"}
    site = Site(frozenset(pages | {"search/search_index.json", "sitemap.xml", "bad.json"}))

    found = check_machine_files(tmp_path, site, "https://x.org/w/")

    assert [(problem.severity, problem.code, problem.place.file) for problem in found] == [
        ("warning", "unreadable-output", "bad.json"),
        ("error", "dead-link", "search/search_index.json"),
        ("error", "dead-link", "sitemap.xml"),
    ]
