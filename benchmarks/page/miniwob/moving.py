"""What moves or shows itself for a moment only: looked at again and again."""

import time

from benchmarks.page.miniwob.page import every, middle, named, words
from benchmarks.page.miniwob.picture import BLACK, apart, blobs, colour_at
from benchmarks.page.miniwob.solution import solves
from webhand import Tab


@solves("stock-market")
async def buy_low(tab: Tab) -> None:
    seen = await tab.observe()
    limit = float(words(seen, r"less than \$([\d.]+)\.")[0])
    buy = named(seen, "Buy", "button")
    until = time.monotonic() + 12
    while time.monotonic() < until:
        prices = (await tab.observe()).text.split("Stock price:")[1].split("\n")
        shown = next((one for part in prices[:2] if (one := part.strip()).startswith("$")), "")
        if shown and float(shown[1:]) <= limit:
            await tab.click(buy)
            return


@solves("simon-says", sight="picture")
async def repeat_the_flashes(tab: Tab) -> None:
    """The flashes begin when the page opens: it is loaded again, and the picture taken as fast as it can be."""
    await tab.reload()
    buttons = every(await tab.observe(), "button")
    usual = [(66, 134, 244), (244, 66, 66), (66, 244, 125), (231, 242, 21)]
    flashes: list[int] = []
    lit, until = None, time.monotonic() + 5
    while time.monotonic() < until:
        seen = await tab.observe(vision=True)
        now = next(
            (number for number, one in enumerate(buttons) if apart(colour_at(seen, *middle(one)), usual[number]) > 60),
            None,
        )
        if now is not None and now != lit:
            flashes.append(now)
        lit = now
    for number in flashes:
        await tab.click(buttons[number].ref)


@solves("moving-items", sight="picture")
async def click_moving_circles(tab: Tab) -> None:
    until = time.monotonic() + 12
    while time.monotonic() < until:
        seen = await tab.observe(vision=True)
        discs = [one for one in blobs(seen, least=60) if apart(one.colour, BLACK) < 40]
        if "Episode" in seen.text:
            return
        if discs:
            await tab.click_at(*discs[0].middle)


@solves("hot-cold", sight="boxes", lacks=("hover_at",))
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
