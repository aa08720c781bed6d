"""Where a tab stands, to be put there again by another process: address, scroll, session storage."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from webhand.browser.world import PageHangs, WorldGone, send
from webhand.errors import BlockedURL, BrowserError, NavigationFailed

if TYPE_CHECKING:
    from webhand.browser.context import Context
    from webhand.browser.tab import Tab

WORLD = "webhand-standing"
_PUT = """for (const [name, value] of Object.entries((SESSION)[location.origin] ?? {}))
  if (sessionStorage.getItem(name) === null) sessionStorage.setItem(name, value);"""
LIMIT = 1.0
"""Seconds in which a frame says where it stands."""


class Standing(BaseModel):
    """A tab as it stood: `scroll` in CSS pixels, `session` what each origin keeps while the tab is open."""

    model_config = ConfigDict(frozen=True)

    url: str
    active: bool = False
    scroll: tuple[float, float] = (0, 0)
    session: Mapping[str, Mapping[str, str]] = {}


async def standing(tab: Tab) -> Standing:
    """Where a tab stands now; of a frame that does not answer nothing is kept."""
    told: list[dict[str, Any] | None] = []
    with suppress(WorldGone, PageHangs, BrowserError):
        if tab.dialogs.open is None:  # the page's script stands still
            told = await asyncio.gather(*(_told(frame) for frame in await tab.frames.list()))
    session = {one["origin"]: one["kept"] for one in told if one and one["kept"]}
    x, y = told[0]["scroll"] if told and told[0] else (0, 0)
    return Standing(url=tab.url, active=tab is tab.context.active, scroll=(x, y), session=session)


async def stand(context: Context, at: Standing, blank: Tab | None = None) -> Tab:
    """A tab that stands there, a new one unless an empty one is given.

    Where the address does not open, the tab's next look says so.
    """
    tab = blank or await context.open()
    if at.url == tab.url:
        return tab
    try:
        context.check(at.url)  # a page may have led there, so that it is not the user's own
        async with _session(tab, at.session):
            await tab.goto(at.url)
    except (NavigationFailed, BlockedURL) as error:
        tab.tell(str(error))
        return tab
    if any(at.scroll):
        with suppress(WorldGone, PageHangs):
            await (await tab.frames.main()).world.ask("scrollPage", *at.scroll)
    return tab


async def _told(frame: Any) -> dict[str, Any] | None:
    with suppress(WorldGone, PageHangs, BrowserError, TimeoutError):
        async with asyncio.timeout(LIMIT):
            return await frame.world.ask("standing")
    return None


@asynccontextmanager
async def _session(tab: Tab, session: Mapping[str, Mapping[str, str]]) -> AsyncGenerator[None]:
    """Documents that are opened meanwhile find what their origin kept, before their own scripts run.

    It is put there in a world of its own: all worlds of a document share its storage.
    """
    if not session:
        yield
        return
    source = _PUT.replace("SESSION", json.dumps(session))
    main = await tab.frames.session()
    added = await send(main, "Page.addScriptToEvaluateOnNewDocument", source=source, worldName=WORLD)
    try:
        yield
    finally:
        with suppress(WorldGone, PageHangs, BrowserError):
            await send(main, "Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])
