"""What all pages share: header, cart drawer, footer, and the small pieces that lists are made of."""

from webhand.testing.shop.catalogue import Product
from webhand.testing.shop.markup import Markup, fill, flag, joined, pounds
from webhand.testing.shop.message import Request, Response, html
from webhand.testing.shop.picture import picture
from webhand.testing.shop.session import Session


def page(request: Request, title: str, main: Markup, status: int = 200) -> Response:
    """A whole page around its main part."""
    session = request.session
    drawer = Markup("") if request.path == "/cart" else fill("drawer", cart=cart_view(session))
    return html(
        fill(
            "layout",
            title=title,
            main=main,
            account=_account(request),
            count=session.cart.count,
            query=request.query.first("q") if request.path == "/search" else "",
            delivery=_current(request, "/delivery"),
            reviews=_current(request, "/reviews"),
            drawer=drawer,
        ),
        status,
    )


def frame(title: str, main: Markup) -> Response:
    """A small page without header and footer, to be shown in a frame."""
    return html(fill("frame", title=title, main=main))


def cards(products: tuple[Product, ...]) -> Markup:
    """Products as list items with picture, name, price and rating."""
    return joined(fill("card", **_card(product)) for product in products)


def stars(product: Product) -> Markup:
    """The rating as stars with a text for those who cannot see them."""
    return fill("stars", rating=product.rating, votes=product.votes)


def stock(product: Product) -> Markup:
    """How many there are, in words."""
    if not product.in_stock:
        return Markup('<span class="stock stock-none">Out of stock</span>')
    if product.stock < 5:
        return Markup(f'<span class="stock stock-few">Only {product.stock} left</span>')
    return Markup('<span class="stock">In stock</span>')


def cart_view(session: Session, note: str = "") -> Markup:
    """The cart's lines and total, as the drawer and the cart page show them."""
    cart = session.cart
    if not cart.lines:
        return fill("cart_empty", note=note)
    lines = joined(
        fill(
            "cart_line",
            key=line.key,
            token=session.token,
            url=f"/product/{line.product}",
            name=line.name,
            kind=f"{line.size}, {line.colour}",
            quantity=line.quantity,
            total=pounds(line.total),
        )
        for line in cart.lines
    )
    return fill("cart", note=note, lines=lines, total=pounds(cart.total))


def errors_of(name: str, errors: dict[str, str]) -> dict[str, object]:
    """The attributes of a field and the text beside it, for the templates of forms."""
    if name not in errors:
        return {"invalid": Markup(""), "error": Markup("")}
    invalid = Markup(f' aria-invalid="true" aria-describedby="{name}-error"')
    return {"invalid": invalid, "error": fill("field_error", name=name, text=errors[name])}


def options(values: tuple[str, ...], chosen: str, first: str) -> Markup:
    """The options of a select; `first` is the one that stands for no choice."""
    none = fill("option", value="", text=first, selected=flag("selected", chosen not in values))
    rest = (fill("option", value=value, text=value, selected=flag("selected", value == chosen)) for value in values)
    return joined([none, *rest])


def _card(product: Product) -> dict[str, object]:
    return {
        "url": product.url,
        "name": product.name,
        "picture": picture(product),
        "price": pounds(product.price),
        "stars": stars(product),
        "stock": stock(product),
    }


def _account(request: Request) -> Markup:
    if request.session.user is not None:
        return fill("account", user=request.session.user, token=request.session.token)
    return Markup("") if request.path == "/sign-in" else Markup('<a class="nav-link" href="/sign-in">Sign in</a>')


def _current(request: Request, path: str) -> Markup:
    return Markup(' aria-current="page"' if request.path == path else "")
