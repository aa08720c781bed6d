"""A run that was stopped, failed or reached a limit goes on: with what its log holds, and what that cannot hold."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tests.agent.conftest import Site, adding, careful, done, said, types
from webhand import Agent, AgentConfig, Browser, Controller, RunStore, Secret
from webhand.agent.setup import Setup
from webhand.controller import Approval, Question
from webhand.errors import AuthError, ConfigError, RunNotFound, StoreCorrupt
from webhand.llm.messages import Image, Message
from webhand.llm.scripted import ScriptedModel


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


async def test_a_run_that_somebody_else_has_finished_meanwhile_is_left_as_it_is(
    site: Site, browser: Browser, store: RunStore
) -> None:
    agent = Agent("Add", ScriptedModel([adding("milk")]), browser=browser, start_url=site.url, store=store)
    await agent.step()
    await agent.close()
    first, second = (Agent[Any].resuming("last", ScriptedModel([done()]), browser=browser, store=store) for _ in "12")
    assert (await second.run()).status == "done"
    events = store.events("last")
    with pytest.raises(ConfigError, match=f"{events[0].run_id} is done"):
        await first.run()
    assert store.events("last") == events


async def test_a_run_that_is_not_there_is_told(store: RunStore) -> None:
    with pytest.raises(RunNotFound):
        await Agent.resume("nothing", ScriptedModel([]), store=store)


async def test_a_tab_stands_where_it_stood(browser: Browser, store: RunStore, site: Site) -> None:
    site.pages["/long"] = """<!doctype html><title>Long</title><p id=said></p><div style="height:5000px">Long</div>
    <script>said.textContent = "Visit " + (sessionStorage.visits = Number(sessionStorage.visits || 0) + 1)</script>"""
    scrolled = {"scroll": {"direction": "down", "amount": 2}}
    script = ScriptedModel([scrolled] * 2)
    agent = Agent("Scroll", script, browser=browser, start_url=f"{site.url}long", store=store)
    for _ in range(2):
        await agent.step()
    await agent.close()
    looks: list[str] = []

    def look(messages: Sequence[Message]) -> Any:
        looks.append(said(messages))
        return done()

    await Agent.resume("last", ScriptedModel([look]), browser=browser, store=store)
    assert "Visit 2" in looks[0]
    assert "Scrolled: 2720 px above the view" in looks[0]


async def test_cookies_and_tabs_are_restored(browser: Browser, site: Site, store: RunStore) -> None:
    agent = Agent("Add", ScriptedModel([adding("milk")]), browser=browser, start_url=site.url, store=store)
    await agent.step()
    await agent.close()
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
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert result.status == "done", "a tab that does not open any more does no harm"
    prompt = said(model.prompts[0])
    assert "Welcome back" in prompt, "the cookie was sent"
    assert "Tab 1 (this one): Notes" in prompt
    assert f"Tab 2: Other | {site.url}other" in prompt
    assert site.visits.count("/other") == 1


async def test_a_log_that_was_altered_is_told_and_left_as_it_is(site: Site, browser: Browser, store: RunStore) -> None:
    agent = Agent("Add", ScriptedModel([adding("milk")]), browser=browser, start_url=site.url, store=store)
    await agent.step()
    await agent.close()
    with store.open("last") as log:
        log.append("step.started", {"step": 2})
    before = store.events("last")
    with pytest.raises(StoreCorrupt, match="damaged or of another version: lacks 'browser_pid'"):
        await Agent.resume("last", ScriptedModel([]), browser=browser, store=store)
    with store.open("last") as log:
        log.append("action.started", {"step": 2, "action": "click"})
    with pytest.raises(StoreCorrupt):
        await Agent.resume("last", ScriptedModel([]), browser=browser, store=store)
    assert len(store.events("last")) == len(before) + 1


@pytest.mark.parametrize("more", [{"run_id": None}, {"run_id": 5}, {"store": False}, {"store": "x"}], ids=str)
async def test_what_cannot_be_resumed_is_told(more: dict[str, Any], store: RunStore) -> None:
    given: dict[str, Any] = {"run_id": "last", "store": store} | more
    with pytest.raises(ConfigError, match="must be"):
        await Agent[Any].resume(given.pop("run_id"), ScriptedModel([]), **given)


DAMAGED = {
    "half": b'{"storage": {"coo',
    "no object": b"[]",
    "null": b"null",
    "binary": b"\xff\xfe\x00",
    "other tabs": b'{"tabs": [1]}',
    "another browser": b'{"browser": {"pid": "x"}}',
    "other storage": b'{"storage": {"cookies": [{"name": 1}]}}',
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
async def test_a_browser_state_that_is_damaged_is_done_without(
    content: bytes, site: Site, browser: Browser, store: RunStore
) -> None:
    agent = Agent("Add", ScriptedModel([adding("milk")]), browser=browser, start_url=site.url, store=store)
    await agent.step()
    await agent.close()
    with store.open("last") as log:
        log.private("state.json", content)
    model = ScriptedModel([done()])
    with pytest.warns(UserWarning, match="state of run .* is damaged"):
        result = await Agent.resume("last", model, browser=browser, store=store)
    assert result.status == "done"
    assert "Note: the state of the browser of before the interruption is lost" in said(model.prompts[0])


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


async def approved(_: Approval) -> str:
    return "not today"


async def asked(_: Question) -> str:
    return "yes"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"secrets": {"pin": Secret("1234567"), **GIVEN["secrets"]["secrets"]}}, GIVEN["secrets"], "secrets pin"),
        (GIVEN["controller"], {"controller": Controller()}, "controller with stock"),
        ({"config": {"approve": approved}}, {"config": {}}, "a config with approve"),
        ({"config": {"approve": "ask", "ask": asked}}, {"config": {"ask": asked}}, "a config with approve"),
        ({"config": {"ask": asked}}, {"config": {}}, "a config with ask"),
        ({"config": {"output_checks": (len,)}}, {"config": {"before_step": print}}, "a config with output_checks"),
    ],
)
async def test_a_part_of_what_a_log_cannot_hold_is_not_enough(
    before: dict[str, Any], now: dict[str, Any], told: str, site: Site, browser: Browser, store: RunStore
) -> None:
    given: dict[str, Any] = {**before, "config": AgentConfig(max_steps=1, **before.get("config", {}))}
    script = ScriptedModel([{"reload": {}}])
    await Agent[Any]("Look", script, browser=browser, start_url=site.url, store=store, **given).run()
    length = len(store.events("last"))
    some: dict[str, Any] = {**now, "config": AgentConfig(max_steps=5, **now.get("config", {}))}
    with pytest.raises(ConfigError, match=rf"was started with {told}; give resume the same again"):
        await Agent[Any].resume("last", ScriptedModel([]), browser=browser, store=store, **some)
    assert len(store.events("last")) == length, "nothing was begun"


async def test_functions_are_gone_without_where_that_is_said(site: Site, browser: Browser, store: RunStore) -> None:
    config = AgentConfig(max_steps=1, approve=approved)
    script = ScriptedModel([{"reload": {}}])
    await Agent("Look", script, browser=browser, start_url=site.url, config=config, store=store).run()
    without = AgentConfig(max_steps=5, approve=None)
    result = await Agent[Any].resume("last", ScriptedModel([done()]), browser=browser, store=store, config=without)
    assert result.status == "done"


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
