"""What every vendor is sent, and what comes back when all goes well. Numbers are those of the contract's cases."""

import asyncio
import base64
import gc
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.llm.providers.bench import PNG, TEXT, Bench, Fruit, offering
from tests.llm.providers.double import KEY, Picture
from tests.llm.providers.wire import Answer, Request, Wire
from webhand.errors import AuthError, InvalidSetting, MissingKey, UnsupportedInput
from webhand.llm.messages import AssistantMessage, Image, PageView, SystemMessage, Text, UserMessage
from webhand.llm.model import Abilities, Model, Usage

LOOK = Text("look")
AS_DATA = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"


def with_picture(image: Image) -> list[UserMessage]:
    return [UserMessage(parts=(LOOK, image))]


async def test_case_01_text_goes_out_and_comes_back(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("hi there"))
    model = bench.build()

    done = await model.complete(TEXT)

    assert isinstance(model, Model)
    assert (done.output, done.text, done.stop, done.rung) == (None, "hi there", "stop", None)
    assert (done.usage.prompt, done.usage.completion) == (11, 7)
    assert done.model == model.name == f"{bench.vendor.name}/{bench.vendor.model}"
    assert done.request_id == bench.vendor.request_id
    assert done.seconds >= 0
    [request] = bench.wire.requests
    assert request.path == bench.vendor.path(bench.vendor.model)
    assert bench.vendor.key(request) in (KEY, None)
    assert bench.vendor.model_of(request) == bench.vendor.model
    assert bench.vendor.turns(request) == [("user", "hello")]
    assert bench.vendor.cap(request) == 8192
    assert bench.vendor.rung(request) == "prompt_only"


async def test_case_01_an_output_is_asked_for_firmly_and_validated(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig", "count": 3}'))

    done = await bench.build().complete(TEXT, Fruit)

    assert done.output == Fruit(name="fig", count=3)
    assert done.text == '{"name": "fig", "count": 3}'
    [request] = bench.wire.requests
    assert done.rung == bench.vendor.rung(request) == bench.vendor.rungs[0]


@offering("forced_tool")
async def test_case_01_the_arguments_of_a_forced_tool_are_the_answer(bench: Bench) -> None:
    bench.wire.will(bench.vendor.tool({"name": "fig", "count": 2}))
    done = await bench.build(structured="tool").complete(TEXT, Fruit)
    assert (done.output, done.rung, done.stop) == (Fruit(name="fig", count=2), "forced_tool", "tool")
    [request] = bench.wire.requests
    assert bench.vendor.rung(request) == "forced_tool"


@pytest.mark.parametrize("source", ["bytes", "file", "data address"])
async def test_case_02_picture_bytes_arrive_as_they_were(bench: Bench, source: str, tmp_path: Path) -> None:
    file = tmp_path / "picture.jpg"
    file.write_bytes(PNG)
    bench.wire.will(bench.vendor.reply("a fig"))
    given = {
        "bytes": Image(data=PNG, detail="low"),
        "file": Image(path=file, detail="low"),
        "data address": Image(url=AS_DATA, detail="low"),
    }

    await bench.build().complete(with_picture(given[source]))

    [request] = bench.wire.requests
    detail = "low" if bench.vendor.knows_detail else None
    assert bench.vendor.picture(request) == Picture(PNG, media_type="image/png", detail=detail)


async def test_case_03_a_picture_address_is_passed_on_or_fetched_once(bench: Bench, wire: Wire) -> None:
    wire.will(Answer(PNG, headers={"content-type": "text/plain"}))
    bench.wire.will(bench.vendor.reply("a fig"))
    url = f"{wire.url}/x.png?signed=1"
    model = bench.build()
    for _ in range(2):
        await model.complete(with_picture(Image(url=url)))
    seen = [bench.vendor.picture(request) for request in bench.wire.requests]
    if bench.vendor.takes_urls:
        assert seen == [Picture(url=url)] * 2
        assert wire.requests == []
        return
    assert seen == [Picture(PNG, media_type="image/png")] * 2
    [asked] = wire.requests
    assert asked.path == "/x.png?signed=1"
    assert KEY not in str(asked.headers), "the key is the vendor's alone"


@pytest.mark.parametrize("blind", ["note", "refuse"])
async def test_case_04_a_model_without_vision_gets_a_note_or_nothing(bench: Bench, blind: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    said = None if bench.vendor.blind else Abilities(vision=False)
    call = bench.build(bench.vendor.blind, pictures=blind, abilities=said).complete(with_picture(Image(data=PNG)))
    if blind == "refuse":
        with pytest.raises(UnsupportedInput, match="choose a model with vision"):
            await call
        assert bench.wire.requests == []
        return
    await call
    [request] = bench.wire.requests
    assert bench.vendor.texts(request) == ["look\n[A picture was left out: this model reads text only.]"]
    assert bench.vendor.picture(request) is None


async def test_case_05_detail_unset_is_not_sent(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("a fig"))
    await bench.build().complete(with_picture(Image(data=PNG)))
    [request] = bench.wire.requests
    assert "detail" not in str(request.body)
    assert bench.vendor.picture(request) == Picture(PNG, media_type="image/png")


async def test_case_06_system_messages_keep_their_order(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    rules = [SystemMessage(parts=(Text(text),)) for text in ("first", "second")]
    await bench.build().complete([*rules, *TEXT])
    [request] = bench.wire.requests
    assert "\n".join(bench.vendor.texts(request)) == "first\nsecond\nhello"
    assert {role for role, _ in bench.vendor.turns(request)[:-1]} == {"system"}


async def test_case_07_history_goes_out_in_turns(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    history = [*TEXT, AssistantMessage(parts=(Text("hi"),)), UserMessage(parts=(Text("go on"),))]
    await bench.build().complete(history)
    [request] = bench.wire.requests
    assert bench.vendor.turns(request) == [("user", "hello"), ("assistant", "hi"), ("user", "go on")]


async def test_case_07_a_page_is_sent_as_text_without_lone_surrogates(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build().complete([UserMessage(parts=(Text("task \ud83d"), PageView(text="[e1] button Go")))])
    [request] = bench.wire.requests
    assert bench.vendor.texts(request)[-1] == "task \ufffd\n[e1] button Go"


async def test_case_18_twenty_calls_at_once_do_not_mix(bench: Bench) -> None:
    def echo(request: Request) -> Answer:
        return bench.vendor.reply(bench.vendor.texts(request)[-1])

    bench.wire.will(echo)
    model = bench.build()
    texts = [f"call {number}" for number in range(20)]
    done = await asyncio.gather(*(model.complete([UserMessage(parts=(Text(text),))]) for text in texts))
    assert [one.text for one in done] == texts
    assert len(bench.wire.requests) == 20
    opened = bench.wire.connections
    await model.complete(TEXT)
    assert bench.wire.connections == opened, "the client and its connections are used again"


async def computed_during(work: asyncio.Future[Any]) -> list[float]:
    """How many seconds this thread computed from one tick of 10 ms to the next."""
    computed: list[float] = []
    while not work.done():
        before = time.thread_time()
        await asyncio.sleep(0.01)
        computed.append(time.thread_time() - before)
    return computed


@pytest.fixture
def nothing_collected() -> Iterator[None]:
    """No garbage is collected meanwhile: that of a long run of tests takes 50 ms and more."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("nothing_collected")
async def test_case_18_two_hundred_calls_at_once_neither_mix_nor_hold_the_loop(bench: Bench) -> None:
    """How late a tick comes says as much of the machine as of the code: told is what the loop's thread does meanwhile.

    The server computes in it too: up to 20 ms in all. Begun in one turn of the loop, the calls hold it for 200 to 350.
    """
    bench.wire.will(lambda request: bench.vendor.reply(bench.vendor.texts(request)[-1]))
    model = bench.build(timeout=60.0)
    await model.complete(TEXT)
    texts = [f"call {number} {'x' * 2000}" for number in range(200)]
    calls = asyncio.gather(*(model.complete([UserMessage(text)]) for text in texts))
    computed = await computed_during(calls)
    assert [done.text for done in await calls] == texts
    assert len(bench.wire.requests) == 201
    assert max(computed) < 0.1


async def test_case_18_a_closed_model_can_be_used_again(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build()
    for _ in range(2):
        assert (await model.complete(TEXT)).text == "ok"
        await model.aclose()
    assert (len(bench.wire.requests), bench.wire.connections) == (2, 2)


async def test_case_18_each_event_loop_has_its_own_connections(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build()

    async def elsewhere() -> str:
        done = await model.complete(TEXT)
        await model.aclose()
        return done.text

    await model.complete(TEXT)
    assert await asyncio.to_thread(asyncio.run, elsewhere()) == "ok"
    assert (await model.complete(TEXT)).text == "ok"
    assert (len(bench.wire.requests), bench.wire.connections) == (3, 2)


async def test_case_18_event_loops_leave_nothing_behind_when_they_end(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build()
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def elsewhere() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await asyncio.gather(*(model.complete(TEXT) for _ in range(3)))

    for _ in range(6):
        await asyncio.to_thread(asyncio.run, elsewhere())
    async with asyncio.timeout(10):
        await bench.wire.left()
    gc.collect()
    assert [loop() for loop in loops] == [None] * 6
    assert len(bench.wire.requests) == 18


async def test_case_19_usage_that_is_not_told_is_unknown(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ok", usage=False))
    assert (await bench.build().complete(TEXT)).usage == Usage()
    assert len(bench.wire.requests) == 1


async def test_case_20_an_unknown_stop_is_kept(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}', "paused_for_tea"))
    done = await bench.build().complete(TEXT, Fruit)
    assert (done.stop, done.raw_stop, done.output) == ("error", "paused_for_tea", Fruit(name="fig"))
    assert len(bench.wire.requests) == 1


async def test_case_21_an_unknown_model_goes_out_unchanged(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply('{"name": "fig"}'))
    model = bench.build("someone/brand-new:7b@x")
    assert (await model.complete(TEXT, Fruit)).output == Fruit(name="fig")
    [request] = bench.wire.requests
    assert bench.vendor.model_of(request) == "someone/brand-new:7b@x"
    assert request.path == bench.vendor.path("someone/brand-new:7b@x")
    assert model.prices is None


@pytest.mark.parametrize("key", [None, "", " \n"], ids=["unset", "empty", "blank"])
async def test_case_22_a_missing_key_is_told_when_the_model_is_built(bench: Bench, key: str | None) -> None:
    if bench.vendor.key_env is None:
        bench.wire.will(bench.vendor.reply("ok"))
        assert (await bench.build(api_key=key).complete(TEXT)).text == "ok"
        assert len(bench.wire.requests) == 1
        return
    with pytest.raises(MissingKey, match=rf"{bench.vendor.key_env}.*api_key="):
        bench.build(api_key=key)
    assert bench.wire.requests == []


async def test_case_22_all_vendors_take_the_same_arguments(bench: Bench) -> None:
    """What is None is as usual; what is no argument is told when the model is built."""
    bench.wire.will(bench.vendor.reply("ok"))
    nothing = dict.fromkeys(("timeout", "settings", "structured", "abilities", "max_concurrency", "api_key_env"))
    model = bench.build(**nothing)
    assert (await model.complete(TEXT)).text == "ok"
    assert len(bench.wire.requests) == 1
    assert model.timeout == bench.vendor.kind.usual_timeout
    with pytest.raises(TypeError, match="temperatur"):
        bench.build(temperatur=0)


async def test_case_22_the_key_is_read_from_the_vendors_variable(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(bench.vendor.key_env or "MY_KEY", KEY)
    bench.wire.will(bench.vendor.reply("ok"))
    more = {} if bench.vendor.key_env else {"api_key_env": "MY_KEY"}
    await bench.build(api_key=None, **more).complete(TEXT)
    [request] = bench.wire.requests
    assert bench.vendor.key(request) in (KEY, None)


@pytest.mark.parametrize("given", [True, False], ids=["given", "environment"])
async def test_case_10_a_wrong_key_is_told_by_where_it_came_from(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    monkeypatch.setenv("MY_KEY", KEY)
    bench.wire.will(bench.vendor.trouble("bad_key"))
    more = {"api_key": KEY} if given else {"api_key": None, "api_key_env": "MY_KEY"}
    with pytest.raises(AuthError, match=f"the key in {'api_key' if given else 'MY_KEY'} is not accepted; put a valid"):
        await bench.build(**more).complete(TEXT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"api_key": "sk-line\nbreak"},
        {"api_key": "sk-schlüssel"},
        {"base_url": "localhost:8000"},
        {"base_url": "host/v1"},
        {"base_url": "ftp://host/v1"},
        {"base_url": "http://"},
        {"base_url": "http://host:port/v1"},
        {"timeout": 0},
        {"timeout": float("inf")},
        {"structured": "yaml"},
        {"model": ""},
    ],
    ids=str,
)
def test_case_22_what_cannot_work_is_told_when_the_model_is_built(bench: Bench, wrong: dict[str, Any]) -> None:
    options: dict[str, Any] = {"api_key": KEY, "base_url": bench.vendor.address("http://127.0.0.1:1"), "model": "m"}
    with pytest.raises(InvalidSetting) as caught:
        bench.vendor.kind(**{**options, **bench.vendor.options, **wrong})
    assert "sk-" not in str(caught.value)
