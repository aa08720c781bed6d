"""Reading the JSON schema that pydantic makes of a model. Pure."""

from typing import Any, cast

from pydantic import BaseModel
from pydantic.errors import PydanticUserError

from webhand.errors import InvalidSetting, SchemaRefused
from webhand.llm.json_value import Json, JsonObject

# The keywords that say what kind of value is meant.
TYPED = frozenset({"type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const", "properties"})


def model_schema(model: type[BaseModel]) -> JsonObject:
    """The JSON schema as pydantic gives it; raises `InvalidSetting` where the model has none."""
    try:
        return cast(JsonObject, model.model_json_schema())
    except PydanticUserError as error:
        reason = str(error).splitlines()[0]
        raise InvalidSetting(f"{model.__name__} cannot be asked for, it has no JSON schema: {reason}") from None
    except RecursionError:
        raise too_deep(model) from None


def too_deep(model: type[BaseModel]) -> SchemaRefused:
    """The error for a model with so many levels that its schema cannot be walked."""
    return SchemaRefused(f"{model.__name__} has too many levels for any vendor; make it flatter")


def merged(schema: JsonObject, target: Any) -> JsonObject:
    """The schema with the members of its `allOf` as part of itself."""
    merged: JsonObject = {key: value for key, value in schema.items() if key != "allOf"}
    listed = schema["allOf"]
    for member in listed if isinstance(listed, list) else []:
        if not isinstance(member, dict):
            continue
        reference = member.get("$ref")
        whole = {**target(reference), **member} if isinstance(reference, str) else dict(member)
        whole.pop("$ref", None)
        for key, value in whole.items():
            mine = merged.get(key)
            if isinstance(mine, dict) and isinstance(value, dict):
                merged[key] = {**value, **mine}
            elif isinstance(mine, list) and isinstance(value, list):
                merged[key] = [*value, *mine]
            else:
                merged.setdefault(key, value)
    return merged


def union_of(schema: JsonObject) -> list[Json] | None:
    """The members of a union; one that only says which properties go together is no union of forms."""
    for key in ("anyOf", "oneOf"):
        members = schema.get(key)
        if isinstance(members, list) and "properties" not in schema:
            return members
    return None


def free_values(schema: JsonObject) -> Json:
    """The schema of keys that are not named, None where there are none."""
    patterned = schema.get("patternProperties")
    if isinstance(patterned, dict) and patterned:
        return next(iter(patterned.values()))
    free = schema.get("additionalProperties", "properties" not in schema)
    return None if free is False else free


def is_typed(schema: Json) -> bool:
    """Whether a schema says anything about the value."""
    return isinstance(schema, dict) and bool(schema.keys() & TYPED)
