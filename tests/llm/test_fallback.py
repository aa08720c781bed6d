"""Several models in the place of one: when the next is asked, and what is told of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.llm.providers.bench import TEXT, Fruit
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.anthropic import AnthropicDouble
from tests.llm.providers.doubles.openai import OpenAIDouble
from tests.llm.providers.wire import Answer, Waits, Wire
from webhand.errors import (
    AuthError,
    ContentBlocked,
    InvalidSetting,
    LLMError,
    MissingKey,
    OutputInvalid,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    RateLimited,
    SchemaRefused,
)
from webhand.llm.catalog import get_model
from webhand.llm.fallback import BRIEF, SURVIVABLE, FallbackModel
from webhand.llm.model import Abilities, Model
from webhand.llm.picture_size import PictureSize
from webhand.llm.providers.anthropic import AnthropicModel
from webhand.llm.providers.openai import OpenAIModel
from webhand.llm.retry import RetryPolicy
from webhand.llm.scripted import ScriptedModel
from webhand.llm.vendor import VendorModel
from webhand.usage import Usage

OPENAI, ANTHROPIC = OpenAIDouble(), AnthropicDouble()
FIG = '{"name": "fig"}'


class Pair:
    """Two vendors, each with a server of its own; neither tries anything twice."""

    def __init__(self, openai: Wire, anthropic: Wire) -> None:
        self.openai, self.anthropic = openai, anthropic
        self.waits = Waits()
        retry = RetryPolicy(attempts=1, sleep=self.waits)
        self.first = OpenAIModel("gpt-6-luna", api_key=KEY, base_url=OPENAI.address(openai.url), retry=retry)
        self.second = AnthropicModel("claude-sonnet-5-5", api_key=KEY, base_url=anthropic.url, retry=retry)

    def model(self, **options: Any) -> FallbackModel:
        return FallbackModel([self.first, self.second], **options)

    @property
    def asked(self) -> tuple[int, int]:
        return len(self.openai.requests), len(self.anthropic.requests)


@pytest.fixture
async def pair() -> AsyncIterator[Pair]:
    one, other = Wire(), Wire()
    await one.start()
    await other.start()
    pair = Pair(one, other)
    other.will(ANTHROPIC.reply(FIG))
    yield pair
    await pair.model().aclose()
    await one.stop()
    await other.stop()


@pytest.mark.parametrize(
    "trouble",
    [
        OPENAI.trouble("throttled"),
        OPENAI.trouble("busy"),
        OPENAI.trouble("no_credit"),
        OPENAI.trouble("schema_refused"),
        OPENAI.error(502, "bad gateway"),
        OPENAI.error(504, "gateway timeout"),
        Answer(drop=0),
    ],
    ids=["rate limit", "overload", "no credit", "refused schema", "outage", "timeout", "broken off"],
)
async def test_what_another_vendor_survives_is_asked_of_the_next(pair: Pair, trouble: Answer) -> None:
    pair.openai.will(trouble)
    done = await pair.model().complete(TEXT, Fruit)
    assert done.output == Fruit(name="fig")
    assert done.model == "anthropic/claude-sonnet-5-5"
    assert pair.asked[1] == 1


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (OPENAI.trouble("bad_key"), AuthError),
        (OPENAI.trouble("blocked"), ContentBlocked),
        (OPENAI.trouble("bad_request"), LLMError),
        (OPENAI.trouble("no_model"), LLMError),
    ],
    ids=["wrong key", "blocked", "wrong request", "no model"],
)
async def test_what_is_the_developers_to_mend_is_raised_as_it_is(
    pair: Pair, trouble: Answer, error: type[LLMError]
) -> None:
    pair.openai.will(trouble)
    with pytest.raises(error, match=r"^openai/gpt-6-luna"):
        await pair.model().complete(TEXT, Fruit)
    assert pair.asked == (1, 0)


async def test_the_price_is_that_of_the_one_that_answered(pair: Pair) -> None:
    pair.openai.will(OPENAI.trouble("busy"))
    done = await pair.model().complete(TEXT, Fruit)
    assert done.usage == Usage(prompt=11, completion=7)
    prices = pair.second.prices
    assert prices is not None
    assert done.cost == prices.cost(done.usage) == Decimal("0.000092")


async def test_what_was_paid_before_a_model_failed_is_added(pair: Pair) -> None:
    pair.openai.will(OPENAI.reply("no fruit"), OPENAI.trouble("busy"))
    done = await pair.model().complete(TEXT, Fruit)
    assert done.usage == Usage(prompt=22, completion=14)
    one, other = pair.first.prices, pair.second.prices
    assert one is not None
    assert other is not None
    each = Usage(prompt=11, completion=7)
    assert done.cost == (one.cost(each) or 0) + (other.cost(each) or 0)


async def test_when_none_answers_each_is_named(pair: Pair) -> None:
    pair.openai.will(OPENAI.trouble("throttled", headers={"retry-after": "9"}))
    pair.anthropic.will(ANTHROPIC.error(529, "x" * 900, headers={"retry-after": "4"}))
    with pytest.raises(Overloaded) as caught:
        await pair.model().complete(TEXT, Fruit)
    text = str(caught.value)
    assert text.startswith("no model answered: openai/gpt-6-luna: too many requests")
    assert "anthropic/claude-sonnet-5-5: the vendor is overloaded" in text
    assert len(text) < 500
    assert (caught.value.provider, caught.value.retry_after) == ("anthropic", 4)
    assert isinstance(caught.value.__cause__, Overloaded)
    assert pair.asked == (1, 1)


async def test_a_wrong_key_of_the_second_names_why_the_first_failed(pair: Pair) -> None:
    pair.openai.will(OPENAI.trouble("busy"))
    pair.anthropic.will(ANTHROPIC.trouble("bad_key"))
    with pytest.raises(AuthError, match=r"openai/gpt-6-luna: .*overloaded.*; anthropic/claude-sonnet-5-5: the key"):
        await pair.model().complete(TEXT)


async def test_one_that_failed_rests_and_is_asked_again_afterwards(pair: Pair) -> None:
    now = 0.0
    model = pair.model(clock=lambda: now)
    pair.openai.will(OPENAI.trouble("throttled", headers={"retry-after": "90"}), OPENAI.reply(FIG))
    await model.complete(TEXT, Fruit)
    await model.complete(TEXT, Fruit)
    assert pair.asked == (1, 2)
    now = 89.0
    await model.complete(TEXT, Fruit)
    assert pair.asked == (1, 3)
    now = 91.0
    assert (await model.complete(TEXT, Fruit)).model == "openai/gpt-6-luna"


async def test_who_waits_for_a_place_does_not_ask_a_model_that_has_failed_by_then(pair: Pair) -> None:
    pair.openai.will(OPENAI.trouble("busy"))
    pair.first.max_concurrency = 1
    model = pair.model()
    done = await asyncio.gather(*(model.complete(TEXT, Fruit) for _ in range(6)))
    assert [one.model for one in done] == ["anthropic/claude-sonnet-5-5"] * 6
    assert pair.asked == (1, 6)


async def test_who_waits_for_a_place_asks_a_model_that_is_well(pair: Pair) -> None:
    pair.openai.will(OPENAI.reply(FIG))
    pair.first.max_concurrency = 1
    model = pair.model()
    given_up, *calls = [asyncio.create_task(model.complete(TEXT, Fruit)) for _ in range(6)]
    await pair.openai.asked(1)
    given_up.cancel()
    assert {(await call).model for call in calls} == {"openai/gpt-6-luna"}
    assert pair.asked == (6, 0)


async def test_when_all_rest_who_waits_for_a_place_still_asks(pair: Pair) -> None:
    pair.openai.will(OPENAI.trouble("busy"))
    pair.anthropic.will(ANTHROPIC.trouble("busy"))
    pair.first.max_concurrency = pair.second.max_concurrency = 1
    model = pair.model()
    ends = await asyncio.gather(*(model.complete(TEXT) for _ in range(4)), return_exceptions=True)
    assert [type(end) for end in ends] == [Overloaded] * 4
    assert pair.asked == (4, 4)


async def test_a_wait_without_end_is_a_rest_of_an_hour(pair: Pair) -> None:
    now = 0.0
    model = pair.model(clock=lambda: now)
    pair.openai.will(OPENAI.trouble("throttled", headers={"retry-after": "1e300"}), OPENAI.reply(FIG))
    await model.complete(TEXT, Fruit)
    now = 3599.0
    assert (await model.complete(TEXT, Fruit)).model == "anthropic/claude-sonnet-5-5"
    now = 3601.0
    assert (await model.complete(TEXT, Fruit)).model == "openai/gpt-6-luna"


async def test_when_all_rest_the_one_that_rests_shortest_is_asked_first(pair: Pair) -> None:
    model = pair.model(clock=lambda: 0.0)
    pair.openai.will(OPENAI.trouble("throttled", headers={"retry-after": "90"}), OPENAI.reply(FIG))
    pair.anthropic.will(ANTHROPIC.trouble("busy"), ANTHROPIC.reply(FIG))
    with pytest.raises(Overloaded):
        await model.complete(TEXT, Fruit)
    assert (await model.complete(TEXT, Fruit)).model == "anthropic/claude-sonnet-5-5"


async def test_one_kind_of_error_and_models_one_by_one_will_do(pair: Pair) -> None:
    pair.openai.will(OPENAI.trouble("busy"))
    model = FallbackModel(iter([pair.first, pair.second]), on=Overloaded)
    assert (await model.complete(TEXT, Fruit)).model == "anthropic/claude-sonnet-5-5"
    assert model.way["on"] == ["Overloaded"]


async def test_a_clock_that_tells_no_time_is_told(pair: Pair) -> None:
    with pytest.raises(InvalidSetting, match="what clock gives is of type str"):
        await pair.model(clock=lambda: "noon").complete(TEXT)


async def test_which_errors_move_on_can_be_chosen(pair: Pair) -> None:
    pair.openai.will(OPENAI.reply("no fruit today"))
    with pytest.raises(OutputInvalid):
        await pair.model().complete(TEXT, Fruit)
    done = await pair.model(on=[OutputInvalid]).complete(TEXT, Fruit)
    assert done.model == "anthropic/claude-sonnet-5-5"
    pair.openai.will(OPENAI.trouble("busy"))
    with pytest.raises(Overloaded):
        await pair.model(on=[OutputInvalid]).complete(TEXT, Fruit)


def able(**more: Any) -> ScriptedModel:
    return ScriptedModel([], abilities=Abilities(**more))


def test_the_abilities_are_those_that_all_have() -> None:
    sizes = PictureSize(edge=2048, side=768, patch=32, patches=2500), PictureSize(edge=1568, patch=28, patches=1568)
    one = able(vision=True, reasoning=True, context=9_000, picture=sizes[0])
    other = able(vision=False, reasoning=True, tools=False, context=4_000, picture=sizes[1])
    assert FallbackModel([one, other]).abilities == Abilities(
        vision=False,
        reasoning=True,
        tools=False,
        context=4_000,
        picture=PictureSize(edge=1568, side=768, patch=28, patches=1568),
    )


def test_a_name_with_commas_makes_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("GROQ_API_KEY", KEY)
    model = get_model("openai/gpt-6-luna, groq/openai/gpt-oss-20b,offline", timeout=7)
    assert isinstance(model, FallbackModel)
    assert isinstance(model, Model)
    assert model.name == "openai/gpt-6-luna, groq/openai/gpt-oss-20b, offline"
    assert get_model(model.name).name == model.name
    assert [one.timeout for one in model.models if isinstance(one, VendorModel)] == [7, 7]
    assert [one.retry for one in model.models if isinstance(one, VendorModel)] == [BRIEF, BRIEF]


def test_the_last_of_several_names_is_patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    for model in (get_model("openai/a,openai/b"), FallbackModel(["openai/a", "openai/b"])):
        assert isinstance(model, FallbackModel)
        assert [one.retry for one in model.models if isinstance(one, VendorModel)] == [BRIEF, RetryPolicy()]


def test_the_way_leads_to_the_same_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    given: Sequence[Model] = [
        get_model("compatible/a", base_url="http://127.0.0.1:1/v1", timeout=3),
        get_model("openai/b", base_url="http://127.0.0.1:2/v1"),
    ]
    model = FallbackModel(given, on=[Overloaded])
    again = get_model(model.name, **model.way)
    assert isinstance(again, FallbackModel)
    assert again.way == model.way
    assert [one.endpoint.base_url for one in again.models if isinstance(one, VendorModel)] == [
        "http://127.0.0.1:1/v1",
        "http://127.0.0.1:2/v1",
    ]
    assert KEY not in str(model.way) + repr(model)


def test_what_cannot_work_is_told_when_it_is_built() -> None:
    one = ScriptedModel([])
    for models in ([], "openai/gpt-6-luna", [one, FallbackModel([one])]):
        with pytest.raises(InvalidSetting):
            FallbackModel(models)
    for kinds in ([AuthError], [RateLimited, LLMError]):
        with pytest.raises(InvalidSetting, match="wrong key"):
            FallbackModel([one], on=kinds)
    with pytest.raises(InvalidSetting, match="base_url can belong to one model only"):
        get_model("openai/a, groq/b", base_url="http://127.0.0.1:1/v1")
    with pytest.raises(MissingKey, match="OPENAI_API_KEY"):
        FallbackModel([one, "openai/a"])
    with pytest.raises(InvalidSetting, match="'KeyError' is no error of models"):
        get_model("compatible/a, compatible/b", ways=[{"base_url": "http://a/v1"}] * 2, on=["KeyError"])


def test_the_errors_that_move_on() -> None:
    survivable = {RateLimited, Overloaded, ProviderTimeout, ProviderUnavailable, QuotaExhausted, SchemaRefused}
    assert set(SURVIVABLE) == survivable
    assert "on" not in FallbackModel([ScriptedModel([])], on=survivable).way
    assert FallbackModel([ScriptedModel([])], on=[Overloaded]).way["on"] == ["Overloaded"]
