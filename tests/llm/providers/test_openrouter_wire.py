"""What is special about OpenRouter. The numbers are those of the contract's cases."""

import json
import re
from typing import Any

import pytest

from tests.llm.providers.bench import PNG, TEXT, Bench, Fruit, on
from tests.llm.providers.doubles.anthropic import UNFORCED
from tests.llm.providers.doubles.openrouter import OpenRouterDouble
from tests.llm.providers.wire import Answer
from webhand.errors import ContextTooLong, LLMError, ProviderUnavailable, QuotaExhausted, RateLimited, UnsupportedInput
from webhand.llm.messages import AssistantMessage, Image, Message, SystemMessage, Text, UserMessage
from webhand.llm.model import ModelSettings, Usage
from webhand.llm.retry import RetryPolicy

pytestmark = on("openrouter")


@pytest.mark.parametrize(("code", "requests"), [(429, 5), (402, 1), ("429", 5)])
async def test_case_40_an_error_with_status_200_is_an_error(
    bench: Bench[OpenRouterDouble], code: Any, requests: int
) -> None:
    bench.wire.will(Answer(bench.vendor.told(code, "not now")))
    with pytest.raises(QuotaExhausted if code == 402 else RateLimited, match="not now"):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == requests


async def test_case_40_a_throttle_with_status_200_passes(bench: Bench[OpenRouterDouble]) -> None:
    throttled = Answer(bench.vendor.told(429, "slow down"), headers={"retry-after": "7"})
    bench.wire.will(throttled, bench.vendor.reply("ok"))
    assert (await bench.build().complete(TEXT)).text == "ok"
    assert len(bench.wire.requests) == 2
    assert bench.waits.seconds == [7]


async def test_case_41_an_error_in_a_choice_is_tried_again(bench: Bench[OpenRouterDouble]) -> None:
    broken = bench.vendor.choice({"content": "half"}, "error", error={"code": 502, "message": "upstream"})
    bench.wire.will(broken, bench.vendor.reply("ok"))
    assert (await bench.build().complete(TEXT)).text == "ok"
    assert len(bench.wire.requests) == 2


async def test_case_41_a_lasting_error_in_a_choice_is_told(bench: Bench[OpenRouterDouble]) -> None:
    broken = bench.vendor.choice({"content": "half"}, "error", error={"code": 502, "message": "upstream"})
    bench.wire.will(broken)
    with pytest.raises(ProviderUnavailable, match="upstream") as caught:
        await bench.build(retry=RetryPolicy(attempts=3, sleep=bench.waits)).complete(TEXT, Fruit)
    assert caught.value.status == 502
    assert len(bench.wire.requests) == 3


UPSTREAM = {"code": 502, "message": "upstream"}
HALF = {"message": {"content": '{"name": "fi'}, "finish_reason": "error"}
WHOLE = {"message": {"content": '{"name": "fig"}'}, "finish_reason": "stop"}
# What was answered is in doubt, half or whole, wherever the error stands.
BESIDE: dict[str, dict[str, Any]] = {
    "half an answer": {"error": UPSTREAM, "choices": [HALF]},
    "an answer": {"error": UPSTREAM, "choices": [WHOLE]},
    "within the message": {"choices": [{"message": {"content": "", "error": UPSTREAM}, "finish_reason": "stop"}]},
    "within the choice": {"choices": [HALF | {"error": UPSTREAM}]},
    "no answer": {"error": UPSTREAM},
}


@pytest.mark.parametrize("beside", BESIDE)
async def test_case_41_an_error_counts_whatever_stands_beside_it(bench: Bench[OpenRouterDouble], beside: str) -> None:
    bench.wire.will(Answer(BESIDE[beside]))
    with pytest.raises(ProviderUnavailable, match="upstream") as caught:
        await bench.build(retry=RetryPolicy(attempts=3, sleep=bench.waits)).complete(TEXT, Fruit)
    assert caught.value.status == 502
    assert len(bench.wire.requests) == 3


@pytest.mark.parametrize("beside", BESIDE)
async def test_case_41_the_tokens_told_beside_an_error_are_paid_for(
    bench: Bench[OpenRouterDouble], beside: str
) -> None:
    broken = BESIDE[beside] | {"usage": {"prompt_tokens": 100, "completion_tokens": 50}}
    bench.wire.will(Answer(broken), bench.vendor.reply("ok"), Answer(broken))
    assert (await bench.build().complete(TEXT)).usage == Usage(prompt=111, completion=57)
    with pytest.raises(ProviderUnavailable) as caught:
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT)
    assert caught.value.usage == Usage(prompt=200, completion=100)
    assert len(bench.wire.requests) == 4


async def test_case_42_a_structure_goes_to_hosts_that_know_it(bench: Bench[OpenRouterDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig", "count": 1}'))
    model = bench.build()
    await model.complete(TEXT, Fruit)
    await model.complete(TEXT)
    structured, free = bench.wire.requests
    assert structured.body["provider"] == {"require_parameters": True}
    assert "provider" not in free.body
    assert structured.body["usage"] == free.body["usage"] == {"include": True}


async def test_case_42_routing_is_passed_on_and_has_the_last_word(bench: Bench[OpenRouterDouble]) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig", "count": 1}'))
    await bench.build(routing={"order": ["anthropic"], "zdr": True}).complete(TEXT, Fruit)
    await bench.build(routing={"require_parameters": False}).complete(TEXT, Fruit)
    both, overruled = (request.body["provider"] for request in bench.wire.requests)
    assert both == {"require_parameters": True, "order": ["anthropic"], "zdr": True}
    assert overruled == {"require_parameters": False}


async def test_case_42_the_program_is_named_only_where_that_is_set(bench: Bench[OpenRouterDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete(TEXT)
    await bench.build(referer="https://ours.example", title="ours").complete(TEXT)
    silent, told = (request.headers for request in bench.wire.requests)
    assert not {"http-referer", "x-title", "referer"} & set(silent)
    assert (told["http-referer"], told["x-title"]) == ("https://ours.example", "ours")


async def test_the_unchanging_front_is_marked_for_claude_alone(bench: Bench[OpenRouterDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    prompt = [
        SystemMessage("rules"),
        UserMessage([Text("task", stable=True), *(Text(f"step {number}", stable=True) for number in range(5))]),
        UserMessage("page"),
    ]
    await bench.build("anthropic/claude-sonnet-5-5").complete(prompt)
    await bench.build("openai/gpt-6-luna").complete(prompt)
    claude, other = bench.wire.requests
    mark = {"cache_control": {"type": "ephemeral"}}
    system, steps, page = (message["content"] for message in claude.body["messages"])
    assert system == [{"type": "text", "text": "rules"} | mark]
    assert [part["text"] for part in steps if "cache_control" in part] == ["step 2", "step 3", "step 4"]
    assert page == [{"type": "text", "text": "page"}]
    assert "cache_control" not in str(other.body)


def told(steps: int) -> list[Message]:
    """The prompt after so many steps, of which each tells what was done and what came of it."""
    front: list[Message] = [SystemMessage("rules")]
    for number in range(steps):
        front += [
            UserMessage([Text(f"step {number}"), Text(" \n"), Text("result", stable=True)]),
            AssistantMessage("on"),
        ]
    return [*front, UserMessage("page")]


async def test_what_was_said_stays_as_it_was_sent_when_the_marks_move_on(bench: Bench[OpenRouterDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build("anthropic/claude-sonnet-5-5")
    for steps in (3, 4, 5):
        await model.complete(told(steps))
    # What is cached is the text up to the marks, which themselves may move.
    first, second, third = [
        re.sub(r', "cache_control": \{[^}]*\}', "", json.dumps(request.body["messages"]))
        for request in bench.wire.requests
    ]
    page = json.dumps({"role": "user", "content": [{"type": "text", "text": "page"}]})
    assert second.startswith(first.removesuffix(f"{page}]"))
    assert third.startswith(second.removesuffix(f"{page}]"))


@pytest.mark.parametrize("empty", ["", " \n"])
async def test_a_turn_without_words_has_no_parts(bench: Bench[OpenRouterDouble], empty: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build("anthropic/claude-sonnet-5-5").complete([*TEXT, AssistantMessage(empty), *TEXT])
    [request] = bench.wire.requests
    assert request.body["messages"][1] == {"role": "assistant", "content": empty}


async def test_effort_stands_where_it_takes_it(bench: Bench[OpenRouterDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(settings=ModelSettings(reasoning="low")).complete(TEXT)
    body = bench.wire.requests[0].body
    assert body["reasoning"] == {"effort": "low"}
    assert "reasoning_effort" not in body


@pytest.mark.parametrize(
    ("raw", "error", "words"),
    [
        ('{"error":{"message":"prompt is too long: 9 tokens > 8 maximum"}}', ContextTooLong, "9 tokens"),
        ("<html><title>Bad request</title></html>", LLMError, "an HTML page"),
    ],
)
async def test_what_the_host_said_is_read(
    bench: Bench[OpenRouterDouble], raw: str, error: type[LLMError], words: str
) -> None:
    bench.wire.will(Answer(bench.vendor.told(400, "Provider returned error", raw=raw, provider_name="x"), 400))
    with pytest.raises(error, match=words):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1


async def test_a_model_without_eyes_is_told_as_such(bench: Bench[OpenRouterDouble]) -> None:
    bench.wire.will(bench.vendor.error(404, "No endpoints found that support image input"))
    with pytest.raises(UnsupportedInput, match="send none"):
        await bench.build().complete([UserMessage(parts=(Text("look"), Image(data=PNG)))], Fruit)
    assert len(bench.wire.requests) == 1


def test_a_resumed_run_keeps_its_routing(bench: Bench[OpenRouterDouble]) -> None:
    way = bench.build(routing={"zdr": True}, title="ours").way
    assert (way["routing"], way["title"]) == ({"zdr": True}, "ours")
    assert "referer" not in way


@pytest.mark.parametrize("name", [f"anthropic/{name}" for name in UNFORCED] + ["~anthropic/claude-mythos-9:beta"])
async def test_case_54_some_models_are_never_forced(bench: Bench[OpenRouterDouble], name: str) -> None:
    bench.wire.will(bench.vendor.trouble("schema_refused"), bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build(name).complete(TEXT, Fruit)
    assert done.rung == "json_object"
    assert all("tool_choice" not in request.body for request in bench.wire.requests)
