"""Reading an observation as a model does: the goal at its top, elements by role and name, shapes by their looks."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from webhand import Element, Observation, Tab

LOOKS = 30
"""Looks at a page that has to change before it is given up."""


def goal(seen: Observation) -> str:
    """The instruction at the top of the page, on one line."""
    return re.sub(r"\s+", " ", seen.text.split("\n", 1)[0]).strip()


def quoted(seen: Observation) -> list[str]:
    """What stands in quotation marks in the instruction."""
    return re.findall(r'"([^"]*)"', goal(seen))


def words(seen: Observation, pattern: str) -> tuple[str, ...]:
    """The groups of a pattern in the whole text; an error names the text when it does not fit."""
    found = re.search(pattern, seen.text)
    if found is None:
        raise LookupError(f"/{pattern}/ does not fit the page:\n{seen.text}")
    return found.groups()


def every(seen: Observation, role: str) -> list[Element]:
    """All elements of a role, in reading order."""
    return [element for element in seen.elements.values() if element.role == role]


def named(seen: Observation, name: str, role: str = "", tag: str = "") -> str:
    """The reference of the first element of this name."""
    for element in seen.elements.values():
        if element.name == name and role in ("", element.role) and tag in ("", element.tag):
            return element.ref
    raise LookupError(f'no {role or "element"} "{name}" on the page:\n{seen.text}')


def first(elements: Iterable[Element], fits: Callable[[Element], bool]) -> str:
    """The reference of the first element that fits."""
    for element in elements:
        if fits(element):
            return element.ref
    raise LookupError("no such element on the page")


def has(seen: Observation, name: str, role: str = "") -> bool:
    """Whether an element of this name is there."""
    return any(element.name == name and role in ("", element.role) for element in seen.elements.values())


def lines_after(seen: Observation, line: str) -> list[str]:
    """The lines of the text below the first one that holds `line`."""
    lines = seen.text.split("\n")
    at = next(number for number, one in enumerate(lines) if line in one)
    return lines[at + 1 :]


def middle(element: Element) -> tuple[float, float]:
    """The middle of an element, in pixels of the view."""
    if element.box is None:
        raise LookupError(f"{element.ref} is not drawn")
    return element.box.centre


def left_of(elements: Sequence[Element]) -> list[Element]:
    """Elements from left to right."""
    return sorted(elements, key=lambda one: middle(one)[0])


async def look(tab: Tab) -> Observation:
    """An observation with a picture that has no marks on it."""
    return replace(await tab.observe(), screenshot=await tab.screenshot())


SHAPE = re.compile(
    r"^(?:(?P<ref>e\d+) \w+ )?(?:(?P<name>\S{1,2}) )?(?P<colour>(?:dark |light )?\w+)(?P<outlined> outlined)?"
    r" (?P<kind>\w+)(?: (?P<sign>\S{1,2}))?"
    r" (?P<width>[\d.]+)x(?P<height>[\d.]+) at (?P<x>-?[\d.]+),(?P<y>-?[\d.]+)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape as the text tells of it: its reference if it has one, and the middle of it in pixels of the picture."""

    ref: str
    text: str
    colour: str
    outlined: bool
    kind: str
    width: float
    height: float
    x: float
    y: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x, self.y


def shapes(seen: Observation) -> list[Shape]:
    """All shapes that the text tells of, in its order."""
    return [
        Shape(
            one["ref"] or "", one["name"] or one["sign"] or "", one["colour"], bool(one["outlined"]), one["kind"],
            float(one["width"]), float(one["height"]), float(one["x"]), float(one["y"]),
        )
        for one in SHAPE.finditer(seen.text)
    ]  # fmt: skip


async def click(tab: Tab, name: str, role: str = "") -> Observation:
    """Click the element of this name and look again."""
    await tab.click(named(await tab.observe(), name, role))
    return await tab.observe()


async def submit(tab: Tab, name: str = "Submit") -> None:
    """Press the button that ends the task."""
    await tab.click(named(await tab.observe(), name, "button"))
