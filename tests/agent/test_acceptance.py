"""What `done` gives counts once the caller's checks and a second look have nothing against it."""

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import BaseModel

from tests.agent.conftest import Site, done, said
from webhand import Agent, AgentConfig, Browser, RunStore
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel

DOUBTS: list[Any] = [{"fulfilled": False, "missing": "never content"}] * 9


class Price(BaseModel):
    amount: float
    currency: str


def positive(value: Any) -> str | None:
    return None if value.amount > 0 else f"{value.amount} is no price"


def swiss(value: Any) -> None:
    assert value.currency == "CHF", "the price has to be in CHF"


async def honest(value: Any) -> bool:
    return "I think" not in str(value)


def given(amount: float, currency: str, success: bool = True) -> dict[str, Any]:
    return {"done": {"output": {"amount": amount, "currency": currency}, "success": success}}


async def test_what_a_check_finds_goes_back_to_the_model(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([given(0, "CHF"), given(5, "EUR"), given(5, "CHF")])
    config = AgentConfig(output_checks=(positive, swiss))
    result = await Agent(
        "Price?", model, browser=browser, start_url=site.url, output=Price, config=config, store=store
    ).run()
    assert result.output == Price(amount=5, currency="CHF")
    assert (result.success, len(result.steps)) == (True, 3)
    assert "failed: not accepted: 0.0 is no price" in said(model.prompts[1])
    assert "failed: not accepted: the price has to be in CHF" in said(model.prompts[2])


async def test_a_check_that_says_no_without_a_word_is_named(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([done("I think 5"), done("5")])
    config = AgentConfig(output_checks=(honest,))
    result = await Agent("Price?", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert result.answer == "5"
    assert "not accepted: honest failed" in said(model.prompts[1])


async def test_an_honest_failure_is_not_checked(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([given(0, "none", success=False)])
    config = AgentConfig(output_checks=(positive,), judge=True)
    result = await Agent(
        "Price?", model, browser=browser, start_url=site.url, output=Price, config=config, store=store
    ).run()
    assert (result.status, result.success) == ("done", False)


async def test_a_second_look_sends_the_run_on_until_it_is_content(
    site: Site, browser: Browser, store: RunStore
) -> None:
    judged: list[Sequence[Message]] = []

    def judge(messages: Sequence[Message], output: type[BaseModel] | None) -> Any:
        judged.append(messages)
        return {"fulfilled": len(judged) > 1, "missing": "" if len(judged) > 1 else "the note is not there yet"}

    page_model = ScriptedModel([], others=judge)
    model = ScriptedModel([done("too soon"), done("now")])
    config = AgentConfig(judge=True)
    result = await Agent(
        "Add a note", model, browser=browser, start_url=site.url, config=config, page_model=page_model, store=store
    ).run()
    assert (result.answer, result.success) == ("now", True)
    assert "not accepted: the note is not there yet" in said(model.prompts[1])
    first = said(judged[0])
    assert all(part in first for part in ("Add a note", "too soon", "<<<page"))
    asked = [*model.prompts, *judged]
    assert result.usage.prompt == sum(sum(len(message.text) for message in one) // 4 for one in asked)


async def test_a_judge_may_doubt_twice(site: Site, browser: Browser, store: RunStore) -> None:
    page_model = ScriptedModel([], others=DOUBTS)
    model = ScriptedModel([done(str(number)) for number in range(9)])
    result = await Agent(
        "Look",
        model,
        browser=browser,
        start_url=site.url,
        config=AgentConfig(judge=True),
        page_model=page_model,
        store=store,
    ).run()
    assert (result.answer, page_model.calls) == ("2", 2)


async def test_without_a_judge_that_answers_the_models_word_counts(
    site: Site, browser: Browser, store: RunStore
) -> None:
    model = ScriptedModel([done("fine")], others=["prose that is no verdict"])
    result = await Agent(
        "Look", model, browser=browser, start_url=site.url, config=AgentConfig(judge=True), store=store
    ).run()
    assert (result.answer, result.success) == ("fine", True)


@pytest.mark.parametrize("task", ["and now the other page"])
async def test_a_task_that_follows_goes_on_in_the_same_browser(
    task: str, site: Site, browser: Browser, store: RunStore
) -> None:
    first = {"evaluation": "", "memory": "the note is milk", "next_goal": "", "actions": [done("milk")]}
    model = ScriptedModel([{"navigate": {"url": f"{site.url}other"}}, first, done("other")])
    agent = Agent("Read the note", model, browser=browser, start_url=site.url, store=store)
    one = await agent.run()
    two = await agent.run(task)
    assert one.run_id != two.run_id
    assert (two.status, two.answer, len(two.steps)) == ("done", "other", 1)
    prompt = said(model.prompts[-1])
    for part in ("Task: Read the note", "Ended: done: milk", "Noted: the note is milk", task, "Other page"):
        assert part in prompt
    assert store.events(two.run_id)[0].data["continues"] == one.run_id
