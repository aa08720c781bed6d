"""The demo task through each vendor's adapter and wire format: the same decisions, the same steps, a real order."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.llm.providers.bench import DOUBLES
from tests.llm.providers.double import KEY, Double
from tests.llm.providers.tls import certificate, served_with
from tests.llm.providers.wire import Answer, Request, Wire
from webhand import Agent, AgentConfig, Browser, Result
from webhand.llm.messages import Message
from webhand.llm.offline import OfflineModel
from webhand.testing import DemoShop
from webhand.testing.shop import DEMO_TASK

CONFIG = AgentConfig(vision="auto")
VENDORS = ("openai", "azure", "groq", "anthropic", "deepseek", "openrouter", "gemini", "bedrock")


class Recorded(OfflineModel):
    """The offline model, whose decisions are kept."""

    def __init__(self) -> None:
        self.decisions: list[str] = []

    async def complete(self, messages: Sequence[Message], output: Any = None) -> Any:
        reply = await super().complete(messages, output)
        self.decisions.append(reply.text)
        return reply


async def shopping(browser: Browser, shop: DemoShop, model: Any) -> Result[Any]:
    return await Agent(DEMO_TASK, model, browser=browser, start_url=shop.url, config=CONFIG, store=False).run()


def shape(result: Result[Any], shop: DemoShop) -> list[Any]:
    """What has to be the same whatever the vendor."""
    return [
        [
            (step.decision and step.decision.model_dump(mode="json"), [(one.action, one.ok) for one in step.results])
            for step in result.steps
        ],
        (result.status, result.success, result.answer),
        [(order.lines, order.address, order.delivery, order.total) for order in shop.orders],
    ]


@pytest.fixture(scope="module")
async def recorded(browser: Browser) -> tuple[Sequence[str], list[Any]]:
    """The decisions of the offline model on the shop, and what came of them."""
    with DemoShop() as shop:
        model = Recorded()
        result = await shopping(browser, shop, model)
        assert (result.status, result.success) == ("done", True), result.answer
        return model.decisions, shape(result, shop)


@pytest.fixture(params=VENDORS)
def vendor(request: pytest.FixtureRequest) -> Double:
    """How this vendor speaks."""
    return DOUBLES[request.param]


@pytest.fixture
async def line(vendor: Double, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """The loopback server that plays the vendor."""
    pem = certificate(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(pem))
    server = Wire()
    await server.start(served_with(pem) if vendor.secure else None)
    yield server
    await server.stop()


def asked(request: Request) -> str:
    """The whole request as text, pictures and all."""
    return json.dumps(request.body)


async def test_the_same_decisions_buy_the_same_boots(
    vendor: Double, recorded: tuple[Sequence[str], list[Any]], browser: Browser, line: Wire
) -> None:
    decisions, expected = recorded
    answers: list[Answer] = [vendor.reply(decision) for decision in decisions]
    line.will(*answers)
    model = vendor.kind(vendor.model, api_key=KEY, base_url=vendor.address(line.url), **vendor.options)
    try:
        with DemoShop() as shop:
            result = await shopping(browser, shop, model)
            assert shape(result, shop) == expected
            [order] = shop.orders
            assert order.number == result.answer
    finally:
        await model.aclose()

    assert len(line.requests) == len(decisions) == len(result.steps)
    assert all(request.path == vendor.path(vendor.model) for request in line.requests)
    assert result.usage.prompt == 11 * len(decisions)
    assert result.usage.completion == 7 * len(decisions)
    first, last = line.requests[0], line.requests[-1]
    sees = 2 not in vendor.lacks
    assert (vendor.picture(first) is not None) is sees, "the first look goes along as a picture to a model with eyes"
    assert vendor.picture(last) is None
    assert "Thank you" in asked(last)
    assert "<<<page" in vendor.texts(last)[-1]
    schema = json.dumps(_schema(last.body)) + vendor.texts(last)[0]
    assert all(f'{action}\\"' in schema or f'"{action}"' in schema for action in ("click", "type", "done"))


def _schema(body: Mapping[str, Any]) -> Any:
    """What the vendor is told of the answer's form, wherever it takes it."""
    places = ("response_format", "output_config", "output_format", "tools", "generationConfig", "outputConfig")
    return [body.get(name) for name in places]
