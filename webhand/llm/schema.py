"""Compiling a pydantic model's JSON schema for what a vendor takes. Pure."""

import copy
import json
import re
from functools import lru_cache
from typing import Any, cast

from pydantic import BaseModel

from webhand.errors import InvalidSetting, SchemaRefused
from webhand.llm.dialect import BOUNDS, RULES, Dialect, Rules
from webhand.llm.json_value import Json, JsonObject, same
from webhand.llm.pointer import pointed_at
from webhand.llm.schema_fit import fit_optionals
from webhand.llm.schema_inline import inlined
from webhand.llm.schema_share import with_shared
from webhand.llm.schema_size import DEFINITIONS, check_size, references, required_fields
from webhand.llm.schema_source import TYPED, free_values, is_typed, merged, model_schema, too_deep, union_of

__all__ = ["Dialect", "compile_schema", "model_schema", "schema_name"]

MOST_NODES = 50_000

_LOOKAROUND = re.compile(r"\(\?<?[=!]")
# The rest of what a schema may say beside a reference is dropped: titles, defaults, examples and the like.
_MEANINGFUL = TYPED | {"description", "items", "required", "additionalProperties", *BOUNDS}
_TYPES: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
_NULL: JsonObject = {"type": "null"}


def compile_schema(model: type[BaseModel], dialect: str) -> dict[str, Any]:
    """The JSON schema of a model in a dialect, a new copy each time.

    Free keys become lists of key and value in strict dialects, or JSON text where their values have no type; answers
    in these forms are read back by `parse_answer`. Raises `SchemaRefused` where the dialect cannot say what the model
    wants or limits the size below it, and `InvalidSetting` for an unknown dialect.
    """
    if dialect not in RULES:
        raise InvalidSetting(f"{dialect!r} is no schema dialect; choose one of {', '.join(RULES)}")
    try:
        return copy.deepcopy(_compiled(model, dialect))
    except RecursionError:
        raise too_deep(model) from None


def schema_name(model: type[BaseModel]) -> str:
    """The model's name in the characters that vendors take: letters, digits, `_` and `-`, at most 64."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", model.__name__).strip("_")[:64] or "output"


@lru_cache(maxsize=128)
def _compiled(model: type[BaseModel], dialect: str) -> JsonObject:
    return _Compiler(model_schema(model), RULES[dialect], model.__name__, dialect).compile()


class _Compiler:
    def __init__(self, root: JsonObject, rules: Rules, name: str, dialect: str) -> None:
        self._root = root
        self._rules = rules
        self._name = name
        self._dialect = dialect
        self._definitions: JsonObject = {}
        self._inlining: list[str] = []
        self._nodes = 0

    def compile(self) -> JsonObject:
        source = self._root
        while isinstance(reference := source.get("$ref"), str):
            source = self._target(reference)
        compiled = _actions_last(self._node(source, self._name))
        if self._rules.object_root and compiled.get("type") != "object":
            raise self._refused("is no object at the root", "put it into a model with one field")
        if self._definitions:
            compiled["$defs"] = self._definitions
        if not self._rules.recursion:
            self._check_recursion()
        fit_optionals(compiled, self._rules.limits.optionals)
        check_size(compiled, self._rules.limits, self._name)
        compiled = inlined(compiled)
        return with_shared(compiled) if self._rules.shared else compiled

    def _node(self, schema: Json, path: str) -> JsonObject:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._refused("is too large when it is written out", "use fewer or smaller models in it")
        if not isinstance(schema, dict) or not schema.keys() & TYPED:
            return self._untyped(schema, path)
        if "$ref" in schema:
            return self._reference(schema, path)
        if "allOf" in schema:
            return self._node(merged(schema, self._target), path)
        members = union_of(schema)
        if members:
            return self._union(members, schema, path)
        if "const" in schema or "enum" in schema:
            return self._literal(schema)
        match schema.get("type"):
            case list(kinds):
                return self._union([{**schema, "type": kind} for kind in kinds], {}, path)
            case "array":
                return self._array(schema, path)
            case "object" | None:
                return self._object(schema, path)
            case _:
                return self._described(schema, {"type": schema["type"]})

    def _untyped(self, schema: Json, path: str) -> JsonObject:
        if self._rules.strict:
            raise self._refused(f"says no type for {path}", "give the field a type other than Any")
        return self._described(schema, {}) if isinstance(schema, dict) else {}

    def _reference(self, schema: JsonObject, path: str) -> JsonObject:
        reference = str(schema["$ref"])
        beside: JsonObject = {key: value for key, value in schema.items() if key in _MEANINGFUL and key != "$ref"}
        known = reference.startswith(DEFINITIONS)
        if reference in self._inlining:
            if self._rules.inline or not known:
                raise self._refused(f"leads back to itself at {path}", "use a model that does not contain itself")
            beside = {}
        if self._rules.inline or beside or not known:
            self._inlining.append(reference)
            inlined = self._node({**self._target(reference), **beside}, path)
            self._inlining.pop()
            return inlined
        name = reference.removeprefix(DEFINITIONS)
        if name not in self._definitions:
            self._definitions[name] = {}
            self._definitions[name] = self._node(self._target(reference), name)
        return {"$ref": reference}

    def _union(self, members: list[Json], schema: JsonObject, path: str) -> JsonObject:
        compiled: list[Json] = []
        for member in members:
            node = self._node(member, path)
            if not any(same(node, other) for other in compiled):
                compiled.append(node)
        return self._described(schema, {"anyOf": compiled} if len(compiled) > 1 else cast(JsonObject, compiled[0]))

    def _literal(self, schema: JsonObject) -> JsonObject:
        """Constants and enums, each with its type; those of several types become a union."""
        listed = schema.get("enum")
        values = [schema["const"]] if "const" in schema else listed if isinstance(listed, list) else []
        by_type: dict[str, list[Json]] = {}
        for value in values:
            by_type.setdefault(_TYPES.get(type(value), "string"), []).append(value)
        members: list[Json] = []
        for kind, constants in by_type.items():
            if kind == "null":
                members.append({"type": kind})
            elif self._rules.constants and "const" in schema:
                members.append({"type": kind, "const": constants[0]})
            else:
                members.append({"type": kind, "enum": constants})
        return self._described(schema, {"anyOf": members} if len(members) > 1 else cast(JsonObject, members[0]))

    def _object(self, schema: JsonObject, path: str) -> JsonObject:
        properties = schema.get("properties")
        free = free_values(schema)
        if free is not None and self._rules.strict and not properties:
            return self._map(schema, free, path)
        named = properties if isinstance(properties, dict) else {}
        required = {name for name in required_fields(schema) if isinstance(name, str)}
        members: JsonObject = {}
        for name, member in named.items():
            node = self._node(member, f"{path}.{name}")
            members[name] = _nullable(node) if self._rules.all_required and name not in required else node
        compiled: JsonObject = {"type": "object", "properties": members}
        compiled["required"] = [name for name in members if self._rules.all_required or name in required]
        compiled["additionalProperties"] = False
        if free is not None and not self._rules.strict:
            compiled["additionalProperties"] = self._node(free, path) if is_typed(free) else True
        return self._described(schema, compiled)

    def _map(self, schema: JsonObject, values: Json, path: str) -> JsonObject:
        """Free keys for a dialect that knows none: a list of pairs, or JSON text where values have no type."""
        if not is_typed(values):
            return _noted(schema, {"type": "string"}, "a JSON object, written as text")
        pair: JsonObject = {
            "type": "object",
            "properties": {"key": {"type": "string"}, "value": self._node(values, f"{path}.*")},
            "required": ["key", "value"],
            "additionalProperties": False,
        }
        return self._described(schema, {"type": "array", "items": pair})

    def _array(self, schema: JsonObject, path: str) -> JsonObject:
        places = schema.get("prefixItems")
        if not isinstance(places, list):
            return self._described(schema, {"type": "array", "items": self._node(schema.get("items"), f"{path}[]")})
        if self._rules.tuples:
            nodes: list[Json] = [self._node(place, f"{path}[{number}]") for number, place in enumerate(places)]
            return self._described(schema, {"type": "array", "prefixItems": nodes})
        any_place = self._union(places, {}, f"{path}[]") if places else self._node({"type": "string"}, path)
        return self._described(schema, {"type": "array", "items": any_place})

    def _described(self, schema: JsonObject, compiled: JsonObject) -> JsonObject:
        """The compiled schema with the description and bounds of its source; what is not known goes into words."""
        told: list[str] = []
        for bound in BOUNDS:
            if bound not in schema:
                continue
            if self._knows(bound, schema[bound]):
                compiled[bound] = schema[bound]
            else:
                told.append(f"{bound}: {json.dumps(schema[bound], ensure_ascii=False)}")
        return _noted(schema, compiled, "; ".join(told))

    def _knows(self, bound: str, value: Json) -> bool:
        if bound == "format":
            return value in self._rules.formats
        if bound == "pattern" and _LOOKAROUND.search(str(value)):
            return False
        most = self._rules.most_min_items
        if bound == "minItems" and most is not None and isinstance(value, int) and value > most:
            return False
        return bound in self._rules.bounds

    def _target(self, reference: str) -> JsonObject:
        target = pointed_at(self._root, reference)
        return target if isinstance(target, dict) else {}

    def _check_recursion(self) -> None:
        done: set[str] = set()
        for name in self._definitions:
            self._visit(name, (), done)

    def _visit(self, name: str, above: tuple[str, ...], done: set[str]) -> None:
        if name in above:
            raise self._refused(f"contains {name} in itself", "use a model that does not contain itself")
        if name not in done:
            for reference in references(cast(JsonObject, self._definitions[name])):
                self._visit(reference, (*above, name), done)
            done.add(name)

    def _refused(self, what: str, remedy: str) -> SchemaRefused:
        return SchemaRefused(f"The schema of {self._name} {what}, which {self._dialect} does not take: {remedy}")


def _actions_last(root: JsonObject) -> JsonObject:
    """Models write in the order of the schema: what they think comes before what they do."""
    properties, required = root.get("properties"), root.get("required")
    if isinstance(properties, dict) and "actions" in properties:
        root["properties"] = dict(sorted(properties.items(), key=lambda member: member[0] == "actions"))
        if isinstance(required, list):
            root["required"] = sorted(required, key=lambda name: name == "actions")
    return root


def _nullable(node: JsonObject) -> JsonObject:
    members = node.get("anyOf")
    if isinstance(members, list):
        return node if _NULL in members else {**node, "anyOf": [*members, dict(_NULL)]}
    if node.get("type") == "null":
        return node
    inner: JsonObject = {key: value for key, value in node.items() if key != "description"}
    described: JsonObject = {"description": node["description"]} if "description" in node else {}
    return {**described, "anyOf": [inner, dict(_NULL)]}


def _noted(schema: JsonObject, compiled: JsonObject, note: str) -> JsonObject:
    said = schema.get("description", compiled.get("description"))
    text = " ".join(part for part in (str(said) if said else "", f"({note})" if note else "") if part)
    return {**compiled, "description": text} if text else compiled
