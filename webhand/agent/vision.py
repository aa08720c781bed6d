"""When a model is shown a picture of the page. Pure."""

from __future__ import annotations

from typing import Literal

from webhand.agent.history import History
from webhand.browser import Observation
from webhand.controller.origin import origin_of

Mode = Literal["auto", "always", "never"]
Reason = Literal["always", "asked", "aimed", "stuck", "first", "drawn"]

DRAWN = 0.25
"""Part of the view from which on too much of it is drawn for text to tell."""
AGAIN: tuple[Reason, ...] = ("asked", "aimed", "stuck")
"""Reasons for which a picture is shown although it is like the last one: the model works with it."""


def reason_for_picture(mode: Mode, history: History, seen: Observation, drawn: float, stuck: bool) -> Reason | None:
    """Why a picture goes along with a look; None where the text does.

    With `auto`: an action asked for it or pointed into the last one, the run is `stuck`, it is the first look at a
    site, or a large part of the view is drawn: `drawn`, from 0 to 1.
    """
    last = history.steps[-1] if history.steps else None
    if mode == "never":
        return None
    if last is not None and any(result.include_picture for result in last.results):
        return "asked"
    if last is not None and last.decision and any(call.action.endswith("_at") for call in last.decision.actions):
        return "aimed"
    if stuck:
        return "stuck"
    if mode == "always":
        return "always"
    if origin_of(seen.url) not in history.tally.sites:
        return "first"
    return "drawn" if drawn >= DRAWN else None
