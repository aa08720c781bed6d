"""Cuts a run at every place where it waits, and looks at what is left: tasks, browser processes, an open log.

    python benchmarks/cancel.py --every 1 --cuts 2

One line for each place. A run is cancelled there, and with --cuts above 1 again at the next places where it waits.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.agent.conftest import Counted, awaited, browsers
from webhand import Agent, BrowserConfig, RunStore
from webhand.testing import DemoShop

TASK = 'click "Sign in", type "anna" into "User name", type "boots-and-tea" into "Password", tell me the heading'


@dataclass(frozen=True)
class Outcome:
    """What a run that was cut left behind; `seconds` from the cut to the end."""

    cancelled: bool
    tasks: int
    browsers: int
    status: str
    seconds: float

    @property
    def clean(self) -> bool:
        """Whether nothing is left."""
        return self.cancelled and not self.tasks and not self.browsers and self.status in ("none", "stopped", "done")


async def cut(shop: DemoShop, folder: Path, at: int, cuts: int) -> tuple[Outcome, int]:
    """The outcome of a run that is cancelled at its wait number `at` (0: never), and how often it waited."""
    before = asyncio.all_tasks()
    began = [time.monotonic()]

    def waits(number: int) -> None:
        if at and at <= number < at + cuts:
            began[0] = began[0] if number > at else time.monotonic()
            asyncio.get_running_loop().call_soon(task.cancel)

    with RunStore(folder) as store:
        agent = Agent(TASK, "offline", browser=BrowserConfig(), start_url=shop.url, store=store)
        counted = Counted(agent.run(), waits)
        task = asyncio.create_task(awaited(counted))
        await asyncio.wait({task})
        seconds = time.monotonic() - began[0]
        runs = store.runs()
        ended = [event.data["status"] for run in runs for event in store.events(run.id) if event.type == "run.ended"]
        status = "none" if not runs else ended[0] if len(ended) == 1 else f"{len(ended)} ends"
    left = asyncio.all_tasks() - before - {task}
    return Outcome(task.cancelled(), len(left), len(browsers()), status, seconds), counted.waits


async def measure(every: int, cuts: int) -> int:
    """Cut at each place, print a line for it; the number of places where something was left."""
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        async with DemoShop() as shop:
            _, length = await cut(shop, Path(folder, "whole"), 0, 0)
            print(f"a run waits {length} times; cut at every {every}., {cuts} times in a row")
            for at in range(1, length + 1, every):
                outcome, _ = await cut(shop, Path(folder, str(at)), at, cuts)
                # A run that was quicker this time may be over before it comes to its last waits.
                fine = outcome.clean or (not outcome.cancelled and at > length * 0.9 and outcome.status == "done")
                bad += not fine
                print(f"{at:5d}  {'clean' if fine else 'LEFT '}  {outcome.seconds:5.2f} s  {outcome}")
    print(f"{bad} places with something left")
    return bad


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="cut at every so-many-th place (1)")
    parser.add_argument("--cuts", type=int, default=1, help="cancellations in a row (1)")
    given = parser.parse_args()
    sys.exit(1 if asyncio.run(measure(given.every, given.cuts)) else 0)


if __name__ == "__main__":
    main()
