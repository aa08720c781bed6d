"""Dates and times, typed into the parts of their inputs: whatever their order is where the browser was made for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from webhand.browser.change import Change
from webhand.browser.input import press_all
from webhand.browser.refs import Target
from webhand.browser.world import send

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

TYPES = ("date", "time", "month", "week", "datetime-local")
"""Input types that have such parts."""
PART = re.compile(r"-webkit-datetime-edit-(\w+)-field")
VALUE = re.compile(
    r"(?:(?P<year>\d{4,6})-(?:W(?P<week>\d\d)|(?P<month>\d\d))(?:-(?P<day>\d\d))?)?T?"
    r"(?:(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<millisecond>\d{1,3}))?)?)?"
)
"""What an input of these types holds."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a date input, such as the month; `node` is the world's number for it, `least` and `most` its range."""

    kind: str
    node: int
    least: int
    most: int


async def type_date(tab: Tab, target: Target, value: str, change: Change) -> bool:
    """Type a value (`2026-05-31`, `14:30`, or nothing) in place of what the input holds; False if it has no parts."""
    parts = await _parts(target)
    if not parts:
        return False
    cleared = ["Delete", *["ArrowRight", "Delete"] * (len(parts) - 1)]
    await tab.on(target, "focusPart", parts[0].node)
    await change.perform(press_all(tab, cleared))
    keys = [(part, _keys(part, _numbers(value))) for part in parts] if value else []
    # The page is told as soon as no part is empty, and again at each later key: the shortest part comes last.
    for part, strokes in sorted(keys, key=lambda one: -len(one[1])):
        if tab.dialogs.open is not None:
            break
        await tab.on(target, "focusPart", part.node)
        await change.perform(press_all(tab, strokes))
    return True


async def _parts(target: Target) -> list[Part]:
    """The parts as the browser drew them; they lie in a shadow root that no script can reach by itself."""
    world = target.frame.world
    handle = await world.handle(target.node)
    described = await send(world.session, "DOM.describeNode", objectId=handle.id, depth=-1, pierce=True)
    found: list[Part] = []
    for node in _nodes(described["node"]):
        listed = cast("list[str]", node.get("attributes", []))
        attributes = dict(zip(listed[::2], listed[1::2], strict=True))
        if (kind := PART.fullmatch(attributes.get("pseudo", ""))) and "aria-valuemax" in attributes:
            least, most = int(attributes["aria-valuemin"]), int(attributes["aria-valuemax"])
            found.append(Part(kind[1], await world.id_of(node["backendNodeId"]), least, most))
    return found


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in (*node.get("shadowRoots", []), *node.get("children", [])):
        yield from _nodes(child)


def _numbers(value: str) -> dict[str, int]:
    match = VALUE.fullmatch(value)
    assert match is not None, value
    given = {kind: int(digits) for kind, digits in match.groupdict().items() if digits}
    if fraction := match["millisecond"]:
        given["millisecond"] = int(fraction.ljust(3, "0"))
    return given


def _keys(part: Part, numbers: Mapping[str, int]) -> list[str]:
    """What is typed into an empty part."""
    if part.kind == "ampm":
        return ["ArrowUp" if numbers["hour"] < 12 else "ArrowDown"]  # the first, the last: their letters differ
    number = numbers.get(part.kind, 0)
    if part.kind == "hour" and not part.least <= number <= part.most or part.kind == "hour" and part.most < 23:
        number = (number - part.least) % (part.most - part.least + 1) + part.least
    return list(str(number))
