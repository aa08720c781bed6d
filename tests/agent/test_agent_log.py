"""The log of a run: what is written, in which order, what is told to listeners, and what the result says of it."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tests.agent.conftest import Site, adding, done, types
from webhand import Agent, AgentConfig, Browser, BrowserConfig, Event, Result, RunStore, Secret, Step
from webhand.agent.record import Record
from webhand.errors import AuthError, LaunchFailed, Overloaded, StoreCorrupt
from webhand.events import Sink
from webhand.llm.scripted import ScriptedModel, by_name


class Notes(BaseModel):
    """What the output tests ask for."""

    notes: list[str]


def step(*actions: str) -> list[str]:
    carried_out = ["action.started", "action.finished"] * len(actions)
    return ["step.started", "observed", "model.called", "decided", *carried_out, "step.finished"]


UNDECIDED = ["step.started", "observed", "model.called", "step.finished"]
CUT_SHORT = ["step.started", "observed", "model.called", "run.ended"]
DONE = done()


@dataclass(frozen=True)
class Case:
    """A script and the events that it has to bring between `run.started` and `run.ended`."""

    script: Sequence[Any]
    expected: Sequence[str]
    status: str = "done"
    config: AgentConfig = AgentConfig()
    output: type[BaseModel] | None = None


CASES = {
    "done at once": Case([DONE], step("done")),
    "two actions in a step": Case([adding("a"), DONE], step("type", "click") + step("done")),
    "an action that fails": Case([[{"click": {"ref": "e99"}}, *adding("a")], DONE], step("click") + step("done")),
    "another page under the rest": Case(
        [[{"navigate": {"url": "about:blank"}}, *adding("a")], DONE], step("navigate") + step("done")
    ),
    "a bad answer": Case(["prose", DONE], UNDECIDED + step("done")),
    "a busy vendor": Case([Overloaded("busy"), DONE], UNDECIDED + step("done")),
    "a limit of steps": Case([adding("a")], step("type", "click"), "limit", AgentConfig(max_steps=1)),
    "a limit of failures": Case(["a", "b"], UNDECIDED * 2, "limit", AgentConfig(max_failures=2)),
    "a wrong key": Case([adding("a"), AuthError("no")], step("type", "click") + CUT_SHORT[:-1], "failed"),
    "with an output": Case([{"done": {"output": {"notes": ["a"]}}}], step("done"), output=Notes),
    "with pictures": Case([{"screenshot": {}}, DONE], step("screenshot") + step("done")),
    "without pictures": Case([DONE], step("done"), config=AgentConfig(vision="never")),
    "a denial": Case([done("no", False)], step("done")),
}


@pytest.mark.parametrize("name", CASES)
async def test_events_come_in_the_promised_order_and_make_the_result(
    name: str, site: Site, browser: Browser, store: RunStore
) -> None:
    case = CASES[name]
    told: list[Event] = []
    agent = Agent(
        "Add notes",
        ScriptedModel(case.script),
        browser=browser,
        start_url=site.url,
        config=case.config,
        output=case.output,
        store=store,
        on_event=told.append,
    )
    result = await agent.run()

    events = store.events(result.run_id)
    assert types(events) == ["run.started", *case.expected, "run.ended"]
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert told == list(events)
    assert {event.run_id for event in events} == {result.run_id}
    assert result.status == case.status
    assert Result[Any].of(events, case.output) == result
    kept: type[Result[Any]] = Result[Notes] if case.output else Result[Any]
    assert kept.model_validate_json(result.model_dump_json()) == result, "a result survives JSON"


async def test_each_event_is_in_the_log_before_its_effect_and_after_it(
    site: Site, browser: Browser, store: RunStore
) -> None:
    """What the world looked like when each event was told."""
    notes_at: list[tuple[str, int]] = []
    calls_at: list[tuple[str, int]] = []
    written: list[bool] = []

    def look(event: Event) -> None:
        notes_at.append((event.type, len(site.notes)))
        calls_at.append((event.type, model.calls))
        written.append(store.events(event.run_id)[-1] == event)

    model = ScriptedModel([adding("a"), done()])
    await Agent("Add a", model, browser=browser, start_url=site.url, store=store, on_event=look).run()

    assert all(written)
    clicks = [notes for kind, notes in notes_at if kind.startswith("action.")][2:4]
    assert clicks == [0, 1], "the note came between the click's two events"
    assert [calls for kind, calls in calls_at if kind in ("model.called", "decided")] == [0, 1, 1, 2]


async def test_what_the_events_hold(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"memory": "m", "next_goal": "g", "evaluation": "e", "actions": adding("a")}, done()])
    agent = Agent("Add a", model, browser=browser, start_url=site.url, store=store)
    result = await agent.run()
    events = store.events(result.run_id)
    by_type = {event.type: event for event in reversed(events)}  # the first of each

    started = by_type["run.started"].data
    assert (started["task"], started["start_url"], started["model"]) == ("Add a", site.url, "scripted/script")
    assert AgentConfig.model_validate(started["config"]) == agent.config
    assert by_type["step.started"].data == {"step": 1, "browser_pid": None}, "a shared browser is not the run's own"
    seen = by_type["observed"].data
    assert (seen["url"], seen["title"]) == (site.url, "Notes")
    assert "Note" in Path(seen["text"]).read_text("utf-8")
    assert Path(seen["screenshot"]).read_bytes().startswith(b"\xff\xd8\xff")
    decided = by_type["decided"].data
    assert decided["decision"]["memory"] == "m"
    assert {mark["name"] for mark in decided["targets"].values()} == {"Note", "Add"}
    assert by_type["action.started"].data["action"] == "type"
    assert by_type["action.finished"].data["ok"] is True
    assert by_type["run.ended"].data["final_url"] == site.url


async def test_nothing_is_kept_where_nothing_shall_be(
    site: Site, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    told: list[Event] = []
    agent = Agent(
        "Add a",
        ScriptedModel([adding("a"), done()]),
        browser=browser,
        start_url=site.url,
        store=False,
        on_event=told.append,
    )
    result = await agent.run()
    assert (result.status, len(result.steps)) == ("done", 2)
    assert types(told)[0] == "run.started"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def test_nothing_is_kept_of_a_run_that_was_cancelled_either(
    site: Site, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    reached = asyncio.Event()

    async def hang(_: object) -> Any:
        reached.set()
        await asyncio.Event().wait()

    agent = Agent("Add a", ScriptedModel([hang]), browser=browser, start_url=site.url, store=False)
    task = asyncio.create_task(agent.run())
    await reached.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


async def _listen(browser: Browser | None, site: Site, store: RunStore, sink: Sink) -> Result[Any]:
    model = ScriptedModel([adding("a"), done()])
    return await Agent("Add a", model, browser=browser, start_url=site.url, store=store, on_event=sink).run()


async def test_an_async_listener_is_waited_for(site: Site, browser: Browser, store: RunStore) -> None:
    told: list[str] = []

    async def listen(event: Event) -> None:
        await asyncio.to_thread(lambda: None)
        told.append(event.type)

    result = await _listen(browser, site, store, listen)
    assert told == types(store.events(result.run_id))


async def test_a_listener_hears_of_the_run_before_the_browser_is_there(site: Site, store: RunStore) -> None:
    told: list[str] = []
    agent = Agent(
        "Look",
        ScriptedModel([done()]),
        browser=None,
        start_url=site.url,
        store=store,
        on_event=lambda event: told.append(event.type),
    )
    task = asyncio.create_task(agent.run())
    for _ in range(5):
        await asyncio.sleep(0)
    assert told == ["run.started"]
    await task


@pytest.mark.parametrize("kind", ["run.started", "observed", "decided", "action.started", "action.finished"])
async def test_a_listener_that_raises_ends_the_run_with_its_error(
    kind: str, site: Site, browser: Browser, store: RunStore
) -> None:
    def listen(event: Event) -> None:
        if event.type in (kind, "run.ended"):
            raise ZeroDivisionError(f"at {event.type}")

    contexts = len(browser.context.inner.browser.contexts) if browser.context.inner.browser else 0
    with pytest.raises(ZeroDivisionError, match=f"at {kind}"):
        await _listen(browser, site, store, listen)
    end = store.events("last")[-1]
    assert (end.type, end.data["status"], end.data["error"]) == ("run.ended", "failed", f"ZeroDivisionError: at {kind}")
    assert store.find("last").pid is None, "the run is given back"
    assert len(browser.context.inner.browser.contexts if browser.context.inner.browser else ()) == contexts


async def test_a_listener_that_raises_at_the_end_does_not_change_the_end(
    site: Site, browser: Browser, store: RunStore
) -> None:
    def listen(event: Event) -> None:
        if event.type == "run.ended":
            raise ZeroDivisionError("too late")

    with pytest.raises(ZeroDivisionError, match="too late"):
        await _listen(browser, site, store, listen)
    assert store.events("last")[-1].data["status"] == "done"


async def test_a_browser_that_does_not_start_ends_the_log_and_is_told(site: Site, store: RunStore) -> None:
    told: list[Event] = []
    agent = Agent(
        "Look",
        ScriptedModel([done()]),
        browser=BrowserConfig(args=("--remote-debugging-port=nonsense", "--headless=broken", "--version")),
        start_url=site.url,
        store=store,
        on_event=told.append,
    )
    with pytest.raises(LaunchFailed):
        await agent.run()
    assert types(told) == ["run.started", "run.ended"]
    assert told[-1].data["status"] == "failed"
    assert told[-1].data["error"].startswith("LaunchFailed: ")
    assert told == list(store.events("last"))


async def test_a_secret_is_in_no_event_no_prompt_and_no_file(site: Site, browser: Browser, store: RunStore) -> None:
    secret = "correct-horse-battery"
    model = ScriptedModel(
        [
            [
                {"type": {"ref": by_name("Note"), "text": "<secret:word>"}},
                {"click": {"ref": by_name("Add")}},
            ],
            {"read": {}},
            done(),
        ]
    )
    told: list[Event] = []
    agent = Agent(
        "Add the word",
        model,
        browser=browser,
        start_url=site.url,
        secrets={"word": Secret(secret)},
        config=AgentConfig(vision="never"),
        store=store,
        on_event=told.append,
    )
    result = await agent.run()
    assert site.notes == [secret], "the page got it"
    assert secret not in str([event.model_dump() for event in told])
    assert secret not in result.model_dump_json()
    assert secret not in str(model.prompts)
    assert "<secret:word>" in str(model.prompts[1])
    store.close()
    left = [path for path in store.folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert left == []


async def test_a_record_takes_secrets_out_wherever_they_stand(store: RunStore) -> None:
    told: list[Event] = []
    with store.create("Look", {}) as log:
        record = Record(log, (told.append,), {"word": Secret("open-sesame")})
        held = {"text": "say open-sesame", "list": [1, None, {"deep": ["open-sesame"]}], "pair": ("open-sesame", 2.5)}
        await record.emit("told", held)
        await record.end("failed", 1.0, error="Error: open-sesame", final_url="https://a.example/?q=open-sesame")
        await record.end("done", 2.0)
    word = "<secret:word>"
    events = store.events("last")[1:]
    assert told == list(events)
    assert types(events) == ["told", "run.ended"], "only the first end counts"
    assert events[0].data == {"text": f"say {word}", "list": [1, None, {"deep": [word]}], "pair": [word, 2.5]}
    assert events[1].data["final_url"] == f"https://a.example/?q={word}"
    assert "open-sesame" not in str(events)


def test_a_log_without_a_beginning_or_of_another_version_is_told(store: RunStore) -> None:
    with pytest.raises(StoreCorrupt, match="no beginning"):
        Result[Any].of(())
    with store.create("Look", {}) as log:
        log.append("step.finished", {"number": "first", "results": 5})
    with pytest.raises(StoreCorrupt, match="another version"):
        Result[Any].of(store.events("last"))


def test_a_run_without_an_end_counts_as_stopped(store: RunStore) -> None:
    with store.create("Look", {}) as log:
        log.append("step.finished", Step(number=1, seconds=1.5).model_dump(mode="json"))
    result = Result[Any].of(store.events("last"))
    assert (result.status, result.success, result.answer, result.seconds) == ("stopped", False, None, 1.5)
    assert [step.number for step in result.steps] == [1]


def test_a_result_shows_itself_without_trusting_what_is_in_it(store: RunStore) -> None:
    with store.create("Look", {}) as log:
        log.append("step.finished", Step(number=1, error="<script>alert(1)</script>").model_dump(mode="json"))
        log.append("run.ended", {"status": "failed", "error": "<b>"})
    shown = Result[Any].of(store.events("last"))._repr_html_()  # pyright: ignore[reportPrivateUsage] - for notebooks
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "&lt;b&gt;" in shown
