"""Several agents on one browser: each in a context of its own, and what one meets is no matter of the others."""

import asyncio
import os
import signal
from typing import Any

import pytest

from tests.agent.conftest import Site, adding, done
from webhand import Agent, Browser, RunStore
from webhand.errors import AuthError, ConfigError
from webhand.llm.scripted import ScriptedModel, by_name


async def test_one_that_fails_does_not_hurt_the_others(site: Site, browser: Browser, store: RunStore) -> None:
    scripts: list[list[Any]] = [
        [adding("a"), adding("b"), done("first")],
        [adding("c"), AuthError("no such key")],
        [{"click": {"ref": "e99"}}] * 3,
        [adding("d"), {"close_tab": {"tab": 1}}, {"navigate": {"url": site.url}}, done("last")],
    ]
    async with asyncio.TaskGroup() as group:
        agents = [
            Agent("Add", ScriptedModel(script), browser=browser, start_url=site.url, store=store) for script in scripts
        ]
        tasks = [group.create_task(one.run()) for one in agents]
    results = [task.result() for task in tasks]
    assert [one.status for one in results] == ["done", "failed", "limit", "done"]
    assert [one.answer for one in results] == ["first", None, None, "last"]
    assert results[1].error == "AuthError: no such key"
    assert sorted(site.notes) == ["a", "b", "c", "d"]
    assert len({one.run_id for one in results}) == 4
    assert browser.connected
    assert browser.tabs == ()


async def test_each_has_cookies_and_tabs_of_its_own(site: Site, browser: Browser, store: RunStore) -> None:
    elsewhere = {"navigate": {"url": site.url, "new_tab": True}}
    models = [ScriptedModel([{"reload": {}}, done()]), ScriptedModel([elsewhere, done()])]
    agents = [Agent("Look", model, browser=browser, start_url=site.url, store=store) for model in models]
    await asyncio.gather(*(one.run() for one in agents))
    first, second = (model.prompts for model in models)
    assert "Welcome back" not in first[0][-1].text + second[0][-1].text
    assert "Tab 2" not in first[1][-1].text
    assert "Tab 2" in second[1][-1].text


async def test_a_browser_that_dies_ends_all_of_them_and_says_so(site: Site, store: RunStore) -> None:
    async with Browser() as browser:
        gone = asyncio.Event()

        async def kill(_: object) -> dict[str, object]:
            if not gone.is_set():
                gone.set()
                assert browser.pid
                os.kill(browser.pid, signal.SIGKILL)
            return {"click": {"ref": by_name("Other page")}}

        models = [ScriptedModel([kill, kill, kill, kill]) for _ in range(3)]
        runs = [Agent("Go", model, browser=browser, start_url=site.url, store=store).run() for model in models]
        results = await asyncio.gather(*runs)
    assert [one.status for one in results] == ["failed"] * 3
    assert all("BrowserCrashed" in (one.error or "") for one in results)


async def test_one_agent_does_one_thing_at_a_time(site: Site, browser: Browser, store: RunStore) -> None:
    waiting = asyncio.Event()
    go_on = asyncio.Event()

    async def slow(_: object) -> dict[str, object]:
        waiting.set()
        await go_on.wait()
        return done()

    one = Agent("Add", ScriptedModel([slow]), browser=browser, start_url=site.url, store=store)
    first = asyncio.create_task(one.run())
    await waiting.wait()
    with pytest.raises(ConfigError, match="this agent is at work; await its run, or make another agent"):
        await one.run()
    with pytest.raises(ConfigError, match="this agent is at work"):
        await one.step()
    go_on.set()
    assert (await first).status == "done"


async def test_a_run_made_step_by_step_is_no_other_run(site: Site, browser: Browser, store: RunStore) -> None:
    one = Agent("Add", ScriptedModel([adding("a"), done()]), browser=browser, start_url=site.url, store=store)
    await one.step()
    with pytest.raises(ConfigError, match="a run is being made step by step; `await agent.close\\(\\)` ends it"):
        await one.run()
    await one.close()
    assert one.result is not None
    assert one.result.status == "stopped"
