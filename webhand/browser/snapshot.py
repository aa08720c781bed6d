"""What the frames' readings say together: lines in reading order, and the elements with their references. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from webhand.browser.elements import Elements, Place, overlap
from webhand.browser.frames import Frame, FrameReading
from webhand.browser.observation import Box, Element, FrameInfo, Scroll
from webhand.browser.refs import Refs

GATHERING = ("h1", "h2", "h3", "h4", "h5", "h6", "li", "row", "legend", "treeitem")
"""Groups whose texts and elements stand on one line."""

TELLING = ("alert", "status")
"""Groups that are told as what their first line begins with; nothing of those that are empty."""


GRID = 6
"""Lines of a drawing, alike and one after the other, from which on they are told as one."""
END: Sequence[Any] = ("",)
"""After a frame's last item."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What was not read in full: where it lies, how many parts and elements it has, its headings and their levels."""

    where: str
    parts: int
    elements: int
    kind: str
    headings: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the page: what kind of thing it is, its texts and elements, and how deep it is nested."""

    kind: str
    parts: tuple[str | Element | Gap, ...]
    depth: int
    in_view: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A page as it was read: nothing is left out but what is not shown to anybody."""

    url: str
    title: str
    lines: tuple[Line, ...]
    elements: Elements
    scroll: Scroll
    loading: bool
    partial: tuple[str, ...]
    frames: tuple[FrameInfo, ...] = ()


CELL = "\t"
"""The part that stands between two cells of a row: no text holds it, and most vocabularies join it to the next word."""


@dataclass(slots=True)
class _Open:
    """A line that is still being filled."""

    kind: str
    depth: int
    parts: list[str | Element | Gap] = field(default_factory=list[str | Element | Gap])
    in_view: bool = False
    cells: int = 0
    number: str = ""
    """What an item of an ordered list begins with, where it has anything."""


class _Assembler:
    def __init__(self, readings: Sequence[FrameReading], refs: Refs, tab: int, scale: float) -> None:
        self._readings = readings
        self._refs = refs
        self._tab = tab
        self._scale = scale
        self.lines: list[Line] = []
        self.elements = Elements()
        self.frames: list[FrameInfo] = []
        self._line: _Open | None = None
        self._depth = 0
        self._told = ""
        """What the next line begins with: that it is an alert or a status."""
        self._strokes: list[Sequence[Any]] = []
        """Lines of a drawing that are alike, not yet written."""

    def add(self, reading: FrameReading, x: float, y: float, clip: Box) -> None:
        """One frame's items, its view's origin at (x, y) of the main view and visible within `clip`."""
        raw = reading.raw
        if raw is None:
            return
        place = Place(x, y, clip, "" if reading.frame.parent is None else reading.frame.url, self._scale)
        refs = self._refs.give(self._tab, reading.frame, raw["key"], raw["entries"], raw["dead"])
        self.elements.add(place, refs, raw["entries"])
        for item in (*raw["items"], END):
            if self._strokes and not self._goes_on(item):
                self._write_strokes(place, clip)
            match item[0]:
                case "drawn" if item[1].endswith("line"):
                    self._strokes.append(item)
                case "text":
                    self._put(item[1], bool(item[2]) and clip.width > 0, item[3:] == [1])
                case "drawn":
                    self._put(place.spot(*item[1:7]), bool(item[7]) and clip.width > 0, False)
                case "element":
                    element = self.elements[refs[item[1]]]
                    self._put(element, element.in_view, item[2:] == [1])
                case "line":
                    if self._line is not None and self._line.kind == "li" and self._line.parts:
                        self._flush()
                case "list":
                    self._flush()
                    self.lines.append(Line("group", (f"{item[2]} of {refs[item[1]]}:",), self._depth, False))
                case "block":
                    self._begin(item[1], item[2])
                case "end":
                    self._end(item[1])
                case "frame":
                    self._frame(reading.frame, item, x, y, clip)
                case "gap":
                    self._flush()
                    where, parts, elements, kind, headings = item[1:]
                    gap = Gap(where, parts, elements, kind, tuple((level, text) for level, text in headings))
                    self.lines.append(Line("gap", (gap,), self._depth, False))
                case "":
                    pass
                case _:
                    raise AssertionError(f"the script gave {item[0]!r}")

    def _goes_on(self, item: Sequence[Any]) -> bool:
        """Whether an item is one more line like those before it: a grid, mostly."""
        before = self._strokes[-1]
        return item[0] == "drawn" and item[1] == before[1] and _way(item) == _way(before)

    def _write_strokes(self, place: Place, clip: Box) -> None:
        strokes, self._strokes = self._strokes, []
        texts = [place.spot(*item[1:7]) for item in strokes]
        seen = [bool(item[7]) and clip.width > 0 for item in strokes]
        if len(strokes) >= GRID:
            first, last = (text.removeprefix(strokes[0][1]) for text in (texts[0], texts[-1]))
            texts, seen = [f"{len(strokes)} {strokes[0][1]}s, first{first}, last{last}"], [any(seen)]
        for text, in_view in zip(texts, seen, strict=True):
            self._put(text, in_view, False)

    def _put(self, part: str | Element, in_view: bool, goes_on: bool) -> None:
        if self._line is not None:
            self._line.parts.append(part)
            self._line.in_view |= in_view
        elif goes_on and self.lines and self.lines[-1].kind == "":
            last = self.lines[-1]
            self.lines[-1] = replace(last, parts=(*last.parts, part), in_view=last.in_view or in_view)
        else:
            self.lines.append(Line("", (*self._kind(), part), self._depth, in_view))

    def _kind(self) -> tuple[str, ...]:
        told, self._told = self._told, ""
        return (told,) if told else ()

    def _begin(self, kind: str, name: str) -> None:
        if kind in ("cell", "head"):
            if self._line is not None and self._line.kind == "row":
                if self._line.cells:
                    self._line.parts.append(CELL)
                self._line.cells += 1
            return
        self._flush()
        if kind in GATHERING:
            self._depth += kind == "li"
            level = int(name) - 1 if kind == "treeitem" else 0
            self._line = _Open(kind, self._depth + level, list(self._kind()), number=name * (kind == "li"))
        elif kind in TELLING:
            self._told = f"{kind}:"
        elif name or kind != "navigation":
            self.lines.append(Line("group", (f"{kind} {name}".rstrip() + ":",), self._depth, False))

    def _end(self, kind: str) -> None:
        if kind in TELLING:
            self._flush()
            self._told = ""
        if kind in GATHERING:
            self._flush()
            self._depth -= kind == "li"

    def _flush(self) -> None:
        line, self._line = self._line, None
        if line is not None and any(part != CELL for part in line.parts):
            parts = (line.number, *line.parts) if line.number else tuple(line.parts)
            self.lines.append(Line(line.kind, parts, line.depth, line.in_view))

    def _frame(self, parent: Frame, item: Sequence[Any], x: float, y: float, clip: Box) -> None:
        _, node, left, top, width, height, name = item
        self._flush()
        child = next((one for one in self._readings if one.frame.parent is parent and one.frame.owner == node), None)
        if child is None:
            return
        inner = overlap(Box(x=x + left, y=y + top, width=width, height=height), clip)
        if inner.width > 0:
            self.frames.append(FrameInfo(child.frame.url, name, inner))
        what = f"frame {name}".rstrip() + (":" if child.raw else f": {child.problem}")
        self.lines.append(Line("group", (what,), self._depth, inner.width > 0))
        self._depth += 1
        self.add(child, x + left, y + top, inner)
        self._flush()
        self._depth -= 1


def assemble(readings: Sequence[FrameReading], refs: Refs, tab: int, scale: float = 1.0) -> Snapshot:
    """The page that these readings, the main frame's first, are of.

    `scale` is how many CSS pixels a pixel of the picture is, in which the text tells where shapes lie.
    """
    main = readings[0]
    problems = [reading.problem or (reading.raw or {}).get("partial") for reading in readings]
    partial = tuple(problem for problem in problems if problem)
    if main.raw is None:
        return Snapshot(main.frame.url, "", (), Elements(), Scroll(0, 0, 0), False, partial)
    assembler = _Assembler(readings, refs, tab, scale)
    assembler.add(main, 0, 0, Box(x=0, y=0, width=main.raw["width"], height=main.raw["height"]))
    return Snapshot(
        url=main.raw["url"],
        title=main.raw["title"],
        lines=tuple(assembler.lines),
        elements=assembler.elements,
        scroll=Scroll(*main.raw["scroll"]),
        loading=main.raw["loading"],
        partial=partial,
        frames=tuple(assembler.frames),
    )


def _way(item: Sequence[Any]) -> tuple[float, ...] | None:
    """How far a line of a drawing goes, across and down."""
    ends = item[6]
    return (round(ends[2] - ends[0]), round(ends[3] - ends[1])) if ends else None
