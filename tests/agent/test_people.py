"""People in a run: they hold it, tell it something, answer it, and consent to what it does."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from tests.agent.conftest import Site, adding, done, said, types
from webhand import Agent, AgentConfig, Browser, Controller, Event, RunStore
from webhand.agent.controls import Controls
from webhand.controller import Approval, Question
from webhand.errors import ConfigError, InvalidSetting
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel, by_name

ASKING = {"ask": {"question": "Which colour?"}}


# --- questions ------------------------------------------------------------------------------------------------------


async def test_a_question_is_written_down_asked_and_answered(site: Site, browser: Browser, store: RunStore) -> None:
    asked: list[tuple[Question, list[str]]] = []

    async def ask(question: Question) -> str:
        asked.append((question, types(store.events("last"))))
        return "green"

    model = ScriptedModel([ASKING, done("green it is")])
    config = AgentConfig(ask=ask)
    result = await Agent("Paint", model, browser=browser, start_url=site.url, config=config, store=store).run()
    ((question, before),) = asked
    assert (question.text, result.answer) == ("Which colour?", "green it is")
    assert before[-2:] == ["action.started", "asked"]
    assert "the person answers: green" in said(model.prompts[1])
    told = [event.data for event in store.events(result.run_id) if event.type == "told"]
    assert told == [{"question": question.id, "text": "green"}]
    assert "Since then you have been told" not in said(model.prompts[1])


async def test_where_nobody_is_there_no_question_is_offered(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([ASKING, done()])
    result = await Agent("Paint", model, browser=browser, start_url=site.url, store=store).run()
    assert "- ask(question)" not in model.prompts[0][0].text
    assert "ask" in (result.steps[0].error or "")


async def test_people_may_take_longer_than_an_action(site: Site, browser: Browser, store: RunStore) -> None:
    async def ask(_: Question) -> str:
        try:
            async with asyncio.timeout(0.1):
                await asyncio.Event().wait()
        except TimeoutError:
            return "at last"
        raise AssertionError

    model = ScriptedModel([ASKING, done()])
    result = await Agent(
        "Paint",
        model,
        browser=browser,
        start_url=site.url,
        config=AgentConfig(ask=ask),
        controller=Controller(action_timeout=0.05),
        store=store,
    ).run()
    assert result.steps[0].results[0].text == "the person answers: at last"


async def test_a_run_that_was_waiting_asks_again_under_the_same_id(
    site: Site, browser: Browser, store: RunStore
) -> None:
    seen: list[Question] = []

    async def never(question: Question) -> str:
        seen.append(question)
        asyncio.get_running_loop().call_soon(task.cancel)
        return await asyncio.Future[str]()

    model = ScriptedModel([ASKING])
    agent = Agent("Paint", model, browser=browser, start_url=site.url, config=AgentConfig(ask=never), store=store)
    task = asyncio.ensure_future(agent.run())
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ConfigError, match="a config with ask"):
        await Agent.resume("last", ScriptedModel([]), browser=browser, store=store)

    async def ask(question: Question) -> str:
        seen.append(question)
        return "blue"

    model = ScriptedModel([done("blue")])
    result = await Agent.resume("last", model, browser=browser, config=AgentConfig(ask=ask), store=store)
    assert result.answer == "blue"
    assert seen[0] == seen[1]
    assert "You asked: Which colour? The answer: blue" in said(model.prompts[0])


async def test_a_run_that_is_stopped_does_not_wait_for_an_answer(
    site: Site, browser: Browser, store: RunStore, nothing_left: None
) -> None:
    asked: list[str] = []

    async def stopping(question: Question) -> str:
        asked.append(question.id)
        agent.stop()
        return await asyncio.Future[str]()

    config = AgentConfig(ask=stopping)
    script = ScriptedModel([ASKING])
    agent = Agent("Paint", script, browser=browser, start_url=site.url, config=config, store=store)
    assert (await agent.run()).status == "stopped"

    async def ask(question: Question) -> str:
        asked.append(question.id)
        return "blue"

    model = ScriptedModel([done("blue")])
    result = await Agent.resume("last", model, browser=browser, config=AgentConfig(ask=ask), store=store)
    assert (result.answer, asked) == ("blue", ["q1", "q1"])
    assert "You asked: Which colour? The answer: blue" in said(model.prompts[0])


# --- consent --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "notes", "told"),
    [
        (True, ["milk"], "clicked"),
        (" Yes.", ["milk"], "clicked"),
        (False, [], "refused"),
        ("not before noon", [], "refused: not before noon"),
    ],
    ids=["yes", "yes in a word", "no", "a reason"],
)
async def test_consent_is_asked_for_what_changes_something(
    verdict: bool | str, notes: list[str], told: str, site: Site, browser: Browser, store: RunStore
) -> None:
    wishes: list[Approval] = []

    def approve(wish: Approval) -> bool | str:
        wishes.append(wish)
        return wish.action != "click" or verdict

    model = ScriptedModel([[{"find": {"text": "Notes"}}, *adding("milk")], done()])
    config = AgentConfig(approve=approve)
    result = await Agent("Add", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert site.notes == notes
    assert [(wish.action, wish.target) for wish in wishes] == [("type", 'textbox "Note"'), ("click", 'button "Add"')]
    assert told in result.steps[0].results[-1].text


@pytest.mark.parametrize(("answer", "notes"), [("Yes.", ["milk"]), ("buy oat milk instead", [])])
async def test_what_looks_risky_is_asked_about(
    answer: str, notes: list[str], site: Site, browser: Browser, store: RunStore
) -> None:
    asked: list[str] = []

    def ask(question: Question) -> str:
        asked.append(question.text)
        return answer

    script = [[{"type": {"ref": by_name("Note"), "text": "milk", "submit": True}}], done()]
    model = ScriptedModel(script)
    config = AgentConfig(ask=ask, approve="ask")
    await Agent("Add", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert site.notes == notes
    assert len(asked) == 1
    assert 'type textbox "Note" (text milk, submit True)' in asked[0]
    assert bool(notes) is ("buy oat milk instead" not in said(model.prompts[1]))


def test_asking_about_what_is_risky_needs_somebody() -> None:
    with pytest.raises(ValueError, match="needs somebody"):
        AgentConfig(approve="ask")


# --- from outside ---------------------------------------------------------------------------------------------------


async def test_a_run_waits_while_it_is_paused_and_hears_what_it_is_told(
    site: Site, browser: Browser, store: RunStore
) -> None:
    paused = asyncio.Event()

    def on_event(event: Event) -> None:
        if event.type == "paused":
            paused.set()

    def pausing(_: Sequence[Message]) -> Any:
        agent.pause()
        return {"reload": {}}

    model = ScriptedModel([pausing, {"reload": {}}, done()])
    agent = Agent("Look", model, browser=browser, start_url=site.url, store=store, on_event=on_event)
    run = asyncio.ensure_future(agent.run())
    await paused.wait()
    assert model.calls == 1
    agent.tell("Also note the price")
    agent.proceed()
    result = await run
    assert result.status == "done"
    assert "Also note the price" not in said(model.prompts[0])
    for prompt in model.prompts[1:]:
        assert "Since then you have been told:\n- Also note the price" in said(prompt)
    assert [kind for kind in types(store.events(result.run_id)) if kind in ("paused", "told", "resumed")] == [
        *("paused", "resumed", "told")
    ]


async def test_a_paused_run_can_be_stopped(site: Site, browser: Browser, store: RunStore) -> None:
    def on_event(event: Event) -> None:
        if event.type == "paused":
            agent.stop()

    model = ScriptedModel([done()])
    agent = Agent("Look", model, browser=browser, start_url=site.url, store=store, on_event=on_event)
    agent.pause()
    result = await agent.run()
    assert (result.status, model.calls) == ("stopped", 0)


async def test_pausing_from_another_thread(site: Site, browser: Browser, store: RunStore) -> None:
    loop = asyncio.get_running_loop()
    paused = asyncio.Event()

    def on_event(event: Event) -> None:
        if event.type == "paused":
            paused.set()

    agent = Agent("Look", ScriptedModel([done()]), browser=browser, start_url=site.url, store=store, on_event=on_event)
    await asyncio.to_thread(agent.pause)
    run = asyncio.ensure_future(agent.run())
    await paused.wait()
    await loop.run_in_executor(None, agent.proceed)
    assert (await run).status == "done"


async def test_what_was_told_is_known_after_an_interruption(site: Site, browser: Browser, store: RunStore) -> None:
    def telling(_: Sequence[Message]) -> Any:
        agent.tell("Mind the gap")
        return {"reload": {}}

    def stopping(_: Sequence[Message]) -> Any:
        agent.stop()
        return {"reload": {}}

    agent = Agent("Look", ScriptedModel([telling, stopping]), browser=browser, start_url=site.url, store=store)
    assert (await agent.run()).status == "stopped"
    model = ScriptedModel([done()])
    await Agent.resume("last", model, browser=browser, store=store)
    assert "- Mind the gap" in said(model.prompts[0])


async def test_a_wish_before_the_run_is_for_the_run(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([done(), done()])
    agent = Agent("Look", model, browser=browser, start_url=site.url, store=store)
    run = asyncio.create_task(agent.run())
    agent.stop()
    assert (await run).status == "stopped"
    agent.stop()
    agent.pause()
    assert (await agent.run()).status == "stopped"
    assert model.calls == 0
    assert (await agent.run()).status == "done", "both wishes are fulfilled"


def test_a_wish_after_a_run_in_an_event_loop_that_is_closed() -> None:
    controls = Controls()

    async def answer() -> str:
        return "blue"

    assert asyncio.run(controls.unless_stopped(answer())) == "blue"
    controls.pause()
    controls.proceed()
    controls.stop()
    assert controls.stopped


def test_only_texts_are_told(site: Site) -> None:
    with pytest.raises(ConfigError, match="text must be a text, not int"):
        Agent("Look", ScriptedModel([]), store=False).tell(5)  # pyright: ignore[reportArgumentType]


# --- hooks ----------------------------------------------------------------------------------------------------------


async def test_hooks_see_each_look_and_each_step(site: Site, browser: Browser, store: RunStore) -> None:
    happened: list[str] = []

    async def before(seen: Any) -> None:
        happened.append(f"before {seen.title}")

    def after(step: Any) -> None:
        happened.append(f"after {step.number}, {len(store.events('last'))} events")

    config = AgentConfig(before_step=before, after_step=after)
    model = ScriptedModel([{"reload": {}}, done()])
    await Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert [one.partition(",")[0] for one in happened] == ["before Notes", "after 1", "before Notes", "after 2"]


async def test_what_a_hook_raises_ends_the_run(site: Site, browser: Browser, store: RunStore) -> None:
    def before(_: Any) -> None:
        raise LookupError("the meter is gone")

    config = AgentConfig(before_step=before)
    with pytest.raises(LookupError):
        await Agent(
            "Look", ScriptedModel([done()]), browser=browser, start_url=site.url, config=config, store=store
        ).run()
    assert store.events("last")[-1].data["error"] == "LookupError: the meter is gone"


async def test_first_actions_are_carried_out_before_the_model_is_asked(
    site: Site, browser: Browser, store: RunStore
) -> None:
    config = AgentConfig(first_actions=tuple(adding("milk")))
    model = ScriptedModel([done()])
    result = await Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert site.notes == ["milk"]
    assert (model.calls, len(result.steps), result.status) == (1, 2, "done")
    assert "click e" in said(model.prompts[0])


WRONG: dict[str, tuple[dict[str, Any], ...]] = {
    "there is no action 'fly'": ({"fly": {}},),
    "click: ref": ({"click": {}},),
    "more than the 10": ({"wait": {"seconds": 1}},) * 11,
    "one action under its name": ({},),
}


@pytest.mark.parametrize(("told", "actions"), WRONG.items(), ids=WRONG)
def test_first_actions_that_cannot_be_are_told_at_once(told: str, actions: tuple[dict[str, Any], ...]) -> None:
    with pytest.raises(InvalidSetting, match=told):
        Agent("Look", ScriptedModel([]), store=False, config=AgentConfig(first_actions=actions))


class Day(BaseModel):
    model_config = ConfigDict(strict=True)

    day: date


def test_first_actions_are_read_as_those_of_a_model_are() -> None:
    controller = Controller()

    @controller.action("Book a day.")
    async def book(when: Day) -> str:
        return f"{when.day} is booked"

    config = AgentConfig(first_actions=({"book": {"when": {"day": "2026-05-31"}}},))
    assert Agent("Look", ScriptedModel([]), controller=controller, store=False, config=config).result is None


async def test_first_actions_for_what_is_not_there_are_a_failed_step(
    site: Site, browser: Browser, store: RunStore
) -> None:
    config = AgentConfig(first_actions=({"click": {"ref": by_name("Nowhere")}},))
    model = ScriptedModel([done()])
    result = await Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert result.status == "done"
    assert 'first_actions: the page has no element called "Nowhere"' in said(model.prompts[0])


async def test_the_events_of_a_run_as_a_stream(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"reload": {}}, done("seen")])
    agent = Agent("Look", model, browser=browser, start_url=site.url, store=store)
    kinds = [event.type async for event in agent.stream()]
    assert kinds == types(store.events("last"))
    assert agent.result is not None
    assert agent.result.answer == "seen"


async def test_leaving_a_stream_off_ends_the_run(site: Site, browser: Browser, store: RunStore) -> None:
    script: list[Any] = [{"reload": {}}] * 9
    agent = Agent("Look", ScriptedModel(script), browser=browser, start_url=site.url, store=store)
    stream = agent.stream()
    async for event in stream:
        if event.type == "step.finished":
            break
    await stream.aclose()
    assert store.find("last").status == "stopped"


async def test_a_stream_that_nobody_holds_any_more_is_no_hindrance(
    site: Site, browser: Browser, store: RunStore
) -> None:
    script: list[Any] = [{"reload": {}}, done()]
    agent = Agent("Look", ScriptedModel(script), browser=browser, start_url=site.url, store=store)
    async for event in agent.stream():
        if event.type == "step.finished":
            break
    assert (await agent.run()).status == "done"
