"""Walls in a run: the model is told of each once, a person is waited for where that was asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from playwright.async_api import Page

from tests.agent.conftest import Site, done, said, types
from webhand import Agent, AgentConfig, Event, RunStore, Secret
from webhand.agent.barriers import gives_credentials
from webhand.browser import Browser, BrowserConfig, Context
from webhand.controller import Question
from webhand.errors import ConfigError
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel

CHECKBOX = "<!doctype html><span role=checkbox aria-checked=false tabindex=0>I'm not a robot</span>"
CAPTCHA = """<!doctype html><title>Ticket</title><h1>Ticket</h1><label>Message <textarea></textarea></label>
<iframe title=reCAPTCHA width=304 height=78 src="/recaptcha/api2/anchor"></iframe>"""
SIGN_IN = """<!doctype html><title>Sign in</title><main style="margin-top:150px"><h1>Sign in</h1>
<label>Email <input name=email></label><label>Password <input type=password></label><button>Sign in</button></main>"""
CONSENT = """<!doctype html><title>Before you continue</title><p>We use cookies.</p>
<button>Reject all</button><button>Accept all</button>"""
ROBOTS = "Note: captcha (reCAPTCHA): only a person may answer it"
AWAY = {"navigate": {"url": "about:blank"}}
LOOK: Any = {"scroll": {"direction": "down"}}


@pytest.fixture
def walled(site: Site) -> Site:
    site.pages |= {"/ticket": CAPTCHA, "/recaptcha/api2/anchor": CHECKBOX, "/sign-in": SIGN_IN, "/consent": CONSENT}
    return site


@pytest.fixture
async def page(context: Context) -> Page:
    """The page that the agent works in and that a person has before them."""
    return await context.inner.new_page()


def on_paused(act: Callable[[], Awaitable[None]]) -> tuple[Callable[[Event], None], list[asyncio.Task[None]]]:
    """A sink that lets somebody act each time the run pauses, and what they do."""
    acting: list[asyncio.Task[None]] = []

    def sink(event: Event) -> None:
        if event.type == "paused":
            acting.append(asyncio.ensure_future(act()))

    return sink, acting


def all_of(events: Sequence[Event], kind: str) -> list[Any]:
    return [dict(event.data) for event in events if event.type == kind]


# --- what the model is told -----------------------------------------------------------------------------------------


async def test_a_wall_is_told_when_it_comes(walled: Site, page: Page, store: RunStore) -> None:
    model = ScriptedModel([LOOK, AWAY, {"navigate": {"url": f"{walled.url}ticket"}}, done()])
    await Agent("Write", model, browser=page, start_url=f"{walled.url}ticket", store=store).run()
    told = [ROBOTS in said(prompt) for prompt in model.prompts]
    assert told == [True, False, False, True]
    assert "if the task cannot do without, end with success false" in said(model.prompts[0])


async def test_where_somebody_is_there_the_model_may_ask(walled: Site, page: Page, store: RunStore) -> None:
    model = ScriptedModel([done()])
    config = AgentConfig(ask=str)
    await Agent("Write", model, browser=page, start_url=f"{walled.url}ticket", config=config, store=store).run()
    assert "if the task cannot do without, ask, or end with success false" in said(model.prompts[0])


async def test_a_sign_in_is_told_unless_the_task_gives_what_it_takes(walled: Site, page: Page, store: RunStore) -> None:
    secrets = {"pw": Secret("correct horse")}
    told: list[bool] = []
    for task, given in (("Read the bill", None), ("Read the bill", secrets), ("Sign in as anna", None)):
        model = ScriptedModel([done()])
        start = f"{walled.url}sign-in"
        await Agent(task, model, browser=page, start_url=start, secrets=given, store=store).run()
        told.append("Note: sign-in (password): use only" in said(model.prompts[0]))
    assert told == [True, False, False]


@pytest.mark.parametrize(
    ("task", "gives"),
    [
        ("Look up the opening hours", False),
        ("Find out how to sign in", False),
        ("Log in with anna@example.com and hunter2", True),
        ("My password is in the file", True),
    ],
)
def test_what_gives_credentials(task: str, gives: bool) -> None:
    assert gives_credentials(task, {}) is gives


async def test_consent_is_to_be_answered(walled: Site, page: Page, store: RunStore) -> None:
    model = ScriptedModel([done()])
    await Agent("Read", model, browser=page, start_url=f"{walled.url}consent", store=store).run()
    assert "refuse what is optional unless the task says otherwise" in said(model.prompts[0])


# --- handing over ---------------------------------------------------------------------------------------------------


async def test_a_run_waits_at_a_wall_until_it_is_told_to_go_on(walled: Site, page: Page, store: RunStore) -> None:
    async def sign_in() -> None:
        calls.append(model.calls)
        await page.goto(walled.url)
        agent.proceed()

    calls: list[int] = []
    sink, acting = on_paused(sign_in)
    model = ScriptedModel([done()])
    start, config = f"{walled.url}sign-in", AgentConfig(pause_on=("sign-in",))
    agent = Agent("Read", model, browser=page, start_url=start, config=config, store=store, on_event=sink)
    result = await agent.run()
    assert (result.status, calls, len(acting)) == ("done", [0], 1)
    events = store.events(result.run_id)
    assert all_of(events, "paused") == [{"reason": "sign-in (password)", "url": start}]
    assert types(events)[1:5] == ["step.started", "paused", "resumed", "observed"]
    assert "Welcome" in said(model.prompts[0])
    assert "Note: a person was asked to deal with the sign-in" in said(model.prompts[0])
    assert "Note: sign-in" not in said(model.prompts[0])


async def test_what_still_stands_is_not_handed_over_twice(walled: Site, page: Page, store: RunStore) -> None:
    async def nothing() -> None:
        agent.proceed()

    sink, acting = on_paused(nothing)
    model = ScriptedModel([LOOK, AWAY, {"back": {}}, done()])
    config = AgentConfig(pause_on=("captcha", "sign-in"))
    start = f"{walled.url}ticket"
    agent = Agent("Read", model, browser=page, start_url=start, config=config, store=store, on_event=sink)
    await agent.run()
    assert len(acting) == 2  # at first, and when it came again after it had been gone
    assert "Note: a person was asked to deal with the captcha" in said(model.prompts[0])
    assert ROBOTS in said(model.prompts[0])
    assert "Note: " not in said(model.prompts[1])


async def test_other_walls_are_left_to_the_model(walled: Site, page: Page, store: RunStore) -> None:
    model = ScriptedModel([done()])
    config = AgentConfig(pause_on=("sign-in",))
    start = f"{walled.url}ticket"
    result = await Agent("Read", model, browser=page, start_url=start, config=config, store=store).run()
    assert all_of(store.events(result.run_id), "paused") == []


async def test_where_somebody_can_be_asked_they_are(walled: Site, page: Page, store: RunStore) -> None:
    asked: list[Question] = []

    async def ask(question: Question) -> str:
        asked.append(question)
        await page.goto(walled.url)
        return "signed in as anna"

    model = ScriptedModel([done()])
    config = AgentConfig(pause_on=("sign-in",), ask=ask)
    start = f"{walled.url}sign-in"
    result = await Agent("Read", model, browser=page, start_url=start, config=config, store=store).run()
    assert [one.text for one in asked] == [
        f"The page {start} has a wall: sign-in (password). Please deal with it by hand in the browser's window, "
        "then answer."
    ]
    kinds = [kind for kind in types(store.events(result.run_id)) if kind in ("paused", "asked", "told", "resumed")]
    assert kinds == ["paused", "asked", "told", "resumed"]
    assert "asked to deal with the sign-in and says: signed in as anna" in said(model.prompts[0])


async def test_a_run_that_waits_at_a_wall_can_be_stopped_and_waits_again(
    walled: Site, page: Page, store: RunStore
) -> None:
    async def stop() -> None:
        agent.stop()

    sink, _ = on_paused(stop)
    model = ScriptedModel([])
    config, start = AgentConfig(pause_on=("sign-in",)), f"{walled.url}sign-in"
    agent = Agent("Read", model, browser=page, start_url=start, config=config, store=store, on_event=sink)
    result = await agent.run()
    assert (result.status, model.calls, result.steps) == ("stopped", 0, ())

    async def sign_in() -> None:
        await page.goto(walled.url)
        agent.proceed()

    sink, acting = on_paused(sign_in)
    agent = Agent[Any].resuming(result.run_id, ScriptedModel([done()]), browser=page, store=store, on_event=sink)
    again = await agent.run()
    assert (again.status, len(again.steps), len(acting)) == ("done", 1, 1)


async def test_what_a_person_was_to_do_by_hand_is_asked_anew_only_where_the_wall_stands(
    walled: Site, page: Page, store: RunStore
) -> None:
    async def never(_: Question) -> str:
        asyncio.get_running_loop().call_soon(task.cancel)
        return await asyncio.Future[str]()

    config, start = AgentConfig(pause_on=("sign-in",), ask=never), f"{walled.url}sign-in"
    task = asyncio.ensure_future(
        Agent("Read", ScriptedModel([]), browser=page, start_url=start, config=config, store=store).run()
    )
    with pytest.raises(asyncio.CancelledError):
        await task
    asked: list[str] = []

    async def ask(question: Question) -> str:
        asked.append(page.url)
        await page.goto(walled.url)
        return "done"

    config = AgentConfig(pause_on=("sign-in",), ask=ask)
    result = await Agent.resume("last", ScriptedModel([done()]), browser=page, config=config, store=store)
    assert (result.status, asked) == ("done", [start])


HIDDEN = "pause_on hands a page to a person, and its browser is headless, where nobody sees it"


@pytest.mark.parametrize("browser", [None, BrowserConfig()], ids=["its own", "settings"])
async def test_a_run_without_a_window_is_not_to_wait_for_a_person(
    browser: BrowserConfig | None, store: RunStore
) -> None:
    config = AgentConfig(pause_on=("captcha",))
    with pytest.raises(ConfigError, match=HIDDEN):
        Agent("Read", ScriptedModel([]), browser=browser, config=config, store=store)
    assert store.runs() == []


@pytest.mark.parametrize(
    ("browser", "config"),
    [
        (BrowserConfig(headless=False), AgentConfig(pause_on=("captcha",))),
        (BrowserConfig(keep_open=True), AgentConfig(pause_on=("captcha",))),
        (BrowserConfig(), AgentConfig(pause_on=("captcha",), ask=str)),
        (None, AgentConfig()),
    ],
    ids=["a window", "a browser that can be joined", "somebody is asked", "nothing to wait for"],
)
def test_where_a_person_can_be_reached_it_may(
    browser: BrowserConfig | None, config: AgentConfig, store: RunStore
) -> None:
    Agent("Read", ScriptedModel([]), browser=browser, config=config, store=store)


async def test_who_gives_a_browser_without_a_window_is_warned(browser: Browser, store: RunStore) -> None:
    config = AgentConfig(pause_on=("captcha",))
    with pytest.warns(UserWarning, match="the Browser that was given is headless") as said:
        Agent("Read", ScriptedModel([]), browser=browser, config=config, store=store)
    assert said[0].filename == __file__


async def test_a_run_that_had_a_window_is_not_resumed_without_one(site: Site, store: RunStore) -> None:
    first = ScriptedModel([LOOK])
    ended = await Agent(
        "Read",
        first,
        browser=BrowserConfig(),
        start_url=site.url,
        config=AgentConfig(pause_on=("captcha",), ask=str),
        store=store,
    ).run()
    assert ended.status == "failed"  # its script is at an end
    config = AgentConfig(pause_on=("captcha",), ask=None)
    with pytest.raises(ConfigError, match=HIDDEN):
        await Agent.resume("last", ScriptedModel([done()]), config=config, store=store)
    assert store.find("last").status == "failed"


def test_a_wall_of_no_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="'captcha', 'bot check', 'consent' or 'sign-in'"):
        AgentConfig.model_validate({"pause_on": ["paywall"]})


async def test_no_more_is_said_than_before_where_there_is_no_wall(site: Site, page: Page, store: RunStore) -> None:
    def first(messages: Sequence[Message]) -> Any:
        assert "Note:" not in said(messages)
        return done()

    config = AgentConfig(pause_on=("captcha", "bot check", "consent", "sign-in"))
    result = await Agent(
        "Read", ScriptedModel([first]), browser=page, start_url=site.url, config=config, store=store
    ).run()
    assert result.status == "done"
