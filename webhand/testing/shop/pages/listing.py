"""The list of products with its filters, and the suggestions of the search box."""

from webhand.testing.shop.catalogue import catalogue
from webhand.testing.shop.markup import Markup, fill, flag, joined
from webhand.testing.shop.message import Request, Response, data
from webhand.testing.shop.pages.layout import cards, page
from webhand.testing.shop.search import SORTS, Listing, Query, suggestions
from webhand.testing.shop.session import Ledger


def search(request: Request, _: Ledger) -> Response:
    """One page of the products that answer the query."""
    listing = Listing.of(Query.of(request.query))
    query = listing.query
    heading = f"Results for “{query.text}”" if query.text else "All products"
    main = fill(
        "listing",
        heading=heading,
        count=_count(listing),
        filters=_filters(query),
        cards=cards(listing.products) if listing.products else Markup('<li class="empty">Nothing fits. Try less.</li>'),
        pages=_pages(listing),
    )
    return page(request, heading, main)


def suggest(request: Request, _: Ledger) -> Response:
    """Products whose names fit what is being typed, for the script of the search box."""
    found = suggestions(request.query.first("q"))
    return data([{"name": item.name, "kind": item.category.title, "url": item.url} for item in found])


def _count(listing: Listing) -> str:
    noun = "product" if listing.total == 1 else "products"
    more = f", page {listing.query.page} of {listing.pages}" if listing.pages > 1 else ""
    return f"{listing.total} {noun}{more}"


def _filters(query: Query) -> Markup:
    boxes = joined(
        fill(
            "filter_category",
            slug=category.slug,
            title=category.title,
            checked=flag("checked", category.slug in query.categories),
        )
        for category in catalogue().categories
    )
    sorts = joined(
        fill("option", value=slug, text=title, selected=flag("selected", slug == query.sort))
        for slug, (title, _) in SORTS.items()
    )
    return fill(
        "filters",
        query=query.text,
        boxes=boxes,
        sorts=sorts,
        highest="" if query.highest is None else query.highest,
        in_stock=flag("checked", query.in_stock),
    )


def _pages(listing: Listing) -> Markup:
    if listing.pages == 1:
        return Markup("")
    now, last = listing.query.page, listing.pages
    numbers = joined(
        fill("page_link", url=listing.query.link(number), number=number, current=_current(number == now))
        for number in range(1, last + 1)
    )
    before = _step(listing.query, now - 1, "Previous page") if now > 1 else Markup("")
    after = _step(listing.query, now + 1, "Next page") if now < last else Markup("")
    return fill("pages", before=before, numbers=numbers, after=after)


def _step(query: Query, number: int, text: str) -> Markup:
    return fill("page_step", url=query.link(number), text=text)


def _current(on: bool) -> Markup:
    return Markup(' aria-current="page"' if on else "")
