"""A person at the command line: whom an agent may ask, and what they are asked for."""

import asyncio
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

import typer

from webhand.cli.terminal import lines

if TYPE_CHECKING:
    from webhand.agent import AgentConfig
    from webhand.controller import Question

NOBODY = "(nobody answers: there is no more input)"
PROMPT = "> "
CHUNK = 4096


class Person:
    """Somebody who answers on standard input. `asking` shows a question while its answer is waited for."""

    def __init__(self) -> None:
        self.asking: Callable[[str], AbstractContextManager[None]] = _asking
        self._typed = b""
        self._waiting: asyncio.Future[bytes] | None = None

    async def ask(self, question: "Question") -> str:
        """The line that is typed for an answer."""
        return await self.answer(lines(question.text))

    async def answer(self, text: str) -> str:
        """The line that is typed once the text is shown; CancelledError when the person is left meanwhile."""
        if sys.stdin.isatty():
            self._forget_what_was_typed()
        with self.asking(text):
            return await self._line()

    async def _line(self) -> str:
        while b"\n" not in self._typed:
            if not (came := await self._more()):
                self._typed = self._typed and self._typed + b"\n"
                break
            self._typed += came
        line, found, self._typed = self._typed.partition(b"\n")
        answer = line.decode(sys.stdin.encoding, "replace").strip() if found else NOBODY
        if not sys.stdin.isatty():  # which would have shown it
            typer.echo(answer, err=True)
        return answer

    def leave(self) -> None:
        """Wait for no answer any more."""
        if self._waiting is not None:
            self._waiting.cancel()

    async def _more(self) -> bytes:
        """What is typed next. Read by a thread of its own: no loop can watch a console or a file on every platform."""
        loop = asyncio.get_running_loop()
        waiting = self._waiting = loop.create_future()

        def arrived(came: bytes) -> None:
            if not waiting.done():
                waiting.set_result(came)

        def read() -> None:
            with suppress(RuntimeError):  # the loop is closed: the run is over
                loop.call_soon_threadsafe(arrived, _read())

        Thread(target=read, daemon=True).start()
        try:
            return await waiting
        finally:
            self._waiting = None

    def _forget_what_was_typed(self) -> None:
        """What was typed before a question was asked is no answer to it."""
        self._typed = b""
        if sys.platform != "win32":
            import termios

            with suppress(termios.error):
                termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


def somebody(ask: bool | None, *, as_json: bool) -> Person | None:
    """Whom the agent may ask: by default whoever sees its questions in a terminal and can answer them there."""
    there = sys.stdin.isatty() and sys.stderr.isatty() and not as_json
    return Person() if (there if ask is None else ask) else None


def with_people(
    person: Person | None, *, approve: bool = False, pause_on: Sequence[str] = (), headed: bool = False
) -> dict[str, Any]:
    """The settings of an agent that have to do with people; ConfigError where nobody could do what is wished."""
    from webhand.errors import ConfigError

    walls = _walls(pause_on)
    if walls and not headed:
        raise ConfigError("--pause-on hands the page to a person, who needs its window: give --headed too")
    if person is None and (walls or approve):
        wished = "--pause-on" if walls else "--approve"
        raise ConfigError(f"{wished} needs somebody: run it in a terminal, or give --ask and answers on standard input")
    given = {"ask": person and person.ask, "approve": "ask" if approve else None, "pause_on": walls or None}
    return {name: value for name, value in given.items() if value is not None}


def again(
    begun: Mapping[str, Any], changes: Mapping[str, Any], person: Person | None, *, approve: bool
) -> "tuple[AgentConfig | None, bool]":
    """The settings of a run of old with these changes, None where nothing is new; and whether it needs a window.

    What the command line gave it then, it gives again; functions of a program it cannot give.
    """
    from pydantic import ValidationError

    from webhand.agent import AgentConfig

    old = begun.get("config", {})
    callables = set(begun.get("callables", ()))
    asks_first = begun.get("approve") == "ask"
    known = {"ask", "approve"} if asks_first else {"ask"}
    pause_on = old.get("pause_on", ())
    people = with_people(person, approve=approve or asks_first, pause_on=pause_on, headed=True)
    if callables - known or not (changes or people or callables):
        return None, bool(pause_on)
    try:
        gone = dict.fromkeys(callables & {"ask"})  # where nobody sits at the terminal
        return AgentConfig.model_validate({**old, **gone, **changes, **people}), bool(pause_on)
    except ValidationError:  # they are of another version, which is told where they are read
        return None, bool(pause_on)


def _walls(given: Sequence[str]) -> tuple[str, ...]:
    from webhand.browser.walls import KINDS
    from webhand.errors import ConfigError

    kinds = {kind.replace(" ", "-"): kind for kind in KINDS}
    named = [name.strip().replace(" ", "-") for one in given for name in one.split(",")]
    if unknown := [name for name in named if name not in kinds]:
        raise ConfigError(f"--pause-on: there is no wall {unknown[0]!r}; the kinds are {', '.join(kinds)}")
    return tuple(dict.fromkeys(kinds[name] for name in named))


def _read() -> bytes:
    try:
        return os.read(sys.stdin.fileno(), CHUNK)
    except OSError:  # the terminal is gone
        return b""


@contextmanager
def _asking(text: str) -> Generator[None]:
    typer.echo(f"{text}\n{PROMPT}", err=True, nl=False)
    yield
