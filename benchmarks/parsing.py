"""How the time of reading an answer grows with its length, for answers made to be hard to read.

    python -m benchmarks.parsing [--largest 4] [--rounds 3]

Each shape is read at sizes that double, from 0.25 MB up to `--largest` MB. `growth` is the time of the last size by
that of the first, each per megabyte: 1 is linear; 16 from 0.25 to 4 MB would be quadratic. `of json` is the time by
that of `json.loads` for a valid text of the same size. Times are of the processor, the fastest of all rounds, since
noise only adds to them; the range beside a growth is that of the single rounds.
"""

import argparse
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from pydantic import BaseModel
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from webhand.errors import OutputInvalid, Refused
from webhand.llm import parse_answer

SMALLEST = 0.25
OBJECT = '{"name": 5} '
Shape = Callable[[int], str]


class Fruit(BaseModel):
    """What is asked for."""

    name: str
    count: int = 1


def repeated(piece: str) -> Shape:
    """A text of one piece again and again."""
    return lambda length: (piece * (length // len(piece) + 1))[:length]


def around(before: str, piece: str, after: str) -> Shape:
    """A text with a beginning and an end of its own."""
    return lambda length: before + repeated(piece)(length) + after


SHAPES: Mapping[str, Shape] = {
    "an answer with a long text": around('{"name": "', "fig ", '"}'),
    "prose without any object": repeated("no fruit today. "),
    "prose, then the answer": around("", "no fruit today. ", '{"name": "fig"}'),
    "the answer, then prose": around('{"name": "fig"}', " no fruit today.", ""),
    "one object that does not fit, again and again": repeated(OBJECT),
    "objects that do not fit, each another": lambda length: "".join(
        f'{{"name": {1_000_000 + number}}} ' for number in range(length // 17 + 1)
    )[:length],
    "braces that open": repeated("{"),
    "brackets that open": repeated("["),
    "braces that close": repeated("}"),
    "pairs of braces": repeated("{}"),
    "an object in a list without an end": around("[", '{"a": 1},', ""),
    "quotes": repeated('"'),
    "backslashes in a text": around('{"name": "', "\\", ""),
    "escaped quotes": around('{"name": "', '\\"', ""),
    "fences": repeated("```json\n"),
    "thoughts without an end": around("<think>", "is it a fig? {", ""),
    "functions": repeated("<function=out>{"),
    "trailing commas": around('{"name": "fig", "x": [', "1,,", "]}"),
    "blanks": repeated(" \n"),
    "an object written in a text in a text": lambda length: json.dumps(json.dumps({"name": "f" * length})),
}


def seconds(text: str) -> float:
    """The time of one reading, whatever comes of it."""
    began = time.process_time()
    with suppress(OutputInvalid, Refused):
        parse_answer(text, Fruit)
    return time.process_time() - began


def floor(length: int) -> float:
    """The time in which Python reads a valid text of this length."""
    text = json.dumps([{"name": 5}] * (length // 13))
    began = time.process_time()
    json.loads(text)
    return time.process_time() - began


def main() -> None:
    """Print a row for each shape; exits with 1 where a megabyte of a long text takes three times as long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=float, default=4, help="megabytes of the longest text")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    sizes = [SMALLEST]
    while sizes[-1] * 2 <= given.largest:
        sizes.append(sizes[-1] * 2)
    table = Table("shape", *(f"{size:g} MB" for size in sizes), "growth", "of json", title="seconds for one reading")
    worst = 0.0
    with Progress(transient=True) as progress:
        for name in progress.track(SHAPES):
            texts = [SHAPES[name](int(size * 1e6)) for size in sizes]
            rounds = [[seconds(text) for text in texts] for _ in range(given.rounds)]
            floors = [floor(int(sizes[-1] * 1e6)) for _ in range(given.rounds)]
            times = [min(column) for column in zip(*rounds, strict=True)]
            growth, *growths = (one[-1] / one[0] * sizes[0] / sizes[-1] for one in (times, *rounds))
            worst = max(worst, growth)
            table.add_row(
                name,
                *(f"{one:.3f}" for one in times),
                f"{growth:.2f} ({min(growths):.2f} to {max(growths):.2f})",
                f"{times[-1] / min(floors):.1f}",
            )
    Console(width=150).print(table)
    raise SystemExit(worst > 3)


if __name__ == "__main__":
    main()
