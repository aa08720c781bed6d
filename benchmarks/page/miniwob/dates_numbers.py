"""Dates, times, calendars, sliders, spinners and colours."""

import re

from benchmarks.page.miniwob.page import click, every, middle, named, quoted, submit, words
from benchmarks.page.miniwob.solution import solves
from webhand import Tab
from webhand.errors import NotInteractable

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
COLOURS = {
    "black": "000000", "blue": "0000ff", "cyan": "00ffff", "fuchsia": "ff00ff", "gray": "808080", "grey": "808080",
    "green": "008000", "lime": "00ff00", "magenta": "ff00ff", "maroon": "800000", "navy": "000080", "olive": "808000",
    "orange": "ffa500", "pink": "ffc0cb", "purple": "800080", "red": "ff0000", "silver": "c0c0c0", "teal": "008080",
    "white": "ffffff", "yellow": "ffff00", "aqua": "00ffff", "brown": "a52a2a",
}  # fmt: skip


async def pick_date(tab: Tab, field: str, date: str) -> None:
    """Leaf through a calendar to a date written 10/27/2016, and click the day."""
    month, day, year = (int(part) for part in date.split("/"))
    await tab.click(field)
    for _ in range(60):
        seen = await tab.observe()
        name, shown = words(seen, rf"({'|'.join(MONTHS)}) (\d{{4}})")
        ahead = (year - int(shown)) * 12 + month - 1 - MONTHS.index(name)
        if not ahead:
            await tab.click(named(seen, str(day), "link"))
            return
        await click(tab, "Next" if ahead > 0 else "Prev", "clickable")
    raise LookupError(f"{date} was not reached")


@solves("choose-date", "choose-date-easy", "choose-date-medium", "choose-date-nodelay")
async def choose_a_date(tab: Tab) -> None:
    seen = await tab.observe()
    await pick_date(tab, every(seen, "textbox")[0].ref, words(seen, r"(\d+/\d+/\d+)")[0])
    await submit(tab)


@solves("enter-date")
async def enter_a_date(tab: Tab) -> None:
    seen = await tab.observe()
    month, day, year = words(seen, r"Enter (\d+)/(\d+)/(\d+)")
    await tab.type(every(seen, "date")[0].ref, f"{year}-{month}-{day}")
    await submit(tab)


@solves("enter-time")
async def enter_a_time(tab: Tab) -> None:
    seen = await tab.observe()
    hour, minute, half = words(seen, r"Enter (\d+):(\d+) (AM|PM)")
    await tab.type(every(seen, "time")[0].ref, f"{int(hour) % 12 + 12 * (half == 'PM'):02}:{minute}")
    await submit(tab)


@solves("daily-calendar")
async def make_an_appointment(tab: Tab) -> None:
    """Half hours are nameless boxes below their hour; appointments stand at the end of the text, without a time."""
    seen = await tab.observe()
    length, unit, name, begin = words(seen, r'Create a ([\d.]+) (\w+) event named "(\w+)", between (\w+)')
    halves = round(float(length) * 2 if unit.startswith("hour") else float(length) / 30)
    boxes = re.findall(r"(e\d+) clickable", seen.text[seen.text.index(f"\n{begin.lower()}\n") :])[:8]
    for first, last in zip(boxes, boxes[halves - 1 :], strict=False):
        try:
            await _drag_down(tab, first, last)
            break
        except NotInteractable:  # another appointment lies over it; what is out of view is not said to be covered
            continue
    seen = await tab.observe()
    await tab.type(named(seen, "Event name", "textbox"), name)
    await submit(tab, "Create")


async def _drag_down(tab: Tab, first: str, last: str) -> None:
    if first != last:
        await tab.drag(first, last)
        return
    await tab.hover(first)
    x, y = middle((await tab.observe()).elements[first])
    await tab.drag_at(x, y - 3, x, y + 3)


@solves("use-slider")
async def set_a_slider(tab: Tab) -> None:
    seen = await tab.observe()
    await slide(tab, 0, int(words(seen, r"Select (-?\d+) with")[0]))
    await submit(tab)


@solves("use-slider-2")
async def set_three_sliders(tab: Tab) -> None:
    seen = await tab.observe()
    for number, value in enumerate(words(seen, r"\[(-?\d+),(-?\d+),(-?\d+)\]")):
        await slide(tab, number, int(value))
    await submit(tab)


@solves("form-sequence")
async def slide_tick_submit(tab: Tab) -> None:
    seen = await tab.observe()
    value, number = words(seen, r"Select (-?\d+) with the slider, click the (\d)")
    await slide(tab, 0, int(value))
    await tab.check(every(seen, "checkbox")[int(number) - 1].ref)
    await submit(tab)


@solves("form-sequence-2")
async def choose_and_type(tab: Tab) -> None:
    seen = await tab.observe()
    choice, field = words(seen, r"the (\d)\w\w radio .* the (\d)\w\w textbox")
    await tab.check(every(seen, "radio")[int(choice) - 1].ref)
    await tab.type(every(seen, "textbox")[int(field) - 1].ref, quoted(seen)[0])
    await submit(tab)


async def slide(tab: Tab, number: int, value: int) -> None:
    """Move a slider by the arrow keys: its handle is a nameless element, its value a text after it."""
    for _ in range(80):
        seen = await tab.observe()
        handle, now = re.findall(r"(e\d+) (?:click|hover)able[^\n]*\n(-?\d+)\n", seen.text)[number]
        if int(now) == value:
            return
        await tab.press("ArrowRight" if int(now) < value else "ArrowLeft", handle)
    raise LookupError(f"the slider does not reach {value}")


@solves("use-spinner")
async def set_a_spinner(tab: Tab) -> None:
    seen = await tab.observe()
    value = int(words(seen, r"Select (-?\d+) with")[0])
    for _ in range(abs(value)):  # typing is not taken by this one
        await tab.press("ArrowUp" if value > 0 else "ArrowDown", every(seen, "spinbutton")[0].ref)
    await submit(tab)


@solves("use-colorwheel")
async def enter_a_named_colour(tab: Tab) -> None:
    await _enter_colour(tab, COLOURS[words(await tab.observe(), r"Select (\w+) with")[0]])


@solves("use-colorwheel-2")
async def enter_a_shown_colour(tab: Tab) -> None:
    """A colour that is exactly one with a name is told by that."""
    code, word = words(await tab.observe(), r"colou?r \((?:.*#(\w{6})|(\w+)) box\)")
    await _enter_colour(tab, code or COLOURS[word])


async def _enter_colour(tab: Tab, code: str) -> None:
    await tab.type(every(await tab.observe(), "textbox")[0].ref, code)
    await tab.click_at(80, 195)  # the palette goes when the mouse is pressed beside it, not by keys
    await submit(tab)
