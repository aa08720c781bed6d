"""What a run that goes on has to know again: the values that its secrets had before it was interrupted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from webhand.controller.redact import used_in
from webhand.errors import ConfigError
from webhand.events import Event
from webhand.secrets import Secret

LIMIT = 300.0
"""Seconds in which an action that never finished may have used a code."""


async def recall(secrets: Mapping[str, Secret], events: Sequence[Event]) -> None:
    """Let the secrets know what they gave out; nothing of it was written down.

    Codes are made again for the times of the actions that used them. What a function brings is asked for again where
    the run had it before: ConfigError where it does not come, as it could not be kept out of what is written.
    """
    for place, event in enumerate(events):
        if event.type != "action.started":
            continue
        if not (names := used_in(dict(event.data)) & secrets.keys()):
            continue
        spans = _spans(event, next((e for e in events[place:] if e.type == "action.finished"), None))
        for name in names:
            await _recall(name, secrets[name], spans)


def _spans(begun: Event, finished: Event | None) -> list[tuple[float, float]]:
    """The times that an action may have been carried out at by the wall clock, which may have jumped meanwhile.

    How long it took is known from a clock that does not jump: it was so long after its begin, or before its end.
    """
    begin = begun.at.timestamp()
    if finished is None:
        return [(begin, begin + LIMIT)]
    took, end = finished.data["seconds"], finished.at.timestamp()
    return [(begin, begin + took), (end - took, end)]


async def _recall(name: str, secret: Secret, spans: Sequence[tuple[float, float]]) -> None:
    if (codes := secret.totp_codes) is not None:
        for code in chain.from_iterable(codes.between(*span) for span in spans):
            secret.remember(code)
    elif not secret.known:
        try:
            await secret.fetch()
        except Exception as error:  # a function of the user's own may raise anything, and its text may hold the value
            told = f"secret {name!r} was used before and does not come now ({type(error).__name__})"
        else:
            return
        raise ConfigError(f"{told}; without it, it could not be kept out of what is written")
