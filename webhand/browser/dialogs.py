"""Dialogs of a page: plain notices are closed and told, questions are held open until somebody answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from playwright.async_api import Error as PlaywrightError

from webhand.browser.observation import DialogInfo
from webhand.errors import NotInteractable

if TYPE_CHECKING:
    from playwright.async_api import Dialog, Page

Question: TypeAlias = "Dialog"
PATIENCE = 5.0
"""Seconds after which a question that nobody holds open is dismissed."""
STORM = 20
"""Questions that follow from one action and are asked; all later ones are dismissed at once."""
CALM = 1.0
"""Seconds without a question after which such a storm is over."""


class Dialogs:
    """The dialogs of one tab; at most one is open at a time."""

    def __init__(self, page: Page, blocked: asyncio.Event, tell: Callable[[str], None]) -> None:
        self._blocked = blocked
        self._tell = tell
        self._dialog: Dialog | None = None
        self._count = 0
        self._dismissed_at = -CALM
        self.dismissed = 0
        """Questions of storms so far that nobody was asked."""
        self.last_dismissed = ""
        self._timer: asyncio.Task[None] | None = None
        self.patience = PATIENCE
        self.hold = False
        """True: an agent answers, so that questions stay open until `answer` or `dismiss`."""
        self._page: Page | None = page
        page.on("dialog", self._opened)

    @property
    def open(self) -> DialogInfo | None:
        """The question that waits for an answer."""
        return None if self._dialog is None else _info(self._dialog)

    @property
    def question(self) -> Question | None:
        """The open question itself, to be told from later ones."""
        return self._dialog

    def expect(self) -> None:
        """Begin to count anew what is asked, as an action begins; a storm that goes on stays one."""
        if self._count <= STORM or asyncio.get_running_loop().time() - self._dismissed_at > CALM:
            self._count = 0

    async def answer(self, accept: bool, text: str | None = None) -> DialogInfo:
        """Answer the open question and say which it was; NotInteractable when none is open."""
        dialog = self._take()
        if dialog is None:
            raise NotInteractable("no dialog is open; look at the page again")
        await (
            dialog.accept(dialog.default_value if text is None else text)
            if accept and dialog.type == "prompt"
            else dialog.accept()
            if accept
            else dialog.dismiss()
        )
        return _info(dialog)

    async def dismiss(self) -> None:
        """Close the open question unanswered, if there is one, and tell."""
        if dialog := self._take():
            self._tell(f'{dialog.type} "{dialog.message}" was dismissed because nobody answered it')
            await _quietly(dialog.dismiss())

    def close(self) -> None:
        """Stop waiting, and leave later dialogs to others: the tab is closing, or is its owner's again."""
        if self._timer is not None:
            self._timer.cancel()
        page, self._page = self._page, None
        if page is not None:
            page.remove_listener("dialog", self._opened)

    async def _opened(self, dialog: Dialog) -> None:
        if dialog.type == "alert" or dialog.type == "beforeunload":
            self._tell(f'{dialog.type} "{dialog.message}" was closed')
            await _quietly(dialog.accept())
            return
        self._count += 1
        if self._count > STORM:
            self.dismissed += 1
            self.last_dismissed = f'{dialog.type} "{dialog.message}"'
            self._dismissed_at = asyncio.get_running_loop().time()
            self._tell(f"{self.last_dismissed} was dismissed because {STORM} had been asked before it")
            await _quietly(dialog.dismiss())
        else:
            self._dialog = dialog
            self._blocked.set()
            if not self.hold:
                self._timer = asyncio.create_task(self._expire())

    async def _expire(self) -> None:
        await asyncio.sleep(self.patience)
        await self.dismiss()

    def _take(self) -> Dialog | None:
        dialog, self._dialog = self._dialog, None
        self._blocked.clear()
        if self._timer is not None and self._timer is not asyncio.current_task():
            self._timer.cancel()
        return dialog


def _info(dialog: Dialog) -> DialogInfo:
    kind = dialog.type
    assert kind in ("alert", "confirm", "prompt", "beforeunload")
    return DialogInfo(kind, dialog.message, dialog.default_value)


async def _quietly(closing: Awaitable[None]) -> None:
    with suppress(PlaywrightError):  # the page went away, and the dialog with it
        await closing
