"""Plain JSON values: their type, how deep they may be, when two are the same, how they are shown."""

import json
import math
import re
from collections.abc import Mapping
from typing import cast

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]

MAX_LEVELS = 64
LONGEST_SHOWN = 60

_SURROGATE = re.compile("[\ud800-\udfff]")


class TooDeep(Exception):
    """More than `MAX_LEVELS` objects and lists are open at once."""


class NotPlain(Exception):
    """A value that is no JSON: an object of some class, NaN, a key that is no text."""


def plain(value: object, level: int = 0) -> Json:
    """A copy of a decoded value that is certain to be JSON; raises `NotPlain` or `TooDeep`."""
    if isinstance(value, str):
        return joined(value)
    if value is None or (isinstance(value, int | float) and is_finite(value)):
        return value
    if not isinstance(value, Mapping | list | tuple):
        raise NotPlain(f"a {type(value).__name__} is no JSON value, or out of range")
    if level == MAX_LEVELS:
        raise TooDeep
    if isinstance(value, Mapping):
        members = cast(Mapping[object, object], value).items()
        return {_key(key): plain(member, level + 1) for key, member in members}
    return [plain(item, level + 1) for item in cast(list[object], value)]


def is_finite(value: str | int | float) -> bool:
    """Whether a number, or what is written as one, is within what JSON numbers usually hold."""
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def joined(text: str) -> str:
    """The text with pairs of surrogates joined and lone ones replaced, so that it can be written anywhere."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def same(one: Json, other: Json) -> bool:
    """Whether two values say the same: 1 is 1.0, but never true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def kind_of(value: Json) -> str:
    """The JSON type of a value; a whole number is an integer only where it is written as one."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"


def shown(value: Json) -> str:
    """The value in a few characters, for the text of an error."""
    if isinstance(value, dict | list) and value:
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, str):
        value = value[: LONGEST_SHOWN + 1]
    return _clipped(json.dumps(value, ensure_ascii=False))


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotPlain(f"a key is a {type(key).__name__} and no text")
    return joined(key)


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."
