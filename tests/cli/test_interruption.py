import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from threading import Event

import pytest

from tests.cli.command import COMMAND, called
from webhand.cli.interruption import GRACE
from webhand.store import RunStore

PAGE = "data:text/html,<title>One</title><button>One</button>"
WAIT = {"evaluation": "", "memory": "", "next_goal": "wait a little", "actions": [{"wait": {"seconds": 0.1}}]}
HASTY = """import sys
from webhand.cli import app, interruption
interruption.GRACE = float(sys.argv.pop(1))
app.main()"""
NOTICE = "stopping after this step, in 5 s at the latest; once more stops at once\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
ServeModel = Callable[[Callable[[], str]], str]


@contextmanager
def started(*arguments: str, grace: float = GRACE) -> Generator[subprocess.Popen[str]]:
    """The command; one of its own where a step may take another time to its end than it has."""
    command = [COMMAND] if grace == GRACE else [sys.executable, "-c", HASTY, str(grace)]
    with subprocess.Popen(
        [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        try:
            yield process
        finally:
            process.kill()


class SlowModel:
    """Answers when the test lets it; `asked` is set as soon as it was asked."""

    def __init__(self) -> None:
        self.asked, self.release = Event(), Event()

    def __call__(self) -> str:
        self.asked.set()
        self.release.wait(60)
        return json.dumps(WAIT)


@pytest.fixture
def slow() -> Iterator[SlowModel]:
    model = SlowModel()
    yield model
    model.release.set()


def until(process: subprocess.Popen[str], wanted: str) -> None:
    """Read the process's stderr up to the line `wanted`."""
    assert process.stderr is not None
    for line in process.stderr:
        if line == wanted:
            return
    raise AssertionError(f"{wanted!r} was not said")


def test_the_first_signal_lets_the_step_end(slow: SlowModel, serve_model: ServeModel) -> None:
    base = serve_model(slow)
    with started("run", "x", "--model", "compatible/x", "--base-url", base, "--url", PAGE) as process:
        assert slow.asked.wait(30)
        process.send_signal(signal.SIGINT)
        until(process, NOTICE)
        slow.release.set()
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 130
    found = re.search(r"^stopped; go on with: webhand resume (\w+)$", told, re.M)
    assert found, told
    assert "Traceback" not in told
    with RunStore() as store:
        events = store.events(found[1])
    assert [event.type for event in events][-2:] == ["step.finished", "run.ended"]
    assert events[-1].data["status"] == "stopped"


def test_a_resumed_run_is_stopped_in_the_same_way(slow: SlowModel, serve_model: ServeModel) -> None:
    base = serve_model(lambda: json.dumps(WAIT))
    model = ("--model", "compatible/x", "--base-url")
    assert called("run", "x", *model, base, "--url", PAGE, "--max-steps", "1").returncode == 3
    with started("resume", *model, serve_model(slow), "--max-steps", "9", "--json") as process:
        assert slow.asked.wait(30)
        process.send_signal(signal.SIGTERM)
        slow.release.set()
        told = process.communicate(timeout=30)
    assert (process.returncode, told[1]) == (143, "")
    result = json.loads(told[0])
    assert result["status"] == "stopped"
    assert len(result["steps"]) >= 2


def test_what_does_not_end_in_time_is_cut_off(slow: SlowModel, serve_model: ServeModel) -> None:
    model = ("--model", "compatible/x", "--base-url", serve_model(slow))
    with started("run", "x", *model, "--url", PAGE, grace=0.5) as process:
        assert slow.asked.wait(30)
        process.send_signal(signal.SIGTERM)
        told = process.communicate(timeout=30)[1]
    assert process.returncode == 143
    assert "stopped; go on with: webhand resume " in told
    assert "Traceback" not in told


def test_the_second_signal_stops_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:  # a page that never answers
        mute.settimeout(30)
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        with started("run", "x", "--model", "offline", "--url", url) as process, mute.accept()[0]:
            process.send_signal(signal.SIGINT)
            until(process, NOTICE)
            process.send_signal(signal.SIGINT)
            told = process.communicate(timeout=4)
    assert process.returncode == 130
    assert told[0] == ""
    assert re.fullmatch(r"stopped; go on with: webhand resume \w+\n", told[1])
    with RunStore() as store:
        assert [run.status for run in store.runs()] == ["stopped"]
