"""What an action brings about: gathered from the moment before it until the page is quiet again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urldefrag

from playwright.async_api import Error as PlaywrightError

from webhand.browser.activity import PATIENCE, Mark
from webhand.browser.frames import Frame, answers_soon
from webhand.browser.linger import Field
from webhand.browser.observation import Effect
from webhand.browser.world import CRASHED, PageHangs, answered, has_crashed
from webhand.errors import BrowserCrashed, InvalidArguments, TabClosed

if TYPE_CHECKING:
    from webhand.browser.refs import Target
    from webhand.browser.tab import Tab

T = TypeVar("T")

LONG = 5.0
"""Seconds of an input after which it is found out whether the page answers at all; many keys take long as well."""
ANSWER_LIMIT = 5.0
"""Seconds that it gets for that."""
SEVERAL = 2
"""Tabs from which on those that open one after the other are told together."""
ERROR_PAGE_LIMIT = 1.0
"""Seconds in which the browser shows its own page when a navigation has failed."""


class Change:
    """Facts about one action.

    `patience` is how long (seconds) its first consequence may take to show; after `expected`, it will be a request.
    """

    def __init__(self, tab: Tab, frames: Sequence[Frame] = ()) -> None:
        self._tab = tab
        self._frames = frames
        self._mark = tab.activity.mark()
        self._url = tab.url
        self._tabs = tab.context.last_number
        self._windows = tab.frames.windows
        self._downloads = len(tab.context.downloads)
        self._dismissed = tab.dialogs.dismissed
        self.patience = PATIENCE
        self.expected: Mark | None = None
        self._field: Field | None = None
        self.every_address = False
        """Whether another place in the same page counts as another page, as for those who ask for an address."""

    def puts_into(self, what: Target | Frame) -> None:
        """Say what the action puts something into, a frame for what has the focus: pages act on that a moment later."""
        self._field = Field(what) if isinstance(what, Frame) else Field(what.frame, what.document, what.node)

    async def perform(self, act: Awaitable[T]) -> T | None:
        """What the input gives; None when it opened a dialog, which holds it up until the dialog is answered."""
        task = asyncio.ensure_future(act)
        interrupt = asyncio.create_task(self._tab.activity.interrupted.wait())
        try:
            while not (await asyncio.wait({task, interrupt}, timeout=LONG, return_when=asyncio.FIRST_COMPLETED))[0]:
                if await self._hangs():
                    self._tab.keep(task)
                    raise PageHangs(f"the page has not answered for {LONG + ANSWER_LIMIT:g} s, as if caught in a loop")
        except asyncio.CancelledError:
            task.cancel()
            raise
        finally:
            interrupt.cancel()
        if task.done():
            try:
                return task.result()
            except PlaywrightError as error:
                if has_crashed(error):
                    raise BrowserCrashed(CRASHED) from None
                if not self._tab.page.is_closed():
                    raise
                raise TabClosed(f"the tab closed: {error.message.splitlines()[0]}") from None
        self._tab.keep(task)
        return None

    async def _hangs(self) -> bool:
        """Whether a document that the input may have gone to does not answer; one that is being left may not."""
        if self._tab.activity.leaving:
            return False
        answers = await asyncio.gather(*(answers_soon(frame, ANSWER_LIMIT) for frame in self._frames))
        return not all(answers)

    @property
    def stayed(self) -> bool:
        """Whether the page is still the one that it was."""
        return not (self._tab.page.is_closed() or self._tab.activity.navigated_since(self._mark))

    async def failed(self) -> None:
        """Wait until the browser's own page about a failed navigation is there: it would break the next one off."""
        await self._tab.activity.gone(self._mark, ERROR_PAGE_LIMIT)

    async def settle(self, frames: list[Frame]) -> None:
        """Wait until the page, and what it opened, is quiet."""
        context = self._tab.context
        if self._field is not None:
            self._tab.linger.expect(self._field, self._mark)
        if not self._tab.page.is_closed():
            await self._tab.activity.settle(self._mark, frames, self.patience, expected=self.expected)
        await context.opened(self._tabs + self._tab.frames.windows - self._windows)
        await context.downloads_done(self._downloads)
        for number in self._new_tabs():
            if (opened := context.get(number)) is not None:
                await opened.loaded()

    def effect(self, text: str, value: str | None = None) -> Effect:
        """The sentence about what was done, with everything that followed from it."""
        tab, context = self._tab, self._tab.context
        went, place = self._whereto()
        new_tabs, downloads = self._new_tabs(), tuple(context.downloads[self._downloads :])
        dialog = tab.dialogs.open
        said = [text]
        if went:
            denied = context.guard and context.guard.denies(went)
            said.append(f"the page went to {went}{f', which was not opened: {denied}' if denied else ''}")
        if place is not None:
            said.append(f"the address ends in #{place} now")
        if new_tabs:
            said.append(_opened(new_tabs))
        if tab.page.is_closed():
            said.append("the tab closed")
        if dialog:
            said.append(f'a {dialog.kind} dialog asks "{dialog.message}"')
        if dismissed := tab.dialogs.dismissed - self._dismissed:
            said.append(_not_asked(dismissed, tab.dialogs.last_dismissed))
        said += [f"downloaded {path.name}" for path in downloads]
        return Effect("; ".join(said), went, new_tabs, dialog, tuple(str(path) for path in downloads), value)

    def _whereto(self) -> tuple[str | None, str | None]:
        """The address that the page went to, or the place in it that its address names now."""
        tab = self._tab
        if tab.page.is_closed() or not (tab.url != self._url or tab.activity.navigated_since(self._mark)):
            return None, None
        within = not (self.every_address or tab.activity.new_document_since(self._mark))
        place = _place(tab.url, self._url) if within else None
        return (tab.url, None) if place is None else (None, place)

    def _new_tabs(self) -> tuple[int, ...]:
        return tuple(tab.number for tab in self._tab.context.tabs if tab.number > self._tabs)


def _opened(tabs: tuple[int, ...]) -> str:
    first, last = tabs[0], tabs[-1]
    if len(tabs) > SEVERAL and last - first == len(tabs) - 1:
        return f"tabs {first} to {last} opened"
    return "; ".join(f"tab {number} opened" for number in tabs)


def _not_asked(number: int, last: str) -> str:
    if number == 1:
        return f"{last} was dismissed, as too many were asked in a row"
    return f"{number} questions were dismissed, as too many were asked in a row, the last {last}"


def cut(text: str, most: int) -> str:
    """A text as such a sentence tells it; that it was cut shows, so that a secret of which a part is left is found."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def check_word(what: str, word: str, words: Sequence[str]) -> None:
    """Raises InvalidArguments, with the words that there are, when this is none of them."""
    if word not in words:
        raise InvalidArguments(f"{what} is {', '.join(words[:-1])} or {words[-1]}, not {word}")


def _place(now: str, before: str) -> str | None:
    """The place within the same page that an address names now; None where it is another page.

    Applications that write the addresses of their pages after a `#` write them as paths.
    """
    (page, place), old = urldefrag(now), urldefrag(before).url
    return place if page == old and not place.startswith(("/", "!")) else None


@asynccontextmanager
async def changing(tab: Tab, *frames: Frame) -> AsyncGenerator[Change]:
    """Gathers what happens inside the block and waits at its end until the page is quiet.

    Raises NotInteractable when a dialog is open.
    """
    tab.ready()
    tab.dialogs.expect()
    with answered():
        watched = list({frame.frame_id: frame for frame in (await tab.frames.main(), *frames)}.values())
        await tab.activity.arm(watched)
        change = Change(tab, watched)
        yield change
        await change.settle(watched)


@asynccontextmanager
async def answering(tab: Tab) -> AsyncGenerator[Change]:
    """The same around the answer to a dialog: the page's script stands still, and what was counted before goes on."""
    change = Change(tab)
    yield change
    await change.settle([])
