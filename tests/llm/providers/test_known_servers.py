"""What is sent to the servers of OpenAI's dialect that are only rows of the table, each against its own quirks."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.llm.providers.bench import TEXT, Fruit
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.openai import CompatibleDouble
from tests.llm.providers.wire import Answer, Request, Waits, Wire
from webhand.errors import InvalidSetting, MissingKey, OutputInvalid
from webhand.llm.catalog import COMPATIBLE, get_model, provider_row, providers
from webhand.llm.model import Model, ModelSettings
from webhand.llm.retry import RetryPolicy

NAMED = {"type": "function", "function": {"name": "Fruit"}}
SPEAK = CompatibleDouble()


@dataclass(frozen=True)
class Server:
    """What a server takes: its own address, the variable of its key, the key of the cap, how a tool is forced."""

    url: str
    key_env: str | None
    cap: str = "max_tokens"
    tool_choice: object = field(default_factory=lambda: NAMED)
    json_object: bool = True
    told: bool = False
    effort: str | None = None

    def answers(self, request: Request) -> Answer:
        """As this server: a refusal of what it does not take, in its own words where those are known."""
        body: Mapping[str, Any] = request.body
        format_type = body.get("response_format", {}).get("type")
        if unknown := {"max_tokens", "max_completion_tokens", "parallel_tool_calls"} & set(body) - {self.cap}:
            detail = [{"type": "extra_forbidden", "loc": ["body", *unknown], "msg": "Extra inputs are not permitted"}]
            return Answer({"object": "error", "message": {"detail": detail}}, 422)
        if format_type == "json_object" and not self.json_object:
            return Answer({"error": "'response_format.type' must be 'json_schema' or 'text'"}, 400)
        if body.get("tool_choice", self.tool_choice) != self.tool_choice:
            return Answer({"error": "Invalid tool_choice type: 'object'. Supported string values: none, auto"}, 400)
        return SPEAK.reply("no fruit today")


SERVERS = {
    "mistral": Server("https://api.mistral.ai/v1", "MISTRAL_API_KEY", tool_choice="any"),
    "cerebras": Server(
        "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY", "max_completion_tokens", tool_choice="auto", effort="low"
    ),
    "xai": Server("https://api.x.ai/v1", "XAI_API_KEY", "max_completion_tokens", effort="none"),
    "together": Server("https://api.together.xyz/v1", "TOGETHER_API_KEY", told=True),
    "fireworks": Server("https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY", told=True, effort="none"),
    "vllm": Server("http://localhost:8000/v1", None, told=True),
    "lmstudio": Server("http://localhost:1234/v1", None, tool_choice="required", json_object=False, told=True),
    "llamacpp": Server("http://localhost:8080/v1", None, tool_choice="required", told=True),
}


@pytest.fixture(params=SERVERS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def model(name: str, wire: Wire) -> AsyncIterator[Model]:
    key = KEY if SERVERS[name].key_env else None
    retry = RetryPolicy(sleep=Waits())
    made = get_model(f"{name}/some/model:7b", api_key=key, base_url=f"{wire.url}/v1", timeout=20, retry=retry)
    yield made
    await made.aclose()


def test_every_server_of_the_table_is_tested() -> None:
    rows = {name for name, row in providers().items() if row.adapter == COMPATIBLE}
    assert rows == {*SERVERS, "compatible"}


def test_address_and_key_are_the_servers_own(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    server = SERVERS[name]
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    if server.key_env is not None:
        with pytest.raises(MissingKey, match=server.key_env):
            get_model(f"{name}/m")
        monkeypatch.setenv(server.key_env, KEY)
    model: Any = get_model(f"{name}/m")
    assert (model.name, model.endpoint.base_url) == (f"{name}/m", server.url)
    assert (model.endpoint.revealed, model.endpoint.source) == (KEY if server.key_env else None, server.key_env)


async def test_free_text_is_asked_for_with_nothing_that_it_does_not_know(name: str, model: Model, wire: Wire) -> None:
    wire.will(SERVERS[name].answers)
    done = await model.complete(TEXT)
    assert (done.text, done.model) == ("no fruit today", f"{name}/some/model:7b")
    [request] = wire.requests
    assert request.path == "/v1/chat/completions"
    assert request.body == {
        "model": "some/model:7b",
        "messages": [{"role": "user", "content": "hello"}],
        SERVERS[name].cap: 8192,
    }
    assert request.headers.get("authorization") == (f"Bearer {KEY}" if SERVERS[name].key_env else None)


async def test_structure_is_asked_for_in_its_ways(name: str, model: Model, wire: Wire) -> None:
    server = SERVERS[name]
    wire.will(server.answers)
    with pytest.raises(OutputInvalid) as caught:
        await model.complete(TEXT, Fruit)
    assert (caught.value.provider, caught.value.raw) == (name, "no fruit today")
    schema, again, tool = (request.body for request in wire.requests)
    assert schema["response_format"]["type"] == again["response_format"]["type"] == "json_schema"
    assert schema["response_format"]["json_schema"]["strict"] is True
    assert ('"count"' in str(schema["messages"])) is server.told
    assert tool["tool_choice"] == server.tool_choice
    assert [one["function"]["name"] for one in tool["tools"]] == ["Fruit"]


async def test_plain_json_is_asked_for_only_where_it_is_known(name: str, wire: Wire) -> None:
    server = SERVERS[name]
    wire.will(server.answers)
    options: dict[str, Any] = {"base_url": f"{wire.url}/v1", "structured": "json_object"}
    model = get_model(f"{name}/m", api_key=KEY, **options)
    with pytest.raises(OutputInvalid):
        await model.complete(TEXT, Fruit)
    await model.aclose()
    asked = ["response_format" in request.body for request in wire.requests]
    assert asked == ([True, True, False] if server.json_object else [False, False, False])


async def test_effort_is_sent_where_it_is_known(name: str, wire: Wire) -> None:
    server = SERVERS[name]
    wire.will(server.answers)
    settings = ModelSettings(reasoning="none")
    model = get_model(f"{name}/m", api_key=KEY, base_url=f"{wire.url}/v1", settings=settings)
    await model.complete(TEXT)
    await model.aclose()
    assert wire.requests[0].body.get("reasoning_effort") == server.effort


def test_a_server_that_nobody_knows_needs_an_address() -> None:
    with pytest.raises(InvalidSetting, match="compatible needs an address"):
        get_model("compatible/m")
    assert all(provider_row(name).docs.startswith("https://") for name in SERVERS)
