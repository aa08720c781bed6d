"""The elements of a look: made one by one when they are asked for, as a page has thousands and a model names few."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from webhand.browser.observation import Box, Element


class Entry(NamedTuple):
    """One element as the script wrote it down; places are those of the list that the script gives."""

    node: int
    role: str
    name: str
    tag: str
    value: str | None
    states: str
    x: float
    y: float
    width: float
    height: float
    view: int
    attributes: Mapping[str, str]
    options: Sequence[str] | int
    cover: str | None
    label: str | int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a frame's view begins in the main view, what is visible of it, and its address ("" for the main frame)."""

    x: float
    y: float
    clip: Box
    url: str
    scale: float = 1.0
    """CSS pixels that a pixel of the picture is: places in the text are for actions by coordinates."""

    def spot(self, words: str, x: float, y: float, width: float, height: float, ends: Sequence[float] | int = 0) -> str:
        """What something drawn looks like, with its size and middle, or its ends, in pixels of the picture."""
        if isinstance(ends, Sequence):
            begin, end = (self._point(*ends[at : at + 2]) for at in (0, 2))
            return f"{words} {begin} to {end}"
        size = "x".join(f"{round(side / self.scale, 1):g}" for side in (width, height))
        return f"{words} {size} at {self._point(x + width / 2, y + height / 2)}"

    def _point(self, x: float, y: float) -> str:
        return ",".join(f"{round(side / self.scale, 1):g}" for side in (x + self.x, y + self.y))

    def element(self, ref: str, raw: Sequence[Any]) -> Element:
        """The element that an entry of this frame describes."""
        _, role, name, tag, value, states, x, y, width, height, view, attributes, options, cover, label = raw
        box = Box(x + self.x, y + self.y, width, height)
        drawn = attributes.get("drawn", "")
        if drawn:
            attributes = {key: text for key, text in attributes.items() if key != "drawn"}
            drawn = self.spot(drawn, x, y, width, height)
        return Element(
            ref=ref,
            role=role,
            name=name,
            tag=tag,
            value=value,
            states=tuple(states.split(",")) if states else (),
            box=box if width > 0 and height > 0 else None,
            frame=self.url,
            in_view=bool(view) and (not self.url or overlap(box, self.clip).width > 0),
            attributes=attributes,
            options=tuple(options) if options else (),
            cover=cover or None,
            label=label or "",
            drawn=drawn,
        )


class Elements(Mapping[str, Element]):
    """Elements by their references, in the order of the page."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[Place, Sequence[Any]]] = {}
        self._made: dict[str, Element] = {}

    def add(self, place: Place, refs: Sequence[str], entries: Sequence[Sequence[Any]]) -> None:
        """Take in a frame's entries."""
        self._places |= {ref: (place, entry) for ref, entry in zip(refs, entries, strict=True)}

    def __getitem__(self, ref: str) -> Element:
        if (known := self._made.get(ref)) is None:
            place, entry = self._places[ref]
            known = self._made[ref] = place.element(ref, entry)
        return known

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


def overlap(one: Box, other: Box) -> Box:
    """What two rectangles share; of no size when that is nothing."""
    left, top = max(one.x, other.x), max(one.y, other.y)
    right = min(one.x + one.width, other.x + other.width)
    bottom = min(one.y + one.height, other.y + other.height)
    if right <= left or bottom <= top:
        return Box(x=left, y=top, width=0, height=0)
    return Box(x=left, y=top, width=right - left, height=bottom - top)
