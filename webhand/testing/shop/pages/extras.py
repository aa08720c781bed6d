"""Delivery with its calculator in a frame, and reviews made of web components."""

from zlib import crc32

from webhand.testing.shop.markup import fill
from webhand.testing.shop.message import Request, Response, data
from webhand.testing.shop.pages.layout import frame, page
from webhand.testing.shop.session import Ledger


def delivery(request: Request, _: Ledger) -> Response:
    """What delivery costs; the calculator stands in a frame."""
    return page(request, "Delivery", fill("delivery"))


def calculator(_request: Request, _: Ledger) -> Response:
    """The page inside the frame."""
    return frame("Delivery calculator", fill("calculator"))


def quote(request: Request, _: Ledger) -> Response:
    """Days and price for a post code, for the calculator's script."""
    code = " ".join(request.query.first("post_code").upper().split())[:10]
    if len(code) < 3 or not code.replace(" ", "").isalnum():
        return data({"error": "Enter a post code of 3 to 10 letters and digits."}, 422)
    days = crc32(code.encode()) % 4 + 2
    return data({"text": f"To {code}: {days} working days, £4.50."})


def reviews(request: Request, _: Ledger) -> Response:
    """What customers say."""
    return page(request, "Reviews", fill("reviews"))
