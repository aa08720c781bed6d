"""What models put around the answer they were asked for: a list of one, a key, the form of a tool call. Pure."""

from collections.abc import Set

from webhand.llm.json_value import Json, JsonObject

DEEPEST = 3

_KEYS = frozenset({"properties", "arguments", "parameters", "input", "output", "result", "response", "data"})
_NAMES = frozenset({"name", "tool"})
_ARGUMENTS = frozenset({"arguments", "parameters", "input"})
_IGNORED = frozenset({"id", "type"})
_CALLED_WITH = frozenset({"arguments", "parameters"})


class NotWrapped(Exception):
    """There is nothing around the value that could be taken off."""


def unwrapped(value: Json, names: frozenset[str]) -> Json:
    """What is inside one wrapper; `names` are the lower-case names of the schema. Raises `NotWrapped`."""
    match value:
        case [dict() as only]:
            return only
        case {"tool_calls": [call], **rest} if not rest:
            return call
        case dict():
            return _inside(value, names)
        case _:
            raise NotWrapped


def called(value: Json, tool: str, fields: Set[str]) -> JsonObject | str | None:
    """The arguments of a call of this tool, None where the value is none.

    `fields` are those that the arguments have: an object that has them itself is no call.
    """
    match value:
        case [only]:
            value = only
        case _:
            pass
    match value:
        case {"tool_calls": [call], **rest} if not rest:
            value = call
        case {"tool_call": call, **rest} if not rest:
            value = call
        case _:
            pass
    if not isinstance(value, dict):
        return None
    if isinstance(function := value.get("function"), dict):
        value = {key: member for key, member in value.items() if key != "function"} | function
    said = value.keys() - _IGNORED
    arguments = said & _CALLED_WITH
    if value.get("name") != tool or len(said) != 2 or len(arguments) != 1 or arguments <= fields:
        return None
    given = value[arguments.pop()]
    return given if isinstance(given, dict | str) else None


def _inside(value: JsonObject, names: frozenset[str]) -> Json:
    if len(value) == 1:
        ((key, member),) = value.items()
        if key in _KEYS or key.casefold() in names:
            return member
    function = value.get("function")
    if isinstance(function, dict) and value.keys() - _IGNORED == {"function"}:
        value = function
    said = value.keys() - _IGNORED
    name, arguments = said & _NAMES, said & _ARGUMENTS
    if len(said) == 2 and len(name) == len(arguments) == 1 and isinstance(value[name.pop()], str):
        return value[arguments.pop()]
    raise NotWrapped
