"""What one run has measured, as values that figures are worked out from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

OURS = "webhand"
FLOOR = "floor"
"""A page script that walks the page once: no tool, what a look costs at the least."""
SNAPSHOT = "aria"
"""Playwright's own `aria_snapshot`, alone: what a tool is built on, as it gives nothing to act by."""


@dataclass(frozen=True, slots=True)
class Look:
    """One tool's look at one page: median seconds (None: it failed), and counts of its text.

    `shown` are the elements that the text names, `known` those that the tool knows, `existing` those that there are,
    `traps` those shown that nobody could see or use.
    """

    seconds: float | None
    tokens: int
    shown: int
    known: int
    existing: int
    traps: int


@dataclass(frozen=True, slots=True)
class Late:
    """How often a look at once after a click had what came `after` so many seconds, and when it was there."""

    after: float
    there: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Compared:
    """All tools side by side. Seconds are medians; `memory` is in MB, without Chromium."""

    looks: Mapping[tuple[str, str], Look]
    """By page and tool."""
    steps: Mapping[str, float]
    """A look and a click on a quiet page, by tool."""
    memory: Mapping[str, float]
    late: Mapping[str, tuple[Late, ...]]

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that were looked at."""
        return tuple(dict.fromkeys(page for page, _ in self.looks))

    @property
    def peers(self) -> tuple[str, ...]:
        """The other tools."""
        return tuple(dict.fromkeys(tool for _, tool in self.looks if tool not in (OURS, FLOOR, SNAPSHOT)))

    def seconds(self, page: str, tool: str) -> float | None:
        """What a look takes; None where it failed or was not asked for."""
        look = self.looks.get((page, tool))
        return look.seconds if look else None


def compared(rows: Sequence[Mapping[str, Any]]) -> Compared:
    """The rows that compare.py writes, taken apart."""
    looks = {(row["page"], row["tool"]): _look(row) for row in rows if "page" in row}
    steps = {row["tool"]: row["look+click"] for row in rows if "look+click" in row}
    memory = {row["tool"]: row["mb"] for row in rows if row.get("mb") is not None}
    late = {
        row["tool"]: tuple(Late(int(ms) / 1000, there, seconds) for ms, (there, seconds) in row["late"].items())
        for row in rows
        if "late" in row
    }
    return Compared(looks, steps, memory, late)


def _look(row: Mapping[str, Any]) -> Look:
    return Look(row.get("median"), row["tokens"], row["keys"], row["known"], row["all"], row["traps"])


@dataclass(frozen=True, slots=True)
class Seen:
    """What our look at one page gave, held against what a script finds in the page itself.

    `beyond` are the tokens that are neither a name nor a text of the page, `again` those of the difference to a second
    look, `unknown` the names of elements that were not found, `unshown` of those in the view that the text does not
    name, `traps` of those known that nobody could see or use. `folded` of the view are named as part of a range only.
    """

    page: str
    tokens: int
    shown: int
    beyond: int
    again: int
    in_view: int
    folded: int
    existing: int
    unknown: tuple[str, ...]
    unshown: tuple[str, ...]
    traps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Growth:
    """A look at a page of so many nodes: median seconds."""

    nodes: int
    seconds: float

    @property
    def each(self) -> float:
        """Microseconds per node."""
        return self.seconds / self.nodes * 1e6


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything of one run."""

    compared: Compared
    seen: tuple[Seen, ...]
    growth: tuple[Growth, ...]
