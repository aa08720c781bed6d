"""What a page does a moment after an input, as a search does while one types: the next look waits for a sign of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.async_api import Error as PlaywrightError

from webhand.browser.activity import LINGER, Activity, Mark
from webhand.browser.world import PageHangs, WorldGone
from webhand.errors import BrowserError

if TYPE_CHECKING:
    from webhand.browser.frames import Frame


@dataclass(frozen=True, slots=True)
class Field:
    """What an input went to: a node of a document, or what has the focus in a frame where no node is given."""

    frame: Frame
    document: str | None = None
    node: int | None = None


class Linger:
    """The fields that something was put into since the last look at a tab.

    Many pages wait for a pause before they act on that. The actions do not wait for it, so that a form is filled in no
    longer time; the look after them does, and only where what they did is heard at all.
    """

    def __init__(self, activity: Activity) -> None:
        self._activity = activity
        self._fields: list[Field] = []
        self._since = activity.mark()
        self._until = 0.0

    def expect(self, field: Field, since: Mark) -> None:
        """An input has just been made, by an action that began at `since`."""
        self._since = self._since if self._fields else since
        self._fields.append(field)
        self._until = asyncio.get_running_loop().time() + LINGER

    async def over(self) -> None:
        """Wait until what the page does about the last inputs has begun and come to rest, or nothing has begun."""
        fields, self._fields = self._fields, []
        if not fields or self._activity.interrupted.is_set() or asyncio.get_running_loop().time() >= self._until:
            return
        frames = list({field.frame.frame_id: field.frame for field in fields}.values())
        while frames[0].parent is not None:  # what is put into a frame may show in the page around it
            frames.insert(0, frames[0].parent)
        try:
            async with asyncio.timeout_at(self._until):
                if not await _heard(fields):
                    return
                own = [(frame, [field.node for field in fields if field.frame is frame]) for frame in frames]
                begun = await self._activity.begins(self._since, own, self._until)
        except (TimeoutError, WorldGone, PageHangs, BrowserError, PlaywrightError):
            return  # the look says what is wrong with the page
        if begun:
            await self._activity.settle(self._since, frames, 0.0)


async def _heard(fields: Sequence[Field]) -> bool:
    asked = (field.frame.listeners.hear_input(field.document, field.node) for field in fields)
    return any(await asyncio.gather(*asked))
