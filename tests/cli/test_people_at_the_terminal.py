"""Somebody at a terminal, which is a real one, is asked by a run and answers; without one nobody is asked."""

import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from tests.cli.command import called, started
from tests.cli.pseudo_terminal import LIMIT, terminal
from webhand.cli.app import run
from webhand.cli.people import NOBODY, again
from webhand.errors import ConfigError
from webhand.events import Event
from webhand.store import RunStore

PAGE = "data:text/html,<title>Shop</title><button>Delete account</button>"
SIGN_IN = (
    "data:text/html,<title>Sign in</title><main style='margin-top:150px'><h1>Sign in</h1>"
    "<label>Email <input></label><label>Password <input type=password></label><button>Sign in</button></main>"
)
ServeModel = Callable[[Callable[[], str]], str]


def script(*actions: dict[str, Any]) -> Callable[[], str]:
    """The answers of a model, one after the other."""
    left: Iterator[dict[str, Any]] = iter(actions)
    return lambda: json.dumps({"evaluation": "", "memory": "", "next_goal": "go on", "actions": [next(left)]})


ASK = {"ask": {"question": "Which colour?"}}
DONE = {"done": {"answer": "all done", "success": True}}


def model_of(serve_model: ServeModel, *actions: dict[str, Any]) -> tuple[str, ...]:
    return ("--model", "compatible/x", "--base-url", serve_model(script(*actions)))


def events() -> Sequence[Event]:
    with RunStore() as store:
        return store.events(store.find("last").id)


def told() -> list[str]:
    return [event.data["text"] for event in events() if event.type == "told"]


# --- in a terminal --------------------------------------------------------------------------------------------------


def test_a_question_is_answered_in_the_terminal_by_what_is_typed_after_it(serve_model: ServeModel) -> None:
    answer = script(ASK, DONE)

    def typing_ahead() -> str:
        tty.keys("yes\n")
        return answer()

    base = serve_model(typing_ahead)
    with terminal("run", "paint", "--model", "compatible/x", "--base-url", base, "--url", PAGE) as tty:
        tty.until(r"\?  Which colour\?\s+> $")
        assert tty.writes_nothing()
        tty.keys("green\n")
        assert tty.ended() == 0, tty.text
    assert told() == ["green"]
    assert "the person answers: green" in tty.text
    assert "all done" in tty.text


@pytest.mark.parametrize("stop", ["ctrl-c", "SIGTERM"])
def test_a_question_that_is_broken_off_is_asked_again_of_who_is_there(stop: str, serve_model: ServeModel) -> None:
    with terminal("run", "paint", *model_of(serve_model, ASK), "--url", PAGE) as tty:
        tty.until("> $")
        began = time.monotonic()
        if stop == "ctrl-c":
            tty.keys("\x03")
        else:
            tty.process.send_signal(signal.SIGTERM)
        assert tty.ended() == (130 if stop == "ctrl-c" else 143), tty.text
    assert time.monotonic() - began < 5
    assert "stopped; go on with: webhand resume" in tty.text
    assert "Traceback" not in tty.text
    assert (events()[-1].data["status"], told()) == ("stopped", [])
    if stop == "SIGTERM":
        ended = called("resume", *model_of(serve_model, DONE))
        assert ended.returncode == 0, ended.stderr
        return
    with terminal("resume", *model_of(serve_model, DONE)) as tty:
        tty.until(r"\?  Which colour\?\s+> $")
        assert tty.writes_nothing()
        tty.keys("blue\n")
        assert tty.ended() == 0, tty.text
    answers = [dict(event.data) for event in events() if event.type == "told"]
    assert [(one["question"], one["late"]) for one in answers] == [("q1", True)]
    assert "The answer: blue" in answers[0]["text"]


def test_consent_is_asked_for_and_again_after_a_stop(serve_model: ServeModel) -> None:
    click = {"click": {"ref": "e1"}}
    with terminal("run", "tidy up", *model_of(serve_model, click), "--approve", "--url", PAGE) as tty:
        tty.until(r'May this be done on .*click button "Delete account"')
        tty.until("> $")
        tty.keys("\x03")
        assert tty.ended() == 130, tty.text
    assert events()[0].data["callables"] == ["ask", "approve"]
    with terminal("resume", *model_of(serve_model, click, DONE)) as tty:
        tty.until("> $")
        tty.keys("no, wait for Anna\n")
        tty.until(r"click button .Delete account.*[^>]*> $")
        tty.keys("keep it\n")
        assert tty.ended() == 0, tty.text
    assert "refused: keep it" in tty.text


def test_nobody_is_asked_who_does_not_want_to_be(serve_model: ServeModel) -> None:
    with terminal("run", "paint", *model_of(serve_model, ASK, DONE), "--url", PAGE, "--no-ask") as tty:
        assert tty.ended() == 0, tty.text
    assert [event.type for event in events() if event.type in ("asked", "told")] == []


# --- walls ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("windowless")
def test_a_wall_is_handed_over_and_again_after_the_run_was_killed(serve_model: ServeModel) -> None:
    handed = r"paused: sign-in \(password\)\n(?:.*\n)*.*by hand in the browser's window, then answer\.\s+> $"
    wished = ("--headed", "--pause-on", "captcha,sign-in", "--url", SIGN_IN)
    with terminal("run", "read the bill", *model_of(serve_model), *wished) as tty:
        tty.until(handed)
        assert tty.writes_nothing()
        tty.process.kill()
        tty.process.wait(LIMIT)
    with terminal("resume", *model_of(serve_model, DONE)) as tty:
        tty.until(handed)
        tty.keys("\n")
        assert tty.ended() == 0, tty.text
    kinds = [event.type for event in events()]
    assert kinds[1:] == [
        *("step.started", "paused", "asked", "resumed", "step.started", "paused", "asked", "told", "resumed"),
        *("observed", "model.called", "decided", "action.started", "action.finished", "step.finished", "run.ended"),
    ]


# --- without a terminal ---------------------------------------------------------------------------------------------


def test_where_there_is_no_terminal_nobody_is_asked(serve_model: ServeModel) -> None:
    ended = started("run", "paint", *model_of(serve_model, ASK, DONE), "--url", PAGE, typed="green\n")
    assert ended.returncode == 0, ended.stderr
    assert events()[0].data["callables"] == []
    assert told() == []


def test_answers_may_come_through_a_pipe(serve_model: ServeModel) -> None:
    model = model_of(serve_model, ASK, ASK, ASK, DONE)
    ended = started("run", "paint", *model, "--url", PAGE, "--ask", "--json", typed="green\nblue")
    assert ended.returncode == 0, ended.stderr
    assert told() == ["green", "blue", NOBODY]
    assert ended.stderr == f"Which colour?\n> green\nWhich colour?\n> blue\nWhich colour?\n> {NOBODY}\n"
    assert json.loads(ended.stdout)["answer"] == "all done"


@pytest.mark.parametrize(
    ("begun", "given"),
    [
        ({"callables": [], "config": {}}, None),
        ({"callables": ["ask"], "config": {"max_steps": 7}}, 7),
        ({"callables": ["ask", "approve"], "approve": "ask", "config": {"max_steps": 7}}, None),
        ({"callables": ["ask", "approve"], "config": {}}, None),
        ({"callables": ["ask", "before_step"], "config": {}}, None),
        ({"callables": ["ask"], "config": {"max_step": 7}}, None),
    ],
    ids=["nobody", "somebody", "consent", "a function gave consent", "another function", "another version"],
)
def test_what_a_resumed_run_is_given_again(begun: dict[str, Any], given: int | None) -> None:
    if begun.get("approve") == "ask":
        with pytest.raises(ConfigError, match="--approve needs somebody"):
            again(begun, {}, None, approve=False)
        return
    config, window = again(begun, {}, None, approve=False)
    assert (config and config.max_steps, window) == (given, False)


BAD = {
    ("--approve",): "--approve needs somebody",
    ("--pause-on", "captcha"): "give --headed too",
    ("--pause-on", "paywall", "--headed"): "the kinds are captcha, bot-check, consent, sign-in",
    ("--pause-on", "captcha", "--headed"): "--pause-on needs somebody",
}


@pytest.mark.parametrize(("options", "said"), BAD.items(), ids=" ".join)
def test_wishes_that_nobody_can_fulfil(options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["run", "x", "--model", "offline", *options]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1
