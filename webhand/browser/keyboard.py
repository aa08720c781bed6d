"""Keyboard actions: real key events into the element that has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.async_api import Error as PlaywrightError

from webhand.browser.change import Change, changing
from webhand.browser.observation import Effect
from webhand.browser.pointer import aim
from webhand.browser.refs import Target
from webhand.errors import InvalidArguments, NotInteractable

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

PICKED = ("date", "time", "month", "week", "datetime-local", "color", "range")
"""Input types whose keys differ from locale to locale: their value is set as a picker sets it."""
TYPED = ("textbox", "searchbox", "combobox", "spinbutton", "gridcell", "clickable", "application")
"""Roles of what may take text although it is no field: a click on anything else would do something."""
LONG = 400
"""Characters above which text is put in at once, as by pasting."""


async def type_text(tab: Tab, ref: str, text: str, clear: bool, submit: bool) -> Effect:
    """Type into a field, in place of what it holds unless `clear` is False; Enter after it if `submit`."""
    target = tab.target(ref)
    what = await tab.describe(target)
    async with changing(tab, target.frame) as change:
        field = await tab.on(target, "identity")
        if field["type"] in PICKED:
            await _pick(tab, target, text, change)
        else:
            await _focus(tab, target, field, change)
            if tab.dialogs.open is None:
                await _enter(tab, target, text, clear, change)
        if field["suggests"]:
            change.insist = True  # suggestions are asked for a moment after the last key
        elif not submit:
            change.patience = 0.0
        if submit:
            await change.perform(tab.page.keyboard.press("Enter"))
    value = await tab.value(target) if tab.dialogs.open is None else None
    done = f"typed into {what}" + (", then Enter" if submit else "")
    if value is not None and value != text and "secret" not in field["states"]:
        done += f"; it holds {value[:200]!r} now"
    return change.effect(done, value)


async def press(tab: Tab, keys: str, ref: str | None) -> Effect:
    """Press a key or a chord such as `Control+A`, on an element if one is given."""
    target = None if ref is None else tab.target(ref)
    frames = [target.frame] if target else []
    async with changing(tab, *frames) as change:
        if target is not None and not await tab.on(target, "focus"):
            raise NotInteractable(f"{target.ref} does not take the keyboard; click it first")
        try:
            await change.perform(tab.page.keyboard.press(keys))
        except PlaywrightError as error:
            if "Unknown key" not in error.message:
                raise
            raise InvalidArguments(
                f'there is no key "{keys}"; use names such as Enter, Escape, ArrowDown, Control+A'
            ) from None
    return change.effect(f"pressed {keys}")


async def _focus(tab: Tab, target: Target, field: dict[str, Any], change: Change) -> None:
    if "disabled" in field["states"] or "readonly" in field["states"]:
        raise NotInteractable(
            f"{target.ref} cannot be typed into: it is {'disabled' if 'disabled' in field['states'] else 'read only'}"
        )
    if field["tag"] == "select":
        raise NotInteractable(f"{target.ref} is a list; choose one of its options with select")
    if not field["editable"] and field["role"] not in TYPED:
        raise NotInteractable(f"{target.ref} is a {field['role']}, not a field that takes text")
    try:
        at = await aim(tab, target)
    except NotInteractable:
        # Covered or styled away: the keyboard still gets there.
        if not (field["editable"] and await tab.on(target, "focus")):
            raise
        return
    await change.perform(tab.page.mouse.click(at.x, at.y))
    if tab.dialogs.open is None and not await tab.on(target, "focus") and not field["editable"]:
        raise NotInteractable(f"{target.ref} is a {field['role']}, not a field that takes text")


async def _enter(tab: Tab, target: Target, text: str, clear: bool, change: Change) -> None:
    if clear:
        if await tab.on(target, "selectAll") and not text:
            await change.perform(tab.page.keyboard.press("Delete"))
    else:
        await change.perform(tab.page.keyboard.press("Control+End"))
    if len(text) > LONG or "\n" in text:
        await change.perform(tab.page.keyboard.insert_text(text))
    elif text:
        await change.perform(tab.page.keyboard.type(text))


async def _pick(tab: Tab, target: Target, text: str, change: Change) -> None:
    await aim(tab, target)
    value = await change.perform(tab.on(target, "setValue", text))
    if value not in (text, None):
        raise InvalidArguments(
            f"{target.ref} does not take {text!r}; dates are written 2026-05-31, times 14:30, colours #rrggbb"
        )
