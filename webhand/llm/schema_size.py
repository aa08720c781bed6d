"""How large a compiled schema is, and whether a dialect takes that. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from webhand.errors import SchemaRefused
from webhand.llm.dialect import Limits
from webhand.llm.json_value import Json, JsonObject

DEFINITIONS = "#/$defs/"
"""What references begin with: definitions stand at the root."""

_LONG_ENUM = 250
_REMEDY = {
    "properties": "ask for fewer fields",
    "levels of objects": "make the model flatter",
    "characters of names and constants": "shorten names and enums",
    "enum values": "shorten the enums, or take a plain text",
    "optional fields": "make fields required, or ask by a tool without a strict schema",
    "unions": "use fewer unions and nullable fields, or ask by a tool without a strict schema",
    "characters in one long enum": "shorten the enum, or take a plain text",
}


@dataclass
class _Size:
    properties: int = 0
    characters: int = 0
    enum_values: int = 0
    optionals: int = 0
    unions: int = 0
    long_enum_characters: int = 0


def check_size(schema: JsonObject, limits: Limits, name: str) -> None:
    """Raises `SchemaRefused`, which says the limit and what to do, where the schema is too large."""
    size = _Size()
    for node in nodes(schema):
        _count(node, size)
    size.characters += sum(len(definition) for definition in _object(schema, "$defs"))
    found = {
        "properties": (size.properties, limits.properties),
        "levels of objects": (_levels(schema, _object(schema, "$defs"), {}), limits.levels),
        "characters of names and constants": (size.characters, limits.characters),
        "enum values": (size.enum_values, limits.enum_values),
        "optional fields": (size.optionals, limits.optionals),
        "unions": (size.unions, limits.unions),
        "characters in one long enum": (size.long_enum_characters, limits.long_enum_characters),
    }
    for what, (count, most) in found.items():
        if most is not None and count > most:
            raise SchemaRefused(f"The schema of {name} has {count} {what}, at most {most} are taken: {_REMEDY[what]}")


def children(node: JsonObject) -> Iterator[JsonObject]:
    """The schemas directly inside a compiled one, definitions left out."""
    members: list[Json] = [*_object(node, "properties").values(), node.get("items"), node.get("additionalProperties")]
    for key in ("anyOf", "prefixItems"):
        several = node.get(key)
        members += several if isinstance(several, list) else []
    for member in members:
        if isinstance(member, dict):
            yield member


def optional_fields(node: JsonObject) -> dict[str, JsonObject]:
    """The properties of an object's schema that may be left out."""
    wanted = {name for name in required_fields(node) if isinstance(name, str)}
    properties = _object(node, "properties").items()
    return {name: member for name, member in properties if name not in wanted and isinstance(member, dict)}


def required_fields(node: JsonObject) -> list[Json]:
    """The names of those that may not be left out."""
    required = node.get("required")
    return required if isinstance(required, list) else []


def nodes(schema: JsonObject) -> Iterator[JsonObject]:
    """All schemas in a compiled one, its definitions among them."""
    waiting: list[Json] = [schema, *_object(schema, "$defs").values()]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(children(node))


def references(schema: JsonObject) -> Iterator[str]:
    """The names of the definitions that a compiled schema refers to, each as often as it does."""
    for node in nodes(schema):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.removeprefix(DEFINITIONS)


def _count(node: JsonObject, size: _Size) -> None:
    properties, values = _object(node, "properties"), node.get("enum")
    size.properties += len(properties)
    size.characters += sum(map(len, properties))
    size.optionals += len(optional_fields(node))
    size.unions += "anyOf" in node
    constant = node.get("const")
    size.characters += len(constant) if isinstance(constant, str) else 0
    if isinstance(values, list):
        characters = sum(len(value) for value in values if isinstance(value, str))
        size.enum_values += len(values)
        size.characters += characters
        if len(values) > _LONG_ENUM:
            size.long_enum_characters = max(size.long_enum_characters, characters)


def _levels(node: JsonObject, definitions: JsonObject, known: dict[str, int]) -> int:
    """How deep objects stand in each other; a recursive definition counts once."""
    reference = node.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        definition = definitions.get(name)
        if name not in known and isinstance(definition, dict):
            known[name] = 0
            known[name] = _levels(definition, definitions, known)
        return known.get(name, 0)
    deepest = max((_levels(child, definitions, known) for child in children(node)), default=0)
    return deepest + (node.get("type") == "object")


def _object(node: JsonObject, key: str) -> JsonObject:
    value = node.get(key)
    return value if isinstance(value, dict) else {}
