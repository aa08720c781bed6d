"""Simple looks at the picture of a page: colours, blobs, what a shape is. Pillow and nothing else."""

import io
from collections import Counter, deque
from dataclasses import dataclass

from PIL import Image

from webhand import Observation

Colour = tuple[int, int, int]
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
VIEW = (2, 50, 158, 208)
"""The part of a MiniWoB page below its instruction: left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Pixels that hang together: their colour, box (right and bottom not included) and number."""

    colour: Colour
    left: int
    top: int
    right: int
    bottom: int
    pixels: frozenset[tuple[int, int]]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def fill(self) -> float:
        """The part of its box that it covers: 1 a rectangle, 0.79 a circle, 0.5 a triangle."""
        return len(self.pixels) / (self.width * self.height)


def image(seen: Observation) -> Image.Image:
    """The picture of an observation."""
    if seen.screenshot is None:
        raise LookupError("the observation has no picture")
    return Image.open(io.BytesIO(seen.screenshot)).convert("RGB")


def pixel(picture: Image.Image, x: int, y: int) -> Colour:
    """One pixel."""
    value = picture.getpixel((x, y))
    assert isinstance(value, tuple)
    return value[0], value[1], value[2]


def apart(one: Colour, other: Colour) -> int:
    """How different two colours are."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def blobs(
    seen: Observation,
    box: tuple[int, int, int, int] = VIEW,
    *,
    least: int = 4,
    together: int = 60,
    like: Colour | None = None,
) -> list[Blob]:
    """Parts of the view that are not white, larger ones first; `like` keeps those of about one colour.

    Neighbouring pixels hang together when their colours are at most `together` apart.
    """
    picture = image(seen)
    left, top, right, bottom = box
    todo = {
        (x, y): pixel(picture, x, y)
        for x in range(left, right)
        for y in range(top, bottom)
    }  # fmt: skip
    todo = {
        at: c for at, c in todo.items() if (apart(c, WHITE) > together if like is None else apart(c, like) < together)
    }
    found: list[Blob] = []
    while todo:
        start = next(iter(todo))
        colours, queue, pixels = Counter([todo[start]]), deque([(start, todo.pop(start))]), {start}
        while queue:
            (x, y), colour = queue.popleft()
            for at in ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)):
                if at in todo and apart(todo[at], colour) <= together:
                    queue.append((at, todo[at]))
                    colours[todo[at]] += 1
                    pixels.add(at)
                    del todo[at]
        xs, ys = [x for x, _ in pixels], [y for _, y in pixels]
        if len(pixels) >= least:
            main = colours.most_common(1)[0][0]
            found.append(Blob(main, min(xs), min(ys), max(xs) + 1, max(ys) + 1, frozenset(pixels)))
    return sorted(found, key=lambda one: -len(one.pixels))
