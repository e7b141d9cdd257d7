"""The command line as a whole: exit codes, what goes to which stream, help, and never a traceback."""

import gc
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aipm_site.cli import main
from tests.command_line import run_aipm
from tests.commands.runs import RISK, aipm, write_project

ROOT = Path(__file__).resolve().parent.parent
FAILING = (
    "import aipm_site.session, aipm_site.cli\n"
    "def fail(*_, **__): raise {failure}\n"
    "import aipm_site.commands.check as check\n"
    "check.open_session = fail\n"
    "aipm_site.cli.main({arguments!r})\n"
)


def run_failing(cwd, failure, *arguments):
    """Run `aipm check` with a fault put into it."""
    code = FAILING.format(failure=failure, arguments=[*arguments, "check"])
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def test_a_command_leaves_garbage_collection_as_it_found_it(tmp_path):
    write_project(tmp_path)

    with pytest.raises(SystemExit):
        main(["-C", str(tmp_path), "check"])

    assert gc.isenabled()


def test_a_class_of_a_kind_that_is_not_used_is_not_built(tmp_path):
    """Making the classes was a third of the time that the smallest build takes before it reads anything."""
    write_project(tmp_path)
    code = (
        "from aipm_site.cli import main\n"
        "from aipm_site.records import KINDS\n"
        "try: main(['check'])\n"
        "except SystemExit: pass\n"
        "print([kind.name for kind in KINDS if kind.model.__pydantic_complete__])\n"
    )

    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )

    assert run.stdout.splitlines()[-1] == "['project', 'risk']"


def test_a_right_project_is_fine_and_warnings_alone_are(tmp_path):
    run = run_aipm("check", cwd=write_project(tmp_path))

    assert run.returncode == 0, run.stdout + run.stderr
    assert "warning[fields-not-given]" in run.stdout
    assert run.stdout.endswith("0 errors, 1 warning in 1 file; 1 record and 0 pages were read\n")
    assert run.stderr == ""


def test_problems_in_content_end_with_1_and_check_prints_them_on_standard_output(tmp_path):
    run = run_aipm("check", cwd=write_project(tmp_path, {"risks/RSK-001.yml": RISK.replace("3", "30")}))

    assert run.returncode == 1
    assert "content/risks/RSK-001.yml:3:14: error[out-of-range]: probability 30 is not between 1 and 5" in run.stdout
    assert run.stderr == ""


@pytest.mark.parametrize("arguments", [["status"], ["status", "--json"], ["explain", "risk.open"]])
def test_other_commands_print_problems_on_standard_error(tmp_path, arguments):
    run = run_aipm(*arguments, cwd=write_project(tmp_path, {"risks/RSK-001.yml": RISK.replace("3", "30")}))

    assert run.returncode == 1
    assert "error[out-of-range]" in run.stderr
    assert run.stdout == ""


WRONG_CALLS = [
    ["chek"],
    ["check", "--formt", "json"],
    ["check", "--format", "yaml"],
    ["check", "--site", "nowhere"],
    ["check", "--as-of", "yesterday"],
    ["status", "--audience", "clients"],
    ["explain"],
    ["explain", "nothing-of-that-name"],
    ["explain", "risk.opne"],
    ["schema"],
    ["schema", "rsk"],
    ["new", "rsk", "A title"],
    ["new", "risk", "A title"],
    ["new", "risk", "A title", "--set", "probability"],
    ["init", "."],
    ["init", "other", "--kinds", "risk,rsk"],
    ["-C", "nowhere", "check"],
]


@pytest.mark.parametrize("arguments", WRONG_CALLS, ids=" ".join)
def test_a_wrong_command_line_ends_with_2_and_says_what_is_right(tmp_path, arguments):
    write_project(tmp_path)

    run = run_aipm(*arguments, cwd=tmp_path)

    assert run.returncode == 2
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) <= 6


def test_a_mistyped_command_gets_the_near_one(tmp_path):
    assert "did you mean 'check'?" in run_aipm("chek", cwd=tmp_path).stderr


def test_without_a_project_it_says_how_to_make_one(tmp_path):
    run = run_aipm("check", cwd=tmp_path)

    assert run.returncode == 2
    assert run.stderr == "aipm: there is no mkdocs.yml here or above; `aipm init DIR` makes a project\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("site_name: [\n", "mkdocs.yml:2:1: error[not-yaml]"),
        ("docs_dir: absent\n", "there is no such folder"),
        ("docs_dir: content\nx: !!python/object/apply:os.system [id]\n", "error[tag-runs-code]"),
    ],
)
def test_settings_that_cannot_be_used_end_with_2(tmp_path, settings, said):
    write_project(tmp_path)
    (tmp_path / "mkdocs.yml").write_text(settings, encoding="utf-8")

    run = run_aipm("check", cwd=tmp_path)

    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_a_fault_of_our_own_ends_with_3_and_says_what_to_report(tmp_path):
    run = run_failing(write_project(tmp_path), "KeyError('no such\\n::thing\\x1b[2J')")

    assert run.returncode == 3
    assert "KeyError" in run.stderr
    assert "This is a fault of aipm" in run.stderr
    assert "aipm --debug" in run.stderr
    assert "Traceback" not in run.stderr
    assert "\x1b" not in run.stderr
    assert not re.search(r"^\s*::", run.stderr, re.MULTILINE)


def test_a_traceback_is_for_those_who_ask_for_it(tmp_path):
    run = run_failing(write_project(tmp_path), "KeyError('x')", "--debug")

    assert run.returncode == 3
    assert "Traceback" in run.stderr


def test_a_template_that_is_missing_from_the_package_is_a_fault_of_our_own(tmp_path):
    missing = str(ROOT / "aipm_site" / "templates" / "absent.txt")

    run = run_failing(write_project(tmp_path), f"FileNotFoundError(2, 'No such file or directory', {missing!r})")

    assert run.returncode == 3


def test_a_full_disk_is_one_line_with_its_path(tmp_path):
    # R60: ENOSPC, EACCES, EROFS: one line with path.
    run = run_failing(write_project(tmp_path), "OSError(28, 'No space left on device', 'content/x.yml')")

    assert run.returncode == 1
    assert run.stderr == "aipm: content/x.yml: No space left on device\n"


def test_memory_and_recursion_end_without_a_traceback(tmp_path):
    for failure in ("RecursionError('deep')", "MemoryError()"):
        assert run_failing(write_project(tmp_path), failure).returncode == 3


def test_an_interruption_ends_with_130(tmp_path):
    run = run_failing(write_project(tmp_path), "KeyboardInterrupt()")

    assert run.returncode == 130
    assert "Traceback" not in run.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on POSIX")
def test_control_c_ends_with_130(tmp_path):
    code = FAILING.format(failure="__import__('time').sleep(60)", arguments=["check"]).replace(
        "def fail", "print('ready', flush=True)\ndef fail"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=write_project(tmp_path),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()
    time.sleep(0.3)

    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=20) == 130
    assert "Traceback" not in process.stderr.read()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end as on POSIX")
def test_a_reader_who_goes_away_is_no_fault(tmp_path):
    lines = "".join(f"field_{number}: x\n" for number in range(3000))
    write_project(tmp_path, {"risks/RSK-001.yml": RISK + lines})
    process = subprocess.Popen(
        [sys.executable, "-m", "aipm_site", "check", "--format", "github"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

    process.stdout.close()

    # 128 and SIGPIPE, as of any program in a pipe: neither "fine" nor "problems".
    assert process.wait(timeout=60) == 141
    assert process.stderr.read() == ""


def test_a_terminal_without_the_characters_gets_escapes(tmp_path):
    # ASCII would not do for this test: click takes it for a wrong setting and writes UTF-8.
    write_project(tmp_path)

    run = run_aipm("status", cwd=tmp_path, environment={"PYTHONIOENCODING": "latin-1"})

    assert run.returncode == 0, run.stderr
    assert "\\u201cinternal\\u201d" in run.stdout


@pytest.mark.parametrize("arguments", [["status", "--json"], ["check", "--format", "json"], ["schema", "risk"]])
def test_json_is_utf_8_whatever_the_terminal_can_show(tmp_path, arguments):
    write_project(tmp_path, {"risks/RSK-001.yml": RISK.replace("Hospital B", "Krankenhaus Ä")})

    run = subprocess.run(
        [sys.executable, "-m", "aipm_site", *arguments],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "latin-1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert run.returncode == 0
    assert run.stdout.decode("utf-8").startswith("{")


def test_what_a_user_typed_cannot_steer_the_terminal(tmp_path):
    typed = "x\n::error::owned\x1b[2J\u202e"

    for arguments in (["explain", typed], ["new", typed], ["init", typed, "--kinds", typed], [typed]):
        run = run_aipm(*arguments, cwd=write_project(tmp_path))

        assert run.returncode == 2
        assert not [line for line in run.stderr.splitlines() if line.startswith("::")]
        assert "\x1b" not in run.stderr
        assert "\u202e" not in run.stderr


def test_a_project_is_found_from_any_folder_in_it(tmp_path):
    write_project(tmp_path)

    run = run_aipm("check", cwd=tmp_path / "content" / "risks")

    assert run.returncode == 0
    assert run.stdout.startswith("content/risks/RSK-001.yml:1:1: ")


@pytest.mark.parametrize("name", [None, *main.commands])
def test_every_help_says_what_for_and_ends_with_examples(name):
    result = aipm(*([name] if name else []), "--help")

    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert max(map(len, lines)) <= 80
    if name:
        examples = [line.strip() for line in lines[lines.index("  Examples:") + 1 :]]
        assert examples
        assert all(line.startswith(f"aipm {name}") for line in examples)
    else:
        assert "Exit codes: 0 fine" in result.stdout
        assert "..." not in "".join(lines[lines.index("Commands:") :]), "each command fits its line"


def test_the_examples_of_help_are_commands_that_there_are(tmp_path):
    for command in main.commands.values():
        for line in (command.epilog or "").splitlines():
            if line.strip().startswith("aipm "):
                named = set(re.findall(r" (--[a-z-]+)", line))
                known = {option for parameter in command.params for option in parameter.opts}
                assert named <= known, line


def test_the_version_is_printed():
    assert re.fullmatch(r"aipm, version \S+\n", aipm("--version").stdout)


@pytest.mark.parametrize("option", [["--help"], ["new", "--help"], ["--version"]])
def test_neither_help_nor_version_loads_what_only_work_needs(option):
    code = (
        f"import sys; from aipm_site.cli import main\ntry: main({option!r})\n"
        "finally: print(sorted({'pydantic', 'mkdocs', 'yaml', 'jinja2', 'babel'} & set(sys.modules)), file=sys.stderr)"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)

    assert run.stderr.strip() == "[]"


def test_check_does_not_load_mkdocs(tmp_path):
    code = (
        "import sys; from aipm_site.cli import main\ntry: main(['check'])\n"
        "finally: print('mkdocs' in sys.modules, file=sys.stderr)"
    )

    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=write_project(tmp_path),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )

    assert run.stderr.strip() == "False"
