"""What a model may ask for by mistake: each time a clear error within the limit, and the tab goes on."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from webhand.browser import Context, Effect, Tab
from webhand.browser.world import send
from webhand.errors import ActionError, ActionTimeout, BrowserCrashed, InvalidArguments, StaleRef, TabClosed

Show = Callable[[str], Awaitable[Tab]]
Act = Callable[[Tab, str], Awaitable[Effect]]

ACTS: list[Act] = [
    lambda tab, ref: tab.click(ref),
    lambda tab, ref: tab.hover(ref),
    lambda tab, ref: tab.drag(ref, ref),
    lambda tab, ref: tab.type(ref, "x"),
    lambda tab, ref: tab.press("Enter", ref),
    lambda tab, ref: tab.select(ref, ["x"]),
    lambda tab, ref: tab.check(ref),
    lambda tab, ref: tab.upload(ref, [__file__]),
    lambda tab, ref: tab.download(ref),
    lambda tab, ref: tab.scroll("down", ref=ref),
    lambda tab, ref: tab.read(ref),
]
WRONG: list[tuple[Act, str]] = [
    (lambda tab, ref: tab.click(ref, count=0), "count is 1 to 3, not 0"),
    (lambda tab, ref: tab.click(ref, count=50), "count is 1 to 3, not 50"),
    (lambda tab, ref: tab.drag(ref, ref), "e1 is dragged onto itself; name two elements"),
    (lambda tab, _: tab.click_at(math.nan, 1), "nan, 1 is outside of the picture"),
    (lambda tab, _: tab.click_at(math.inf, 1), "inf, 1 is outside of the picture"),
    (lambda tab, _: tab.drag_at(1, 1, -5, 1), "-5, 1 is outside of the picture"),
    (lambda tab, _: tab.scroll("down", amount=-1), "amount is how many views to scroll, more than 0"),
    (lambda tab, _: tab.scroll("down", amount=math.nan), "amount is how many views to scroll, more than 0"),
    (lambda tab, _: tab.scroll(cast("Any", "sideways")), "direction is up, down, left, right, top or bottom, not side"),
    (lambda tab, ref: tab.click(ref, cast("Any", "side")), "button is left, right or middle, not side"),
    (lambda tab, ref: tab.click(ref, modifiers=[cast("Any", "Hyper")]), "a modifier is Alt, Control, Meta or Shift, n"),
    (lambda tab, _: tab.wait(seconds=-1), "seconds are 0 to 60, not -1"),
    (lambda tab, _: tab.wait(seconds=math.nan), "seconds are 0 to 60, not nan"),
    (lambda tab, _: tab.press(""), 'there is no key ""'),
    (lambda tab, _: tab.find(" "), "find needs a text"),
]
BUTTON = "<button id=b onclick='document.title = 1'>Go</button>"


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("ref", ["e99", "", "button", "e0", "-1", "e1; e2", "e" + "9" * 400])
async def test_a_reference_that_was_never_given(shown_again: Show, act: Act, ref: str) -> None:
    tab = await shown_again(BUTTON)
    await tab.observe()
    with pytest.raises(StaleRef, match="look at the page again and use a reference shown there"):
        await act(tab, ref)


@pytest.mark.parametrize("act", ACTS)
async def test_a_reference_of_what_is_gone(shown_again: Show, act: Act) -> None:
    tab = await shown_again(BUTTON)
    await tab.observe()
    await tab.page.evaluate("b.remove()")
    with pytest.raises(StaleRef, match="e1 is no longer on the page; look again"):
        await act(tab, "e1")
    assert (await tab.observe()).elements == {}


@pytest.mark.parametrize("act", ACTS)
async def test_a_reference_of_another_tab_and_of_a_closed_one(context: Context, act: Act) -> None:
    tab, other = await context.open(), await context.open()
    await tab.page.set_content(BUTTON)
    await tab.observe()
    with pytest.raises(StaleRef, match="e1 .*tab 1"):
        await act(other, "e1")
    await tab.close()
    with pytest.raises(TabClosed, match="tab 1 is closed"):
        await act(tab, "e1")
    with pytest.raises(StaleRef):
        await act(other, "e1")


@pytest.mark.parametrize(("act", "why"), WRONG)
async def test_arguments_out_of_range(shown_again: Show, act: Act, why: str) -> None:
    tab = await shown_again(BUTTON)
    await tab.observe()
    with pytest.raises(InvalidArguments, match=why):
        await act(tab, "e1")
    assert await tab.page.title() == ""


@pytest.mark.parametrize("act", [*ACTS[:2], *ACTS[3:9]])
async def test_an_element_that_was_hidden_meanwhile(shown_again: Show, act: Act) -> None:
    tab = await shown_again(BUTTON)
    await tab.observe()
    await tab.page.evaluate("b.style.display = 'none'")
    with pytest.raises(ActionError, match="e1 is (hidden|a button, not|no list|nothing that can be)|does not take the"):
        await act(tab, "e1")


LOOP = "<input aria-label=Name {0}='for (;;);'><button {0}='for (;;);'>Go</button>"


CAUGHT: list[tuple[str, Callable[[Tab], Awaitable[Effect]]]] = [
    ("onclick", lambda tab: tab.click("e2")),
    ("onmousemove", lambda tab: tab.hover("e2")),
    ("onmousedown", lambda tab: tab.drag("e2", "e1")),
    ("onkeydown", lambda tab: tab.type("e1", "Anna")),
    ("oninput", lambda tab: tab.type("e1", "Anna")),
]


@pytest.mark.parametrize(("event", "act"), CAUGHT)
async def test_a_page_that_an_action_catches_in_a_loop(
    context: Context, monkeypatch: pytest.MonkeyPatch, event: str, act: Callable[[Tab], Awaitable[Effect]]
) -> None:
    for limit in ("change.LONG", "change.ANSWER_LIMIT", "navigation.ANSWER_LIMIT"):
        monkeypatch.setattr(f"webhand.browser.{limit}", 0.5)
    tab = await context.open()
    await tab.goto("data:text/html," + LOOP.format(event))
    await tab.observe()
    with pytest.raises(ActionTimeout, match="the page has not answered for 1 s, as if caught in a loop; "):
        await act(tab)
    await tab.reload()
    assert "button Go" in (await tab.observe()).text
    await tab.goto("data:text/html,<p>Elsewhere")
    assert (await tab.observe()).text == "Elsewhere"


CRASHING: list[Callable[[Tab], Awaitable[object]]] = [
    lambda tab: tab.observe(),
    lambda tab: tab.click("e1"),
    lambda tab: tab.press("x"),
    lambda tab: tab.find("Go"),
    lambda tab: tab.read(),
    lambda tab: tab.wait(text="Never"),
    lambda tab: tab.goto("data:text/html,<p>Elsewhere"),
]


@pytest.mark.parametrize("act", CRASHING)
async def test_a_page_that_crashes_before_it_has_answered(
    context: Context, act: Callable[[Tab], Awaitable[object]]
) -> None:
    tab = await context.open()
    await tab.page.set_content(BUTTON)
    await tab.observe()
    session = await context.inner.new_cdp_session(tab.page)
    await tab.page.evaluate("setTimeout(() => { for (;;); })")
    acting = asyncio.ensure_future(act(tab))
    crash = asyncio.create_task(send(session, "Page.crash"))  # this page can answer nothing before
    with pytest.raises(BrowserCrashed, match="the page's process crashed; open the address in a new tab"):
        await acting
    with pytest.raises(BrowserCrashed):
        await tab.observe()
    assert (await (await context.open("data:text/html,<p>Goes on")).observe()).text == "Goes on"
    await tab.close()
    await asyncio.gather(crash, return_exceptions=True)


async def test_many_keys_that_take_long_are_no_page_that_hangs(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhand.browser.change.LONG", 0.05)
    tab = await context.open()
    slow = "const until = Date.now() + 40; while (Date.now() < until);"
    await tab.goto(f"data:text/html,<input aria-label=Name oninput='{slow}'>")
    await tab.observe()
    assert (await tab.type("e1", "Anna Maria")).value == "Anna Maria"
