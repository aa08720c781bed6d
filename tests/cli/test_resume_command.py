import json
import re
from collections.abc import Callable

import pytest

from tests.cli.command import called

TWO = "data:text/html,<title>Two</title><button>One</button><button>Other</button>"


@pytest.fixture
def limited() -> str:
    """The id of a run that reached its limit after one step of three."""
    task = 'click "One", click "Other"'
    told = called("run", task, "--model", "offline", "--url", TWO, "--max-steps", "1")
    assert told.returncode == 3, told.stderr
    found = re.search(r"webhand resume (\w+)", told.stderr)
    assert found
    return found[1]


def test_a_run_goes_on_with_its_next_step_and_is_done_once(limited: str) -> None:
    as_it_was = called("resume", "last")
    assert as_it_was.returncode == 3
    assert f"webhand resume {limited} --max-steps N" in as_it_was.stderr
    told = called("resume", limited[:-1], "--max-steps", "9")
    assert (told.returncode, told.stdout) == (0, "All 2 instructions were carried out.\n"), told.stderr
    assert 'clicked button "Other"' in told.stderr
    assert 'clicked button "One"' not in told.stderr
    again = called("resume")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "nothing to resume" in again.stderr


def test_the_models_server_is_the_one_it_was(serve_model: Callable[[Callable[[], str]], str]) -> None:
    answers = iter(["wait", "done", "done"])

    def answer() -> str:
        action = {"wait": {"seconds": 0}} if next(answers) == "wait" else {"done": {"answer": "here"}}
        return json.dumps({"evaluation": "", "memory": "", "next_goal": "", "actions": [action]})

    server = serve_model(answer)
    first = called("run", "x", "--model", "compatible/x", "--base-url", server, "--url", TWO, "--max-steps", "1")
    assert first.returncode == 3, first.stderr
    told = called("resume", "--max-steps", "3")
    assert (told.returncode, told.stdout) == (0, "here\n"), told.stderr


def test_the_list_has_one_line_for_each_run_and_another_id_is_not_found(limited: str) -> None:
    told = called("runs")
    assert (told.returncode, told.stderr) == (0, "")
    assert re.fullmatch(
        limited + r'  limit      1 steps  \d{4}-\d\d-\d\d \d\d:\d\d  click "One", click "Other"\n', told.stdout
    )
    other = called("resume", "zz")
    assert (other.returncode, other.stdout, other.stderr.count("\n")) == (1, "", 1)
    assert other.stderr.startswith("error: No run 'zz' in ")
    assert limited in other.stderr


def test_no_runs_are_told_as_such() -> None:
    told = called("runs")
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "there are no runs yet\n")
