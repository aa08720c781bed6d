"""Plain JSON values: what an event may hold, checked before it is written."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import cast

from webhand.errors import StoreError

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

_DEPTH = 100
_INTEGER_BITS = 13_000  # Python reads back no integer of more than 4,300 digits


def encode(data: Mapping[str, object]) -> str:
    """`data` as JSON text that can always be written as UTF-8.

    Tuples become lists, halves of surrogate pairs that stand alone U+FFFD. Raises StoreError, which names the place,
    for whatever JSON does not know.
    """
    return json.dumps(_plain(data, "data", 0), ensure_ascii=False, separators=(",", ":"))


def clean(text: str) -> str:
    """`text` as valid Unicode: lone halves of surrogate pairs are replaced by U+FFFD, whole pairs joined."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _plain(value: object, place: str, depth: int) -> Plain:
    if depth > _DEPTH:
        raise StoreError(f"{place[:80]}... is nested deeper than {_DEPTH} levels and cannot be kept in an event")
    match value:
        case None | bool():
            return value
        case str():
            return clean(value)
        case int() if value.bit_length() <= _INTEGER_BITS:
            return value
        case float() if math.isfinite(value):
            return value
        case list() | tuple():
            items = cast("Sequence[object]", value)
            return [_plain(item, f"{place}[{index}]", depth + 1) for index, item in enumerate(items)]
        case Mapping():
            entries = cast("Mapping[object, object]", value)
            keyed = [(_key(key, place), item) for key, item in entries.items()]
            return {key: _plain(item, _inside(place, key), depth + 1) for key, item in keyed}
        case _:
            raise StoreError(f"{place} is {_told(value)}; an event holds plain JSON values only")


def _key(key: object, place: str) -> str:
    if isinstance(key, str):
        return clean(key)
    raise StoreError(f"{place} has a key that is {_told(key)}; an event's keys are text")


def _inside(place: str, key: str) -> str:
    return f"{place}.{key}" if key.isidentifier() else f"{place}[{key!r}]"


def _told(value: object) -> str:
    if isinstance(value, float):
        return f"the number {value}"
    if isinstance(value, int) and value.bit_length() > _INTEGER_BITS:
        return "a number of thousands of digits"
    return f"of type {type(value).__name__}"
