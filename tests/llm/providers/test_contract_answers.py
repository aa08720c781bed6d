"""What every vendor's model does with an answer that cannot be used. Numbers are those of the contract's cases."""

import json
import re
from typing import Any

import pytest

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.test_contract_trouble import assert_fit_to_be_shown
from tests.llm.providers.wire import Answer
from webhand.errors import OutputInvalid, OutputTruncated, Refused
from webhand.llm.model import ModelSettings, Usage


async def test_case_25_null_for_a_field_with_a_default_is_the_default(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig", "count": null}'))
    assert (await bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig", count=1)
    assert len(bench.wire.requests) == 1


async def test_case_26_a_refusal_in_words_is_not_asked_again(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("I'm sorry, but I can't help with that."))
    with pytest.raises(Refused) as caught:
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1
    assert caught.value.provider == bench.vendor.name


async def test_case_27_a_cut_answer_never_becomes_a_value(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut('{"name": "fig"}'))
    with pytest.raises(OutputTruncated, match="max_tokens") as caught:
        await bench.build(settings=ModelSettings(max_tokens=100)).complete(TEXT, Fruit)
    assert caught.value.raw == '{"name": "fig"}'
    assert_fit_to_be_shown(caught.value)
    assert [bench.vendor.cap(request) for request in bench.wire.requests] == [100, 200]


async def test_case_27_a_cut_answer_gets_more_room_once(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut('{"name": "f'), bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build().complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    assert done.usage.prompt == 22, "both calls were paid for"
    assert len(bench.wire.requests) == 2


async def test_case_27_a_refused_cap_shows_the_cut_answer(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut('{"name": "f'), bench.vendor.error(400, "max_tokens is too large: 16384"))
    with pytest.raises(OutputTruncated):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 2


async def test_case_27_cut_free_text_is_given_with_its_stop(bench: Bench) -> None:
    bench.wire.will(bench.vendor.cut("once upon"))
    done = await bench.build().complete(TEXT)
    assert (done.text, done.stop) == ("once upon", "length")
    assert len(bench.wire.requests) == 1


async def test_a_bad_answer_is_shown_to_the_model_and_asked_for_again(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": 5}'), bench.vendor.reply('{"name": "fig"}'))
    done = await bench.build().complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    assert (done.usage.prompt, done.usage.completion) == (22, 14)
    first, second = (bench.vendor.turns(request) for request in bench.wire.requests)
    assert second[: len(first)] == first
    [(shown_as, shown), (told_as, told)] = second[len(first) :]
    assert (shown_as, shown, told_as) == ("assistant", '{"name": 5}', "user")
    assert told.startswith("Your answer cannot be used: invalid answer")
    assert "name" in told
    assert bench.waits.seconds == []


async def test_answers_that_stay_bad_step_down_and_end_with_the_raw_text(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("no fruit today"))
    model = bench.build()
    with pytest.raises(OutputInvalid) as caught:
        await model.complete(TEXT, Fruit)
    assert caught.value.raw == "no fruit today"
    assert str(caught.value).startswith(f"{model.name}: invalid answer")
    assert (caught.value.provider, caught.value.request_id) == (bench.vendor.name, bench.vendor.request_id)
    assert_fit_to_be_shown(caught.value)
    first, below = bench.vendor.rungs[:2]
    assert [bench.vendor.rung(request) for request in bench.wire.requests] == [first, first, below]


async def test_an_empty_answer_is_asked_for_again_without_an_empty_turn(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply(""), bench.vendor.reply('{"name": "fig"}'))
    assert (await bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert "" not in bench.vendor.texts(bench.wire.requests[1])


async def test_transport_and_output_retries_are_counted_apart(bench: Bench) -> None:
    busy = bench.vendor.trouble("busy")
    bench.wire.will(busy, bench.vendor.reply("nonsense"), busy, busy, bench.vendor.reply('{"name": "fig"}'))
    assert (await bench.build().complete(TEXT, Fruit)).output == Fruit(name="fig")
    assert len(bench.wire.requests) == 5
    assert bench.waits.seconds == [2.0, 2.0, 4.0]


async def test_half_a_surrogate_pair_in_an_answer_breaks_nothing(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": 5, "x": "\ud83d"}'), bench.vendor.reply("fig \ud83d"))
    model = bench.build()
    with pytest.raises(OutputInvalid) as caught:
        await model.complete(TEXT, Fruit)
    assert caught.value.raw == "fig \ufffd"
    assert (await model.complete(TEXT)).text == "fig \ufffd"


@pytest.mark.parametrize("odd", [["stop"], {"stop": 1}, 7, True], ids=str)
async def test_case_20_a_stop_reason_that_is_no_text_is_an_error_of_its_own_kind(bench: Bench, odd: Any) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}', odd))
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.output, done.stop) == (Fruit(name="fig"), "error")
    assert len(bench.wire.requests) == 1


@on("openai", "azure", "groq", "deepseek", "openrouter", "compatible")
@pytest.mark.parametrize("odd", [7, True, {"a": 1}, "  "], ids=str)
async def test_case_26_what_stands_for_no_refusal_is_none(bench: Bench, odd: object) -> None:
    message = {"role": "assistant", "content": '{"name": "fig"}', "refusal": odd}
    bench.wire.will(Answer({"id": odd, "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}))
    done = await bench.build().complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    assert done.request_id is None or isinstance(done.request_id, str)
    assert len(bench.wire.requests) == 1


SOON = {
    "x-ratelimit-limit-tokens": "1000",
    "x-ratelimit-remaining-tokens": "500",
    "x-ratelimit-reset-tokens": "1s",
    "anthropic-ratelimit-input-tokens-limit": "1000",
    "anthropic-ratelimit-input-tokens-remaining": "500",
    "anthropic-ratelimit-input-tokens-reset": "2020-01-01T00:00:00Z",
}


@pytest.mark.parametrize("odd", [-1, 10**309, 10**13, True, "7", 1e300, None], ids=lambda odd: str(odd)[:9])
async def test_case_19_what_cannot_be_a_number_of_tokens_is_unknown(bench: Bench, odd: Any) -> None:
    told = bench.vendor.reply("ok")
    body = re.sub(r"(?<=: )(11|7|18)(?=[,}])", json.dumps(odd), json.dumps(told.body))
    bench.wire.will(Answer(body.encode(), headers={**told.headers, **SOON}), told)
    model = bench.build()
    first, second = await model.complete(TEXT), await model.complete(TEXT)
    assert (first.usage, first.cost) == (Usage(), None)
    assert (second.usage.prompt, second.usage.completion) == (11, 7)
    assert len(bench.wire.requests) == 2
