"""The checkout form: its values, and what is wrong with them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from webhand.testing.shop.fields import Fields
from webhand.testing.shop.order import COUNTRIES, DELIVERIES, Address, Delivery

TEXT_FIELDS = ("name", "email", "street", "post_code", "city")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_POST_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{2,9}")
_MISSING = {
    "name": "Enter your full name.",
    "email": "Enter your e-mail address.",
    "street": "Enter your street and house number.",
    "post_code": "Enter your post code.",
    "city": "Enter your city.",
}


@dataclass(frozen=True, slots=True)
class CheckoutForm:
    """What was typed and chosen, as it came."""

    values: Mapping[str, str]
    country: str = ""
    delivery: str = ""
    terms: bool = False

    @classmethod
    def of(cls, fields: Fields) -> "CheckoutForm":
        """The form that was sent."""
        values = {name: fields.first(name).strip()[:200] for name in TEXT_FIELDS}
        return cls(values, fields.first("country"), fields.first("delivery"), fields.first("terms") == "yes")

    @classmethod
    def empty(cls) -> "CheckoutForm":
        """The form before anything was typed."""
        return cls(dict.fromkeys(TEXT_FIELDS, ""))

    def errors(self) -> dict[str, str]:
        """A sentence for each field that has to be mended, in the order of the page."""
        errors = {name: text for name, text in _MISSING.items() if not self.values[name]}
        if "email" not in errors and not _EMAIL.fullmatch(self.values["email"]):
            errors["email"] = "Enter an e-mail address like name@example.com."
        if "post_code" not in errors and not _POST_CODE.fullmatch(self.values["post_code"]):
            errors["post_code"] = "Enter a post code of 3 to 10 letters and digits."
        if self.country not in COUNTRIES:
            errors["country"] = "Choose a country."
        if self.way is None:
            errors["delivery"] = "Choose how you want to get your order."
        if not self.terms:
            errors["terms"] = "Accept the terms of sale to place the order."
        order = (*TEXT_FIELDS, "country", "delivery", "terms")
        return {name: errors[name] for name in order if name in errors}

    @property
    def way(self) -> Delivery | None:
        """The delivery that was chosen."""
        return next((way for way in DELIVERIES if way.slug == self.delivery), None)

    @property
    def address(self) -> Address:
        """The address; right only where there are no errors."""
        return Address(**self.values, country=self.country)
