"""Fields with a picker of the browser's own: dates and times, sliders, colours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from webhand.browser import dates
from webhand.browser.change import Change
from webhand.browser.input import press_all
from webhand.browser.pointer import aim
from webhand.browser.refs import Target
from webhand.errors import InvalidArguments, NotInteractable, StaleRef

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

TYPES = (*dates.TYPES, "range", "color")
"""Types of these inputs."""
FORMS = {
    "date": "dates are written 2026-05-31",
    "time": "times are written 14:30",
    "month": "months are written 2026-05",
    "week": "weeks are written 2026-W22",
    "datetime-local": "moments are written 2026-05-31T14:30",
    "color": "colours are written #rrggbb",
}
KEYS = 400
"""Most keys that a slider is moved by."""
SLIDES = 4
"""Times that keys are pressed to bring a drawn slider there: one to see its step, the way, and what rounding left."""
FRAMES = 5
"""Pairs of drawn frames in which such a slider shows where it stands."""
POINTER_LIMIT = 0.5
"""Seconds that such a field gets to be reached by the pointer; the keyboard gets there as well."""


async def fill(tab: Tab, target: Target, kind: str, text: str, change: Change) -> str:
    """Give an input of type `kind` a value by the keyboard.

    Returns "", or how it was done otherwise; InvalidArguments when the field takes no such value.
    """
    value = _taken(target.ref, kind, text, await tab.on(target, "accepts", text))
    try:
        await aim(tab, target, POINTER_LIMIT)
    except NotInteractable:
        if not await tab.on(target, "focus"):
            raise
    if kind == "color":
        # Its picker is a window of the browser's own, and the field itself takes no keys.
        await change.perform(tab.on(target, "setValue", value))
        return ""
    by_hand = await (_slide if kind == "range" else dates.type_date)(tab, target, value, change)
    if by_hand:
        return ""
    await change.perform(tab.on(target, "setValue", value))
    return "; set by script, as keys do not bring it there"


async def slide(tab: Tab, target: Target, text: str, change: Change) -> None:
    """Bring a slider that the page draws to a number by keys.

    Raises InvalidArguments for what it cannot stand at, NotInteractable when keys do not bring it there.
    """
    state = await tab.on(target, "slider")
    now, goal = state["now"], _number(target.ref, text, state)
    if now is None or not await tab.on(target, "focus"):
        raise NotInteractable(f"{target.ref} is not moved by keys; drag it")
    step = 0.0
    for _ in range(SLIDES):
        if math.isclose(now, goal, abs_tol=step / 100) or tab.dialogs.open is not None:
            return
        times = max(round(abs(goal - now) / step), 1) if step else 1
        if times > KEYS:
            raise NotInteractable(f"{target.ref} moves by {step:g} a key, from {now:g}; drag it close to {text} first")
        await change.perform(press_all(tab, [state["keys"][goal < now]] * times))
        before, now = now, await _stands(tab, target, now)
        if before == now:
            raise NotInteractable(f"{target.ref} stays at {now:g} when keys are pressed; drag it")
        if abs(now - goal) >= abs(before - goal):
            raise InvalidArguments(f"{target.ref} stands at {before:g} or {now:g}, not at {text}; it is at {now:g} now")
        step = abs(now - before) / times
    raise NotInteractable(f"{target.ref} is at {now:g} after its keys were pressed, not at {text}; drag it")


def _number(ref: str, text: str, state: Mapping[str, Any]) -> float:
    try:
        goal = float(text)
    except ValueError:
        goal = math.nan
    if not math.isfinite(goal):
        raise InvalidArguments(
            f"{ref} takes a number, not {text!r}" + (f"; it is at {shown} now" if (shown := state["shows"]) else "")
        )
    least, most = state["least"], state["most"]
    if (least is not None and goal < least) or (most is not None and goal > most):
        span = _span(*("" if end is None else f"{end:g}" for end in (least, most)))
        raise InvalidArguments(f"{ref} takes {span}, not {text}")
    return goal


async def _stands(tab: Tab, target: Target, before: float) -> float:
    """Where a slider stands after keys: it draws itself anew a moment later, and not at once in whole."""
    last = before
    for _ in range(FRAMES):
        await tab.on(target, "drawn")
        now = float((await tab.on(target, "slider"))["now"])
        if now == last != before:
            break
        last = now
    return last


def _taken(ref: str, kind: str, text: str, verdict: Mapping[str, Any]) -> str:
    if "value" in verdict:
        return verdict["value"]
    if "near" in verdict:
        raise InvalidArguments(f"{ref} does not take {text}; near it are {' and '.join(verdict['near'])}")
    if "malformed" in verdict:
        form = FORMS.get(kind) or f"it takes a number from {verdict['least']} to {verdict['most']}"
        raise InvalidArguments(f"{ref} does not take {text!r}; {form}")
    raise InvalidArguments(f"{ref} takes {_span(verdict['least'], verdict['most'])}, not {text}")


def _span(least: str, most: str) -> str:
    return f"{least} to {most}" if least and most else f"{least} or more" if least else f"{most} or less"


async def _slide(tab: Tab, target: Target, value: str, change: Change) -> bool:
    keys = (await tab.on(target, "slides", value, KEYS))["keys"]
    if keys is None or not await tab.on(target, "focus"):
        return False
    await change.perform(press_all(tab, keys))
    try:
        return tab.dialogs.open is not None or (await tab.on(target, "identity"))["value"] == value
    except StaleRef:
        return True
