"""Schemas that a dialect cannot hold are refused before they are sent."""

from collections.abc import Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field, RootModel, create_model

from tests.llm.schemas import STRICT, Cat, Decision, Dog, Foo, Untyped
from webhand.errors import InvalidSetting, SchemaRefused
from webhand.llm.dialect import RULES
from webhand.llm.schema import compile_schema


@pytest.mark.parametrize("dialect", STRICT)
@pytest.mark.parametrize("model", [RootModel[list[int]], RootModel[Cat | Dog], RootModel[dict[str, int]]], ids=str)
def test_a_root_that_is_no_object_is_refused(model: type[BaseModel], dialect: str) -> None:
    with pytest.raises(SchemaRefused, match="one field"):
        compile_schema(model, dialect)


@pytest.mark.parametrize("dialect", STRICT)
def test_what_has_no_type_is_refused(dialect: str) -> None:
    with pytest.raises(SchemaRefused, match=r"Untyped\.value"):
        compile_schema(Untyped, dialect)
    with pytest.raises(SchemaRefused, match="no type"):
        compile_schema(create_model("Listed", values=(list[Any], ...)), dialect)


def nested(levels: int) -> type[BaseModel]:
    model = create_model("Level0", name=(str, ...))
    for level in range(1, levels):
        model = create_model(f"Level{level}", inner=(model, ...))
    return model


def with_fields(count: int, kind: Any, default: Any) -> type[BaseModel]:
    fields: dict[str, Any] = {f"f{number}": (kind, default) for number in range(count)}
    return create_model("Wide", **fields)


def with_enum(count: int, length: int) -> type[BaseModel]:
    values: Any = [f"{number:0{length}}" for number in range(count)]
    return create_model("Chosen", value=(Annotated[str, Field(json_schema_extra={"enum": values})], ...))


@pytest.mark.parametrize(
    ("dialect", "fits", "large", "limit"),
    [
        ("openai_strict", nested(10), nested(11), "levels of objects, at most 10"),
        ("openai_strict", with_fields(5_000, int, ...), with_fields(5_001, int, ...), "properties, at most 5000"),
        ("openai_strict", with_enum(1_000, 4), with_enum(1_001, 4), "enum values, at most 1000"),
        (
            "openai_strict",
            with_enum(250, 400),
            with_enum(250, 500),
            "characters of names and constants, at most 120000",
        ),
        ("openai_strict", with_enum(251, 59), with_enum(251, 60), "characters in one long enum, at most 15000"),
        *(
            (dialect, *of)
            for dialect in ("anthropic", "bedrock")
            for of in (
                (with_fields(24, str, ""), with_fields(25, str, ""), "optional fields, at most 24"),
                (with_fields(16, int | None, ...), with_fields(17, int | None, ...), "unions, at most 16"),
            )
        ),
    ],
)
def test_limits_are_known_here_already(dialect: str, fits: type[BaseModel], large: type[BaseModel], limit: str) -> None:
    assert compile_schema(fits, dialect)["type"] == "object"
    with pytest.raises(SchemaRefused, match=limit):
        compile_schema(large, dialect)


def test_a_schema_that_explodes_when_written_out_is_refused() -> None:
    model = create_model("Leaf", name=(str, ...))
    for level in range(20):
        model = create_model(f"Twice{level}", one=(model, ...), two=(model, ...))
    with pytest.raises(SchemaRefused, match="too large"):
        compile_schema(model, "plain_inlined")


class Name(str):
    """A field's name that counts how often it is compared with another one."""

    compared = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        Name.compared += 1
        return str.__eq__(self, other)


class Wide(BaseModel):
    @classmethod
    def model_json_schema(cls, *arguments: Any, **named: Any) -> dict[str, Any]:
        names = range(300)
        properties = {Name(f"f{number}"): {"type": "integer"} for number in names}
        return {"type": "object", "properties": properties, "required": [Name(f"f{number}") for number in names]}


@pytest.mark.parametrize("dialect", RULES)
def test_the_work_grows_with_the_number_of_fields_and_not_with_its_square(dialect: str) -> None:
    Name.compared = 0
    assert len(compile_schema(Wide, dialect)["properties"]) == 300
    assert Name.compared < 20 * 300


def test_each_caller_gets_a_copy() -> None:
    first = compile_schema(Decision, "gemini")
    first["properties"].clear()
    assert compile_schema(Decision, "gemini")["properties"]


def test_an_unknown_dialect_is_the_callers_error() -> None:
    with pytest.raises(InvalidSetting, match="openai_strict"):
        compile_schema(Foo, "klingon")


def test_a_model_without_a_schema_is_the_callers_error() -> None:
    class Calls(BaseModel):
        back: Callable[[], int]

    with pytest.raises(InvalidSetting, match="Calls"):
        compile_schema(Calls, "gemini")
