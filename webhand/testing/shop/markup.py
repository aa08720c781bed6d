"""HTML from templates: everything that is put in is escaped unless it is markup already."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from html import escape
from importlib.resources import files
from string import Template


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def fill(template: str, /, **values: object) -> Markup:
    """The template file of this name with its values put in."""
    return Markup(_template(template).substitute({key: _safe(value) for key, value in values.items()}))


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces of markup in a row."""
    return Markup("".join(parts))


def flag(name: str, on: bool) -> Markup:
    """An attribute such as `checked`, or nothing."""
    return Markup(f" {name}" if on else "")


def pounds(amount: Decimal) -> str:
    """An amount of money as it is shown."""
    return f"£{amount:,.2f}"


def _safe(value: object) -> str:
    return value if isinstance(value, Markup) else escape(str(value))


@cache
def _template(name: str) -> Template:
    return Template(files("webhand.testing.shop").joinpath("templates", f"{name}.html").read_text("utf-8"))
