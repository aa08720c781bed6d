"""Finding JSON in a text of prose, fences and markup. Pure.

One pass from left to right: what stands inside a candidate is never looked at as another one, and nothing that the
model did not finish is closed for it.
"""

import re

from webhand.llm.json_value import MAX_LEVELS, TooDeep

_OPENING = re.compile(r"""\{(?=\s*+["'“}/])|\[(?=\s*+[{\[])""")
_INSIDE = re.compile(
    r"""
    "[^"\\]*+(?:\\(?s:.)[^"\\]*+)*+"
    | '[^'\\]*+(?:\\(?s:.)[^'\\]*+)*+'
    | “[^”]*+”
    | //[^\n\r]*+
    | /\*(?s:.*?)\*/
    | ([{}\[\]])
    | (["'“]|/\*)
    """,
    re.VERBOSE,
)
_CLOSING = {"{": "}", "[": "]"}


class Cut(Exception):
    """The text ends inside a value."""


def candidates(text: str, *, begins: bool = False) -> list[str]:
    """The complete objects and lists in a text, in their order.

    `begins` says that the first character is known to open one. Raises `Cut` where the text ends inside one and
    `TooDeep` where one has more than 64 levels.
    """
    found: list[str] = []
    start = 0 if begins else _next(text, 0)
    while start is not None:
        end, balanced = _end(text, start)
        if balanced:
            found.append(text[start:end])
        start = _next(text, end)
    return found


def _next(text: str, position: int) -> int | None:
    opening = _OPENING.search(text, position)
    return opening and opening.start()


def _end(text: str, start: int) -> tuple[int, bool]:
    """Where the candidate ends, and whether at its matching bracket."""
    awaited: list[str] = []
    for piece in _INSIDE.finditer(text, start):
        bracket, unfinished = piece.groups()
        if unfinished:
            raise Cut
        if bracket is None:
            continue
        if bracket in _CLOSING:
            awaited.append(_CLOSING[bracket])
            if len(awaited) > MAX_LEVELS:
                raise TooDeep
        elif bracket != awaited.pop():
            return piece.end(), False
        elif not awaited:
            return piece.end(), True
    raise Cut
