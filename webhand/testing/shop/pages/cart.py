"""The cart: its page, and the two changes that forms and the drawer's script ask for."""

from webhand.testing.shop.markup import fill
from webhand.testing.shop.message import Request, Response, data, redirect
from webhand.testing.shop.pages.layout import cart_view, page
from webhand.testing.shop.pages.product import line_of, product_page, wanted
from webhand.testing.shop.session import Ledger, Session


def cart(request: Request, _: Ledger) -> Response:
    """The cart as a page of its own, for browsers without scripts."""
    return page(request, "Your cart", fill("cart_page", cart=cart_view(request.session)))


def add(request: Request, ledger: Ledger) -> Response:
    """Put a product into the cart."""
    item = wanted(request.form.first("product"))
    line, errors = line_of(item, request.form)
    if line is None:
        answer = data({"errors": errors}, 422)
        return answer if request.scripted else product_page(request, item, request.form, errors)
    session = ledger.change_cart(request.session, lambda cart: cart.add(line))
    return _changed(request, session, f"{item.name} added.")


def remove(request: Request, ledger: Ledger) -> Response:
    """Take a line out of the cart."""
    key = request.form.first("line")
    session = ledger.change_cart(request.session, lambda cart: cart.remove(key))
    return _changed(request, session, "Removed.")


def _changed(request: Request, session: Session, note: str) -> Response:
    if not request.scripted:
        return redirect("/cart")
    return data({"count": session.cart.count, "html": cart_view(session, note)})
