"""Secrets: put in only for the site that may have them, and out of everything that comes back."""

import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from webhand.browser import Tab
from webhand.controller import ActionContext, ActionResult, Controller
from webhand.controller.redact import redacted, revealed, without_secrets
from webhand.errors import ActionDenied, InvalidArguments
from webhand.secrets import Secret

At = Callable[..., Awaitable[Tab]]

VALUE = "hunter2 & 'co' \"ü\\"
FIELD = "<input aria-label=Word>"


async def run(tab: Tab, call: Mapping[str, Any], *origins: str, events: list[Any] | None = None) -> ActionResult:
    async def emit(kind: str, data: Mapping[str, Any]) -> None:
        if events is not None:
            events.append((kind, json.dumps(data)))

    secrets = {"word": Secret(VALUE, origins=origins)}
    return await Controller().execute(call, tab, ActionContext(secrets=secrets, emit=emit))


TYPED = {"type": {"ref": "e1", "text": "<secret:word>"}}


async def test_a_secret_is_typed_on_its_own_site_and_told_to_nobody(at: At, port: int) -> None:
    tab, events = await at(FIELD), list[Any]()
    result = await run(tab, TYPED, f"HTTP://127.0.0.1:{port}/", events=events)
    assert result.ok
    assert await tab.page.locator("input").input_value() == VALUE
    assert result.data == "<secret:word>"
    told = result.model_dump_json() + str(events)
    assert "hunter2" not in told
    assert "<secret:word>" in events[0][1]


async def test_a_secret_stays_out_of_what_is_told_about_a_field_that_cuts_it(at: At, port: int) -> None:
    result = await run(
        await at("<input aria-label=Word value='x '>"),
        {"type": {**TYPED["type"], "clear": False}},
        f"http://127.0.0.1:{port}",
    )
    assert result.text == "typed into textbox \"Word\"; it holds 'x <secret:word>' now"


@pytest.mark.parametrize("origin", ["http://localhost:{port}", "https://127.0.0.1:{port}", "http://127.0.0.1", ""])
async def test_a_secret_of_another_site(at: At, port: int, origin: str) -> None:
    tab = await at(FIELD)
    result = await run(tab, TYPED, *([origin.format(port=port)] if origin else []))
    assert (result.ok, result.error) == (False, "ActionDenied")
    assert result.text == f"secret 'word' may not be used on http://127.0.0.1:{port}"
    assert await tab.page.locator("input").input_value() == ""


async def test_an_unknown_secret(at: At, port: int) -> None:
    result = await run(await at(FIELD), {"type": {"ref": "e1", "text": "<secret:pin>"}}, f"http://127.0.0.1:{port}")
    assert (result.error, result.text) == ("InvalidArguments", "there is no secret 'pin'; there are word")


def framed(port: int, host: str, more: str = "") -> str:
    return f"<iframe {more} src='http://{host}:{port}/?{urlencode({'html': FIELD})}'></iframe>"


@pytest.mark.parametrize(("page", "frame"), [("127.0.0.1", "localhost"), ("localhost", "127.0.0.1")])
async def test_what_counts_is_the_site_of_the_frame(at: At, port: int, page: str, frame: str) -> None:
    tab = await at(framed(port, frame), host=page)
    result = await run(tab, {"type": {"ref": "f2e1", "text": "<secret:word>"}}, f"http://{frame}:{port}")
    assert result.ok
    result = await run(tab, {"type": {"ref": "f2e1", "text": "<secret:word>"}}, f"http://{page}:{port}")
    assert result.error == "ActionDenied"
    assert result.text == f"secret 'word' may not be used on http://{frame}:{port}"


async def test_a_frame_without_an_address_belongs_to_its_page_and_a_sandboxed_one_to_nobody(at: At, port: int) -> None:
    call, site = {"type": {"ref": "f2e1", "text": "<secret:word>"}}, f"http://127.0.0.1:{port}"
    assert (await run(await at(f"<iframe srcdoc='{FIELD}'></iframe>"), call, site)).ok
    tab = await at(f"<iframe sandbox srcdoc='{FIELD}'></iframe>")
    result = await run(
        tab, {"type": {"ref": next(iter((await tab.observe()).elements)), "text": "<secret:word>"}}, site
    )
    assert result.text == "secret 'word' may not be used on this page"


async def test_an_address_gets_the_secrets_of_where_it_leads(at: At, port: int) -> None:
    tab = await at("")
    here, there = f"http://127.0.0.1:{port}", f"http://localhost:{port}"
    result = await run(tab, {"navigate": {"url": f"{there}/?html=<secret:word>"}}, here)
    assert result.text == f"secret 'word' may not be used on {there}"
    result = await run(tab, {"navigate": {"url": f"{there}/?html=<secret:word>"}}, there)
    assert result.ok
    assert "hunter2" in tab.url
    assert "hunter2" not in result.model_dump_json()
    result = await run(tab, {"navigate": {"url": "data:text/html,<secret:word>"}}, there)
    assert result.error == "ActionDenied"


async def test_what_changes_nothing_is_given_no_secret(at: At, port: int) -> None:
    tab = await at(f"<p>{VALUE}</p>")
    site = f"http://127.0.0.1:{port}"
    assert (await run(tab, {"find": {"text": "<secret:word>"}}, site)).text == '"<secret:word>" is not on the page'
    result = await run(tab, {"done": {"answer": "it is <secret:word>"}}, site)
    assert result.data["answer"] == "it is <secret:word>"


async def test_a_page_that_shows_a_secret(at: At, port: int) -> None:
    result = await run(await at("<p>it is hunter2 &amp; 'co' \"ü\\</p>"), {"read": {}}, f"http://127.0.0.1:{port}")
    assert result.text == "it is <secret:word>"
    assert result.data == "it is <secret:word>"


async def test_an_own_action_raises_with_a_secret_in_it(at: At) -> None:
    controller = Controller()

    @controller.action("Fails")
    async def fails(context: ActionContext) -> None:
        raise ValueError(f"wrong: {context.secrets['word'].reveal()}")

    assert fails
    result = await controller.execute({"fails": {}}, await at(""), ActionContext(secrets={"word": Secret(VALUE)}))
    assert result.text == "ValueError: wrong: <secret:word>"


class _Card(BaseModel):
    number: str
    name: str = "Anna"


def test_secrets_at_any_depth() -> None:
    secrets = {"a": Secret("1", origins=["https://x.example"]), "b": Secret(lambda: "2", origins=["https://x.example"])}
    value = ["<secret:a>", ("<secret:b>", 3), {"key": "x<secret:a><secret:b>"}, _Card(number="<secret:b>"), None]
    assert revealed(value, secrets, "https://x.example") == ["1", ("2", 3), {"key": "x12"}, _Card(number="2"), None]
    with pytest.raises(ActionDenied):
        revealed({"deep": [_Card(number="<secret:a>")]}, secrets, "https://y.example")
    with pytest.raises(InvalidArguments):
        revealed("<secret:c>", secrets, "https://x.example")
    assert revealed(["nothing"], secrets, "") == ["nothing"]


@pytest.mark.parametrize(
    "write",
    [
        str,
        quote,
        quote_plus,
        lambda value: quote(value, safe=""),  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        repr,
        json.dumps,
        lambda value: value.encode().hex(),  # pyright: ignore[reportUnknownLambdaType, reportUnknownMemberType]
        lambda value: base64.b64encode(b"user:" + value.encode()).decode(),  # pyright: ignore
        lambda value: base64.urlsafe_b64encode(b"user::" + value.encode() + b"!").decode(),  # pyright: ignore
        lambda value: base64.b64encode(value.encode()).decode(),  # pyright: ignore
    ],
)
def test_however_a_secret_is_written(write: Callable[[str], str]) -> None:
    text = redacted(f"a {write(VALUE)} b", {"word": Secret(VALUE)})
    assert "<secret:word>" in text
    assert "hunter2" not in text
    assert len(text) < len("a <secret:word> b") + 14


def test_secrets_that_hold_each_other_are_empty_or_short() -> None:
    secrets = {"a": Secret("pass"), "b": Secret("password"), "c": Secret("")}
    assert redacted("my password, my pass", secrets) == "my <secret:b>, my <secret:a>"


@given(st.text(min_size=6), st.text(), st.text())
def test_no_secret_comes_through(value: str, before: str, after: str) -> None:
    secrets = {"s": Secret(value)}
    for text in (before + value + after, before + quote(value, safe="") + after):
        cleaned = without_secrets({"deep": [text]}, secrets)["deep"][0]
        assert value not in cleaned.replace("<secret:s>", "\0") or value in "<secret:s>"
