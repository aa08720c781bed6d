"""Keys that are sent together in one go: an open list and the parts of a date take dozens of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from webhand.browser.world import send

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

KEYS = {
    "Backspace": 8,
    "Enter": 13,
    "Escape": 27,
    "PageUp": 33,
    "PageDown": 34,
    "End": 35,
    "Home": 36,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Delete": 46,
}
"""Named keys and their Windows key codes, by which Chromium tells keys apart."""


async def press_all(tab: Tab, keys: Sequence[str]) -> None:
    """Press and release keys one after the other: names of KEYS, or single characters.

    Real key events, for whatever has the focus; an open list takes those that Playwright's keyboard would put in as
    finished text, too.
    """
    session = await tab.frames.session()
    events = (event for key in keys for event in _strokes(key))
    await asyncio.gather(*(send(session, "Input.dispatchKeyEvent", **event) for event in events))


def _strokes(key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    if key in KEYS:
        held = {"key": key, "code": key, "windowsVirtualKeyCode": KEYS[key]}
        text = {"text": "\r", "unmodifiedText": "\r"} if key == "Enter" else {}
    else:
        code = ord(key.upper())
        held = {"key": key, "code": _code(key), "windowsVirtualKeyCode": code if key == " " or _code(key) else 0}
        text = {"text": key, "unmodifiedText": key}
    return {"type": "keyDown" if text else "rawKeyDown", **held, **text}, {"type": "keyUp", **held}


def _code(key: str) -> str:
    """The key of an English keyboard that gives this character; empty where there is none."""
    if key == " ":
        return "Space"
    if not key.isascii() or not key.isalnum():
        return ""
    return f"Digit{key}" if key.isdigit() else f"Key{key.upper()}"
