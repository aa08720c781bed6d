"""What the compiled schemas hold and leave out, dialect by dialect, over models that are hard to say."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from pydantic import BaseModel, create_model

from tests.llm.schemas import (
    DIALECTS,
    NASTY,
    STRICT,
    Bounded,
    Constants,
    Decision,
    Foo,
    Foos,
    Maps,
    Out,
    Pets,
    Titled,
    Tree,
)
from webhand.agent.config import AgentConfig
from webhand.agent.decision import answer_model
from webhand.controller import Controller
from webhand.errors import SchemaRefused
from webhand.llm.answer import parse_answer
from webhand.llm.schema import compile_schema, schema_name


def nodes(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All schemas in a schema; the keys of `properties` and `$defs` are names and no keywords."""
    yield schema
    inside: list[Any] = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    inside += [*schema.get("anyOf", []), *schema.get("prefixItems", [])]
    inside += [schema.get("items"), schema.get("additionalProperties")]
    for one in inside:
        if isinstance(one, dict):
            yield from nodes(cast(dict[str, Any], one))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("model", NASTY, ids=schema_name)
def test_no_dialect_gets_what_vendors_refuse(model: type[BaseModel], dialect: str) -> None:
    schema = compile_schema(model, dialect)
    assert schema["type"] == "object"
    for node in nodes(schema):
        for keyword in ("oneOf", "allOf", "discriminator", "default", "title", "examples", "patternProperties", "not"):
            assert keyword not in node
        assert "$ref" not in node or node.keys() == {"$ref"}
        if node.get("type") == "object":
            assert list(node["required"]) == [name for name in node["properties"] if name in node["required"]]
    references = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert references == set(schema.get("$defs", {}))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_all_actions_together_stay_within_what_vendors_take(dialect: str) -> None:
    schema = compile_schema(answer_model(Controller(), AgentConfig()), dialect)
    written = json.dumps(schema)
    for keyword in ("oneOf", "allOf", "discriminator", "default", "title", "const" if dialect == "gemini" else "not"):
        assert f'"{keyword}":' not in written
    found = list(nodes(schema))
    assert sum("anyOf" in node for node in found) <= 16 or dialect == "openai_strict"
    assert len(written) < 12_000
    if dialect in ("anthropic", "bedrock"):
        objects = [node for node in found if node.get("type") == "object"]
        assert sum(len(node["properties"]) - len(node["required"]) for node in objects) <= 24


@pytest.mark.parametrize("dialect", STRICT)
@pytest.mark.parametrize("model", NASTY, ids=schema_name)
def test_strict_objects_are_closed(model: type[BaseModel], dialect: str) -> None:
    for node in nodes(compile_schema(model, dialect)):
        assert node.keys() & {"type", "anyOf", "$ref"}
        if node.get("type") == "object":
            assert node["additionalProperties"] is False
            if dialect == "openai_strict":
                assert node["required"] == list(node["properties"])
        if node.get("type") == "array":
            assert node["items"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_property_named_title_survives(dialect: str) -> None:
    properties = compile_schema(Titled, dialect)["properties"]
    assert list(properties) == ["title", "default", "properties"]
    assert properties["title"] == {"type": "string", "description": "Shown on top"}


def test_optional_is_null_in_the_strictest_dialect_only() -> None:
    strict, other = compile_schema(Titled, "openai_strict"), compile_schema(Titled, "anthropic")
    assert strict["properties"]["default"] == {"anyOf": [{"type": "integer"}, {"type": "null"}]}
    assert (other["properties"]["default"], other["required"]) == ({"type": "integer"}, ["title"])


def test_null_in_place_of_an_optional_is_its_default() -> None:
    class Defaults(BaseModel):
        a: int
        b: int = 7

    assert compile_schema(Defaults, "openai_strict")["required"] == ["a", "b"]
    assert parse_answer('{"a":1,"b":null}', Defaults) == Defaults(a=1, b=7)


@pytest.mark.parametrize(
    ("model", "name"), [(Out[Foo], "Out_Foo"), (create_model("é" * 3), "output"), (create_model("x" * 99), "x" * 64)]
)
def test_names_are_made_of_what_vendors_take(model: type[BaseModel], name: str) -> None:
    assert schema_name(model) == name
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", schema_name(model))


def test_discriminated_unions_become_plain_ones() -> None:
    schema = compile_schema(Pets, "openai_strict")
    either = [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}]
    assert schema["properties"]["pet"] == {"anyOf": either}
    assert schema["$defs"]["Cat"]["properties"]["kind"] == {"type": "string", "const": "cat"}


def test_constants_become_enums_where_they_are_not_known() -> None:
    for dialect in ("gemini", "plain_inlined"):
        properties = compile_schema(Constants, dialect)["properties"]
        assert properties["one"] == {"type": "string", "enum": ["a"]}
        assert properties["nothing"] == {"type": "null"}
        assert properties["several"]["anyOf"] == [
            {"type": "string", "enum": ["a", "b"]},
            {"type": "integer", "enum": [3]},
            {"type": "null"},
        ]


def test_a_reference_with_more_beside_it_is_written_out() -> None:
    schema = compile_schema(Foos, "anthropic")
    assert schema["properties"]["first"] == {"$ref": "#/$defs/Foo"}
    other = schema["properties"]["other"]
    assert (other["description"], other["properties"]) == ("Another one", {"name": {"type": "string"}})


def test_one_dialect_gets_no_references_at_all() -> None:
    for model in NASTY:
        assert "$ref" not in json.dumps(compile_schema(model, "plain_inlined"))


@pytest.mark.parametrize("dialect", ["openai_strict", "gemini"])
def test_recursion_is_kept_where_it_is_known(dialect: str) -> None:
    schema = compile_schema(Tree, dialect)
    assert (schema["type"], list(schema["$defs"])) == ("object", ["Tree"])
    assert {"$ref": "#/$defs/Tree"} in schema["properties"]["left"]["anyOf"]


@pytest.mark.parametrize("dialect", ["anthropic", "bedrock", "plain_inlined"])
def test_recursion_is_refused_elsewhere(dialect: str) -> None:
    with pytest.raises(SchemaRefused, match="Tree.*itself"):
        compile_schema(Tree, dialect)


@pytest.mark.parametrize(
    ("dialect", "name", "kept", "told"),
    [
        ("openai_strict", "code", {"pattern"}, {"minLength", "maxLength"}),
        ("openai_strict", "guarded", set[str](), {"pattern"}),
        ("openai_strict", "size", {"minimum", "maximum", "multipleOf"}, set[str]()),
        ("openai_strict", "link", set[str](), {"format"}),
        ("openai_strict", "day", {"format"}, set[str]()),
        ("openai_strict", "some", {"minItems", "maxItems"}, set[str]()),
        ("anthropic", "code", set[str](), {"pattern", "minLength", "maxLength"}),
        ("anthropic", "size", set[str](), {"minimum", "maximum", "multipleOf"}),
        ("anthropic", "some", set[str](), {"minItems", "maxItems"}),
        ("anthropic", "link", {"format"}, set[str]()),
        ("gemini", "size", {"minimum", "maximum"}, {"multipleOf"}),
        ("gemini", "above", set[str](), {"exclusiveMinimum", "exclusiveMaximum"}),
        ("gemini", "day", set[str](), {"format"}),
        ("plain_inlined", "code", {"minLength", "maxLength"}, {"pattern"}),
    ],
)
def test_bounds_are_kept_or_told(dialect: str, name: str, kept: set[str], told: set[str]) -> None:
    node = compile_schema(Bounded, dialect)["properties"][name]
    described = str(node.get("description", ""))
    inner = node["anyOf"][0] if "anyOf" in node else node
    assert {key for key in kept | told if key in inner} == kept
    assert {key for key in kept | told if f"{key}: " in described} == told


def test_tuples_are_lists_unless_places_are_known() -> None:
    either = {"anyOf": [{"type": "integer"}, {"type": "string"}]}
    assert compile_schema(Bounded, "plain_inlined")["properties"]["pair"]["items"] == either
    gemini = compile_schema(Bounded, "gemini")["properties"]["pair"]
    assert gemini["prefixItems"] == [{"type": "integer"}, {"type": "string"}]


@pytest.mark.parametrize("dialect", STRICT)
def test_free_keys_are_pairs_or_text_in_strict_dialects_and_read_back(dialect: str) -> None:
    properties = compile_schema(Maps, dialect)["properties"]
    words, anything = (next(iter(node.get("anyOf", [node]))) for node in (properties["words"], properties["anything"]))
    assert words["type"] == "array"
    assert words["items"]["properties"] == {"key": {"type": "string"}, "value": {"type": "string"}}
    assert anything["type"] == "string"
    answer = '{"words": [{"key": "a", "value": "b"}], "foos": null, "anything": "{\\"x\\": [1]}"}'
    assert parse_answer(answer, Maps) == Maps(words={"a": "b"}, anything={"x": [1]})


@pytest.mark.parametrize("dialect", ["gemini", "plain_inlined"])
def test_free_keys_are_free_elsewhere(dialect: str) -> None:
    properties = compile_schema(Maps, dialect)["properties"]
    assert properties["words"]["additionalProperties"] == {"type": "string"}
    assert properties["anything"]["additionalProperties"] is True


def test_thoughts_come_before_actions() -> None:
    for dialect in DIALECTS:
        schema = compile_schema(Decision, dialect)
        assert list(schema["properties"]) == schema["required"] == ["memory", "next_goal", "actions"]


def test_actions_stay_keyed() -> None:
    items = compile_schema(Decision, "plain_inlined")["properties"]["actions"]["items"]
    assert [branch["required"] for branch in items["anyOf"]] == [["click"], ["done"]]
    assert items["anyOf"][0]["properties"]["click"]["required"] == ["ref"]
