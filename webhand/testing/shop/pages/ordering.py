"""Checkout, and the order that comes of it."""

from urllib.parse import urlencode

from webhand.testing.shop.cart import Line
from webhand.testing.shop.checkout import TEXT_FIELDS, CheckoutForm
from webhand.testing.shop.markup import Markup, fill, flag, joined, pounds
from webhand.testing.shop.message import Refusal, Request, Response, redirect
from webhand.testing.shop.order import COUNTRIES, DELIVERIES, Order
from webhand.testing.shop.pages.layout import errors_of, options, page
from webhand.testing.shop.session import Ledger

_LABELS = {
    "name": ("Full name", "name"),
    "email": ("E-mail", "email"),
    "street": ("Street and number", "street-address"),
    "post_code": ("Post code", "postal-code"),
    "city": ("City", "address-level2"),
}


def checkout_form(request: Request, _: Ledger) -> Response:
    """The empty form."""
    return _elsewhere(request) or _form(request, CheckoutForm.empty(), {})


def checkout(request: Request, ledger: Ledger) -> Response:
    """Take the order, or show the form again with what has to be mended."""
    elsewhere = _elsewhere(request)
    if elsewhere is not None:
        return elsewhere
    form = CheckoutForm.of(request.form)
    errors = form.errors()
    if errors or form.way is None:
        return _form(request, form, errors)
    taken = ledger.place(request.session, form.address, form.way)
    return redirect("/cart" if taken is None else f"/order/{taken.number}")


def order(request: Request, ledger: Ledger) -> Response:
    """The thanks for an order; only its own customer may see it."""
    number = request.arguments["number"]
    user = request.session.user
    if user is None:
        return _sign_in_first(request)
    found = ledger.order(number, user)
    if found is None:
        raise Refusal(404, "There is no such order of yours.")
    return page(request, f"Order {number}", _thanks(found))


def _elsewhere(request: Request) -> Response | None:
    if request.session.user is None:
        return _sign_in_first(request)
    return None if request.session.cart.lines else redirect("/cart")


def _sign_in_first(request: Request) -> Response:
    return redirect("/sign-in?" + urlencode({"next": request.path}))


def _form(request: Request, form: CheckoutForm, errors: dict[str, str]) -> Response:
    cart = request.session.cart
    main = fill(
        "checkout",
        summary=_summary(errors),
        token=request.session.token,
        fields=joined(_field(name, form, errors) for name in TEXT_FIELDS),
        country=fill(
            "country", options=options(COUNTRIES, form.country, "Choose a country"), **errors_of("country", errors)
        ),
        deliveries=_deliveries(form),
        delivery_invalid=errors_of("delivery", errors)["invalid"],
        delivery_error=errors_of("delivery", errors)["error"],
        terms=fill("terms", checked=flag("checked", form.terms), **errors_of("terms", errors)),
        lines=_bill(cart.lines),
        total=pounds(cart.total),
    )
    return page(request, "Checkout", main, 422 if errors else 200)


def _summary(errors: dict[str, str]) -> Markup:
    if not errors:
        return Markup("")
    items = joined(fill("error_item", name=name, text=text) for name, text in errors.items())
    return fill("error_summary", items=items)


def _field(name: str, form: CheckoutForm, errors: dict[str, str]) -> Markup:
    label, hint = _LABELS[name]
    return fill("field", name=name, label=label, hint=hint, value=form.values[name], **errors_of(name, errors))


def _deliveries(form: CheckoutForm) -> Markup:
    return joined(
        fill(
            "delivery_way",
            slug=way.slug,
            title=way.title,
            text=way.text,
            price=pounds(way.price) if way.price else "free",
            checked=flag("checked", way.slug == form.delivery),
        )
        for way in DELIVERIES
    )


def _thanks(taken: Order) -> Markup:
    address = taken.address
    return fill(
        "order",
        number=taken.number,
        lines=_bill(taken.lines),
        way=taken.delivery.title,
        way_text=taken.delivery.text,
        way_price=pounds(taken.delivery.price),
        total=pounds(taken.total),
        name=address.name,
        email=address.email,
        street=address.street,
        city=f"{address.post_code} {address.city}",
        country=address.country,
    )


def _bill(lines: tuple[Line, ...]) -> Markup:
    return joined(
        fill(
            "bill_line",
            name=line.name,
            kind=f"{line.quantity} × {line.size}, {line.colour}",
            sum=pounds(line.total),
        )
        for line in lines
    )
