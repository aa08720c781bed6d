import json
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import called, started
from webhand.agent import Result
from webhand.browser.process import is_running
from webhand.cli.app import run
from webhand.cli.codes import read_error
from webhand.cli.terminal import lines, one_line
from webhand.cli.work import verdict
from webhand.store import RunStore

HELLO = "data:text/html,<title>Greeting</title><h1>Hello there</h1>"
TWO = "data:text/html,<title>Two</title><button>One</button><button>Other</button>"

ServeModel = Callable[[Callable[[], str]], str]


def page_in(told: str) -> Path:
    found = re.search(r"^the run as a page: (.+\.html)$", told, re.MULTILINE)
    assert found, told
    return Path(found[1])


def test_the_answer_is_on_stdout_and_what_happened_on_stderr(tmp_path: Path) -> None:
    told = started("run", "tell me the heading", "--model", "offline", "--url", HELLO)
    assert (told.returncode, told.stdout) == (0, "Hello there\n"), told.stderr
    assert "  1  report  (Greeting)" in told.stderr
    assert "done    Hello there" in told.stderr
    assert "\x1b" not in told.stderr
    page = page_in(told.stderr)
    assert page.parent == tmp_path / "webhand-home" / "reports"
    assert "Hello there" in page.read_text("utf-8")


def test_json_is_the_whole_output() -> None:
    told = called("run", 'click "One"', "--model", "offline", "--url", TWO, "--json")
    assert (told.returncode, told.stderr) == (0, "")
    result = Result[Any].model_validate_json(told.stdout)
    assert (result.status, result.success) == ("done", True)
    assert [one.action for step in result.steps for one in step.results] == ["click", "done"]


@pytest.mark.skipif(sys.platform == "win32", reason="its end is that of POSIX")
def test_a_browser_that_stays_open_is_told_and_found_again(keeping: Path) -> None:
    begin = ("run", 'click "One", click "Other"', "--model", "offline", "--url", TWO, "--keep-open")
    told = started(*begin, "--max-steps", "1")
    found = re.search(r"^the browser stays open \(process (\d+)\) for: webhand resume \w+$", told.stderr, re.M)
    assert found, told.stderr
    told = started("resume", "--max-steps", "9")
    assert told.returncode == 0
    again = re.search(r"^the browser stays open \(process (\d+)\) at ws://127\.0\.0\.1:\d+/", told.stderr, re.M)
    assert again, told.stderr
    assert again[1] == found[1]
    assert is_running(int(found[1]))


def test_a_limit_has_its_code_and_says_how_to_go_on() -> None:
    told = called("run", 'click "One", click "Other"', "--model", "offline", "--url", TWO, "--max-steps", "1")
    assert (told.returncode, told.stdout) == (3, "")
    assert re.search(
        r"^error: limit reached: max_steps.*go on with: webhand resume \w+ --max-steps N$", told.stderr, re.M
    )


def test_what_the_model_could_not_do_is_not_done() -> None:
    told = called("run", "be nice to everybody", "--model", "offline", "--url", HELLO)
    assert told.returncode == 1
    assert "I do not understand" in told.stdout
    assert "error: not done; the answer says why\n" in told.stderr


def test_a_page_that_never_stops_loading_is_worked_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes connections and never answers
        page = f"data:text/html,<h1>Half</h1><img src='http://127.0.0.1:{mute.getsockname()[1]}/'>"
        told = called("run", "tell me the heading", "--model", "offline", "--url", page)
    assert (told.returncode, told.stdout) == (0, "Half\n"), told.stderr


def test_settings_of_the_run_are_those_of_the_options(tmp_path: Path, serve_model: ServeModel) -> None:
    note = tmp_path / "note.txt"
    note.write_text("hello")
    base = serve_model(lambda: json.dumps(decision({"done": {"answer": "seen", "success": True}})))
    told = called(
        "run", "look", "--model", "compatible/x", "--base-url", base, "--url", HELLO, "--model-timeout", "20",
        "--vision", "always", "--extra", "be brief", "--file", str(note), "--max-steps", "7", "--json",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    result = Result[Any].model_validate_json(told.stdout)
    assert result.usage.prompt == 100
    assert result.steps[0].screenshot is not None
    with RunStore() as store:
        data = store.events(result.run_id)[0].data
    assert (data["config"]["max_steps"], data["config"]["extra_instructions"]) == (7, "be brief")
    assert data["files"] == [str(note)]


def decision(*actions: object) -> dict[str, object]:
    return {"evaluation": "", "memory": "", "next_goal": "go on", "actions": actions}


BAD: list[tuple[tuple[str, ...], dict[str, str], int, str]] = [
    (("run", "   "), {}, 2, "the task is empty"),
    (("run",), {}, 2, "Missing argument"),
    (("run", "x"), {}, 2, "no model is chosen"),
    (("run", "x", "--model", "nobody/x"), {}, 2, "no provider 'nobody'"),
    (("run", "x", "--model", "openai/gpt-6-luna"), {}, 2, "OPENAI_API_KEY"),
    (("run", "x", "--model", "openai/gpt-6-luna", "--api-key-env", "MY_KEY"), {}, 2, "MY_KEY"),
    (("run", "x", "--model", "compatible/x"), {}, 2, "--base-url"),
    (("run", "x", "--model", "compatible/x", "--base-url", "nowhere"), {}, 2, "base_url begins with neither"),
    (("run", "x", "--model", "groq/x", "--model-timeout", "0"), {"GROQ_API_KEY": "k"}, 2, "timeout"),
    (("run", "x", "--model", "offline", "--max-steps", "0"), {}, 2, "--max-steps"),
    (("run", "x", "--model", "offline", "--vision", "sometimes"), {}, 2, "--vision"),
    (("run", "x", "--model", "offline", "--file", "/nonexistent/note"), {}, 2, "/nonexistent/note"),
    (("run", "x", "--model", "offline"), {"WEBHAND_HOME": __file__}, 1, __file__),
    (("resume",), {}, 1, "there are none yet"),
]
BAD_ONCE_IT_RUNS: list[tuple[tuple[str, ...], dict[str, str], int, str]] = [
    (("run", "x", "--model", "offline"), {"WEBHAND_BROWSER": "/nonexistent"}, 2, "/nonexistent is not there"),
    (("demo",), {"WEBHAND_BROWSER": "/nonexistent"}, 2, "/nonexistent is not there"),
    (("run", "x", "--model", "offline", "--url", "http://nowhere.invalid/"), {}, 1, "nowhere.invalid"),
    (("run", "x", "--model", "offline", "--url", "http://127.0.0.1:1/"), {}, 1, "127.0.0.1:1"),
]


@pytest.mark.parametrize(("arguments", "environment", "code", "said"), BAD, ids=[" ".join(bad[0]) for bad in BAD])
def test_what_cannot_begin_is_one_line_and_a_code(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    ended = run(list(arguments))
    told = capsys.readouterr()
    assert ended == code, told.err
    assert said in told.err
    assert told.err.startswith("error: ")
    assert told.err.count("\n") == 1
    assert "Traceback" not in told.out + told.err


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "said"), BAD_ONCE_IT_RUNS, ids=[" ".join(bad[0]) for bad in BAD_ONCE_IT_RUNS]
)
def test_what_cannot_work_is_one_line_and_a_code(
    arguments: tuple[str, ...], environment: dict[str, str], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    told = called(*arguments)
    assert told.returncode == code, told.stderr
    assert said in told.stderr
    assert told.stderr.startswith("error: ")
    assert told.stderr.count("\n") == 1
    assert "Traceback" not in told.stdout + told.stderr


def test_debug_shows_where_it_went_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHAND_BROWSER", "/nonexistent")
    told = started("run", "x", "--model", "offline", "--debug")
    assert told.returncode == 2
    assert "Traceback (most recent call last)" in told.stderr


def test_a_model_that_talks_instead_of_answering_ends_at_a_limit(serve_model: ServeModel) -> None:
    base = serve_model(lambda: "I would rather chat about the weather.")
    told = called("run", "x", "--model", "compatible/x", "--base-url", base, "--url", HELLO)
    assert (told.returncode, told.stdout) == (3, "")
    errors = [line for line in told.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert "max_failures" in errors[0]
    assert "OutputInvalid" in errors[0]
    assert "Traceback" not in told.stderr


def test_a_key_that_is_refused_is_the_vendors_error(serve_model: ServeModel) -> None:
    base = serve_model(lambda: "401 wrong key")
    told = called("run", "x", "--model", "compatible/x", "--base-url", base, "--url", HELLO)
    assert told.returncode == 4, told.stderr
    errors = [line for line in told.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1
    assert "did not finish" not in errors[0]
    assert "ended in the middle of this step" in page_in(told.stderr).read_text("utf-8")


def test_an_error_in_a_log_is_read_with_its_code() -> None:
    assert read_error("AuthError: the key is wrong") == ("the key is wrong", 4)
    assert read_error("OutputTruncated: cut") == ("cut", 4)
    assert read_error("LaunchFailed: no screen") == ("no screen", 2)
    assert read_error("NavigationFailed: it: is gone") == ("it: is gone", 1)
    assert read_error("KeyError: 'x'") == ("KeyError: 'x'", 1)
    assert read_error("LLMError") == ("LLMError", 1)


def test_each_end_of_a_run_has_its_code() -> None:
    def ended(status: str, **more: object) -> Result[Any]:
        plain: dict[str, object] = {
            "run_id": "r1", "status": status, "success": False, "answer": None, "output": None, "steps": (),
            "usage": {}, "cost": None, "seconds": 1.0, "limit": None, "error": None, "files": (), "final_url": None,
        }  # fmt: skip
        return Result[Any].model_validate(plain | more)

    assert verdict(ended("done", success=True)) == (0, None)
    assert verdict(ended("done"))[0] == 1
    assert verdict(ended("limit", limit="max_cost: US$ 1"))[0] == 3
    step = {"number": 1, "error": "ProviderUnavailable: it cannot be reached"}
    assert verdict(ended("limit", limit="max_failures: 3 failed steps in a row", steps=(step,)))[0] == 4
    assert verdict(ended("limit", limit="max_steps: 1 steps", steps=(step,)))[0] == 3
    assert verdict(ended("failed", error="RateLimited: slow\ndown")) == (4, "error: slow down")
    assert verdict(ended("failed"))[0] == 1
    assert verdict(ended("stopped"), 143) == (143, "stopped; go on with: webhand resume r1")


def test_nothing_that_a_terminal_obeys_comes_through() -> None:
    evil = "a\x1b[31mred\x1b]0;title\x07\x9b2J\r\nnext\u202e\tend\ud800"
    assert one_line(evil) == "a [31mred ]0;title 2J next end"
    assert lines(evil) == "a[31mred]0;title2J\nnext\u202e\tend\ud800"


def test_only_listed_sites_are_connected_to(tmp_path: Path) -> None:
    page = "http://127.0.0.1:9/"
    for given, told in {
        (
            "--allow",
            "https://shop.example",
            "--url",
            page,
        ): f"start_url {page} is not opened: http://127.0.0.1:9 is not",
        ("--allow", "*.com"): "allowed has what is no pattern of addresses: '*.com'",
        ("--allow", "https://shop.example", "--keep-open"): "cannot: leave one out",
    }.items():
        ended = called("run", "look", "--model", "offline", *given)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert told in " ".join(ended.stderr.split())
