"""What the tests of reading an answer share: the table of cases, its models, and what came of a call."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from webhand.errors import OutputInvalid, OutputTruncated, Refused
from webhand.llm.answer import parse_answer

TABLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "llm_malformed_cases.json").read_text(encoding="utf-8")
)
SCHEMAS: dict[str, dict[str, Any]] = {name: {"title": name, **schema} for name, schema in TABLE["schemas"].items()}
CHANNELS = ("content", "tool_arguments", "groq_failed_generation")
MEGABYTE = 1 << 20


class ClickParameters(BaseModel):
    index: int = Field(ge=0)
    new_tab: bool = False


class TypeParameters(BaseModel):
    index: int = Field(ge=0)
    text: str
    clear: bool = True


class NavigateParameters(BaseModel):
    url: str


class ScrollParameters(BaseModel):
    pixels: int
    down: bool = True


class WaitParameters(BaseModel):
    seconds: float = Field(ge=0)


class NoParameters(BaseModel):
    pass


class DoneParameters(BaseModel):
    text: str = ""
    success: bool = False


class Click(BaseModel):
    click: ClickParameters


class Type(BaseModel):
    type: TypeParameters


class Navigate(BaseModel):
    navigate: NavigateParameters


class Scroll(BaseModel):
    scroll: ScrollParameters


class Wait(BaseModel):
    wait: WaitParameters


class GoBack(BaseModel):
    go_back: NoParameters


class Done(BaseModel):
    done: DoneParameters


class Action(RootModel[Click | Type | Navigate | Scroll | Wait | GoBack | Done]):
    pass


class AgentStep(BaseModel):
    thought: str = ""
    memory: str = ""
    actions: list[Action] = Field(min_length=1, max_length=10)


class Seller(BaseModel):
    name: str
    rating: float = 0.0


class Product(BaseModel):
    title: str
    price: float | None
    in_stock: bool = False
    count: int = 0
    tags: list[str] = []
    seller: Seller = Seller(name="")


class Call(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": [key]} for key in ("input", "arguments", "properties")]}
    )

    input: str = ""
    arguments: dict[str, Any] = {}
    properties: list[str] = []

    @model_validator(mode="after")
    def _one_at_least(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("one of the fields is needed")
        return self


class Shelf(BaseModel):
    """Not the table's kind of thing: maps, unions, recursion, aliases, text."""

    words: dict[str, str] = {}
    counts: dict[str, int] = {}
    anything: dict[str, Any] = {}
    either: int | list[str] | Seller = 0
    by_kind: "Annotated[Cat | Dog, Field(discriminator='kind')] | None" = None
    level: Literal[1, 2] = 1
    pair: tuple[int, str] = (0, "")
    short: str = Field(default="", max_length=3, pattern="^[a-z]*$")
    renamed: str = Field(default="", alias="as")


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


class Tree(BaseModel):
    name: str
    below: "list[Tree] | Tree" = []


MODELS: dict[str, type[BaseModel]] = {"AgentStep": AgentStep, "Product": Product, "Call": Call}


def outcome(raw: object, schema: type[BaseModel] | dict[str, Any], channel: str = "content") -> dict[str, Any]:
    """What the table calls `expect`, of a call."""
    try:
        value = parse_answer(raw, schema, channel)
    except OutputTruncated:
        return {"error": "truncated"}
    except OutputInvalid as error:
        return {"error": str(error).split()[0]}
    except Refused:
        return {"error": "refused"}
    return {"ok": value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value}


STEP = '{"actions": [{"click": {"index": 5}}]}'


def quoted(text: str, times: int) -> str:
    for _ in range(times):
        text = json.dumps(text)
    return text
