"""How long `import webhand` takes, against `import pydantic` as a floor taken in the same run.

    python benchmarks/import_time.py [--rounds 15]

Each import runs in a fresh interpreter; the time of an empty interpreter is taken off both. Prints medians with their
spread (10th to 90th percentile), the ratio, and what heavy modules were loaded.
"""

import argparse
import statistics
import subprocess
import sys
import time

HEAVY = ("playwright", "openai", "anthropic", "groq", "google.genai", "boto3", "typer", "rich")
STATEMENTS = {"nothing": "pass", "pydantic": "import pydantic; pydantic.BaseModel", "webhand": "import webhand"}


def seconds(statement: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - began


def loaded() -> list[str]:
    listing = "import webhand, sys; print(*sys.modules)"
    names = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True).stdout.split()
    return [name for name in HEAVY if name in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(rounds):
        for name, statement in STATEMENTS.items():
            times[name].append(seconds(statement))
    empty = statistics.median(times["nothing"])
    for name in ("pydantic", "webhand"):
        cuts = statistics.quantiles(times[name], n=10)
        print(f"{name:9} {1000 * (statistics.median(times[name]) - empty):6.0f} ms", end="")
        print(f"  ({1000 * (cuts[0] - empty):.0f} to {1000 * (cuts[-1] - empty):.0f})")
    ratio = (statistics.median(times["webhand"]) - empty) / (statistics.median(times["pydantic"]) - empty)
    print(f"webhand / pydantic: {ratio:.2f}; heavy modules loaded: {', '.join(loaded()) or 'none'}")


main()
