"""Headers of the user's own, from arguments and the environment: checked before anything is sent."""

import os
import re
from collections.abc import Mapping

from webhand.errors import InvalidSetting
from webhand.secrets import Secret

NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
VALUE = re.compile(r"(?:[!-~](?:[\t -~]*[!-~])?)?")
FRAMING = frozenset({"content-length", "transfer-encoding"})
"""Say where a request ends, which only who sends it knows."""
SECRET = 8
"""Signs from which a word of a header's value is kept out of sight: what is shorter opens nothing."""


def header_lines(variable: str) -> dict[str, str]:
    """The headers in a variable as the SDKs read it: one a line, what has no colon left out."""
    lines = os.environ.get(variable, "").split("\n")
    return {name.strip(): value.strip() for name, colon, value in (line.partition(":") for line in lines) if colon}


def check_headers(source: str, headers: Mapping[str, str]) -> None:
    """Raises InvalidSetting, which names the source and never shows a value, for headers that cannot be sent."""
    for name, value in headers.items():
        if not NAME.fullmatch(name):
            # It is not shown: a line that is written wrongly may have its secret before the colon.
            raise InvalidSetting(f"{source} holds a header whose name none can have; write it like X-Name: value")
        if name.lower() in FRAMING:
            raise InvalidSetting(f"{source} sets {name}, which is told with each request; take it out")
        if not VALUE.fullmatch(value):
            raise InvalidSetting(
                f"{source} cannot be sent as the header {name}: it holds a line break, a foreign sign, or a blank at "
                "its edge; write it with the letters of English, and an address with its signs escaped"
            )


def check_added(variables: Mapping[str, str | None]) -> None:
    """Raises InvalidSetting for headers of the environment that cannot be sent.

    Each variable has the name of the header whose value it holds; None: it holds headers, one a line.
    """
    for variable, name in variables.items():
        value = os.environ.get(variable)
        check_headers(variable, header_lines(variable) if name is None else {} if value is None else {name: value})


def added_secrets(variables: Mapping[str, str | None]) -> tuple[Secret, ...]:
    """What may be a secret in the headers that the environment adds: a gateway's token, with or without its scheme."""
    lines = [header_lines(variable) for variable, name in variables.items() if name is None]
    words = [word for headers in lines for value in headers.values() for word in value.split()]
    return tuple(Secret(word) for word in words if len(word) >= SECRET)
