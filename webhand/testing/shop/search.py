"""Finding products: what was asked for, and the page of the list that answers it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from webhand.testing.shop.catalogue import Product, catalogue
from webhand.testing.shop.fields import Fields

PER_PAGE = 12
SORTS: dict[str, tuple[str, Callable[[Product], Any]]] = {
    "ours": ("Our choice", lambda product: product.position),
    "cheap": ("Price low to high", lambda product: product.price),
    "dear": ("Price high to low", lambda product: -product.price),
    "rating": ("Best rating", lambda product: -product.rating),
    "name": ("Name", lambda product: product.name),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What a visitor asked for; values that make no sense count as not given."""

    text: str = ""
    categories: tuple[str, ...] = ()
    highest: Decimal | None = None
    in_stock: bool = False
    sort: str = "ours"
    page: int = 1

    @classmethod
    def of(cls, fields: Fields) -> "Query":
        """The query that an address holds."""
        known = {category.slug for category in catalogue().categories}
        sort = fields.first("sort")
        page = fields.first("page")
        return cls(
            text=fields.first("q").strip()[:100],
            categories=tuple(slug for slug in fields.all("category") if slug in known),
            highest=_price(fields.first("max")),
            in_stock=fields.first("in_stock") == "1",
            sort=sort if sort in SORTS else "ours",
            page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
        )

    def link(self, page: int) -> str:
        """The address of another page of the same list."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [("category", slug) for slug in self.categories]
        pairs += [("max", str(self.highest))] if self.highest is not None else []
        pairs += [("in_stock", "1")] if self.in_stock else []
        pairs += [("sort", self.sort)] if self.sort != "ours" else []
        return "/search?" + urlencode([*pairs, ("page", str(page))])

    def fits(self, product: Product) -> bool:
        """Whether a product answers the query."""
        return (
            _has_words(product, self.text)
            and (not self.categories or product.category.slug in self.categories)
            and (self.highest is None or product.price <= self.highest)
            and (not self.in_stock or product.in_stock)
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the products that answer `query`; `total` counts those of all pages."""

    query: Query
    products: tuple[Product, ...]
    total: int
    pages: int

    @classmethod
    def of(cls, query: Query) -> "Listing":
        """The page asked for, or the nearest one that exists."""
        found = sorted(filter(query.fits, catalogue().products), key=SORTS[query.sort][1])
        pages = max(1, -(-len(found) // PER_PAGE))
        page = min(max(query.page, 1), pages)
        shown = tuple(found[(page - 1) * PER_PAGE : page * PER_PAGE])
        return cls(replace(query, page=page), shown, len(found), pages)


def suggestions(text: str, limit: int = 6) -> tuple[Product, ...]:
    """Products with a word that begins as `text` does; none for an empty text."""
    start = text.strip().lower()
    if not start:
        return ()
    hits = [product for product in catalogue().products if f" {start}" in f" {product.name.lower()}"]
    return tuple(hits[:limit])


def _has_words(product: Product, text: str) -> bool:
    hay = f"{product.name} {product.category.title}".lower()
    return all(word.removesuffix("s") in hay for word in text.lower().split())


def _price(text: str) -> Decimal | None:
    try:
        price = Decimal(text[:12])
    except InvalidOperation:
        return None
    return price if price.is_finite() and price >= 0 else None
