"""What cannot work, for every vendor: each ends soon, in the error that it is, with what to do."""

import asyncio
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, create_model, field_validator

from tests.llm.providers.bench import PNG, TEXT, Bench, Fruit, on
from tests.llm.providers.double import Trouble
from tests.llm.providers.test_contract_trouble import assert_fit_to_be_shown
from tests.llm.providers.wire import Answer, Wire
from webhand.agent.config import AgentConfig
from webhand.agent.decision import answer_model
from webhand.controller import Controller
from webhand.errors import (
    BadRequest,
    LLMError,
    ModelNotFound,
    OutputInvalid,
    ProviderTimeout,
    ProviderUnavailable,
    SchemaRefused,
    UnsupportedInput,
)
from webhand.llm.failure import mapping
from webhand.llm.fetched_pictures import FetchedPictures
from webhand.llm.messages import Image, SystemMessage, Text, UserMessage
from webhand.llm.pictures import Sight, prepare
from webhand.llm.retry import RetryPolicy

MEGABYTE = 1_000_000
VALUES: list[Any] = [f"value number {number}" for number in range(1001)]
PICK: Any = Annotated[str, Field(json_schema_extra={"enum": VALUES})]
NOTES: dict[str, Any] = {f"note{number}": (str, "") for number in range(25)}
# OpenAI's dialect takes 1000 values of enums, Anthropic's 24 fields that may be left out.
TOO_MUCH = create_model("TooMuch", pick=(PICK, ...), **NOTES)


@pytest.mark.parametrize(
    ("image", "advice"),
    [
        (Image(data=b"just words"), "PNG, JPEG, GIF and WebP are taken"),
        (Image(data=b""), "PNG, JPEG, GIF and WebP are taken"),
        (Image(data=b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "PNG, JPEG, GIF and WebP are taken"),
        (Image(url="file:///etc/hostname"), "give a file as path="),
        (Image(url="x.png"), "must begin with https://"),
        (Image(url="http://[::1"), "cannot be read; write it like https://"),
        (Image(url="https:///x.png"), "has no host"),
        (Image(url="https://host.example/a b.png"), "write %20 for a blank"),
        (Image(url="https://host.example/\ud800.png"), "signs that none can have"),
        (Image(url="https://host.example:99999/x.png"), "cannot be read; write it like https://"),
        (Image(url="https://host.example:-1/x.png"), "cannot be read; write it like https://"),
        (Image(url="data:image/png;base64,!!!"), "PNG, JPEG, GIF and WebP are taken"),
        (Image(url="data:image/png;base64,\ud800"), "holds broken base64"),
        (Image(url="data:image/png,\ud800"), "holds broken base64"),
        (Image(path=Path("/no/such/picture.png")), "No such file"),
        (Image(path=Path("/")), "cannot be read: it is no file"),
        (Image(path=Path("/dev/zero")), "cannot be read: it is no file"),
        (Image(path=Path("no\0path")), "cannot be read"),
        (Image(data=PNG + bytes(20 * MEGABYTE)), "make it smaller"),
    ],
    ids=[
        "words",
        "empty",
        "svg",
        "file url",
        "no scheme",
        "no address",
        "no host",
        "blank",
        "half a sign",
        "port too high",
        "port below zero",
        "broken data",
        "half a sign of base64",
        "half a sign of data",
        "no file",
        "folder",
        "device",
        "no path",
        "20 MB",
    ],
)
async def test_case_03_a_picture_that_is_none_or_too_big_is_never_sent(bench: Bench, image: Image, advice: str) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    async with asyncio.timeout(10):
        with pytest.raises(UnsupportedInput, match=advice) as caught:
            await bench.build().complete([UserMessage(parts=(Text("look"), image))])
    assert bench.wire.requests == []
    assert (caught.value.provider, caught.value.model) == (bench.vendor.name, bench.vendor.model)
    assert_fit_to_be_shown(caught.value)


FETCHING = on("gemini", "bedrock", "ollama")


@FETCHING
@pytest.mark.parametrize(
    ("answer", "advice"),
    [
        (Answer({"detail": "gone"}, 404), r"status 404\); give the picture as data= or path="),
        (Answer(b"", 302, {"location": "/again"}), r"TooManyRedirects\); give the picture"),
        (Answer(b"", 302, {"location": "http://127.0.0.1:99999/"}), r"OverflowError\); give the picture"),
        (Answer(b"", 302, {"location": "http://127.0.0.1:-1/"}), r"cannot be fetched \(.*\); give the picture"),
        (Answer(b"", 302, {"location": "http://[::1"}), r"cannot be fetched \(.*\); give the picture"),
        (Answer(b"<html>sign in</html>"), "PNG, JPEG, GIF and WebP are taken"),
        (Answer(PNG + bytes(21 * MEGABYTE)), "larger than 20 MB; make it smaller"),
        (Answer(b"", drop=0), r"cannot be fetched \(.*\); give the picture"),
        (Answer(PNG * 20, drop=150), r"cannot be fetched \(.*\); give the picture"),
        (Answer(b"no gzip", headers={"content-encoding": "gzip"}), r"cannot be fetched \(.*\); give the picture"),
    ],
    ids=[
        "gone",
        "circle",
        "port too high",
        "port below zero",
        "no address",
        "page",
        "21 MB",
        "dropped",
        "half",
        "no gzip",
    ],
)
async def test_case_03_a_picture_that_cannot_be_fetched_is_told(
    bench: Bench, wire: Wire, answer: Answer, advice: str
) -> None:
    wire.will(answer)
    async with asyncio.timeout(10):
        with pytest.raises(UnsupportedInput, match=advice) as caught:
            await bench.build().complete([UserMessage(parts=(Text("look"), Image(url=f"{wire.url}/x?t=hidden")))])
    assert bench.wire.requests == []
    assert "hidden" not in str(caught.value)
    assert_fit_to_be_shown(caught.value)


@pytest.mark.parametrize("answer", [Answer(hold=True), Answer(PNG * 20, drop=150, hold=True)], ids=["never", "stalls"])
async def test_case_03_a_picture_that_does_not_come_is_not_waited_for_long(wire: Wire, answer: Answer) -> None:
    wire.will(answer)
    with pytest.raises(UnsupportedInput, match=r"did not come within 0.3 s; give the picture as data= or path="):
        await FetchedPictures(patience=0.3).get(wire.url)
    assert len(wire.requests) == 1


async def test_case_03_a_picture_is_fetched_once_for_all_who_ask_for_it(wire: Wire) -> None:
    wire.will(Answer(PNG))
    pictures = FetchedPictures()
    assert await asyncio.gather(*(pictures.get(wire.url) for _ in range(20))) == [PNG] * 20
    assert len(wire.requests) == 1


async def test_case_03_a_picture_that_fails_fails_for_all_who_wait_and_may_come_later(wire: Wire) -> None:
    wire.will(Answer(b"", 500), Answer(PNG))
    pictures = FetchedPictures()
    failed = await asyncio.gather(*(pictures.get(wire.url) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in failed] == [UnsupportedInput] * 3
    assert len({id(one) for one in failed}) == 3, "each call signs its own error"
    assert await pictures.get(wire.url) == PNG
    assert len(wire.requests) == 2


async def test_case_17_one_who_does_not_wait_any_more_takes_no_picture_from_the_others(wire: Wire) -> None:
    wire.will(Answer(PNG * 20, drop=150, hold=True), Answer(PNG))
    pictures = FetchedPictures()
    first, second = (asyncio.create_task(pictures.get(wire.url)) for _ in range(2))
    await wire.asked(1)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not second.done()
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert await pictures.get(wire.url) == PNG
    assert len(wire.requests) == 2


async def test_case_03_pictures_are_kept_by_their_size(wire: Wire) -> None:
    wire.will(Answer(PNG))
    pictures = FetchedPictures(most=10 * len(PNG))
    for _ in range(2):
        for number in range(10):
            assert await pictures.get(f"{wire.url}/{number}") == PNG
    assert len(wire.requests) == 10
    await pictures.get(f"{wire.url}/another")
    await pictures.get(f"{wire.url}/9")
    assert len(wire.requests) == 11
    await pictures.get(f"{wire.url}/0")
    assert len(wire.requests) == 12, "the one that was not used for longest is gone"


@on("openai", "azure", "azure-v1", "groq", "compatible", "openrouter", "anthropic", "bedrock")
async def test_a_schema_too_large_is_not_sent_but_asked_for_by_tool(bench: Bench) -> None:
    bench.wire.will(bench.vendor.tool({"pick": VALUES[7]}))
    done = await bench.build().complete(TEXT, TOO_MUCH)
    assert done.output.model_dump(exclude_unset=True) == {"pick": VALUES[7]}
    assert [bench.vendor.rung(request) for request in bench.wire.requests] == ["forced_tool"]


@pytest.mark.parametrize("thinking", ["full", "none"])
async def test_all_actions_together_are_asked_for_in_the_firmest_way(
    bench: Bench, thinking: Literal["full", "none"]
) -> None:
    output = answer_model(Controller(), AgentConfig(thinking=thinking))
    thoughts = dict.fromkeys(set(output.model_fields) - {"actions"}, "so")
    bench.wire.will(bench.vendor.reply(json.dumps({**thoughts, "actions": [{"back": {}}]})))
    done = await bench.build().complete(TEXT, output)
    assert done.output.model_dump(exclude_unset=True) == {**thoughts, "actions": [{"back": {}}]}
    assert [bench.vendor.rung(request) for request in bench.wire.requests] == [bench.vendor.rungs[0]]


async def test_a_request_that_the_vendor_will_not_have_is_told_with_its_words(bench: Bench) -> None:
    bench.wire.will(bench.vendor.error(400, "the schema has 90000 properties; at most 5000 go"))
    with pytest.raises(BadRequest, match="at most 5000 go") as caught:
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == len(bench.vendor.rungs)
    assert_fit_to_be_shown(caught.value)


async def test_case_63_an_answer_of_ten_megabytes_is_read(bench: Bench) -> None:
    long = "fig " * (10 * MEGABYTE // 4)
    bench.wire.will(bench.vendor.reply(json.dumps({"name": long})), bench.vendor.reply(long))
    model = bench.build()
    async with asyncio.timeout(30):
        assert (await model.complete(TEXT, Fruit)).output == Fruit(name=long)
        assert (await model.complete(TEXT)).text == long
    assert len(bench.wire.requests) == 2


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name")
async def test_case_03_a_pipe_is_no_picture_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UnsupportedInput, match="it is no file"):
        await prepare([UserMessage([Image(path=tmp_path / "pipe.png")])], Sight(True, "note", limit=100))


async def test_an_output_of_very_many_levels_is_a_refused_schema(bench: Bench) -> None:
    deep: Any = Fruit
    for level in range(120):
        deep = create_model(f"Level{level}", inner=(deep, ...))
    with pytest.raises(SchemaRefused, match="too many levels for any vendor; make it flatter") as caught:
        await bench.build().complete(TEXT, deep)
    assert bench.wire.requests == []
    assert_fit_to_be_shown(caught.value)


async def refused(bench: Bench, answer: Answer) -> None:
    bench.wire.will(answer)
    with pytest.raises(OutputInvalid) as caught:
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 3
    assert_fit_to_be_shown(caught.value)
    assert all(len(str(request.body)) < 20_000 for request in bench.wire.requests), "it is not sent back"


class Wordy(BaseModel):
    name: str
    counts: dict[str, int] = {}

    @field_validator("name")
    @classmethod
    def _refused(cls, name: str) -> str:
        raise ValueError("no such fruit: " + name * 20_000)


@pytest.mark.parametrize(
    "value", [{"name": "figs"}, {"name": "fig", "counts": {"fig" * 40_000: "x"}}], ids=["reason", "place"]
)
async def test_what_a_validator_says_at_length_is_cut(bench: Bench, value: dict[str, Any]) -> None:
    bench.wire.will(bench.vendor.reply(json.dumps(value)))
    with pytest.raises(OutputInvalid) as caught:
        await bench.build().complete(TEXT, Wordy)
    assert_fit_to_be_shown(caught.value)
    told = bench.vendor.texts(bench.wire.requests[-1])[-1]
    assert told.startswith("Your answer cannot be used: invalid answer: ")
    assert len(told) < 500, "it is not sent back"


async def test_case_63_ten_megabytes_of_nonsense_are_an_answer_that_does_not_fit(bench: Bench) -> None:
    async with asyncio.timeout(30):
        await refused(bench, bench.vendor.reply("no fruit " * (10 * MEGABYTE // 9)))


@on("compatible", "anthropic")
@pytest.mark.parametrize(("length", "beside"), [(10, False), (200_000, True)])
async def test_long_answers_are_read_beside_the_loop(bench: Bench, length: int, beside: bool) -> None:
    threads: list[threading.Thread] = []

    class Note(BaseModel):
        name: str

        @field_validator("name")
        @classmethod
        def _seen(cls, name: str) -> str:
            threads.append(threading.current_thread())
            return name

    value = {"name": "x" * length}
    decoded = bench.vendor.name == "anthropic"  # what comes through a tool is no text any more
    bench.wire.will(bench.vendor.tool(value) if decoded else bench.vendor.reply(json.dumps(value)))
    assert (await bench.build().complete(TEXT, Note)).output == Note(**value)
    assert (threads[0] is not threading.main_thread()) is beside


@pytest.mark.parametrize("after", [30, 150], ids=["in the head", "in the body"])
async def test_case_12_a_server_that_stalls_halfway_is_a_timeout(bench: Bench, after: int) -> None:
    bench.wire.will(bench.vendor.reply("ok"), Answer(bench.vendor.reply("x" * 400).body, drop=after, hold=True))
    model = bench.build(timeout=1.5, retry=RetryPolicy(attempts=1))
    model.timeout = 20.0
    await model.complete(TEXT)  # an SDK's first call takes its time
    model.timeout = 1.5
    async with asyncio.timeout(20):
        with pytest.raises(ProviderTimeout, match="raise timeout= if the model is that slow") as caught:
            await model.complete(TEXT)
    assert len(bench.wire.requests) == 2
    assert_fit_to_be_shown(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html><title>Sign in to the hotel</title></html>", headers={"content-type": "text/html"}),
        Answer(b'{"choices": [', headers={"content-length": "400"}, drop=150),
        Answer(b"not gzip at all", headers={"content-encoding": "gzip"}),
        Answer(b"\xff\xfe\x00", headers={"content-type": "application/json"}),
        Answer({"choices": [None]}),
        Answer({"choices": {"0": "x"}, "content": "x"}),
        Answer({"detail": "Not Found"}),
    ],
    ids=["html", "half a body", "no gzip", "no text", "empty choice", "odd types", "another server"],
)
async def test_case_15_what_is_no_answer_names_the_server(bench: Bench, answer: Answer) -> None:
    bench.wire.will(answer)
    host = bench.wire.url.partition("://")[2]
    with pytest.raises(ProviderUnavailable, match=host) as caught:
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 2
    assert_fit_to_be_shown(caught.value)


@on("anthropic", "bedrock", "gemini")
async def test_a_picture_among_the_rules_is_told_where_the_vendor_takes_none_there(bench: Bench) -> None:
    with pytest.raises(UnsupportedInput, match="send it in a UserMessage"):
        await bench.build().complete([SystemMessage([Text("be kind"), Image(data=PNG)]), *TEXT])
    assert bench.wire.requests == []


@pytest.mark.parametrize("without", [(), ("choices", "content", "candidates", "output", "message")])
async def test_an_error_in_a_success_counts_and_so_do_the_tokens_told_beside_it(
    bench: Bench, without: tuple[str, ...]
) -> None:
    told = mapping(bench.vendor.reply('{"name": "fig"}').body)
    bench.wire.will(Answer({key: told[key] for key in told if key not in without} | {"error": "model overloaded"}))
    with pytest.raises(ProviderUnavailable, match="model overloaded") as caught:
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT, Fruit)
    assert caught.value.usage is not None
    assert (caught.value.usage.prompt, caught.value.usage.completion) == (22, 14)


async def test_the_tokens_of_a_success_without_an_answer_are_paid_for(bench: Bench) -> None:
    told = mapping(bench.vendor.reply("").body)
    answers = ("choices", "content", "candidates", "output", "message")
    bench.wire.will(Answer({key: told[key] for key in told if key not in answers}), bench.vendor.reply("ok"))
    done = await bench.build().complete(TEXT)
    assert (done.usage.prompt, done.usage.completion) == (22, 14)


@on("anthropic", "bedrock", "gemini")
async def test_rules_alone_are_no_question_where_the_vendor_takes_none(bench: Bench) -> None:
    with pytest.raises(BadRequest, match="send a message of a user"):
        await bench.build().complete([SystemMessage("be kind")])
    assert bench.wire.requests == []


async def test_what_a_server_says_in_a_success_without_an_answer_is_told(bench: Bench) -> None:
    bench.wire.will(Answer({"error": "model overloaded"}))
    with pytest.raises(ProviderUnavailable, match=r"in an answer with status 200: model overloaded") as caught:
        await bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits)).complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 2
    assert_fit_to_be_shown(caught.value)


@pytest.mark.parametrize("status", [418, 451])
async def test_a_status_that_says_nothing_of_structure_costs_one_request(bench: Bench, status: int) -> None:
    bench.wire.will(Answer({}, status))
    with pytest.raises(BadRequest):
        await bench.build().complete(TEXT, Fruit)
    assert len(bench.wire.requests) == 1


NOBODY_THERE = r"check the base_url and the network|ollama serve"
TO_DO: Mapping[Trouble, str] = {
    "throttled": r"wait, or raise the RetryPolicy",
    "busy": r"try again later",
    "bad_key": r"the key in api_key is not accepted; put a valid one there",
    "no_model": r"check its name and the base_url|ollama pull",
    "too_long": r"shorten it",
    "no_credit": r"top it up or use another key",
    "blocked": r"change what is asked",
    "bad_request": r"The moon is wrong",
}


async def test_every_refusal_says_what_to_do(bench: Bench) -> None:
    for what in TO_DO.keys() & bench.vendor.troubles:
        bench.wire.will(bench.vendor.trouble(what))
        with pytest.raises(LLMError, match=TO_DO[what]) as caught:
            await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
        assert_fit_to_be_shown(caught.value)


@pytest.mark.parametrize(
    ("answer", "error", "advice"),
    [
        (Answer(drop=0), ProviderUnavailable, NOBODY_THERE),
        (
            Answer({"text": "x" * 400}, drop=150),
            ProviderUnavailable,
            r"check the base_url and the network|ollama serve",
        ),
        (Answer(b"<html>", 500, {"content-type": "text/html"}), ProviderUnavailable, r"try again later"),
        (Answer({}, 502), ProviderUnavailable, r"try again later"),
        (Answer({"detail": "Not Found"}, 404), ModelNotFound, r"check its name and the base_url|ollama pull"),
        (Answer({"detail": "Method Not Allowed"}, 405), BadRequest, r"check the base_url"),
    ],
    ids=["dropped", "half a body", "page", "gateway", "not found", "not allowed"],
)
async def test_a_server_that_is_not_the_right_one_is_told_with_what_to_do(
    bench: Bench, answer: Answer, error: type[LLMError], advice: str
) -> None:
    bench.wire.will(answer)
    with pytest.raises(error, match=advice) as caught:
        await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
    assert type(caught.value) is error
    assert len(bench.wire.requests) == 1
    assert_fit_to_be_shown(caught.value)
