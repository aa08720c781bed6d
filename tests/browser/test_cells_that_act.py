"""Cells that act without saying so: each has a reference, which the rows of a table tell by nothing but its place."""

from pathlib import Path

from webhand.browser import Context

PAGES = Path(__file__).parents[1] / "pages"


async def test_a_heading_with_a_filter_in_it_sorts(context: Context) -> None:
    tab = await context.open((PAGES / "headings_that_sort.html").as_uri())
    seen = await tab.observe()
    heads = {one.name: one.ref for one in seen.elements.values() if one.role == "columnheader"}
    assert list(heads) == ["Name", "Age"]
    await tab.click(heads["Name"])
    assert await tab.page.title() == "sorted"


async def test_days_of_a_calendar_that_listens_are_offered(context: Context) -> None:
    tab = await context.open((PAGES / "calendar_days.html").as_uri())
    days = {one.name: one.ref for one in (await tab.observe()).elements.values() if one.role == "gridcell"}
    assert list(days) == ["May 1, 2026", "May 2, 2026"]
    await tab.click(days["May 2, 2026"])
    assert await tab.page.title() == "pressed"
