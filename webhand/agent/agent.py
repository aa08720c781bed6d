"""The agent: looks, lets a model decide, acts, and writes everything down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic

from webhand.agent import limits
from webhand.agent.config import AgentConfig
from webhand.agent.decision import Decision
from webhand.agent.eyes import Eyes
from webhand.agent.hand import BrowserLike, checked
from webhand.agent.history import OutputT, Result, Step
from webhand.agent.prompt import Prompts
from webhand.agent.record import Record
from webhand.agent.resume import resumed
from webhand.agent.run import Run, opened
from webhand.agent.setup import Models, Setup
from webhand.agent.stuck import Stuck
from webhand.browser import Observation, Tab
from webhand.browser.uninterrupted import uninterrupted
from webhand.controller import ActionContext, ActionResult, Controller
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
from webhand.events import Sink
from webhand.llm.messages import Image
from webhand.llm.model import Completion
from webhand.secrets import Secret
from webhand.store import RunStore
from webhand.usage import Usage

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


class Agent(Generic[OutputT]):
    """Carries one task out.

    `model` is a name such as `openai/gpt-6-luna`, a Model, or a list of these: where one fails for a reason of its
    vendor, the next is asked. `browser` is a Browser, a BrowserConfig, a Playwright page or context, or None for a
    headless one of its own. `output` is a pydantic model that the result's `output` will be one of. `secrets` are
    values that the model only knows by name, `files` what it may upload, `images` pictures that belong to the task.
    `store` False keeps nothing. `on_event` is called with each Event as it is written.
    """

    def __init__(
        self,
        task: str,
        model: Models = None,
        *,
        browser: BrowserLike = None,
        start_url: str | None = None,
        controller: Controller | None = None,
        output: type[OutputT] | None = None,
        secrets: Mapping[str, Secret] | None = None,
        files: Sequence[Path | str] = (),
        images: Sequence[Image | Path] = (),
        config: AgentConfig | None = None,
        store: RunStore | bool | None = None,
        on_event: Sink | None = None,
    ) -> None:
        checked(browser)
        if not (on_event is None or callable(on_event)):
            raise ConfigError(f"on_event must be a function that takes an Event, not {type(on_event).__name__}")
        self.setup = Setup.of(task, model, start_url, controller, output, secrets, files, images, config, store)
        self.config = self.setup.config
        self._browser = browser
        self._sinks = () if on_event is None else (on_event,)
        self._stop = False
        self._resumes: str | None = None
        self._stepping: AsyncExitStack | None = None
        self._run: Run | None = None
        self._eyes: Eyes  # these two are made anew for each run
        self._prompts: Prompts

    async def run(self) -> Result[OutputT]:
        """Work until the task is done, a limit is reached or somebody stops it.

        Raises ConfigError, BrowserMissing, LaunchFailed or StoreError when it cannot begin; what goes wrong later is
        in the result. What `on_event` raises ends the run and is raised here.
        """
        try:
            async with self._opened() as run:
                await self._work(run)
            return Result[OutputT].of(run.log.events(), self.setup.output)
        finally:
            self._close_store()

    def run_sync(self) -> Result[OutputT]:
        """`run` for programs without an event loop; in a notebook, which has one, it runs on a thread of its own."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self.run())
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self.run()).result()

    async def step(self) -> Step:
        """One step, for notebooks and debuggers; the browser stays open until the run is done or `close`."""
        if self._run is None:
            self._stepping = AsyncExitStack()
            self._run = await self._stepping.enter_async_context(self._opened())
        step = await self._step(self._run)
        if step.done:
            await self._run.end("done")
            await self.close()
        return step

    def stop(self) -> None:
        """End after the step that is being made; the run can be resumed."""
        self._stop = True

    async def close(self) -> None:
        """End what `step` began."""
        stack, self._stepping, run, self._run = self._stepping, None, self._run, None
        if stack is not None and run is not None:
            try:
                await run.end("stopped")
            finally:
                await stack.aclose()
                self._close_store()

    @classmethod
    async def resume(
        cls,
        run_id: str,
        model: Models = None,
        *,
        browser: BrowserLike = None,
        controller: Controller | None = None,
        output: type[OutputT] | None = None,
        secrets: Mapping[str, Secret] | None = None,
        config: AgentConfig | None = None,
        store: RunStore | None = None,
        on_event: Sink | None = None,
    ) -> Result[OutputT]:
        """Go on with a run that was interrupted, stopped, or reached a limit.

        An action that was begun and not finished is not repeated: the model is told that its outcome is unknown.
        Raises RunNotFound, RunLocked while another process has it, and ConfigError for what the log cannot hold and was
        not given again.
        """
        agent = cls.resuming(
            run_id,
            model,
            browser=browser,
            controller=controller,
            output=output,
            secrets=secrets,
            config=config,
            store=store,
            on_event=on_event,
        )
        return await agent.run()

    @classmethod
    def resuming(
        cls,
        run_id: str,
        model: Models = None,
        *,
        browser: BrowserLike = None,
        controller: Controller | None = None,
        output: type[OutputT] | None = None,
        secrets: Mapping[str, Secret] | None = None,
        config: AgentConfig | None = None,
        store: RunStore | None = None,
        on_event: Sink | None = None,
    ) -> Agent[OutputT]:
        """The agent that `run` goes on with; for those who want to `stop` it meanwhile. As `resume` otherwise."""
        store = store or RunStore()
        setup = Setup.again(store.events(run_id), model, controller, output, secrets, config, store)
        agent = cls(setup.task, setup.model, browser=browser, store=store, on_event=on_event)
        agent.setup, agent.config, agent._resumes = setup, setup.config, run_id
        return agent

    # --- one step -----------------------------------------------------------------------------------------------

    async def _work(self, run: Run) -> None:
        """Step after step until the end; a run that was interrupted after its last step has only the end left."""
        while not run.history.done:
            if reason := limits.reached(run.history, self.config, run.seconds, run.earlier):
                return await run.end("limit", limit=reason)
            if self._stop:
                return await run.end("stopped")
            await self._step(run)
        await run.end("done")

    async def _step(self, run: Run) -> Step:
        """Look, decide, act; each is written down before and after."""
        step = await run.begin_step()
        tab, look = await run.look(self.setup.start_url, self._eyes)
        seen = self.setup.without_secrets(look.seen)
        step = await run.saw(step, replace(look, seen=seen))
        try:
            thought = await self._decide(run, seen, look.stuck)
        except SURVIVABLE as error:  # a bad answer is a step, not a crash
            failed = {"error": f"{type(error).__name__}: {error}", "usage": error.usage or Usage(), "cost": error.cost}
            return await run.finish_step(step.model_copy(update=failed))
        results = await self._act(run, tab, thought.decision)
        done = {"decision": thought.decision, "results": results, "usage": thought.usage, "cost": thought.cost}
        return await run.finish_step(step.model_copy(update=done))

    async def _decide(self, run: Run, seen: Observation, stuck: Stuck | None) -> _Thought:
        setup = self.setup
        notes = [*limits.notes(run.history, self.config, run.seconds), *([stuck.note] if stuck else [])]
        messages = self._prompts.next(run.history, seen, notes)
        await run.emit("model.called", {"step": run.number, "model": setup.model.name})
        reply: Completion[Any] = await setup.model.complete(messages, output=setup.answer)
        thought = _Thought(Decision.of(reply.output), reply.usage, reply.cost)
        targets = {ref: mark.model_dump(mode="json") for ref, mark in thought.decision.targets(seen).items()}
        data = {"step": run.number, "model": reply.model, "targets": targets, "seconds": round(reply.seconds, 3)}
        await run.emit("decided", data | thought.plain())
        return thought

    async def _act(self, run: Run, tab: Tab, decision: Decision) -> tuple[ActionResult, ...]:
        context = ActionContext(
            browser=run.browser,
            model=self.setup.model,
            workspace=self.setup.workspace(run.log.run_id),
            files=self.setup.files,
            secrets=self.setup.secrets,
            step=run.number,
            emit=run.emit,
        )
        asked = run.context.questions()
        results = await self.setup.controller.execute_all(decision.actions, tab, context, self.config.step_timeout)
        await run.context.dismiss(asked)
        return results

    # --- within -------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _opened(self) -> AsyncGenerator[Run]:
        """The run, new or resumed; what was made for it is given back."""
        setup = self.setup
        try:
            if self._resumes is None:
                log, old = setup.store.create(setup.task, setup.started), 0
            else:
                log, old = resumed(setup.store, self._resumes)
            record = Record(log, self._sinks, setup.secrets)
            async with opened(record, self._browser, setup.workspace(log.run_id), old) as run:
                run.context.secrets = setup.bound_secrets
                self._eyes = Eyes(self.config, setup.model)
                self._prompts = Prompts(setup.rules, self.config, setup.images)
                yield run
        finally:
            if setup.owns_model:
                await uninterrupted(setup.model.aclose())

    def _close_store(self) -> None:
        if self.setup.owns_store:
            self.setup.store.close()


@dataclass(frozen=True, slots=True)
class _Thought:
    """A decision with what it took."""

    decision: Decision
    usage: Usage
    cost: Decimal | None

    def plain(self) -> dict[str, Any]:
        cost = None if self.cost is None else str(self.cost)
        return {"decision": self.decision.model_dump(mode="json"), "usage": self.usage.model_dump(), "cost": cost}
