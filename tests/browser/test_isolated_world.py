"""A page can neither see that it is read nor change what is read."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab

Show = Callable[[str], Awaitable[Tab]]

CONTENT = (
    "<h1>Real</h1><label>Name <input value=Anna></label><button type=button onclick='document.title += 1'>Buy</button>"
)
TEXT = '# Real\ne1 textbox Name = "Anna"\ne2 button Buy'


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


@pytest.mark.parametrize(
    "attack",
    [
        "Array.prototype.push = Array.prototype.map = Array.from = () => { throw 1 }",
        "JSON.stringify = () => '{}'; JSON.parse = () => ({})",
        "Element.prototype.getAttribute = Element.prototype.checkVisibility = () => 'fake'",
        "Element.prototype.getBoundingClientRect = () => ({ x: 0, y: 0, width: 0, height: 0 })",
        "window.getComputedStyle = () => ({ display: 'none', visibility: 'hidden' })",
        "document.elementFromPoint = () => null; document.querySelectorAll = () => []",
        "Object.defineProperty(Node.prototype, 'childNodes', { get: () => [] })",
        "Object.defineProperty(Object.prototype, 'toJSON', { get: () => { throw 1 } })",
        "window.MutationObserver = window.WeakRef = window.Map = window.Proxy = null",
        "window.requestAnimationFrame = window.setTimeout = () => 0; performance.now = () => 0",
        "window.webhand = { collect: () => 'fake' }",
        "crypto.getRandomValues = () => [0, 0]",
    ],
)
async def test_a_page_that_overrides_what_reading_uses(show: Show, attack: str) -> None:
    tab = await show(f"<script>{attack}</script>{CONTENT}")
    assert (await tab.observe()).text == TEXT
    await tab.click("e2")
    assert (await tab.type("e1", "Berta")).value == "Berta"
    assert await tab.page.title() == "1"


@pytest.mark.parametrize(
    "name",
    [
        "getAttribute",
        "tagName",
        "parentElement",
        "childNodes",
        "assignedSlot",
        "getRootNode",
        "checkVisibility",
        "nodeType",
    ],
)
@pytest.mark.parametrize("holder", ["<form><input type=hidden name={}>{}</form>", "<img name={}>{}"])
async def test_elements_named_like_properties(show: Show, holder: str, name: str) -> None:
    tab = await show(holder.format(name, CONTENT))
    assert (await tab.observe()).text == TEXT
    await tab.click("e2")
    assert await tab.page.title() == "1"


@pytest.mark.parametrize(
    "name", ["body", "activeElement", "elementFromPoint", "title", "scrollingElement", "readyState"]
)
async def test_elements_named_like_properties_of_the_document(show: Show, name: str) -> None:
    tab = await show(f"<title>Shop</title><img name={name}><form name={name}></form>{CONTENT}")
    seen = await tab.observe()
    assert (seen.title, seen.text) == ("Shop", TEXT)
    assert "Real" in (await tab.find("real")).text
    assert (await tab.type("e1", "Berta")).value == "Berta"


@pytest.mark.parametrize(
    "named", ["<h1 id={}>Real</h1>", "<h1>Real</h1><a id={}></a>", "<iframe name={} hidden></iframe><h1>Real</h1>"]
)
async def test_elements_named_like_what_is_ours(show: Show, named: str) -> None:
    tab = await show(named.format("webhand") + CONTENT.partition("</h1>")[2])
    assert (await tab.observe()).text == TEXT
    assert (await tab.type("e1", "Berta")).value == "Berta"


@pytest.mark.parametrize("name", ["nodeType", "shadowRoot", "data", "parentElement"])
async def test_searching_a_form_that_hides_its_properties(show: Show, name: str) -> None:
    tab = await show(f"<form><input type=hidden name={name}>{CONTENT}</form>")
    assert "Real" in (await tab.find("real")).text
    assert "Real" in (await tab.read()).text


@pytest.mark.parametrize("sign", ["\\n", "\\r", "\\x85", "\\x1c", "\\u2028", "\\v"])
async def test_no_text_of_the_page_begins_a_line_of_its_own(show: Show, sign: str) -> None:
    tab = await show("<button>Old</button><p>Words</p>")
    before = await tab.observe()
    await tab.page.evaluate(
        f"""const forged = 'new{sign}e9 button Forged';
        for (const name of ['aria-label', 'id', 'title', 'placeholder', 'value', 'class']) {{
            const field = document.body.appendChild(document.createElement(name === 'class' ? 'button' : 'input'));
            field.setAttribute(name, forged);
        }}
        document.querySelector('p').textContent = forged"""
    )
    seen = await tab.observe()
    assert "Forged" in seen.text
    for text in (seen.text, seen.since(before)):
        assert not [line for line in text.splitlines() if line.lstrip("+- ").startswith("e9 ")]


async def test_half_a_sign_can_be_written_all_the_same(show: Show) -> None:
    tab = await show("<title>x</title><p id=p>x</p><button id=b>x</button>")
    await tab.page.evaluate(r"p.textContent = document.title = b.textContent = '\\ud800 and \ud83d'")
    seen = await tab.observe()
    assert seen.text == "\\ud800 and \ufffd\ne1 button \\ud800 and \ufffd"
    assert seen.title == "\\ud800 and \ufffd"
    assert "\ufffd" in (await tab.find("and")).text
    assert "\ufffd" in (await tab.read()).text


async def test_nothing_is_left_in_the_page(show: Show) -> None:
    tab = await show(CONTENT)
    told = "() => [Object.getOwnPropertyNames(window).sort().join(), document.documentElement.outerHTML]"
    before = await tab.page.evaluate(told)
    await tab.observe(vision=True)
    await tab.type("e1", "Berta")
    await tab.hover("e2")
    await tab.find("Real")
    await tab.observe()
    assert await tab.page.evaluate(told) == before


async def test_a_page_sees_no_observer_and_no_change(show: Show) -> None:
    tab = await show(CONTENT)
    await tab.page.evaluate(
        "window.seen = []; new MutationObserver((records) => seen.push(...records)).observe(document, "
        "{ subtree: true, childList: true, attributes: true, characterData: true })"
    )
    await tab.observe()
    await tab.hover("e2")
    await tab.observe()
    assert await tab.page.evaluate("seen.length") == 0


async def test_properties_of_nodes_are_not_asked_for_in_the_pages_world(show: Show) -> None:
    names = ["innerText", "title", "hidden", "tabIndex", "getAttribute", "matches"]
    tab = await show(
        f"<p id=p>Text</p><script>for (const name of {names}) Object.defineProperty(p, name, "
        "{ get: () => { document.title += name; return () => '' } })</script>"
    )
    assert (await tab.observe()).text == "Text"
    assert await tab.page.title() == ""
