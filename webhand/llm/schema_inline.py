"""Writing out definitions that are used but once, which is shorter than naming them. Pure."""

from collections import Counter
from typing import cast

from webhand.llm.json_value import Json, JsonObject
from webhand.llm.schema_size import DEFINITIONS, references


def inlined(schema: JsonObject) -> JsonObject:
    """The compiled schema with each definition that one place alone refers to in that place.

    Of the schema of a decision with thirty actions that is a third.
    """
    definitions = cast(JsonObject, schema.get("$defs", {}))
    uses = Counter(references(schema))
    once = {name for name in definitions if uses[name] == 1}

    def written(node: Json) -> Json:
        if isinstance(node, list):
            return [written(one) for one in node]
        if not isinstance(node, dict):
            return node
        name = _name(node)
        if name in once:
            return written(definitions[name])
        return {key: written(value) for key, value in node.items()}

    rest: JsonObject = {name: written(node) for name, node in definitions.items() if name not in once}
    root = cast(JsonObject, written({key: value for key, value in schema.items() if key != "$defs"}))
    return {**root, "$defs": rest} if rest else root


def _name(node: JsonObject) -> str:
    """The definition that a node is, "" where it is none but says something itself."""
    reference = node.get("$ref")
    return reference.removeprefix(DEFINITIONS) if isinstance(reference, str) and len(node) == 1 else ""
