"""Dragging: boxes, shapes, items of lists, corners."""

from benchmarks.page.miniwob.page import every, goal, middle, named, submit, words
from benchmarks.page.miniwob.picture import BLACK, apart, blobs, colour_at, name_of
from benchmarks.page.miniwob.solution import solves
from webhand import Element, Observation, Tab

STEPS = {"left": (-18, 0), "right": (18, 0), "up": (0, -18), "down": (0, 18)}
SHAPES = {"rect": "rectangle", "circle": "circle", "polygon": "triangle"}
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


@solves("drag-circle", "drag-single-shape", sight="boxes", lacks=("drag_at",))
async def drag_aside(tab: Tab) -> None:
    seen = await tab.observe()
    x, y = middle(every(seen, "clickable")[0])
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


@solves("drag-shapes", sight="picture", lacks=("drag_at",))
async def drag_shapes_into_a_box(tab: Tab) -> None:
    """The box has no reference, and what a shape is only its tag says: the text calls all of them clickable."""
    seen = await tab.observe(vision=True)
    kind = words(seen, r"Drag all (\w+)s into")[0]
    left, top, width, _ = _frames(seen)[0]
    for number, shape in enumerate(one for one in _shapes(seen) if SHAPES[one.tag] == kind):
        await _put(tab, shape, left + 16 + number * (width - 22) // 4, top + 20)
    await submit(tab)


@solves("drag-shapes-2", sight="picture", lacks=("drag_at",))
async def sort_shapes_into_two_boxes(tab: Tab) -> None:
    seen = await tab.observe(vision=True)
    wanted = words(seen, r"Drag all (\w+) ?(?:shapes)? into")[0]
    frames = sorted(_frames(seen)[:2])
    used = [0, 0]
    for shape in _shapes(seen):
        kind = SHAPES[shape.tag] + "s" if wanted.endswith("s") else name_of(colour_at(seen, *middle(shape)))
        same = {"cyan": "aqua"}.get(kind, kind) == {"cyan": "aqua"}.get(wanted, wanted)
        side = 0 if same else 1
        left, top, _, _ = frames[side]
        await _put(tab, shape, left + 13 + used[side] % 3 * 20, top + 14 + used[side] // 3 * 20)
        used[side] += 1
    await submit(tab)


async def _put(tab: Tab, shape: Element, x: float, y: float) -> None:
    await tab.drag_at(*middle(shape), x, y)


def _shapes(seen: Observation) -> list[Element]:
    return [one for one in every(seen, "clickable") if one.tag in SHAPES]


def _frames(seen: Observation) -> list[tuple[int, int, int, int]]:
    """Black outlines: left, top, width, height."""
    outlines = [one for one in blobs(seen, least=100, together=90) if apart(one.colour, BLACK) < 90 and one.fill < 0.4]
    return [(one.left, one.top, one.width, one.height) for one in outlines if one.width > 60]


@solves("resize-textarea", sight="boxes", lacks=("drag_at",))
async def resize(tab: Tab) -> None:
    """Of three nameless handles the one at the corner is in view; the others are clipped to two pixels."""
    seen = await tab.observe()
    side, how = words(seen, r"the (width|height) is (larger|smaller)")
    x, y = middle(next(one for one in seen.elements.values() if one.in_view and one.tag == "div"))
    by = 20 if how == "larger" else -20
    await tab.drag_at(x, y, x + by * (side == "width"), y + by * (side == "height"))
    await submit(tab)


@solves("draw-line", sight="picture", lacks=("drag_at",))
async def draw_a_line(tab: Tab) -> None:
    seen = await tab.observe(vision=True)
    dot = next(one for one in blobs(seen, (4, 54, 150, 160), least=20, together=90) if one.width < 12)
    x, y = (round(part) - 2 for part in dot.middle)  # through the dot, a little beside its middle
    if "vertical" in goal(seen):
        await tab.drag_at(x, y - 18, x, y + 42)
    else:
        await tab.drag_at(x - 18, y, x + 42, y)
    await submit(tab)


@solves("drag-cube", sight="picture", lacks=("drag_at",))
async def turn_a_cube(tab: Tab) -> None:
    """Turns by dead reckoning: a stroke of 50 pixels is about a quarter and a half. Which side faces the user, only
    the picture says."""
    side = words(await tab.observe(), r'so that "(\d)" is')[0]
    if side == "1":
        await tab.drag_at(80, 125, 80, 76)
    elif side != "6":  # which it shows at first
        await tab.drag_at(80, 75, 80, 127)
        await tab.wait(1)
        await tab.drag_at(80, 100, 80 + {"2": -19, "3": -51, "4": 52, "5": 19}[side], 100)
    await tab.wait(1)
    await submit(tab)
