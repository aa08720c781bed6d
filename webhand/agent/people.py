"""Asking people during a run: each question is written down before it is asked, and its answer after."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, Literal

from webhand.agent.controls import Controls
from webhand.agent.stopwatch import Stopwatch
from webhand.controller import Approval, Question
from webhand.controller.action import Approve, Ask, Emit
from webhand.controller.risk import risky
from webhand.events import Event


class People:
    """Those whom a run may ask; its `watch` stands still while they think.

    Where the run is stopped meanwhile, their answer is not waited for: Stopped is raised.
    """

    def __init__(
        self,
        ask: Ask | None,
        approve: Approve | Literal["ask"] | None,
        controls: Controls,
        emit: Emit,
        watch: Stopwatch,
        questions: int,
    ) -> None:
        self._ask = ask
        self._approve = approve
        self._controls = controls
        self._emit = emit
        self._watch = watch
        self._questions = questions

    @property
    def ask(self) -> Ask | None:
        """Asks somebody; None where nobody is there."""
        return None if self._ask is None else self._asked

    @property
    def approve(self) -> Approve | None:
        """Asks for somebody's consent; None where nobody is there to give it."""
        return None if self._approve is None else self._approved

    async def again(self, question: Question) -> str | None:
        """The answer to a question that was asked before the run was interrupted, under its old id.

        None where nobody is there any more; nothing is written down.
        """
        return None if self._ask is None else await self._heard(question)

    async def hand_over(self, what: str) -> str:
        """What somebody answers who was asked to do something in the browser's window.

        After an interruption it is not asked again: whether it is still to be done, the page says.
        """
        return await self._asked(Question(id="", text=f"{what} in the browser's window, then answer."), by_hand=True)

    async def _asked(self, question: Question, *, by_hand: bool = False) -> str:
        self._questions += 1
        question = question.model_copy(update={"id": question.id or f"q{self._questions}"})
        await self._emit("asked", question.model_dump(mode="json") | ({"by_hand": True} if by_hand else {}))
        answer = await self._heard(question)
        await self._emit("told", {"question": question.id, "text": answer})
        return answer

    async def _heard(self, question: Question) -> str:
        assert self._ask is not None
        with self._watch.stopped():
            return await self._settled(self._ask(question))

    async def _approved(self, wish: Approval) -> bool | str:
        if callable(self._approve):
            with self._watch.stopped():
                return await self._settled(self._approve(wish))
        if not risky(wish.action, wish.arguments, wish.target):
            return True
        given = ", ".join(f"{name} {value}" for name, value in wish.arguments.items() if name != "ref")
        what = " ".join(filter(None, (wish.action, wish.target, f"({given})" if given else "")))
        question = f"May this be done on {wish.url}: {what}? (yes, or what to do instead)"
        return await self._asked(Question(id="", text=question))

    async def _settled(self, value: Any) -> Any:
        """What somebody's function gives, async or not."""
        return await self._controls.unless_stopped(value) if inspect.isawaitable(value) else value


def unanswered(events: Sequence[Event]) -> Question | None:
    """The question that a run was waiting for when it was interrupted."""
    answered = {event.data.get("question") for event in events if event.type == "told"}
    last = next((event for event in reversed(events) if event.type == "asked"), None)
    if last is None or last.data["id"] in answered or last.data.get("by_hand"):
        return None
    return Question.model_validate(last.data)
