"""What tests of agents need."""

from webhand.testing.shop import DemoShop

__all__ = ["DemoShop"]
