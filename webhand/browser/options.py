"""Choosing from lists that a page draws itself: opened by a click, their options found by what they say."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from webhand.browser.change import Change, cut
from webhand.browser.pointer import aim, tap
from webhand.browser.refs import Target
from webhand.errors import ActionError, InvalidArguments, NotInteractable, StaleRef

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

LIMIT = 3.0
"""Seconds that options may take to appear after a click or a typed name."""
SCROLL_LIMIT = 20.0
"""Seconds in which a list is scrolled on to look for an option: some thousand options that are drawn as they come."""
POINTER_LIMIT = 0.5
"""Seconds that a list which is to be closed gets to receive a click."""
CLOSE_LIMIT = 0.5
"""Seconds that it gets to close."""
SHOWN = 200
"""Characters of what a list shows that are told."""
REDRAWN_LIMIT = 3.0
"""Seconds in which an option is clicked again that was drawn anew meanwhile: some lists are, after each key."""


async def choose_shown(
    tab: Tab, target: Target, begun: Mapping[str, Any], values: Sequence[str], change: Change
) -> tuple[str, str]:
    """Choose options of a list as the page has drawn it.

    Returns what they say and what more there is to tell; InvalidArguments, with those that come close, when one is
    not there.
    """
    if not values and not begun["many"]:
        raise InvalidArguments(f"{target.ref} takes one option, not 0")
    if begun["many"]:
        for label, node in begun["chosen"]:
            if label.lower() not in [value.strip().lower() for value in values]:
                await _click(tab, _option(target, label, node), change)
    labels: list[str] = []
    for value in values:
        if tab.dialogs.open is not None:
            break
        labels.append(await _choose(tab, target, value, change, is_open=begun["open"]))
    said = ", ".join(labels)
    shown = await _shown(tab, target)
    odd = shown and not begun["many"] and labels and labels[-1].lower() not in shown.lower()
    return said, f"; it shows {cut(shown, SHOWN)!r} now" if odd and shown else ""


async def _choose(tab: Tab, target: Target, value: str, change: Change, *, is_open: bool) -> str:
    if not is_open:
        await _click(tab, target, change)
    found = await tab.on(target, "option", value, LIMIT * 1000)
    try:
        return await _choose_of(tab, target, value, found, change)
    except (InvalidArguments, NotInteractable):
        with suppress(ActionError):  # what was asked for is not there: that is what has to be told
            await _leave(tab, target, found.get("held"), change, close=not is_open)
        raise


async def _choose_of(tab: Tab, target: Target, value: str, first: Mapping[str, Any], change: Change) -> str:
    """Choose an option of an open list, which was looked for once."""
    limit, found = LIMIT * 1000, dict(first)
    if found.get("held") is not None:
        found = await _searched(tab, target, value, change)
    if "options" in found:
        found = await _scrolled_to(tab, target, value, found)
    if "off" in found:
        raise NotInteractable(f'option "{found["off"]}" of {target.ref} is disabled')
    if "node" not in found:
        options = list(dict.fromkeys([*found.get("options", ()), *first["options"]]))
        if not options:
            raise NotInteractable(f"{target.ref} was clicked but no options appeared; look at the page")
        raise InvalidArguments(no_option(target.ref, value, options, more=bool(found.get("more"))))
    loop = asyncio.get_running_loop()
    until = loop.time() + REDRAWN_LIMIT
    while "node" in found and not found["chosen"] and loop.time() < until:
        try:
            await _click(tab, _option(target, found["label"], found["node"]), change)
            return found["label"]
        except StaleRef:  # the list drew its options anew, as it was scrolled for instance
            found = await tab.on(target, "option", value, limit)
    if not found.get("chosen"):
        raise NotInteractable(f'option "{value}" of {target.ref} went away as it was clicked; look at the page')
    return found["label"]


async def _searched(tab: Tab, target: Target, value: str, change: Change) -> dict[str, Any]:
    """What there is once the list was searched: while a server is asked, many show what they had before."""
    mark = tab.activity.mark()
    await change.perform(tab.page.keyboard.press("ControlOrMeta+a"))
    await change.perform(tab.page.keyboard.type(value))
    found = await tab.on(target, "option", value, LIMIT * 1000)
    if "options" in found and await tab.activity.settle(mark, [target.frame], 0.0):
        found = await tab.on(target, "option", value, 0)
    return found


async def _leave(tab: Tab, target: Target, held: str | None, change: Change, *, close: bool) -> None:
    """Bring a list in which nothing was chosen back to what it was: what its field held, and closed if it was."""
    keyboard = tab.page.keyboard
    if held is not None and tab.dialogs.open is None:
        await change.perform(keyboard.press("ControlOrMeta+a"))
        await change.perform(keyboard.type(held) if held else keyboard.press("Delete"))
    if not close or tab.dialogs.open is not None or not (await tab.on(target, "unfolded", 0))["open"]:
        return
    with suppress(NotInteractable):  # some cover all but the list
        at = await aim(tab, target, POINTER_LIMIT)
        await change.perform(tap(tab, at))
    left = await tab.on(target, "unfolded", CLOSE_LIMIT * 1000)
    if left["open"] and not left["modal"]:  # else the key might close what is around it
        await change.perform(keyboard.press("Escape"))
        await tab.on(target, "unfolded", CLOSE_LIMIT * 1000)


async def _scrolled_to(tab: Tab, target: Target, value: str, found: dict[str, Any]) -> dict[str, Any]:
    """The option in a list that draws only those in its view."""
    seen: dict[str, None] = dict.fromkeys(found["options"])
    more = await tab.on(target, "scrollOptions", True) or bool(seen)
    until = asyncio.get_running_loop().time() + SCROLL_LIMIT
    while more and asyncio.get_running_loop().time() < until:
        found = await tab.on(target, "option", value, 0)
        if "options" not in found:
            return found
        seen |= dict.fromkeys(found["options"])
        more = await tab.on(target, "scrollOptions", False)
    return {**found, "options": list(seen), "more": more}


def _option(target: Target, label: str, node: int) -> Target:
    """An option as something to point at; it has no reference, and none is looked up for it when it is gone."""
    return replace(target, ref=f'option "{label}"', node=node)


async def _click(tab: Tab, target: Target, change: Change) -> None:
    at = await aim(tab, target)
    await change.perform(tap(tab, at))


async def _shown(tab: Tab, target: Target) -> str | None:
    if tab.dialogs.open is not None:
        return None
    try:
        return (await tab.on(target, "shows"))["value"]
    except StaleRef:
        return None


def no_option(ref: str, missing: str, options: Sequence[str], *, more: bool = False) -> str:
    """That an option is not there, with those that come close to it; `more` have not been looked at."""
    lower = {option.lower(): option for option in options}
    close = get_close_matches(missing.lower(), list(lower), n=5, cutoff=0.4)
    named = [lower[one] for one in close] or list(options[:10])
    has = ", ".join(f'"{one}"' for one in named)
    if more:
        return f'"{missing}" is not among the first {len(options)} options of {ref}, which has more; close come {has}'
    return f'{ref} has no option "{missing}"; it has {has}'
