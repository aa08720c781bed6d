"""Opening addresses, and going back and forth in a tab's history."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout

from webhand.browser.change import changing
from webhand.browser.frames import answers_soon
from webhand.browser.observation import Effect
from webhand.browser.world import send
from webhand.errors import NavigationFailed

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

ANSWER_LIMIT = 2.0
"""Seconds that a page which is to be left gets to show that it answers."""
REASONS = {
    "ERR_NAME_NOT_RESOLVED": "the name does not resolve; check the spelling of the address",
    "ERR_CONNECTION_REFUSED": "nothing listens there; check the port, or start the server",
    "ERR_INTERNET_DISCONNECTED": "there is no network",
    "ERR_CONNECTION_RESET": "the server broke the connection off",
    "ERR_EMPTY_RESPONSE": "the server answered nothing",
    "ERR_CERT": "its certificate is not valid (ignore_https_errors opens it all the same)",
    "ERR_TOO_MANY_REDIRECTS": "it redirects in a circle",
    "ERR_ABORTED": "the navigation was aborted, perhaps because it is a download",
    "invalid URL": "that is no address; write it with its scheme, such as https://example.com",
}
"""What Chromium calls a failure, and what it means."""


async def goto(tab: Tab, url: str) -> Effect:
    """Open an address and wait until the page has come to rest; NavigationFailed when it does not open.

    Raises BlockedURL where the address rules do not allow it.
    """
    tab.context.own((url,))
    tab.context.check(url)
    return await _go(tab, lambda: tab.page.goto(url, wait_until="commit", timeout=_limit(tab)), f"opened {url}", url)


async def back(tab: Tab) -> Effect:
    """Go one page back in the tab's history; NavigationFailed when there is none."""
    return await _turn(
        tab, lambda: tab.page.go_back(wait_until="commit", timeout=_limit(tab)), "went back", "the page before"
    )


async def forward(tab: Tab) -> Effect:
    """Go one page forward in the tab's history; NavigationFailed when there is none."""
    return await _turn(
        tab, lambda: tab.page.go_forward(wait_until="commit", timeout=_limit(tab)), "went forward", "the next page"
    )


async def reload(tab: Tab) -> Effect:
    """Load the page again."""
    return await _go(tab, lambda: tab.page.reload(wait_until="commit", timeout=_limit(tab)), "loaded again", tab.url)


def _limit(tab: Tab) -> float:
    return tab.context.navigation_timeout * 1000


async def _turn(tab: Tab, turn: Callable[[], Awaitable[object]], done: str, where: str) -> Effect:
    effect = await _go(tab, turn, done, where)
    if effect.navigated is None and effect.dialog is None:
        raise NavigationFailed(f"{where} does not exist: the history of the tab ends here")
    return effect


async def _go(tab: Tab, go: Callable[[], Awaitable[object]], done: str, where: str) -> Effect:
    await _free(tab)
    async with changing(tab) as change:
        change.patience, change.every_address = 0.0, True
        try:
            await change.perform(go())
        except PlaywrightTimeout:
            await tab.activity.stay()
            raise NavigationFailed(
                f"{where} did not answer within {tab.context.navigation_timeout:g} s; try again or another address"
            ) from None
        except PlaywrightError as error:
            if "Download is starting" not in error.message:
                if "net::ERR_" in error.message and "ERR_ABORTED" not in error.message:
                    await change.failed()
                raise NavigationFailed(_why(tab, where, error)) from None
            done = f"{where} is a file and no page"
    tab.context.check(tab.url)  # it may have been sent on from where it was let in
    return change.effect(done)


async def _free(tab: Tab) -> None:
    """End the script of a page that does not answer: it is about to be left, and would hold that up."""
    tab.ready()
    if tab.activity.leaving or await answers_soon(await tab.frames.main(), ANSWER_LIMIT):
        return
    session = await tab.frames.session()
    await send(session, "Emulation.setScriptExecutionDisabled", value=True)  # keys that still wait would begin it again
    try:
        await send(session, "Runtime.terminateExecution")
        await tab.inputs_done(ANSWER_LIMIT)
    finally:
        await send(session, "Emulation.setScriptExecutionDisabled", value=False)


def _why(tab: Tab, where: str, error: PlaywrightError) -> str:
    text = error.message.splitlines()[0]
    judged = tab.context.guard and tab.context.guard.why(where)
    reason = judged or next((reason for mark, reason in REASONS.items() if mark in text), text)
    return f"{where} did not open: {reason}"
