"""Pictures made ready: smaller, with marks, with what is secret painted over. Pure."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw

from webhand.browser.marks import draw, marks_of
from webhand.browser.observation import Box, Element

VEIL = "#5f6672"
MARGIN = 3
"""CSS pixels that are painted over around what is secret: outlines, and what moves a little meanwhile."""
THUMB = 8
"""By how much pictures are made smaller to be compared."""
DIFFERS = 24
"""Grey levels, of 255, from which on a spot of the smaller picture is another one."""
BLINKS = 0.0005
"""Part of the spots that may be others in like pictures: a blinking caret, not a line of text."""


def finished(
    data: bytes, view: tuple[float, float], scale: float, veils: Sequence[Box], marked: Sequence[Element], quality: int
) -> bytes:
    """A picture of a view of so many CSS pixels as a JPEG of `scale` times its size."""
    with Image.open(io.BytesIO(data)) as source:
        picture = source.convert("RGB")
    size = (max(round(view[0] * scale), 1), max(round(view[1] * scale), 1))
    if picture.size != size:
        picture.thumbnail(size, Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for box in veils:  # before the marks, so that a veiled field still shows its reference
        corners = (box.x - MARGIN, box.y - MARGIN, box.x + box.width + MARGIN, box.y + box.height + MARGIN)
        pen.rectangle([edge * scale for edge in corners], fill=VEIL)
    if marked:
        draw(picture, marks_of(marked, *view, scale))
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=quality, subsampling=0)
    return written.getvalue()


def alike(one: bytes, other: bytes) -> bool:
    """Whether two encoded pictures show a reader the same: of one size, and different in a few spots at most."""
    if one == other:
        return True
    first, second = _thumb(one), _thumb(other)
    if first.size != second.size:
        return False
    counts = ImageChops.difference(first, second).histogram()
    return sum(counts[DIFFERS:]) <= BLINKS * first.width * first.height


def _thumb(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("L", (picture.width // THUMB, picture.height // THUMB))  # reads a JPEG at that size, in 1 ms
        grey = picture.convert("L")
    return grey
