"""Reading one JSON text: strictly by RFC 8259, or with the repairs that cannot change what it says. Pure.

A loop over tokens with a stack of its own, so that no input is too deep for it. What is repaired: raw control
characters in strings, one trailing comma, comments, True, False and None, strings in single or typographic quotes.
"""

import math
import re
from dataclasses import dataclass

from webhand.llm.json_value import MAX_LEVELS, Json, JsonObject, TooDeep, joined, same

_NUMBER = r"(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
_MARK = r"(?P<mark>[{}\[\]:,])"
_STRICT = re.compile(
    rf"""[ \t\n\r]*+(?:{_MARK}|(?P<string>"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*+")|{_NUMBER}"""
    r"|(?P<word>true|false|null))"
)
_LENIENT = re.compile(
    r"(?:[ \t\n\r]++|//[^\n\r]*+|/\*(?s:.*?)\*/)*+"
    rf"""(?:{_MARK}|(?P<string>"[^"\\]*+(?:\\(?s:.)[^"\\]*+)*+"|'[^'\\]*+(?:\\(?s:.)[^'\\]*+)*+'|“[^”]*+”)|{_NUMBER}"""
    r"|(?P<word>true|false|null|True|False|None))"
)
_STRICT_END = re.compile(r"[ \t\n\r]*+")
_LENIENT_END = re.compile(r"(?:[ \t\n\r]++|//[^\n\r]*+|/\*(?s:.*?)\*/)*+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(?s:(.?)))")
_ESCAPED = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, Json] = {"true": True, "True": True, "false": False, "False": False, "null": None, "None": None}


@dataclass(frozen=True)
class Parsed:
    """A value that was read; a wrapper, because None is a value too."""

    value: Json


class _Unreadable(Exception):
    """The text is no JSON, also after repairs."""


# What may come next; those up to _NEXT_ITEM take a value.
_VALUE, _FIRST_ITEM, _NEXT_ITEM, _FIRST_KEY, _NEXT_KEY, _COLON, _COMMA, _END = range(8)
_CLOSABLE = (_COMMA, _FIRST_ITEM, _FIRST_KEY)
_CLOSABLE_AFTER_COMMA = (*_CLOSABLE, _NEXT_ITEM, _NEXT_KEY)


def parse(text: str, *, repairs: bool) -> Parsed | None:
    """The value of the whole text, None where it is no JSON.

    Raises `TooDeep` at the 65th level, whatever follows.
    """
    try:
        return Parsed(_Reader(text, repairs).read())
    except _Unreadable:
        return None


class _Reader:
    """One text being read: the objects and lists that are open, and the keys whose values are awaited."""

    def __init__(self, text: str, repairs: bool) -> None:
        self._text = text
        self._repairs = repairs
        self._open: list[JsonObject | list[Json]] = []
        self._keys: list[str] = []
        self._want = _VALUE
        self._root: Json = None

    def read(self) -> Json:
        token, end = (_LENIENT, _LENIENT_END) if self._repairs else (_STRICT, _STRICT_END)
        position, take_mark, take_text = 0, self._mark, self._scalar
        while self._want != _END:
            found = token.match(self._text, position)
            if found is None:
                raise _Unreadable
            position = found.end()
            if found.lastindex == 1:
                take_mark(self._text[position - 1])
            else:
                take_text(found[found.lastindex or 0], found.lastgroup)
        if not end.fullmatch(self._text, position):
            raise _Unreadable
        return self._root

    def _scalar(self, token: str, group: str | None) -> None:
        if self._want <= _NEXT_ITEM:
            if group == "string":
                self._value(self._string(token))
            else:
                self._value(_number(token) if group == "number" else _WORDS[token])
        elif group == "string" and self._want <= _NEXT_KEY:
            self._keys.append(self._string(token))
            self._want = _COLON
        else:
            raise _Unreadable

    def _mark(self, mark: str) -> None:
        want = self._want
        if mark == "," and want == _COMMA:
            self._want = _NEXT_KEY if isinstance(self._open[-1], dict) else _NEXT_ITEM
        elif mark == ":" and want == _COLON:
            self._want = _VALUE
        elif mark in "{[" and want <= _NEXT_ITEM:
            if len(self._open) == MAX_LEVELS:
                raise TooDeep
            self._open.append({} if mark == "{" else [])
            self._want = _FIRST_KEY if mark == "{" else _FIRST_ITEM
        elif mark in "}]" and want in (_CLOSABLE_AFTER_COMMA if self._repairs else _CLOSABLE) and self._open:
            closed = self._open.pop()
            if isinstance(closed, dict) != (mark == "}"):
                raise _Unreadable
            self._value(closed)
        else:
            raise _Unreadable

    def _value(self, value: Json) -> None:
        """Put a complete value where it belongs."""
        if not self._open:
            self._root = value
            self._want = _END
            return
        self._want = _COMMA
        home = self._open[-1]
        if isinstance(home, list):
            home.append(value)
            return
        key = self._keys.pop()
        if key in home and not same(home[key], value):
            raise _Unreadable
        home[key] = value

    def _string(self, token: str) -> str:
        if "\\" not in token:
            return joined(token[1:-1])
        # Only these two kinds of quotes have the apostrophe as an escape.
        apostrophe = self._repairs and token[0] in "'\""

        def meant(escape: re.Match[str]) -> str:
            code, letter = escape.groups()
            if code:
                return chr(int(code, 16))
            if letter in _ESCAPED:
                return _ESCAPED[letter]
            if letter == "'" and apostrophe:
                return letter
            raise _Unreadable

        return joined(_ESCAPE.sub(meant, token[1:-1]))


def _number(token: str) -> int | float:
    number = float(token)
    if not math.isfinite(number):
        raise _Unreadable
    return int(token) if token.lstrip("-").isdecimal() else number
