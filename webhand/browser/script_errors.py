"""Errors of a page's own scripts, which say why a control does nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Error, Frame, Page

MOST = 3
"""Errors of one document that are told; many pages raise them all the time."""
SHOWN = 150
"""Characters of each."""


class ScriptErrors:
    """Tells each error that a page's scripts do not catch once per document.

    What they write to the console is not told: to hear of it keeps each value written alive in the page.
    """

    def __init__(self, page: Page, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._told: set[str] = set()
        page.on("pageerror", self._raised)
        page.on("framenavigated", self._moved)

    def _raised(self, error: Error) -> None:
        text = " ".join(f"{error.name or 'Error'}: {error.message}".split())[:SHOWN]
        if text not in self._told and len(self._told) < MOST:
            self._told.add(text)
            self._tell(f'a script of the page failed: "{text}"')

    def _moved(self, frame: Frame) -> None:
        if frame.parent_frame is None:
            self._told.clear()
