"""Runs on real pages: those that go round in circles are told so and ended, work that gets on is left in peace."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.agent.conftest import Site, done
from webhand import Agent, AgentConfig, Browser, Controller, Result, RunStore
from webhand.agent.config import Patience
from webhand.agent.stuck import Force
from webhand.controller import Question
from webhand.llm.scripted import ScriptedModel, by_name

QUICK = Patience(hint=2, picture=2, other_way=2, report=3, repeats=6)
PAGES: Mapping[str, str] = {
    "/a": "<title>A</title><h1>A</h1><a href=/b>To B</a>",
    "/b": "<title>B</title><h1>B</h1><a href=/a>To A</a>",
    "/form": "<title>Form</title><form action=/form><button>Send</button></form>",
    "/form?": "<title>Form</title><form action=/form><button>Send</button></form>",
    "/again": "<title>Again</title><div id=r></div><script>"
    "function draw() { r.innerHTML = '<p>Failed<p><button onclick=draw()>Retry</button>'; } draw();</script>",
    "/clock": "<title>Clock</title><p id=c>0</p><button>Dead</button><script>"
    "document.onclick = () => { c.textContent = `Tick ${performance.now()}`; };</script>",
    "/counter": "<title>Counter</title><output id=o>0</output><button onclick=o.textContent++>Add</button>",
    "/rows": "<title>Rows</title>" + "".join(f"<p style=height:400px>Row {i}</p>" for i in range(40)),
    "/list": "<title>List</title><div style='height:100px;overflow:auto'><button>Top</button>"
    + "".join(f"<p style=height:40px>Row {i}</p>" for i in range(60))
    + "</div>",
    "/slides": "<title>Slides</title><canvas id=c width=900 height=500></canvas><button onclick=next()>Next</button>"
    "<script>let n = 0; function next() { const pen = c.getContext('2d'); pen.fillStyle = `hsl(${n++ * 40},90%,50%)`;"
    " pen.fillRect(0, 0, 900, 500); pen.clearRect(n * 60, 50, 200, 300); } next();</script>",
    "/poll": "<title>Poll</title><p>The job is running</p><button>Refresh</button>",
}
SCANS = """<!doctype html><title>Scan</title><label>Code <input id=c></label><button
onclick="fetch('/scanned?' + c.value); c.value = ''">Book</button>"""
LINKS = [{"click": {"ref": by_name("To B")}}, {"click": {"ref": by_name("To A")}}]
BACK: dict[str, Any] = {"back": {}}
RELOAD: dict[str, Any] = {"reload": {}}
Script = Sequence[Any]


async def run(
    site: Site, browser: Browser, store: RunStore, path: str, script: Script, config: AgentConfig, **more: Any
) -> Result:
    site.pages.update({path: f"<!doctype html>{page}" for path, page in PAGES.items()})
    start = f"{site.url}{path.lstrip('/')}"
    told = config.model_copy(update={"thinking": "none", "record_pictures": False})
    model = ScriptedModel(script)
    return await Agent("go on", model, browser=browser, start_url=start, config=told, store=store, **more).run()


def forces(result: Result) -> list[int]:
    return [step.observation.force for step in result.steps if step.observation]


@pytest.mark.parametrize(
    ("path", "round_"),
    [
        ("/a", LINKS),
        ("/a", [{"navigate": {"url": "{site}b"}}, {"navigate": {"url": "{site}a"}}]),
        ("/a", [LINKS[0], BACK]),
        ("/a", [RELOAD]),
        ("/form?", [{"click": {"ref": by_name("Send")}}]),
        ("/again", [{"click": {"ref": by_name("Retry")}}]),
    ],
    ids=["links", "navigate", "back", "reload", "form", "drawn anew"],
)
async def test_circles_over_page_loads_are_ended(
    site: Site, browser: Browser, store: RunStore, path: str, round_: Script
) -> None:
    there = [_at(site, action) for action in round_]
    result = await run(site, browser, store, path, there * 20, AgentConfig(vision="never", patience=QUICK))
    assert result.status == "limit", result
    assert str(result.limit).startswith("patience: the same")
    assert len(result.steps) <= len(round_) * QUICK.report + 2
    assert forces(result)[-2:] == [Force.OTHER_WAY, Force.REPORT]


def _at(site: Site, action: Mapping[str, Any]) -> Mapping[str, Any]:
    url = action.get("navigate", {}).get("url")
    return {"navigate": {"url": url.format(site=site.url)}} if url else action


async def test_the_same_many_times_is_told_though_the_page_goes_on_changing(
    site: Site, browser: Browser, store: RunStore
) -> None:
    script = [{"click": {"ref": by_name("Dead")}}] * 9 + [done()]
    result = await run(site, browser, store, "/clock", script, AgentConfig(vision="never", patience=QUICK))
    assert result.status == "done"
    assert forces(result) == [0] * 6 + [Force.HINT] * 4


def own() -> Controller:
    controller = Controller()

    @controller.action("Look an order up", changes=False)
    async def order(number: str) -> str:
        return f"order {number} is paid"

    _ = order
    return controller


async def answer(question: Question) -> str:
    return "yes"


SAVE = [{"save": {"name": "n.md", "content": f"line {i}", "append": True}} for i in range(12)]
FREE: dict[str, tuple[str, Script]] = {
    "an action of the user's own": ("/a", [{"order": {"number": str(i)}} for i in range(12)]),
    "a long file": ("/a", [{"open_file": {"name": "long.txt", "offset": i * 6000}} for i in range(12)]),
    "questions": ("/a", [{"ask": {"question": f"Is {i} right?"}} for i in range(12)]),
    "saving": ("/a", SAVE),
    "scrolling": ("/rows", [{"scroll": {"direction": "down"}}] * 12),
    "scrolling a box": ("/list", [{"scroll": {"direction": "down", "ref": by_name("Top")}}] * 12),
    "a counter": ("/counter", [{"click": {"ref": by_name("Add")}}] * 20),
}


@pytest.mark.parametrize(("path", "script"), FREE.values(), ids=FREE)
async def test_what_brings_something_new_is_left_in_peace(
    site: Site, browser: Browser, store: RunStore, tmp_path: Path, path: str, script: Script
) -> None:
    long = tmp_path / "long.txt"
    long.write_text("\n".join(f"line {i} of the long text" for i in range(30000)))
    config = AgentConfig(vision="never", ask=answer)
    more = {"controller": own(), "files": [long]}
    result = await run(site, browser, store, path, [*script, done()], config, **more)
    assert result.status == "done", result
    assert all(one.ok for step in result.steps for one in step.results)
    assert set(forces(result)) == {0}


async def test_pictures_unlike_the_one_before_bring_something_new(
    site: Site, browser: Browser, store: RunStore
) -> None:
    script = [{"click": {"ref": by_name("Next")}}] * 10 + [done()]
    result = await run(site, browser, store, "/slides", script, AgentConfig(vision="always"))
    assert result.status == "done", result
    assert set(forces(result)) == {0}


@pytest.mark.parametrize("alone", [True, False])
async def test_polling_counts_half(site: Site, browser: Browser, store: RunStore, alone: bool) -> None:
    """Also where a text is waited for that does not come: that is an answer, not a failure."""
    waiting: list[dict[str, Any]] = [{"wait": {"seconds": 0.01, "text": "finished"}}]
    poll = waiting if alone else [{"click": {"ref": by_name("Refresh")}}, *waiting]
    config = AgentConfig(vision="never", patience=QUICK, max_failures=3)
    result = await run(site, browser, store, "/poll", [poll] * 20, config)
    assert result.limit == f"patience: the same was done {2 * QUICK.report} times in a row and the page is as before"


async def test_entries_into_a_page_that_says_nothing_are_made_to_the_end(
    site: Site, browser: Browser, store: RunStore
) -> None:
    site.pages["/scan"] = SCANS
    script = [
        [{"type": {"ref": by_name("Code"), "text": f"A{n}"}}, {"click": {"ref": by_name("Book")}}] for n in range(14)
    ]
    result = await run(site, browser, store, "/scan", [*script, done()], AgentConfig(vision="never", max_steps=30))
    assert (result.status, len(result.steps)) == ("done", 15), result.error
    assert Force.HINT not in forces(result)[:5]
