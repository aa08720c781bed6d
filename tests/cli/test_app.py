import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.cli.command import called
from webhand import errors
from webhand.cli.app import app, exit_code, run

WEBHAND = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\nfrom webhand.cli.app import main; main()"
)


def webhand(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", WEBHAND, *arguments], capture_output=True, text=True, timeout=60)


def raising(error: BaseException) -> typer.Typer:
    """A command line of one command, `go`, that fails with `error`."""
    commands = typer.Typer(pretty_exceptions_enable=False)

    def go() -> None:
        raise error

    commands.command()(go)
    return commands


def test_the_version_is_told() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.stdout) == (0, f"webhand {version('webhand')}\n")


def test_the_help_lists_the_commands() -> None:
    told = CliRunner().invoke(app, ["--help"])
    assert told.exit_code == 0
    for word in ("install", "doctor", "--version", "--debug"):
        assert word in told.stdout


def test_no_command_shows_the_help_and_is_a_mistake() -> None:
    told = CliRunner().invoke(app, [])
    assert told.exit_code == 2
    assert "Usage" in told.stdout


@pytest.mark.parametrize("arguments", [["docter"], ["doctor", "--nope"], ["--nope"]])
def test_a_usage_error_is_one_line_on_stderr(arguments: list[str]) -> None:
    told = called(*arguments)
    assert told.returncode == 2
    assert told.stdout == ""
    assert told.stderr.startswith("error: No such")
    assert told.stderr.count("\n") == 1


def test_an_error_of_webhand_is_one_line_on_stderr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHAND_BROWSER", str(tmp_path / "gone"))
    told = webhand("install")
    assert told.returncode == 2
    assert told.stderr == (
        f"error: WEBHAND_BROWSER: {tmp_path / 'gone'} is not there; "
        "correct it, or leave it out and a browser is looked for\n"
    )


@pytest.mark.parametrize("arguments", [["--debug", "install"], ["install", "--debug"]])
def test_debug_shows_the_traceback_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    monkeypatch.setenv("WEBHAND_BROWSER", str(tmp_path / "gone"))
    told = webhand(*arguments)
    assert told.returncode == 2
    assert "Traceback (most recent call last)" in told.stderr
    assert told.stderr.splitlines()[-1].startswith("error: WEBHAND_BROWSER")


def test_debug_after_two_dashes_is_no_option() -> None:
    told = webhand("install", "--", "--debug")
    assert told.returncode == 2
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ConfigError("x"), 2),
        (errors.MissingKey("x"), 2),
        (errors.BrowserMissing("x"), 2),
        (errors.LaunchFailed("x"), 2),
        (errors.AuthError("x"), 4),
        (errors.OutputTruncated("x"), 4),
        (errors.NavigationFailed("x"), 1),
        (errors.StaleRef("x"), 1),
        (errors.RunNotFound("x"), 1),
        (errors.HubError("x"), 1),
    ],
)
def test_each_kind_of_error_has_its_exit_code(
    error: errors.WebhandError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(error) == code
    assert run([], commands=raising(error)) == code
    assert capsys.readouterr().err == "error: x\n"


def test_an_error_of_several_lines_becomes_one(capsys: pytest.CaptureFixture[str]) -> None:
    run([], commands=raising(errors.LaunchFailed("no display\n\n  try headless\n")))
    assert capsys.readouterr().err == "error: no display try headless\n"


def test_an_error_alone_in_a_group_is_told_as_itself(capsys: pytest.CaptureFixture[str]) -> None:
    group = ExceptionGroup("unhandled", [ExceptionGroup("inner", [errors.RateLimited("too fast")])])
    assert run([], commands=raising(group)) == 4
    assert capsys.readouterr().err == "error: too fast\n"


def test_an_unexpected_error_is_called_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], commands=raising(KeyError("page"))) == 1
    assert capsys.readouterr().err == "error: KeyError: 'page'. This is a bug in webhand; --debug shows where\n"
    assert run([], commands=raising(AssertionError()), debug=True) == 1
    told = capsys.readouterr().err
    assert "Traceback (most recent call last)" in told
    assert told.endswith("\nerror: AssertionError. This is a bug in webhand; --debug shows where\n")


def test_a_code_that_a_command_asks_for_is_the_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([], commands=raising(typer.Exit(3))) == 3
    assert run([], commands=raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == ""


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """`webhand install` while it waits for a browser that does not tell its version."""
    started = tmp_path / "started"
    os.mkfifo(started)
    slow = tmp_path / "slow"
    slow.write_text(f"#!/bin/sh\necho > {started}\nexec sleep 600\n")
    slow.chmod(0o755)
    monkeypatch.setenv("WEBHAND_BROWSER", str(slow))
    with subprocess.Popen(
        [sys.executable, "-c", WEBHAND, "install"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        started.read_text()
        yield process
        process.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_quietly(waiting: subprocess.Popen[str], number: signal.Signals, code: int) -> None:
    waiting.send_signal(number)
    told = waiting.communicate(timeout=15)
    assert waiting.returncode == code
    assert told == ("", "")
