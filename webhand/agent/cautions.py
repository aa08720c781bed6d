"""What somebody should be told who is careless with a secret: warnings, before anything is started."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping

from webhand.forms import SHORT
from webhand.secrets import Secret

_WORD = r"\b(?:password|passwd|passphrase|passcode|pin|passwort|kennwort|mot de passe|contraseña|api[ _-]?key)\b"
_QUOTED = r"[\"'“„«](?!<secret:)[^\"'”“»]{4,}[\"'”“»]"
_TOKEN = r"(?!<secret:)(?=\S*[^\W_])\S{3,}\w"
_ODD = r"(?!<secret:)(?=\w*[^\w\s]*\w*\d)\S{3,}\w"
WRITTEN = re.compile(
    rf"{_WORD}\s*[:=]\s*(?:{_QUOTED}|{_TOKEN})|{_WORD}\s+(?:(?:is|ist|est|es)\s+)?(?:{_QUOTED}|{_ODD})"
    rf"|://[^\s/:@]+:(?!<secret:)[^\s/@]+@",
    re.IGNORECASE,
)
"""A password as people write it into a text, or into an address."""


class SecretWarning(UserWarning):
    """A secret that cannot be kept as one."""


def warn(task: str, secrets: Mapping[str, Secret]) -> None:
    """Warn of a password that stands in the task, and of secrets too short to be found again."""
    if WRITTEN.search(task):
        _say(
            "the task seems to have a password in it: the model's vendor gets it, and it stays readable in the run's "
            "log and report. Give it as a secret and write <secret:NAME> in its place"
        )
    for name, secret in secrets.items():
        if any(0 < len(value) < SHORT for value in secret.known):
            _say(
                f"secret {name!r} has fewer than {SHORT} characters: it cannot be taken safely out of prompts, log and "
                "report, as it may be part of other words and numbers, and only its plain form is looked for"
            )


def _say(text: str) -> None:
    warnings.warn(text, SecretWarning, stacklevel=5)
