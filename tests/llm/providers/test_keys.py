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
from webhand.errors import BadRequest, LLMError, OutputInvalid
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
