"""What a look at a page gives, and what an action brought: immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from webhand.browser.difference import difference


class Fingerprint(BaseModel):
    """What an element is known by when it has to be found again: after a re-render, in a replay, after a restart."""

    model_config = ConfigDict(frozen=True)

    role: str
    name: str
    tag: str
    text: str = ""
    attributes: Mapping[str, str] = {}
    neighbours: tuple[str, ...] = ()
    path: str = ""
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in CSS pixels of the view of the page's main frame."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Element:
    """One element that can be acted on.

    `ref` is how a model names it. `states` are words such as `checked`, `disabled`, `expanded`, `focused`, `covered`.
    `box` is None where nothing is drawn. `frame` is the address of its document, empty for the main frame. `options`
    are what a list offers, `cover` names what lies over the element, `label` is what is written around one that has
    its like on the page. `drawn` says what a nameless one looks like: `red`, `red circle 20x20 at 35,84`, or the name
    of the file that a style sheet shows.
    """

    ref: str
    role: str
    name: str
    tag: str
    value: str | None
    states: tuple[str, ...]
    box: Box | None
    frame: str
    in_view: bool
    attributes: Mapping[str, str]
    options: tuple[str, ...] = ()
    cover: str | None = None
    label: str = ""
    drawn: str = ""

    @property
    def fingerprint(self) -> Fingerprint:
        """What it is known by when it has to be found again."""
        return Fingerprint(
            role=self.role,
            name=self.name,
            tag=self.tag,
            attributes=self.attributes,
            neighbours=(self.label,) if self.label else (),
            frame=self.frame,
        )


@dataclass(frozen=True, slots=True)
class TabInfo:
    """One line of the list of tabs; `number` is what `switch_tab` takes."""

    number: int
    url: str
    title: str
    active: bool


@dataclass(frozen=True, slots=True)
class FrameInfo:
    """A frame that shows in the view: its document's address, its name, and the part of it that is in the view."""

    url: str
    name: str
    box: Box


@dataclass(frozen=True, slots=True)
class Scroll:
    """Where the view stands: pixels above and below it, and its height, in CSS pixels."""

    above: float
    below: float
    height: float


@dataclass(frozen=True, slots=True)
class DialogInfo:
    """A dialog that the page has opened and that waits for an answer."""

    kind: Literal["alert", "confirm", "prompt", "beforeunload"]
    message: str
    default: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A page at one moment.

    `text` is what a model is shown, `elements` everything that can be acted on by its ref, shown or not. `notices`
    tell what happened since the last look. `tokens` estimates the length of `text`; `partial` says what could not be
    read in time, and why. `screenshot` is a JPEG of the view with the references that `text` names drawn on it.
    `frames` are those in the view.
    """

    url: str
    title: str
    text: str
    elements: Mapping[str, Element]
    tabs: tuple[TabInfo, ...]
    scroll: Scroll
    screenshot: bytes | None = field(default=None, repr=False)
    dialog: DialogInfo | None = None
    notices: tuple[str, ...] = ()
    tokens: int = 0
    partial: tuple[str, ...] = ()
    frames: tuple[FrameInfo, ...] = ()

    def since(self, earlier: Observation) -> str:
        """What has come, gone and changed since an earlier look at the tab, as a short text.

        Lines that came begin with `+`, those that went with `-`. Of another page it is the whole text.
        """
        same = self.url.partition("#")[0] == earlier.url.partition("#")[0]
        return difference(earlier.text, self.text) if same else self.text


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action did, as facts.

    `text` is a short sentence; `navigated` the new address, `new_tabs` their numbers, `dialog` what opened, `downloads`
    the files that came, `value` what the control holds now.
    """

    text: str
    navigated: str | None = None
    new_tabs: tuple[int, ...] = ()
    dialog: DialogInfo | None = None
    downloads: tuple[str, ...] = ()
    value: str | None = None
