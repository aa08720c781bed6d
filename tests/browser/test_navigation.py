"""Going from page to page, and what is said when that does not work."""

import socket
from collections.abc import Callable

import pytest

from tests.conftest import Configured
from webhand.browser import BrowserConfig, Context, Tab
from webhand.errors import NavigationFailed, TabClosed

Site = Callable[..., str]


@pytest.fixture
async def tab(context: Context) -> Tab:
    return await context.open()


async def test_an_address_is_opened(tab: Tab, site: Site) -> None:
    url = site("/page", html="<title>Shop</title><p>Hello")
    effect = await tab.goto(url)
    assert effect.text == f"opened {url}; the page went to {url}"
    assert effect.navigated == url
    seen = await tab.observe()
    assert (seen.url, seen.title, seen.text) == (url, "Shop", "Hello")


async def test_a_redirect_says_where_it_led(tab: Tab, site: Site) -> None:
    there = site("/page", host="localhost", html="There")
    assert (await tab.goto(site("/to", url=there))).navigated == there


async def test_back_forward_and_reload(tab: Tab, site: Site) -> None:
    one, two = site("/page", html="One"), site("/page", html="Two")
    await tab.goto(one)
    await tab.goto(two)
    assert (await tab.back()).text == f"went back; the page went to {one}"
    assert (await tab.observe()).text == "One"
    assert (await tab.forward()).text == f"went forward; the page went to {two}"
    assert (await tab.observe()).text == "Two"
    assert (await tab.reload()).text == f"loaded again; the page went to {two}"


async def test_the_history_has_two_ends(tab: Tab) -> None:
    with pytest.raises(NavigationFailed, match="the page before does not exist"):
        await tab.back()
    with pytest.raises(NavigationFailed, match="the next page does not exist"):
        await tab.forward()


async def test_back_within_a_page(tab: Tab, site: Site) -> None:
    url = site("/page", html="One")
    await tab.goto(url)
    await tab.goto(f"{url}#part")
    assert (await tab.back()).navigated == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://no-such-name.invalid/", "the name does not resolve; check the spelling of the address"),
        ("not an address", "that is no address; write it with its scheme, such as https://example.com"),
        ("https://127.0.0.1:1/", "Page.goto: net::ERR_UNSAFE_PORT at https://127.0.0.1:1/"),
    ],
)
async def test_an_address_that_cannot_be_opened(tab: Tab, url: str, why: str) -> None:
    with pytest.raises(NavigationFailed) as raised:
        await tab.goto(url)
    assert str(raised.value) == f"{url} did not open: {why}"


async def test_a_port_where_nothing_listens(tab: Tab) -> None:
    with socket.socket() as taken:  # bound, but it does not listen
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(NavigationFailed, match="nothing listens there; check the port, or start the server"):
            await tab.goto(f"http://127.0.0.1:{taken.getsockname()[1]}/")


async def test_a_server_that_breaks_off(tab: Tab, site: Site) -> None:
    with pytest.raises(NavigationFailed, match="the server answered nothing"):
        await tab.goto(site("/broken"))


async def test_a_circle_of_redirects(tab: Tab, site: Site) -> None:
    here = site("/circle")
    with pytest.raises(NavigationFailed, match="it redirects in a circle"):
        await tab.goto(here)


async def test_an_answer_without_a_page_leaves_the_old_one(tab: Tab, site: Site) -> None:
    await tab.goto(site("/page", html="Here"))
    with pytest.raises(NavigationFailed, match="the navigation was aborted"):
        await tab.goto(site("/none"))
    assert (await tab.observe()).text == "Here"


async def test_an_error_page_of_a_server_is_a_page(tab: Tab, site: Site) -> None:
    assert (await tab.goto(site("/missing"))).navigated
    assert (await tab.observe()).text == "not here"


async def test_pages_that_never_come_or_never_end(site: Site, configured: Configured) -> None:
    hasty = await configured(BrowserConfig(navigation_timeout=0.5))
    tab = await hasty.open(site("/page", html="Here"))
    with pytest.raises(NavigationFailed, match=r"did not answer within 0.5 s; try again or another address"):
        await tab.goto(site("/never"))
    assert (await tab.observe()).text == "Here"
    await tab.goto(site("/endless", html="<p>So far</p>"))
    seen = await tab.observe()
    assert seen.text == "So far"
    assert "the page is still loading" in seen.notices


async def test_a_closed_tab(tab: Tab) -> None:
    await tab.observe()
    await tab.close()
    for act in (tab.observe(), tab.goto("about:blank"), tab.click("e1"), tab.press("a"), tab.read(), tab.screenshot()):
        with pytest.raises(TabClosed, match="tab 1 is closed|the tab was closed"):
            await act


async def test_the_next_address_after_one_that_failed(tab: Tab, site: Site) -> None:
    there = site("/page", html="There")
    for _ in range(5):
        with pytest.raises(NavigationFailed):
            await tab.goto(site("/broken"))
        assert (await tab.goto(there)).navigated == there
    assert (await tab.observe()).text == "There"
