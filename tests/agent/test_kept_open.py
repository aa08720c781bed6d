"""A run whose browser stays open: what pages hold in memory is there when the run goes on, and for who comes after."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.agent.conftest import Site, done, said
from webhand import Agent, Browser, BrowserConfig, RunStore
from webhand.browser import Kept
from webhand.browser.process import is_running
from webhand.llm.messages import Message
from webhand.llm.scripted import ScriptedModel, by_name

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL"),
    pytest.mark.usefixtures("keeping"),
]
KEEP = BrowserConfig(keep_open=True)
COUNTER = """<!doctype html><title>Counter</title><button onclick="p.textContent = 'Count ' + ++count">More</button>
<button onclick="p.textContent = 'Answer ' + confirm('Sure?')">Ask</button>
<p id=p>Count 0</p><label>Name <input></label><script>count = 0</script>"""
MORE = {"click": {"ref": by_name("More")}}
NAME = {"type": {"ref": by_name("Name"), "text": "Anna"}}

CHILD = """
import asyncio, os, signal, sys
from webhand import Agent, BrowserConfig, RunStore
from webhand.llm.scripted import ScriptedModel, by_name

folder, url, kind, times, button = sys.argv[1:]
left = int(times)
script = [{"click": {"ref": by_name(button)}}, {"type": {"ref": by_name("Name"), "text": "Anna"}}]

def tell(event):
    global left
    left -= event.type == kind
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

browser = BrowserConfig(keep_open=True)
agent = Agent("Count", ScriptedModel(script), browser=browser, start_url=url, store=RunStore(folder), on_event=tell)
asyncio.run(agent.run())
"""


@pytest.fixture
def counter(site: Site) -> str:
    site.pages["/counter"] = COUNTER
    return f"{site.url}counter"


def killed(store: RunStore, url: str, kind: str = "step.finished", times: int = 2, button: str = "More") -> Kept:
    """The browser that a process leaves open which is killed after so many events of this kind."""
    arguments = (str(store.folder), url, kind, str(times), button)
    child = subprocess.run([sys.executable, "-c", CHILD, *arguments], capture_output=True, text=True)
    assert child.returncode == -9, child.stderr
    return left(store)


def left(store: RunStore) -> Kept:
    """The browser that the last run has written down."""
    return Kept.model_validate(state(store)["browser"])


def state(store: RunStore) -> dict[str, Any]:
    with store.open("last") as log:
        return json.loads(log.read_private("state.json") or b"{}")


def asked(*answers: Any) -> tuple[ScriptedModel, list[str]]:
    """A model with these answers, and what it was shown for each."""
    shown: list[str] = []

    def showing(answer: Any) -> Callable[[Sequence[Message]], Any]:
        return lambda messages: (shown.append(said(messages)), answer)[1]

    return ScriptedModel([showing(answer) for answer in answers]), shown


@pytest.mark.parametrize("browser", [None, BrowserConfig()], ids=["none", "config"])
async def test_what_pages_hold_is_there_when_a_killed_run_goes_on(
    browser: BrowserConfig | None, counter: str, site: Site, store: RunStore
) -> None:
    kept = killed(store, counter)
    model, shown = asked(MORE, done())
    result = await Agent.resume("last", model, browser=browser, store=store)
    assert (result.status, len(result.steps)) == ("done", 4)
    assert "Count 1" in shown[0]
    assert '"Anna"' in shown[0]
    assert "Count 2" in shown[1]
    assert site.visits.count("/counter") == 1, "the page is the same, not opened again"
    assert is_running(kept.pid), "it stays open"
    assert left(store) == kept
    resumed = next(event for event in store.events("last") if event.type == "resumed")
    assert resumed.data["ended_browser"] is False


async def open_in(kept: Kept) -> list[str]:
    """The addresses of a kept browser's tabs."""
    joined = await Browser.connect(kept.cdp_url)
    addresses = [tab.url for tab in joined.tabs]
    await joined.close()
    return addresses


@pytest.mark.parametrize("kind", ["step.started", "observed"])
async def test_a_browser_is_found_before_the_first_step_has_ended(
    kind: str, counter: str, site: Site, store: RunStore
) -> None:
    kept = killed(store, counter, kind, 1)
    model, shown = asked(done())
    agent = Agent[Any].resuming("last", model, store=store)
    await agent.run()
    assert agent.kept == kept
    assert "Count 0" in shown[0]
    assert site.visits.count("/counter") == 1
    assert await open_in(kept) == [counter]


async def test_a_page_that_waits_for_an_answer_lets_the_run_in(
    counter: str, site: Site, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = killed(store, counter, "observed", 2, button="Ask")
    monkeypatch.setattr("webhand.agent.hand.JOIN_LIMIT", 2.0)
    model, shown = asked(done())
    agent = Agent[Any].resuming("last", model, store=store)
    await agent.run()
    assert agent.kept == kept
    assert "Answer false" in shown[0]
    assert site.visits.count("/counter") == 1
    assert await open_in(kept) == [counter]


async def test_after_the_run_it_can_be_joined_and_nothing_in_the_log_leads_to_it(
    counter: str, store: RunStore, nothing_left: None
) -> None:
    agent = Agent("Count", ScriptedModel([MORE, done()]), browser=KEEP, start_url=counter, store=store)
    result = await agent.run()
    assert (result.status, agent.kept) == ("done", left(store))
    assert agent.kept is not None
    joined = await Browser.connect(agent.kept.cdp_url)
    (tab,) = joined.tabs
    assert (tab.url, await tab.page.evaluate("count")) == (counter, 1)
    await joined.close()

    events = store.events(result.run_id)
    assert {event.data["browser_pid"] for event in events if event.type == "step.started"} == {None}
    told = "".join(event.model_dump_json() for event in events)
    assert agent.kept.cdp_url not in told
    assert str(agent.kept.folder) not in told
    with store.open("last") as log:
        file = log.private("state.json", log.read_private("state.json") or b"")
    assert file.stat().st_mode & 0o077 == 0
    await agent.kept.end()


async def test_tasks_that_follow_find_it_and_open_no_more_tabs(counter: str, site: Site, store: RunStore) -> None:
    model, shown = asked(MORE, done("1"), MORE, done("2"), done("2 still"))
    agent = Agent("Count", model, browser=KEEP, start_url=counter, store=store)
    await agent.run()
    kept = agent.kept
    await agent.run("and once more")
    result = await agent.run("and how many is that?")
    assert (result.answer, agent.kept) == ("2 still", kept)
    assert ["Count 1" in shown[2], "Count 2" in shown[4]] == [True, True]
    assert site.visits.count("/counter") == 1
    assert kept
    assert await open_in(kept) == [counter]


async def test_one_that_was_closed_meanwhile_is_followed_by_a_new_one(site: Site, store: RunStore) -> None:
    site.pages["/other"] = "<!doctype html><title>Other</title><a href='/' target=_blank>Notes</a>"
    script = [{"click": {"ref": by_name("Notes")}}]
    agent = Agent("Look", ScriptedModel(script), browser=KEEP, start_url=f"{site.url}other", store=store)
    await agent.step()
    first = agent.kept
    await agent.close()
    assert first
    await first.end()
    model, shown = asked(done())
    agent = Agent[Any].resuming("last", model, store=store)
    result = await agent.run()
    second = agent.kept
    assert result.status == "done"
    assert "Welcome back" in shown[0], "its cookies are those of the first"
    assert second
    assert second != first
    assert (left(store), is_running(second.pid)) == (second, True)
    joined = await Browser.connect(second.cdp_url)
    assert {tab.url for tab in joined.tabs} == {f"{site.url}other", site.url}, "and no empty tab"
    await joined.close()


async def test_tabs_have_the_numbers_that_they_had_and_the_same_is_in_front(site: Site, store: RunStore) -> None:
    links = "".join(f"<a href='/{name}' target=_blank>{name}</a>" for name in ("two", "three", "four"))
    site.pages["/one"] = f"<!doctype html><title>One</title>{links}"
    clicks = [
        action
        for name in ("two", "three", "four")
        for action in ({"click": {"ref": by_name(name)}}, {"switch_tab": {"tab": 1}})
    ]
    script = [*clicks, {"switch_tab": {"tab": 3}}]
    agent = Agent("Look", ScriptedModel(script), browser=KEEP, start_url=f"{site.url}one", store=store)
    for _ in script:
        await agent.step()
    await agent.close()
    model, shown = asked(done())
    await Agent.resume("last", model, store=store)
    tabs = [line for line in shown[0].splitlines() if line.startswith("Tab ")]
    assert [line.split(" | ")[-1] for line in tabs] == [f"{site.url}{name}" for name in ("one", "two", "three", "four")]
    assert tabs[2].startswith("Tab 3 (this one)")


async def test_the_callers_own_browser_is_used_instead(
    counter: str, site: Site, browser: Browser, store: RunStore
) -> None:
    kept = killed(store, counter)
    model, shown = asked(done())
    agent = Agent[Any].resuming("last", model, browser=browser, store=store)
    await agent.run()
    assert "Count 0" in shown[0]
    assert site.visits.count("/counter") == 2
    assert is_running(kept.pid)
    assert (agent.kept, state(store)["browser"]) == (None, None)


async def test_what_a_kept_browser_cannot_hold_is_had_in_one_that_is_not_kept(
    counter: str, store: RunStore, tmp_path: Path
) -> None:
    kept = killed(store, counter)
    await kept.end()
    agent = Agent[Any].resuming(
        "last", ScriptedModel([done()]), browser=BrowserConfig(har=tmp_path / "a.har"), store=store
    )
    assert (await agent.run()).status == "done"
    assert agent.kept is None
    assert (tmp_path / "a.har").exists()


async def test_files_are_kept_with_the_run(site: Site, store: RunStore) -> None:
    site.pages["/files"] = '<!doctype html><a href="data:text/plain,hello" download="hello.txt">Get it</a>'
    model = ScriptedModel([{"click": {"ref": by_name("Get it")}}, done()])
    config = BrowserConfig(keep_open=True, downloads_dir=Path("elsewhere"))
    result = await Agent("Get it", model, browser=config, start_url=f"{site.url}files", store=store).run()
    [file] = result.files
    assert (file.name, file.read_text()) == ("hello.txt", "hello")


async def test_the_context_of_a_run_stays_open_in_a_given_browser(counter: str, store: RunStore) -> None:
    async with Browser(KEEP) as browser:
        agent = Agent("Count", ScriptedModel([MORE, done()]), browser=browser, start_url=counter, store=store)
        await agent.run()
        inner = browser.context.inner.browser
        assert inner
        _, context = inner.contexts
        assert await context.pages[0].evaluate("count") == 1
        assert agent.kept is None, "it ends with the connection"
