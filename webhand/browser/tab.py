"""A tab: one page, looked at and acted on by reference."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playwright.async_api import Error as PlaywrightError

from webhand.browser import (
    camera,
    confided,
    drag,
    forms,
    keyboard,
    lists,
    navigation,
    pointer,
    points,
    reading,
    selection,
    transfer,
)
from webhand.browser.activity import Activity
from webhand.browser.budget import FAR, page_text
from webhand.browser.change import answering
from webhand.browser.covers import tell_covers
from webhand.browser.dialogs import Dialogs
from webhand.browser.elements import Elements
from webhand.browser.frames import Frames
from webhand.browser.linger import Linger
from webhand.browser.observation import Effect, Observation, Scroll, TabInfo
from webhand.browser.refs import Target
from webhand.browser.script_errors import ScriptErrors
from webhand.browser.snapshot import Snapshot, assemble
from webhand.browser.tokens import CHARACTERS_PER_TOKEN, tokens
from webhand.browser.world import CRASHED, PageHangs, WorldGone
from webhand.errors import ActionTimeout, BrowserCrashed, NotInteractable, StaleRef, TabClosed

if TYPE_CHECKING:
    from playwright.async_api import Page

    from webhand.browser.context import Context

NOTICES = 20
"""Notices kept between two looks; later ones are counted only."""


class Tab:
    """One page of a context, with one method for each page action.

    `page` is Playwright's own object, to be mixed in freely; `number` is how `switch_tab` names the tab. Actions raise
    an ActionError or give an Effect, after the page has come to rest.
    """

    def __init__(self, page: Page, number: int, context: Context) -> None:
        self.page = page
        self.number = number
        self.context = context
        self.frames = Frames(page)
        self.activity = Activity(page, self.frames, context.navigation_timeout, self.tell)
        self.linger = Linger(self.activity)
        self.dialogs = Dialogs(page, self.activity.interrupted, self.tell)
        self.picture_scale = 1.0
        """CSS pixels that a pixel of the last picture handed out is; coordinates of actions are its pixels."""
        self.secret_refs: set[str] = set()
        """Elements that were given a secret: no picture shows them."""
        self.confiding: Target | None = None
        """The element that a secret is being put into."""
        self.given: set[str] = set()
        """Texts that were put into fields or chosen since the last look."""
        self._notices: list[str] = []
        self._kept: set[asyncio.Future[Any]] = set()
        self._last: Observation | None = None
        self._crashed = False
        ScriptErrors(page, self.tell)
        page.on("crash", self._on_crash)

    @property
    def url(self) -> str:
        """The address of the page shown."""
        return self.page.url

    # --- looking ------------------------------------------------------------------------------------------------

    async def observe(self, vision: bool = False) -> Observation:
        """What the page shows now, with a picture of the view if `vision`.

        Raises TabClosed or BrowserCrashed; a page that does not answer gives an Observation whose `partial` says so.
        """
        self._check_alive()
        await self.linger.over()
        tabs, notices = await self.context.list_tabs(), self._take_notices()
        if (dialog := self.dialogs.open) is not None:  # the page's script stands still
            last = self._last or Observation(self.url, "", "", {}, tabs, Scroll(0, 0, 0))
            return replace(last, url=self.url, tabs=tabs, dialog=dialog, notices=notices, screenshot=None)
        await confided.end(self)
        page = await self._read()
        self.given.clear()
        text = page_text(page.lines, self.context.text_tokens)
        notices = (*notices, *(("the page is still loading",) if page.loading else ()))
        self._last = Observation(
            url=page.url or self.url,
            title=page.title,
            text=text,
            elements=page.elements,
            tabs=tuple(replace(tab, title=page.title) if tab.number == self.number else tab for tab in tabs),
            scroll=page.scroll,
            notices=notices,
            tokens=tokens(text),
            partial=page.partial,
            frames=page.frames,
        )
        return await self._with_picture(self._last) if vision else self._last

    async def _with_picture(self, seen: Observation) -> Observation:
        try:
            return replace(seen, screenshot=await self.screenshot(seen))
        except ActionTimeout as error:
            return replace(seen, partial=(*seen.partial, str(error)))

    async def _read(self) -> Snapshot:
        room = round(self.context.text_tokens * FAR * CHARACTERS_PER_TOKEN)
        try:
            readings = await self.frames.collect(room)
            await tell_covers(readings)
            page = assemble(readings, self.context.refs, self.number, self.picture_scale)
            return replace(page, partial=(*page.partial, *self.frames.silent))
        except (WorldGone, PageHangs) as error:
            self._check_alive()
            why = "it is on its way to another address" if self.activity.leaving else error
            return Snapshot(
                self.url, "", (), Elements(), Scroll(0, 0, 0), False, (f"the page could not be read: {why}",)
            )

    async def screenshot(
        self, marks: Observation | None = None, fit: camera.Fit | None = None, quality: int = camera.QUALITY
    ) -> bytes:
        """The view as a JPEG, in CSS pixels or smaller by what `fit` says; what is secret on it is painted over.

        The elements that the text of `marks`, the look just taken, names get boxes with their references, on the
        picture only. Raises ActionTimeout when the page does not answer.
        """
        self._check_alive()
        marked = () if marks is None else camera.named(marks)
        picture = await camera.take(self, marked, fit, quality)
        self.picture_scale = picture.scale
        return picture.data

    async def drawn_share(self) -> float:
        """How much of the view, from 0 to 1, is canvas, video or pictures that nothing names: no text tells of it."""
        return await camera.drawn_share(self)

    async def read(self, ref: str | None = None, offset: int = 0) -> Effect:
        """Text of an element or the page from a character on, as much as fits; the rest is counted."""
        return await reading.read(self, ref, offset)

    async def find(self, text: str) -> Effect:
        """Where a text stands on the page; the view is scrolled to the first place."""
        return await reading.find(self, text)

    # --- navigating ---------------------------------------------------------------------------------------------

    async def goto(self, url: str) -> Effect:
        """Open an address and wait until the page has come to rest; NavigationFailed when it does not open."""
        return await navigation.goto(self, url)

    async def back(self) -> Effect:
        """Go one page back in the tab's history; NavigationFailed when there is none."""
        return await navigation.back(self)

    async def forward(self) -> Effect:
        """Go one page forward in the tab's history; NavigationFailed when there is none."""
        return await navigation.forward(self)

    async def reload(self) -> Effect:
        """Load the page again."""
        return await navigation.reload(self)

    async def close(self) -> None:
        """Close the tab."""
        await self.context.close_tab(self.number)

    async def loaded(self) -> None:
        """Wait until a page that is being opened has loaded, within the limit of a navigation."""
        with suppress(PlaywrightError):  # the next look says how far it has come
            await self.page.wait_for_load_state("load", timeout=self.context.navigation_timeout * 1000)

    # --- acting -------------------------------------------------------------------------------------------------

    async def click(
        self, ref: str, button: pointer.Button = "left", count: int = 1, modifiers: Sequence[pointer.Modifier] = ()
    ) -> Effect:
        """Click an element; `count` 2 is a double click."""
        return await pointer.click(self, ref, button, count, modifiers)

    async def click_at(self, x: float, y: float, button: pointer.Button = "left", count: int = 1) -> Effect:
        """Click a point of the last picture, in its pixels; of the view where none was taken."""
        return await points.click_at(self, x, y, button, count)

    async def hover(self, ref: str) -> Effect:
        """Move the pointer onto an element."""
        return await pointer.hover(self, ref)

    async def hover_at(self, x: float, y: float) -> Effect:
        """Move the pointer to a point of the last picture."""
        return await points.hover_at(self, x, y)

    async def drag(self, ref: str, to: str) -> Effect:
        """Drag one element onto another; in a list it takes the other's place."""
        return await drag.drag(self, ref, to)

    async def drag_at(self, x1: float, y1: float, x2: float, y2: float, via: Sequence[Sequence[float]] = ()) -> Effect:
        """Drag what is at one point of the last picture to another, through the points of `via` on the way."""
        return await points.drag_at(self, x1, y1, x2, y2, via)

    async def type(self, ref: str, text: str, clear: bool = True, submit: bool = False) -> Effect:
        """Type into a field, in place of what it holds unless `clear` is False; press Enter after it if `submit`."""
        return await keyboard.type_text(self, ref, text, clear, submit)

    async def press(self, keys: str, ref: str | None = None) -> Effect:
        """Press a key or a chord such as `Enter` or `Control+A`."""
        return await keyboard.press(self, keys, ref)

    async def select_text(self, text: str = "", ref: str | None = None) -> Effect:
        """Select a text where it stands first, in an element if one is given; all of that when no text is."""
        return await selection.select_text(self, text, ref)

    async def select(self, ref: str, values: Sequence[str]) -> Effect:
        """Choose options of a list by what they say; it is opened and searched for them."""
        return await lists.select(self, ref, values)

    async def check(self, ref: str, on: bool = True) -> Effect:
        """Tick or untick a checkbox, radio button or switch."""
        return await forms.check(self, ref, on)

    async def upload(self, ref: str, files: Sequence[Path | str]) -> Effect:
        """Hand files to a file input or to the button that opens a file chooser."""
        return await transfer.upload(self, ref, [Path(file) for file in files])

    async def download(self, ref: str | None = None, url: str | None = None) -> Effect:
        """Fetch what a link or button gives, or what is at an address, into a file; the effect names it."""
        return await transfer.download(self, ref, url)

    async def pdf(self) -> bytes:
        """The page as a PDF document."""
        return await transfer.pdf(self)

    async def markdown(self) -> str:
        """The main content of the page as Markdown."""
        return await reading.markdown(self)

    async def scroll(
        self,
        direction: Literal["up", "down", "left", "right", "top", "bottom"],
        amount: float = 1,
        ref: str | None = None,
    ) -> Effect:
        """Scroll the page, or the box around an element, by `amount` views; `top` and `bottom` go to the end."""
        return await reading.scroll(self, direction, amount, ref)

    async def wait(self, seconds: float | None = None, text: str | None = None, gone: str | None = None) -> Effect:
        """Wait for a text to come or to go, at most `seconds` (10 unless said); without a text just so long."""
        return await reading.wait(self, seconds, text, gone)

    async def answer_dialog(self, accept: bool, text: str | None = None) -> Effect:
        """Answer the open dialog."""
        async with answering(self) as change:
            dialog = await self.dialogs.answer(accept, text)
        return change.effect(f'{"accepted" if accept else "dismissed"} the {dialog.kind} "{dialog.message}"')

    # --- for the actions' own files -----------------------------------------------------------------------------

    def ready(self) -> None:
        """Raises TabClosed, BrowserCrashed or, while a dialog is open, NotInteractable: nothing can be done then."""
        self._check_alive()
        if (dialog := self.dialogs.open) is not None:
            raise NotInteractable(f'a {dialog.kind} dialog asks "{dialog.message}"; answer it with answer_dialog first')

    def target(self, ref: str) -> Target:
        """What a reference stands for in this tab; StaleRef when nothing does."""
        self.ready()
        return self.context.refs.resolve(ref, self.number)

    async def on(self, target: Target, name: str, *arguments: Any) -> Any:
        """The value of a function of the script about a node; StaleRef when the node is gone.

        Where the page has drawn itself anew meanwhile, it is the node that has taken the old one's place.
        """
        reply = await self._on(target, name, *arguments)
        if reply is None:
            self._check_alive()
            await self._read()
            reply = await self._on(self.context.refs.resolve(target.ref, self.number), name, *arguments)
        if reply is None:
            raise StaleRef(f"{target.ref} is no longer on the page; look again and use a reference shown now")
        return reply

    async def _on(self, target: Target, name: str, *arguments: Any) -> Any:
        try:
            return await target.frame.world.call("on", target.document, name, target.node, *arguments)
        except (WorldGone, TabClosed):  # a frame of another process says the same as a closed tab
            return None
        except PageHangs as error:
            raise ActionTimeout(f"{error}; wait, or reload the page") from None

    async def describe(self, target: Target) -> str:
        """An element as a person would name it; StaleRef when it is another thing than at the last look."""
        return str((await self.known(target))["what"])

    async def known(self, target: Target) -> dict[str, Any]:
        """What an element is now, and under `what` how a person would name it.

        Raises StaleRef when it is another thing than at the last look. A page that shows a list through a few nodes
        that it fills anew gives a node another meaning: where a name is not the only one of its kind, what is written
        around it has to be the same too, or what was just put in there.
        """
        identity = await self.on(target, "identity")
        seen = self._last.elements.get(target.ref) if self._last else None
        if seen is not None:
            was, now = (seen.role, seen.name), (identity["role"], identity["name"])
            if was != now:
                raise StaleRef(f'{target.ref} was {was[0]} "{was[1]}" and is {now[0]} "{now[1]}" now; look again')
            label = identity["label"]
            if seen.label and label and seen.label != label and label not in self.given:
                raise StaleRef(f'{target.ref} was beside "{seen.label}" and is beside "{label}" now; look again')
        role, name = identity["role"], identity["name"]
        return identity | {"what": f'{role} "{name}"' if name else f"{role} {target.ref}"}

    async def value(self, target: Target) -> str | None:
        """What a control holds now; None when it is gone or holds nothing."""
        try:
            return (await self.on(target, "identity"))["value"]
        except (StaleRef, TabClosed):
            return None

    def keep(self, task: asyncio.Future[Any]) -> None:
        """Hold an input that is held up by a dialog, until that is answered, or by a page that hangs."""
        self._kept.add(task)
        task.add_done_callback(self._let_go)

    async def inputs_done(self, limit: float) -> None:
        """Wait for inputs that are held up, at most so many seconds."""
        if self._kept:
            await asyncio.wait(self._kept, timeout=limit)

    def tell(self, notice: str) -> None:
        """Note something for the next look."""
        self._notices.append(notice)

    def dispose(self) -> None:
        """Let go of what the tab still waits for; it is closed or about to be."""
        self.dialogs.close()
        for task in self._kept:
            task.cancel()

    # --- within -------------------------------------------------------------------------------------------------

    def _let_go(self, task: asyncio.Future[Any]) -> None:
        self._kept.discard(task)
        if not task.cancelled():
            task.exception()  # what an interrupted input ended with is of no use to anybody by now

    def _on_crash(self, _: Page) -> None:
        self._crashed = True

    def _check_alive(self) -> None:
        if self._crashed:
            raise BrowserCrashed(CRASHED)
        if self.page.is_closed():
            raise TabClosed(f"tab {self.number} is closed")

    def _take_notices(self) -> tuple[str, ...]:
        notices, self._notices = self._notices, []
        more = len(notices) - NOTICES
        return (*notices[:NOTICES], *((f"and {more} more such notices",) if more > 0 else ()))

    def info(self, title: str, active: bool) -> TabInfo:
        """The tab's line in the list of tabs."""
        return TabInfo(self.number, self.url, title, active)
