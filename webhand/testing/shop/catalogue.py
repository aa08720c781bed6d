"""What the shop sells: sixty products in six categories, the same on every start."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from zlib import crc32

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of product; `tone` is the background of its pictures."""

    slug: str
    title: str
    tone: str
    sizes: tuple[str, ...]
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One thing for sale: `price` in pounds, `rating` of 5, `position` in the shop's own order."""

    slug: str
    name: str
    category: Category
    price: Decimal
    text: str
    stock: int
    rating: float
    votes: int
    position: int

    @property
    def in_stock(self) -> bool:
        """Whether it can be bought."""
        return self.stock > 0

    @property
    def url(self) -> str:
        """The path of its page."""
        return f"/product/{self.slug}"


class _CategoryRow(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str
    title: str
    tone: str
    sizes: tuple[str, ...]
    colours: tuple[str, ...]
    products: tuple[tuple[str, Decimal, str], ...]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    palette: dict[str, str]
    category: tuple[_CategoryRow, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything for sale; `palette` has the colours' names and their values in CSS."""

    categories: tuple[Category, ...]
    products: tuple[Product, ...]
    palette: dict[str, str]

    def find(self, slug: str) -> Product | None:
        """The product of this name in addresses, or None."""
        return next((product for product in self.products if product.slug == slug), None)

    def others(self, product: Product, count: int) -> tuple[Product, ...]:
        """The next products of the same category."""
        row = [other for other in self.products if other.category == product.category]
        start = row.index(product) + 1
        return tuple((row[start:] + row[: start - 1])[:count])


@cache
def catalogue() -> Catalogue:
    """The catalogue, read once from the table in the package."""
    source = files("webhand.testing.shop").joinpath("catalogue.toml").read_text("utf-8")
    table = _Table.model_validate(tomllib.loads(source))
    categories: list[Category] = []
    products: list[Product] = []
    for row in table.category:
        category = Category(row.slug, row.title, row.tone, row.sizes, row.colours)
        categories.append(category)
        for name, price, text in row.products:
            products.append(_product(category, name, price, text, len(products)))
    return Catalogue(tuple(categories), tuple(products), table.palette)


def _product(category: Category, name: str, price: Decimal, text: str, position: int) -> Product:
    slug = name.lower().replace(" ", "-")
    chance = crc32(slug.encode())
    return Product(
        slug=slug,
        name=name,
        category=category,
        price=price,
        text=text,
        stock=chance % 9 * 2,
        rating=(32 + chance // 9 % 18) / 10,
        votes=chance // 200 % 180 + 4,
        position=position,
    )
