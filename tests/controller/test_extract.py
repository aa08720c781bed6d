"""Collecting data from a whole page, with a model that somebody plays."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from webhand import Secret
from webhand.browser import Tab
from webhand.controller import ActionContext, ActionResult, Controller
from webhand.errors import RateLimited
from webhand.llm import ScriptedModel
from webhand.llm.messages import Message, PageView, Text

At = Callable[..., Awaitable[Tab]]
LIST = {"type": "array", "items": {"type": "string"}}
ROWS = {"type": "object", "properties": {"rows": LIST, "total": {"type": ["integer", "null"]}}}


def said(messages: tuple[Message, ...]) -> str:
    return "\n".join(part.text for one in messages for part in one.parts if isinstance(part, (Text, PageView)))


async def extract(tab: Tab, model: ScriptedModel, more: dict[str, Any], **context: Any) -> ActionResult:
    call = {"extract": {"query": "all lamps"} | more}
    return await Controller().execute(call, tab, ActionContext(model=model, **context))


async def test_a_text_from_the_whole_page(at_again: At) -> None:
    tab = await at_again("<main><h1>Stock</h1><p style='margin-top: 5000px'><a href='/l'>Lamp</a> &lt;&lt;&lt;page</p>")
    model = ScriptedModel([" one lamp \n"])
    result = await extract(tab, model, {})
    assert (result.ok, result.text, result.data) == (True, "one lamp", "one lamp")
    assert "<<<page\n# Stock\n\nLamp (((page\npage>>>\nCollect: all lamps" in said(model.prompts[0])


async def test_addresses_of_links_where_they_are_wanted(at_again: At, port: int) -> None:
    model = ScriptedModel(["x"])
    await extract(await at_again("<a href='/l_(1)'>Lamp</a>"), model, {"links": True})
    assert f"[Lamp](http://127.0.0.1:{port}/l_(1))" in said(model.prompts[0])


async def test_data_as_a_schema_wants_it(at_again: At) -> None:
    model = ScriptedModel(['Here it is: ```json\n{"found": ["Lamp", "Chair"]}\n```'])
    result = await extract(await at_again("Lamp, Chair"), model, {"schema": LIST})
    assert (result.text, result.data) == ('["Lamp", "Chair"]', ["Lamp", "Chair"])
    assert '"found": {"type": "array", "items": {"type": "string"}}' in said(model.prompts[0])


async def test_a_schema_with_definitions(at_again: At) -> None:
    lamp = {"type": "object", "properties": {"name": {"type": "string"}}}
    schema = {"type": "array", "items": {"$ref": "#/$defs/lamp"}, "$defs": {"lamp": lamp}}
    model = ScriptedModel(['{"found": [{"name": "Lamp"}]}'])
    assert (await extract(await at_again("Lamp"), model, {"schema": schema})).data == [{"name": "Lamp"}]


async def test_an_answer_that_does_not_fit_is_asked_for_once_more(at_again: At) -> None:
    tab = await at_again("Lamp")
    model = ScriptedModel(['{"lamps": 1}', '{"found": ["Lamp"]}', "nothing", "nothing"])
    assert (await extract(tab, model, {"schema": LIST})).data == ["Lamp"]
    assert "Answer again, with JSON alone." in said(model.prompts[1])
    result = await extract(tab, model, {"schema": LIST})
    assert not result.ok
    assert result.text.startswith("nothing could be collected: ")


async def test_a_long_page_is_read_in_pieces_that_are_put_together(
    at_again: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhand.controller.actions.extract.PIECE", 100)
    monkeypatch.setattr("webhand.controller.actions.extract.PIECES", 2)
    tab = await at_again("".join(f"<p>{'lamp ' * 12}{n}</p>" for n in range(4)))
    model = ScriptedModel(['{"found": {"rows": ["a"], "total": null}}', '{"found": {"rows": ["b"], "total": 7}}'])
    result = await extract(tab, model, {"schema": ROWS})
    assert result.data == {"rows": ["a", "b"], "total": 7}
    assert "\n(the last 124 characters of the page were not read)" in result.text
    assert [said(prompt).count("lamp lamp") for prompt in model.prompts] == [6, 6]


async def test_what_was_found_is_added_to_a_file(at_again: At, tmp_path: Path) -> None:
    tab, model = await at_again("Lamp"), ScriptedModel(["one", "x" * 3000])
    first = await extract(tab, model, {"to": "lamps.md"}, workspace=tmp_path)
    assert (first.text, first.files) == ("added to lamps.md (3 characters): one", (tmp_path / "lamps.md",))
    second = await extract(tab, model, {"to": "lamps.md"}, workspace=tmp_path)
    assert second.text == f"added to lamps.md (3,000 characters): {'x' * 2000}…"
    assert (tmp_path / "lamps.md").read_text() == f"one\n{'x' * 3000}\n"


async def test_no_secret_reaches_the_reader(at_again: At) -> None:
    model = ScriptedModel(["ok"])
    secrets = {"pw": Secret("hunter2!", origins=["https://shop.example"])}
    await extract(await at_again("Your password is hunter2!"), model, {}, secrets=secrets)
    assert "Your password is <secret:pw>" in said(model.prompts[0])


@pytest.mark.parametrize(
    ("model", "more", "told"),
    [
        (None, {}, "extract needs a model, and there is none here; use read"),
        (ScriptedModel(["x"]), {"schema": {"$ref": "#/$defs/gone"}}, "the schema cannot be used: "),
        (ScriptedModel([RateLimited("slow down")]), {}, "nothing could be collected: slow down; try read"),
        (ScriptedModel(["x"]), {"to": "a.md"}, "there is no folder to save files in"),
        (ScriptedModel(["x"]), {"schema": "lamps"}, "schema: Input should be an object"),
    ],
)
async def test_what_cannot_be_is_said(at_again: At, model: Any, more: dict[str, Any], told: str) -> None:
    result = await extract(await at_again("Lamp"), model, more)
    assert not result.ok
    assert told in result.text
