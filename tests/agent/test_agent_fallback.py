"""Runs with several models in the place of one, and what calls that failed add to a run's totals."""

from collections.abc import AsyncIterator, Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.agent.conftest import Site, adding, done, types
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.openai import OpenAIDouble
from tests.llm.providers.wire import Wire
from webhand import Agent, AgentConfig, Browser, RunStore
from webhand.errors import ConfigError, Overloaded, RateLimited
from webhand.llm.fallback import FallbackModel
from webhand.llm.model import Abilities, Usage
from webhand.llm.providers.openai import OpenAIModel
from webhand.llm.retry import RetryPolicy
from webhand.llm.scripted import ScriptedModel

OPENAI = OpenAIDouble()
ONCE = RetryPolicy(attempts=1)
FINISH = '{"evaluation": "", "memory": "", "next_goal": "end", "actions": [{"done": {"answer": "all right"}}]}'


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    server = Wire()
    await server.start()
    yield server
    await server.stop()


Vendor = Callable[..., OpenAIModel]


@pytest.fixture
async def vendor(wire: Wire) -> AsyncIterator[Vendor]:
    """Makes a vendor's model that tries nothing twice and is closed at the end."""
    made: list[OpenAIModel] = []

    def make(name: str = "gpt-6-luna") -> OpenAIModel:
        made.append(OpenAIModel(name, api_key=KEY, base_url=OPENAI.address(wire.url), retry=ONCE))
        return made[-1]

    yield make
    for model in made:
        await model.aclose()


async def test_a_run_goes_on_with_the_next_model(site: Site, browser: Browser, store: RunStore) -> None:
    first = ScriptedModel([adding("milk"), RateLimited("too fast", retry_after=600.0)])
    second = ScriptedModel([done()], abilities=Abilities(vision=False))
    agent = Agent("add milk", [first, second], browser=browser, start_url=site.url, store=store)
    result = await agent.run()
    assert (result.status, result.success, site.notes) == ("done", True, ["milk"])
    assert (first.calls, second.calls) == (2, 1)
    assert [step.error for step in result.steps] == [None, None]
    assert not any(step.observation and step.observation.pictured for step in result.steps), "the second is blind"


async def test_a_run_costs_what_the_one_that_answered_costs(
    site: Site, browser: Browser, wire: Wire, vendor: Vendor
) -> None:
    wire.will(OPENAI.trouble("busy"), OPENAI.reply(FINISH))
    model = FallbackModel([vendor(), vendor("gpt-6-sol")])
    events: list[Any] = []
    agent = Agent("end", model, browser=browser, start_url=site.url, store=False, on_event=events.append)
    result = await agent.run()
    assert result.status == "done"
    assert result.usage == Usage(prompt=11, completion=7)
    assert result.cost == (Decimal(11) * 2 + Decimal(7) * 10) / 1_000_000
    [decided] = [event.data for event in events if event.type == "decided"]
    assert decided["model"] == "openai/gpt-6-sol"


async def test_when_no_model_answers_the_step_names_each(site: Site, browser: Browser) -> None:
    models = [ScriptedModel([Overloaded("full")] * 2), ScriptedModel([RateLimited("too fast")] * 2)]
    config = AgentConfig(max_failures=2)
    result = await Agent("end", models, browser=browser, start_url=site.url, store=False, config=config).run()
    assert result.status == "limit"
    assert result.steps[0].error == ("RateLimited: no model answered: scripted/script: full; scripted/script: too fast")


async def test_a_resumed_run_asks_the_same_models(
    site: Site, browser: Browser, store: RunStore, wire: Wire, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    wire.will(OPENAI.error(503, "down"))
    config = AgentConfig(max_failures=1)
    model = FallbackModel([vendor(), vendor("gpt-6-sol")])
    stopped = await Agent("end", model, browser=browser, start_url=site.url, store=store, config=config).run()
    assert stopped.status == "limit"
    begun = store.events(stopped.run_id)[0].data
    assert begun["model"] == "openai/gpt-6-luna, openai/gpt-6-sol"
    assert KEY not in str(begun)

    wire.will(OPENAI.reply(FINISH))
    result = await Agent.resume(stopped.run_id, browser=browser, store=store)
    assert (result.status, result.answer) == ("done", "all right")
    assert types(store.events(stopped.run_id)).count("decided") == 1


async def test_tokens_of_answers_that_could_not_be_used_are_in_the_totals(
    site: Site, browser: Browser, wire: Wire, vendor: Vendor
) -> None:
    bad = [OPENAI.reply("no idea")] * 3  # asked for again twice, then the step has failed
    wire.will(*bad, OPENAI.reply(FINISH))
    result = await Agent("end", vendor(), browser=browser, start_url=site.url, store=False).run()
    assert [step.usage.prompt for step in result.steps] == [33, 11]
    assert (result.steps[0].error or "").startswith("OutputInvalid")
    assert result.usage == Usage(prompt=44, completion=28)
    assert result.cost == (Decimal(44) / 10 + Decimal(28) / 2) / 1_000_000
    assert len(wire.requests) == 4


async def test_tokens_of_failed_calls_reach_the_limit(site: Site, browser: Browser, wire: Wire, vendor: Vendor) -> None:
    wire.will(OPENAI.reply("no idea"))
    config = AgentConfig(max_tokens=54, max_failures=9)
    result = await Agent("end", vendor(), browser=browser, start_url=site.url, store=False, config=config).run()
    assert (result.status, result.limit) == ("limit", "max_tokens: 54 tokens")
    assert len(result.steps) == 1


@pytest.mark.parametrize("models", [[], [3], {"a": "b"}])
def test_what_is_no_list_of_models_is_told(models: Any) -> None:
    with pytest.raises(ConfigError, match="model must be a name .*or a list of these"):
        Agent("end", models, store=False)


def test_the_way_of_each_is_kept(wire: Wire, vendor: Vendor) -> None:
    way: Mapping[str, Any] = Agent("end", [vendor()], store=False).setup.started["way"]
    assert [one["base_url"] for one in way["ways"]] == [OPENAI.address(wire.url)]
