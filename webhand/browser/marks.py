"""Marks on a picture: the boxes of elements with their references as labels, where they hide the least. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from webhand.browser.observation import Box, Element

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

COLOURS = ("#c2185b", "#1565d8", "#1b7f3b", "#b84a00", "#7b3fe4", "#007c89")
"""Each stands out from white and from black alike, and white letters can be read on it."""
FONT_SIZE = 11
PAD = 2
"""Pixels between the letters of a label and its edge."""
SMALLEST = 8
"""Pixels: what is narrower or lower is not boxed."""
LARGEST = 0.4
"""Part of the view above which an element is no target but what holds targets."""
CELL = 4
"""Pixels of a side of the squares in which room for labels is looked for."""
INK = 40
"""Contrast, of 255, from which on a square counts as written on."""
TAKEN, INKED, BOXED = 1000.0, 1.0, 1.5
"""What a label costs for covering another one, and for each square that is written on or lies in another box."""
HOLDER = 40_000
"""Square pixels from which on a box holds other things: labels may lie in it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A box with its label, in pixels of the picture."""

    label: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def box(self) -> Box:
        """The same as a box."""
        return Box(x=self.left, y=self.top, width=self.right - self.left, height=self.bottom - self.top)


def marks_of(elements: Iterable[Element], width: float, height: float, scale: float) -> list[Mark]:
    """Marks of the elements in a view of this size that can be acted on and have a box of sensible size."""
    marks: list[Mark] = []
    for element in elements:
        if element.box is None or not element.in_view or element.cover or "disabled" in element.states:
            continue
        left, top = max(element.box.x, 0), max(element.box.y, 0)
        right = min(element.box.x + element.box.width, width)
        bottom = min(element.box.y + element.box.height, height)
        wide, high = right - left, bottom - top
        if min(wide, high) >= SMALLEST and wide * high <= LARGEST * width * height:
            corners = (round(edge * scale) for edge in (left, top, right, bottom))
            marks.append(Mark(element.ref, *corners))
    return marks


def draw(picture: Image.Image, marks: Sequence[Mark]) -> None:
    """Draw the marks onto the picture."""
    places = label_places(picture, marks)
    pen, font = ImageDraw.Draw(picture), _font()
    coloured = [(mark, place, COLOURS[number % len(COLOURS)]) for number, (mark, place) in enumerate(places)]
    for mark, _, colour in coloured:
        pen.rectangle((mark.left - 1, mark.top - 1, mark.right, mark.bottom), outline=colour)
    for mark, place, colour in coloured:
        if place is not None:
            pen.rectangle((place.x, place.y, place.x + place.width - 1, place.y + place.height - 1), fill=colour)
            pen.text((place.x + PAD, place.y + place.height / 2), mark.label, fill="white", font=font, anchor="lm")


def label_places(picture: Image.Image, marks: Sequence[Mark]) -> list[tuple[Mark, Box | None]]:
    """Each mark with the place of its label, None where there is no room for one; no label lies on another."""
    room, font = _Room(picture, marks), _font()
    return [(mark, room.take(_places(mark, round(font.getlength(mark.label)) + 2 * PAD), mark)) for mark in marks]


def _places(mark: Mark, width: int) -> Iterator[Box]:
    """Where the label of a mark may stand, the best first: outside of the box at its corners, then inside."""
    height = FONT_SIZE + 2
    over, under, inner_right = mark.top - height, mark.bottom, mark.right - width
    middle = (mark.top + mark.bottom - height) // 2
    for x, y in (
        (mark.left, over),
        (inner_right, over),
        (mark.right, mark.top),
        (mark.left - width, mark.top),
        (mark.left, under),
        (inner_right, under),
        (mark.right, middle),
        (mark.left - width, middle),
        (inner_right, mark.top),
        (mark.left, mark.top),
        (inner_right, mark.bottom - height),
        (mark.left, mark.bottom - height),
        (inner_right, middle),
        ((mark.left + mark.right - width) // 2, over),
        ((mark.left + mark.right - width) // 2, under),
    ):
        yield Box(x=x, y=y, width=width, height=height)


class _Room:
    """What of a picture is written on and what is taken by labels, as one number of bits a row of squares."""

    def __init__(self, picture: Image.Image, marks: Sequence[Mark]) -> None:
        self.width, self.height = picture.size
        edges = picture.convert("L").filter(ImageFilter.FIND_EDGES).reduce(CELL)
        small = ImageChops.add(edges, edges, scale=2 * INK / 128).convert("1", dither=Image.Dither.NONE)  # from 128 on
        self._bits = small.width
        stride = -(-small.width // 8)
        data = small.tobytes()
        rows = (data[start : start + stride] for start in range(0, len(data), stride))
        self._ink = [int.from_bytes(row, "big") >> (stride * 8 - small.width) for row in rows]
        self._taken = [0] * small.height
        self._boxes = [0] * small.height
        for mark in marks:
            box = mark.box
            if box.width * box.height < HOLDER:
                for row, mask in self._cells(box):
                    self._boxes[row] |= mask

    def take(self, places: Iterable[Box], mark: Mark) -> Box | None:
        """The place that hides the least, taken from now on; None when all would hide another label."""
        best: Box | None = None
        least = TAKEN
        for rank, place in enumerate(places):
            if place.x < 0 or place.y < 0 or place.x + place.width > self.width or place.y + place.height > self.height:
                continue
            cost = self._cost(place, mark) + rank * 0.5
            if cost < least:
                best, least = place, cost
        if best is not None:
            for row, mask in self._cells(best):
                self._taken[row] |= mask
        return best

    def _cost(self, place: Box, mark: Mark) -> float:
        cells = tuple(self._cells(place))
        if any(self._taken[row] & mask for row, mask in cells):
            return TAKEN
        cost = INKED * sum((self._ink[row] & mask).bit_count() for row, mask in cells)
        inside = mark.left <= place.x < mark.right and mark.top <= place.y < mark.bottom
        return cost + (0 if inside else BOXED * sum((self._boxes[row] & mask).bit_count() for row, mask in cells))

    def _cells(self, place: Box) -> Iterator[tuple[int, int]]:
        first, last = int(place.x) // CELL, min(int(place.x + place.width - 1) // CELL, self._bits - 1)
        mask = ((1 << (last - first + 1)) - 1) << (self._bits - 1 - last)
        bottom = min(int(place.y + place.height - 1) // CELL, len(self._taken) - 1)
        for row in range(int(place.y) // CELL, bottom + 1):
            yield row, mask


@cache
def _font() -> FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(FONT_SIZE)
