"""A run whose actions each add a row to a server's database, killed at random moments and resumed each time.

    python -m benchmarks.kills [--kills 100] [--rows 30] [--seed 1]

The game is that of tests/agent/killing.py, many times over. At the end every row has to be there once, in order. Exits
with 1 when that is not so.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from rich.progress import Progress

from tests.agent.killing import Ledger, play


def main() -> int:
    """Play once and print what came out; 1 when rows are missing, twice or in another order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rows", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        ledger = Ledger(Path(folder))
        bar = progress.add_task("kills", total=given.kills)
        killed = play(
            Path(folder) / "runs",
            ledger,
            given.rows,
            given.kills,
            Random(given.seed),
            lambda said: progress.update(bar, advance=1, description=said),
        )
        rows = ledger.rows
        ledger.close()
    right = rows == [str(number) for number in range(1, given.rows + 1)]
    told = "each once, in order" if right else f"WRONG: {', '.join(rows)}"
    print(f"{killed.kills} kills, {len(rows)} rows: {told}; {killed.unknown} outcomes were unknown, and told")
    print(f"seed {given.seed}, {time.monotonic() - began:.0f} s")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
