"""The agent: looks, lets a model decide, acts, and writes everything down."""

from __future__ import annotations

import asyncio
import re
import weakref
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Generic

from webhand.agent.arguments import check_arguments
from webhand.agent.config import AgentConfig
from webhand.agent.controls import Controls
from webhand.agent.follow import Before
from webhand.agent.hand import BrowserLike, check_loop, check_start, check_window, checked, rules_told, with_rules
from webhand.agent.history import OutputT, Result, Step
from webhand.agent.loop import Loop
from webhand.agent.recall import recall
from webhand.agent.record import Record
from webhand.agent.resume import check_log, resumed
from webhand.agent.run import Run, opened
from webhand.agent.setup import Models, Setup
from webhand.agent.steps import Steps
from webhand.browser import Kept
from webhand.browser.uninterrupted import uninterrupted
from webhand.controller import Controller
from webhand.errors import ConfigError, WebhandError
from webhand.events import Event, Sink
from webhand.llm.messages import Image
from webhand.secrets import Secret
from webhand.store import RunStore

ADDRESS = re.compile(r"https?://[^\s<>\"'`]+[^\s<>\"'`.,;:!?)\]}]")
"""An address as a task names one."""


class Agent(Generic[OutputT]):
    """Carries one task out.

    `model` is a name such as `openai/gpt-6-luna`, a Model, or a list of these: where one fails for a reason of its
    vendor, the next is asked. `browser` is a Browser, a BrowserConfig, a Playwright page or context, or None for a
    headless one of its own. `output` is a pydantic model that the result's `output` will be one of. `secrets` are
    values that the model only knows by name, `files` what it may upload, `images` pictures that belong to the task.
    `page_model` is a cheaper one for extracts, summaries and the second look. `store` False keeps nothing, and
    files no longer than their run but in a given `workspace`. `on_event` is called with each Event as it is written.
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
        page_model: Models = None,
        config: AgentConfig | None = None,
        store: RunStore | bool | None = None,
        on_event: Sink | None = None,
    ) -> None:
        checked(browser)
        if not (on_event is None or callable(on_event)):
            raise ConfigError(f"on_event must be a function that takes an Event, not {type(on_event).__name__}")
        self.setup = Setup.of(
            task, model, start_url, controller, output, secrets, files, images, page_model, config, store
        )
        self.config = self.setup.config
        check_window(browser, self.config)
        check_start(browser, start_url)
        self.result: Result[OutputT] | None = None
        """How the last run ended, None before."""
        self.kept: Kept | None = None
        """The browser that the last run leaves open, for `Browser.connect(agent.kept.cdp_url)`; `end` ends it."""
        self._browser = browser
        self._sinks: tuple[Sink, ...] = () if on_event is None else (on_event,)
        self._controls = Controls()
        self._resumes: str | None = None
        self._before: Before | None = None
        self._at_work = False
        self._steps: Steps | None = None
        self._streams: weakref.ref[AsyncGenerator[Event]] | None = None
        self._streamed: asyncio.Task[Result[OutputT]] | None = None

    async def run(self, task: str | None = None) -> Result[OutputT]:
        """Work until the task is done, a limit is reached or somebody stops it.

        A `task` given here follows the one before: a new run, with the same browser, files and what was learned.

        Raises ConfigError, BrowserMissing, LaunchFailed or StoreError when it cannot begin; what goes wrong later is
        in the result. What `on_event` or a hook raises ends the run and is raised here.
        """
        await self._left_off()
        with self._alone():
            if self._steps is not None and not self._steps.ended:
                raise ConfigError("a run is being made step by step; `await agent.close()` ends it")
            if task is not None:
                check_arguments(task=task)
                self.setup = self.setup.following(task, self._before)
            self._steps = None
            async with self._opened() as run:
                await Loop(self.setup, run, self._controls).work()
            assert self.result is not None
            return self.result

    def stream(self, task: str | None = None) -> AsyncGenerator[Event]:
        """The events of a run as they happen; `result` holds how it ended. Leaving off ends the run."""
        stream = self._events(task)
        self._streams = weakref.ref(stream)
        return stream

    def run_sync(self, task: str | None = None) -> Result[OutputT]:
        """`run` for programs without an event loop; in a notebook, which has one, it runs on a thread of its own.

        A browser that is open belongs to the event loop it was opened in: ConfigError.
        """
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return asyncio.run(self.run(task))
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self.run(task)).result()

    async def step(self) -> Step | None:
        """One step, for notebooks and debuggers; the browser stays open until the run has ended or `close`.

        None where the run has ended, by its last step, a limit or `stop`: `result` says how. What keeps a run from
        going on, an LLMError too, is raised and ends it. After `close` the next step begins another run. All steps of a
        run are made in one event loop; ConfigError in another.
        """
        await self._left_off()
        with self._alone():
            if self._steps is None:
                self._steps = await Steps.begun(self._opened(), self.setup, self._controls)
            return await self._steps.step()

    def pause(self) -> None:
        """Wait before the next step until `proceed` or `stop`; from any thread, as those below.

        Where no run is going on, the next one waits before its first step.
        """
        self._controls.pause()

    def proceed(self) -> None:
        """Go on after `pause`."""
        self._controls.proceed()

    def tell(self, text: str) -> None:
        """Let the model know something more about its task, from its next step on."""
        check_arguments(text=text)
        self._controls.tell(text)

    def stop(self) -> None:
        """End after the step that is being made, at once where somebody is waited for; the run can be resumed.

        Where no run is going on, the next one ends before its first step.
        """
        self._controls.stop()

    async def close(self) -> None:
        """End what `step` began; an event loop that is closed has ended it already."""
        if self._steps is not None:
            await self._steps.close()
            self._steps = None

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
        page_model: Models = None,
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
            page_model=page_model,
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
        page_model: Models = None,
        config: AgentConfig | None = None,
        store: RunStore | None = None,
        on_event: Sink | None = None,
    ) -> Agent[OutputT]:
        """The agent that `run` goes on with; for those who want to `stop` it meanwhile. As `resume` otherwise."""
        check_arguments(run_id=run_id, **{"store to resume from": store})
        store = RunStore() if store is None else store
        events = store.events(run_id)
        check_log(events)
        setup = Setup.again(events, model, controller, output, secrets, page_model, config, store)
        if any(event.type == "step.started" and event.data["browser_pid"] for event in events):
            check_window(browser, setup.config)  # one that was given or kept may have a window, which no log tells
        browser = with_rules(browser, events[0].data)
        agent = cls(setup.task, setup.model, browser=browser, store=store, on_event=on_event)
        agent.setup, agent.config, agent._resumes = setup, setup.config, run_id
        return agent

    # --- within -------------------------------------------------------------------------------------------------

    async def _events(self, task: str | None) -> AsyncGenerator[Event]:
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        sinks, self._sinks = self._sinks, (*self._sinks, events.put_nowait)
        work = self._streamed = asyncio.create_task(self.run(task))
        work.add_done_callback(lambda _: events.put_nowait(None))
        try:
            while (event := await events.get()) is not None:
                yield event
            await work
        finally:
            self._sinks = sinks
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    @contextmanager
    def _alone(self) -> Generator[None]:
        """ConfigError while the agent is at work already: it has one run, one browser and one history."""
        if self._at_work:
            raise ConfigError("this agent is at work; await its run, or make another agent")
        self._at_work = True
        try:
            yield
        finally:
            self._at_work = False

    async def _left_off(self) -> None:
        """Wait for the end of a stream that nobody holds any more: the loop closes it only when it comes to it."""
        if self._streamed is not None and self._streams is not None and self._streams() is None:
            await asyncio.wait((self._streamed,))

    @asynccontextmanager
    async def _opened(self) -> AsyncGenerator[Run]:
        """The run, new or resumed; what was made for it is given back, and what it came to is known afterwards."""
        setup = self.setup
        begun: Run | None = None
        try:
            check_loop(self._browser)
            if self._resumes is None:
                told = setup.started | rules_told(self._browser) | Before.told(self._before)
                log, old, pending = setup.store.create(setup.task, told), 0, None
                if self._before is not None:
                    self._before.hand_over(log)
            else:
                if setup.secrets:
                    await recall(setup.secrets, setup.store.events(self._resumes))
                log, old, pending = resumed(setup.store, self._resumes)
            record = Record(log, self._sinks, setup.secrets)
            async with opened(record, self._browser, setup.workspace(log), old) as run:
                begun = run
                self.kept = run.kept
                run.context.secrets = setup.bound_secrets
                run.context.own([*ADDRESS.findall(setup.task), *filter(None, [setup.start_url])])
                run.pending = pending
                yield run
        except BaseException:
            with suppress(WebhandError):  # that of the run counts
                self._ended(begun)
            raise
        else:
            self._ended(begun)
        finally:
            self._controls.end()
            if setup.owns_store:
                setup.store.close()
            for model in setup.owned_models:
                await uninterrupted(model.aclose())

    def _ended(self, run: Run | None) -> None:
        if run is not None:
            self.result = Result[OutputT].of(run.log.events(), self.setup.output, self.setup.secrets)
            self._before = Before.of(run.log, self.result, self.config.memory_tokens)
            self._resumes = None
