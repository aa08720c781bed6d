"""Shadow roots, open and closed, and their slots are read as they are drawn, and acted in."""

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


CLOSED = """const closed = (host, html) => {
  const root = host.attachShadow({mode: 'closed'});
  root.innerHTML = html;
  return root;
};"""
"""`closed(host, html)` gives an element a root that no script can ask for."""


async def closed(tab: Tab, html: str, *steps: str) -> None:
    """A page whose elements get closed roots by these steps of a script."""
    await shown(tab, html)
    await tab.page.evaluate(f"() => {{ {CLOSED} {'; '.join(steps)} }}")


TAGS = ["article", "aside", "blockquote", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6"] + [
    *("header", "main", "nav", "p", "section", "span", "x-box")
]


@pytest.mark.parametrize("tag", TAGS)
async def test_a_closed_root_on_every_element_that_may_have_one(show: Show, tag: str) -> None:
    tab = await show("")
    await closed(tab, f"<{tag} id=a></{tag}>", "closed(a, '<div>Words</div><button>Go</button>')")
    seen = await tab.observe()
    assert "Words" in seen.text
    assert [one.name for one in seen.elements.values()] == ["Go"]


@pytest.mark.parametrize(
    ("html", "steps", "text"),
    [
        ("<div id=a></div>", ["closed(a, '<p>Inside</p><button>Go</button>')"], "Inside\ne1 button Go"),
        ("<div id=a></div>", ["closed(a, 'Only words')"], "Only words"),
        ("<div id=a> <!-- none --> </div>", ["closed(a, 'Only words')"], "Only words"),
        ("<div id=a></div>", ["closed(a, '<img alt=Tree style=\"width:99px;height:99px\">')"], "(image: Tree)"),
        ("<div id=a><p>Not slotted</p></div>", ["closed(a, '<button>Go</button>')"], "e1 button Go"),
        ("<div id=a>Not drawn</div>", ["closed(a, '<button>Go</button>')"], "e1 button Go"),
        ("<div id=a>Drawn</div>", ["closed(a, '<slot></slot><p>Below</p>')"], "Drawn\nBelow"),
        ("<div id=a><p>Drawn</p></div>", ["closed(a, '<p>Above</p><slot></slot>')"], "Above\nDrawn"),
        ("<div id=a><p>Drawn</p></div>", ["closed(a, '<slot></slot><button>Go</button>')"], "Drawn\ne1 button Go"),
        (
            "<p>Its <span id=a>words</span>",
            ["closed(a, '<slot></slot><button>Go</button>')"],
            "Its words e1 button Go",
        ),
        ("<div id=a role=button></div>", ["closed(a, 'Go')"], "e1 button Go"),
        ("<div id=a><input type=hidden></div>", ["closed(a, '<button>Go</button>')"], "e1 button Go"),
        (
            "<div id=a></div>",
            ["closed(closed(a, '<section></section>').firstChild, '<button>Deep</button>')"],
            "e1 button Deep",
        ),
        (
            "<div id=a></div>",
            [
                "const inner = closed(closed(a, '<p></p>').firstChild, '<span></span>')",
                "closed(inner.firstChild, '<b>Three deep</b>')",
            ],
            "Three deep",
        ),
        (
            "<div id=a></div>",
            ["closed(closed(a, '<x-box></x-box>').firstChild, '<button>Deep</button>')"],
            "e1 button Deep",
        ),
        (
            "<div id=a></div>",
            [
                "const open = a.attachShadow({mode: 'open'})",
                "open.innerHTML = '<div></div>'",
                "closed(open.firstChild, '<button>Deep</button>')",
            ],
            "e1 button Deep",
        ),
    ],
)
async def test_a_closed_root_as_text(show: Show, html: str, steps: list[str], text: str) -> None:
    tab = await show("")
    await closed(tab, html, *steps)
    assert (await tab.observe()).text == text


async def test_the_body_has_a_closed_root(show: Show) -> None:
    tab = await show("")
    await tab.page.evaluate(f"() => {{ {CLOSED} closed(document.body, '<button>Go</button>') }}")
    assert (await tab.observe()).text == "e1 button Go"


async def test_acting_in_closed_roots(show: Show) -> None:
    tab = await show("")
    await closed(
        tab,
        "<div id=a></div>",
        "const inner = closed(closed(a, '<section></section>').firstChild, '<button>Go</button><input aria-label=A>')",
        "inner.firstChild.onclick = () => { inner.firstChild.textContent = 'Gone'; }",
    )
    go, field = (await tab.observe()).elements
    assert list((await tab.observe()).elements) == [go, field]
    await tab.click(go)
    await tab.type(field, "typed")
    seen = await tab.observe()
    assert seen.elements[go].name == "Gone"
    assert seen.elements[field].value == "typed"


async def test_what_listens_tells_of_the_closed_root_that_it_is_in(show: Show) -> None:
    """Nothing else does: the root draws over a picture's box, and out of any box of its host."""
    tab = await show("")
    await closed(
        tab,
        "<div id=a style='height:0'></div>",
        "const root = closed(a, '<button style=\"position:fixed;top:99px\">Go</button>')",
        "root.firstChild.addEventListener('click', () => {})",
    )
    assert (await tab.observe()).text == "e1 button Go"


async def test_a_closed_root_that_comes_after_a_look(show: Show) -> None:
    tab = await show("")
    await shown(tab, "<div id=a></div><x-box id=b></x-box>")
    assert (await tab.observe()).text == ""
    await tab.page.evaluate(f"() => {{ {CLOSED} closed(a, '<p>First</p>'); closed(b, '<p>Second</p>'); }}")
    assert (await tab.observe()).text == "First\nSecond"


async def test_closed_roots_that_come_with_an_action(show: Show) -> None:
    tab = await show("")
    await closed(
        tab,
        "<div id=a style='width:300px;height:50px'></div><button>Go</button><p id=b>Drawn</p>",
        "const come = () => { closed(a, 'Come'); closed(b, '<slot></slot><p>Too</p>'); }",
        "document.querySelector('button').onclick = come",
    )
    assert (await tab.observe()).text == "e1 button Go\nDrawn"
    await tab.click("e1")
    assert (await tab.observe()).text == "Come\ne1 button Go (focused)\nDrawn\nToo"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_closed_root_in_a_frame(show: Show, site: Callable[..., str], host: str) -> None:
    page = f"<body><div id=a></div><script>{CLOSED} closed(a, '<p>Inside</p><button>Go</button>')</script>"
    tab = await show("")
    await tab.page.goto(site("/page", html=f"<iframe src='{site('/page', html=page, host=host)}'></iframe>"))
    (go,) = (await tab.observe()).elements.values()
    assert go.name == "Go"
    await tab.click(go.ref)
    assert "- Inside" in (await tab.find("inside")).text


BARE = "<p>Outside</p><div id=a></div><x-box id=b></x-box>"
BOTH = ("closed(closed(a, '<div></div>').firstChild, '<p>Deep words</p>')", "closed(b, '<p>Other words</p>')")


async def test_reading_looks_into_closed_roots(show: Show) -> None:
    tab = await show("")
    await closed(tab, BARE, *BOTH)
    assert (await tab.read()).text == "Outside\n\nDeep words\n\nOther words"
    assert await tab.markdown() == "Outside\n\nDeep words\n\nOther words"


@pytest.mark.parametrize("text", ["Deep words", "Other words"])
async def test_finding_looks_into_closed_roots(show: Show, text: str) -> None:
    tab = await show("")
    await closed(tab, BARE, *BOTH)
    assert f"- {text}" in (await tab.find(text)).text


async def test_finding_after_a_look_looks_into_new_closed_roots_in_boxes_of_one_size(show: Show) -> None:
    tab = await show("")
    await shown(tab, "<div id=a style='width:300px;height:50px'></div>")
    await tab.observe()
    await tab.page.evaluate(f"() => {{ {CLOSED} closed(a, 'Come'); }}")
    assert "- Come" in (await tab.find("come")).text
    assert (await tab.observe()).text == "Come"


async def test_waiting_looks_into_closed_roots_that_come_meanwhile(show: Show) -> None:
    tab = await show("")
    await closed(
        tab,
        "<div id=a style='width:300px;height:50px'></div><p id=b></p>",
        "setTimeout(() => { closed(a, 'First'); }, 100)",
        "setTimeout(() => { closed(b, 'Second'); }, 300)",
    )
    assert "is on the page" in (await tab.wait(text="First", seconds=9)).text
    assert "is on the page" in (await tab.wait(text="Second", seconds=9)).text


async def test_the_name_and_the_text_of_one_element_look_into_closed_roots(show: Show) -> None:
    tab = await show("")
    await closed(tab, "<button>Go <span id=a></span></button>", "closed(a, '<b>now</b>')")
    (go,) = (await tab.observe()).elements.values()
    assert go.name == "Go now"
    assert (await tab.read(go.ref)).text == "Go now"
