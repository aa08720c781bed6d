"""Open shadow roots and their slots are read as they are drawn, and acted in."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab

Show = Callable[[str], Awaitable[Tab]]


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


def host(inner: str, outer: str = "") -> str:
    return f"<x-box><template shadowrootmode=open>{inner}</template>{outer}</x-box>"


async def shown(tab: Tab, html: str) -> None:
    """`set_content` does not read shadow roots written in HTML."""
    await tab.page.evaluate("html => document.body.setHTMLUnsafe(html)", html)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (host("<p>Inside</p><button>Go</button>"), "Inside\ne1 button Go"),
        (host("<p>Before</p><slot></slot><p>After</p>", "<i>Slotted</i>"), "Before\nSlotted\nAfter"),
        (host("<slot>Fallback</slot>"), "Fallback"),
        (host("<slot name=a></slot>!<slot></slot>", "one <b slot=a>two</b>"), "two!one"),
        (host("<p>Seen</p>", "<p>Not slotted, not drawn</p>"), "Seen"),
        (host("<button><slot></slot></button>", "Buy"), "e1 button Buy"),
        (host("<button><b><slot></slot></b> now</button>", "<i>Buy</i>"), "e1 button Buy now"),
        (host(host("<button>Deep</button>")), "e1 button Deep"),
        (host("<label for=a>Name</label><input id=a value=x>"), 'e1 textbox Name = "x"'),
        (host("<slot></slot>", "<button>Light</button>"), "e1 button Light"),
    ],
)
async def test_a_shadow_root_as_text(show: Show, html: str, text: str) -> None:
    tab = await show("")
    await shown(tab, html)
    assert (await tab.observe()).text == text


async def test_acting_in_nested_shadow_roots(show: Show) -> None:
    tab = await show("")
    await shown(tab, host(host("<button onclick='this.textContent = 1'>Go</button><input aria-label=A>")))
    seen = await tab.observe()
    go, field = seen.elements
    await tab.click(go)
    assert (await tab.type(field, "typed")).value == "typed"
    assert (await tab.observe()).text == 'e1 button 1\ne2 textbox A = "typed" (focused)'


async def test_reading_finding_and_waiting_look_into_shadow_roots(show: Show) -> None:
    tab = await show("")
    await shown(tab, "<p>Outside</p>" + host("<p>Inside</p><slot></slot>", "<p>Slotted"))
    assert (await tab.read()).text == "Outside\n\nInside\n\nSlotted"
    assert "- Inside" in (await tab.find("inside")).text
    assert (await tab.wait(text="Inside", seconds=1)).text == '"Inside" is on the page'


async def test_a_change_in_a_shadow_root_is_waited_for(show: Show) -> None:
    tab = await show("")
    await shown(tab, host("<button>Go</button><p></p>"))
    await tab.page.evaluate(
        "const root = document.querySelector('x-box').shadowRoot;"
        "const come = () => { root.querySelector('p').textContent = 'Here'; };"
        "root.querySelector('button').onclick = () => { setTimeout(come, 200); };"
    )
    await tab.observe()
    await tab.click("e1")
    assert "Here" in (await tab.observe()).text
