"""Secrets in at the last moment, and out of everything that leaves."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, cast

from pydantic import BaseModel

from webhand.controller.origin import origin_of
from webhand.errors import ActionDenied, ActionError, InvalidArguments, InvalidSetting
from webhand.forms import replaced
from webhand.secrets import Secret

NAME = re.compile(r"[^<>\s]+")
"""What a secret may be called."""
PLACE = re.compile(rf"<secret:({NAME.pattern})>")


def used_in(value: Any) -> set[str]:
    """The names of the secrets that stand in the value, at any depth."""
    match value:
        case str():
            return set(PLACE.findall(value))
        case list() | tuple():
            return set[str]().union(*map(used_in, cast("list[Any]", value)))
        case dict():
            return set[str]().union(*map(used_in, cast("dict[Any, Any]", value).values()))
        case BaseModel():
            return set[str]().union(*(used_in(getattr(value, name)) for name in type(value).model_fields))
        case _:
            return set()


async def revealed(value: Any, secrets: Mapping[str, Secret], sites: Collection[str]) -> Any:
    """The value with `<secret:name>` replaced, at any depth, for sites that may all have it.

    Each secret is fetched once, and none before it is sure that all may be used. Raises InvalidArguments for a name
    that is not known, ActionDenied for a site that may not have the value, ActionError for one that does not come.
    """
    names = sorted(used_in(value))
    for name in names:
        _check(name, secrets, sites)
    return _filled(value, {name: await _fetched(name, secrets[name]) for name in names})


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    match value:
        case str():
            return PLACE.sub(lambda found: values[found[1]], value)
        case list():
            return [_filled(one, values) for one in cast("list[Any]", value)]
        case tuple():
            return tuple(_filled(one, values) for one in cast("tuple[Any, ...]", value))
        case dict():
            return {key: _filled(one, values) for key, one in cast("dict[Any, Any]", value).items()}
        case BaseModel():
            fields = {name: _filled(getattr(value, name), values) for name in type(value).model_fields}
            return value.model_copy(update=fields)
        case _:
            return value


def _check(name: str, secrets: Mapping[str, Secret], sites: Collection[str]) -> None:
    secret = secrets.get(name)
    if secret is None:
        raise InvalidArguments(f"there is no secret {name!r}; there are {', '.join(secrets) or 'none'}")
    allowed = set(map(origin_of, secret.origins)) - {""}
    for site in sites:
        if site not in allowed:
            raise ActionDenied(f"secret {name!r} may not be used on {site or 'this page'}")


async def _fetched(name: str, secret: Secret) -> str:
    try:
        return await secret.fetch()
    except InvalidSetting:
        told = f"secret {name!r} could not be fetched: its function brought no text, or an empty one"
    except Exception as error:  # a function of the user's own may raise anything, and its text may hold the value
        told = f"secret {name!r} could not be fetched ({type(error).__name__})"
    raise ActionError(f"{told}; go on without it, or end with done and say so")


def redacted(text: str, secrets: Mapping[str, Secret]) -> str:
    """The text with every value that the secrets have had replaced by their names, however it is written."""
    values = {value: name for name, secret in secrets.items() for value in secret.known if value}
    for value in sorted(values, key=len, reverse=True):
        name = values[value]
        text = replaced(text, value, f"<secret:{name}>", secrets[name].totp_codes is not None)
    return text


def put_back(value: Any, secrets: Mapping[str, Secret], latest: bool = False) -> Any:
    """What `without_secrets` made of a plain value, with the values that never change in the place of their names.

    With `latest` those that change are put in as well, as they were last.
    """
    values = {name: one.known[-1] for name, one in secrets.items() if one.known and (latest or one.fixed)}
    return _filled(value, {name: values.get(name, f"<secret:{name}>") for name in used_in(value)})


def without_secrets(value: Any, secrets: Mapping[str, Secret]) -> Any:
    """A plain value with the secrets taken out of every text in it."""
    match value:
        case str():
            return redacted(value, secrets)
        case list() | tuple():
            return [without_secrets(one, secrets) for one in cast("list[Any]", value)]
        case Mapping():
            items = cast("Mapping[Any, Any]", value).items()
            return {without_secrets(key, secrets): without_secrets(one, secrets) for key, one in items}
        case _:
            return value
