import os
import re
from collections.abc import AsyncIterator

import pytest

from tests.llm.providers.bench import DOUBLES, Bench
from tests.llm.providers.wire import Wire
from webhand.llm.catalog import providers

CASE = re.compile(r"test_case_(\d+)_")
FOREIGN = ("ANTHROPIC_", "AWS_", "AZURE_", "GEMINI_", "GOOGLE_", "GROQ_", "OLLAMA_", "OPENAI_")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a case for the vendors that it concerns, unless the test names its own."""
    named = [marker for marker in metafunc.definition.iter_markers("parametrize") if marker.args[0] == "bench"]
    if "bench" in metafunc.fixturenames and not named:
        case = CASE.match(metafunc.function.__name__)
        number = int(case[1]) if case else 0
        metafunc.parametrize("bench", [name for name in DOUBLES if number not in DOUBLES[name].lacks], indirect=True)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    keys = {row.api_key_env for row in providers().values()}
    for name in tuple(os.environ):
        if name.lower().endswith("_proxy") or name.startswith(FOREIGN) or name in keys:
            monkeypatch.delenv(name)
    # Else the SDK of Bedrock asks an address outside this machine for keys.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    server = Wire()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bench(wire: Wire, request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    bench = Bench(wire, DOUBLES[request.param])
    yield bench
    for model in bench.models:
        await model.aclose()
