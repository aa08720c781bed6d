"""A run as it happens, in the terminal."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from webhand.cli.people import PROMPT
from webhand.cli.terminal import one_line
from webhand.controller import ActionCall, ActionResult
from webhand.events import Event
from webhand.report.story import described, named_targets

RESULT = 160
"""Characters of a result that are shown."""
WAITING = 60
"""Characters beside the spinner."""


class LiveView:
    """A sink of events that prints each step, and each action with its result as it happens.

    In a terminal a spinner tells what is waited for; elsewhere there are plain lines only. Use it in a `with` block.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._spinner = Progress(
            SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn(),
            console=console, transient=True,
        )  # fmt: skip
        self._moving = console.is_terminal and not console.is_dumb_terminal
        self._waiting: TaskID | None = None
        self._shown = 0
        self._model = ""
        self._seen = ""
        self._targets: Mapping[str, str] = {}
        self._asked: ActionCall | None = None
        unicode = console.encoding.lower().startswith("utf")
        self._good, self._bad = ("✓", "✗") if unicode else ("ok", "failed")

    def __enter__(self) -> Self:
        if self._moving:
            self._spinner.start()
            self._wait("the browser starts")
        return self

    def __exit__(self, *_: object) -> None:
        if self._moving:
            self._spinner.stop()

    def __call__(self, event: Event) -> None:
        """Show what the event tells."""
        data = event.data
        match event.type:
            case "run.started":
                self._model = str(data.get("model", ""))
            case "step.started":
                self._wait(f"step {data['step']}: looking at the page")
            case "observed":
                self._begin(event)
            case "model.called":
                self._wait(f"step {data['step']}: {data['model']} decides")
            case "decided":
                self._targets = named_targets(data)
                self._step(data["step"], data["decision"]["next_goal"])
            case "action.started":
                self._asked = ActionCall.model_validate(data)
                self._wait(described(self._asked, self._targets))
            case "action.finished":
                self._action(ActionResult.model_validate(data))
            case "step.finished":
                self._finished(data)
            case "resumed":
                self._print(Text(f"run {event.run_id} goes on", "dim"))
            case "run.ended":
                self.__exit__()
            case "paused":
                self._paused(data)
            case "told":
                self._told(data)
            case "asked":  # shown by `asking`, as are questions of before an interruption
                pass

    @contextmanager
    def asking(self, question: str) -> Generator[None]:
        """Shows a question and stands still until it is answered."""
        if self._moving:
            self._spinner.stop()
        self._print(Text.assemble(("  ?  ", "bold yellow"), (question, "bold")))
        self._console.print(PROMPT, end="")
        try:
            yield
        finally:
            if self._moving:
                self._spinner.start()

    def _paused(self, data: Mapping[str, Any]) -> None:
        why = f": {one_line(data['reason'])}" if "reason" in data else ""
        self._print(Text(f"     paused{why}", "yellow"))
        self._wait("paused")

    def _told(self, data: Mapping[str, Any]) -> None:
        if not data.get("question"):  # an answer stands where it was typed
            self._print(Text(f"     told: {one_line(data['text'])}", "yellow"))

    def _begin(self, event: Event) -> None:
        if self._model:  # told as late as the first look: what fails before it is one line and no more
            self._print(Text(f"run {event.run_id} with {one_line(self._model)}", "dim"))
            self._model = ""
        self._seen = one_line(event.data["title"] or event.data["url"])

    def _step(self, number: int, goal: str) -> None:
        self._shown = number
        line = Text.assemble((f"{number:>3}  ", "bold cyan"), (one_line(goal) or "(no goal was given)", "bold"))
        if self._seen:
            line.append(f"  ({self._seen})", "dim")
        self._print(line)

    def _action(self, result: ActionResult) -> None:
        told = one_line(result.text)
        told = told if len(told) <= RESULT else f"{told[:RESULT]} … ({len(told):,} characters)"
        seconds = (f"  {result.seconds:.1f} s", "dim") if result.seconds >= 0.05 else ""
        if result.ok:
            self._print(
                Text.assemble("     ", (self._good, "green"), f" {one_line(result.action):<7} ", (told, "dim"), seconds)
            )
            return
        asked = described(self._asked, self._targets) if self._asked else result.action
        self._print(Text(f"     {self._bad} {one_line(asked)}: {told}", "red").append_text(Text.assemble(seconds)))

    def _finished(self, step: Mapping[str, Any]) -> None:
        if step["error"]:
            self._print(Text(f"{step['number']:>3}  {self._bad} {one_line(step['error'])}", "red"))
        elif step["number"] != self._shown and step["decision"]:  # one that was interrupted, closed when it is resumed
            self._step(step["number"], step["decision"]["next_goal"])
            for call, result in zip(step["decision"]["actions"], step["results"], strict=False):
                self._asked = ActionCall.model_validate(call)
                self._action(ActionResult.model_validate(result))

    def _print(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True, highlight=False)

    def _wait(self, description: str) -> None:
        if not self._moving:
            return
        if self._waiting is not None:
            self._spinner.remove_task(self._waiting)
        self._waiting = self._spinner.add_task(one_line(description)[:WAITING], total=None)
