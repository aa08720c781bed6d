"""A run whose process is killed goes on: nothing that was done is done twice, and what is unknown is told."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.agent.conftest import Site, careful, done, said, types
from webhand import Agent, Browser, Event, RunStore
from webhand.errors import RunLocked
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel
from webhand.testing import DemoShop
from webhand.testing.shop import DEMO_TASK

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")

NOTES = ("milk", "bread", "tea")

CHILD = """
import asyncio, json, sys
from webhand import Agent, RunStore
from webhand.llm.scripted import ScriptedModel, by_name

folder, url, task, model, script, stop = sys.argv[1:]
if model == "script":
    model = ScriptedModel([
        [{"type": {"ref": by_name("Note"), "text": one}}, {"click": {"ref": by_name("Add")}}] if one else {"reload": {}}
        for one in json.loads(script)
    ] + [{"done": {"answer": "by the first process"}}])
kind, times = stop.split()
left = [int(times)]

def tell(event):
    print(event.seq, event.type, event.data.get("action") or event.data.get("browser_pid") or "-", flush=True)
    left[0] -= kind in ("any", event.type)
    if not left[0]:
        print("standing still", flush=True)
        sys.stdin.read()

asyncio.run(Agent(task, model, start_url=url, store=RunStore(folder), on_event=tell).run())
"""


class Child:
    """A process that carries a run out and stands still where it was told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[list[str]] = []

    def stands(self) -> list[str]:
        """The event after which it stands still, when it does."""
        assert self.process.stdout is not None
        while (line := self.process.stdout.readline()) != "standing still\n":
            assert line, self.lines
            self.lines.append(line.split())
        return self.lines[-1][1:]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @property
    def browser(self) -> int:
        return int(next(line[2] for line in self.lines if line[1] == "step.started"))


Start = Callable[..., Child]


@pytest.fixture
def start(store: RunStore, site: Site) -> Generator[Start]:
    with open(os.devnull, "w") as nowhere:
        children: list[subprocess.Popen[str]] = []

        def started(
            stop: str = "any 0",
            notes: Sequence[str] = NOTES,
            task: str = "Add the notes",
            model: str = "script",
            url: str = "",
        ) -> Child:
            arguments = (store.folder, url or site.url, task, model, json.dumps(notes), stop)
            process = subprocess.Popen(
                [sys.executable, "-c", CHILD, *map(str, arguments)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=nowhere,
                text=True,
            )
            children.append(process)
            return Child(process)

        yield started
        for process in children:
            with process:
                process.kill()


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


# A run of three notes has 37 events: one, 9 in each step that adds a note, 7 in the last step, one. It is killed after:
# a step's begin, a click's begin, its end, a step's end, and the call of a model that sees two notes.
POINTS = (2, 8, 9, 19, 22)


@pytest.mark.parametrize("point", POINTS)
async def test_a_killed_run_goes_on_and_does_nothing_twice(
    point: int, start: Start, site: Site, browser: Browser, store: RunStore
) -> None:
    child = start(f"any {point}")
    child.stands()
    child.kill()
    before = list(site.notes)
    events_before = store.events("last")
    assert len(events_before) == point
    assert store.find("last").status == "stopped"

    told: list[Event] = []
    notes_when_asked: list[list[str]] = []

    def decide(messages: Sequence[Message]) -> Any:
        notes_when_asked.append(list(site.notes))
        return careful(*NOTES)(messages)

    def listen(event: Event) -> None:
        told.append(event)
        if event.type == "observed":
            assert not alive(child.browser), "the old browser is gone before the first look"

    model = ScriptedModel([decide] * 6)
    # In a browser of its own, or in one that is there already: the old one is ended either way.
    given = None if point in (POINTS[0], POINTS[-1]) else browser
    result = await Agent.resume("last", model, browser=given, store=store, on_event=listen)

    assert (result.status, result.answer) == ("done", "by the second process")
    assert site.notes == list(NOTES), "each once, none missing"
    assert notes_when_asked[0] == before, "nothing is done before the model has looked"
    events = store.events("last")
    assert events[:point] == events_before
    assert tuple(told) == events[point:]
    assert types(told)[0] == "resumed"
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert [step.number for step in result.steps] == list(range(1, len(result.steps) + 1))
    assert store.find("last").pid is None
    if events_before[-1].type == "action.started":
        first = said(model.prompts[0])
        assert "outcome is unknown" in first
        assert f"{events_before[-1].data['action']} " in first
    else:
        assert "outcome is unknown" not in said(model.prompts[0])


async def test_what_was_under_way_when_the_process_died_is_unknown_and_not_repeated(
    start: Start, site: Site, browser: Browser, store: RunStore
) -> None:
    """The server has taken the note and not answered: the log cannot know."""
    site.hold = True
    child = start()
    assert site.received.wait(60)
    child.kill()
    assert types(store.events("last"))[-1] == "action.started"
    assert site.notes == ["milk"]
    site.hold = False

    model = ScriptedModel([careful(*NOTES)] * 4)
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert (result.status, site.notes) == ("done", list(NOTES))
    interrupted = result.steps[0]
    assert [one.ok for one in interrupted.results] == [True, False]
    assert interrupted.results[-1].error == "Interrupted"
    assert "click" in said(model.prompts[0])
    assert "outcome is unknown" in said(model.prompts[0])


async def test_what_was_decided_and_not_begun_is_used(
    start: Start, store: RunStore, browser: Browser, site: Site
) -> None:
    """It was paid for, and the page is as it was."""
    child = start("decided 2")
    child.stands()
    child.kill()
    model = ScriptedModel([careful(*NOTES)] * 2)
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert (result.status, site.notes) == ("done", list(NOTES))
    assert (len(result.steps), model.calls) == (4, 2)
    decided = [event.data for event in store.events("last") if event.type == "decided"]
    assert [one.get("reused", False) for one in decided] == [False, False, True, False, False]
    assert decided[1]["usage"] == decided[2]["usage"] == result.steps[1].usage.model_dump()


async def test_what_was_decided_before_somebody_said_otherwise_is_not_used(
    start: Start, store: RunStore, browser: Browser, site: Site
) -> None:
    child = start("decided 2")
    child.stands()
    child.kill()
    notes, model = list(site.notes), ScriptedModel([done()])
    agent = Agent[Any].resuming("last", model, browser=browser, store=store)
    agent.tell("Leave it at that")
    assert (await agent.run()).status == "done"
    assert "not begun: type" in said(model.prompts[0])
    assert "you have been told something since" in said(model.prompts[0])
    assert "Leave it at that" in said(model.prompts[0])
    assert site.notes == notes


async def test_what_was_decided_for_another_page_is_told(
    start: Start, store: RunStore, browser: Browser, site: Site
) -> None:
    child = start("decided 1")
    child.stands()
    child.kill()
    site.notes.append("cheese")
    model = ScriptedModel([done()])
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert result.status == "done"
    assert "not begun: type" in said(model.prompts[0])
    assert site.notes == ["cheese"]


@pytest.mark.parametrize(("kind", "behind"), [("action.finished 4", True), ("step.finished 2", False)])
async def test_a_browser_that_is_behind_what_was_done_is_told(
    kind: str, behind: bool, start: Start, site: Site, browser: Browser, store: RunStore
) -> None:
    """It is brought to where it stood at the end of a step: what came after that is in the log alone."""
    child = start(kind)
    child.stands()
    child.kill()
    model = ScriptedModel([careful(*NOTES)] * 4)
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert (result.status, site.notes) == ("done", list(NOTES))
    assert ("the browser stands where it stood before step 2" in said(model.prompts[0])) == behind
    assert not any("stands where it stood" in said(prompt) for prompt in model.prompts[1:])


@pytest.mark.parametrize("kind", ["action.finished", "step.finished"])
async def test_a_run_killed_after_done_has_only_its_end_left(
    kind: str, start: Start, browser: Browser, store: RunStore
) -> None:
    child = start(f"{kind} 1", notes=())
    child.stands()
    child.kill()
    model = ScriptedModel([])
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert (result.status, result.answer, model.calls) == ("done", "by the first process", 0)


async def test_a_run_can_be_killed_and_resumed_again_and_again(
    start: Start, site: Site, browser: Browser, store: RunStore
) -> None:
    """The second process dies too, between its `resumed` and anything else."""
    child = start("action.started 2")
    assert child.stands() == ["action.started", "click"]
    child.kill()
    with store.open("last") as log:
        log.append("resumed", {"after": 8, "ended_browser": False})
    model = ScriptedModel([careful(*NOTES)] * 4)
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert (result.status, site.notes) == ("done", list(NOTES))
    assert "outcome is unknown" in said(model.prompts[0]), "the click is not forgotten"


async def test_a_run_that_a_living_process_carries_out_is_locked(start: Start, store: RunStore) -> None:
    child = start("observed 1")
    child.stands()
    run_id = store.find("last").id
    with pytest.raises(RunLocked, match=str(child.process.pid)):
        await Agent.resume(run_id, ScriptedModel([]), store=store)
    assert alive(child.browser), "its browser is left alone"
    assert types(store.events(run_id))[-1] == "observed", "nothing was written"


@pytest.mark.parametrize("stop", ["step.finished 12", "action.finished 18"])
async def test_the_offline_model_buys_once_though_it_is_killed(
    stop: str, start: Start, browser: Browser, store: RunStore
) -> None:
    """With the goods in the cart, before the address is typed and in the middle of it."""
    with DemoShop() as shop:
        child = start(stop, task=DEMO_TASK, model="offline", url=shop.url)
        child.stands()
        child.kill()
        assert shop.orders == ()
        result = await Agent.resume("last", browser=browser, store=store)
        assert (result.status, result.success) == ("done", True), result.answer
        assert [order.number for order in shop.orders] == [result.answer]
