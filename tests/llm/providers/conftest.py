import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.llm.providers.bench import DOUBLES, Bench
from tests.llm.providers.closed import Closed, Connects
from tests.llm.providers.tls import certificate, served_with
from tests.llm.providers.wire import Wire

CASE = re.compile(r"test_case_(\d+)_")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test of a case for the vendors that it concerns, unless the test names its own."""
    named = [marker for marker in metafunc.definition.iter_markers("parametrize") if marker.args[0] == "bench"]
    if "bench" in metafunc.fixturenames and not named:
        case = CASE.match(metafunc.function.__name__)
        number = int(case[1]) if case else 0
        concerned = [name for name, one in DOUBLES.items() if number not in one.lacks]
        metafunc.parametrize("bench", concerned, indirect=True)


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of the loopback servers that speak TLS."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def connects() -> Connects:
    """What is connected to in this process; what listens in cannot be taken out again, so there is one."""
    return Connects()


@pytest.fixture
def closed(connects: Connects) -> Iterator[Closed]:
    """An address where nobody listens."""
    address = Closed(connects)
    yield address
    address.close()


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    """A loopback server for a vendor that has no double."""
    server = Wire()
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bench(request: pytest.FixtureRequest, pem: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    double = DOUBLES[request.param]
    monkeypatch.setenv("AWS_CA_BUNDLE", str(pem))
    wire = Wire()
    await wire.start(served_with(pem) if double.secure else None)
    wire.aside = double.aside
    bench = Bench(wire, double)
    yield bench
    for model in bench.models:
        await model.aclose()
    await wire.stop()
