"""What models put around the answer they were asked for: a list of one, a key, the form of a tool call. Pure."""

from webhand.llm.json_value import Json, JsonObject

DEEPEST = 3

_KEYS = frozenset({"properties", "arguments", "parameters", "input", "output", "result", "response", "data"})
_NAMES = frozenset({"name", "tool"})
_ARGUMENTS = frozenset({"arguments", "parameters", "input"})
_IGNORED = frozenset({"id", "type"})


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
