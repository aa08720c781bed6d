"""A small but real web shop to try agents on."""

from webhand.testing.shop.cart import Line
from webhand.testing.shop.demo_shop import DemoShop
from webhand.testing.shop.order import Address, Delivery, Order
from webhand.testing.shop.task import DEMO_TASK

__all__ = ["DEMO_TASK", "Address", "DemoShop", "Delivery", "Line", "Order"]
