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
from pydantic import BaseModel

from tests.agent.conftest import Site, adding, done, said, types
from webhand import Agent, AgentConfig, Browser, Controller, Event, RunStore, Secret
from webhand.agent.setup import Setup
from webhand.errors import AuthError, ConfigError, RunLocked, RunNotFound
from webhand.llm.messages import Image, Message
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


def careful(*notes: str, answer: str = "by the second process") -> Callable[[Sequence[Message]], Any]:
    """A model that looks at the page and adds what is not there yet."""

    def decide(messages: Sequence[Message]) -> Any:
        page = messages[-1].text
        missing = [note for note in notes if f"- {note}" not in page]
        return adding(missing[0]) if missing else done(answer)

    return decide


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
    point: int, start: Start, site: Site, store: RunStore
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
    result = await Agent.resume("last", model, store=store, on_event=listen)

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
    start: Start, site: Site, store: RunStore
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
    result = await Agent.resume("last", model, store=store)
    assert (result.status, site.notes) == ("done", list(NOTES))
    interrupted = result.steps[0]
    assert [one.ok for one in interrupted.results] == [True, False]
    assert interrupted.results[-1].error == "Interrupted"
    assert "click" in said(model.prompts[0])
    assert "outcome is unknown" in said(model.prompts[0])


async def test_what_was_decided_and_not_begun_is_used(start: Start, store: RunStore, site: Site) -> None:
    """It was paid for, and the page is as it was."""
    child = start("decided 2")
    child.stands()
    child.kill()
    model = ScriptedModel([careful(*NOTES)] * 2)
    result = await Agent.resume("last", model, store=store)
    assert (result.status, site.notes) == ("done", list(NOTES))
    assert (len(result.steps), model.calls) == (4, 2)
    decided = [event.data for event in store.events("last") if event.type == "decided"]
    assert [one.get("reused", False) for one in decided] == [False, False, True, False, False]
    assert decided[1]["usage"] == decided[2]["usage"] == result.steps[1].usage.model_dump()


async def test_what_was_decided_for_another_page_is_told(start: Start, store: RunStore, site: Site) -> None:
    child = start("decided 1")
    child.stands()
    child.kill()
    site.notes.append("cheese")
    model = ScriptedModel([done()])
    result = await Agent.resume("last", model, store=store)
    assert result.status == "done"
    assert "not begun: type" in said(model.prompts[0])
    assert site.notes == ["cheese"]


async def test_a_tab_stands_where_it_stood(start: Start, store: RunStore, site: Site) -> None:
    site.pages["/long"] = """<!doctype html><title>Long</title><p id=said></p><div style="height:5000px">Long</div>
    <script>said.textContent = "Visit " + (sessionStorage.visits = Number(sessionStorage.visits || 0) + 1)</script>"""
    scrolled = {"scroll": {"direction": "down", "amount": 2}}
    agent = Agent("Scroll", ScriptedModel([scrolled] * 2), start_url=f"{site.url}long", store=store)
    for _ in range(2):
        await agent.step()
    await agent.close()
    looks: list[str] = []

    def look(messages: Sequence[Message]) -> Any:
        looks.append(said(messages))
        return done()

    await Agent.resume("last", ScriptedModel([look]), store=store)
    assert "Visit 2" in looks[0]
    assert "Scrolled: 2720 px above the view" in looks[0]


@pytest.mark.parametrize("kind", ["action.finished", "step.finished"])
async def test_a_run_killed_after_done_has_only_its_end_left(kind: str, start: Start, store: RunStore) -> None:
    child = start(f"{kind} 1", notes=())
    child.stands()
    child.kill()
    model = ScriptedModel([])
    result = await Agent.resume("last", model, store=store)
    assert (result.status, result.answer, model.calls) == ("done", "by the first process", 0)


async def test_a_run_can_be_killed_and_resumed_again_and_again(start: Start, site: Site, store: RunStore) -> None:
    """The second process dies too, between its `resumed` and anything else."""
    child = start("action.started 2")
    assert child.stands() == ["action.started", "click"]
    child.kill()
    with store.open("last") as log:
        log.append("resumed", {"after": 8, "ended_browser": False})
    model = ScriptedModel([careful(*NOTES)] * 4)
    result = await Agent.resume("last", model, store=store)
    assert (result.status, site.notes) == ("done", list(NOTES))
    assert "outcome is unknown" in said(model.prompts[0]), "the click is not forgotten"


async def test_cookies_and_tabs_are_restored(start: Start, site: Site, store: RunStore) -> None:
    child = start("step.finished 1", notes=["milk"])
    child.stands()
    child.kill()
    with store.open("last") as log:
        state = json.loads(log.read_private("state.json") or b"")
        assert [cookie["name"] for cookie in state["storage"]["cookies"]] == ["visitor"]
        state["tabs"] = [
            {"url": site.url, "active": True},
            {"url": f"{site.url}other", "active": False},
            {"url": "http://127.0.0.1:9/", "active": False},
        ]
        log.private("state.json", json.dumps(state).encode())
    site.visits.clear()
    model = ScriptedModel([done()])
    result = await Agent.resume("last", model, store=store)
    assert result.status == "done", "a tab that does not open any more does no harm"
    prompt = said(model.prompts[0])
    assert "Welcome back" in prompt, "the cookie was sent"
    assert "Tab 1 (this one): Notes" in prompt
    assert f"Tab 2: Other | {site.url}other" in prompt
    assert site.visits.count("/other") == 1


async def test_a_run_that_a_living_process_carries_out_is_locked(start: Start, store: RunStore) -> None:
    child = start("observed 1")
    child.stands()
    run_id = store.find("last").id
    with pytest.raises(RunLocked, match=str(child.process.pid)):
        await Agent.resume(run_id, ScriptedModel([]), store=store)
    assert alive(child.browser), "its browser is left alone"
    assert types(store.events(run_id))[-1] == "observed", "nothing was written"


@pytest.mark.parametrize("stop", ["step.finished 12", "action.finished 18"])
async def test_the_offline_model_buys_once_though_it_is_killed(stop: str, start: Start, store: RunStore) -> None:
    """With the goods in the cart, before the address is typed and in the middle of it."""
    with DemoShop() as shop:
        child = start(stop, task=DEMO_TASK, model="offline", url=shop.url)
        child.stands()
        child.kill()
        assert shop.orders == ()
        result = await Agent.resume("last", store=store)
        assert (result.status, result.success) == ("done", True), result.answer
        assert [order.number for order in shop.orders] == [result.answer]


# --- runs that ended in another way ---------------------------------------------------------------------------------


async def test_a_run_that_was_stopped_goes_on_in_a_browser_that_is_still_there(
    site: Site, browser: Browser, store: RunStore
) -> None:
    agent = Agent("Add", ScriptedModel([adding("milk")]), browser=browser, start_url=site.url, store=store)
    await agent.step()
    await agent.close()
    model = ScriptedModel([careful("milk", "bread")] * 2)
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert (result.status, site.notes) == ("done", ["milk", "bread"])
    assert browser.connected, "a browser that the run was given is nobody's to end"
    assert "Step 1" in said(model.prompts[0])


async def test_a_run_that_reached_a_limit_goes_on_with_another(site: Site, browser: Browser, store: RunStore) -> None:
    config = AgentConfig(max_steps=1, thinking="brief")
    script = ScriptedModel([adding("milk")])
    first = await Agent("Add", script, browser=browser, start_url=site.url, config=config, store=store).run()
    assert first.status == "limit"
    again = await Agent.resume("last", ScriptedModel([]), browser=browser, store=store)
    assert (again.status, len(again.steps)) == ("limit", 1), "the old limit still holds"
    model = ScriptedModel([done()])
    config = AgentConfig(max_steps=5)
    result = await Agent.resume("last", model, browser=browser, config=config, store=store)
    assert (result.status, result.run_id) == ("done", first.run_id)
    assert [step.number for step in result.steps] == [1, 2]


async def test_a_run_that_failed_too_often_goes_on_with_a_model_that_works(
    site: Site, browser: Browser, store: RunStore
) -> None:
    config = AgentConfig(max_failures=2)
    broken = ScriptedModel(["no", "no"])
    first = await Agent("end", broken, browser=browser, start_url=site.url, config=config, store=store).run()
    assert (first.status, first.limit) == ("limit", "max_failures: 2 failed steps in a row")
    again = await Agent.resume(first.run_id, ScriptedModel([done("yes")]), browser=browser, store=store)
    assert (again.status, again.answer, len(again.steps)) == ("done", "yes", 3)


async def test_a_run_that_failed_goes_on(site: Site, browser: Browser, store: RunStore) -> None:
    script = ScriptedModel([adding("milk"), AuthError("no")])
    first = await Agent("Add", script, browser=browser, start_url=site.url, store=store).run()
    assert first.status == "failed"
    result = await Agent.resume("last", ScriptedModel([done()]), browser=browser, store=store)
    assert (result.status, result.error) == ("done", None)


async def test_a_run_that_is_done_is_refused(site: Site, browser: Browser, store: RunStore) -> None:
    result = await Agent("Look", ScriptedModel([done()]), browser=browser, start_url=site.url, store=store).run()
    with pytest.raises(ConfigError, match=f"{result.run_id} is done"):
        await Agent.resume(result.run_id, ScriptedModel([]), store=store)
    assert types(store.events("last"))[-1] == "run.ended"


async def test_a_run_that_is_not_there_is_told(store: RunStore) -> None:
    with pytest.raises(RunNotFound):
        await Agent.resume("nothing", ScriptedModel([]), store=store)


# --- what the log cannot hold ---------------------------------------------------------------------------------------


class Answer(BaseModel):
    """An output."""

    text: str


def own_actions() -> Controller:
    controller = Controller()

    @controller.action("Look the stock up")
    async def stock(name: str) -> str:
        return f"12 of {name}"

    return controller


GIVEN: dict[str, dict[str, Any]] = {
    "controller": {"controller": own_actions()},
    "output": {"output": Answer},
    "secrets": {"secrets": {"word": Secret("open sesame")}},
}


@pytest.mark.parametrize(
    "names", [["controller"], ["output"], ["secrets"], ["controller", "output", "secrets"]], ids=" ".join
)
async def test_what_a_log_cannot_hold_is_asked_for_by_name(
    names: list[str], site: Site, browser: Browser, store: RunStore
) -> None:
    given = {key: value for name in names for key, value in GIVEN[name].items()}
    config = AgentConfig(max_steps=1)
    script = ScriptedModel([{"reload": {}}])
    await Agent("Look", script, browser=browser, start_url=site.url, config=config, store=store, **given).run()
    length = len(store.events("last"))
    for kept in ([], names[:-1]):
        some = {key: value for name in kept for key, value in GIVEN[name].items()}
        lacking = [name for name in names if name not in kept]
        with pytest.raises(ConfigError) as caught:
            await Agent[Any].resume("last", ScriptedModel([]), browser=browser, store=store, **some)
        assert all(name in str(caught.value) for name in lacking)
        assert not any(name in str(caught.value) for name in kept)
    assert len(store.events("last")) == length, "nothing was begun"

    end = {"done": {"output": {"text": "12"}}} if "output" in names else done()
    model = ScriptedModel([{"stock": {"name": "tea"}}, end] if "controller" in names else [end])
    more = AgentConfig(max_steps=5)
    result = await Agent[Any].resume("last", model, browser=browser, config=more, store=store, **given)
    assert result.status == "done"
    assert result.output == (Answer(text="12") if "output" in names else None)


async def test_a_model_that_cannot_be_made_from_its_name_is_asked_for(
    site: Site, browser: Browser, store: RunStore
) -> None:
    config = AgentConfig(max_steps=1)
    script = ScriptedModel([{"reload": {}}])
    await Agent("Look", script, browser=browser, start_url=site.url, config=config, store=store).run()
    with pytest.raises(ConfigError, match="give model"):
        await Agent.resume("last", browser=browser, store=store)


async def test_pictures_and_files_of_the_task_are_kept(
    site: Site, browser: Browser, store: RunStore, tmp_path: Path
) -> None:
    file = tmp_path / "list.txt"
    file.write_text("tea")
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\nfile")
    images = [Image(data=b"\x89PNG\r\n\x1a\nbytes", detail="low"), picture, Image(url="https://pictures.example/1.png")]
    config = AgentConfig(max_steps=1, vision="never")
    script = ScriptedModel([{"reload": {}}])
    await Agent(
        "Look", script, browser=browser, start_url=site.url, images=images, files=[file], config=config, store=store
    ).run()
    setup = Setup.again(store.events("last"), ScriptedModel([]), None, None, None, None, None, store)
    assert setup.files == (file,)
    assert [image.detail for image in setup.images] == ["low", None, None]
    assert [image.path for image in setup.images] == [None, picture, None]
    assert setup.images[0].url is not None
    assert setup.images[0].url.startswith("data:")
    assert setup.images[2].url == "https://pictures.example/1.png"
    model = ScriptedModel([done()])
    more = AgentConfig(max_steps=2, vision="never")
    await Agent.resume("last", model, browser=browser, config=more, store=store)
    assert [part.kind for part in model.prompts[0][-1].parts].count("image") == 3


# --- logs of other versions -----------------------------------------------------------------------------------------

OLD: dict[str, tuple[dict[str, Any], str | None]] = {
    "with nothing but the task": ({}, None),
    "with a setting that is unknown now": ({"config": {"max_steps": 5, "max_dreams": 3}}, "another version"),
    "with a setting of another kind": ({"config": {"vision": "sometimes"}}, "another version"),
    "with more than is known now": ({"config": {"max_steps": 5}, "mood": "good"}, None),
}


@pytest.mark.parametrize("name", OLD)
def test_a_log_of_another_version(name: str, store: RunStore) -> None:
    data, problem = OLD[name]
    with store.create("Look", data):
        pass
    events, model = store.events("last"), ScriptedModel([])
    if problem is None:
        setup = Setup.again(events, model, None, None, None, None, None, store)
        assert setup.task == "Look"
        assert setup.config.max_steps == data.get("config", {}).get("max_steps", AgentConfig().max_steps)
        return
    with pytest.raises(ConfigError, match=problem):
        Setup.again(events, model, None, None, None, None, None, store)
    given = AgentConfig(max_steps=7)
    assert Setup.again(events, model, None, None, None, None, given, store).config == given


def test_a_log_without_a_beginning_is_none(store: RunStore) -> None:
    with pytest.raises(RunNotFound, match="no beginning"):
        Setup.again((), ScriptedModel([]), None, None, None, None, None, store)
