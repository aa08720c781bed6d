"""Keyboard actions: real key events into the element that has the focus."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError

from webhand.browser import picked
from webhand.browser.change import Change, changing, cut
from webhand.browser.observation import Effect
from webhand.browser.pointer import aim, is_so, tap
from webhand.browser.refs import Target
from webhand.browser.world import answered
from webhand.errors import InvalidArguments, NotInteractable, StaleRef, TabClosed

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

TYPED = ("textbox", "searchbox", "combobox", "spinbutton", "gridcell", "clickable", "application")
"""Roles of what may take text although it is no field: a click on anything else would do something."""
CALLED = {
    "ctrl": "Control", "cmd": "Meta", "command": "Meta", "win": "Meta", "option": "Alt", "return": "Enter",
    "esc": "Escape", "del": "Delete", "up": "ArrowUp", "down": "ArrowDown", "left": "ArrowLeft", "right": "ArrowRight",
}  # fmt: skip
"""Names that people have for keys, and those that they go by."""
WRITING = ("Backspace", "Delete", "Space")
"""Names of keys that change what a field holds, as those of characters do."""
MOST_PRESSES = 200
"""Times that a key may be pressed in one action."""
WHY_LIMIT = 0.5
"""Seconds in which it is found out why something does not take the keyboard."""
SHOWN = 200
"""Characters of what a field holds that are told."""
LONG = 400
"""Characters above which text is put in at once, as by pasting."""


async def type_text(tab: Tab, ref: str, text: str, clear: bool, submit: bool) -> Effect:
    """Type into a field, in place of what it holds unless `clear` is False; Enter after it if `submit`."""
    target = tab.target(ref)
    field = await tab.known(target)
    async with changing(tab, target.frame) as change:
        if field["behind"]:
            raise NotInteractable(f"{ref} {is_so(field['behind'])}")
        if {"disabled", "readonly"} & set(field["states"]):
            how = "disabled" if "disabled" in field["states"] else "read only"
            raise NotInteractable(f"{ref} cannot be typed into: it is {how}")
        note, search, began = "", False, tab.activity.mark()
        if field["type"] in picked.TYPES:
            note = await picked.fill(tab, target, field["type"], text, change)
        elif field["role"] == "slider":
            await picked.slide(tab, target, text, change)
        else:
            state = await _focus(tab, target, field, clear, change)
            search, began = state["search"], tab.activity.mark()
            if tab.dialogs.open is None:
                await _enter(tab, target, text, clear, state["selected"], change)
        tab.given.add(text.strip())
        change.puts_into(target)
        if field["suggests"] or search:
            change.expected = began  # suggestions are asked for a moment after the last key
        elif not submit:
            change.patience = 0.0
        if submit:
            await change.perform(tab.page.keyboard.press("Enter"))
    where = f"the search field of {field['what']}" if search else field["what"]
    done = f"typed into {where}" + (", then Enter" if submit else "") + note
    told, value = ("", None) if search else await _outcome(tab, target, text)
    return change.effect(done + ("" if "secret" in field["states"] else told), value)


async def _outcome(tab: Tab, target: Target, text: str) -> tuple[str, str | None]:
    """What there is to say of a field after a text was typed, and what it holds now; it may be gone."""
    if tab.dialogs.open is not None:
        return "", None
    try:
        outcome = await tab.on(target, "outcome", text)
    except (StaleRef, TabClosed):
        return "", None
    value, against = outcome["value"], outcome["against"]
    if value is None or value == text:
        held = "; it holds that now" if value else ""
        return f"; it does not accept that: {against}" if against else held, value
    return f"; it holds {cut(value, SHOWN)!r} now" + (f" ({against})" if against else ""), value


async def press(tab: Tab, keys: str, ref: str | None) -> Effect:
    """Press a key or a chord such as `Control+A`, on an element if one is given; `ArrowDown*12` twelve times."""
    chord, times = _counted(keys)
    target = None if ref is None else tab.target(ref)
    tab.ready()
    with answered():
        frame = target.frame if target else await tab.frames.focused()
    async with changing(tab, frame) as change:
        if target is not None and not await tab.on(target, "focus"):
            await aim(tab, target, WHY_LIMIT)
            raise NotInteractable(f"{target.ref} does not take the keyboard; click it first")
        try:
            for _ in range(times):
                await change.perform(tab.page.keyboard.press(chord))
                if tab.dialogs.open is not None or not change.stayed:
                    break
        except PlaywrightError as error:
            if "Unknown key" not in error.message:
                raise
            raise InvalidArguments(
                f'there is no key "{chord}"; use names such as Enter, Escape, ArrowDown, Control+A'
            ) from None
        if chord in WRITING or len(chord) == 1:
            change.puts_into(target or frame)
    return change.effect(f"pressed {keys}")


def _counted(keys: str) -> tuple[str, int]:
    """A key or chord, and how often it is to be pressed."""
    found = re.fullmatch(r"(.+?)\s*\*\s*(\d+)", keys)
    chord, times = (found[1], int(found[2])) if found else (keys, 1)
    if not 0 < times <= MOST_PRESSES:
        raise InvalidArguments(f"a key is pressed 1 to {MOST_PRESSES} times at once, not {times}")
    return re.sub(r"[A-Za-z]{2,}", lambda name: CALLED.get(name[0].lower(), name[0]), chord), times


async def _focus(tab: Tab, target: Target, field: dict[str, Any], clear: bool, change: Change) -> Mapping[str, bool]:
    """Put the cursor into a field, or into the one that a list brings as it opens, which is a `search`.

    Says whether what it holds is `selected` then, which only `clear` asks for.
    """
    if field["tag"] == "select":
        raise NotInteractable(f"{target.ref} is a list; choose one of its options with select")
    if not field["editable"] and field["role"] not in TYPED:
        raise NotInteractable(f"{target.ref} is a {field['role']}, not a field that takes text")
    covered = None
    try:
        at = await aim(tab, target)
        await change.perform(tap(tab, at))
    except NotInteractable as problem:  # covered or styled away: the keyboard still gets there
        covered = problem
    if tab.dialogs.open is not None:
        return {"selected": False, "search": False}
    state = await tab.on(target, "focusField", clear)
    if covered and not (field["editable"] and state["focused"]):
        raise covered
    if not state["focused"] and not field["editable"]:
        raise NotInteractable(f"{target.ref} is a {field['role']}, not a field that takes text")
    return state


async def _enter(tab: Tab, target: Target, text: str, clear: bool, selected: bool, change: Change) -> None:
    keyboard = tab.page.keyboard
    if not clear:
        await change.perform(keyboard.press("Control+End"))
    elif not selected:
        await change.perform(keyboard.press("ControlOrMeta+a"))
        await change.perform(tab.on(target, "selectShown"))
    if clear and not text:
        await change.perform(keyboard.press("Delete"))
    elif len(text) > LONG or "\n" in text:
        await change.perform(keyboard.insert_text(text))
        await _go_on(tab, target, text, change)
    else:
        await change.perform(keyboard.type(text))


async def _go_on(tab: Tab, target: Target, text: str, change: Change) -> None:
    """Type what follows the first line, in editors that take one line at a time."""
    first, *rest = text.split("\n")
    written = [line.strip() for line in (first, *rest) if line.strip()]
    value = await tab.value(target) if len(written) > 1 and tab.dialogs.open is None else None
    if value is None or written[0] not in value or written[1] in value:
        return
    for line in rest:
        await change.perform(tab.page.keyboard.press("Shift+Enter"))  # a new line; Enter alone sends, in many
        await change.perform(tab.page.keyboard.insert_text(line))
