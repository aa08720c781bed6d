"""What happened in a run: steps, and the result they lead to. Read from the log, so both are always what it says."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, Self

from pydantic import BaseModel, ConfigDict, SerializeAsAny, ValidationError
from typing_extensions import TypeVar

from webhand.agent.decision import Decision
from webhand.agent.record import Status
from webhand.controller import ActionResult
from webhand.controller.given import read
from webhand.controller.origin import origin_of
from webhand.controller.redact import put_back
from webhand.errors import StoreCorrupt
from webhand.events import Event
from webhand.secrets import Secret
from webhand.usage import Usage, total_cost

OutputT = TypeVar("OutputT", bound=BaseModel, default=BaseModel)


class Seen(BaseModel):
    """The look that a step began with, in short.

    `text` is the file that holds the page's text as it was shown; `page` is the same for looks that showed the same,
    `pictured` says whether the model was shown the picture, `repainted` whether that was unlike the one before though
    the text was the same. `stuck` is what the run repeated in vain, and `force` how
    firmly that was said, 4 being that the run ends with this step.
    """

    model_config = ConfigDict(frozen=True)

    url: str
    title: str
    tokens: int
    elements: int
    text: Path | None = None
    page: str = ""
    notices: tuple[str, ...] = ()
    partial: tuple[str, ...] = ()
    pictured: bool = False
    repainted: bool = False
    stuck: str | None = None
    force: int = 0


class Notes(BaseModel):
    """What a model noted about the steps up to number `upto`, in their place."""

    model_config = ConfigDict(frozen=True)

    upto: int
    text: str


class Step(BaseModel):
    """One round of looking, deciding and acting.

    `decision` is None and `error` says why where the model's answer could not be used. `usage` and `cost` (US$) are
    those of the model's call, also of one that failed, as far as they are known; `seconds` is the time of its
    work, in which people are not waited for, `screenshot` a picture of the view, `notes` what was noted in it about the
    steps before. `meant` tells what the references in the decision stood for.
    """

    model_config = ConfigDict(frozen=True)

    number: int
    observation: Seen | None = None
    decision: Decision | None = None
    results: tuple[ActionResult, ...] = ()
    error: str | None = None
    usage: Usage = Usage()
    cost: Decimal | None = None
    seconds: float = 0.0
    screenshot: Path | None = None
    notes: Notes | None = None
    meant: Mapping[str, str] = {}

    @property
    def goal(self) -> str:
        """What the step was for, or why it came to nothing."""
        return self.decision.next_goal if self.decision else self.error or ""

    @property
    def done(self) -> bool:
        """Whether the run ends with this step."""
        return any(result.ok and result.ends == "run" for result in self.results)

    @property
    def failed(self) -> bool:
        """Whether the step brought nothing: no decision, or its last action did not succeed."""
        return self.error is not None or (bool(self.results) and not self.results[-1].ok)

    @property
    def waited(self) -> bool:
        """Whether it ended with a wait for what did not come: that is an answer, no failure to be counted."""
        last = self.results[-1] if self.results else None
        return last is not None and (last.action, last.error) == ("wait", "ActionTimeout")


@dataclass(frozen=True, slots=True)
class Tally:
    """What the first `steps` steps of a run come to.

    `cost` is US$, None where nothing was `paid` for or a part of it is unknown; `sites` are those that were looked at.
    """

    steps: int = 0
    usage: Usage = Usage()
    cost: Decimal | None = None
    paid: bool = False
    sites: frozenset[str] = frozenset()
    notes: Notes | None = None

    def add(self, step: Step) -> Tally:
        """With the next step."""
        more = replace(self, steps=self.steps + 1, notes=step.notes or self.notes)
        if step.observation and (site := origin_of(step.observation.url)) not in self.sites:
            more = replace(more, sites=self.sites | {site})
        if step.usage == Usage():
            return more
        cost = total_cost([self.cost, step.cost] if self.paid else [step.cost])
        return replace(more, usage=self.usage + step.usage, cost=cost, paid=True)


@dataclass(frozen=True)
class History:
    """The steps of a run so far.

    `told` is what people have said since it began, `before` what is known of the runs that it follows, `noted` what is
    being noted in the step that is being made. `counted` is the tally of its first steps, from which the rest is
    counted on: a long run is not added up anew in every step.
    """

    task: str
    steps: tuple[Step, ...] = ()
    told: tuple[str, ...] = ()
    before: str = ""
    noted: Notes | None = None
    counted: Tally = field(default=Tally(), repr=False, compare=False)

    @classmethod
    def of(cls, events: Sequence[Event]) -> Self:
        """The history that a log tells; StoreCorrupt when it has no beginning or is of another version."""
        if not events or events[0].type != "run.started":
            raise StoreCorrupt("the run's log has no beginning")
        try:
            steps = tuple(Step.model_validate(event.data) for event in events if event.type == "step.finished")
        except ValidationError as error:
            raise StoreCorrupt(
                f"the steps of run {events[0].run_id} are of another version of webhand: {error.errors()[0]['msg']}"
            ) from None
        told = tuple(said for event in events if event.type == "told" and (said := said_by_people(event.data)))
        return cls(events[0].data["task"], steps, told, events[0].data.get("before", ""))

    @property
    def done(self) -> bool:
        """Whether the last step ended the run."""
        return bool(self.steps) and self.steps[-1].done

    def add(self, step: Step) -> History:
        """The history with one step more."""
        return replace(self, steps=(*self.steps, step), noted=None, counted=self.tally.add(step))

    @property
    def tally(self) -> Tally:
        """What all its steps come to."""
        return reduce(Tally.add, self.steps[self.counted.steps :], self.counted)

    @property
    def notes(self) -> Notes | None:
        """The latest notes about old steps."""
        return self.noted or self.tally.notes

    @property
    def usage(self) -> Usage:
        """Tokens of all steps."""
        return self.tally.usage

    @property
    def cost(self) -> Decimal | None:
        """US$ of all steps; None when one of them is unknown."""
        return self.tally.cost


def _output(plain: Any, output: type[BaseModel], secrets: Mapping[str, Secret]) -> BaseModel:
    with suppress(ValidationError):
        return read(output, plain)
    try:
        return read(output, put_back(plain, secrets, latest=True))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        told = f"the output in the log does not fit {output.__name__} ({where}: {first['msg']})"
    raise StoreCorrupt(f"{told}; names of secrets stand in it for their values, or it is of another version")


def said_by_people(told: Mapping[str, Any]) -> str:
    """What a model has to be reminded of; answers to its own questions stand among its results already."""
    return "" if told.get("question") and not told.get("late") else str(told["text"])


class Result(BaseModel, Generic[OutputT]):
    """How a run ended.

    `success` is what the model claims in `done`; `status` is what happened: `done`, `failed` (see `error`), `limit`
    (see `limit`) or `stopped`, which can be resumed. `cost` is US$ and None when a price is unknown. `seconds` is the
    time of its work, in which people are not waited for.
    """

    model_config = ConfigDict(frozen=True)

    run_id: str
    status: Status
    success: bool
    answer: str | None
    output: SerializeAsAny[OutputT] | None
    steps: tuple[Step, ...]
    usage: Usage
    cost: Decimal | None
    seconds: float
    limit: str | None
    error: str | None
    files: tuple[Path, ...]
    final_url: str | None

    @classmethod
    def of(
        cls,
        events: Sequence[Event],
        output: type[BaseModel] | None = None,
        secrets: Mapping[str, Secret] = MappingProxyType({}),
    ) -> Self:
        """The result that a log tells; a run without an end counts as stopped.

        An output that does not fit its model with the names of secrets in it, as logs have it, holds the values of
        `secrets`; StoreCorrupt when it does not fit with these either.
        """
        history = History.of(events)
        ends = [event.data for event in events if event.type == "run.ended"]
        end: Mapping[str, Any] = ends[-1] if ends else {"status": "stopped"}
        last = history.steps[-1].results[-1] if history.steps and history.steps[-1].results else None
        data: Mapping[str, Any] = (last.data or {}) if last and last.ends == "run" else {}
        done = end["status"] == "done"
        value = _output(data["output"], output, secrets) if done and output and "output" in data else None
        return cls(
            run_id=events[0].run_id,
            status=end["status"],
            success=done and bool(data.get("success", True)),
            answer=last.text if done and last else None,
            output=value,  # pyright: ignore[reportArgumentType] - an instance of what was asked for
            steps=history.steps,
            usage=history.usage,
            cost=history.cost,
            seconds=end.get("seconds", sum(step.seconds for step in history.steps)),
            limit=end.get("limit"),
            error=end.get("error"),
            files=tuple(path for step in history.steps for result in step.results for path in result.files),
            final_url=end.get("final_url"),
        )

    def _repr_html_(self) -> str:
        """The result as a notebook shows it."""
        said = html.escape(self.answer or self.error or self.limit or "")
        rows = "".join(
            f"<tr><td>{step.number}</td><td>{html.escape(step.goal)}</td>"
            f"<td>{html.escape('; '.join(result.text for result in step.results))}</td></tr>"
            for step in self.steps
        )
        return f"<p><b>{self.status}</b> {said}</p><table>{rows}</table>"
