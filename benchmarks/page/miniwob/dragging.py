"""Dragging: boxes, shapes, items of lists, corners."""

import math

from benchmarks.page.miniwob.page import every, goal, middle, named, shapes, submit, words
from benchmarks.page.miniwob.solution import solves
from webhand import Tab

STEPS = {"left": (-18, 0), "right": (18, 0), "up": (0, -18), "down": (0, 18)}
PLACES = [
    "top left",
    "top center",
    "top right",
    "center left",
    "center",
    "center right",
    "bottom left",
    "bottom center",
    "bottom right",
]


@solves("drag-box")
async def drag_a_box_into_another(tab: Tab) -> None:
    seen = await tab.observe()
    await tab.drag(named(seen, "s"), named(seen, "L"))
    await submit(tab)


@solves("drag-circle", "drag-single-shape")
async def drag_aside(tab: Tab) -> None:
    seen = await tab.observe()
    x, y = next(one.middle for one in shapes(seen) if one.ref and one.colour != "drawing")
    dx, dy = STEPS[words(seen, r"Drag the \w+ (\w+) then")[0]]
    await tab.drag_at(x, y, x + dx, y + dy)
    await submit(tab)


@solves("drag-items")
async def drag_in_a_list(tab: Tab) -> None:
    seen = await tab.observe()
    name, where = words(seen, r"Drag (\w+) (.+)\.")
    items = every(seen, "clickable")
    at = next(number for number, one in enumerate(items) if one.name == name)
    targets = {
        "to the top": 0,
        "to the bottom": len(items) - 1,
        "down by one position": at + 1,
        "up by one position": at - 1,
    }
    to = targets[where] if where in targets else int(words(seen, r"to the (\d)")[0]) - 1
    await tab.drag(items[at].ref, items[to].ref)


@solves("drag-items-grid")
async def drag_in_a_grid(tab: Tab) -> None:
    seen = await tab.observe()
    name, where = words(seen, r"Drag (\w+) (.+)\.")
    items = every(seen, "clickable")
    at = next(number for number, one in enumerate(items) if one.name == name)
    by_one = {"up by one": -3, "down by one": 3, "left by one": -1, "right by one": 1}
    to = at + by_one[where] if where in by_one else PLACES.index(where.removeprefix("to the "))
    await tab.drag(items[at].ref, items[to].ref)


@solves("drag-sort-numbers")
async def sort_numbers(tab: Tab) -> None:
    for place in range(3):
        items = every(await tab.observe(), "clickable")
        least = min(items[place:], key=lambda one: int(one.name))
        if least is not items[place]:
            await tab.drag(least.ref, items[place].ref)
    await submit(tab)


@solves("drag-shapes")
async def drag_shapes_into_a_box(tab: Tab) -> None:
    seen = await tab.observe()
    kind = words(seen, r"Drag all (\w+)s into")[0]
    (box,) = (one for one in shapes(seen) if one.outlined)
    for number, shape in enumerate(one for one in shapes(seen) if one.ref and one.kind == kind):
        await tab.drag_at(*shape.middle, box.x - box.width / 2 + 16 + number * (box.width - 22) // 4, box.y)
    await submit(tab)


@solves("drag-shapes-2")
async def sort_shapes_into_two_boxes(tab: Tab) -> None:
    seen = await tab.observe()
    wanted = words(seen, r"Drag all (\w+) ?(?:shapes)? into")[0]
    boxes = sorted((one for one in shapes(seen) if one.outlined), key=lambda one: one.x)
    used = [0, 0]
    for shape in (one for one in shapes(seen) if one.ref):
        side = 0 if wanted in (shape.kind + "s", shape.colour) else 1
        left, top = boxes[side].x - boxes[side].width / 2, boxes[side].y - boxes[side].height / 2
        await tab.drag_at(*shape.middle, left + 13 + used[side] % 3 * 20, top + 14 + used[side] // 3 * 20)
        used[side] += 1
    await submit(tab)


@solves("resize-textarea", sight="boxes")
async def resize(tab: Tab) -> None:
    """Of three nameless handles the one at the corner is in view; the others are clipped to two pixels."""
    seen = await tab.observe()
    side, how = words(seen, r"the (width|height) is (larger|smaller)")
    x, y = middle(next(one for one in seen.elements.values() if one.in_view and one.tag == "div"))
    by = 20 if how == "larger" else -20
    await tab.drag_at(x, y, x + by * (side == "width"), y + by * (side == "height"))
    await submit(tab)


@solves("draw-line")
async def draw_a_line(tab: Tab) -> None:
    seen = await tab.observe()
    dot = next(one for one in shapes(seen) if one.kind == "circle")
    x, y = round(dot.x) - 2, round(dot.y) - 2  # through the dot, a little beside its middle
    if "vertical" in goal(seen):
        await tab.drag_at(x, y - 18, x, y + 42)
    else:
        await tab.drag_at(x - 18, y, x + 42, y)
    await submit(tab)


@solves("draw-circle")
async def draw_a_circle(tab: Tab) -> None:
    dot = next(one for one in shapes(await tab.observe()) if one.kind == "circle")
    rim = [(dot.x + 25 * math.cos(turn / 8), dot.y + 25 * math.sin(turn / 8)) for turn in range(51)]
    await tab.drag_at(*rim[0], *rim[-1], via=rim[1:-1])
    await submit(tab)


HELD = 80
"""Times that the end of a stroke is named, so that the mouse rests there before it is let go."""


@solves("drag-cube")
async def turn_a_cube(tab: Tab) -> None:
    """A stroke turns the cube by 1.2 degrees a pixel, less what the last bit loses, if the mouse rests at its end."""
    side = words(await tab.observe(), r'so that "(\d)" is')[0]
    across = {"2": -120, "3": -42, "4": 42, "5": 118}.get(side, 0)
    if side != "6":  # which it shows at first
        begin, end = (250, 250), (250 + across, 250 if across else 136)
        await tab.hover_at(*begin)
        await tab.wait(0.2)
        await tab.drag_at(*begin, *end, via=[end] * HELD)
        await tab.wait(1)
    await submit(tab)
