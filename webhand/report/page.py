"""The page of a run: what it was to do, how it ended, and what happened in each step."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from importlib import resources
from pathlib import Path
from string import Template
from typing import Any

from webhand.agent.history import Result
from webhand.controller import ActionCall, ActionResult
from webhand.controller.origin import origin_of
from webhand.errors import StoreError
from webhand.events import Event
from webhand.llm.model import Usage
from webhand.llm.picture_files import media_type
from webhand.report.markup import Markup, joined, link, tag
from webhand.report.story import Chapter, Story, described

LONG = 280
"""Characters of a text that is shown at once; more is folded away."""
HEADING = 160
"""Characters of the task that stand as the page's heading."""
BRIEF = 0.05
"""Seconds that are not worth showing."""
UNKNOWN = "unknown"


def write_report(events: Sequence[Event], folder: Path) -> Path:
    """Write the run of these events as `<run id>.html` into the folder; the file needs nothing beside it.

    Raises StoreError when the file cannot be written, StoreCorrupt when the events have no beginning.
    """
    story = Story.of(events)
    target = folder / f"{story.result.run_id}.html"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside first, for its owner only: a reader finds the old page or the new one.
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, suffix=".part", delete=False) as file:
            file.write(page(story))
        os.replace(file.name, target)
    except OSError as error:
        raise StoreError(f"the page of the run cannot be written to {folder}: {error.strerror or error}") from None
    return target


def page(story: Story) -> str:
    """The whole page as HTML; pictures are in it."""
    template = Template(resources.files("webhand.report").joinpath("page.html").read_text("utf-8"))
    chapters = joined(*(_chapter(chapter, story.result) for chapter in story.chapters))
    nothing = None if story.chapters else tag("p", "nothing", "No step was made.")
    return template.substitute(
        title=joined(_first_line(story.task)), head=_head(story), steps=joined(chapters, nothing)
    )


def _head(story: Story) -> Markup:
    result = story.result
    kind, word = _verdict(result)
    first = _first_line(story.task)
    went_wrong = result.error or (f"limit reached: {result.limit}" if result.limit else None)
    return joined(
        tag("p", "run", tag("span", f"badge {kind}", word), tag("span", "id", f"run {result.run_id}")),
        tag("h1", "", first),
        _folded("the whole task", tag("pre", "", story.task)) if first != story.task.strip() else None,
        tag("section", "answer", tag("h2", "", "Answer"), tag("p", "", result.answer)) if result.answer else None,
        tag("p", "wrong", went_wrong) if went_wrong else None,
        _facts(story),
    )


def _facts(story: Story) -> Markup:
    result = story.result
    facts = {
        "steps": f"{len(story.chapters)}",
        "time": duration(result.seconds),
        "tokens": _tokens(result.usage),
        "cost": money(result.cost, result.usage),
        "model": story.model,
        "started": f"{story.started:%Y-%m-%d %H:%M} UTC",
    }
    shown = (tag("div", "", tag("dt", "", name), tag("dd", "", value)) for name, value in facts.items())
    return tag("dl", "facts", *shown)


def _chapter(chapter: Chapter, result: Result[Any]) -> Markup:
    step, seen = chapter.step, chapter.step.observation
    last = not chapter.finished
    error = step.error or (result.error if last else None)
    goal = (step.decision.next_goal if step.decision else "") or ("no decision" if error else "no goal was given")
    place = (
        tag("p", "place", tag("span", "title", seen.title or _host(seen.url)), " ", link(seen.url)) if seen else None
    )
    return tag(
        "article",
        "step failed" if step.failed or error else "step",
        tag("header", "", tag("span", "number", str(step.number)), tag("h2", "", goal), _times(chapter)),
        _picture(chapter.picture, shown=seen is not None and seen.pictured),
        place,
        tag("ol", "actions", *(_action(call, done, chapter) for call, done in chapter.actions)),
        tag("p", "wrong", error) if error else None,
        tag("p", "note", "The run ended in the middle of this step.") if last else None,
        _details(chapter),
        id=f"step-{step.number}",
    )


def _times(chapter: Chapter) -> Markup:
    thought = f", model {duration(chapter.thought)}" if chapter.thought and chapter.thought >= BRIEF else ""
    return tag("span", "seconds", f"{duration(chapter.step.seconds)}{thought}" if chapter.finished else "not finished")


def _action(call: ActionCall, result: ActionResult | None, chapter: Chapter) -> Markup:
    name, _, rest = described(call, chapter.targets).partition(" ")
    asked = tag("span", "call", tag("b", "", name), f" {rest}")
    if result is None:
        return tag("li", "skipped", asked, tag("p", "result", "not carried out"))
    told = result.text if result.ok else f"{result.error or 'Error'}: {result.text}"
    files = joined(*(tag("p", "result", f"file {path}") for path in result.files))
    seconds = tag("span", "seconds", duration(result.seconds)) if result.seconds >= BRIEF else None
    return tag("li", "ok" if result.ok else "bad", asked, seconds, _long(told, "result"), files)


def _details(chapter: Chapter) -> Markup | None:
    """What explains a step and is not needed at a glance."""
    step, decision, seen = chapter.step, chapter.step.decision, chapter.step.observation
    thoughts = {"evaluation": decision.evaluation, "memory": decision.memory} if decision else {}
    called = decision is not None or step.usage != Usage()
    facts = {"tokens": _tokens(step.usage), "cost": money(step.cost, step.usage)} if called else {}
    notes = {"notices": "\n".join(seen.notices), "not read": "\n".join(seen.partial)} if seen else {}
    rows = [
        joined(tag("dt", "", name), tag("dd", "", text)) for name, text in (thoughts | notes | facts).items() if text
    ]
    text = _file_text(seen.text) if seen and seen.text else None
    shown = None
    if seen and text is not None:
        shown = _folded(f"the page as text ({seen.elements} elements)", tag("pre", "", text))
    return _folded("thoughts and details", tag("dl", "", *rows), shown) if rows or shown else None


def _picture(path: Path | None, *, shown: bool) -> Markup | None:
    if path is None:
        return None
    try:
        data = path.read_bytes()
    except OSError:
        return tag("p", "note", "The picture is not there any more.")
    source = f"data:{media_type(data) or 'image/png'};base64,{base64.b64encode(data).decode()}"
    told = "the page as the model saw it" if shown else "the page; the model was shown its text"
    picture = Markup(f'<img alt="{told}" src="{source}">')
    return tag("details", "picture", tag("summary", "", picture, title="larger or smaller"))


def _long(text: str, kind: str) -> Markup:
    """The text, its greater part folded away where it is long."""
    if len(text) <= LONG:
        return tag("p", kind, text)
    return tag("details", kind, tag("summary", "", " ".join(text.split())[:LONG] + " …"), tag("pre", "", text))


def _folded(name: str, *content: str | None) -> Markup:
    return tag("details", "more", tag("summary", "", name), *content)


def _verdict(result: Result[Any]) -> tuple[str, str]:
    if result.status == "done":
        return ("good", "done") if result.success else ("bad", "not done")
    return {"failed": ("bad", "failed"), "limit": ("warn", "limit reached")}.get(result.status, ("warn", "stopped"))


def duration(seconds: float) -> str:
    """Seconds as people say them: `0.3 s`, `42 s`, `3 min 5 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def money(cost: Decimal | None, usage: Usage) -> str:
    """US$ as people say them; nothing was spent where no tokens were used."""
    if cost is None:
        return UNKNOWN if usage.prompt or usage.completion else "none"
    return f"US$ {cost:.4f}" if cost < 1 else f"US$ {cost:.2f}"


def _tokens(usage: Usage) -> str:
    if usage.prompt is None and usage.completion is None:
        return UNKNOWN
    cached = f" ({usage.cached:,} cached)" if usage.cached else ""
    return f"{usage.prompt or 0:,} in{cached}, {usage.completion or 0:,} out"


def _file_text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return None


def _first_line(text: str) -> str:
    first = next((line.strip() for line in text.splitlines() if line.strip()), "a run")
    return first if len(first) <= HEADING else f"{first[:HEADING].rstrip()} …"


def _host(url: str) -> str:
    return origin_of(url).partition("://")[2] or url[:40]
