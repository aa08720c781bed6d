"""What is special about Azure. The numbers are those of the contract's cases."""

import traceback
from collections.abc import Callable
from itertools import count

import pytest

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.doubles.azure import VERSION, AzureDouble
from tests.llm.providers.test_keys import left_behind
from tests.llm.providers.wire import Request
from webhand.errors import (
    AuthError,
    BadRequest,
    ContentBlocked,
    InvalidSetting,
    MissingKey,
    ModelNotFound,
    OutputInvalid,
)
from webhand.llm.model import ModelSettings
from webhand.secrets import Secret

CLASSIC = on("azure")
BOTH = on("azure", "azure-v1")


@CLASSIC
async def test_case_35_the_classic_address_names_deployment_and_version(bench: Bench[AzureDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build("dep").complete(TEXT)
    [request] = bench.wire.requests
    assert request.path == f"/openai/deployments/dep/chat/completions?api-version={VERSION}"
    assert request.headers["api-key"] == KEY
    assert "authorization" not in request.headers


@CLASSIC
@pytest.mark.parametrize("ending", ["", "/", "/openai/v1", "/openai/v1/"])
async def test_case_35_without_a_version_the_shared_address_is_asked(bench: Bench[AzureDouble], ending: str) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build("dep", api_version=None, base_url=bench.wire.url + ending).complete(TEXT)
    [request] = bench.wire.requests
    assert request.path == "/openai/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert "api-key" not in request.headers
    assert request.body["model"] == "dep"


@CLASSIC
async def test_case_35_an_address_that_says_v1_wins_over_a_version(
    bench: Bench[AzureDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_VERSION", VERSION)
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build("dep", api_version=None, base_url=f"{bench.wire.url}/openai/v1").complete(TEXT)
    await bench.build("dep", api_version=None).complete(TEXT)
    shared, classic = (request.path for request in bench.wire.requests)
    assert shared == "/openai/v1/chat/completions"
    assert classic == bench.vendor.path("dep")


@BOTH
async def test_case_35_a_token_is_asked_for_anew_at_each_request(bench: Bench[AzureDouble]) -> None:
    tokens = iter(f"token-{number}" for number in range(9))
    bench.wire.will(bench.vendor.reply("ok"))
    model = bench.build(api_key=None, azure_ad_token=Secret(lambda: next(tokens)))
    for _ in range(2):
        await model.complete(TEXT)
    first, second = (request.headers["authorization"] for request in bench.wire.requests)
    assert (first, second) == ("Bearer token-0", "Bearer token-1")
    assert all("api-key" not in request.headers for request in bench.wire.requests)


def out_of_order() -> str:
    raise RuntimeError("the vault with sk-hidden is shut")


@BOTH
@pytest.mark.parametrize(
    "later", [out_of_order, lambda: "sk-hidden\nbroken", lambda: ""], ids=["fails", "line", "empty"]
)
async def test_case_10_a_token_that_cannot_be_had_is_a_bad_key(
    bench: Bench[AzureDouble], later: Callable[[], str]
) -> None:
    with pytest.raises(AuthError, match=r"azure/gpt-4o: .*azure_ad_token") as caught:
        await bench.build(api_key=None, azure_ad_token=Secret(later)).complete(TEXT)
    assert bench.wire.requests == []
    assert bench.waits.seconds == []
    assert "sk-hidden" not in "".join(traceback.format_exception(caught.value))


TOKENS = ["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx{}MjM0NTY3In0.c2lnbmF0dXJl{}", "a-token-of-another-kind-{}"]


@BOTH
@pytest.mark.parametrize("kind", TOKENS, ids=["jwt", "other"])
@pytest.mark.parametrize("waits", [True, False], ids=["async", "plain"])
async def test_case_10_no_token_that_was_brought_is_shown(bench: Bench[AzureDouble], kind: str, waits: bool) -> None:
    numbers = count()

    async def later() -> str:
        return kind.format(number := next(numbers), number)

    model = bench.build(
        api_key=None,
        azure_ad_token=Secret(later if waits else lambda: kind.format(number := next(numbers), number)),
    )
    sent: list[str] = []

    def seen(request: Request) -> str:
        sent.append(request.headers["authorization"].removeprefix("Bearer "))
        return f"you sent {sent[-1]}"

    bench.wire.will(lambda request: bench.vendor.reply(seen(request)))
    for _ in range(2):
        assert (await model.complete(TEXT)).text == "you sent ***"
    with pytest.raises(OutputInvalid) as answered:
        await model.complete(TEXT, Fruit)
    bench.wire.will(lambda request: bench.vendor.error(401, seen(request)))
    with pytest.raises(AuthError, match=r"you sent \*\*\*") as refused:
        await model.complete(TEXT)
    assert sent == [kind.format(number, number) for number in range(len(sent))]
    assert not [one for one in sent if one in left_behind(answered.value) + left_behind(refused.value)]


@BOTH
async def test_case_22_a_token_may_stand_in_the_environment(
    bench: Bench[AzureDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "token-of-the-environment")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", bench.wire.url)
    bench.wire.will(bench.vendor.reply("ok"))
    await bench.build(api_key=None, base_url=None).complete(TEXT)
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    await bench.build(api_key=None, base_url=None).complete(TEXT)
    by_token, by_key = bench.wire.requests
    assert by_token.headers["authorization"] == "Bearer token-of-the-environment"
    assert bench.vendor.key(by_key) == KEY, "a key wins over a token"


@BOTH
@pytest.mark.parametrize("given", [True, False], ids=["given", "environment"])
async def test_case_10_a_wrong_token_is_told_by_where_it_came_from(
    bench: Bench[AzureDouble], monkeypatch: pytest.MonkeyPatch, given: bool
) -> None:
    bench.wire.will(bench.vendor.trouble("bad_key"))
    if not given:
        monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", KEY)
    model = bench.build(api_key=None, **({"azure_ad_token": KEY} if given else {}))
    source = "azure_ad_token" if given else "AZURE_OPENAI_AD_TOKEN"
    with pytest.raises(AuthError, match=f"the key in {source} is not accepted"):
        await model.complete(TEXT)


@BOTH
def test_case_22_a_variable_that_holds_nothing_hides_no_other(
    bench: Bench[AzureDouble], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", " ")
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", KEY)
    assert bench.build(api_key=None).endpoint.source == "AZURE_OPENAI_AD_TOKEN"
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", " ")
    with pytest.raises(MissingKey, match="set AZURE_OPENAI_API_KEY"):
        bench.build(api_key=None)


@BOTH
def test_case_22_what_is_missing_or_too_much_is_told(bench: Bench[AzureDouble]) -> None:
    with pytest.raises(InvalidSetting, match="AZURE_OPENAI_ENDPOINT"):
        bench.build(base_url=None)
    with pytest.raises(InvalidSetting, match="not both"):
        bench.build(azure_ad_token="t")
    with pytest.raises(MissingKey, match="AZURE_OPENAI_AD_TOKEN"):
        bench.build(api_key=None, azure_ad_token="")


OTHER_KEY = (
    "Unrecognized request argument supplied: max_completion_tokens",
    "Unsupported parameter: 'max_completion_tokens' is not supported with this model. Use 'max_tokens' instead.",
)


@BOTH
@pytest.mark.parametrize("words", OTHER_KEY)
async def test_the_cap_goes_by_the_name_that_the_deployment_knows(bench: Bench[AzureDouble], words: str) -> None:
    bench.wire.will(bench.vendor.error(400, words), bench.vendor.reply("ok"))
    model = bench.build()
    for _ in range(2):
        assert (await model.complete(TEXT)).text == "ok"
    caps = [{"max_tokens", "max_completion_tokens"} & set(request.body) for request in bench.wire.requests]
    assert caps == [{"max_completion_tokens"}, {"max_tokens"}, {"max_tokens"}], "it is found out once"


@BOTH
async def test_case_32_a_deployment_that_reasons_gets_the_cap_that_it_knows(bench: Bench[AzureDouble]) -> None:
    bench.wire.will(bench.vendor.reply("ok"))
    settings = ModelSettings(temperature=0, reasoning="low", max_tokens=99)
    await bench.build("gpt-5.4-mini", settings=settings).complete(TEXT)
    [request] = bench.wire.requests
    body = request.body
    assert (body["max_completion_tokens"], body["reasoning_effort"]) == (99, "low")
    assert not {"max_tokens", "temperature"} & set(body)


@BOTH
async def test_a_cap_under_neither_name_is_told(bench: Bench[AzureDouble]) -> None:
    bench.wire.will(bench.vendor.error(400, OTHER_KEY[0]))
    with pytest.raises(BadRequest, match="max_completion_tokens"):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 2


@BOTH
@pytest.mark.parametrize("output", [None, Fruit])
async def test_case_36_a_prompt_that_the_policy_stops_is_blocked(
    bench: Bench[AzureDouble], output: type[Fruit] | None
) -> None:
    bench.wire.will(bench.vendor.filtered())
    with pytest.raises(ContentBlocked) as caught:
        await bench.build().complete(TEXT, output)
    assert caught.value.code == "content_filter"
    assert len(bench.wire.requests) == 1


@BOTH
async def test_case_36_an_unknown_deployment_is_an_unknown_model(bench: Bench[AzureDouble]) -> None:
    bench.wire.will(bench.vendor.error(404, "The API deployment does not exist.", "DeploymentNotFound"))
    with pytest.raises(ModelNotFound, match="DeploymentNotFound"):
        await bench.build("dep").complete(TEXT)
    assert len(bench.wire.requests) == 1


@CLASSIC
def test_a_resumed_run_goes_to_the_same_address(bench: Bench[AzureDouble]) -> None:
    assert bench.build().way == {"base_url": bench.wire.url, "timeout": 20.0, "api_version": VERSION}
