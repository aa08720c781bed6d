"""Structured output: a pydantic model in, one of it out, whatever the model answers on the way."""

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import (
    AnyUrl,
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    SecretStr,
    computed_field,
    field_serializer,
    field_validator,
)

from tests.agent.conftest import Site, said
from webhand import Agent, Browser, Controller, Result, RunStore
from webhand.llm.scripted import ScriptedModel


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Price(BaseModel):
    amount: Decimal
    currency: str = "EUR"


class Product(BaseModel):
    name: str
    price: Price
    colours: list[Colour] = []
    sold_out: bool | None = None
    since: date | None = None
    link: AnyUrl | None = None


class Camel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    order_number: str = Field(alias="orderNumber")


class Area(BaseModel):
    model_config = ConfigDict(extra="forbid")

    width: int
    height: int

    @computed_field
    @property
    def area(self) -> int:
        return self.width * self.height


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: tuple[str, ...]


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]


class Names(RootModel[list[str]]):
    """A list by itself."""


class Shown(BaseModel):
    """Writes otherwise than it reads."""

    day: date
    number: int = Field(validation_alias="count", serialization_alias="Anzahl")
    inner: int = Field(exclude=True)
    word: SecretStr

    @field_serializer("day")
    def in_german(self, day: date) -> str:
        return day.strftime("%d.%m.%Y")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)

    day: date


class Amount(BaseModel):
    amount: Decimal

    @field_validator("amount", mode="before")
    @classmethod
    def without_dots(cls, value: str) -> str:
        return value.replace(".", "").replace(",", ".")


class Unwritable(BaseModel):
    number: int

    @field_serializer("number")
    def fail(self, number: int) -> str:
        raise ValueError(number)


class Even(BaseModel):
    number: int

    @field_validator("number")
    @classmethod
    def is_even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("only even numbers are taken")
        return value


SHAPES: dict[str, tuple[dict[str, Any] | list[Any], BaseModel]] = {
    "plain": (
        {"name": "Boots", "price": {"amount": "129.90"}},
        Product(name="Boots", price=Price(amount=Decimal("129.90"))),
    ),
    "everything": (
        {
            "name": "Boots",
            "price": {"amount": "99", "currency": "CHF"},
            "colours": ["red", "blue"],
            "sold_out": False,
            "since": "2026-02-28",
            "link": "https://shop.example/boots",
        },
        Product(
            name="Boots",
            price=Price(amount=Decimal(99), currency="CHF"),
            colours=[Colour.RED, Colour.BLUE],
            sold_out=False,
            since=date(2026, 2, 28),
            link=AnyUrl("https://shop.example/boots"),
        ),
    ),
    "nulls and an empty list": (
        {"name": "", "price": {"amount": "0"}, "colours": [], "sold_out": None},
        Product(name="", price=Price(amount=Decimal(0)), colours=[], sold_out=None),
    ),
    "an alias": ({"orderNumber": "A-1"}, Camel(orderNumber="A-1")),
    "a computed field": ({"width": 2, "height": 3}, Area(width=2, height=3)),
    "a tagged union": (
        {"pet": {"kind": "dog", "tricks": ["sit", "roll"]}},
        Owner(pet=Dog(kind="dog", tricks=("sit", "roll"))),
    ),
    "a model that writes otherwise than it reads": (
        {"day": "2026-05-31", "count": 3, "inner": 4, "word": "swordfish"},
        Shown.model_validate({"day": date(2026, 5, 31), "count": 3, "inner": 4, "word": "swordfish"}),
    ),
    "a model that takes a text for a date from JSON only": ({"day": "2026-05-31"}, Strict(day=date(2026, 5, 31))),
    "a model that reads an amount only once": ({"amount": "1.234,50"}, Amount.model_validate({"amount": "1234,50"})),
    "a model that cannot be written": ({"number": 3}, Unwritable(number=3)),
    "a list by itself": (["anna", "ben"], Names(["anna", "ben"])),
}


@pytest.mark.parametrize("name", SHAPES)
async def test_the_output_is_one_of_what_was_asked_for(
    name: str, site: Site, browser: Browser, store: RunStore
) -> None:
    given, expected = SHAPES[name]
    model = ScriptedModel([{"done": {"output": given}}])
    agent = Agent("Tell me", model, browser=browser, start_url=site.url, output=type(expected), store=store)
    result = await agent.run()
    assert result.status == "done", result.steps
    assert result.output == expected
    assert type(result.output) is type(expected)
    assert Result[Any].of(store.events(result.run_id), type(expected)) == result


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        pytest.param({"output": {"number": 7}}, "only even numbers are taken", id="a value that its validator refuses"),
        pytest.param({"output": {}}, "done.output: number is missing", id="a field missing"),
        pytest.param({"answer": "42"}, "done: output is missing", id="a text in place of the output"),
    ],
)
async def test_an_output_that_does_not_fit_goes_back_to_the_model(
    bad: dict[str, Any], told: str, site: Site, browser: Browser, store: RunStore
) -> None:
    model = ScriptedModel([{"done": bad}, {"done": {"output": {"number": 8}}}])
    result = await Agent("Count", model, browser=browser, start_url=site.url, output=Even, store=store).run()
    assert (result.status, result.output) == ("done", Even(number=8))
    assert result.steps[0].failed
    assert "OutputInvalid" in said(model.prompts[1])
    assert told in said(model.prompts[1])


class Tripping(BaseModel):
    """Its validator trips over what it did not expect."""

    price: str

    @field_validator("price")
    @classmethod
    def amount(cls, value: str) -> str:
        return value.split()[1]


async def test_an_output_that_its_validator_trips_over_goes_back_to_the_model(
    site: Site, browser: Browser, store: RunStore
) -> None:
    model = ScriptedModel([{"done": {"output": {"price": "30"}}}, {"done": {"output": {"price": "EUR 30"}}}])
    result = await Agent("Count", model, browser=browser, start_url=site.url, output=Tripping, store=store).run()
    assert (result.status, result.output) == ("done", Tripping(price="x 30"))
    assert "output: IndexError: list index out of range" in said(model.prompts[1])


async def test_an_output_that_never_fits_is_a_limit_and_none(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"done": {"output": {"number": odd}}} for odd in (1, 3, 5)])
    result = await Agent("Count", model, browser=browser, start_url=site.url, output=Even, store=store).run()
    assert (result.status, result.output, result.success) == ("limit", None, False)


async def test_an_output_can_come_with_a_denial(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"done": {"output": {"number": 0}, "success": False}}])
    result = await Agent("Count", model, browser=browser, start_url=site.url, output=Even, store=store).run()
    assert (result.status, result.success, result.output) == ("done", False, Even(number=0))


async def test_without_an_output_there_is_none(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"done": {"answer": "8"}}])
    result = await Agent("Count", model, browser=browser, start_url=site.url, store=store).run()
    assert (result.answer, result.output) == ("8", None)


class Row(BaseModel):
    number: int
    name: str
    price: Decimal | None = None


class Rows(BaseModel):
    rows: list[Row]


ALL = Rows(rows=[Row(number=n, name=f"Thing {n}", price=Decimal(n) / 4 if n % 3 else None) for n in range(500)])


async def test_a_list_of_500(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"done": {"output": ALL.model_dump(mode="json")}}])
    result = await Agent("List", model, browser=browser, start_url=site.url, output=Rows, store=store).run()
    assert result.output == ALL


async def test_a_list_gathered_over_many_pages_comes_from_a_file(site: Site, browser: Browser, store: RunStore) -> None:
    plain = [row.model_dump(mode="json") for row in ALL.rows]
    for page in range(10):
        rows = "".join(f"<tr><td>{row.number}<td>{row.name}<td>{row.price}" for row in ALL.rows[page * 50 :][:50])
        site.pages[f"/page{page}"] = f"<title>Page {page}</title><table>{rows}</table>"
    found = [json.dumps({"found": plain[page * 50 :][:50]}) for page in range(10)]
    collect: Any = {"extract": {"query": "all rows", "schema": {"type": "array", "items": {}}, "to": "rows.jsonl"}}
    steps: list[Any] = []
    for page in range(10):
        steps += [{"navigate": {"url": f"{site.url}page{page}"}}, collect]
    model = ScriptedModel([*steps, {"done_with_file": {"name": "rows.jsonl"}}], others=found)
    result = await Agent("List all", model, browser=browser, start_url=site.url, output=Rows, store=store).run()
    assert result.status == "done", result.steps[-1]
    assert result.success
    assert result.output == ALL
    assert len(json.dumps(model.prompts[-1][-1].text)) < 20_000, "the rows stand in the file, not in the prompt"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("rows.csv", "number,name,price\n1,Tea,2.50\n2,Salt,\n", ""),
        ("rows.json", '{"rows": [{"number": 1, "name": "Tea", "price": "2.50"}, {"number": 2, "name": "Salt"}]}', ""),
        ("rows.json", '[{"number": 1, "name": "Tea"}, {"number": "x"}]', "rows.1.number: Input should be a valid int"),
        ("rows.json", "1, 2", "rows.json holds no JSON: Extra data"),
        ("other.json", "[]", "there is no file rows.json"),
    ],
)
async def test_what_a_file_holds(
    name: str, content: str, told: str, site: Site, browser: Browser, store: RunStore
) -> None:
    save = {"save": {"name": name, "content": content}}
    asked = name.replace("other", "rows")
    model = ScriptedModel([save, {"done_with_file": {"name": asked}}, {"done": {"output": {"rows": []}}}])
    result = await Agent("List", model, browser=browser, start_url=site.url, output=Rows, store=store).run()
    if told:
        assert told in result.steps[1].results[0].text
    else:
        tea, salt = Row(number=1, name="Tea", price=Decimal("2.50")), Row(number=2, name="Salt")
        assert result.output == Rows(rows=[tea, salt])


def test_a_file_is_offered_where_there_are_lists() -> None:
    assert "done_with_file" in Controller().with_output(Rows).actions
    assert "done_with_file" not in Controller().with_output(Even).actions
    assert "done_with_file" not in Controller().actions
