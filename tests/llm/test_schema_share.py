"""What a schema says over and over, said once."""

from webhand.llm.json_value import JsonObject
from webhand.llm.schema_share import with_shared


def nullable(kind: str) -> JsonObject:
    return {"anyOf": [{"type": kind}, {"type": "null"}]}


def an_object(**fields: JsonObject) -> JsonObject:
    return {"type": "object", "properties": dict(fields)}


def test_what_stands_often_has_a_definition() -> None:
    schema = an_object(**{f"f{n}": nullable("string") for n in range(4)}, count=nullable("integer"))
    shared = with_shared(schema)
    assert shared["$defs"] == {"string": nullable("string")}
    names = {f"f{n}": {"$ref": "#/$defs/string"} for n in range(4)}
    assert shared["properties"] == {**names, "count": nullable("integer")}


def test_what_stands_seldom_stays() -> None:
    schema = an_object(**{f"f{n}": nullable("string") for n in range(3)})
    assert with_shared(schema) is schema


def test_a_name_that_is_taken_is_left_alone() -> None:
    schema = an_object(**{f"f{n}": nullable("string") for n in range(4)})
    schema["$defs"] = {"string": an_object()}
    assert with_shared(schema) == schema


def test_what_says_more_than_its_type_is_not_the_same() -> None:
    told: JsonObject = {"anyOf": [{"type": "string", "description": "a name"}, {"type": "null"}]}
    schema = an_object(**dict.fromkeys("abcd", told))
    assert with_shared(schema) == schema
