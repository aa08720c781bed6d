"""Letters, digits and shapes of a drawing, told apart by their pixels."""

from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from benchmarks.page.miniwob.picture import WHITE, Colour, apart, image, name_of, pixel
from webhand import Observation

CELL = 20
"""Pixels: a drawing is a grid of such cells, each with at most one shape."""
LEFT, TOP, COLUMNS, ROWS = 2, 52, 7, 7
CHARACTERS = "qwertyuiopasdfghjklzxcvbnmQWERTYUIOPASDFGHJKLZXCVBNM1234567890"
FONT = "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf"
Mask = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing of a drawing. `ink` is a point on it."""

    text: str
    colour: str
    large: bool
    ink: tuple[int, int]

    @property
    def kind(self) -> str:
        return "shape" if len(self.text) > 1 else "digit" if self.text.isdigit() else "letter"

    def fits(self, wanted: str) -> bool:
        """Whether this is a `large aqua item`, a `letter`, a `small x`."""
        *how, what = wanted.split()
        return (
            all(word == self.colour or word == ("large" if self.large else "small") for word in how)
            and what in ("item", self.kind, self.text)
        )  # fmt: skip


def drawn_shapes(seen: Observation, rows: int = ROWS) -> list[Drawn]:
    """Everything in the drawing, cell by cell."""
    picture = image(seen)
    found: list[Drawn] = []
    for column in range(COLUMNS):
        for row in range(rows):
            left, top = LEFT + column * CELL, TOP + row * CELL
            inked = {
                (x, y): pixel(picture, x + left, y + top)
                for x in range(CELL) for y in range(CELL)
                if y + top < picture.height and apart(pixel(picture, x + left, y + top), WHITE) > 100
            }  # fmt: skip
            if len(inked) > 5:
                found.append(_told(inked, left, top))
    return found


def _told(inked: dict[tuple[int, int], Colour], left: int, top: int) -> Drawn:
    strongest = max(inked.values(), key=lambda one: apart(one, WHITE) if name_of(one) != "white" else 0)
    counts: dict[str, int] = {}
    for colour in inked.values():
        if apart(colour, strongest) < 60:
            counts[name_of(colour)] = counts.get(name_of(colour), 0) + 1
    name = max(counts, key=lambda one: counts[one])
    mask = frozenset(inked)
    text, large = _shape(mask) or _character(mask)
    inside = [at for at in mask if apart(inked[at], strongest) < 60]
    x, y = min(inside, key=lambda at: abs(at[0] - 10) + abs(at[1] - 10))
    return Drawn(text, {"cyan": "aqua"}.get(name, name), large, (left + x, top + y))


def _shape(mask: Mask) -> tuple[str, bool] | None:
    xs, ys = [x for x, _ in mask], [y for _, y in mask]
    width, height = max(xs) - min(xs) + 1, max(ys) - min(ys) + 1
    large = height > 14
    if abs(width - height) > 2 or height not in (9, 10, 11, 18, 19, 20):
        return None
    for name, size in (
        ("rectangle", 10),
        ("rectangle", 20),
        ("circle", 10),
        ("circle", 20),
        ("triangle", 10),
        ("triangle", 20),
    ):
        if large == (size > 14) and len(mask ^ _drawn(name, size)) <= 0.13 * len(mask):
            return name, large
    return None


@cache
def _drawn(name: str, size: int) -> Mask:
    sheet = Image.new("L", (CELL * 8, CELL * 8), 255)
    pen, low, high = ImageDraw.Draw(sheet), (CELL - size) * 4, (CELL + size) * 4 - 1
    if name == "rectangle":
        pen.rectangle((low, low, high, high), fill=0)
    elif name == "circle":
        pen.ellipse((low, low, high, high), fill=0)
    else:
        pen.polygon([(low, high), ((low + high) / 2, low), (high, high)], fill=0)
    return _mask(sheet.resize((CELL, CELL), Image.Resampling.BOX))


def _mask(sheet: Image.Image) -> Mask:
    return frozenset(
        (x, y) for x in range(sheet.width) for y in range(sheet.height) if int(str(sheet.getpixel((x, y)))) < 200
    )


def _character(mask: Mask) -> tuple[str, bool]:
    best = min((_apart(mask, _letter(one, size)), one, size) for one in CHARACTERS for size in (10, 20))
    return best[1], best[2] > 14


@cache
def _letter(character: str, size: int) -> Mask:
    sheet = Image.new("L", (CELL * 8, CELL * 8), 255)
    font = ImageFont.truetype(FONT, size * 8)
    ImageDraw.Draw(sheet).text((CELL * 4, CELL * 4), character, font=font, fill=0, anchor="mm")
    return _mask(sheet.resize((CELL, CELL), Image.Resampling.BOX))


def _apart(one: Mask, other: Mask) -> float:
    """How different two characters are when the second is moved to where it fits best."""
    moved = (
        frozenset((x + dx, y + dy) for x, y in other) for dx in (-2, -1, 0, 1, 2) for dy in (-3, -2, -1, 0, 1, 2, 3)
    )
    return min(len(one ^ there) for there in moved) / max(len(one), len(other))
