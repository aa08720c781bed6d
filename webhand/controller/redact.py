"""Secrets in at the last moment, and out of everything that leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from webhand.errors import ActionDenied, InvalidArguments
from webhand.secrets import Secret

PLACE = re.compile(r"<secret:([\w-]+)>")


def revealed(value: Any, secrets: Mapping[str, Secret], origin: str) -> Any:
    """The value with `<secret:name>` replaced, at any depth, on a site that may have it.

    Raises InvalidArguments for a name that is not known and ActionDenied for a site that may not have the value.
    """
    if isinstance(value, str) and PLACE.search(value):
        return PLACE.sub(lambda found: _value(found[1], secrets, origin), value)
    if isinstance(value, (list, tuple)):
        return type(value)(revealed(one, secrets, origin) for one in value)  # pyright: ignore
    return value


def _value(name: str, secrets: Mapping[str, Secret], origin: str) -> str:
    secret = secrets.get(name)
    if secret is None:
        raise InvalidArguments(f"there is no secret {name!r}; there are {', '.join(secrets) or 'none'}")
    if origin not in secret.origins:
        raise ActionDenied(f"secret {name!r} may not be used on {origin}")
    return secret.reveal()


def redacted(text: str, secrets: Mapping[str, Secret]) -> str:
    """The text with the secrets' values replaced by their names."""
    for name, secret in secrets.items():
        text = text.replace(secret.reveal(), f"<secret:{name}>")
    return text
