import re
from collections.abc import AsyncIterator

import pytest

from tests.llm.providers.bench import DOUBLES, Bench
from tests.llm.providers.wire import Wire

CASE = re.compile(r"test_case_(\d+)_")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a case for the vendors that it concerns, unless the test names its own."""
    named = [marker for marker in metafunc.definition.iter_markers("parametrize") if marker.args[0] == "bench"]
    if "bench" in metafunc.fixturenames and not named:
        case = CASE.match(metafunc.function.__name__)
        number = int(case[1]) if case else 0
        metafunc.parametrize("bench", [name for name in DOUBLES if number not in DOUBLES[name].lacks], indirect=True)


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
