"""A snapshot as the text that a model reads, within a budget. Pure.

One line an element or a text: `e12 button Sign in`, `e3 textbox Email = "anna@example.com"`, `e4 [x] Remember me`;
headings begin with `#`, list items with `-`, rows of tables stand between `|`.
"""

from collections.abc import Iterable, Sequence

from webhand.browser.observation import Element
from webhand.browser.snapshot import Line, Snapshot

CHARACTERS_PER_TOKEN = 3.6
"""Measured on pages in English with the o200k vocabulary; only for budgets, never for bills."""

OPTIONS_SHOWN = 12
VALUE_SHOWN = 200
UNSAID = ("checked", "unchecked", "mixed", "covered", "secret")
"""States that are drawn or said otherwise."""


def tokens(text: str) -> int:
    """An estimate of how many tokens a text is."""
    return round(len(text) / CHARACTERS_PER_TOKEN)


def page_text(page: Snapshot, budget: int) -> str:
    """The page's text, about `budget` tokens at the most.

    What is in view comes first when not everything fits; what is left out is counted.
    """
    lines = [(line, line_text(line)) for line in page.lines]
    room = int(budget * CHARACTERS_PER_TOKEN)
    if sum(len(text) + 1 for _, text in lines) <= room:
        return "\n".join(text for _, text in lines)
    return "\n".join(_within(lines, room))


def line_text(line: Line) -> str:
    """One line of the page."""
    parts = [_part(part) for part in line.parts]
    indent = "  " * max(0, line.depth - (line.kind == "li"))
    if line.kind == "row":
        cells = " ".join(parts)
        return f"{indent}| {cells} |"
    mark = {"li": "- ", "legend": "", "group": ""}.get(line.kind) or (
        "#" * int(line.kind[1]) + " " if line.kind[:1] == "h" else ""
    )
    return indent + mark + " ".join(parts)


def element_text(element: Element) -> str:
    """An element with its reference, role, name, value and states."""
    said = [element.ref, _role(element)]
    if element.name:
        said.append(element.name)
    if element.value is not None:
        said.append(f'= "{_cut(element.value.replace(chr(10), "⏎"), VALUE_SHOWN)}"')
    hint = element.attributes.get("placeholder", "")
    if hint and not element.value and hint != element.name:
        said.append(f'hint "{hint}"')
    if element.options:
        said.append(_options(element.options))
    if "min" in element.attributes or "max" in element.attributes:
        said.append(f"[{element.attributes.get('min', '')}..{element.attributes.get('max', '')}]")
    states = [state for state in element.states if state not in UNSAID]
    if element.cover:
        states.append(f"covered by {element.cover}")
    if states:
        said.append(f"({', '.join(states)})")
    return " ".join(said)


def _part(part: str | Element) -> str:
    return part if isinstance(part, str) else element_text(part)


def _role(element: Element) -> str:
    mark = "x" if "checked" in element.states else "-" if "mixed" in element.states else " "
    match element.role:
        case "checkbox" | "menuitemcheckbox":
            return f"[{mark}]"
        case "radio" | "menuitemradio":
            return f"({mark})"
        case "switch":
            return f"switch [{mark}]"
        case _ if "secret" in element.states:
            return "password"
        case role:
            return role


def _options(options: Sequence[str]) -> str:
    more = len(options) - OPTIONS_SHOWN
    shown = "; ".join(options if more <= 1 else options[:OPTIONS_SHOWN])
    return f"{{{shown}}}" if more <= 1 else f"{{{shown}; … {more} more}}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}… {len(text) - most} more characters"


def _within(lines: Sequence[tuple[Line, str]], room: int) -> Iterable[str]:
    """The lines in view, then their surroundings, nearest first, until the room is used up."""
    seen = [number for number, (line, _) in enumerate(lines) if line.in_view]
    first, last = (seen[0], seen[-1]) if seen else (0, 0)
    room -= 160  # for the two lines that say what is left out
    kept: set[int] = set()
    order = sorted(range(len(lines)), key=lambda number: (max(first - number, number - last, 0), number))
    for number in order:
        line, text = lines[number]
        if len(text) >= room and not kept:  # better the beginning of it than nothing
            lines = [*lines[:number], (line, _cut(text, max(room - 40, 0))), *lines[number + 1 :]]
            kept.add(number)
        room -= len(text) + 1
        if room < 0:
            break
        kept.add(number)
    begin, end = (min(kept), max(kept)) if kept else (0, -1)
    if left := _left_out(lines[:begin], "above"):
        yield left
    yield from (lines[number][1] for number in sorted(kept))
    if left := _left_out(lines[end + 1 :], "below"):
        yield left


def _left_out(lines: Sequence[tuple[Line, str]], where: str) -> str | None:
    if not lines:
        return None
    elements = sum(isinstance(part, Element) for line, _ in lines for part in line.parts)
    return f"… {len(lines):,} more lines with {elements:,} elements {where}: scroll, find(text) or read(offset)"
