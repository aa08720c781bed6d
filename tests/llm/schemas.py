"""Models whose schemas the vendors differ in."""

from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, Field, RootModel

from webhand.llm.schema import Dialect

DIALECTS = get_args(Dialect)
STRICT = ("openai_strict", "anthropic", "bedrock")
T = TypeVar("T")


class Out(BaseModel, Generic[T]):
    value: T


class Foo(BaseModel):
    """A foo."""

    name: str


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"] = "dog"
    tricks: list[list[str]] = []


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Titled(BaseModel):
    title: str = Field(title="The title", description="Shown on top", examples=["x"])
    default: int = 3
    properties: list[str] = []


class Pets(BaseModel):
    pet: Pet
    pets: list[Pet] = []
    maybe: Pet | None = None


class Bounded(BaseModel):
    code: str = Field(pattern=r"^[a-z]+$", min_length=2, max_length=9)
    guarded: str = Field(default="a", json_schema_extra={"pattern": r"^(?!b)a"})
    size: int = Field(default=1, ge=1, le=9, multiple_of=2)
    above: float = Field(default=1.0, gt=0, lt=5)
    some: list[int] = Field(default=[1, 2], min_length=2, max_length=4)
    price: Decimal = Decimal(1)
    pair: tuple[int, str] = (1, "a")
    link: str = Field(default="", json_schema_extra={"format": "uri"})
    day: str = Field(default="", json_schema_extra={"format": "date"})


class Constants(BaseModel):
    one: Literal["a"]
    several: Literal["a", "b", 3, None] = "a"
    colour: Colour = Field(default=Colour.RED, description="Which one")
    nothing: None = None


class Maps(BaseModel):
    words: dict[str, str] = {}
    foos: dict[str, Foo] = Field(default={}, description="Foos by name")
    anything: dict[str, Any] = {}


class Foos(BaseModel):
    first: Foo
    other: Foo = Field(default=Foo(name="x"), description="Another one")
    third: Foo | None = None


class Click(BaseModel):
    class Parameters(BaseModel):
        ref: str
        new_tab: bool = False

    click: Parameters


class Finish(BaseModel):
    class Parameters(BaseModel):
        answer: str

    done: Parameters


class Action(RootModel[Click | Finish]):
    pass


class Decision(BaseModel):
    actions: list[Action] = Field(min_length=1, max_length=10)
    memory: str
    next_goal: str


class Tree(BaseModel):
    name: str
    left: "Tree | None" = None
    right: "Tree | None" = Field(default=None, description="On the right")


class Untyped(BaseModel):
    value: Any


NASTY = (Out[Foo], Titled, Pets, Bounded, Constants, Maps, Foos, Decision)
