"""Several tabs: opened by us or by the page, quickly or slowly, switched and closed."""

import asyncio
from collections.abc import Callable

import pytest

from webhand.browser import Context, Tab
from webhand.errors import TabClosed

Site = Callable[..., str]


async def page(context: Context, site: Site, html: str) -> Tab:
    tab = await context.open(site("/page", html=html))
    await tab.observe()
    return tab


@pytest.mark.parametrize("after", [0, 50, 300, 900])
@pytest.mark.parametrize(
    "html",
    [
        "<a target=_blank href='{}' onclick='this.className = 1'>Go</a>",
        '<button onclick=\'open("{}", "", "noopener"); this.className = 1\'>Go</button>',
    ],
)
async def test_a_window_that_a_click_opens_is_in_the_effect(
    context: Context, site: Site, html: str, after: int
) -> None:
    there = site("/page", html="There", after=after)
    tab = await page(context, site, html.format(there))
    effect = await tab.click("e1")
    assert effect.new_tabs == (2,)
    assert effect.text.endswith('"Go"; tab 2 opened')
    opened = context.get(2)
    assert opened is context.active
    assert opened
    seen = await opened.observe()
    assert seen.text == "There"
    assert [(one.number, one.active) for one in seen.tabs] == [(1, False), (2, True)]


async def test_a_window_from_a_frame_of_another_site(context: Context, site: Site) -> None:
    there = site("/page", html="There", after=100)
    inner = site(
        "/page", host="localhost", html=f"<button onclick='window.open(\"{there}\"); this.className = 1'>Go</button>"
    )
    tab = await page(context, site, f"<iframe src='{inner.replace('&', '&amp;')}'></iframe>")
    effect = await tab.click("f2e1")
    assert effect.new_tabs == (2,)


async def test_a_window_that_opens_a_moment_after_the_click(context: Context, site: Site) -> None:
    there = site("/page", html="There", after=100)
    tab = await page(context, site, f"<button onclick='setTimeout(() => window.open(\"{there}\"), 200)'>Go</button>")
    assert (await tab.click("e1")).new_tabs == (2,)


async def test_a_window_that_closes_itself(context: Context, site: Site) -> None:
    tab = await page(context, site, "<button onclick='window.open(\"about:blank\").close()'>Go</button>")
    assert (await tab.click("e1")).new_tabs == ()
    assert context.tabs == (tab,)
    assert context.active is tab


async def test_the_list_of_tabs_has_titles_and_addresses(context: Context, site: Site) -> None:
    one = await page(context, site, "<title>One</title>")
    two = await page(context, site, "<title>Two</title>")
    (first, second) = (await one.observe()).tabs
    assert (first.title, first.url) == ("One", one.url)
    assert (second.title, second.url) == ("Two", two.url)


async def test_switching_and_closing(context: Context) -> None:
    one, two, three = [await context.open() for _ in range(3)]
    assert context.active is three
    assert await context.switch(1) is one
    assert context.active is one
    await one.close()
    assert context.tabs == (two, three)
    assert context.active is three
    with pytest.raises(TabClosed, match="there is no tab 1; open tabs: 2, 3"):
        await context.switch(1)
    await context.close_tab(2)
    await context.close_tab(3)
    assert context.active is None
    assert (await context.open()).number == 4


@pytest.mark.parametrize("count", [1, 2])
async def test_a_tab_that_closes_by_a_click(context: Context, site: Site, count: int) -> None:
    opener = await page(context, site, "<button onclick='window.open(\"about:blank\")'>Open</button>")
    await opener.click("e1")
    (_, window) = context.tabs
    await window.page.set_content("<button onmousedown='window.close()'>Close</button>")
    seen = await window.observe()
    effect = await window.click(next(iter(seen.elements)), count=count)
    assert effect.text.endswith("the tab closed")
    assert context.tabs == (opener,)


async def test_asking_a_page_that_hangs_for_its_storage_leaves_no_tab_behind(context: Context, site: Site) -> None:
    tab = await page(context, site, "<p>Hello</p>")
    await tab.page.evaluate("setTimeout(() => { for (;;); }, 0)")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await context.state()
    assert (await context.open()).number == 2
    assert [one.number for one in context.tabs] == [1, 2]


async def test_fifty_windows_at_once(context: Context, site: Site) -> None:
    opening = "for (let number = 0; number < 50; number++) window.open(`about:blank`, number, `popup`)"
    tab = await page(context, site, f"<button onclick='{opening}'>Go</button>")
    effect = await tab.click("e1")
    assert effect.new_tabs == tuple(range(2, 52))
    assert effect.text.endswith('"Go"; tabs 2 to 51 opened')
    assert len((await tab.observe()).tabs) == 51
