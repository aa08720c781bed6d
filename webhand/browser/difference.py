"""What has changed between two looks at a page, in few words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

UNCHANGED = "(the page is as it was)"
LISTED = 6
"""Lines that are gone are listed up to this number, and counted beyond."""

REFS = re.compile(r"(?<![\w.])(?:f\d+)?e\d+\b")
"""The references in a page's text."""


def difference(before: str, now: str) -> str:
    """What came (`+`), went (`-`) and stayed beside it, in the order of the page.

    An element that is still there with something else about it is shown as it is now. Lines that stayed stand beside
    what came for its place only, each run after `…`.
    """
    old, new = before.split("\n"), now.split("\n")
    if old == new:
        return UNCHANGED
    still = set(REFS.findall(now))
    return "\n".join(_hunks(old, new, still))


def _hunks(old: Sequence[str], new: Sequence[str], still: set[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            continue
        if new_from and tag != "delete":
            yield f"  {new[new_from - 1]}"
        yield from _gone([line for line in old[old_from:old_to] if not _stays(line, still)])
        yield from (f"+ {line}" for line in new[new_from:new_to])
        yield "…"


def _stays(line: str, still: set[str]) -> bool:
    """Whether the line is about elements that are all still there."""
    refs = REFS.findall(line)
    return bool(refs) and still.issuperset(refs)


def _gone(lines: Sequence[str]) -> Iterator[str]:
    shown = lines if len(lines) <= LISTED + 1 else lines[:LISTED]
    yield from (f"- {line}" for line in shown)
    if len(lines) > len(shown):
        yield f"- and {len(lines) - len(shown)} more lines"
