from collections.abc import Sequence
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from webhand import Agent, AgentConfig, Browser, RunStore
from webhand.controller import ActionCall
from webhand.errors import StoreCorrupt, StoreError
from webhand.events import Event
from webhand.llm.model import Usage
from webhand.llm.scripted import ScriptedModel, by_name
from webhand.report import Story, described, write_report
from webhand.report.page import duration, money

EVIL = "</title><script>alert(1)</script><img src=x onerror=alert(2)>\"'&$title"
PAGE = "data:text/html,<title>Shop %3Cb%3E</title><button>Buy</button><input aria-label='Search'>"


class Elements(HTMLParser):
    """All start tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


async def made(browser: Browser, script: Sequence[Any], *, vision: bool, task: str = "Buy it") -> tuple[Event, ...]:
    """The events of a run that was really carried out."""
    config = AgentConfig(vision="always" if vision else "never", record_pictures=vision, max_failures=2)
    with RunStore() as store:
        agent = Agent[Any](task, ScriptedModel(script), browser=browser, start_url=PAGE, store=store, config=config)
        result = await agent.run()
        return store.events(result.run_id)


def decided(goal: str, *actions: dict[str, Any]) -> dict[str, Any]:
    return {"evaluation": f"so far: {EVIL}", "memory": "the price is 5", "next_goal": goal, "actions": list(actions)}


async def test_everything_of_the_run_is_on_the_page_and_nothing_of_it_is_markup(
    browser: Browser, tmp_path: Path
) -> None:
    script = [
        decided(f"type {EVIL}", {"type": {"ref": by_name("Search"), "text": EVIL}}, {"click": {"ref": by_name("Buy")}}),
        decided("click what is gone", {"click": {"ref": "e999"}}, {"scroll": {"direction": "down"}}),
        decided("report", {"done": {"answer": f"bought {EVIL}"}}),
    ]
    events = await made(browser, script, vision=True, task=f"Buy it {EVIL}")
    path = write_report(events, tmp_path / "reports")
    assert path == tmp_path / "reports" / f"{events[0].run_id}.html"
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    page = Elements(path.read_text("utf-8"))
    assert not page.of("script")
    assert all(not name.startswith("on") for _, attributes in page.tags for name in attributes)
    for said in (
        f"Buy it {EVIL}",
        f"bought {EVIL}",
        "StaleRef",
        "not carried out",
        "the price is 5",
        "Shop <b>",
        "done",
    ):
        assert said in page.text, said
    pictures = page.of("img")
    assert len(pictures) == 3
    assert all((picture["src"] or "").startswith("data:image/jpeg;base64,/9j/") for picture in pictures)


async def test_nothing_is_loaded_from_anywhere(browser: Browser, tmp_path: Path) -> None:
    events = await made(browser, [decided("report", {"done": {"answer": "yes"}})], vision=True)
    path = write_report(events, tmp_path)
    asked: list[str] = []
    complaints: list[str] = []
    async with await browser.new_context() as context:
        tab = await context.open()
        tab.page.on("request", lambda request: asked.append(request.url))
        tab.page.on("console", lambda message: complaints.append(message.text))
        await tab.goto(path.as_uri())
        drawn = await tab.page.evaluate("Array.from(document.images, image => image.naturalWidth)")
        wide = await tab.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    assert drawn == [1280]
    assert wide is False


async def test_a_run_without_pictures_whose_model_failed_is_told_too(browser: Browser, tmp_path: Path) -> None:
    events = await made(browser, ["only words", "and more words"], vision=False)
    page = Elements(write_report(events, tmp_path).read_text("utf-8"))
    assert page.of("img") == []
    assert "limit reached" in page.text
    assert page.text.count("OutputInvalid") >= 2
    assert "no decision" in page.text


async def test_the_page_is_written_anew_and_for_its_owner_only(browser: Browser, tmp_path: Path) -> None:
    events = await made(browser, [decided("report", {"done": {"answer": "first"}})], vision=False)
    path = write_report(events, tmp_path)
    path.write_text("old")
    assert write_report(events, tmp_path) == path
    assert "first" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0


async def test_a_step_that_was_cut_off_and_files_that_are_gone_are_told(browser: Browser, tmp_path: Path) -> None:
    script = [decided("buy", {"click": {"ref": by_name("Buy")}}), decided("report", {"done": {"answer": "yes"}})]
    events = await made(browser, script, vision=True)
    begun = [number for number, event in enumerate(events) if event.type == "action.started"]
    cut = events[: begun[0] + 1]  # as it is when the process is killed while it clicks
    story = Story.of(cut)
    assert [chapter.finished for chapter in story.chapters] == [False]
    picture = story.chapters[0].picture
    assert picture is not None
    picture.unlink()
    page = Elements(write_report(cut, tmp_path).read_text("utf-8"))
    assert "The run ended in the middle of this step." in page.text
    assert 'click button "Buy"' in page.text
    assert "outcome is unknown" in page.text
    assert "The picture is not there any more." in page.text
    assert "stopped" in page.text


def event(seq: int, kind: str, **data: Any) -> Event:
    return Event.model_validate({"run_id": "r1", "seq": seq, "at": "2026-01-02T03:04:05Z", "type": kind, "data": data})


def test_a_link_that_is_no_web_page_cannot_be_followed(tmp_path: Path) -> None:
    seen = {"url": "javascript:alert(1)", "title": "", "tokens": 1, "elements": 0}
    events = (
        event(1, "run.started", task="x\n\x00\ud800", model="offline"),
        event(2, "step.started", step=1),
        event(3, "observed", step=1, screenshot=None, **seen),
        event(4, "run.ended", status="failed", seconds=1.0, error="BlockedURL: no"),
    )
    page = Elements(write_report(events, tmp_path).read_text("utf-8"))
    assert page.of("a") == []
    assert "javascript:alert(1)" in page.text
    assert "BlockedURL: no" in page.text


def test_a_run_without_a_step_and_a_log_without_a_beginning(tmp_path: Path) -> None:
    assert "No step was made." in write_report([event(1, "run.started", task="x")], tmp_path).read_text("utf-8")
    with pytest.raises(StoreCorrupt):
        write_report([event(1, "run.ended", status="done")], tmp_path)


def test_a_folder_that_cannot_be_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        write_report([event(1, "run.started", task="x")], tmp_path / "file" / "reports")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"ref": "e1", "text": "boots"}, 'go link "Sign in" text="boots"'),
        ({"ref": "e2"}, "go e2"),
        ({"url": "https://a.example", "new_tab": True}, 'go url="https://a.example" new_tab=true'),
        ({}, "go"),
    ],
)
def test_an_action_is_told_with_the_names_of_its_targets(arguments: dict[str, Any], said: str) -> None:
    assert described(ActionCall(action="go", arguments=arguments), {"e1": 'link "Sign in"'}) == said


def test_figures_are_told_as_people_say_them() -> None:
    assert [duration(seconds) for seconds in (0.04, 3.27, 59.4, 185)] == ["0.0 s", "3.3 s", "59 s", "3 min 5 s"]
    assert money(Decimal("0.01234"), Usage(prompt=1)) == "US$ 0.0123"
    assert money(Decimal("12.5"), Usage(prompt=1)) == "US$ 12.50"
    assert money(None, Usage(prompt=1, completion=1)) == "unknown"
    assert money(None, Usage(prompt=0, completion=0)) == "none"
