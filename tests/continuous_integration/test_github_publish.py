"""Publishing from GitHub: the steps are run against a local bare repository and local servers."""

import json
import subprocess
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.continuous_integration.servers import Received, Served, serving
from tests.continuous_integration.workflow_runs import DUE, GithubJob, gitlab_settings, needs, run_gitlab_lines

pytestmark = [pytest.mark.slow, needs("git", "bash", "curl", "tar")]


def publish(scratch, event, audience="", attempt=1):
    """Run the job that publishes a version; without a word on the audience, as a new repository does."""
    context = {"github.event_name": event, "vars.AIPM_PAGES_AUDIENCE": audience}
    return GithubJob(scratch, "aipm-publish", "publish", context).run(GITHUB_RUN_ATTEMPT=str(attempt))


def published(scratch):
    """Return the names of the versions on the branch of the origin."""
    text = scratch.git("show", "gh-pages:versions.json", at=scratch.origin)
    return [version["version"] for version in json.loads(text)]


def test_a_push_publishes_one_version_and_the_same_push_again_no_other(scratch):
    run = publish(scratch, "push")
    assert run.succeeded, [step.output for step in run.steps.values()]
    first = scratch.git("rev-parse", "gh-pages", at=scratch.origin)

    again = publish(scratch, "push")

    assert again.succeeded
    assert published(scratch) == [run.steps["Publish"].outputs["version"]]
    assert scratch.git("rev-parse", "gh-pages", at=scratch.origin) == first
    pages = scratch.folder / "runner" / "pages"
    assert run.steps["Hand the site to Pages"].inputs["path"] == f"{pages}/"
    assert json.loads((pages / "latest" / "build.json").read_text(encoding="utf-8"))["audience"] == "public"
    assert run.steps["Hand on its manifest"].inputs["path"] == f"{pages}/build.json"
    assert (pages / "build.json").is_file()


def test_a_push_speaks_for_its_day_and_a_night_publishes_the_same_commit_for_the_new_one(scratch):
    # A merge brings commits that were made days before.
    scratch.commit("Old", date="2026-01-10T12:00:00+00:00")
    scratch.git("push", "--quiet", "origin", "main")
    scratch.set_clock("2026-01-15T15:00:00+00:00")
    publish(scratch, "push")

    scratch.set_clock("2026-01-16T05:17:00+00:00")
    night = publish(scratch, "schedule")

    assert night.succeeded, [step.output for step in night.steps.values()]
    assert published(scratch) == ["2026-01-16", "2026-01-15"]
    assert night.steps["Publish"].outputs["version"] == night.steps["Speak for today"].outputs["as_of"]


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("# tz: America/Chicago", "UTC"),
        ("tz: Pacific/Kiritimati  # far east", "Pacific/Kiritimati"),
        ('tz: "Pacific/Pago_Pago"', "Pacific/Pago_Pago"),
    ],
)
@pytest.mark.parametrize(("event", "ahead"), [("push", 0), ("workflow_dispatch", 0), ("schedule", 6)])
def test_the_day_is_that_of_the_projects_time_zone(scratch, line, zone, event, ahead):
    scratch.edit("content/project.yml", "# tz: America/Chicago", line)

    before = datetime.now(ZoneInfo(zone)) + timedelta(hours=ahead)
    step = GithubJob(scratch, "aipm-publish", "publish", {"github.event_name": event}).run_step("Speak for today")
    after = datetime.now(ZoneInfo(zone)) + timedelta(hours=ahead)

    assert step.outputs["as_of"] in {before.date().isoformat(), after.date().isoformat()}


# 05:17 UTC by the clocks of a zone, and the day that begins there.
@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        # 23:17 on the 14th in winter, 00:17 on the 15th in summer.
        ("America/Chicago", "2026-01-15T05:17:00+00:00", "2026-01-15"),
        ("America/Chicago", "2026-07-15T05:17:00+00:00", "2026-07-15"),
        # 21:17 and 22:17 on the 14th.
        ("America/Los_Angeles", "2026-01-15T05:17:00+00:00", "2026-01-15"),
        ("America/Los_Angeles", "2026-07-15T05:17:00+00:00", "2026-07-15"),
        # 19:17 on the 14th.
        ("Pacific/Honolulu", "2026-01-15T05:17:00+00:00", "2026-01-15"),
        ("UTC", "2026-01-15T05:17:00+00:00", "2026-01-15"),
        # 07:17 on the 15th.
        ("Europe/Berlin", "2026-07-15T05:17:00+00:00", "2026-07-15"),
    ],
)
def test_a_night_speaks_for_the_day_that_begins(scratch, zone, moment, day):
    scratch.edit("content/project.yml", "# tz: America/Chicago", f"tz: {zone}")
    scratch.set_clock(moment)

    step = GithubJob(scratch, "aipm-publish", "publish", {"github.event_name": "schedule"}).run_step("Speak for today")
    gitlab = run_gitlab_lines(
        scratch, [gitlab_settings(scratch.project)[".today"], 'echo "$AIPM_AS_OF"'], CI_PIPELINE_SOURCE="schedule"
    )

    assert step.outputs["as_of"] == gitlab.stdout.strip() == day


def test_a_broken_record_is_not_published(scratch):
    scratch.edit("content/risks/RSK-001.yml", "probability: 3", "probability: 30")
    scratch.commit("Break")

    run = publish(scratch, "push")

    assert run.steps["Check all records"].outcome == "failure"
    assert "::error file=content/risks/RSK-001.yml,line=7" in run.steps["Check all records"].output
    assert run.steps["Publish"].outcome == run.steps["Hand the site to Pages"].outcome == "skipped"
    assert scratch.git("branch", "--list", "gh-pages", at=scratch.origin) == ""


def test_an_audience_that_there_is_not_publishes_nothing(scratch):
    run = publish(scratch, "push", audience="everybody")

    assert run.steps["Publish"].outcome == "failure"
    assert scratch.git("branch", "--list", "gh-pages", at=scratch.origin) == ""


def test_the_token_is_left_nowhere(scratch):
    run = publish(scratch, "push")

    left = subprocess.run(
        ["grep", "--recursive", "--files-with-matches", "-e", "a-token", "-e", "eC1hY2Nlc3MtdG9rZW46YS10b2tlbg"]
        + [str(folder) for folder in (scratch.project, scratch.origin, scratch.folder / "runner")],
        capture_output=True,
        text=True,
    )
    assert left.stdout == ""
    assert not any("a-token" in step.output for step in run.steps.values())


@pytest.mark.parametrize(
    ("audiences", "kept"), [("", {"default": "internal"}), ("public client", {"public": "public", "client": "client"})]
)
def test_a_site_is_kept_for_each_audience(scratch, audiences, kept):
    context = {"needs.publish.outputs.as_of": "2026-04-15", "vars.AIPM_AUDIENCES": audiences}

    run = GithubJob(scratch, "aipm-publish", "audiences", context).run()

    assert run.succeeded, [step.output for step in run.steps.values()]
    sites = scratch.folder / "runner" / "sites"
    manifests = {
        folder.name: json.loads((folder / "build.json").read_text(encoding="utf-8")) for folder in sites.iterdir()
    }
    assert {name: manifest["audience"] for name, manifest in manifests.items()} == kept
    assert {manifest["as_of"] for manifest in manifests.values()} == {"2026-04-15"}
    assert run.steps["Keep them"].inputs["path"] == f"{sites}/"


def look(scratch, address, visibility="private", attest="", pages="github-pages-1"):
    """Run the job that puts the site online, as if GitHub's actions had put it at an address."""
    context = {
        "needs.publish.outputs.pages": pages,
        "steps.deploy.outputs.page_url": address,
        "github.event.repository.visibility": visibility,
        "vars.AIPM_ATTEST": attest,
    }
    manifest = scratch.project / "manifest" / "build.json"
    manifest.parent.mkdir()
    manifest.write_text("{}\n", encoding="utf-8")
    return GithubJob(scratch, "aipm-publish", "deploy", context).run()


@pytest.mark.parametrize(("served", "is_seen"), [(b"{}\n", True), (b"{}", False)])
def test_after_deploying_it_looks_whether_the_site_is_there(scratch, served, is_seen):
    with serving(Served({"/triage/build.json": served})) as address:
        run = look(scratch, f"{address}/triage/")

    step = run.steps["Look whether it is there"]
    assert step.outcome == "success"
    assert ("::warning title=not-seen::" not in step.output) == is_seen


def test_each_attempt_of_a_run_deploys_the_artefact_that_it_uploaded(scratch):
    # The artefacts of all attempts stay in the run, and actions/deploy-pages takes none of two of one name.
    first, second = publish(scratch, "push", attempt=1), publish(scratch, "push", attempt=2)

    uploaded = [run.steps["Hand the site to Pages"].inputs["name"] for run in (first, second)]
    assert len(set(uploaded)) == 2
    # Outputs last where the job alone is run again that puts the site online, whatever attempt that is.
    assert [run.outputs["pages"] for run in (first, second)] == uploaded
    with serving(Served({"/build.json": b"{}\n"})) as address:
        deployed = look(scratch, address, pages=second.outputs["pages"])
    assert deployed.steps["Deploy"].inputs["artifact_name"] == uploaded[1]


@pytest.mark.parametrize(
    ("visibility", "attest", "outcome"),
    [("public", "", "success"), ("private", "", "skipped"), ("private", "true", "success")],
)
def test_the_manifest_is_attested_where_the_plan_allows_it(scratch, visibility, attest, outcome):
    with serving(Served({"/build.json": b"{}\n"})) as address:
        run = look(scratch, address, visibility, attest)

    attested = run.steps["Attest from what it was built"]
    assert attested.outcome == outcome
    assert attested.inputs in ({}, {"subject-path": "manifest/build.json"})


def notify(scratch, webhook):
    """Run the job that posts what is due, on the day on which it is."""
    scratch.set_clock("2026-04-15T12:00:00+00:00")
    context = {
        "secrets.AIPM_SLACK_WEBHOOK": webhook,
        "github.run_id": "4711",
        "github.run_attempt": "1",
    }
    return GithubJob(scratch, "aipm-publish", "notify", context).run()


def test_what_is_due_is_posted_once_though_two_nights_see_it(scratch):
    scratch.write("content/actions/ACT-001.yml", DUE)
    scratch.commit("Promise")
    webhook = Received()
    with serving(webhook) as address:
        first = notify(scratch, f"{address}/hook")
        posted = len(webhook.bodies)
        second = notify(scratch, f"{address}/hook")

    assert first.succeeded, [step.output for step in first.steps.values()]
    assert second.succeeded
    assert posted == 1
    assert b"ACT-001" in webhook.bodies[0]
    assert len(webhook.bodies) == posted
    kept = first.steps["Keep the list, also when only a part could be posted"]
    assert kept.inputs["path"] == ".cache/aipm/"
    assert (scratch.project / ".cache" / "aipm" / "sent.json").is_file()
    assert scratch.git("status", "--porcelain") == ""


def test_without_a_webhook_nothing_is_posted_and_that_is_said(scratch):
    run = notify(scratch, "")

    assert run.succeeded
    assert "::notice title=no-webhook::" in run.steps["Post what is due, once per id and date"].output
