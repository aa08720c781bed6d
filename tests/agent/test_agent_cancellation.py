"""Cancelling a run at any await: no task, no browser and no open log is left."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.agent.conftest import Counted, Site, adding, awaited, browsers, done, types
from webhand import Agent, Browser, Event, Result, RunStore
from webhand.browser.world import send
from webhand.llm.scripted import ScriptedModel

POINTS = 8
"""Awaits of a short run that are cut, spread over its length; `benchmarks/cancel.py` cuts them all."""


class Bench:
    """Runs the same short task, cut where it is told to be, and looks at what is left."""

    def __init__(self, site: Site, store: RunStore) -> None:
        self.site, self.store = site, store
        self.tasks = asyncio.all_tasks()
        self.processes = set(browsers())
        self._task: asyncio.Task[Result[Any]] | None = None

    async def length(self) -> int:
        """How often an uncut run waits."""
        counted = Counted(self.agent().run())
        result = await awaited(counted)
        assert result.status == "done"
        self.look()
        return counted.waits

    def agent(self, model: ScriptedModel | None = None, sink: Callable[[Event], None] = lambda _: None) -> Agent[Any]:
        model = model or ScriptedModel([adding("a"), done()])
        return Agent("Add a", model, start_url=self.site.url, store=self.store, on_event=sink)

    def cut(self) -> None:
        """Cancel the run."""
        assert self._task is not None
        self._task.cancel()

    async def cancelled(self, agent: Agent[Any], *cuts: int) -> None:
        """Make the run, cancel it at the awaits with these numbers, and see that it ended as it has to."""
        loop = asyncio.get_running_loop()

        def at(number: int) -> None:
            if number in cuts:
                loop.call_soon(self.cut)

        self._task = asyncio.create_task(awaited(Counted(agent.run(), at)))
        await asyncio.wait({self._task})
        assert self._task.cancelled(), self._task
        self.look()
        if runs := self.store.runs():
            events = self.store.events(runs[0].id)
            assert [event.seq for event in events] == list(range(1, len(events) + 1))
            assert types(events).count("run.ended") == 1
            assert types(events)[-1] == "run.ended"
            expected = "done" if "done" in [call.data.get("action") for call in events[-3:]] else "stopped"
            assert events[-1].data["status"] == expected
            assert runs[0].pid is None, "the run is given back"

    def look(self) -> None:
        assert asyncio.all_tasks() - self.tasks - {asyncio.current_task()} == set()
        assert browsers(but=self.processes) == {}


@pytest.fixture
async def bench(site: Site, store: RunStore) -> Bench:
    bench = Bench(site, store)
    await asyncio.sleep(0)
    bench.tasks = asyncio.all_tasks()
    return bench


async def test_a_run_can_be_cancelled_at_any_await(bench: Bench) -> None:
    length = await bench.length()
    assert length > POINTS
    dice = random.Random(11)
    for point in range(POINTS):
        first, last = length * point // POINTS, length * (point + 1) // POINTS - 1
        await bench.cancelled(bench.agent(), dice.randint(first, last) + 1)


async def test_a_second_cancellation_does_not_cut_the_closing_in_two(bench: Bench) -> None:
    length = await bench.length()
    dice = random.Random(12)
    for part in (0.1, 0.6, 0.9):
        first = 1 + int(length * part)
        await bench.cancelled(bench.agent(), *range(first, first + dice.randint(2, 6)))


@pytest.mark.parametrize("kind", ["run.started", "step.started", "model.called", "action.started", "run.ended"])
async def test_a_run_can_be_cancelled_at_an_event(kind: str, bench: Bench) -> None:
    """The cancellation comes from within, so that it strikes at the first await after the event."""

    def listen(event: Event) -> None:
        if event.type == kind:
            bench.cut()

    await bench.cancelled(bench.agent(sink=listen))
    assert kind in types(bench.store.events("last"))


async def test_a_run_can_be_cancelled_during_a_call_of_the_model(bench: Bench) -> None:
    let_go: list[str] = []

    async def hang(_: object) -> Any:
        bench.cut()
        try:
            await asyncio.Event().wait()
        finally:
            let_go.append("the model")

    await bench.cancelled(bench.agent(ScriptedModel([hang])))
    assert let_go == ["the model"]
    assert types(bench.store.events("last"))[-2:] == ["model.called", "run.ended"]


async def test_a_run_can_be_cancelled_while_a_server_does_not_answer(bench: Bench) -> None:
    bench.site.hold = True
    task = asyncio.create_task(bench.agent().run())
    await asyncio.to_thread(bench.site.received.wait, 20)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    bench.look()
    assert types(bench.store.events("last"))[-2:] == ["action.started", "run.ended"]
    assert bench.store.find("last").status == "stopped"


async def test_a_run_that_is_cancelled_before_it_begins_is_none(bench: Bench) -> None:
    task = asyncio.create_task(bench.agent().run())
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert bench.store.runs() == []
    bench.look()


async def test_a_run_in_a_given_browser_leaves_no_context_in_it(browser: Browser, bench: Bench) -> None:
    inner = browser.context.inner.browser
    assert inner is not None
    session = await inner.new_browser_cdp_session()

    async def contexts() -> set[str]:
        reply = await send(session, "Target.getBrowserContexts")
        return set(reply["browserContextIds"])

    before = await contexts()

    def agent() -> Agent[Any]:
        model = ScriptedModel([adding("a"), done()])
        return Agent("Add a", model, browser=browser, start_url=bench.site.url, store=bench.store)

    counted = Counted(agent().run())
    await awaited(counted)
    dice = random.Random(13)
    for cut in [1, 2, 3, *sorted(dice.sample(range(4, counted.waits), 5))]:
        await bench.cancelled(agent(), cut)
        assert await contexts() == before, f"cut at {cut}"
        assert browser.connected
    await session.detach()


async def test_stepping_can_be_cancelled_and_closed(bench: Bench) -> None:
    asked = asyncio.Event()

    async def hang(_: object) -> Any:
        asked.set()
        await asyncio.Event().wait()

    agent = bench.agent(ScriptedModel([hang]))
    task = asyncio.create_task(agent.step())
    await asked.wait()
    task.cancel()
    await asyncio.wait({task})
    await agent.close()
    bench.look()
    assert bench.store.find("last").status == "stopped"
