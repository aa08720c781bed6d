"""References: short names for nodes, counted once for all tabs, frames and documents of a context."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from webhand.browser.elements import Entry
from webhand.browser.frames import Frame
from webhand.errors import StaleRef

REF = re.compile(r"\[?(?:f\d+)?e?(\d+)\]?")
NUMBER = re.compile(r"[\W_]*\d[\W\d_]*")
"""A name without a letter in it."""
REMEMBERED = 2000
"""Elements of a document that are gone and may still come back as a twin."""
PASSING = ("class", "title", "placeholder", "drawn")
"""Attributes that change while an element stays what it is."""

Likeness = tuple[Any, ...]
"""What an element is known by; None in its place for one that nothing tells apart."""
Place = tuple[Likeness | None, Likeness | None]
"""What the nearest elements before and after are known by that are about another thing; None at an end."""


@dataclass(frozen=True, slots=True)
class Lost:
    """An element that is gone: its number, and where it stood; `place` is None where that does not matter."""

    number: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference stands for: a node of one document in one frame of one tab."""

    ref: str
    tab: int
    frame: Frame
    document: str
    node: int


@dataclass(slots=True)
class _Document:
    """The numbers of one document's nodes, its last look, and the numbers of those that are gone by their likeness."""

    tab: int
    frame: Frame
    key: str
    numbers: dict[int, int] = field(default_factory=dict[int, int])
    entries: Sequence[Sequence[Any]] = ()
    lost: dict[Likeness, Lost | None] = field(default_factory=dict[Likeness, "Lost | None"])


class Refs:
    """Gives each node its reference and keeps it for as long as the node lives; numbers never come back.

    A node that takes the place of one that is gone, and is unmistakably the same, takes its reference over: there was
    one element of this likeness before, there is one now, and both stand between the same others, unless an address or
    an id says which it is. One of two that are alike may have come and the other gone between two looks.
    """

    def __init__(self) -> None:
        self._last = 0
        self._documents: dict[str, _Document] = {}
        self._targets: dict[int, tuple[str, int]] = {}

    def give(
        self, tab: int, frame: Frame, document: str, entries: Sequence[Sequence[Any]], dead: Collection[int] = ()
    ) -> list[str]:
        """The references of the entries of a look at a document; `dead` are nodes that have left it since.

        The numbers of those that have no heir are negative.
        """
        known = self._documents.get(document)
        if known is None:
            self._leave(tab, frame)
            known = self._documents[document] = _Document(tab, frame, document)
        numbers = known.numbers
        if dead:
            self._bury(known, {node for node in dead if node > 0})
            self._forget(known, {abs(node) for node in dead})
        fresh: list[int] = [entry[0] for entry in entries if entry[0] not in numbers]
        if fresh and known.lost:
            self._hand_over(known, entries, set(fresh))
        for node in fresh:
            if node not in numbers:
                self._last += 1
                numbers[node] = self._last
                self._targets[self._last] = (document, node)
        known.entries = entries
        prefix = _prefix(frame)
        return [f"{prefix}{numbers[entry[0]]}" for entry in entries]

    def resolve(self, ref: str, tab: int) -> Target:
        """The node that a reference stands for.

        Raises StaleRef, whose text says what to do, for a reference that was never given, whose element is gone, or
        which belongs to another tab.
        """
        found = REF.fullmatch(ref.strip())
        number = int(found[1]) if found else 0
        if not 0 < number <= self._last:
            raise StaleRef(f"there is no element {ref}; look at the page again and use a reference shown there")
        if number not in self._targets:
            raise StaleRef(f"{ref} is no longer on the page; look again and use a reference shown now")
        key, node = self._targets[number]
        document = self._documents[key]
        if document.tab != tab:
            raise StaleRef(f"{ref} is in tab {document.tab}; switch_tab({document.tab}) first")
        return Target(f"{_prefix(document.frame)}{number}", document.tab, document.frame, key, node)

    def forget(self, tab: int) -> None:
        """Drop what belongs to a closed tab."""
        for key, document in list(self._documents.items()):
            if document.tab == tab:
                self._drop(key)

    def _leave(self, tab: int, frame: Frame) -> None:
        """Another document is shown in a frame: that of before will not come back."""
        for key, document in list(self._documents.items()):
            if document.tab == tab and document.frame is frame:
                self._drop(key)

    def _drop(self, key: str) -> None:
        for number in self._documents.pop(key).numbers.values():
            self._targets.pop(number, None)

    def _bury(self, known: _Document, dead: set[int]) -> None:
        """Numbers of nodes that are gone wait for a twin."""
        count = Counter(map(_likeness, known.entries))
        for at, entry in enumerate(known.entries):
            if entry[0] in dead and (likeness := _likeness(entry)) is not None:
                number = known.numbers[entry[0]]
                alone = count[likeness] == 1 and likeness not in known.lost
                known.lost[likeness] = Lost(number, _place(known.entries, at)) if alone else None
        while len(known.lost) > REMEMBERED:
            known.lost.pop(next(iter(known.lost)))

    def _forget(self, known: _Document, dead: set[int]) -> None:
        for node in dead:
            if (number := known.numbers.pop(node, None)) is not None:
                self._targets.pop(number, None)

    def _hand_over(self, known: _Document, entries: Sequence[Sequence[Any]], fresh: set[int]) -> None:
        count = Counter(map(_likeness, entries))
        for at, entry in enumerate(entries):
            likeness = _likeness(entry)
            if likeness is None or likeness not in known.lost:
                continue
            lost = known.lost.pop(likeness)
            if entry[0] in fresh and lost is not None and count[likeness] == 1 and lost.place == _place(entries, at):
                known.numbers[entry[0]] = lost.number
                self._targets[lost.number] = (known.key, entry[0])


def _prefix(frame: Frame) -> str:
    return "e" if frame.number == 1 else f"f{frame.number}e"


def _likeness(raw: Sequence[Any]) -> Likeness | None:
    """Role, name, tag, what is written around it, and attributes that say who it is; None when it has no name.

    A number alone is none: the second of one month stands between the same others as that of the next.
    """
    entry = Entry(*raw)
    if not entry.name and "id" not in entry.attributes:
        return None
    if NUMBER.fullmatch(entry.name) and not entry.label and not _named(entry):
        return None
    lasting = tuple(sorted((k, v) for k, v in entry.attributes.items() if k not in PASSING))
    return entry.role, entry.name, entry.tag, entry.label, lasting


def _place(entries: Sequence[Sequence[Any]], at: int) -> Place | None:
    """Where an element stands; None for one that an id or an address tells from all others."""
    if _named(Entry(*entries[at])):
        return None
    ways = (range(at - 1, -1, -1), range(at + 1, len(entries)))
    before, after = (_next_thing(entries, way, _about(entries[at])) for way in ways)
    return before, after


def _named(entry: Entry) -> bool:
    """Whether an id or an address tells an element from all others."""
    return bool(entry.attributes.get("id")) or not entry.attributes.get("href", "#").startswith("#")


def _next_thing(entries: Sequence[Sequence[Any]], way: range, about: str) -> Likeness | None:
    return next((_likeness(entries[at]) for at in way if _about(entries[at]) != about), None)


def _about(raw: Sequence[Any]) -> str:
    """The thing that an element belongs to, a row for instance: what is written around it, else its own name."""
    entry = Entry(*raw)
    return str(entry.label or entry.name)
