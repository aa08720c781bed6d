"""What a run does about walls: some are handed to a person, of the others the model is told what it may do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from webhand.agent.config import AgentConfig
from webhand.agent.controls import Controls
from webhand.agent.eyes import Look
from webhand.agent.people import People
from webhand.agent.stopwatch import Stopwatch
from webhand.browser import Observation
from webhand.browser.walls import Kind, Wall, walls
from webhand.controller.action import Emit

Place = tuple[Kind, str]
"""A kind of wall and the address it stands at, without what changes from one visit to the next."""
MAY: Mapping[Kind, str] = {
    "captcha": "only a person may answer it: if the task cannot do without, {ask}end with success false",
    "bot check": "wait once in case it passes by itself; else only a person may answer it: {ask}end with success false",
    "consent": "it lies before the page: answer it, and refuse what is optional unless the task says otherwise",
    "sign-in": "use only what the task or a secret gives: without that, {ask}end with success false",
}
GIVEN = re.compile(
    r"\b(?:password|passcode|passphrase|pin|credentials|passwort|kennwort|mot de passe|contraseña)\b"
    r"|\b(?:sign|log)(?:ing)?[ -]?in (?:as|with|using)\b",
    re.IGNORECASE,
)
"""A task that says how to sign in."""


class Barriers:
    """The walls of one run: which were handed over, and of which the model knows.

    What was handed over once is not again before it has been gone; that it still stands, the model is told.
    """

    def __init__(
        self,
        config: AgentConfig,
        people: People,
        controls: Controls,
        emit: Emit,
        watch: Stopwatch,
        *,
        signs_in: bool,
    ) -> None:
        self._config = config
        self._people = people
        self._controls = controls
        self._emit = emit
        self._watch = watch
        self._signs_in = signs_in
        self._handed: set[Place] = set()
        self._known: set[Place] = set()

    def for_person(self, seen: Observation) -> Wall | None:
        """A wall that a person is to deal with now."""
        if not self._config.pause_on:
            return None
        standing = _standing(seen)
        self._handed &= standing.keys()
        ours = (wall for place, wall in standing.items() if place not in self._handed)
        return next((wall for wall in ours if wall.kind in self._config.pause_on), None)

    async def hand_over(self, wall: Wall, seen: Observation) -> str:
        """Wait until a person has dealt with it, or ends the run; what the model is told of that."""
        self._handed |= {place for place, one in _standing(seen).items() if one.kind == wall.kind}
        await self._emit("paused", {"reason": str(wall), "url": seen.url})
        if self._people.ask is not None:
            said = await self._people.hand_over(f"The page {seen.url} has a wall: {wall}. Please deal with it by hand")
        else:
            self._controls.pause()
            with self._watch.stopped():
                await self._controls.clear()
            said = ""
        await self._emit("resumed", {})
        return f"a person was asked to deal with the {wall.kind}{said and f' and says: {said}'}"

    def told(self, look: Look) -> Look:
        """The look with a note of each wall that was not there at the last one."""
        standing = _standing(look.seen)
        new = [wall for place, wall in standing.items() if place not in self._known]
        self._known = {*standing}
        if any(wall.kind == "bot check" for wall in new):  # what it asks by is part of it
            new = [wall for wall in new if wall.kind != "captcha"]
        notes = [self._note(wall) for wall in new if not (self._signs_in and wall.kind == "sign-in")]
        return replace(look, seen=replace(look.seen, notices=(*look.seen.notices, *notes))) if notes else look

    def _note(self, wall: Wall) -> str:
        ask = "ask, or " if self._config.ask is not None else ""
        return f"{wall}: {MAY[wall.kind].format(ask=ask)}"


def gives_credentials(task: str, secrets: Mapping[str, object]) -> bool:
    """Whether the model has been given something to sign in with."""
    return bool(secrets) or GIVEN.search(task) is not None


def _standing(seen: Observation) -> dict[Place, Wall]:
    where = re.split(r"[?#]", seen.url, maxsplit=1)[0]
    return {(wall.kind, where): wall for wall in walls(seen)}
