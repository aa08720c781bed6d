"""The time of a run: what it works counts against its limit, what people take does not."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.agent.conftest import Site, adding, done
from webhand import Agent, AgentConfig, Browser, Event, RunStore
from webhand.browser import Context
from webhand.controller import Approval, Question
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel

HOUR, MINUTE = 3600.0, 60.0
SIGN_IN = """<!doctype html><title>Sign in</title><main style="margin-top:150px"><h1>Sign in</h1>
<label>Email <input name=email></label><label>Password <input type=password></label><button>Sign in</button></main>"""
ASKING = {"ask": {"question": "Which colour?"}}
Pass = Callable[[], None]


@pytest.fixture
def an_hour_passes(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Puts the clock of runs, which goes as always, an hour ahead."""
    ahead, clock = [0.0], time.monotonic

    def put_ahead() -> None:
        ahead[0] += HOUR

    monkeypatch.setattr("webhand.agent.stopwatch.monotonic", lambda: clock() + ahead[0])
    return put_ahead


class Person:
    """Answers what a run asks, after an hour."""

    def __init__(self, passes: Pass) -> None:
        self._passes = passes

    def ask(self, _: Question) -> str:
        self._passes()
        return "yes"

    def approve(self, _: Approval) -> bool:
        self._passes()
        return True


def waits(case: str, person: Person) -> tuple[AgentConfig, list[Any]]:
    """The settings of a run that waits for the person in this way, and what its model answers."""
    match case:
        case "a question":
            return AgentConfig(max_seconds=MINUTE, ask=person.ask), [ASKING, {"reload": {}}, done()]
        case "consent":
            return AgentConfig(max_seconds=MINUTE, approve=person.approve), [adding("milk"), done()]
        case _:
            return AgentConfig(max_seconds=MINUTE, ask=person.ask, pause_on=("sign-in",)), [{"reload": {}}, done()]


@pytest.mark.parametrize("case", ["a question", "consent", "a wall"])
async def test_what_people_take_is_not_the_time_of_the_run(
    case: str, an_hour_passes: Pass, site: Site, browser: Browser, store: RunStore
) -> None:
    site.pages["/sign-in"] = SIGN_IN
    config, script = waits(case, Person(an_hour_passes))
    start = f"{site.url}sign-in" if case == "a wall" else site.url
    model = ScriptedModel(script)
    result = await Agent("Look", model, browser=browser, start_url=start, config=config, store=store).run()
    assert (result.status, result.limit) == ("done", None)
    assert sum(event.type in ("asked", "action.started") for event in store.events("last")) > 1
    assert result.seconds < MINUTE
    assert all(step.seconds < MINUTE for step in result.steps)


@pytest.mark.parametrize("config", [AgentConfig(), AgentConfig(pause_on=("sign-in",))], ids=["pause", "pause_on"])
async def test_a_pause_is_not_the_time_of_the_run(
    config: AgentConfig, an_hour_passes: Pass, site: Site, context: Context, store: RunStore
) -> None:
    site.pages["/sign-in"] = SIGN_IN
    page = await context.inner.new_page()
    passed: list[Event] = []

    def on_event(event: Event) -> None:
        if event.type == "paused":
            passed.append(event)
            loop.call_soon(proceed)

    def proceed() -> None:
        an_hour_passes()
        agent.proceed()

    loop = asyncio.get_running_loop()
    config = config.model_copy(update={"max_seconds": MINUTE})
    start = f"{site.url}sign-in"
    model = ScriptedModel([{"reload": {}}, done()])
    agent = Agent("Look", model, browser=page, start_url=start, config=config, store=store, on_event=on_event)
    if not config.pause_on:
        agent.pause()
    result = await agent.run()
    assert (result.status, result.limit, len(passed)) == ("done", None, 1)
    assert result.seconds < MINUTE


async def test_the_time_in_which_a_model_thinks_counts(
    an_hour_passes: Pass, site: Site, browser: Browser, store: RunStore
) -> None:
    def thinking(_: Sequence[Message]) -> Any:
        an_hour_passes()
        return {"reload": {}}

    config = AgentConfig(max_seconds=MINUTE)
    model = ScriptedModel([thinking, done()])
    result = await Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert (result.status, result.limit) == ("limit", "max_seconds: 60 s")
    assert result.seconds > HOUR


async def test_what_people_took_before_an_interruption_is_not_the_time_of_the_run(
    an_hour_passes: Pass, site: Site, browser: Browser, store: RunStore
) -> None:
    def stopping(_: Sequence[Message]) -> Any:
        agent.stop()
        return ASKING

    config = AgentConfig(max_seconds=MINUTE, ask=Person(an_hour_passes).ask)
    agent = Agent("Look", ScriptedModel([stopping]), browser=browser, start_url=site.url, config=config, store=store)
    assert (await agent.run()).status == "stopped"
    model = ScriptedModel([done()])
    result = await Agent.resume("last", model, browser=browser, config=config, store=store)
    assert (result.status, result.seconds < MINUTE) == ("done", True)


async def test_between_steps_that_are_made_one_by_one_the_time_is_the_callers(
    an_hour_passes: Pass, site: Site, browser: Browser, store: RunStore
) -> None:
    config = AgentConfig(max_seconds=MINUTE)
    model = ScriptedModel([{"reload": {}}, done()])
    agent = Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store)
    await agent.step()
    an_hour_passes()
    step = await agent.step()
    assert step is not None
    assert (step.error, step.done) == (None, True)
    assert agent.result is not None
    assert agent.result.seconds < MINUTE
