"""What is special about servers that speak OpenAI's dialect. The numbers are those of the contract's cases."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.doubles.openai import CompatibleDouble
from tests.llm.providers.wire import Answer
from webhand.errors import InvalidSetting, MissingKey
from webhand.llm.failure import mapping
from webhand.llm.messages import SystemMessage, Text
from webhand.llm.model import Abilities, Usage

pytestmark = on("compatible")


@pytest.mark.parametrize(("told", "tokens"), [(10**12, 10**12), (10**12 + 1, None), (10**400, None), (-1, None)])
async def test_a_count_that_cannot_be_one_is_unknown(
    bench: Bench[CompatibleDouble], told: int, tokens: int | None
) -> None:
    said = bench.vendor.reply("ok")
    bench.wire.will(replace(said, body={**mapping(said.body), "usage": {"prompt_tokens": told}}))
    assert (await bench.build().complete(TEXT)).usage.prompt == tokens


def counted(bench: Bench[CompatibleDouble], completion: int, total: int | None) -> Answer:
    told = {"prompt_tokens": 10, "completion_tokens": completion, "total_tokens": total}
    return bench.vendor.choice(
        {"content": "ok"}, usage={**told, "completion_tokens_details": {"reasoning_tokens": 100}}
    )


@pytest.mark.parametrize(("completion", "total"), [(5, 115), (105, 115), (105, None), (105, 999)])
async def test_thoughts_are_counted_as_output_whether_or_not_the_server_counts_them_in(
    bench: Bench[CompatibleDouble], completion: int, total: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text('["xai/*"]\ninput = 1\noutput = 10\n')
    monkeypatch.setenv("WEBHAND_PRICES", str(prices))
    bench.wire.will(counted(bench, completion, total))
    done = await bench.build("grok-4.3", vendor="xai").complete(TEXT)
    assert done.usage == Usage(prompt=10, completion=105, reasoning=100)
    assert done.cost == Decimal("0.00106")


@pytest.mark.parametrize("words", ["Unknown field: response_format", "Bad Request"])
async def test_case_43_a_server_that_knows_no_formats_is_asked_in_words(
    bench: Bench[CompatibleDouble], words: str
) -> None:
    def picky(request: Any) -> Answer:
        if {"response_format", "tools"} & set(request.body):
            return bench.vendor.error(400, words)
        return bench.vendor.reply('{"name": "fig"}')

    bench.wire.will(picky)
    model = bench.build()
    done = await model.complete([SystemMessage(parts=(Text("be kind"),)), *TEXT], Fruit)
    assert (done.output, done.rung) == (Fruit(name="fig"), "prompt_only")
    assert len(bench.wire.requests) == 4
    *_, json_mode, words_only = bench.wire.requests
    assert json_mode.body["response_format"] == {"type": "json_object"}
    [system, user] = bench.vendor.texts(words_only)
    assert system.startswith("be kind\n")
    assert "JSON schema" in system
    assert '"count"' in system
    assert user == "hello"
    await model.complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 5


@pytest.mark.parametrize(
    ("structured", "rung"),
    [
        ("json_schema", "native_schema"),
        ("tool", "forced_tool"),
        ("json_object", "json_object"),
        ("prompt", "prompt_only"),
    ],
)
async def test_case_43_the_first_way_of_asking_can_be_set(
    bench: Bench[CompatibleDouble], structured: str, rung: str
) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build(structured=structured).complete(TEXT, Fruit)
    [request] = bench.wire.requests
    assert done.rung == bench.vendor.rung(request) == rung


async def test_a_compatible_server_gets_nothing_that_is_meant_for_openai(
    bench: Bench[CompatibleDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai-secret")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: custom-secret")
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(api_key=None).complete(TEXT)
    [request] = bench.wire.requests
    assert "secret" not in str(request.headers)
    assert request.body["max_tokens"] == 8192
    assert "max_completion_tokens" not in request.body


def test_a_compatible_server_needs_an_address_and_a_named_key(bench: Bench[CompatibleDouble]) -> None:
    with pytest.raises(InvalidSetting, match="base_url"):
        bench.build(base_url=None)
    with pytest.raises(MissingKey, match="MY_SERVER_KEY"):
        bench.build(api_key=None, api_key_env="MY_SERVER_KEY")


async def test_abilities_can_be_told_by_the_caller(bench: Bench[CompatibleDouble]) -> None:
    bench.wire.will(bench.vendor.tool({"name": "fig"}))
    model = bench.build(abilities=Abilities(schema=False, context=4096))
    assert (await model.complete(TEXT, Fruit)).rung == "forced_tool"
    assert model.abilities.context == 4096


async def test_content_in_pieces_is_joined(bench: Bench[CompatibleDouble]) -> None:
    bench.wire.will(bench.vendor.choice({"content": [{"type": "text", "text": "o"}, {"type": "text", "text": "k"}]}))
    assert (await bench.build().complete(TEXT)).text == "ok"


async def test_a_server_without_a_key_is_sent_none(
    bench: Bench[CompatibleDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer foreign")
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(api_key=None).complete(TEXT)
    assert "authorization" not in bench.wire.requests[0].headers
