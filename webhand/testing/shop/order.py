"""An order that the shop has taken."""

from dataclasses import dataclass
from decimal import Decimal

from webhand.testing.shop.cart import Line


@dataclass(frozen=True, slots=True)
class Address:
    """Where an order goes."""

    name: str
    email: str
    street: str
    post_code: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A way to get the goods; `price` in pounds."""

    slug: str
    title: str
    text: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """What was bought: `customer` is the account, `total` in pounds includes delivery."""

    number: str
    customer: str
    lines: tuple[Line, ...]
    address: Address
    delivery: Delivery

    @property
    def total(self) -> Decimal:
        """What the customer pays, in pounds."""
        return sum((line.total for line in self.lines), self.delivery.price)


DELIVERIES = (
    Delivery("standard", "Standard delivery", "3 to 5 working days", Decimal("4.50")),
    Delivery("express", "Express delivery", "the next working day", Decimal("9.50")),
    Delivery("collect", "Collect from the shop", "ready in two hours", Decimal("0.00")),
)
COUNTRIES = (
    "Austria",
    "Belgium",
    "France",
    "Germany",
    "Ireland",
    "Netherlands",
    "Norway",
    "Sweden",
    "Switzerland",
    "United Kingdom",
)
