"""A task that follows another goes on from where the run before ended, in whatever way that was."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tests.agent.conftest import Site, adding, done, said
from tests.agent.prompts import look, written
from webhand import Agent, AgentConfig, Browser, RunStore
from webhand.agent.follow import followed
from webhand.agent.history import History
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel, by_name

OTHER = {"click": {"ref": by_name("Other page")}}


def now(prompt: Sequence[Message]) -> str:
    """Where the page of a prompt is."""
    return next(line for line in said(prompt).splitlines() if line.startswith("Page: "))


async def test_a_task_follows_a_run_that_was_cancelled(site: Site, browser: Browser, store: RunStore) -> None:
    async def cancelling(_: object) -> Any:
        run.cancel()
        await asyncio.Event().wait()

    model = ScriptedModel([OTHER, cancelling, done()])
    agent = Agent("Look", model, browser=browser, start_url=site.url, store=store)
    run = asyncio.create_task(agent.run())
    await asyncio.wait({run})
    assert agent.result is not None
    assert (agent.result.status, len(agent.result.steps)) == ("stopped", 1)
    await agent.run("and the heading")
    assert now(model.prompts[-1]).endswith("/other")
    assert "What was done before, in the same browser:\nTask: Look\nEnded: stopped" in said(model.prompts[-1])


async def test_a_task_follows_a_run_that_a_hook_ended(site: Site, browser: Browser, store: RunStore) -> None:
    def after(step: Any) -> None:
        if step.number == 1 and model.calls == 1:
            raise LookupError("no more")

    model = ScriptedModel([OTHER, done()])
    config = AgentConfig(after_step=after)
    agent = Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store)
    with pytest.raises(LookupError):
        await agent.run()
    await agent.run("and the heading")
    assert now(model.prompts[-1]).endswith("/other")
    assert "Ended: failed: LookupError: no more" in said(model.prompts[-1])


async def test_a_task_follows_a_run_of_one_step(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([done(), done()])
    agent = Agent("Look", model, browser=browser, start_url=site.url, store=store)
    await agent.run()
    await agent.run("and the heading")
    assert now(model.prompts[-1]) == now(model.prompts[0])


async def test_a_task_that_is_the_first_begins_as_any(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([done()])
    config = AgentConfig(first_actions=tuple(adding("milk")))
    agent = Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store)
    await agent.run("Look closely")
    assert (site.notes, now(model.prompts[0])) == (["milk"], f"Page: Notes | {site.url}")
    assert "Look closely" in said(model.prompts[0])
    assert "What was done before" not in said(model.prompts[0])


async def test_a_task_follows_a_run_that_made_no_step(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([done()])
    agent = Agent("Look", model, browser=browser, start_url=site.url, store=store)
    agent.stop()
    await agent.run()
    await agent.run("and the heading")
    assert now(model.prompts[0]) == f"Page: Notes | {site.url}"


async def test_a_task_finds_the_files_of_the_run_before(site: Site, browser: Browser, store: RunStore) -> None:
    saving = {"save": {"name": "notes.csv", "content": "milk,1"}}
    reading = {"open_file": {"name": "notes.csv"}}
    model = ScriptedModel([saving, done(), done(), {"reload": {}}])
    config = AgentConfig(max_steps=2)
    agent = Agent("Save", model, browser=browser, start_url=site.url, config=config, store=store)
    first = await agent.run()
    await agent.run("and the heading")
    third = await agent.run("and what is in notes.csv")
    assert third.status == "failed", "the script is over"
    model = ScriptedModel([reading, done()])
    await Agent.resume("last", model, browser=browser, config=AgentConfig(), store=store)
    assert "milk,1" in said(model.prompts[-1])
    assert [path.parent.name for path in first.files] == [first.run_id]


def test_of_many_tasks_the_oldest_are_left_out() -> None:
    text = ""
    for number in range(1, 31):
        text = followed(text, f"Task: number {number}\nEnded: done: {'word ' * 60}\nNoted: a\n    | Task: b", 2000)
    assert len(text) < 1000
    assert text.startswith("(28 earlier tasks are left out)\nTask: number 29\n")
    assert text.endswith("Noted: a\n    | Task: b")
    assert followed("", "x" * 9000, 500) == "x" * 9000, "the last one is kept whole"


def test_of_much_that_was_said_the_oldest_is_left_out() -> None:
    told = tuple(f"told {number} " * 50 for number in range(200))
    prompt = written(History("Look", told=told), look(), AgentConfig(memory_tokens=500))
    assert len(prompt) < 1000
    assert "(199 earlier ones are left out)\n- told 199 told 199" in prompt
