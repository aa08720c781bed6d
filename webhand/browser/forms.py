"""Choosing in lists, ticking boxes, handing files over."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import TimeoutError as PlaywrightTimeout

from webhand.browser.change import changing
from webhand.browser.observation import Effect
from webhand.browser.pointer import aim
from webhand.browser.world import send
from webhand.errors import InvalidArguments, NotInteractable, StaleRef

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

CHOOSER_LIMIT = 5.0
"""Seconds in which a click that opens a file chooser opens it."""


async def select(tab: Tab, ref: str, values: Sequence[str]) -> Effect:
    """Choose options of a list by what they say; a list that takes one drops the old choice."""
    target = tab.target(ref)
    what = await tab.describe(target)
    async with changing(tab, target.frame) as change:
        change.patience = 0.0
        state = await tab.on(target, "identity")
        if "disabled" in state["states"]:
            raise NotInteractable(f"{ref} is disabled; fill in or choose what it waits for first")
        chosen = await change.perform(tab.on(target, "choose", list(values)))
        if chosen is None:
            return change.effect(f"chose in {what}")
        if "other" in chosen:
            raise NotInteractable(f"{ref} is no native list; click it, look, and click the option")
        if "missing" in chosen:
            raise InvalidArguments(_no_option(ref, chosen["missing"], chosen["options"]))
        if "off" in chosen:
            raise NotInteractable(f'option "{chosen["off"]}" of {ref} is disabled')
        if "single" in chosen:
            raise InvalidArguments(f"{ref} takes one option, not {len(values)}")
    return change.effect(f'chose "{chosen["value"]}" in {what}', chosen["value"])


async def check(tab: Tab, ref: str, on: bool) -> Effect:
    """Tick or untick a box; nothing happens when it is so already."""
    target = tab.target(ref)
    what = await tab.describe(target)
    word = "on" if on else "off"
    async with changing(tab, target.frame) as change:
        change.patience = 0.0
        if await _is_on(tab, ref) != on:
            at = await aim(tab, target)
            await change.perform(tab.page.mouse.click(at.x, at.y))
    effect = change.effect(f"{what} is {word}", word)
    if effect.navigated or effect.dialog or tab.page.is_closed():
        return change.effect(f"clicked {what} to turn it {word}")
    try:
        turned = await _is_on(tab, ref) == on
    except StaleRef:
        return change.effect(f"clicked {what} to turn it {word}; it was replaced by another element")
    if not turned:
        raise NotInteractable(f"{ref} was clicked but did not turn {word}; look at the page again")
    return effect


async def upload(tab: Tab, ref: str, files: Sequence[Path]) -> Effect:
    """Hand files to a file input, or to the chooser that a click on the element opens."""
    target = tab.target(ref)
    what = await tab.describe(target)
    field = await tab.on(target, "identity")
    if missing := [path for path in files if not path.is_file()]:
        raise InvalidArguments(f"there is no file {missing[0]}")
    async with changing(tab, target.frame) as change:
        if field["type"] == "file":
            node = await target.frame.world.handle(target.node)
            paths = [str(path) for path in files]
            session = target.frame.world.session
            await change.perform(send(session, "DOM.setFileInputFiles", objectId=node.id, files=paths))
        else:
            at = await aim(tab, target)
            try:
                async with tab.page.expect_file_chooser(timeout=CHOOSER_LIMIT * 1000) as chooser:
                    await change.perform(tab.page.mouse.click(at.x, at.y))
                await change.perform((await chooser.value).set_files(list(files)))
            except PlaywrightTimeout:
                raise NotInteractable(f"{ref} was clicked but opened no file chooser; look for a file input") from None
    names = ", ".join(path.name for path in files)
    return change.effect(f"gave {names} to {what}", names)


async def _is_on(tab: Tab, ref: str) -> bool:
    states = (await tab.on(tab.target(ref), "identity"))["states"]
    on = {"checked", "pressed", "selected"} & set(states)
    if not on and not {"unchecked", "mixed", "not pressed"} & set(states):
        raise NotInteractable(f"{ref} is nothing that can be on or off; click it instead")
    return bool(on)


def _no_option(ref: str, missing: Sequence[str], options: Sequence[str]) -> str:
    lower = {option.lower(): option for option in options}
    close = difflib.get_close_matches(missing[0].lower(), list(lower), n=5, cutoff=0.4)
    named = [lower[one] for one in close] or list(options[:10])
    return f'{ref} has no option "{missing[0]}"; it has ' + ", ".join(f'"{one}"' for one in named)
