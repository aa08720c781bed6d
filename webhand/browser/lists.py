"""Choosing from lists, as a person does: by a list's popup and the keyboard, or by clicks on its lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from webhand.browser.change import Change, changing
from webhand.browser.input import press_all
from webhand.browser.observation import Effect
from webhand.browser.options import choose_shown, no_option
from webhand.browser.pointer import aim, aim_at, is_so, tap
from webhand.browser.refs import Target
from webhand.errors import InvalidArguments, NotInteractable, StaleRef

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

POINTER_LIMIT = 0.5
"""Seconds that a list gets to receive a click; the keyboard opens it as well."""


async def select(tab: Tab, ref: str, values: Sequence[str]) -> Effect:
    """Choose options of a list by what they say; all others of it are not chosen then."""
    target = tab.target(ref)
    state = await tab.known(target)
    what = state["what"]
    async with changing(tab, target.frame) as change:
        change.patience = 0.0
        change.puts_into(target)
        tab.given.update(value.strip() for value in values)
        if state["behind"]:
            raise NotInteractable(f"{ref} {is_so(state['behind'])}")
        if "disabled" in state["states"]:
            raise NotInteractable(f"{ref} is disabled; do what it waits for first")
        plan = await tab.on(target, "choosing", list(values))
        if "other" in plan:
            return await _of_the_page(tab, target, what, values, change)
        _check(ref, plan, values)
        if "already" in plan:
            return change.effect(f'"{plan["value"]}" is chosen in {what} already', plan["value"])
        by_script = not await (_by_clicks if "clicks" in plan else _by_popup)(tab, target, plan, change)
        now = await _chosen(tab, target)
        if "clicks" in plan and now and now["value"] != plan["value"]:  # it scrolled under a click: once more
            plan = await tab.on(target, "choosing", list(values))
            by_script = not await _by_clicks(tab, target, plan, change)
            now = await _chosen(tab, target)
        if now and now["value"] != plan["value"] and not now["told"]:
            by_script = True
        if by_script:
            await change.perform(tab.on(target, "setChosen", plan["numbers"]))
            now = await _chosen(tab, target)
    if now and now["value"] != plan["value"]:
        raise NotInteractable(f'{ref} did not take "{plan["value"]}": "{now["value"]}" is chosen in it now')
    how = "; set by script, as the page keeps the list from opening" if by_script else ""
    return change.effect(f'chose "{plan["value"]}" in {what}{how}', plan["value"])


async def _of_the_page(tab: Tab, target: Target, what: str, values: Sequence[str], change: Change) -> Effect:
    begun = await tab.on(target, "listBefore")
    if not begun["list"]:
        raise NotInteractable(f"{target.ref} is no list; click it, look, and click the option")
    if begun["suggested"] is None:
        said, more = await choose_shown(tab, target, begun, values, change)
    else:
        said, more = await _suggested(tab, target, begun["suggested"], values, change), ""
    return change.effect(f'chose "{said}" in {what}{more}', said)


async def _suggested(tab: Tab, target: Target, options: Sequence[str], values: Sequence[str], change: Change) -> str:
    """Type one of the suggestions that the browser would make: they are drawn outside of the page."""
    if len(values) != 1:
        raise InvalidArguments(f"{target.ref} takes one option, not {len(values)}")
    same = [one for one in options if one.strip().lower() == values[0].strip().lower()]
    if not same:
        raise InvalidArguments(no_option(target.ref, values[0], options))
    at = await aim(tab, target)
    await change.perform(tap(tab, at))
    await tab.on(target, "selectAll")
    await change.perform(tab.page.keyboard.type(same[0]))
    return same[0]


def _check(ref: str, plan: Mapping[str, Any], values: Sequence[str]) -> None:
    if "missing" in plan:
        raise InvalidArguments(no_option(ref, plan["missing"][0], plan["options"]))
    if "off" in plan:
        raise NotInteractable(f'option "{plan["off"]}" of {ref} is disabled')
    if "single" in plan:
        raise InvalidArguments(f"{ref} takes one option, not {len(values)}")


async def _by_popup(tab: Tab, target: Target, plan: Mapping[str, Any], change: Change) -> bool:
    """Open the list and go to the option by keys, which tells the page nothing before Enter; False if it stays shut."""
    for keys in (plan["keys"], plan["plain"]):
        if not await _open(tab, target, change):
            return False
        await change.perform(press_all(tab, [*keys, "Enter"]))
        now = await _chosen(tab, target)
        if now is None or now["told"]:
            break
        await change.perform(press_all(tab, ["Escape"]))  # another Chromium goes by other keys
    return True


async def _open(tab: Tab, target: Target, change: Change) -> bool:
    try:
        at = await aim(tab, target, POINTER_LIMIT)
    except NotInteractable:  # something is drawn over it; the keyboard gets there
        if not await tab.on(target, "focus"):
            raise
    else:
        await change.perform(tap(tab, at))
        if await _is_open(tab, target):
            return True
    for again in (False, True):
        if again:
            await tab.page.bring_to_front()  # a tab in the background opens no popups
        if tab.dialogs.open is None and await tab.on(target, "focus"):
            await change.perform(press_all(tab, [" "]))
            if await _is_open(tab, target):
                return True
    return False


async def _is_open(tab: Tab, target: Target) -> bool:
    return tab.dialogs.open is None and await tab.on(target, "isOpen") is not False


async def _by_clicks(tab: Tab, target: Target, plan: Mapping[str, Any], change: Change) -> bool:
    await aim(tab, target)
    for number, key in plan["clicks"]:
        if tab.dialogs.open is not None:
            break
        spot = await tab.on(target, "line", number)
        at = await aim_at(tab, target.frame, target.ref, spot["x"], spot["y"])
        await change.perform(tap(tab, at, modifiers=[key] if key else []))
    return True


async def _chosen(tab: Tab, target: Target) -> dict[str, Any] | None:
    """What is chosen, and whether the page was told of a change; None when it cannot be asked any more."""
    if tab.dialogs.open is not None:
        return None
    try:
        return await tab.on(target, "chosen")
    except StaleRef:
        return None
