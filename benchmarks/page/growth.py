"""How the time of a look grows with the page.

    python -m benchmarks.page.growth [--rounds 7] [--seed 1]

Pages of 10,000 to 100,000 nodes are looked at in turn, round after round. A look in a fresh document is not counted;
the second one is.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence

from benchmarks.page.bench import Bench, Site
from benchmarks.page.measured import Growth
from webhand import Browser

NODES = (10_000, 20_000, 50_000, 100_000)


async def growth(bench: Bench, site: Site, rounds: int, seed: int, sizes: Sequence[int] = NODES) -> tuple[Growth, ...]:
    """The median of each size; the first round warms up."""
    times: dict[int, list[float]] = {nodes: [] for nodes in sizes}
    for nodes in sizes:
        (site.folder / f"grown{nodes}.html").write_text(bench.huge(seed, nodes))
    async with Browser() as browser:
        tab = await browser.open()
        for number in range(rounds + 1):
            for nodes in sizes:
                await tab.goto(site.page(f"grown{nodes}"))
                await tab.observe()
                began = time.perf_counter()
                await tab.observe()
                if number:
                    times[nodes].append(time.perf_counter() - began)
    return tuple(Growth(nodes, statistics.median(taken)) for nodes, taken in times.items())


def main() -> None:
    """Read the arguments, measure, print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1, help="what texts the pages hold (1)")
    given = parser.parse_args()
    bench = Bench()
    with bench.site(given.seed) as site:
        sizes = asyncio.run(growth(bench, site, given.rounds, given.seed))
    for size in sizes:
        ratio = size.each / sizes[0].each
        each = f"{size.each:5.2f} µs a node, {ratio:.2f} of the first"
        print(f"{size.nodes:7,} nodes  {size.seconds * 1000:7.1f} ms  {each}")


if __name__ == "__main__":
    main()
