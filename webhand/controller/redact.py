"""Secrets in at the last moment, and out of everything that leaves."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import BaseModel

from webhand.controller.origin import origin_of
from webhand.errors import ActionDenied, InvalidArguments
from webhand.secrets import Secret

PLACE = re.compile(r"<secret:([\w-]+)>")
SHORT = 6
"""Characters under which a value is looked for as it is only: its other forms would be found everywhere."""


def needs_secret(value: Any) -> bool:
    """Whether `<secret:name>` stands somewhere in the value."""
    match value:
        case str():
            return PLACE.search(value) is not None
        case list() | tuple():
            return any(map(needs_secret, cast("list[Any]", value)))
        case dict():
            return any(map(needs_secret, cast("dict[Any, Any]", value).values()))
        case BaseModel():
            return any(needs_secret(getattr(value, name)) for name in type(value).model_fields)
        case _:
            return False


def revealed(value: Any, secrets: Mapping[str, Secret], origin: str) -> Any:
    """The value with `<secret:name>` replaced, at any depth, for a site that may have it.

    Raises InvalidArguments for a name that is not known and ActionDenied for a site that may not have the value.
    """
    if not needs_secret(value):
        return value
    match value:
        case str():
            return PLACE.sub(lambda found: _value(found[1], secrets, origin), value)
        case list():
            return [revealed(one, secrets, origin) for one in cast("list[Any]", value)]
        case tuple():
            return tuple(revealed(one, secrets, origin) for one in cast("tuple[Any, ...]", value))
        case dict():
            return {key: revealed(one, secrets, origin) for key, one in cast("dict[Any, Any]", value).items()}
        case BaseModel():
            fields = {name: revealed(getattr(value, name), secrets, origin) for name in type(value).model_fields}
            return value.model_copy(update=fields)
        case _:
            return value


def _value(name: str, secrets: Mapping[str, Secret], origin: str) -> str:
    secret = secrets.get(name)
    if secret is None:
        raise InvalidArguments(f"there is no secret {name!r}; there are {', '.join(secrets) or 'none'}")
    if not origin or origin not in map(origin_of, secret.origins):
        raise ActionDenied(f"secret {name!r} may not be used on {origin or 'this page'}")
    return secret.reveal()


def redacted(text: str, secrets: Mapping[str, Secret]) -> str:
    """The text with the secrets' values replaced by their names, however they are written."""
    values = {secret.reveal(): name for name, secret in secrets.items()}
    for value in sorted(filter(None, values), key=len, reverse=True):
        text = re.sub("|".join(_forms(value)), f"<secret:{values[value]}>", text)
    return text


def without_secrets(value: Any, secrets: Mapping[str, Secret]) -> Any:
    """A plain value with the secrets taken out of every text in it."""
    match value:
        case str():
            return redacted(value, secrets)
        case list() | tuple():
            return [without_secrets(one, secrets) for one in cast("list[Any]", value)]
        case dict():
            items = cast("dict[Any, Any]", value).items()
            return {without_secrets(key, secrets): without_secrets(one, secrets) for key, one in items}
        case _:
            return value


def _forms(value: str) -> Iterator[str]:
    """Patterns of what a value may be written as: as it is, in addresses, JSON, Python, HTML, hexadecimal, base64."""
    if len(value) < SHORT:
        yield re.escape(value)
        return
    yield "".join(map(_in_address, value))
    raw = value.encode(errors="surrogatepass")
    written = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    written |= {html.escape(value), html.escape(value, quote=False), raw.hex(), raw.hex().upper()}
    for shift, begin in enumerate((0, 2, 3)):  # the characters at the edges hold bits of what stands beside it
        encoded = base64.b64encode(bytes(shift) + raw).decode()[begin : (shift + len(raw)) * 8 // 6]
        written |= {encoded, encoded.replace("+", "-").replace("/", "_")}
    yield from map(re.escape, sorted(written, key=len, reverse=True))


def _in_address(character: str) -> str:
    """A character as it is or with percent signs: what of an address is written so differs from place to place."""
    percent = "".join(f"%{byte:02X}" for byte in character.encode(errors="surrogatepass"))
    return f"(?:{re.escape(character)}|(?i:{percent})" + (r"|\+)" if character == " " else ")")
