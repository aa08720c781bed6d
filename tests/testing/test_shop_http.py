"""The demo shop's server: plain requests, bad ones among them, and its start and end."""

import http.client
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from urllib.parse import urlencode, urlsplit

import pytest

from webhand.errors import ConfigError, InvalidSetting
from webhand.testing import DemoShop
from webhand.testing.shop.cart import Cart
from webhand.testing.shop.catalogue import catalogue

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ADDRESS = {
    "name": "Anna Berg",
    "email": "anna@example.com",
    "street": "Mill Lane 3",
    "post_code": "3511 AB",
    "city": "Utrecht",
    "country": "Netherlands",
    "delivery": "standard",
    "terms": "yes",
}


class Visitor:
    """Keeps one connection, the cookie and the token of the forms."""

    def __init__(self, shop: DemoShop) -> None:
        address = urlsplit(shop.url)
        self.connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=10)
        self.cookie = ""
        self.token = ""
        self.body = ""

    def ask(self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None):
        cookie = {"Cookie": self.cookie} if self.cookie else {}
        self.connection.request(method, path, body, cookie | dict(headers or {}))
        answer = self.connection.getresponse()
        self.body = answer.read().decode()
        if given := answer.getheader("Set-Cookie"):
            self.cookie = given.split(";")[0]
        if found := re.search(r'name="token" value="([^"]+)"', self.body):
            self.token = found[1]
        return answer

    def send(self, path: str, **fields: str):
        return self.ask("POST", path, urlencode({"token": self.token} | fields), FORM)

    def sign_in(self) -> None:
        self.ask("GET", "/sign-in")
        assert self.send("/sign-in", user="anna", password="boots-and-tea").status == 303
        self.ask("GET", "/product/tin-mug")

    def add_mug(self) -> None:
        mug = {"product": "tin-mug", "size": "Small", "colour": "Plum", "quantity": "1"}
        assert self.send("/cart/add", **mug).getheader("Location") == "/cart"


@pytest.fixture
def shop() -> Iterator[DemoShop]:
    with DemoShop() as shop:
        yield shop


@pytest.fixture
def visitor(shop: DemoShop) -> Iterator[Visitor]:
    visitor = Visitor(shop)
    yield visitor
    visitor.connection.close()


@pytest.mark.parametrize(
    "path", ["/nowhere", "/product/moon", "/static/../server.py", "/static/%2e%2e/server.py", "//x"]
)
def test_unknown_address_is_404_with_a_page(visitor: Visitor, path: str) -> None:
    answer = visitor.ask("GET", path)
    assert answer.status == 404
    assert "Page not found" in visitor.body


@pytest.mark.parametrize("path", ["/", "/search?q=boots", "/static/shop.css", "/nowhere", "/checkout"])
def test_head_is_get_without_a_body(visitor: Visitor, path: str) -> None:
    visitor.ask("GET", "/")
    got = visitor.ask("GET", path)
    head = visitor.ask("HEAD", path)
    assert visitor.body == ""
    assert (head.status, head.getheader("Content-Length")) == (got.status, got.getheader("Content-Length"))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/", "GET, HEAD"),
        ("BREW", "/search", "GET, HEAD"),
        ("GET", "/cart/add", "POST"),
        ("PUT", "/sign-in", "GET, POST, HEAD"),
    ],
)
def test_unknown_method_is_405(visitor: Visitor, method: str, path: str, allowed: str) -> None:
    answer = visitor.ask(method, path)
    assert (answer.status, answer.getheader("Allow")) == (405, allowed)


def test_checkout_without_sign_in_goes_to_sign_in_and_back(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/checkout").getheader("Location") == "/sign-in?next=%2Fcheckout"
    visitor.ask("GET", "/sign-in?next=%2Fcheckout")
    answer = visitor.send("/sign-in", user="anna", password="boots-and-tea", next="/checkout")
    assert (answer.status, answer.getheader("Location")) == (303, "/checkout")


@pytest.mark.parametrize("after", ["//evil.example", "https://evil.example", "/\\evil.example", "/\r\nX: y", ""])
def test_sign_in_never_leads_to_another_site(visitor: Visitor, after: str) -> None:
    visitor.ask("GET", "/sign-in")
    answer = visitor.send("/sign-in", user="anna", password="boots-and-tea", next=after)
    assert (answer.status, answer.getheader("Location")) == (303, "/")


def test_session_cookie_is_guarded_and_changes_at_sign_in(visitor: Visitor) -> None:
    given = visitor.ask("GET", "/sign-in").getheader("Set-Cookie", "")
    assert {"Path=/", "HttpOnly", "SameSite=Lax"} <= set(given.split("; "))
    before = visitor.cookie
    visitor.sign_in()
    after, visitor.cookie = visitor.cookie, before
    visitor.ask("GET", "/")
    assert "Hello anna" not in visitor.body
    visitor.cookie = after
    visitor.ask("GET", "/")
    assert "Hello anna" in visitor.body


def test_forms_need_their_token(visitor: Visitor, shop: DemoShop) -> None:
    visitor.sign_in()
    visitor.add_mug()
    visitor.token = "made up"
    assert visitor.send("/checkout", **ADDRESS).status == 403
    assert shop.orders == ()


def test_order_is_taken_once_and_shown_to_its_customer_alone(visitor: Visitor, shop: DemoShop) -> None:
    visitor.sign_in()
    visitor.add_mug()
    assert visitor.send("/checkout", **ADDRESS).getheader("Location") == "/order/WH-10001"
    assert visitor.send("/checkout", **ADDRESS).getheader("Location") == "/cart"
    assert [order.number for order in shop.orders] == ["WH-10001"]
    assert visitor.ask("GET", "/order/WH-10001").status == 200
    assert "£14.00" in visitor.body
    assert visitor.ask("GET", "/order/WH-10002").status == 404
    visitor.cookie = ""
    assert visitor.ask("GET", "/order/WH-10001").status == 303


def test_shop_works_without_scripts(visitor: Visitor) -> None:
    visitor.ask("GET", "/product/tin-mug")
    answer = visitor.send("/cart/add", product="tin-mug", size="", colour="Plum", quantity="1")
    assert answer.status == 422
    assert "Choose a size." in visitor.body
    visitor.add_mug()
    visitor.ask("GET", "/cart")
    assert "Tin Mug" in visitor.body
    assert visitor.send("/cart/remove", line="tin-mug/Small/Plum").status == 303
    visitor.ask("GET", "/cart")
    assert "Your cart is empty." in visitor.body


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("page=many&max=dear&sort=upside&category=ships", "60 products, page 1 of 5"),
        ("page=99999", "60 products, page 5 of 5"),
        ("max=NaN&q=%ff%fe", "0 products"),
        ("max=-1&in_stock=perhaps", "60 products"),
        ("q=%3Cscript%3Ealert(1)%3C/script%3E", "&lt;script&gt;alert(1)"),
        ("&&=&=;%%%", "60 products"),
    ],
)
def test_malformed_query_still_gets_a_page(visitor: Visitor, query: str, shown: str) -> None:
    assert visitor.ask("GET", f"/search?{query}").status == 200
    assert shown in visitor.body
    assert "<script>alert" not in visitor.body


@pytest.mark.parametrize("address", [b"http://[/", b"/search?" + b"a=1&" * 500])
def test_unreadable_address_is_400(shop: DemoShop, address: bytes) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(shop.url).port or 0), timeout=10) as connection:
        connection.sendall(b"GET " + address + b" HTTP/1.1\r\nHost: shop\r\n\r\n")
        assert connection.makefile("rb").read().startswith(b"HTTP/1.1 400 ")


def test_huge_body_is_refused_unread(visitor: Visitor) -> None:
    answer = visitor.ask("POST", "/sign-in", "x" * 300_000, FORM)
    assert (answer.status, answer.getheader("Connection")) == (413, "close")
    assert visitor.ask("GET", "/").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": str(10**15)}, 413),
        ({"Content-Length": "-5"}, 400),
        ({"Content-Length": "many"}, 400),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_body_without_an_honest_length_is_refused(visitor: Visitor, headers: dict[str, str], status: int) -> None:
    connection = visitor.connection
    connection.putrequest("POST", "/sign-in")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    assert answer.status == status


@pytest.mark.parametrize("cookie", ["=;;=", 'a="; b=', "webhand-shop", "\xff\xfe=1", "x" * 5000])
def test_bad_cookie_is_a_new_visitor(visitor: Visitor, cookie: str) -> None:
    visitor.cookie = cookie
    answer = visitor.ask("GET", "/")
    assert answer.status == 200
    assert answer.getheader("Set-Cookie", "").startswith("webhand-shop-")


def test_many_visitors_at_once_get_one_order_each(shop: DemoShop) -> None:
    def buy(_: int) -> None:
        visitor = Visitor(shop)
        visitor.sign_in()
        visitor.add_mug()
        assert visitor.send("/checkout", **ADDRESS).status == 303
        visitor.connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(buy, range(16)))
    assert sorted(order.number for order in shop.orders) == [f"WH-{10001 + number}" for number in range(16)]


def test_every_start_begins_afresh_and_orders_outlive_the_end() -> None:
    shop = DemoShop()
    for _ in range(2):
        with shop:
            visitor = Visitor(shop)
            visitor.sign_in()
            visitor.add_mug()
            visitor.send("/checkout", **ADDRESS)
            visitor.connection.close()
        (order,) = shop.orders
        assert order.number == "WH-10001"
        with pytest.raises(FrozenInstanceError):
            setattr(order, "number", "WH-1")  # noqa: B010 - a plain assignment would not pass the type checker


def test_close_ends_open_connections_and_threads() -> None:
    before = set(threading.enumerate())
    with DemoShop() as shop:
        port = urlsplit(shop.url).port or 0
        # Connections are accepted in their order: once the second is answered, the first has its thread.
        idle = socket.create_connection(("127.0.0.1", port), timeout=10)
        visitor = Visitor(shop)
        visitor.ask("GET", "/")
    assert idle.recv(1) == b""
    idle.close()
    visitor.connection.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=10)
    shop.close()


async def test_shop_opens_in_async_code() -> None:
    async with DemoShop() as shop:
        assert shop.url.startswith("http://127.0.0.1:")
    with pytest.raises(ConfigError, match="closed"):
        _ = shop.url


def test_taken_port_is_told() -> None:
    with DemoShop() as shop, pytest.raises(InvalidSetting, match="cannot use port"):
        DemoShop(port=urlsplit(shop.url).port or 0).start()


def test_open_shop_cannot_be_opened_again(shop: DemoShop) -> None:
    with pytest.raises(ConfigError, match="open already"):
        shop.start()


def test_catalogue_is_sixty_products_of_six_kinds() -> None:
    goods = catalogue()
    assert len({product.slug for product in goods.products}) == 60
    assert len({product.name for product in goods.products}) == 60
    assert len(goods.categories) == 6
    assert all(colour in goods.palette for category in goods.categories for colour in category.colours)
    assert all(product.price > 0 and 3 <= product.rating <= 5 for product in goods.products)
    assert 0 < sum(not product.in_stock for product in goods.products) < 20


def test_cart_of_one_product_is_bounded(visitor: Visitor) -> None:
    visitor.ask("GET", "/product/tin-mug")
    for _ in range(25):
        visitor.add_mug()
    visitor.ask("GET", "/cart")
    assert "20 × Small, Plum" in visitor.body
    assert Cart().total == 0
