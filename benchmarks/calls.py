"""How late a tick of 10 ms comes while two hundred model calls are made at once through one client.

    python -m benchmarks.calls [--vendor bedrock --vendor gemini] [--calls 200] [--length 2000]

The vendor is a loopback server in a process of its own that sends back what it is told. Prints the worst and the
median lateness of the same ticker for two seconds without calls, and during them; run it while the machine is quiet.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.llm.providers.bench import DOUBLES
from tests.llm.providers.double import KEY
from tests.llm.providers.tls import certificate, served_with
from tests.llm.providers.wire import Wire
from webhand.llm.messages import UserMessage


def serve(vendor: str, pem: Path, told: Connection) -> None:
    async def for_ever() -> None:
        double, wire = DOUBLES[vendor], Wire()
        wire.aside = double.aside
        wire.will(lambda request: double.reply(double.texts(request)[-1]))
        await wire.start(served_with(pem) if double.secure else None)
        told.send(wire.url)
        await asyncio.Event().wait()

    asyncio.run(for_ever())


async def lateness(until: asyncio.Future[Any]) -> list[float]:
    loop = asyncio.get_running_loop()
    late: list[float] = []
    while not until.done():
        due = loop.time() + 0.01
        await asyncio.sleep(0.01)
        late.append(loop.time() - due)
    return late


def shown(late: Sequence[float]) -> str:
    return f"{max(late) * 1000:.0f} ms at worst, {statistics.median(late) * 1000:.1f} ms in the middle"


async def measure(vendor: str, url: str, calls: int, length: int) -> None:
    double = DOUBLES[vendor]
    model = double.kind(double.model, api_key=KEY, base_url=double.address(url), **double.options)
    await model.complete([UserMessage("hello")])
    quiet = await lateness(asyncio.ensure_future(asyncio.sleep(2)))
    texts = [f"call {number} ".ljust(length, "x") for number in range(calls)]
    began = time.perf_counter()
    work = asyncio.gather(*(model.complete([UserMessage(text)]) for text in texts))
    busy = await lateness(work)
    seconds = time.perf_counter() - began
    assert [done.text for done in await work] == texts, "an answer went to another call"
    print(f"{vendor}: {calls} calls in {seconds:.2f} s; late {shown(busy)} (without calls {shown(quiet)})")
    await model.aclose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vendor", action="append", choices=sorted(DOUBLES))
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--length", type=int, default=2000, help="characters of each prompt")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pem = certificate(Path(folder))
        os.environ |= {"AWS_CA_BUNDLE": str(pem), "AWS_EC2_METADATA_DISABLED": "true"}
        for vendor in given.vendor or ["bedrock", "gemini", "openai", "anthropic"]:
            here, there = multiprocessing.Pipe()
            server = multiprocessing.Process(target=serve, args=(vendor, pem, there), daemon=True)
            server.start()
            asyncio.run(measure(vendor, here.recv(), given.calls, given.length))
            server.terminate()


if __name__ == "__main__":
    main()
