"""Shapes drawn in SVG or on a canvas: what they are, how many, and where."""

import math

from benchmarks.page.miniwob.drawn import drawn_shapes
from benchmarks.page.miniwob.geometry import bisecting, centre, centre_of_area, perpendicular
from benchmarks.page.miniwob.page import every, first, goal, middle, named, submit, words
from benchmarks.page.miniwob.picture import BLACK, apart, blobs, colour_at, hue_name, image, name_of, pixel
from benchmarks.page.miniwob.solution import solves
from webhand import Observation, Tab

BLUE = (0, 0, 255)
KINDS = {"rect": "rectangle", "circle": "circle", "polygon": "triangle"}


@solves("click-color", sight="picture")
async def click_a_colour(tab: Tab) -> None:
    seen = await tab.observe(vision=True)
    boxes = every(seen, "clickable")
    if "the " in goal(seen) and goal(seen).endswith("box."):
        wanted = words(seen, r"Click on the (\w+) colored")[0]
        await tab.click(first(boxes, lambda one: name_of(colour_at(seen, *middle(one))) == wanted))
        return
    asked = colour_at(seen, *middle(boxes[0]))
    await tab.click(first(boxes[1:], lambda one: apart(colour_at(seen, *middle(one)), asked) < 10))


@solves("click-shades", sight="picture")
async def click_shades(tab: Tab) -> None:
    seen = await tab.observe(vision=True)
    wanted = words(seen, r"shades of (\w+)")[0]
    for element in every(seen, "clickable"):
        if hue_name(colour_at(seen, *middle(element))) == wanted:
            await tab.click(element.ref)
    await submit(tab)


@solves("click-shape", sight="picture")
async def click_a_shape(tab: Tab) -> None:
    """The text names letters and digits, but no colours, no sizes and no shapes."""
    seen = await tab.observe(vision=True)
    wanted = words(seen, r"Click on an? (.+)")[0]
    shape = next(one for one in drawn_shapes(seen) if one.fits(wanted))
    await tab.click_at(*shape.ink)


@solves("count-shape", sight="picture")
async def count_shapes(tab: Tab) -> None:
    """The whole drawing is one nameless element in the text: not even its letters are there."""
    seen = await tab.observe(vision=True)
    wanted = words(seen, r"How many (.+)s are there")[0]
    number = sum(one.fits(wanted) for one in drawn_shapes(seen, rows=6))
    await tab.click(named(seen, str(number), "button"))


@solves("identify-shape", sight="boxes")
async def identify_a_shape(tab: Tab) -> None:
    seen = await tab.observe()
    shape = every(seen, "clickable")[0]
    kind = KINDS.get(shape.tag) or ("number" if shape.name.isdigit() else "letter")
    await tab.click(named(seen, kind.capitalize(), "button"))


@solves("count-sides", sight="picture")
async def count_sides(tab: Tab) -> None:
    """Of a regular shape: how often the distance of the rim from the middle goes through its mean, by two."""
    seen = await tab.observe(vision=True)
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


@solves("grid-coordinate", sight="boxes")
async def click_a_point_of_a_grid(tab: Tab) -> None:
    seen = await tab.observe()
    x, y = (int(part) for part in words(seen, r"coordinate \((-?\d),(-?\d)\)"))
    points = [one for one in every(seen, "clickable") if one.tag == "circle"]
    xs = sorted({round(middle(one)[0]) for one in points})
    ys = sorted({round(middle(one)[1]) for one in points})
    await tab.click(
        next(one.ref for one in points if (round(middle(one)[0]), round(middle(one)[1])) == (xs[x + 2], ys[2 - y]))
    )


def _dots(seen: Observation, colour: tuple[int, int, int]) -> list[tuple[float, float]]:
    """Middles of dots of a colour: where many such pixels lie close together, and no line."""
    picture = image(seen)
    ink = {(x, y) for x in range(2, 156) for y in range(50, 184) if apart(pixel(picture, x, y), colour) < 140}
    full = {
        (x, y): sum((x + dx, y + dy) in ink for dx in range(-4, 5) for dy in range(-4, 5) if dx * dx + dy * dy <= 16)
        for x, y in ink
    }
    found: list[tuple[float, float]] = []
    for at in sorted(full, key=lambda one: -full[one]):
        if full[at] >= 24 and all(math.dist(at, other) > 8 for other in found):
            best = [one for one in full if math.dist(one, at) <= 3 and full[one] == full[at]]
            found.append((sum(x for x, _ in best) / len(best) + 0.5, sum(y for _, y in best) / len(best) + 0.5))
    return found


async def _click_drawn(tab: Tab, x: float, y: float) -> None:
    """Click where a point is to be drawn: these pages draw it two pixels right of and below the pointer."""
    await tab.click_at(round(x) - 2, round(y) - 2)


@solves("circle-center", sight="picture")
async def click_the_centre(tab: Tab) -> None:
    seen = await tab.observe(vision=True)
    x, y = centre([at for one in blobs(seen, (2, 50, 156, 164), least=1) for at in one.pixels])
    await _click_drawn(tab, x + 0.5, y + 0.5)
    await submit(tab)


@solves("find-midpoint", sight="picture")
async def click_the_midpoint(tab: Tab) -> None:
    (ax, ay), (bx, by) = _dots(await tab.observe(vision=True), BLACK)[:2]
    await _click_drawn(tab, (ax + bx) / 2, (ay + by) / 2)
    await submit(tab)


@solves("right-angle", sight="picture")
async def make_a_right_angle(tab: Tab) -> None:
    seen = await tab.observe(vision=True)
    await _click_drawn(tab, *perpendicular(_dots(seen, BLUE)[0], _dots(seen, BLACK)[0]))
    await submit(tab)


@solves("bisect-angle", sight="picture")
async def bisect_an_angle(tab: Tab) -> None:
    seen = await tab.observe(vision=True)
    a, b = _dots(seen, BLACK)[:2]
    await _click_drawn(tab, *bisecting(_dots(seen, BLUE)[0], a, b))
    await submit(tab)
