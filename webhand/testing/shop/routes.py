"""Which page answers which address."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote

from webhand.testing.shop.message import Refusal, Request, Response
from webhand.testing.shop.pages.account import sign_in, sign_in_form, sign_out
from webhand.testing.shop.pages.cart import add, cart, remove
from webhand.testing.shop.pages.errors import refusal_page
from webhand.testing.shop.pages.extras import calculator, delivery, quote, reviews
from webhand.testing.shop.pages.home import home
from webhand.testing.shop.pages.listing import search, suggest
from webhand.testing.shop.pages.ordering import checkout, checkout_form, order
from webhand.testing.shop.pages.product import product
from webhand.testing.shop.session import Ledger

Page = Callable[[Request, Ledger], Response]


@dataclass(frozen=True, slots=True)
class Route:
    """A path pattern, in which `{name}` stands for one part, and its page for each method."""

    pattern: str
    pages: Mapping[str, Page]

    def match(self, path: str) -> dict[str, str] | None:
        """The named parts of a path that fits, else None."""
        wanted, given = self.pattern.split("/"), path.split("/")
        if len(wanted) != len(given):
            return None
        arguments: dict[str, str] = {}
        for want, part in zip(wanted, given, strict=True):
            if want.startswith("{") and part:
                arguments[want[1:-1]] = unquote(part)
            elif want != part:
                return None
        return arguments


ROUTES = (
    Route("/", {"GET": home}),
    Route("/sign-in", {"GET": sign_in_form, "POST": sign_in}),
    Route("/sign-out", {"POST": sign_out}),
    Route("/search", {"GET": search}),
    Route("/suggest", {"GET": suggest}),
    Route("/product/{slug}", {"GET": product}),
    Route("/cart", {"GET": cart}),
    Route("/cart/add", {"POST": add}),
    Route("/cart/remove", {"POST": remove}),
    Route("/checkout", {"GET": checkout_form, "POST": checkout}),
    Route("/order/{number}", {"GET": order}),
    Route("/delivery", {"GET": delivery}),
    Route("/delivery/calculator", {"GET": calculator}),
    Route("/delivery/quote", {"GET": quote}),
    Route("/reviews", {"GET": reviews}),
)


def answer(request: Request, ledger: Ledger) -> Response:
    """The response to a request; HEAD is answered as GET is, its body is left out when it is sent."""
    try:
        page, arguments = _find(request)
        if request.method == "POST" and not hmac.compare_digest(
            request.form.first("token").encode(), request.session.token.encode()
        ):
            raise Refusal(403, "Load the page again and fill the form in once more.")
        return page(replace(request, arguments=arguments), ledger)
    except Refusal as refusal:
        return refusal_page(request, refusal)


def _find(request: Request) -> tuple[Page, dict[str, str]]:
    method = "GET" if request.method == "HEAD" else request.method
    for route in ROUTES:
        arguments = route.match(request.path)
        if arguments is None:
            continue
        if method not in route.pages:
            allowed = [*route.pages, *(["HEAD"] if "GET" in route.pages else [])]
            raise Refusal(405, "This address takes other requests.", (("Allow", ", ".join(allowed)),))
        return route.pages[method], arguments
    raise Refusal(404, "There is nothing at this address.")
