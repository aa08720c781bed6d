"""Keys of models: found and checked before anything is sent, and kept out of all that is shown."""

import os
import re
from collections.abc import Iterable
from typing import AnyStr

from webhand.errors import InvalidSetting, MissingKey
from webhand.forms import replaced
from webhand.secrets import Secret

HIDDEN = "***"
KEY_LIKE = re.compile(
    r"\b(?:sk|gsk|csk|fw|rk|pk|xai|hf)[-_][\w*\-]{6,}|AIza[\w\-]{10,}|\beyJ[\w\-]{8,}\.[\w.\-]+"
    r"|(?<=bearer )[^\s\"',;]+"
    # What signs requests to AWS.
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{12,}|(?<=security-token:)\S+|(?<=security-token': b')[^']+",
    re.IGNORECASE,
)
LOGIN = re.compile(r"(?<=://)[^\s/?#]*@")
"""Name and password in an address, which end at the last @ before the path."""
VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")
ARGUMENT = "api_key"
TELLING = 4
"""Signs from which a key is looked for in texts: a shorter one would be found everywhere."""
UNMISTAKABLE = 16
"""Signs from which a key is taken out of answers too: what stands for a key that nobody needs may be a plain word."""


def find_key(
    provider: str, given: str | Secret | None, variable: str | None, *, required: bool = True
) -> Secret | None:
    """The key: the one given, else the one in the environment.

    Raises MissingKey where one is needed and there is none or it is empty, InvalidSetting where it cannot be a key.
    """
    source = key_source(given, variable) or ARGUMENT
    if isinstance(given, Secret):
        given = _revealed(provider, given)
    key = given if given is not None else os.environ.get(variable or "")
    if not key or not key.strip():
        if required:
            raise MissingKey(_how_to(provider, variable))
        return None
    return Secret(checked_key(provider, source, key))


def is_set(variable: str | None) -> bool:
    """Whether the environment holds something there."""
    return bool(os.environ.get(variable or "", "").strip())


def key_source(given: str | Secret | None, variable: str | None) -> str | None:
    """Where such a key is from, for people."""
    return variable if given is None else ARGUMENT


def _revealed(provider: str, given: Secret) -> str:
    try:
        return given.reveal()
    except InvalidSetting as error:
        raise InvalidSetting(
            f"The key for {provider} is read as the model is made, and {error}; pass the text that comes"
        ) from None
    except Exception as error:  # a function of the user's own may raise anything, and its text may hold the key
        raise InvalidSetting(
            f"the function given as the key for {provider} brought none ({type(error).__name__})"
        ) from None


def checked_key(provider: str, source: str, key: str) -> str:
    """The key; raises InvalidSetting, which says where it is from, where it cannot be one."""
    if not all("!" <= sign <= "~" for sign in key):
        raise InvalidSetting(
            f"The key for {provider} in {source} holds a blank, a line break or a foreign sign; copy it anew"
        )
    return key


def checked_variable(name: str | None) -> str | None:
    """The name of a variable; raises InvalidSetting for what looks like a key itself, which it does not show."""
    if name is not None and (KEY_LIKE.search(name) or not (name in os.environ or VARIABLE.fullmatch(name))):
        raise InvalidSetting(
            "api_key_env is no variable that is set; give the name of one, such as MY_KEY, and a key as api_key="
        )
    return name


def without_key(text: str, *keys: Secret | None) -> str:
    """The text without these keys, however they are written, and without what looks like one or like a login."""
    for value in _values(keys, TELLING):
        text = replaced(text, value, HIDDEN)
    return LOGIN.sub(f"{HIDDEN}@", KEY_LIKE.sub(HIDDEN, text))


def answer_without(said: AnyStr, *keys: Secret | None) -> AnyStr:
    """An answer without these keys: a gateway may tell of its own trouble in what looks like one."""
    for value in _values(keys, UNMISTAKABLE):
        if isinstance(said, bytes):
            said = said.replace(value.encode(), HIDDEN.encode())
            continue
        said = said.replace(value, HIDDEN)
    return said


def _values(keys: Iterable[Secret | None], shortest: int) -> list[str]:
    """What is looked for, the longest first: one may be a part of another."""
    values = {value for key in keys if key is not None for value in key.known if len(value) >= shortest}
    return sorted(values, key=len, reverse=True)


def _how_to(provider: str, variable: str | None) -> str:
    ways = "pass api_key=" if variable is None else f"set {variable}, or pass api_key="
    return f"There is no API key for {provider}: {ways}"
