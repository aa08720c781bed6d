"""The first page."""

from webhand.testing.shop.catalogue import catalogue
from webhand.testing.shop.markup import fill, joined
from webhand.testing.shop.message import Request, Response
from webhand.testing.shop.pages.layout import cards, page
from webhand.testing.shop.picture import picture
from webhand.testing.shop.session import Ledger


def home(request: Request, _: Ledger) -> Response:
    """Categories and a few favourites."""
    goods = catalogue()
    first = {category.slug: goods.products[number * 10] for number, category in enumerate(goods.categories)}
    tiles = joined(
        fill("tile", slug=category.slug, title=category.title, picture=picture(first[category.slug]))
        for category in goods.categories
    )
    liked = sorted((product for product in goods.products if product.in_stock), key=lambda product: -product.rating)
    return page(request, "Home", fill("home", tiles=tiles, cards=cards(tuple(liked[:4]))))
