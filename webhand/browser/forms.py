"""Ticking boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from webhand.browser.change import changing
from webhand.browser.observation import Effect
from webhand.browser.pointer import strike
from webhand.errors import NotInteractable, StaleRef

if TYPE_CHECKING:
    from webhand.browser.tab import Tab


async def check(tab: Tab, ref: str, on: bool) -> Effect:
    """Tick or untick a box; nothing happens when it is so already."""
    target = tab.target(ref)
    known = await tab.known(target)
    what = known["what"]
    word = "on" if on else "off"
    async with changing(tab, target.frame) as change:
        change.patience = 0.0
        if _is_on(ref, known["states"]) != on:
            change.puts_into(target)
            await strike(tab, target, change)
    effect = change.effect(f"{what} is {word}", word)
    if effect.navigated or effect.dialog or tab.page.is_closed():
        return change.effect(f"clicked {what} to turn it {word}")
    try:
        turned = _is_on(ref, (await tab.on(tab.target(ref), "identity"))["states"]) == on
    except StaleRef:
        return change.effect(f"clicked {what} to turn it {word}; it was replaced by another element")
    if not turned:
        raise NotInteractable(f"{ref} was clicked but did not turn {word}; look at the page again")
    return effect


def _is_on(ref: str, states: Sequence[str]) -> bool:
    on = {"checked", "pressed", "selected"} & set(states)
    if not on and not {"unchecked", "mixed", "not pressed"} & set(states):
        raise NotInteractable(f"{ref} is nothing that can be on or off; click it instead")
    return bool(on)
