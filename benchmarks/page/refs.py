"""References on pages that change all the time, played for long: no click may reach another thing than was named.

    python -m benchmarks.page.refs [--tries 10000] [--seed 1] [--together 8]

The game is that of tests/browser/test_twins.py, many times over. Of each try the page tells where the click arrived: a
hit, nowhere because the reference was refused as stale (or what it names cannot be clicked), or at another thing, which
is a wrong hit. Exits with 1 when there was a wrong hit or a game that broke off.
"""

import argparse
import asyncio
import sys
import time
from dataclasses import dataclass, field
from random import Random

from playwright.async_api import Error as PlaywrightError
from rich.progress import track

from tests.browser.test_twins import Tally, play
from webhand import Browser
from webhand.errors import WebhandError

GAME = 100
"""Clicks until a page begins anew, with other things."""


@dataclass
class Total:
    """How the tries of all games ended."""

    hits: int = 0
    stale: int = 0
    wrong: int = 0
    broken: list[str] = field(default_factory=list[str])
    """What games broke off with."""

    def add(self, tally: Tally) -> None:
        """Count a game that came to its end."""
        self.hits += tally.right
        self.stale += tally.refused
        self.wrong += tally.wrong

    @property
    def tries(self) -> int:
        """All clicks."""
        return self.hits + self.stale + self.wrong


async def measure(tries: int, seed: int, together: int) -> bool:
    """Play, so many games at a time, and print what came out; whether nothing went wrong."""
    total, began = Total(), time.monotonic()
    turns = asyncio.Semaphore(together)
    async with Browser() as browser:

        async def game(number: int) -> None:
            async with turns, await browser.new_context() as context:
                try:
                    chance = Random(seed * 1_000_000 + number)
                    total.add(await play(await context.open(), chance, min(GAME, tries - number)))
                except (WebhandError, PlaywrightError, AssertionError) as error:
                    total.broken.append(f"game {number // GAME}: {type(error).__name__}: {error}")

        games = [game(number) for number in range(0, tries, GAME)]
        for one in track(asyncio.as_completed(games), "playing", total=len(games)):
            await one
    print(f"{total.tries:,} tries, seed {seed}, {together} games at a time, {time.monotonic() - began:.0f} s")
    ends = f"{total.hits:,} hits, {total.stale:,} stale, {total.wrong:,} wrong hits"
    print(f"  {ends}, {len(total.broken)} games broken off")
    print("".join(f"  {line}\n" for line in total.broken), end="")
    return not total.wrong and not total.broken


def main() -> None:
    """Read the arguments and play."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--together", type=int, default=8, help="games at a time (8): most of a game is waiting")
    given = parser.parse_args()
    sys.exit(0 if asyncio.run(measure(given.tries, given.seed, given.together)) else 1)


if __name__ == "__main__":
    main()
