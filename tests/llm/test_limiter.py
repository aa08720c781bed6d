"""What one call learns of an account's limits, all calls of the process keep to."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from tests.llm.providers.bench import TEXT
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.openai import OpenAIDouble
from tests.llm.providers.wire import Answer, Waits, Wire
from webhand.errors import InvalidSetting, RateLimited
from webhand.llm import limiter
from webhand.llm.allowance import Allowance, Bucket
from webhand.llm.endpoint import Endpoint
from webhand.llm.limiter import Limiter, shared_limiter
from webhand.llm.patience import Patience
from webhand.llm.providers.openai import OpenAIModel
from webhand.llm.retry import RetryPolicy
from webhand.secrets import Secret
from webhand.usage import Usage

OPENAI = OpenAIDouble()
USED_UP = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "7s"}
SLOWLY = {**USED_UP, "x-ratelimit-limit-requests": "2", "x-ratelimit-reset-requests": "60s"}


def telling(headers: Mapping[str, str]) -> Answer:
    return Answer(OPENAI.reply("ok").body, headers=headers)


class Agents:
    """Models of several agents on one server; each sleeps with a sleeper of its own."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.made: list[OpenAIModel] = []

    def model(self, waits: Waits, key: str = KEY, name: str = "gpt-6-luna", **more: Any) -> OpenAIModel:
        options: dict[str, Any] = {"retry": RetryPolicy(sleep=waits), **more}
        self.made.append(OpenAIModel(name, api_key=key, base_url=OPENAI.address(self.wire.url), **options))
        return self.made[-1]


@pytest.fixture
async def agents() -> AsyncIterator[Agents]:
    wire = Wire()
    await wire.start()
    agents = Agents(wire)
    yield agents
    for model in agents.made:
        await model.aclose()
    await wire.stop()


async def test_a_second_agent_waits_until_there_is_something_left(agents: Agents) -> None:
    agents.wire.will(telling(USED_UP), OPENAI.reply("ok"))
    first, second = Waits(), Waits()
    await agents.model(first).complete(TEXT)
    await agents.model(second).complete(TEXT)
    assert first.seconds == []
    [waited] = second.seconds
    assert 6 < waited <= 7
    assert len(agents.wire.requests) == 2


async def test_a_limit_that_fills_evenly_is_waited_for_no_longer_than_needed(agents: Agents) -> None:
    agents.wire.will(telling(SLOWLY))
    await agents.model(Waits()).complete(TEXT)
    waits = Waits()
    await agents.model(waits).complete(TEXT)
    [waited] = waits.seconds
    assert 0 < waited <= 30, "one of two comes back in half the time"


async def test_a_throttle_holds_the_others_back_too(agents: Agents) -> None:
    agents.wire.will(OPENAI.trouble("throttled", headers={"retry-after": "9"}), OPENAI.reply("ok"))
    with pytest.raises(RateLimited):
        await agents.model(Waits(), retry=RetryPolicy(attempts=1)).complete(TEXT)
    waits = Waits()
    model = agents.model(waits)
    await model.complete(TEXT)
    await model.complete(TEXT)
    [waited] = waits.seconds
    assert 8 < waited <= 9
    assert len(agents.wire.requests) == 3, "an answer that came through ends it"


@pytest.mark.parametrize("other", [{"key": "sk-another-key"}, {"name": "gpt-6-sol"}], ids=["key", "model"])
async def test_another_key_or_model_has_limits_of_its_own(agents: Agents, other: dict[str, str]) -> None:
    agents.wire.will(telling(USED_UP))
    await agents.model(Waits()).complete(TEXT)
    waits = Waits()
    await agents.model(waits, **other).complete(TEXT)
    assert waits.seconds == []


async def test_a_wait_above_the_budget_is_told_and_nothing_is_sent(agents: Agents) -> None:
    agents.wire.will(telling(USED_UP))
    await agents.model(Waits()).complete(TEXT)
    waits = Waits()
    impatient = agents.model(waits, retry=RetryPolicy(budget=3, sleep=waits))
    with pytest.raises(RateLimited, match=r"openai/gpt-6-luna: other calls .* [67]\.\d s more") as caught:
        await impatient.complete(TEXT)
    assert 6 < (caught.value.retry_after or 0) <= 7
    assert (waits.seconds, len(agents.wire.requests)) == ([], 1)


async def test_tokens_are_counted_by_the_size_of_the_last_call(agents: Agents) -> None:
    left = {"x-ratelimit-remaining-tokens": "17", "x-ratelimit-reset-tokens": "5s"}
    agents.wire.will(telling({}), telling(left))
    model = agents.model(Waits())
    agents.wire.will(OPENAI.reply("ok"), telling(left))
    await model.complete(TEXT)
    await model.complete(TEXT)
    waits = Waits()
    await agents.model(waits).complete(TEXT)
    assert len(waits.seconds) == 1, "18 tokens do not go into 17"


async def test_many_agents_share_what_is_left(agents: Agents) -> None:
    """Five calls are left, then one comes back every nine seconds."""
    left = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "5",
        "x-ratelimit-reset-requests": "495s",
    }
    agents.wire.will(telling(left), OPENAI.reply("ok"))
    await agents.model(Waits()).complete(TEXT)
    waits = [Waits() for _ in range(11)]
    await asyncio.gather(*(agents.model(one).complete(TEXT) for one in waits))
    slept = [sum(one.seconds) for one in waits]
    assert slept[:5] == [0] * 5
    assert slept[5:] == pytest.approx(range(9, 63, 9), abs=8.9)
    assert len(agents.wire.requests) == 12


class Gate:
    """Calls that stay under way until they are let go."""

    def __init__(self, shared: Limiter, most: int | None) -> None:
        self.shared, self.most = shared, most
        self.running: list[int] = []
        self.over = asyncio.Event()

    async def call(self, number: int) -> None:
        async with self.shared.turn(Patience(0, asyncio.sleep), self.most):
            self.running.append(number)
            await self.over.wait()


async def settled() -> None:
    """Everything that can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_no_more_calls_than_allowed_are_under_way_and_none_overtakes() -> None:
    gate = Gate(Limiter(), 2)
    calls = [asyncio.create_task(gate.call(number)) for number in range(6)]
    await settled()
    assert gate.running == [0, 1]
    calls[3].cancel()
    calls[1].cancel()
    await settled()
    assert gate.running == [0, 1, 2], "a cancelled call gives its place to the next"
    gate.over.set()
    await asyncio.gather(*calls, return_exceptions=True)
    assert gate.running == [0, 1, 2, 4, 5]


async def test_the_first_in_line_may_be_cancelled_while_it_waits() -> None:
    shared = Limiter()
    shared.told(USED_UP)
    asleep = asyncio.Event()

    async def sleep_for_ever(seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    async def call(sleep: Any) -> None:
        async with shared.turn(Patience(120, sleep)):
            pass

    waits = Waits()
    first, second = asyncio.create_task(call(sleep_for_ever)), asyncio.create_task(call(waits))
    await asleep.wait()
    first.cancel()
    await second
    assert len(waits.seconds) == 1
    assert first.cancelled()


async def test_waiting_for_a_place_is_not_counted_against_the_budget() -> None:
    shared = Limiter()
    gate = Gate(shared, 1)
    busy = asyncio.create_task(gate.call(0))
    await settled()
    patience = Patience(0, asyncio.sleep)

    async def call() -> float:
        async with shared.turn(patience, 1):
            return patience.spent

    waiting = asyncio.create_task(call())
    await asyncio.sleep(0.05)
    gate.over.set()
    assert await waiting < 0.04
    await busy


async def test_who_has_no_bound_does_not_wait_for_those_who_have_one() -> None:
    shared, patience = Limiter(), Patience(120, Waits())
    over, inside = asyncio.Event(), asyncio.Event()

    async def call(most: int | None) -> None:
        async with shared.turn(patience, most):
            inside.set()
            await over.wait()

    first = asyncio.create_task(call(1))
    await inside.wait()
    second = asyncio.create_task(call(1))
    await asyncio.sleep(0)
    inside.clear()
    free = asyncio.create_task(call(None))
    await asyncio.wait_for(inside.wait(), 5)
    over.set()
    await asyncio.gather(first, second, free)


async def test_waiting_for_others_in_line_ends_with_the_budget() -> None:
    shared = Limiter()
    shared.told({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "30s"})
    gate = asyncio.Event()

    async def slow(seconds: float) -> None:
        await gate.wait()

    async def call(budget: float) -> None:
        async with shared.turn(Patience(budget, slow)):
            pass

    patient = asyncio.create_task(call(120))
    await asyncio.sleep(0)
    with pytest.raises(RateLimited, match="make fewer calls at once, or raise the budget"):
        await asyncio.wait_for(call(0.05), 5)
    patient.cancel()


def test_a_size_that_is_not_known_leaves_the_last_one() -> None:
    shared = Limiter()
    shared.used(Usage(prompt=100, completion=10))
    shared.used(Usage())
    shared.told({"x-ratelimit-remaining-tokens": "50", "x-ratelimit-reset-tokens": "5s"})
    assert asyncio.run(_waited(shared)) == 1


async def _waited(shared: Limiter) -> int:
    waits = Waits()
    async with shared.turn(Patience(120, waits)):
        return len(waits.seconds)


FAR = {"anthropic-ratelimit-input-tokens-reset": "2090-01-01T00:00:00Z"}


class Telling(Bucket):
    """A limit during a look at which another thread tells of one more."""

    def __init__(self, shared: Limiter) -> None:
        super().__init__(Allowance("requests", 5, 1), 0)
        self.shared = shared

    def wait(self, need: float, now: float) -> float:
        self.shared.told({"x-ratelimit-remaining-tokens": "50", "x-ratelimit-reset-tokens": "5s"})
        return super().wait(need, now)

    def take(self, amount: float, now: float) -> None:
        self.shared.told({"anthropic-ratelimit-input-tokens-remaining": "50"} | FAR)
        super().take(amount, now)


async def test_a_thread_may_tell_of_a_limit_while_another_looks_at_them() -> None:
    shared = Limiter()
    shared._buckets["requests"] = Telling(shared)  # pyright: ignore[reportPrivateUsage]
    async with shared.turn(Patience(120, Waits())):
        pass
    assert len(shared._buckets) == 3  # pyright: ignore[reportPrivateUsage]


def test_limits_are_shared_by_address_key_and_model_and_forgotten_with_their_models() -> None:
    one = Endpoint("https://host.example/v1", Secret(KEY), None)
    first = shared_limiter(one, "m")
    assert shared_limiter(Endpoint("https://host.example/v1", Secret(KEY), "OTHER_VARIABLE"), "m") is first
    other_key = Endpoint("https://host.example/v1", Secret("k2"), None)
    for other in (other_key, Endpoint("https://h2.example/v1", Secret(KEY), None)):
        assert shared_limiter(other, "m") is not first
    assert KEY not in str(dict(limiter._LIMITERS))  # pyright: ignore[reportPrivateUsage]


@pytest.mark.parametrize("most", [0, -1])
def test_a_bound_that_lets_nothing_through_is_told(most: int) -> None:
    with pytest.raises(InvalidSetting, match="max_concurrency"):
        OpenAIModel("m", api_key=KEY, max_concurrency=most)


async def test_a_bound_holds_for_all_models_with_the_key(agents: Agents) -> None:
    most = running = 0

    class Counting(OpenAIModel):
        async def ask(self, messages: Any, ask: Any) -> Any:
            nonlocal most, running
            running += 1
            most = max(most, running)
            try:
                return await super().ask(messages, ask)
            finally:
                running -= 1

    agents.wire.will(OPENAI.reply("ok"))
    base_url = OPENAI.address(agents.wire.url)
    models = [Counting("m", api_key=KEY, base_url=base_url, max_concurrency=3) for _ in range(5)]
    agents.made += models
    await asyncio.gather(*(model.complete(TEXT) for model in models for _ in range(4)))
    assert most == 3
    assert models[0].way["max_concurrency"] == 3


ABSURD = ("-1", "nan", "inf", "-inf", "1e400", "1e308", "5e-324", str(10**400), "9" * 9000, "\u0661", "0x10", "1_0", "")


@pytest.mark.parametrize(
    "names",
    [
        ("x-ratelimit-{}-tokens", "x-ratelimit-{}-requests"),
        ("anthropic-ratelimit-tokens-{}", "anthropic-ratelimit-output-tokens-{}"),
        ("x-ratelimit-{}",),
    ],
    ids=["chat", "anthropic", "openrouter"],
)
async def test_no_header_breaks_later_calls(names: Sequence[str]) -> None:
    usual = {"remaining": "5", "limit": "10", "reset": "1s"}
    for odd in ABSURD:
        for figures in (dict.fromkeys(usual, odd), *(usual | {name: odd} for name in usual)):
            shared = Limiter()
            shared.used(Usage(prompt=10**12, completion=10**12))
            shared.told({name.format(part): value for name in names for part, value in figures.items()})
            waits = Waits()
            for _ in range(2):
                async with shared.turn(Patience(120, waits)):
                    pass
            assert all(0 < seconds <= 60 for seconds in waits.seconds), figures
