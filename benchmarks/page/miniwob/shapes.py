"""Shapes drawn in SVG or on a canvas: what they are, how many, and where."""

import math
import re

from benchmarks.page.miniwob.geometry import bisecting, centre_of_area, perpendicular
from benchmarks.page.miniwob.page import Shape, every, first, goal, look, named, shapes, submit, words
from benchmarks.page.miniwob.picture import blobs
from benchmarks.page.miniwob.solution import solves
from webhand import Element, Observation, Tab

SAME = {"cyan": "aqua", "grey": "gray", "fuchsia": "magenta"}
"""Two names of one colour."""
LARGE = 15
"""Pixels of height from which on the pages call a shape large."""


@solves("click-color")
async def click_a_colour(tab: Tab) -> None:
    seen = await tab.observe()
    boxes = every(seen, "clickable")
    shown = re.search(r"Click on the e\d+ ", goal(seen))
    asked = boxes.pop(0).drawn if shown else words(seen, r"Click on the (\w+) colored")[0]
    await tab.click(first(boxes, lambda one: one.drawn == SAME.get(asked, asked)))


@solves("click-shades")
async def click_shades(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = words(seen, r"shades of (\w+)")[0]
    for element in every(seen, "clickable"):
        if _shade(element) == wanted:
            await tab.click(element.ref)
    await submit(tab)


def _shade(element: Element) -> str:
    """Red, green or blue: a person sees pink and brown as red where there are no others."""
    word = element.drawn.split()[-1]
    return {"pink": "red", "brown": "red", "maroon": "red", "orange": "red", "olive": "green", "lime": "green"}.get(
        word, {"teal": "green", "navy": "blue", "purple": "blue"}.get(word, word)
    )


def _fits(shape: Shape, wanted: str) -> bool:
    """Whether this is a `large aqua item`, a `letter`, a `small x`."""
    *how, what = wanted.split()
    kind = shape.kind if shape.kind != "text" else "digit" if shape.text.isdigit() else "letter"
    size = "large" if shape.height > LARGE else "small"
    called = {"item", kind, shape.text or "shape"}
    return all(SAME.get(word, word) in (shape.colour, size) for word in how) and what in called


def _drawn(seen: Observation) -> list[Shape]:
    return [one for one in shapes(seen) if one.colour != "clickable"]


@solves("click-shape")
async def click_a_shape(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = words(seen, r"Click on an? (.+)")[0]
    await tab.click(next(one.ref for one in _drawn(seen) if _fits(one, wanted)))


@solves("count-shape")
async def count_shapes(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = words(seen, r"How many (.+)s are there")[0]
    await tab.click(named(seen, str(sum(_fits(one, wanted) for one in _drawn(seen))), "button"))


@solves("identify-shape")
async def identify_a_shape(tab: Tab) -> None:
    seen = await tab.observe()
    shape = _drawn(seen)[0]
    kind = shape.kind if shape.kind != "text" else "number" if shape.text.isdigit() else "letter"
    await tab.click(named(seen, kind.capitalize(), "button"))


@solves("count-sides", sight="picture")
async def count_sides(tab: Tab) -> None:
    """Of a regular shape: how often the distance of the rim from the middle goes through its mean, by two."""
    seen = await look(tab)
    rim = max(blobs(seen, (5, 53, 155, 150), together=200), key=lambda one: one.width * one.height)
    x, y = centre_of_area(rim.pixels)
    far: dict[int, float] = {}
    for px, py in rim.pixels:
        angle = round(math.degrees(math.atan2(py - y, px - x)) / 5) % 72
        far[angle] = max(far.get(angle, 0), math.hypot(px - x, py - y))
    line = [far[angle] for angle in sorted(far)]
    smooth = [(line[i - 1] + line[i] + line[(i + 1) % len(line)]) / 3 for i in range(len(line))]
    mean = (min(smooth) + max(smooth)) / 2
    sides = sum((smooth[i - 1] < mean) != (smooth[i] < mean) for i in range(len(smooth))) // 2
    await tab.click(named(seen, str(min(max(sides, 3), 7)), "button"))


@solves("grid-coordinate")
async def click_a_point_of_a_grid(tab: Tab) -> None:
    seen = await tab.observe()
    x, y = (int(part) for part in words(seen, r"coordinate \((-?\d),(-?\d)\)"))
    points = [one for one in shapes(seen) if one.kind == "circle"]
    xs, ys = sorted({one.x for one in points}), sorted({one.y for one in points})
    await tab.click(next(one.ref for one in points if one.middle == (xs[x + 2], ys[2 - y])))


def _dots(seen: Observation, colour: str) -> list[tuple[float, float]]:
    """Middles of the small discs of a colour."""
    return [one.middle for one in shapes(seen) if one.kind == "circle" and one.colour == colour]


async def _click_drawn(tab: Tab, x: float, y: float) -> None:
    """Click where a point is to be drawn: these pages draw it two pixels right of and below the pointer."""
    await tab.click_at(round(x) - 2, round(y) - 2)
    await submit(tab)


@solves("circle-center")
async def click_the_centre(tab: Tab) -> None:
    await _click_drawn(tab, *_dots(await tab.observe(), "black")[0])


@solves("find-midpoint")
async def click_the_midpoint(tab: Tab) -> None:
    (ax, ay), (bx, by) = _dots(await tab.observe(), "black")
    await _click_drawn(tab, (ax + bx) / 2, (ay + by) / 2)


@solves("right-angle")
async def make_a_right_angle(tab: Tab) -> None:
    seen = await tab.observe()
    await _click_drawn(tab, *perpendicular(_dots(seen, "blue")[0], _dots(seen, "black")[0]))


@solves("bisect-angle")
async def bisect_an_angle(tab: Tab) -> None:
    seen = await tab.observe()
    a, b = _dots(seen, "black")
    await _click_drawn(tab, *bisecting(_dots(seen, "blue")[0], a, b))
