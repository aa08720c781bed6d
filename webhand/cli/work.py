"""An agent at work for the command line: shown live, interruptible, and what it ends with."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from webhand.cli.codes import DONE, FAILED, LIMIT, VENDOR, read_error
from webhand.cli.interruption import Interruption
from webhand.cli.terminal import lines, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from webhand.agent import Agent, Result
    from webhand.browser import Kept
    from webhand.cli.people import Person
    from webhand.events import Event, Sink
    from webhand.llm.model import Model
    from webhand.store import RunStore


OUTAGES = ("ProviderUnavailable", "ProviderTimeout", "Overloaded", "RateLimited")
"""Errors of steps that the model's vendor, and not the model, is the reason of."""


@dataclass(frozen=True)
class Outcome:
    """How it ended: the exit code, the line for stderr, and the run's page; a run without a step has none."""

    code: int
    told: str | None
    result: Result[Any] | None = None
    page: Path | None = None
    kept: Kept | None = None
    """The browser that stays open."""


class Work:
    """One agent at work. `make` builds it around a sink; `quiet` shows nothing; `person` may be asked."""

    def __init__(
        self,
        make: Callable[[Sink], Agent[Any]],
        model: Model,
        store: RunStore,
        *,
        quiet: bool,
        err: bool = True,
        person: Person | None = None,
    ) -> None:
        self._make = make
        self._model = model
        self._store = store
        self._quiet = quiet
        self._err = err
        self._person = person
        self._view: Sink | None = None
        self._run_id: str | None = None
        self._kept: Kept | None = None

    def outcome(self) -> Outcome:
        """Carry it out. Raises what keeps it from beginning."""
        from rich.console import Console

        from webhand.cli.live import LiveView

        with ExitStack() as stack:
            if not self._quiet:
                self._view = view = stack.enter_context(LiveView(Console(stderr=self._err)))
                if self._person is not None:
                    self._person.asking = view.asking
            result, code = asyncio.run(self._work())
        return self._ended(result, code)

    async def _work(self) -> tuple[Result[Any] | None, int | None]:
        agent = self._make(self._told)

        def stop() -> None:
            agent.stop()
            if self._person is not None:
                self._person.leave()

        interruption = Interruption(stop, self._say)
        try:
            return await interruption.watch(agent.run()), interruption.code
        finally:
            self._kept = agent.kept
            await self._model.aclose()

    def _told(self, event: Event) -> None:
        self._run_id = event.run_id
        if self._view is not None:
            self._view(event)

    def _say(self, line: str) -> None:
        if not self._quiet:
            typer.echo(line, err=True)

    def _ended(self, result: Result[Any] | None, interrupted: int | None) -> Outcome:
        from webhand.agent import Result
        from webhand.report import write_report

        if self._run_id is None:
            return Outcome(FAILED if interrupted is None else interrupted, "stopped before it began")
        events = self._store.events(self._run_id)
        result = result or Result[Any].of(events)
        page = write_report(events, self._store.folder / "reports")
        code, told = verdict(result, interrupted)
        began = any(event.type == "observed" for event in events)
        return Outcome(code, told, result, page if began else None, self._kept)


def verdict(result: Result[Any], interrupted: int | None = None) -> tuple[int, str | None]:
    """The exit code of a run, and what there is to say about an end that is not the wished one."""
    go_on = f"webhand resume {result.run_id}"
    match result.status:
        case "done":
            return (DONE, None) if result.success else (FAILED, "error: not done; the answer says why")
        case "limit":
            more = " --max-steps N" if (result.limit or "").startswith("max_steps") else ""
            last = (result.steps[-1].error if result.steps else None) or ""
            why = f" ({one_line(last)})" if last else ""
            outage = (result.limit or "").startswith("max_failures") and last.partition(":")[0] in OUTAGES
            told = f"error: limit reached: {result.limit}{why}; go on with: {go_on}{more}"
            return VENDOR if outage else LIMIT, told
        case "failed":
            text, code = read_error(result.error or "it failed")
            return code, f"error: {one_line(text)}"
        case "stopped":
            return (FAILED if interrupted is None else interrupted), f"stopped; go on with: {go_on}"


def finish(outcome: Outcome, *, as_json: bool) -> None:
    """Print what the run came to, and end the command with its exit code."""
    result = outcome.result
    if as_json and result is not None:
        typer.echo(result.model_dump_json())
        raise typer.Exit(outcome.code)
    if result is not None and result.answer is not None:
        typer.echo(lines(result.answer))
        sys.stdout.flush()
    if outcome.told is not None:
        typer.echo(outcome.told, err=True)
    if outcome.page is not None:
        typer.echo(f"the run as a page: {outcome.page}", err=True)
    if outcome.kept is not None and result is not None:
        where = f"at {outcome.kept.cdp_url}" if result.status == "done" else f"for: webhand resume {result.run_id}"
        typer.echo(f"the browser stays open (process {outcome.kept.pid}) {where}", err=True)
    raise typer.Exit(outcome.code)
