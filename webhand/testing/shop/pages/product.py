"""A product's page and its order form."""

from webhand.testing.shop.cart import MOST_OF_ONE, Line
from webhand.testing.shop.catalogue import Product, catalogue
from webhand.testing.shop.fields import Fields
from webhand.testing.shop.markup import Markup, fill, flag, joined, pounds
from webhand.testing.shop.message import Refusal, Request, Response
from webhand.testing.shop.pages.layout import cards, errors_of, options, page, stars, stock
from webhand.testing.shop.picture import picture
from webhand.testing.shop.session import Ledger


def product(request: Request, _: Ledger) -> Response:
    """The product with its options."""
    return product_page(request, wanted(request.arguments["slug"]), Fields(), {})


def wanted(slug: str) -> Product:
    """The product of this name in addresses; a Refusal with 404 if there is none."""
    found = catalogue().find(slug)
    if found is None:
        raise Refusal(404, "We do not sell such a thing.")
    return found


def line_of(item: Product, form: Fields) -> tuple[Line | None, dict[str, str]]:
    """The line that a sent form asks for, or None and a sentence for each field that has to be mended."""
    size, colour, text = form.first("size"), form.first("colour"), form.first("quantity").strip()
    most = min(item.stock, MOST_OF_ONE)
    errors: dict[str, str] = {}
    if size not in item.category.sizes:
        errors["size"] = "Choose a size."
    if colour not in item.category.colours:
        errors["colour"] = "Choose a colour."
    quantity = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not item.in_stock:
        errors["quantity"] = "This product is out of stock."
    elif not 1 <= quantity <= most:
        errors["quantity"] = f"Enter a number from 1 to {most}."
    if errors:
        return None, errors
    return Line(item.slug, item.name, size, colour, item.price, quantity), {}


def product_page(request: Request, item: Product, form: Fields, errors: dict[str, str]) -> Response:
    """The page with what was chosen and what has to be mended."""
    main = fill(
        "product",
        name=item.name,
        slug=item.slug,
        text=item.text,
        category=item.category.title,
        category_slug=item.category.slug,
        picture=picture(item),
        price=pounds(item.price),
        stars=stars(item),
        stock=stock(item),
        token=request.session.token,
        size=_size(item, form, errors),
        colours=_colours(item, form),
        colour_error=errors_of("colour", errors)["error"],
        quantity=form.first("quantity", "1"),
        quantity_invalid=errors_of("quantity", errors)["invalid"],
        quantity_error=errors_of("quantity", errors)["error"],
        most=min(item.stock, MOST_OF_ONE),
        disabled=flag("disabled", not item.in_stock),
        button="Add to cart" if item.in_stock else "Out of stock",
        others=cards(catalogue().others(item, 4)),
    )
    return page(request, item.name, main, 422 if errors else 200)


def _size(item: Product, form: Fields, errors: dict[str, str]) -> Markup:
    return fill(
        "size",
        options=options(item.category.sizes, form.first("size"), "Choose a size"),
        **errors_of("size", errors),
    )


def _colours(item: Product, form: Fields) -> Markup:
    return joined(
        fill(
            "colour",
            number=number,
            name=name,
            value=catalogue().palette[name],
            checked=flag("checked", form.first("colour") == name),
        )
        for number, name in enumerate(item.category.colours)
    )
