"""Long runs: notes take the place of old steps, and the prompt keeps within its budget."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from tests.agent.conftest import Site, done, said
from webhand import Agent, AgentConfig, Browser, Result, RunStore
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel, by_name

BUDGET = 800
STEP: dict[str, Any] = {
    "evaluation": "went well " * 5,
    "memory": "",
    "next_goal": "the next row",
    "actions": [{"find": {"text": "Rows"}}, {"click": {"ref": by_name("Next row")}}],
}


PAGE = """<!doctype html><title>Rows</title><h1>Rows</h1><p id=row>1</p>
<button onclick="row.textContent = Number(row.textContent) + 1">Next row</button>"""


def script(steps: int) -> list[Any]:
    texts = [{**STEP, "memory": f"row {number} is read; " * 4} for number in range(1, steps + 1)]
    return [*texts, done()]


def happened(prompt: Sequence[Message]) -> str:
    """The memory of a prompt: what stands between the task and the page."""
    return "\n".join(part.text for part in prompt[-1].parts if part.kind == "text")


async def run(
    model: ScriptedModel, page_model: ScriptedModel | None, site: Site, browser: Browser, store: RunStore
) -> Result[Any]:
    config = AgentConfig(memory_tokens=BUDGET, record_pictures=False)
    site.pages["/rows"] = PAGE
    start = f"{site.url}rows"
    return await Agent(
        "Read all rows", model, page_model=page_model, browser=browser, start_url=start, config=config, store=store
    ).run()


async def test_notes_stand_in_place_of_old_steps(site: Site, browser: Browser, store: RunStore) -> None:
    asked: list[str] = []

    def note(messages: Sequence[Message], output: type[BaseModel] | None) -> Any:
        asked.append(said(messages))
        return {"notes": f"NOTES {len(asked)}: rows are read"}

    model, page_model = ScriptedModel(script(20)), ScriptedModel([], others=note)
    result = await run(model, page_model, site, browser, store)
    assert result.status == "done"
    assert "Read all rows" in asked[0]
    assert "row 1 is read" in asked[0]
    assert "Your notes so far:\nNOTES 1" in asked[1]
    made = [(step.number, step.notes) for step in result.steps if step.notes]
    assert len(made) == len(asked) >= 2
    first, notes = made[0]
    prompt = said(model.prompts[first - 1])
    assert f"Your notes on steps 1 to {notes.upto}:" in prompt
    assert "NOTES 1" in prompt
    assert "row 1 is read" not in prompt
    assert "row 1 is read" in said(model.prompts[first - 2])
    assert all(len(happened(one)) / 4 < BUDGET * 1.5 for one in model.prompts)


async def test_notes_are_known_after_an_interruption(site: Site, browser: Browser, store: RunStore) -> None:
    notes: list[Any] = [{"notes": "NOTES 1"}] * 9
    page_model = ScriptedModel([], others=notes)
    model = ScriptedModel(script(12)[:-1])
    result = await run(model, page_model, site, browser, store)  # the script has no more
    assert result.status == "failed"
    again = ScriptedModel([done()])
    await Agent.resume("last", again, page_model=page_model, browser=browser, store=store)
    assert "NOTES 1" in said(again.prompts[0])


async def test_where_no_model_makes_notes_the_oldest_steps_are_left_out(
    site: Site, browser: Browser, store: RunStore
) -> None:
    model = ScriptedModel(script(20))
    result = await run(model, None, site, browser, store)
    assert (result.status, model.calls) == ("done", 21)
    assert "are left out)" in said(model.prompts[-1])
    assert all(len(happened(one)) / 4 < BUDGET * 1.5 for one in model.prompts)


async def test_a_model_that_hangs_over_notes_is_given_up(site: Site, browser: Browser, store: RunStore) -> None:
    async def hang(*_: object) -> Any:
        await asyncio.Event().wait()

    site.pages["/rows"] = PAGE
    model = ScriptedModel(script(12))
    result = await Agent(
        "Read all rows",
        model,
        page_model=ScriptedModel([], others=hang),
        browser=browser,
        start_url=f"{site.url}rows",
        config=AgentConfig(memory_tokens=500, record_pictures=False, model_timeout=0.3),
        store=store,
    ).run()
    assert result.status == "done"
    assert "are left out)" in said(model.prompts[-1])


async def test_a_run_can_be_stopped_while_notes_are_taken(site: Site, browser: Browser, store: RunStore) -> None:
    async def stopping(*_: object) -> Any:
        agent.stop()
        await asyncio.Event().wait()

    site.pages["/rows"] = PAGE
    agent = Agent(
        "Read all rows",
        ScriptedModel(script(12)),
        page_model=ScriptedModel([], others=stopping),
        browser=browser,
        start_url=f"{site.url}rows",
        config=AgentConfig(memory_tokens=500, record_pictures=False),
        store=store,
    )
    assert (await agent.run()).status == "stopped"
