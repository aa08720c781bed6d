"""Secrets as the command line takes them: by where their values stand, never the values themselves."""

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webhand.secrets import Secret

FORM = re.compile(r"(?P<name>[\w.-]+)=(?P<totp>totp:)?env:(?P<variable>\w+)(?:@(?P<origins>https?://\S+))?")
EXAMPLES = "pw=env:PW@https://shop.example or code=totp:env:KEY@https://shop.example"


def read_secrets(given: Sequence[str]) -> "dict[str, Secret]":
    """The secrets of `--secret` by name; ConfigError, which shows no value, for what is none."""
    from webhand.errors import ConfigError
    from webhand.secrets import Secret

    secrets: dict[str, Secret] = {}
    for one in given:
        form = FORM.fullmatch(one)
        if form is None:
            name = one.partition("=")[0] if re.match(r"[\w.-]+=", one) else "NAME"
            raise ConfigError(f"--secret {name}=... must say where the value stands, such as {EXAMPLES}")
        if form["name"] in secrets:
            raise ConfigError(f"--secret {form['name']} is given twice; each needs a name of its own")
        if not (value := os.environ.get(form["variable"])):
            raise ConfigError(f"--secret {form['name']}: the variable {form['variable']} is not set or empty")
        origins = tuple(filter(None, (form["origins"] or "").split(",")))
        make = Secret.totp if form["totp"] else Secret
        secrets[form["name"]] = make(value, origins=origins)
    return secrets
