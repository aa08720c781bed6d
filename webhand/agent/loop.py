"""The loop of one run: look, decide, act, each written down before and after."""

from __future__ import annotations

import asyncio
import inspect
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from webhand.agent import limits
from webhand.agent.acceptance import Acceptance
from webhand.agent.barriers import Barriers, gives_credentials
from webhand.agent.controls import Controls, Stopped
from webhand.agent.decision import Decision
from webhand.agent.eyes import Eyes, Look
from webhand.agent.history import Step
from webhand.agent.memory import Memory
from webhand.agent.meter import Meter
from webhand.agent.people import People
from webhand.agent.prompt import Prompts
from webhand.agent.run import Run
from webhand.agent.setup import Setup
from webhand.agent.summary import Notekeeper
from webhand.browser import Observation, Tab
from webhand.controller import ActionContext, ActionResult
from webhand.errors import (
    ConfigError,
    ContentBlocked,
    ContextTooLong,
    OutputInvalid,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
    RateLimited,
    Refused,
)
from webhand.llm.messages import Message
from webhand.llm.model import Completion, Model
from webhand.llm.scripted import ScriptedModel
from webhand.usage import Usage

T = TypeVar("T")
SURVIVABLE = (
    OutputInvalid,
    Refused,
    ContentBlocked,
    ContextTooLong,
    RateLimited,
    Overloaded,
    ProviderTimeout,
    ProviderUnavailable,
)
"""What a model call may end with and the run goes on: a step with an error. Everything else no later call can mend."""


class Loop:
    """Works on one run until its end, within its limits and as far as people let it."""

    def __init__(self, setup: Setup, run: Run, controls: Controls) -> None:
        self._setup = setup
        self._config = setup.config
        self._run = run
        self._controls = controls
        self._meter = Meter()
        self._model = self._meter.on(setup.model)
        self._page_model = self._meter.on(setup.page_model)
        self._eyes = Eyes(self._config, setup.model)
        memory = Memory(self._config.memory_tokens)
        self._prompts = Prompts(setup.rules, self._config, memory, setup.images)
        self._people = People(self._config.ask, self._config.approve, controls, run.emit, run.watch, run.questions)
        signs_in = gives_credentials(setup.task, setup.secrets)
        self._barriers = Barriers(self._config, self._people, controls, run.emit, run.watch, signs_in=signs_in)
        self._notekeeper = Notekeeper(memory, self._page_model, self._noted)
        self._acceptance = Acceptance(self._config, memory, self._page_model)

    async def work(self) -> None:
        """Step after step until the end."""
        while await self.step() is not None:
            pass

    async def step(self) -> Step | None:
        """One step, which is in the log when this returns; None where the run has ended, which then is.

        The time until the next one is the caller's.
        """
        with self._run.watch.running():
            while not await self._over():
                with suppress(Stopped):
                    return await self._step()
            return None

    async def _over(self) -> bool:
        """Whether the run has ended, once nobody wants it to wait.

        One that was interrupted after its last step has only the end left.
        """
        run = self._run
        with suppress(Stopped):
            await self._ask_again()
        if run.history.done:
            await run.end("done")
            return True
        await self._hold()
        if reason := limits.reached(run.history, self._config, run.watch.seconds, run.earlier):
            await run.end("limit", limit=reason)
            return True
        if self._controls.stopped:
            await run.end("stopped")
        return self._controls.stopped

    async def _ask_again(self) -> None:
        """Have the question answered that the run was waiting for when it was interrupted."""
        question, self._run.unanswered = self._run.unanswered, None
        if question is not None and (answer := await self._people.again(question)) is not None:
            await self._run.told(answer, question)

    async def _step(self) -> Step:
        """One step; one that is ended while it waits for somebody is not in the log, and begins anew."""
        run = self._run
        step = await run.begin_step(self._controls.taken())
        tab, look = await self._look()
        await _called(self._config.before_step, look.seen)
        step = await run.saw(step, look)
        notes = await self._notekeeper.notes(run.history)
        run.history = replace(run.history, noted=notes)
        try:
            decision = await self._decide(look)
        except SURVIVABLE as error:  # a bad answer is a step, not a crash
            step = step.model_copy(update={"error": f"{type(error).__name__}: {error}"})
        else:
            results = await self._act(tab, look.seen, decision)
            step = step.model_copy(
                update={"decision": decision, "results": results, "meant": decision.meant(look.seen)}
            )
        usage, cost = self._meter.taken()
        step = await run.finish_step(step.model_copy(update={"usage": usage, "cost": cost, "notes": notes}))
        await _called(self._config.after_step, step)
        return step

    async def _look(self) -> tuple[Tab, Look]:
        """The tab in front and what it shows when no wall is left to a person."""
        notices: tuple[str, ...] = ()
        while True:
            tab, look = await self._run.look(self._setup.start_url, self._eyes)
            seen = self._setup.without_secrets(replace(look.seen, notices=(*notices, *look.seen.notices)))
            if (wall := self._barriers.for_person(seen)) is None:
                return tab, self._barriers.told(replace(look, seen=seen))
            notices = (*seen.notices, await self._barriers.hand_over(wall, seen))
            if self._controls.stopped:
                raise Stopped

    async def _hold(self) -> None:
        """Wait while somebody wants the run to."""
        if self._controls.paused and not self._controls.stopped:
            await self._run.emit("paused", {})
            with self._run.watch.stopped():
                await self._controls.clear()
            await self._run.emit("resumed", {})

    async def _decide(self, look: Look) -> Decision:
        run, seen = self._run, look.seen
        notes = list(limits.notes(run.history, self._config, run.watch.seconds))
        notes += [look.stuck.note] if look.stuck else []
        if (pending := run.pending) is not None:
            run.pending = None
            self._meter.add(pending.usage, pending.cost)
            if (decision := pending.on(seen)) is not None:
                await self._decided(decision, seen, {"reused": True}, pending.usage, pending.cost)
                return decision
            notes.append(pending.note)
        messages = self._prompts.next(run.history, seen, notes, look.opened)
        first = run.number == 1 and self._config.first_actions
        name = ScriptedModel.name if first else self._model.name
        await run.emit("model.called", {"step": run.number, "model": name})
        reply = await (self._first(messages) if first else self._answered(messages))
        decision = Decision.of(reply.output)
        told = {"model": reply.model, "seconds": round(reply.seconds, 3)}
        await self._decided(decision, seen, told, reply.usage, reply.cost)
        return decision

    async def _answered(self, messages: Sequence[Message]) -> Completion[Any]:
        """The model's answer, within the time that it and the run have."""
        return await self._in_time(self._model, self._model.complete(messages, output=self._setup.answer))

    async def _noted(self, answer: Awaitable[T]) -> T:
        """What a call for notes brings in the same time, as long as nobody ends the run."""
        return await self._in_time(self._page_model, self._controls.unless_stopped(answer))

    async def _in_time(self, model: Model, answer: Awaitable[T]) -> T:
        """What a call of the model brings; ProviderTimeout once the time is over that it and the run have."""
        limit = min(self._config.model_timeout or math.inf, self._seconds_left)
        try:
            async with asyncio.timeout(None if limit == math.inf else limit):
                return await answer
        except TimeoutError:
            raise ProviderTimeout(f"the model did not answer within {limit:.3g} s", model=model.name) from None

    @property
    def _seconds_left(self) -> float:
        most = self._config.max_seconds
        return math.inf if most is None else max(0.0, most - self._run.watch.seconds)

    async def _decided(
        self, decision: Decision, seen: Observation, more: Mapping[str, Any], usage: Usage, cost: Decimal | None
    ) -> None:
        targets = {ref: mark.model_dump(mode="json") for ref, mark in decision.targets(seen).items()}
        plain = {"decision": decision.model_dump(mode="json"), "usage": usage.model_dump(), "targets": targets}
        cost_said = {"cost": None if cost is None else str(cost)}
        await self._run.emit("decided", {"step": self._run.number, **more, **plain, **cost_said})

    async def _first(self, messages: Sequence[Message]) -> Completion[Any]:
        """What the caller has decided, in a model's place."""
        try:
            script = ScriptedModel([list(self._config.first_actions)])
            return await script.complete(messages, output=self._setup.answer)
        except ConfigError as error:  # by_name of something that the page has not
            raise OutputInvalid(f"first_actions: {error}") from None

    async def _act(self, tab: Tab, seen: Observation, decision: Decision) -> tuple[ActionResult, ...]:
        run, setup, people = self._run, self._setup, self._people

        async def accept(value: Any) -> str | None:
            return await self._acceptance.problem(value, run.history, seen)

        context = ActionContext(
            browser=run.browser,
            model=self._page_model,
            workspace=run.workspace,
            files=setup.files,
            secrets=setup.secrets,
            ask=people.ask,
            approve=people.approve,
            accept=accept,
            step=run.number,
            emit=run.emit,
            worked=lambda: run.watch.seconds,
        )
        asked = run.context.questions()
        within = min(self._config.step_timeout, self._seconds_left)
        results = await setup.controller.execute_all(decision.actions, tab, context, within)
        await run.context.dismiss(asked)
        return results


async def _called(hook: Callable[..., Any] | None, value: Observation | Step) -> None:
    if hook is not None and inspect.isawaitable(returned := hook(value)):
        await returned
