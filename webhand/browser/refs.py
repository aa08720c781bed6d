"""References: short names for nodes, counted once for all tabs, frames and documents of a context."""

from __future__ import annotations

import re
from dataclasses import dataclass

from webhand.browser.frames import Frame
from webhand.errors import StaleRef

REF = re.compile(r"\[?(?:f\d+)?e?(\d+)\]?")


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference stands for: a node of one document in one frame of one tab."""

    ref: str
    tab: int
    frame: Frame
    document: str
    node: int


class Refs:
    """Gives each node its reference and keeps it for as long as the node's document lives; numbers never come back."""

    def __init__(self) -> None:
        self._last = 0
        self._by_node: dict[tuple[str, int], Target] = {}
        self._by_number: dict[int, Target] = {}

    def give(self, tab: int, frame: Frame, document: str, node: int) -> str:
        """The node's reference, a new one where it has none yet."""
        known = self._by_node.get((document, node))
        if known is None:
            self._last += 1
            prefix = "" if frame.number == 1 else f"f{frame.number}"
            known = Target(f"{prefix}e{self._last}", tab, frame, document, node)
            self._by_node[document, node] = self._by_number[self._last] = known
        return known.ref

    def resolve(self, ref: str, tab: int) -> Target:
        """The node that a reference stands for.

        Raises StaleRef, whose text says what to do, for a reference that was never given or belongs to another tab.
        """
        found = REF.fullmatch(ref.strip())
        target = self._by_number.get(int(found[1])) if found else None
        if target is None:
            raise StaleRef(f"there is no element {ref}; look at the page again and use a reference shown there")
        if target.tab != tab:
            raise StaleRef(f"{ref} is in tab {target.tab}; switch_tab({target.tab}) first")
        return target

    def forget(self, tab: int) -> None:
        """Drop what belongs to a closed tab."""
        gone = [number for number, target in self._by_number.items() if target.tab == tab]
        for number in gone:
            target = self._by_number.pop(number)
            self._by_node.pop((target.document, target.node), None)
