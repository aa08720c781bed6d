"""A key is in nothing that an error path leaves behind, whatever the vendor sends back."""

import base64
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from urllib.parse import quote

import pytest

from tests.llm.providers.bench import TEXT, Bench, Fruit, on
from tests.llm.providers.double import KEY
from tests.llm.providers.wire import Answer, Wire
from webhand.errors import AuthError, BadRequest, LLMError, OutputInvalid
from webhand.llm.retry import RetryPolicy

HTML = {"content-type": "text/html"}
TOLD = f"the key {KEY} (Bearer {KEY})"


def page(status: int) -> Answer:
    return Answer(f"<html><title>{TOLD}</title><body>{TOLD}</body></html>".encode(), status, HTML)


PATHS: dict[str, Callable[[Bench], Answer]] = {
    **{
        f"status {status}": lambda bench, status=status: bench.vendor.error(status, TOLD, KEY)
        for status in (400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 498, 500, 502, 503, 504, 529)
    },
    "page with 401": lambda bench: page(401),
    "page with 502": lambda bench: page(502),
    "page with 200": lambda bench: page(200),
    "text with 400": lambda bench: Answer(TOLD.encode(), 400, {"content-type": "text/plain"}),
    "list of places": lambda bench: Answer({"detail": [{"loc": ["header", KEY], "msg": TOLD}]}, 422),
    "error in a success": lambda bench: Answer({"error": {"code": 401, "message": TOLD}}),
    "broken json": lambda bench: Answer(f'{{"error": "{TOLD}'.encode()),
    "half a body": lambda bench: Answer({"error": TOLD * 9}, drop=200),
    "drop": lambda bench: Answer(drop=0),
    "silence": lambda bench: Answer(hold=True),
}


def left_behind(error: LLMError) -> str:
    """All that a caller, a log or a report can read of an error."""
    chain = traceback.format_exception(error)
    return " ".join([str(error), repr(error), repr(error.args), repr(vars(error)), *chain])


async def test_case_10_no_error_path_shows_the_key(
    bench: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    patient = bench.build(retry=RetryPolicy(attempts=2, sleep=bench.waits))
    hasty = bench.build(retry=RetryPolicy(attempts=1), timeout=0.8)
    for path, answer in PATHS.items():
        bench.wire.will(answer(bench))
        model = hasty if path == "silence" else patient
        for output in (None, Fruit):
            asked = len(bench.wire.requests)
            with pytest.raises(LLMError) as caught:
                await model.complete(TEXT, output)
            assert KEY not in left_behind(caught.value), path
            assert len(bench.wire.requests) > asked, path
        assert KEY not in caplog.text, path
        assert KEY not in "".join(capfd.readouterr()), path
    assert KEY not in repr(patient) + repr(patient.endpoint) + repr(patient.way) + repr(patient.row)


@pytest.mark.parametrize("written", [KEY, base64.b64encode(KEY.encode()).decode(), KEY.encode().hex(), quote(KEY)])
async def test_case_10_a_key_is_not_shown_however_it_is_written(bench: Bench, written: str) -> None:
    bench.wire.will(bench.vendor.error(400, f"odd header: {written}"))
    with pytest.raises(LLMError, match="odd header") as caught:
        await bench.build().complete(TEXT)
    assert written not in left_behind(caught.value)
    assert len(bench.wire.requests) == 1


@pytest.mark.parametrize("before", [55, 65, 75, 185, 195])
async def test_case_10_no_piece_of_a_key_is_shown_where_a_text_is_cut(bench: Bench, before: int) -> None:
    key = "gateway0123456789abcdefgh"  # does not look like one
    title = f"{'long ' * before}"[:before] + key
    bench.wire.will(Answer(f"<html><title>{title}</title>".encode(), 403, HTML))
    with pytest.raises(LLMError) as caught:
        await bench.build(api_key=key).complete(TEXT)
    assert key[:9] not in left_behind(caught.value)


async def test_case_10_a_key_in_what_looks_like_an_answer_is_taken_out(bench: Bench) -> None:
    said = bench.vendor.reply(f"gateway trouble with {TOLD}")
    headers = {"x-request-id": KEY, "request-id": KEY, "x-amzn-requestid": KEY}
    bench.wire.will(replace(said, headers=headers))
    model = bench.build()
    done = await model.complete(TEXT)
    assert KEY not in repr(done)
    with pytest.raises(OutputInvalid, match="there is no JSON object") as caught:
        await model.complete(TEXT, Fruit)
    assert KEY not in left_behind(caught.value)
    assert len(bench.wire.requests) == 4


@on("compatible")
async def test_a_plain_word_that_stands_for_a_key_stays_in_answers(bench: Bench) -> None:
    bench.wire.will(bench.vendor.reply("ollama is a server"))
    assert (await bench.build(api_key="ollama").complete(TEXT)).text == "ollama is a server"


PASSWORD = "x@hunter-two/long word"
PAIR = f"anna:{PASSWORD}"
BASIC = base64.b64encode(PAIR.encode()).decode()


@on("compatible", "ollama")
@pytest.mark.parametrize(
    "repeated", [PASSWORD, PAIR, BASIC, f"http://{PAIR}@host"], ids=["word", "pair", "basic", "url"]
)
async def test_case_10_a_login_is_sent_as_one_and_shown_nowhere(
    bench: Bench, caplog: pytest.LogCaptureFixture, repeated: str
) -> None:
    caplog.set_level(logging.DEBUG)
    address = bench.wire.url.replace("://", f"://anna:{quote(PASSWORD, safe='@')}@")
    model = bench.build(api_key=None, base_url=bench.vendor.address(address))
    bench.wire.will(bench.vendor.reply(f"gateway trouble with {repeated}"))
    done = await model.complete(TEXT)
    bench.wire.will(bench.vendor.error(401, f"bad login {repeated}"))
    with pytest.raises(AuthError, match="the login in the address is not accepted; put a valid one there") as caught:
        await model.complete(TEXT)
    assert {request.headers["authorization"] for request in bench.wire.requests} == {f"Basic {BASIC}"}
    for secret in (PASSWORD, "hunter-two", BASIC):
        assert secret not in left_behind(caught.value) + repr(done)
        assert secret not in caplog.text


TOKEN = "gatewaySecret0123456789"
CUSTOM = f"X-Gateway-Token: {TOKEN}\nProxy-Authorization: Basic {BASIC}"


@on("openai", "anthropic", "groq")
async def test_case_10_secrets_in_headers_of_the_environment_are_not_shown(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setenv(f"{bench.vendor.name.upper()}_CUSTOM_HEADERS", f"{CUSTOM}\nX-Kind: plain")
    model = bench.build()
    bench.wire.will(bench.vendor.error(403, f"plain denied: {CUSTOM}"), bench.vendor.reply(f"plain words of {CUSTOM}"))
    with pytest.raises(LLMError, match="plain denied") as caught:
        await model.complete(TEXT)
    done = await model.complete(TEXT)
    assert done.text.startswith("plain words of")
    [first, _] = bench.wire.requests
    assert (first.headers["x-gateway-token"], first.headers["x-kind"]) == (TOKEN, "plain")
    for secret in (TOKEN, BASIC):
        assert secret not in left_behind(caught.value) + repr(done) + repr(model.endpoint) + caplog.text


@pytest.fixture
async def elsewhere() -> AsyncIterator[Wire]:
    """Another server, to which the first one sends its clients."""
    server = Wire()
    await server.start()
    yield server
    await server.stop()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_case_10_a_server_that_points_elsewhere_is_not_followed(
    bench: Bench, elsewhere: Wire, status: int
) -> None:
    bench.wire.will(Answer({}, status, {"location": f"{elsewhere.url}/v1/chat/completions"}))
    elsewhere.will(bench.vendor.error(400, "no"))
    with pytest.raises(BadRequest, match=r"points to 127\.0\.0\.1; check the base_url"):
        await bench.build().complete(TEXT)
    assert len(bench.wire.requests) == 1
    assert elsewhere.requests == [], "neither the key nor the prompt is anybody else's business"


@on("compatible", "deepseek", "openrouter", "azure", "azure-v1")
async def test_headers_meant_for_openai_do_not_take_the_place_of_the_own_key(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = ("Authorization", "authorization", "api-key", "Api-Key", "X-Other")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "\n".join(f"{name}: Bearer foreign" for name in foreign))
    bench.wire.will(bench.vendor.reply("ok"))
    assert (await bench.build().complete(TEXT)).text == "ok"
    [request] = bench.wire.requests
    assert bench.vendor.key(request) == KEY
    assert "foreign" not in str(request.headers)
