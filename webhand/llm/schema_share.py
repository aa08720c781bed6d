"""What a compiled schema says over and over, said once: it is sent with every call. Pure."""

import json
from collections import Counter
from typing import cast

from webhand.llm.json_value import Json, JsonObject
from webhand.llm.schema_size import DEFINITIONS, nodes

OFTEN = 4
"""Times from which on a definition is shorter than what it stands for."""
NULL: JsonObject = {"type": "null"}


def with_shared(schema: JsonObject) -> JsonObject:
    """The schema with one definition in place of each nullable plain type, and of objects without fields."""
    count = Counter(map(_written, filter(_short, nodes(schema))))
    known = schema.get("$defs")
    names = _names(count, known if isinstance(known, dict) else {})
    if not names:
        return schema
    shared = cast("JsonObject", _replaced(schema, names, top=True))
    defined = cast("JsonObject", shared.get("$defs", {}))
    shared["$defs"] = defined | {name: json.loads(written) for written, name in names.items()}
    return shared


def _names(count: Counter[str], taken: JsonObject) -> dict[str, str]:
    often = [written for written, times in count.items() if times >= OFTEN]
    names = {written: _kind(json.loads(written)) for written in often}
    return {written: name for written, name in names.items() if name not in taken}


def _kind(schema: JsonObject) -> str:
    return str(cast("list[JsonObject]", schema["anyOf"])[0]["type"])


def _short(node: JsonObject) -> bool:
    """Whether a schema says nothing but a plain type or null."""
    match node:
        case {"anyOf": [{"type": str()} as plain, last]}:
            return len(node) == len(plain) == 1 and last == NULL
        case _:
            return False


def _replaced(node: Json, names: dict[str, str], *, top: bool = False) -> Json:
    match node:
        case dict():
            if not top and (name := names.get(_written(node))):
                return {"$ref": DEFINITIONS + name}
            return {key: _replaced(inner, names) for key, inner in node.items()}
        case list():
            return [_replaced(inner, names) for inner in node]
        case _:
            return node


def _written(node: JsonObject) -> str:
    return json.dumps(node, sort_keys=True)
