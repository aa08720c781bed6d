"""Which actions there are and how a model asks for them."""

import asyncio
import enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, ValidationError

from webhand.browser import Browser, Tab
from webhand.controller import ActionContext, Controller
from webhand.controller.origin import origin_of
from webhand.errors import ConfigError

DEFAULT = {
    *("navigate", "search", "back", "forward", "reload", "click", "hover", "drag", "type", "press"),
    *("click_at", "hover_at", "drag_at", "select_text", "download", "save_pdf"),
    *("select", "check", "upload", "scroll", "find", "wait", "switch_tab", "close_tab", "read", "screenshot"),
    *("answer_dialog", "done", "extract", "save", "replace", "open_file"),
}


def test_the_default_actions() -> None:
    assert set(Controller().actions) >= DEFAULT
    assert "evaluate" not in Controller().actions


def test_some_or_without_some() -> None:
    assert list(Controller(only=["done", "click"]).actions) == ["click", "done"]
    assert set(Controller(without=["search"]).actions) == set(Controller().actions) - {"search"}
    with pytest.raises(ConfigError, match="there is no default action 'clik'; there are .*click"):
        Controller(only=["clik"])
    with pytest.raises(ConfigError, match="there is no default action 'evaluate'"):
        Controller(without=["evaluate"])
    assert list(Controller(only=["done"], also=["evaluate"]).actions) == ["done", "evaluate"]
    with pytest.raises(ConfigError, match="there is no action 'click' to have besides; there are evaluate"):
        Controller(also=["click"])
    with pytest.raises(ConfigError, match="no actions"):
        Controller(only=[]).schema()


def test_the_schema_is_any_of_objects_with_one_key() -> None:
    schema = Controller().schema()
    keyed = [schema["$defs"][one["$ref"].rpartition("/")[2]] for one in schema["anyOf"]]
    assert {key for one in keyed for key in one["properties"]} == set(Controller().actions)
    for one in keyed:
        assert one["required"] == list(one["properties"])
        assert len(one["required"]) == 1
        assert one["additionalProperties"] is False


def test_what_is_injected_is_not_in_the_schema() -> None:
    text = str(Controller().schema())
    assert "context" not in text
    assert set(Controller().actions["upload"].parameters.model_fields) == {"ref", "files"}
    assert Controller().actions["click"].signature == 'click(ref, button="left", count=1, modifiers?)'


@pytest.mark.parametrize(
    "call",
    [
        {"click": {"ref": "e1", "where": "left"}},
        {"click": {}},
        {"click": {"ref": "e1"}, "hover": {"ref": "e1"}},
        {"jump": {}},
        {},
    ],
)
def test_what_no_model_may_ask_for(call: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Controller().action_model().model_validate(call)


def test_an_own_action() -> None:
    class Colour(enum.Enum):
        RED = "red"

    class Address(BaseModel):
        street: str

    controller = Controller(only=["done"])

    @controller.action("Look an order up", approve=True, changes=False, origins=["https://shop.example"])
    async def order(
        number: Annotated[str, Field(description="as on the bill", pattern="^[0-9]+$")],
        tab: Tab,
        context: ActionContext,
        browser: Browser,
        to: Address,
        colour: Colour = Colour.RED,
        how: Literal["fast", "slow"] = "fast",
        schema: str | None = None,
        *,
        model_name: int = 1,
    ) -> str:
        return f"{number} {tab} {context} {browser} {to} {colour} {how} {schema} {model_name}"

    assert order
    action = controller.actions["order"]
    assert (action.description, action.approve, action.changes, action.terminates) == (
        "Look an order up",
        True,
        False,
        False,
    )
    assert action.origins == ("https://shop.example",)
    properties = action.parameters.model_json_schema()["properties"]
    assert set(properties) == {"number", "to", "colour", "how", "schema", "model_name"}
    assert properties["number"]["description"] == "as on the bill"
    controller.action_model().model_validate({"order": {"number": "12", "to": {"street": "x"}, "schema": "y"}})
    with pytest.raises(ValidationError):
        controller.action_model().model_validate({"order": {"number": "twelve", "to": {"street": "x"}}})


def test_an_own_action_takes_the_place_of_a_default_one_and_can_have_another_name() -> None:
    controller = Controller(only=["click"])

    @controller.action("Mine")
    async def click(ref: str) -> str:
        return ref

    @controller.action("Also mine", name="copy")
    async def other() -> None: ...

    assert click is not other
    assert controller.actions["click"].description == "Mine"
    assert list(controller.actions) == ["click", "copy"]
    assert controller.action_model().model_validate({"copy": {}})
    assert "copy" not in Controller().actions


async def _untyped(number) -> None: ...  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType]
async def _many(*numbers: int) -> None: ...
async def _named(**numbers: int) -> None: ...
async def _by_place(number: int, /) -> None: ...
async def _no_json(thread: asyncio.Task[None]) -> None: ...
async def _optional_tab(tab: Tab | None) -> None: ...
async def _unknown(number: "NoSuchType") -> None: ...  # pyright: ignore[reportUndefinedVariable, reportUnknownParameterType] # noqa: F821
async def _hidden(_number: int) -> None: ...
def _not_async(number: int) -> None: ...


FUNCTIONS: list[Any] = [_untyped, _many, _named, _by_place, _no_json, _optional_tab, _unknown, _hidden, _not_async]  # pyright: ignore[reportUnknownVariableType]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_that_can_be_no_action(function: Any) -> None:
    with pytest.raises(ConfigError, match="number|thread|tab|async|NoSuchType"):
        Controller().action("Not possible", name="mine")(function)


@pytest.mark.parametrize("name", ["", "my action", "my-action", "_mine", "1st", "schöner"])
def test_a_name_that_no_model_could_write(name: str) -> None:
    async def mine() -> None: ...

    with pytest.raises(ConfigError, match="an action cannot be called"):
        Controller().action("Mine", name=name or " ")(mine)


def test_done_with_an_output() -> None:
    class Price(BaseModel):
        amount: float

    model = Controller().action_model(Price)
    model.model_validate({"done": {"output": {"amount": 3}}})
    with pytest.raises(ValidationError):
        model.model_validate({"done": {"answer": "three"}})
    Controller().action_model().model_validate({"done": {"answer": "three"}})
    assert "done" not in Controller(without=["done"]).with_output(Price).actions


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://shop.example/a?b#c", "https://shop.example"),
        ("HTTPS://Shop.Example:443", "https://shop.example"),
        ("http://shop.example:80/", "http://shop.example"),
        ("http://shop.example:443/", "http://shop.example:443"),
        ("https://anna:secret@shop.example/", "https://shop.example"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
        ("about:blank", ""),
        ("data:text/html,x", ""),
        ("shop.example", ""),
        ("http://[", ""),
        ("http://a:port/", ""),
        ("http://a:99999/", ""),
        ("http://a:/", "http://a"),
        ("://", ""),
        ("http://evil.example\\@shop.example/", ""),
        ("http:\\\\evil.example/", ""),
        ("http://shop.example\\.evil.example/", ""),
        ("ht\ntp://shop.example/", ""),
        ("http://shop.example\t/", ""),
        ("http://evil.example\uff3c@shop.example/", "http://shop.example"),
        ("http://shop.example\u3002evil.example/", ""),
    ],
)
def test_the_origin_of_an_address(url: str, origin: str) -> None:
    assert origin_of(url) == origin


@given(st.text())
def test_any_text_has_an_origin_or_none(text: str) -> None:
    origin = origin_of(text)
    assert origin_of(origin) == origin
