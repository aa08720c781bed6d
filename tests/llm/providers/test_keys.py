"""A key is in nothing that an error path leaves behind, whatever the vendor sends back."""

import logging
import traceback
from collections.abc import AsyncIterator, Callable

import pytest

from tests.llm.providers.bench import TEXT, Bench, Fruit
from tests.llm.providers.double import KEY
from tests.llm.providers.wire import Answer, Wire
from webhand.errors import LLMError
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


@pytest.fixture
async def elsewhere() -> AsyncIterator[Wire]:
    """Another server, to which the first one sends its clients."""
    server = Wire()
    await server.start()
    yield server
    await server.stop()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_case_10_a_server_that_points_elsewhere_does_not_take_the_key_there(
    bench: Bench, elsewhere: Wire, status: int
) -> None:
    bench.wire.will(Answer({}, status, {"location": f"{elsewhere.url}/v1/chat/completions"}))
    elsewhere.will(bench.vendor.error(400, "no"))
    with pytest.raises(LLMError):
        await bench.build(retry=RetryPolicy(attempts=1)).complete(TEXT)
    # Some SDKs follow, some do not.
    assert len(bench.wire.requests) == 1
    assert len(elsewhere.requests) <= 1
    assert all(KEY not in str(request.headers) for request in elsewhere.requests)
