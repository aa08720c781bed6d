"""Pages for what cannot be answered as asked."""

from dataclasses import replace

from webhand.testing.shop.markup import fill
from webhand.testing.shop.message import Refusal, Request, Response, data
from webhand.testing.shop.pages.layout import page

_TITLES = {
    400: "That request makes no sense",
    403: "That form is too old",
    404: "Page not found",
    405: "That does not work here",
}


def refusal_page(request: Request, refusal: Refusal) -> Response:
    """The error page of a refusal; a script gets the sentence alone."""
    title = _TITLES.get(refusal.status, "Something went wrong")
    if request.scripted:
        answer = data({"error": refusal.text}, refusal.status)
    else:
        main = fill("error", status=refusal.status, title=title, text=refusal.text)
        answer = page(request, title, main, refusal.status)
    return replace(answer, headers=(*answer.headers, *refusal.headers))
