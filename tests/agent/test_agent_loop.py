"""The loop: what a run does with good answers, bad answers, limits and errors."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from tests.agent.conftest import Site, adding, done, said
from webhand import Agent, AgentConfig, Browser, BrowserConfig, Controller, Event, RunStore, Secret
from webhand.errors import AuthError, ConfigError, Overloaded, RateLimited
from webhand.llm.messages import Image, Message
from webhand.llm.scripted import ScriptedModel, ScriptExhausted, by_name


async def test_a_script_runs_to_done(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel(
        [
            {"evaluation": "new", "memory": "nothing yet", "next_goal": "add milk", "actions": adding("milk")},
            adding("bread"),
            done("two notes"),
        ]
    )
    result = await Agent("Add milk and bread", model, browser=browser, start_url=site.url, store=store).run()

    assert site.notes == ["milk", "bread"]
    assert (result.status, result.success, result.answer) == ("done", True, "two notes")
    assert (result.limit, result.error, result.final_url) == (None, None, site.url)
    assert [step.number for step in result.steps] == [1, 2, 3]
    first = result.steps[0]
    assert first.decision is not None
    assert (first.decision.memory, first.decision.next_goal) == ("nothing yet", "add milk")
    assert [call.action for call in first.decision.actions] == ["type", "click"]
    assert [r.ok for r in first.results] == [True, True]
    assert first.observation is not None
    assert first.observation.text is not None
    assert "Notes" in first.observation.text.read_text("utf-8")
    assert result.usage.prompt == sum(step.usage.prompt or 0 for step in result.steps) > 0
    assert result.cost is None, "nobody knows what a script costs"
    assert "milk" in said(model.prompts[1]), "the next prompt shows the page with its new note"
    assert "memory: nothing yet" in said(model.prompts[1])


async def test_what_the_model_denies_is_no_success(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([done("there is no such thing", success=False)])
    result = await Agent("Find it", model, browser=browser, start_url=site.url, store=store).run()
    assert (result.status, result.success, result.answer) == ("done", False, "there is no such thing")


BAD: dict[str, tuple[Any, str]] = {
    "prose": ("I would rather talk about the weather.", "OutputInvalid"),
    "broken JSON": ('{"actions": [{"click": {"ref": ', "Output"),
    "unknown action": ([{"teleport": {"where": "home"}}], "OutputInvalid"),
    "no action": ({"actions": []}, "OutputInvalid"),
    "forty actions": ([{"back": {}}] * 40, "OutputInvalid"),
    "wrong argument": ([{"click": {"element": "e1"}}], "OutputInvalid"),
    "unknown ref": ([{"click": {"ref": "e9999"}}], "e9999"),
    "refusal of the vendor": (Overloaded("come back later"), "Overloaded: come back later"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_bad_answer_is_a_step_and_stands_in_the_next_prompt(
    name: str, site: Site, browser: Browser, store: RunStore
) -> None:
    answer, told = BAD[name]
    model = ScriptedModel([answer, adding("after all"), done()])
    result = await Agent("Add a note", model, browser=browser, start_url=site.url, store=store).run()

    assert result.status == "done"
    assert site.notes == ["after all"]
    bad = result.steps[0]
    assert bad.failed
    assert told in (bad.error or bad.results[-1].text)
    assert told not in said(model.prompts[0])
    assert told in said(model.prompts[1])
    assert "failed: " in said(model.prompts[1])


async def test_actions_after_one_that_failed_are_not_carried_out_and_that_is_told(
    site: Site, browser: Browser, store: RunStore
) -> None:
    model = ScriptedModel([[{"click": {"ref": "e9999"}}, *adding("never")], done()])
    result = await Agent("Add a note", model, browser=browser, start_url=site.url, store=store).run()
    assert site.notes == []
    assert len(result.steps[0].results) == 1
    assert "not carried out as that failed: type" in said(model.prompts[1])


LIMITS: dict[str, tuple[AgentConfig, Sequence[Any], int]] = {
    "max_failures": (AgentConfig(max_failures=2), ["prose", {"click": {"ref": "e999"}}, done()], 2),
    "max_steps": (AgentConfig(max_steps=2), [{"reload": {}}, {"reload": {}}, done()], 2),
    "max_seconds": (AgentConfig(max_seconds=0.01), [{"reload": {}}, done()], 1),
    "max_tokens": (AgentConfig(max_tokens=10), [{"reload": {}}, done()], 1),
}


@pytest.mark.parametrize("name", LIMITS)
async def test_a_limit_is_a_status_that_names_it(name: str, site: Site, browser: Browser, store: RunStore) -> None:
    config, script, steps = LIMITS[name]

    async def slowly(messages: Sequence[Message]) -> Any:
        await asyncio.to_thread(lambda: None)
        return script[len(model.prompts) - 1]

    model = ScriptedModel([slowly] * len(script))
    result = await Agent("Try", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert result.status == "limit"
    assert result.limit is not None
    assert result.limit.startswith(f"{name}: ")
    assert (len(result.steps), result.success, result.answer, result.error) == (steps, False, None, None)
    assert store.find(result.run_id).status == "limit"


async def test_a_success_in_between_forgives_failures(site: Site, browser: Browser, store: RunStore) -> None:
    script: list[Any] = ["prose", {"reload": {}}, "prose", {"reload": {}}, done()]
    config = AgentConfig(max_failures=2)
    result = await Agent(
        "Try", ScriptedModel(script), browser=browser, start_url=site.url, config=config, store=store
    ).run()
    assert (result.status, len(result.steps)) == ("done", 5)


async def test_done_in_the_last_step_is_done(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"reload": {}}, done("just in time")])
    config = AgentConfig(max_steps=2)
    result = await Agent("Try", model, browser=browser, start_url=site.url, config=config, store=store).run()
    assert (result.status, result.answer) == ("done", "just in time")
    assert "this is the last step" not in said(model.prompts[0])
    assert "this is the last step" in said(model.prompts[1])


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ([cast(Any, {"reload": {}})], "ScriptExhausted: script has 1 items"),
        ([AuthError("the key is wrong")], "AuthError: the key"),
    ],
)
async def test_what_no_later_call_can_mend_ends_the_run(
    script: Sequence[Any], error: str, site: Site, browser: Browser, store: RunStore
) -> None:
    result = await Agent("Try", ScriptedModel(script), browser=browser, start_url=site.url, store=store).run()
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.startswith(error)
    assert not result.success
    assert store.find(result.run_id).status == "failed"


async def test_trouble_of_the_vendor_that_lasts_is_a_limit(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([RateLimited("slow down")] * 3)
    result = await Agent("Try", model, browser=browser, start_url=site.url, store=store).run()
    assert (result.status, len(result.steps)) == ("limit", 3)
    assert all("RateLimited: slow down" in (step.error or "") for step in result.steps)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "nonsense"])
async def test_a_start_page_that_does_not_open_is_a_failure(url: str, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([done()])
    result = await Agent("Look", model, browser=browser, start_url=url, store=store).run()
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.startswith("NavigationFailed: ")
    assert (result.steps, model.calls) == ((), 0)


async def test_without_a_start_page_the_model_opens_one(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"navigate": {"url": site.url}}, adding("hello"), done()])
    result = await Agent("Say hello", model, browser=browser, store=store).run()
    assert (result.status, site.notes) == ("done", ["hello"])


async def test_stop_ends_after_the_step_that_is_being_made(site: Site, browser: Browser, store: RunStore) -> None:
    def stopping(messages: Sequence[Message]) -> Any:
        agent.stop()
        return adding("the last one")

    agent = Agent("Add notes", ScriptedModel([stopping, done()]), browser=browser, start_url=site.url, store=store)
    result = await agent.run()
    assert (result.status, len(result.steps), site.notes) == ("stopped", 1, ["the last one"])


async def test_steps_one_by_one(site: Site, browser: Browser, store: RunStore) -> None:
    agent = Agent("Add", ScriptedModel([adding("one"), done()]), browser=browser, start_url=site.url, store=store)
    first = await agent.step()
    assert first is not None
    assert (first.number, site.notes) == (1, ["one"])
    second = await agent.step()
    assert second is not None
    assert second.done
    assert await agent.step() is None
    info = store.find("last")
    assert (info.status, info.steps) == ("done", 2)
    await agent.close()
    assert store.events(info.id)[-1].data["status"] == "done"


async def test_steps_one_by_one_keep_to_the_limits(site: Site, browser: Browser, store: RunStore) -> None:
    script: list[Any] = [{"reload": {}}] * 4
    model = ScriptedModel(script)
    config = AgentConfig(max_steps=2)
    agent = Agent("Look", model, browser=browser, start_url=site.url, config=config, store=store)
    steps = [await agent.step() for _ in range(4)]
    assert [step and step.number for step in steps] == [1, 2, None, None]
    assert agent.result is not None
    assert (agent.result.status, agent.result.limit, model.calls) == ("limit", "max_steps: 2 steps", 2)
    assert len(store.runs()) == 1


async def test_steps_one_by_one_heed_stop_and_pause(site: Site, browser: Browser, store: RunStore) -> None:
    def on_event(event: Event) -> None:
        if event.type == "paused":
            agent.stop()

    script: list[Any] = [{"reload": {}}] * 2
    agent = Agent("Look", ScriptedModel(script), browser=browser, start_url=site.url, store=store, on_event=on_event)
    assert await agent.step() is not None
    agent.pause()
    assert await agent.step() is None
    assert agent.result is not None
    assert (agent.result.status, len(agent.result.steps)) == ("stopped", 1)


async def test_a_step_that_fails_ends_the_run_as_it_would_end_run(
    site: Site, browser: Browser, store: RunStore
) -> None:
    agent = Agent("Add", ScriptedModel([adding("one")]), browser=browser, start_url=site.url, store=store)
    await agent.step()
    with pytest.raises(ScriptExhausted):
        await agent.step()
    assert agent.result is not None
    assert (agent.result.status, (agent.result.error or "")[:16]) == ("failed", "ScriptExhausted:")
    await agent.close()
    assert store.events("last")[-1].data["status"] == "failed"


async def test_close_stops_what_was_stepped(site: Site, browser: Browser, store: RunStore) -> None:
    agent = Agent("Add", ScriptedModel([adding("one")]), browser=browser, start_url=site.url, store=store)
    await agent.step()
    await agent.close()
    assert (store.find("last").status, store.find("last").pid) == ("stopped", None)
    await agent.close()


def test_steps_one_by_one_are_made_in_one_event_loop(site: Site, store: RunStore) -> None:
    agent = Agent("Add", ScriptedModel([adding("one"), done()]), start_url=site.url, store=store)
    assert asyncio.run(agent.step()) is not None
    for _ in range(2):
        with pytest.raises(ConfigError, match="event loop"):
            asyncio.run(agent.step())
    assert agent.result is not None
    assert (agent.result.status, agent.result.error, store.find("last").status) == ("stopped", None, "stopped")
    asyncio.run(agent.close())
    assert asyncio.run(Agent.resume("last", ScriptedModel([done()]), store=store)).status == "done"


def test_without_a_loop(site: Site, store: RunStore) -> None:
    result = Agent("Add", ScriptedModel([adding("one"), done()]), start_url=site.url, store=store).run_sync()
    assert (result.status, site.notes) == ("done", ["one"])


async def test_within_a_loop_as_in_a_notebook(site: Site, store: RunStore) -> None:
    result = Agent("Add", ScriptedModel([adding("one"), done()]), start_url=site.url, store=store).run_sync()
    assert (result.status, site.notes) == ("done", ["one"])


async def test_a_start_page_that_is_no_address_is_a_failed_run(site: Site, browser: Browser, store: RunStore) -> None:
    agent = Agent("Look", ScriptedModel([done()]), browser=browser, start_url="http://[::1", store=store)
    result = await agent.run()
    assert result.status == "failed"
    assert "http://[::1" in (result.error or "")


# --- trouble with the browser ---------------------------------------------------------------------------------------


async def test_a_browser_that_is_killed_fails_the_run(site: Site, store: RunStore, nothing_left: None) -> None:
    async with Browser() as own:

        def killing(messages: Sequence[Message]) -> Any:
            assert own.pid is not None
            os.kill(own.pid, signal.SIGKILL)
            return {"reload": {}}

        agent = Agent("Look", ScriptedModel([killing, done()]), browser=own, start_url=site.url, store=store)
        result = await agent.run()
    assert result.status == "failed"
    assert result.error is not None
    assert result.error.startswith(("BrowserCrashed: ", "TabClosed: "))
    assert store.find(result.run_id).status == "failed"


async def test_a_page_that_crashes_is_opened_again(site: Site, browser: Browser, store: RunStore) -> None:
    model = ScriptedModel([{"navigate": {"url": "chrome://crash"}}, adding("still here"), done()])
    result = await Agent("Look", model, browser=browser, start_url=site.url, store=store).run()
    assert result.status == "done", result.error
    assert site.notes == ["still here"]
    assert "crashed" in said(model.prompts[1])


async def test_a_run_whose_tabs_are_all_closed_goes_on_in_a_new_one(
    site: Site, browser: Browser, store: RunStore
) -> None:
    model = ScriptedModel([{"close_tab": {"tab": 1}}, {"navigate": {"url": site.url}}, adding("after it"), done()])
    result = await Agent("Look", model, browser=browser, start_url=site.url, store=store).run()
    assert (result.status, site.notes) == ("done", ["after it"])
    assert "no tab was open any more" in said(model.prompts[1])


async def test_a_question_of_the_page_is_answered_in_the_next_step(
    site: Site, browser: Browser, store: RunStore
) -> None:
    site.pages["/ask"] = """<!doctype html><title>Ask</title><button onclick="
        document.title = confirm('Really go?\\nTask: something else') ? 'went' : 'stayed'">Go</button>"""
    model = ScriptedModel([{"click": {"ref": by_name("Go")}}, {"answer_dialog": {"accept": True}}, done()])
    agent = Agent("Go", model, browser=browser, start_url=f"{site.url}ask", store=store)
    result = await asyncio.wait_for(agent.run(), 20)
    assert result.status == "done"
    assert 'confirm dialog is open and waits: "Really go? Task: something else"' in said(model.prompts[1])
    assert "Page: went" in said(model.prompts[2])


async def test_a_page_in_a_loop_does_not_hold_the_run_up_for_ever(
    site: Site, browser: Browser, store: RunStore, click_in_haste: Callable[[Sequence[Message]], Any]
) -> None:
    site.pages["/loop"] = """<!doctype html><title>Loop</title><button onclick="
        setTimeout(() => { for (;;); }, 0)">Go</button>"""
    model = ScriptedModel([click_in_haste, done("it hangs", False)])
    agent = Agent("Go", model, browser=browser, start_url=f"{site.url}loop", store=store)
    result = await asyncio.wait_for(agent.run(), 90)
    assert (result.status, result.answer) == ("done", "it hangs")


# --- what cannot work -----------------------------------------------------------------------------------------------

WRONG: dict[str, dict[str, Any]] = {
    "an empty task": {"task": "  \n"},
    "a task that is no text": {"task": 5},
    "a model that is no model": {"model": 5},
    "an unknown vendor": {"model": "nobody/some-model"},
    "a browser by name": {"browser": "chromium"},
    "an address that is no text": {"start_url": 80},
    "a list for a controller": {"controller": ["click"]},
    "an output that is no class": {"output": {"title": "string"}},
    "an output that is no pydantic model": {"output": dict},
    "secrets that are texts": {"secrets": {"password": "1234567"}},
    "secrets in a list": {"secrets": [Secret("1234567")]},
    "a secret that belongs to no site": {"secrets": {"password": Secret("1234567")}},
    "one file instead of a list": {"files": "/etc/hostname"},
    "a file that is not there": {"files": ["/no/such/file"]},
    "a picture that is not there": {"images": [Path("/no/such/picture.png")]},
    "pictures that are none": {"images": ["https://pictures.example/1.png"]},
    "a config that is a dict": {"config": {"max_steps": 3}},
    "a store by path": {"store": "/tmp/runs"},
    "a store that is True": {"store": True},
    "a sink that cannot be called": {"on_event": "print"},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_work_is_said_at_once(name: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {"task": "Look", "model": ScriptedModel([done()])} | WRONG[name]
    with pytest.raises(ConfigError) as caught:
        Agent(**given)
    assert "\n" not in str(caught.value)
    assert "1234567" not in str(caught.value)
    assert not (tmp_path / "webhand-home").exists(), "nothing was begun"


def test_a_task_that_follows_is_a_text() -> None:
    agent = Agent("Look", ScriptedModel([done()]), store=False)
    with pytest.raises(ConfigError, match="task must be a text, not int"):
        agent.run_sync(5)  # pyright: ignore[reportArgumentType]


def test_the_folder_for_files_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert AgentConfig(workspace=Path("~/files")).workspace == tmp_path / "files"
    (tmp_path / "notes").write_text("milk")
    for folder in ("~/notes", "~/notes/inside"):
        with pytest.raises(ConfigError, match="notes is a file"):
            Agent("Look", ScriptedModel([]), store=False, config=AgentConfig(workspace=Path(folder)))


def test_what_may_be_given(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    for more in (
        {"browser": BrowserConfig()},
        {"controller": Controller(without=["drag"]), "files": [str(picture)], "images": [Image(data=b"\x89PNG")]},
        {"secrets": {"password": Secret("1234567", origins=["https://shop.example"])}, "images": (picture,)},
        {"store": False, "on_event": print, "config": AgentConfig(max_steps=1)},
    ):
        Agent("Look", ScriptedModel([]), **more)  # pyright: ignore[reportArgumentType] - a table of keywords
