"""Lines of a page as a model reads them. Pure.

One line an element or a text: `e12 button Sign in`, `e3 textbox Email = "anna@example.com"`, `e4 [x] Remember me`;
headings begin with `#`, list items with `-`; the cells of a table's row have tabs between them.
"""

import re
from collections.abc import Sequence

from webhand.browser.observation import Element
from webhand.browser.snapshot import CELL, Gap, Line

OPTIONS_SHOWN = 12
VALUE_SHOWN = 200
NAME_END = " ·"
"""Ends a name that words follow in the same line."""
BRIEF = 48
"""Characters of a text or a name that are shown far from the view."""
UNSAID = ("covered", "secret")
"""States that are said otherwise."""
TICKS = ("checked", "unchecked", "mixed")
"""States that are drawn where the role is a box, and said of anything else."""
BOXES = ("checkbox", "menuitemcheckbox", "radio", "menuitemradio", "switch")
CELL_ROLES = ("gridcell", "columnheader", "rowheader")
MARKS = {"li": "- "} | {f"h{level}": "#" * level + " " for level in range(1, 10)}
"""What a line of a kind begins with."""

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line for somebody: no attribute of a page's begins one of ours."""
_NUMBER = re.compile(r"(-?\d+|[a-z]+|[A-Z]+)\.")
"""What an item of an ordered list begins with in place of a dash."""
_ABOUT_CELLS = re.compile(f" ?{CELL} ?")
_BEFORE_MARKS = re.compile(r" (?=[.,;:!?](?: |$))")


def line_text(line: Line, *, brief: bool = False) -> str:
    """One line of the page; `brief` leaves out what is only needed close by."""
    parts = _ended([_part(part, brief, line.kind == "row") for part in line.parts], line.parts)
    indent = "  " * max(0, line.depth - (line.kind == "li"))
    if line.kind == "row":
        return indent + _ABOUT_CELLS.sub(CELL, " ".join(parts))
    mark = "" if line.kind == "li" and _NUMBER.fullmatch(parts[0]) else MARKS.get(line.kind, "")
    return indent + mark + _BEFORE_MARKS.sub("", " ".join(parts))


def _ended(texts: Sequence[str], parts: Sequence[str | Element | Gap]) -> list[str]:
    """The texts of a line's parts, with a mark where the name of an element would run into the words after it."""
    ended = list(texts)
    for place, (part, after) in enumerate(zip(parts, parts[1:], strict=False)):
        if isinstance(part, Element) and isinstance(after, str) and after[:1].isalnum() and texts[place][-1:].isalnum():
            ended[place] += NAME_END
    return ended


def element_text(element: Element, *, brief: bool = False, in_row: bool = False) -> str:
    """An element with its reference, role, name, value and states; that it is a cell, its row says already."""
    cell = in_row and element.role in CELL_ROLES
    said = [element.ref] if cell else [element.ref, _role(element)]
    if element.name:
        said.append(_short(element.name) if brief else element.name)
    elif element.value is None and not cell and element.role != "map" and not element.drawn:
        said.append(_hint(element))
    if element.drawn and not brief:
        said.append(element.drawn)
    if element.value is not None:
        said.append(f'= "{_cut(_BREAKS.sub("⏎", element.value), VALUE_SHOWN)}"')
    hint = element.attributes.get("placeholder", "")
    if hint and not element.value and hint != element.name:
        said.append(f'hint "{hint}"')
    if element.options and not brief:
        said.append(_options(element.options))
    if "min" in element.attributes or "max" in element.attributes:
        said.append(f"[{element.attributes.get('min', '')}..{element.attributes.get('max', '')}]")
    unsaid = UNSAID + TICKS if element.role in BOXES else UNSAID
    states = [state for state in element.states if state not in unsaid]
    if element.cover:
        states.append(f"covered by {element.cover}")
    if states:
        said.append(f"({', '.join(states)})")
    return _BREAKS.sub(" ", " ".join(filter(None, said)))


def _part(part: str | Element | Gap, brief: bool, in_row: bool) -> str:
    match part:
        case str():
            return _short(_IMAGES.sub("", part)) if brief else part
        case Gap():
            return _gap_text(part)
        case _:
            return element_text(part, brief=brief, in_row=in_row)


def _hint(element: Element) -> str:
    """What somebody who wrote the page called an element that has no name."""
    given = element.attributes.get("id") or element.attributes.get("name") or element.attributes.get("class", "")
    href = element.attributes.get("href", "").rstrip("/").rpartition("/")[2]
    return f"({_short(given or href)})" if given or href else ""


def _short(text: str) -> str:
    return text if len(text) <= BRIEF + 8 else f"{text[:BRIEF].rstrip()}…"


def _gap_text(gap: Gap) -> str:
    more = f" with {gap.elements:,} element{'s' * (gap.elements != 1)}" if gap.elements else ""
    kind = gap.kind.removesuffix("s") if gap.parts == 1 else gap.kind
    said = f"… {gap.parts:,} more {kind}{more} {gap.where}; find(text) or read(offset)"
    if not gap.headings:
        return said
    top = min(level for level, _ in gap.headings)
    return "\n".join([f"{said}; headings:", *("  " * (level - top + 1) + text for level, text in gap.headings)])


def _role(element: Element) -> str:
    mark = "x" if "checked" in element.states else "-" if "mixed" in element.states else " "
    match element.role:
        case "checkbox" | "menuitemcheckbox":
            return f"[{mark}]"
        case "radio" | "menuitemradio":
            return f"({mark})"
        case "switch":
            return f"switch [{mark}]"
        case ("canvas" | "map") as role if element.box:
            return f"{role} {element.box.width:g}x{element.box.height:g}"
        case _ if "secret" in element.states:
            return "password"
        case "textbox" if element.tag == "textarea":
            return "textarea"
        case role:
            return role


_IMAGES = re.compile(r"\s*\(image: [^)]*\)\s*")


def _options(options: Sequence[str]) -> str:
    more = len(options) - OPTIONS_SHOWN
    shown = "; ".join(options if more <= 1 else options[:OPTIONS_SHOWN])
    return f"{{{shown}}}" if more <= 1 else f"{{{shown}; … {more} more}}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… {len(text) - most} more characters"
