"""Pictures of a tab's view: taken together with the boxes of what must not be seen on them."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from webhand.browser.frames import Frame
from webhand.browser.observation import Box, Element, Observation
from webhand.browser.world import PageHangs, WorldGone, send
from webhand.errors import ActionTimeout, StaleRef, TabClosed

if TYPE_CHECKING:
    from webhand.browser.tab import Tab

Fit = Callable[[int, int], float]
"""By how much a view of so many CSS pixels is made smaller, at most 1.0."""

QUALITY = 90
"""Of the JPEG that is handed out."""
FRESH = 97
"""Quality of a picture that is still to be drawn on."""
LIMIT = 5.0
"""Seconds that a picture may take."""
FRAME_LIMIT = 1.0
"""Seconds that a frame within the page may take to say what is secret in it; it is painted over as a whole then."""


_REFERENCE = re.compile(r"(?:f\d+)?e\d+")


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture, and how many CSS pixels of the view one of its pixels is."""

    data: bytes
    scale: float


@dataclass(frozen=True, slots=True)
class _Places:
    """Boxes in the view, under names by which the same place is known a moment later; and the size of the view."""

    width: float
    height: float
    sharpness: float
    boxes: Mapping[str, Box]


async def take(tab: Tab, marked: Sequence[Element] = (), fit: Fit | None = None, quality: int = QUALITY) -> Picture:
    """A picture of the view, in CSS pixels at the most, with boxes around the elements of `marked`.

    Fields that hold secrets are painted over; where they are is asked before and after, as the page may move
    meanwhile. Raises ActionTimeout when the page does not answer, rather than show what may be secret.
    """
    try:
        async with asyncio.timeout(LIMIT):
            before = await _concealed(tab)
            scale = fit(round(before.width), round(before.height)) if fit else 1.0
            plain = scale == before.sharpness == 1.0 and not marked and not before.boxes
            data = await _captured(tab, quality if plain else FRESH)
            after = await _concealed(tab)
    except TimeoutError:
        raise ActionTimeout(f"no picture could be taken within {LIMIT:g} s; wait, or reload the page") from None
    except (WorldGone, PageHangs) as error:
        raise ActionTimeout(f"no picture could be taken: {error}") from None
    veils = _covering(before.boxes, after.boxes)
    if not plain or veils:
        from webhand.browser.picture import finished  # loads Pillow, which most runs without vision do without

        view = (before.width, before.height)
        data = await asyncio.to_thread(finished, data, view, scale, veils, marked, quality)
    return Picture(data, 1 / scale)


def named(seen: Observation) -> list[Element]:
    """The elements whose references stand in the text of a look: what it leaves out or folds is not marked either."""
    references = set(_REFERENCE.findall(seen.text))
    return [seen.elements[ref] for ref in seen.elements if ref in references]


async def drawn_share(tab: Tab) -> float:
    """How much of the view, from 0 to 1, is drawn and not written: canvas, video, pictures that nothing names."""
    try:
        places = await _places(tab, "unwritten", lambda _: ())
    except (WorldGone, PageHangs):
        return 0.0
    view = places.width * places.height
    return min(sum(_visible(box, places) for box in places.boxes.values()) / view, 1.0) if view else 0.0


async def _captured(tab: Tab, quality: int) -> bytes:
    # As it is: asked for a scaled one, Chromium tells the page of another pixel ratio for that moment.
    reply = await send(await tab.frames.session(), "Page.captureScreenshot", format="jpeg", quality=quality)
    return base64.b64decode(reply["data"])


async def _concealed(tab: Tab) -> _Places:
    typed: dict[int, list[tuple[str, int]]] = {}
    for ref in tuple(tab.secret_refs):
        try:
            target = tab.context.refs.resolve(ref, tab.number)
        except StaleRef:
            tab.secret_refs.discard(ref)
        else:
            typed.setdefault(target.frame.number, []).append((target.document, target.node))
    return await _places(tab, "concealed", lambda frame: (typed.get(frame.number, []), _values(tab, frame)))


def _values(tab: Tab, frame: Frame) -> list[str]:
    """The secrets that may stand in a frame: no process is told of one that its site may not have."""
    while not frame.url.startswith("http") and frame.parent is not None:  # written by the frame around it
        frame = frame.parent
    site = urlsplit(frame.url)
    origin = f"{site.scheme}://{site.netloc.rpartition('@')[2]}"
    return [value for one in tab.context.secrets if origin in one.origins for value in one.known if value]


async def _places(tab: Tab, name: str, arguments: Callable[[Frame], Sequence[Any]]) -> _Places:
    """What a function of the script finds in all frames; a frame that does not answer is one place as a whole."""
    frames = await tab.frames.list()
    main, *others = await asyncio.gather(*(_asked(frame, name, arguments(frame)) for frame in frames))
    assert main is not None
    boxes = {f"1 {key}": Box(x=x, y=y, width=width, height=height) for key, x, y, width, height in main["found"]}
    for frame, told in zip(frames[1:], others, strict=True):
        if told is None:
            boxes[f"{frame.number}"] = await _view_of(frame)
        elif told["found"]:
            origin = await _view_of(frame)
            for key, x, y, width, height in told["found"]:
                boxes[f"{frame.number} {key}"] = Box(x=origin.x + x, y=origin.y + y, width=width, height=height)
    return _Places(main["width"], main["height"], main["sharpness"], boxes)


async def _asked(frame: Frame, name: str, arguments: Sequence[Any]) -> dict[str, Any] | None:
    if frame.parent is None:
        return await frame.world.ask(name, *arguments)
    try:
        async with asyncio.timeout(FRAME_LIMIT):
            return await frame.world.ask(name, *arguments)
    except (TimeoutError, WorldGone, PageHangs, TabClosed):
        return None


async def _view_of(frame: Frame) -> Box:
    """A frame's view in the view of the main frame; WorldGone when the frame is gone."""
    x = y = width = height = 0.0
    inner = frame
    while (parent := inner.parent) is not None:
        owner = inner.owner
        if owner is None:
            found = await send(parent.world.session, "DOM.getFrameOwner", frameId=inner.frame_id)
            owner = await parent.world.id_of(found["backendNodeId"])
        box = await parent.world.ask("frameView", owner)
        if box is None:
            raise WorldGone("a frame has gone")
        x, y = x + box[0], y + box[1]
        if inner is frame:
            width, height = box[2:]
        inner = parent
    return Box(x=x, y=y, width=width, height=height)


def _covering(before: Mapping[str, Box], after: Mapping[str, Box]) -> list[Box]:
    """Boxes that cover each place where it was, where it is, and what lies between."""
    boxes: list[Box] = []
    for key in before.keys() | after.keys():
        one, other = before.get(key) or after[key], after.get(key) or before[key]
        left, top = min(one.x, other.x), min(one.y, other.y)
        right = max(one.x + one.width, other.x + other.width)
        bottom = max(one.y + one.height, other.y + other.height)
        boxes.append(Box(x=left, y=top, width=right - left, height=bottom - top))
    return boxes


def _visible(box: Box, places: _Places) -> float:
    wide = min(box.x + box.width, places.width) - max(box.x, 0)
    high = min(box.y + box.height, places.height) - max(box.y, 0)
    return max(wide, 0) * max(high, 0)
