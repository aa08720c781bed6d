"""A JSON schema made ready to be compared with values: references followed, unions spelt out. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from webhand.errors import InvalidSetting
from webhand.llm.json_value import Json, JsonObject
from webhand.llm.pointer import pointed_at

Kind = Literal["any", "never", "object", "array", "string", "integer", "number", "boolean", "null"]
_KINDS: frozenset[str] = frozenset(get_args(Kind))
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength")
_UNIONS = ("anyOf", "oneOf")
# What says nothing about the value, and so needs no copy of what a reference stands for.
_REMARKS = frozenset({"title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$defs"})


@dataclass(eq=False)
class Shape:
    """What is wanted in one place. It is compared by identity, because a recursive schema makes a ring of shapes.

    `choices` is a union and leaves all else to its members; `actions` maps the name of each action to its parameters
    where each member is an object of exactly one key. `extra` is the shape of keys that are not named, None where
    they are dropped.
    """

    kind: Kind = "any"
    choices: tuple["Shape", ...] = ()
    actions: Mapping[str, "Shape"] = field(default_factory=dict[str, "Shape"])
    properties: Mapping[str, "Shape"] = field(default_factory=dict[str, "Shape"])
    required: tuple[str, ...] = ()
    extra: "Shape | None" = None
    first_items: tuple["Shape", ...] = ()
    items: "Shape | None" = None
    min_items: int = 0
    max_items: int | None = None
    bounds: Mapping[str, float] = field(default_factory=dict[str, float])
    allowed: list[Json] | None = None

    def needs_nothing(self) -> bool:
        """Whether these parameters of an action may be left out altogether."""
        return self.kind == "object" and not self.required

    def is_map(self) -> bool:
        """Whether this is an object of free keys with values of one kind."""
        free = self.extra
        typed = free is not None and (free.kind != "any" or bool(free.choices) or free.allowed is not None)
        return self.kind == "object" and not self.properties and typed


ANYTHING = Shape()


def shape_of(schema: JsonObject) -> Shape:
    """The shape of a JSON schema; raises `InvalidSetting` for references that lead nowhere.

    Patterns, formats and the rarer keywords are not looked at: a pydantic model checks them itself.
    """
    return _Reading(schema).shape(schema)


def action_shapes(shape: Shape) -> Mapping[str, Shape]:
    """The actions that the schema of a whole answer offers in its `actions`, by name."""
    for member in (shape, *shape.choices):
        listed = member.properties.get("actions")
        if listed is not None and listed.items is not None and listed.items.actions:
            return listed.items.actions
    return {}


class _Reading:
    def __init__(self, root: JsonObject) -> None:
        self._root = root
        self._known: dict[int, tuple[Json, Shape]] = {}

    def shape(self, schema: Json) -> Shape:
        if not isinstance(schema, dict):
            return Shape("never") if schema is False else ANYTHING
        # The schema is kept beside its shape, so that its identity stays its own.
        known = self._known.get(id(schema))
        if known is None:
            known = self._known[id(schema)] = (schema, Shape())
            self._fill(known[1], self._whole(schema))
        return known[1]

    def _whole(self, schema: JsonObject) -> JsonObject:
        """The schema with its own reference and its `allOf` merged in."""
        seen: set[str] = set()
        while "$ref" in schema or "allOf" in schema:
            target: Json = schema.get("$ref")
            parts = [pointed_at(self._root, target)] if "$ref" in schema else _list(schema, "allOf")
            if "$ref" in schema:
                if str(target) in seen:
                    raise InvalidSetting(f"The schema's reference {target} leads back to itself")
                seen.add(str(target))
            own: JsonObject = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
            if "$ref" in schema and "allOf" in schema:
                own["allOf"] = schema["allOf"]
            for part in parts:
                own = _merged(part, own) if isinstance(part, dict) else own
            schema = own
        return schema

    def _fill(self, shape: Shape, schema: JsonObject) -> None:
        shape.allowed = _allowed(schema)
        members = list(_members(schema))
        if members:
            shape.choices = tuple(self.shape(member) for member in members)
            shape.actions = _actions(shape.choices)
            return
        shape.kind = _kind(schema)
        shape.bounds = {key: bound for key in _BOUNDS if (bound := _float(schema, key)) is not None}
        if shape.kind == "object":
            self._fill_object(shape, schema)
        elif shape.kind == "array":
            self._fill_array(shape, schema)

    def _fill_object(self, shape: Shape, schema: JsonObject) -> None:
        properties = schema.get("properties")
        named = properties if isinstance(properties, dict) else {}
        shape.properties = {name: self.shape(member) for name, member in named.items()}
        shape.required = tuple(name for name in _list(schema, "required") if isinstance(name, str))
        more = schema.get("additionalProperties", "properties" not in schema)
        patterned = schema.get("patternProperties")
        if isinstance(patterned, dict) and patterned:
            more = next(iter(patterned.values()))
        shape.extra = None if more is False else self.shape(more)
        listed = shape.properties.get("actions")
        if listed is not None and listed.kind == "array" and listed.items is not None and not listed.items.actions:
            # A union of a single action is written as that action alone.
            only = _actions((listed.items,))
            if all(parameters.kind == "object" for parameters in only.values()):
                listed.items = Shape(choices=(listed.items,), actions=only) if only else listed.items

    def _fill_array(self, shape: Shape, schema: JsonObject) -> None:
        shape.first_items = tuple(self.shape(item) for item in _list(schema, "prefixItems"))
        shape.items = self.shape(schema.get("items", True))
        shape.min_items = int(_float(schema, "minItems") or 0)
        most = _float(schema, "maxItems")
        shape.max_items = None if most is None else int(most)


def _members(schema: JsonObject) -> Iterator[JsonObject]:
    """The members of a union, each with what the schema says beside the union; a list of types is a union too."""
    union = next((key for key in _UNIONS if isinstance(schema.get(key), list)), None)
    if union is not None:
        beside: JsonObject = {key: value for key, value in schema.items() if key != union}
        only_remarks = beside.keys() <= _REMARKS | {"discriminator"}
        for member in _list(schema, union):
            if isinstance(member, dict):
                yield member if only_remarks else _merged(member, beside)
    elif isinstance(types := schema.get("type"), list):
        yield from ({**schema, "type": kind} for kind in types)


def _merged(inner: JsonObject, outer: JsonObject) -> JsonObject:
    """Both at once: properties and required keys of either, else the outer one's word."""
    if outer.keys() <= _REMARKS:
        return inner
    merged: JsonObject = {**inner, **outer}
    one, other = inner.get("properties"), outer.get("properties")
    if isinstance(one, dict) and isinstance(other, dict):
        merged["properties"] = {**one, **other}
    if "required" in inner and "required" in outer:
        merged["required"] = [*_list(inner, "required"), *_list(outer, "required")]
    return merged


def _actions(choices: tuple[Shape, ...]) -> Mapping[str, Shape]:
    actions: dict[str, Shape] = {}
    for choice in choices:
        name = next(iter(choice.properties), "")
        if choice.kind != "object" or choice.required != (name,) or len(choice.properties) != 1 or name in actions:
            return {}
        actions[name] = choice.properties[name]
    return actions


def _kind(schema: JsonObject) -> Kind:
    kind = schema.get("type")
    if isinstance(kind, str) and kind in _KINDS:
        return next(known for known in get_args(Kind) if known == kind)
    if "properties" in schema or "additionalProperties" in schema or "required" in schema:
        return "object"
    return "array" if "items" in schema or "prefixItems" in schema else "any"


def _allowed(schema: JsonObject) -> list[Json] | None:
    return [schema["const"]] if "const" in schema else _list(schema, "enum") if "enum" in schema else None


def _list(schema: JsonObject, key: str) -> list[Json]:
    value = schema.get(key)
    return value if isinstance(value, list) else []


def _float(schema: JsonObject, key: str) -> float | None:
    value = schema.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
