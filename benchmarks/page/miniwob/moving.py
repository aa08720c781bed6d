"""What moves or shows itself for a moment only: looked at again and again."""

import time
from itertools import pairwise

from benchmarks.page.miniwob.page import every, named, shapes, words
from benchmarks.page.miniwob.solution import solves
from webhand import Tab

MOST_RISE = 1.5
"""Dollars by which a price goes up at once."""


@solves("stock-market")
async def buy_low(tab: Tab) -> None:
    seen = await tab.observe()
    limit = float(words(seen, r"less than \$([\d.]+)\.")[0])
    buy = named(seen, "Buy", "button")
    began = time.monotonic()
    while (passed := time.monotonic() - began) < 12:
        prices = (await tab.observe()).text.split("Stock price:")[1].split("\n")
        shown = next((one for part in prices[:2] if (one := part.strip()).startswith("$")), "")
        rise = MOST_RISE if passed < 7 else 0.0  # it may change before the click arrives
        if shown and float(shown[1:]) <= limit - rise:
            await tab.click(buy)
            return


@solves("simon-says")
async def repeat_the_flashes(tab: Tab) -> None:
    """The flashes begin when the page opens: it is loaded again, and looked at as fast as it can be."""
    for _ in range(4):
        await tab.reload()
        began, seen = time.monotonic(), await tab.observe()
        buttons = every(seen, "button")
        usual = ["blue", "red", "green", "yellow"]
        flashes: list[tuple[float, int]] = []
        lit = None
        while time.monotonic() < began + 4.5:
            now = next(
                (at for at, one in enumerate(every(await tab.observe(), "button")) if one.drawn != usual[at]), None
            )
            if now is not None and now != lit:
                flashes.append((time.monotonic(), now))
            lit = now
        gaps = [later - before for (before, _), (later, _) in pairwise(flashes)]
        if len(flashes) >= 3 and max(gaps) < 0.9 and flashes[0][0] - began < 0.9:  # none was missed
            break
    for _, number in flashes:
        await tab.click(buttons[number].ref)


@solves("moving-items")
async def click_moving_circles(tab: Tab) -> None:
    """The page takes a click for a circle that is up to 23 pixels away: they move less between a look and a click."""
    until = time.monotonic() + 12
    while time.monotonic() < until:
        seen = await tab.observe()
        if "Episode" in seen.text:
            return
        discs = [one for one in shapes(seen) if one.kind == "circle" and 2 < one.x < 158]
        if discs:
            await tab.click_at(discs[0].x, min(max(discs[0].y, 56), 200))


@solves("chase-circle")
async def stay_in_the_circle(tab: Tab) -> None:
    """The circle begins at the same place when the page is loaded again: the pointer waits for it there."""
    await tab.reload()
    await tab.hover_at(*shapes(await tab.observe())[0].middle)
    await tab.reload()
    until = time.monotonic() + 11
    while time.monotonic() < until:
        discs = shapes(await tab.observe())
        if not discs:
            return
        await tab.hover_at(*discs[0].middle)


@solves("hover-shape")
async def stay_on_the_coloured_square(tab: Tab) -> None:
    """For the ten seconds that the page counts."""
    until, there = time.monotonic() + 10, ""
    while time.monotonic() < until:
        square = next((one for one in shapes(await tab.observe()) if one.colour != "black"), None)
        if square is not None and square.ref != there:
            await tab.hover(square.ref)
            there = square.ref


@solves("hot-cold", sight="boxes")
async def find_the_hot_place(tab: Tab) -> None:
    """Hover over a grid until it is warm, then around there."""
    area = every(await tab.observe(), "clickable")[0].box
    assert area is not None
    left, top = round(area.x) + 4, round(area.y) + 4
    coarse = [(x, y) for y in range(top, top + 125, 13) for x in range(left, left + 155, 13)]
    for x, y in coarse:
        said = await _said(tab, x, y)
        if said in ("HOT", "WARM"):
            for px, py in ((x + dx, y + dy) for dx in (0, -4, 4, -8, 8) for dy in (0, -4, 4, -8, 8)):
                if await _said(tab, px, py) == "HOT":
                    await tab.click_at(px, py)
                    return


async def _said(tab: Tab, x: float, y: float) -> str:
    await tab.hover_at(x, y)
    return (await tab.observe()).text.strip().split("\n")[-1].split(" ", 2)[-1].replace("clickable ", "")
