"""Measures how pages are read and acted on, side by side with other tools, and holds it against the limits.

    WEBHAND_BENCH=folder python -m benchmarks.page [--quick] [--json FILE] [--results FILE]

`WEBHAND_BENCH` is the folder of compare.py, of the bench pages and of the adapters of the other tools; its setup.sh
installs those. Exits with 1 when a figure misses. What each figure means: benchmarks/README.md.
"""

import argparse
import asyncio
import dataclasses
import datetime
import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.page.bench import Bench
from benchmarks.page.figures import Figure, figures
from benchmarks.page.growth import growth
from benchmarks.page.looks import looks
from benchmarks.page.measured import FLOOR, OURS, Measured, compared
from benchmarks.page.table import markdown, show


def measure(
    bench: Bench, adapters: Sequence[str], pages: Sequence[str], rounds: int, seed: int
) -> tuple[Measured, dict[str, Any]]:
    """Everything of one run, and the same as it was before it was taken apart."""
    print(f"== {len(adapters)} tools side by side", flush=True)
    rows = bench.compare(adapters, pages, rounds, seed)
    with bench.site(seed) as site:
        print("== what our looks show and know", flush=True)
        seen = asyncio.run(looks(bench, site, pages))
        print("== growth with the page", flush=True)
        sizes = asyncio.run(growth(bench, site, rounds, seed))
    raw = {"compare": rows, "looks": [dataclasses.asdict(one) for one in seen]}
    raw |= {"growth": [dataclasses.asdict(one) for one in sizes]}
    return Measured(compared(rows), seen, sizes), raw


def machine() -> str:
    """What it was measured on, and how much else ran when it began: `2 cores, 24 GB, load 0.3`."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f} at the start"


def results(found: Sequence[Figure], command: str, where: str) -> str:
    """The text of results.md."""
    head = f"`{command}`, {datetime.date.today():%d %b %Y}, {where}."
    said = "Written by the command; what each figure means is in [the README](../README.md#the-page)."
    return f"# The page: last results\n\n{head} {said}\n\n{markdown(found)}\n"


def command(given: argparse.Namespace) -> str:
    """How to measure the same again, without the files that were written."""
    chosen = {"adapters": ",".join(given.adapters), "pages": ",".join(given.pages), "rounds": given.rounds}
    options = [part for name, value in chosen.items() if value for part in (f"--{name}", str(value))]
    seed = ["--seed", str(given.seed)] if given.seed != 1 else []
    return shlex.join(["python", "-m", "benchmarks.page", *["--quick"] * given.quick, *options, *seed])


def names(text: str) -> tuple[str, ...]:
    """The names in a list with commas between them."""
    return tuple(name for name in text.split(",") if name)


def main() -> None:
    """Read the arguments, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tools = parser.add_mutually_exclusive_group()
    tools.add_argument("--peers", action="store_true", help="with all tools (this is what it does)")
    tools.add_argument("--quick", action="store_true", help=f"{OURS} and {FLOOR} alone, 3 rounds")
    tools.add_argument("--adapters", type=names, default=(), help="these tools, with commas between them")
    parser.add_argument("--pages", type=names, default=(), help="these pages alone, with commas between them")
    parser.add_argument("--rounds", type=int, default=0, help="looks of each tool at each page (7)")
    parser.add_argument("--seed", type=int, default=1, help="what texts the pages hold, in what order (1)")
    parser.add_argument("--json", type=Path, help="write what was measured into this file")
    parser.add_argument("--results", type=Path, help="write the table into this file, as Markdown")
    given = parser.parse_args()
    bench, where = Bench(), machine()
    adapters = (OURS, FLOOR) if given.quick else given.adapters or bench.adapters
    pages = given.pages or bench.pages
    if unknown := set(pages) - set(bench.pages):
        parser.error(f"no page {', '.join(sorted(unknown))}; there are {', '.join(bench.pages)}")
    run, raw = measure(bench, adapters, pages, given.rounds or (3 if given.quick else 7), given.seed)
    found = figures(run)
    if given.json:
        given.json.write_text(json.dumps({"machine": where, **raw}, indent=1))
    if given.results:
        given.results.write_text(results(found, command(given), where))
    show(found, Console(width=None if sys.stdout.isatty() else 160))
    sys.exit(any(one.verdict == "miss" for one in found))


if __name__ == "__main__":
    main()
