"""Clicking and hovering: real events, and only where the element receives them."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.browser.conftest import ref
from webhand.browser import Tab
from webhand.browser.pointer import Button, Modifier
from webhand.errors import NotInteractable

Show = Callable[[str], Awaitable[Tab]]

LOG = """<p id=log></p><script>
for (const type of ["click", "dblclick", "auxclick", "contextmenu"])
  addEventListener(type, (event) => {
    const keys = ["altKey", "ctrlKey", "metaKey", "shiftKey"].filter((key) => event[key]);
    log.append([event.isTrusted && type, ...keys].join("+"), " ");
  });
</script>"""


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


async def logged(tab: Tab) -> str:
    return (await tab.page.locator("#log").inner_text()).strip()


@pytest.mark.parametrize(
    ("button", "count", "modifiers", "events", "said"),
    [
        ("left", 1, (), "click", 'clicked button "Go"'),
        ("left", 2, (), "click click dblclick", 'double-clicked button "Go"'),
        ("left", 3, (), "click click dblclick click", 'clicked 3 times button "Go"'),
        ("right", 1, (), "contextmenu auxclick", 'right-clicked button "Go"'),
        ("middle", 1, (), "auxclick", 'middle-clicked button "Go"'),
        ("left", 1, ("Control", "Shift"), "click+ctrlKey+shiftKey", 'clicked button "Go"'),
    ],
)
async def test_a_click(
    show: Show, button: Button, count: int, modifiers: Sequence[Modifier], events: str, said: str
) -> None:
    tab = await show(f"<button>Go</button>{LOG}")
    effect = await tab.click(await ref(tab, "Go"), button, count, modifiers)
    assert effect.text == said
    assert sorted((await logged(tab)).split()) == sorted(events.split())


async def test_modifiers_are_let_go(show: Show) -> None:
    tab = await show(f"<button>Go</button>{LOG}")
    go = await ref(tab, "Go")
    await tab.click(go, modifiers=("Alt", "Meta"))
    await tab.click(go)
    assert await logged(tab) == "click+altKey+metaKey click"


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<button disabled>Go</button>", "e1 is disabled; do what it waits for first, such as filling in a field, or "),
        (
            "<button>Go</button><div role=dialog aria-label=Consent style='position:fixed;inset:0'></div>",
            'e1 is covered by dialog "Consent"; deal with what covers it first',
        ),
        ("<fieldset style='pointer-events:none;opacity:.5'><button>Go</button></fieldset>", "e1 is disabled; do what"),
    ],
)
async def test_a_click_that_cannot_reach_its_element(show: Show, html: str, why: str) -> None:
    tab = await show(html)
    with pytest.raises(NotInteractable) as raised:
        await tab.click(await ref(tab, "Go"))
    assert str(raised.value).startswith(why)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("go.style.display = 'none'", "e1 is hidden; open what holds it first"),
        (
            "go.style.cssText = 'position:absolute;width:0;height:0;border:0;padding:0;overflow:hidden'",
            "e1 has no size",
        ),
        ("d.style.cssText = 'max-height:0;overflow:hidden'", "e1 is hidden; open what holds it first"),
        (
            "d.inert = true; document.body.insertAdjacentHTML('beforeend', '<p role=dialog aria-label=Sure>x</p>')",
            'e1 is covered by dialog "Sure"; deal with what covers it first',
        ),
        ("d.inert = true", "e1 is disabled; "),
        ("d.style.cssText = 'opacity:0;pointer-events:none'", "e1 is hidden; open what holds it first"),
    ],
)
async def test_an_element_that_cannot_be_clicked_any_more(show: Show, script: str, why: str) -> None:
    tab = await show("<div id=d><button id=go>Go</button></div>")
    go = await ref(tab, "Go")
    await tab.page.evaluate(script)
    with pytest.raises(NotInteractable) as raised:
        await tab.click(go)
    assert str(raised.value).startswith(why)


@pytest.mark.parametrize(
    "html",
    [
        "<button disabled id=b>Go</button><script>setTimeout(() => { b.disabled = false; }, 150)</script>",
        "<button>Go</button><p id=d style='position:fixed;inset:0'><script>setTimeout(() => d.remove(), 150)</script>",
        "<style>@keyframes in { from { margin-left: 600px; } }</style><button style='animation:in .2s'>Go</button>",
        "<div style='height:3000px'></div><button>Go</button>",
        "<div style='height:99px;overflow:auto'><p style='height:900px'></p><button>Go</button></div>",
        "<button style='display:contents'><b>Go</b></button>",
        "<button>Go</button><div style='position:fixed;left:0;top:0;width:30px;height:99px'></div>",
        "<header style='position:sticky;top:0;height:90px;background:red'></header><p style='height:2000px'></p>"
        "<button>Go</button><p style='height:2000px'>",
        "<span style='pointer-events:none;position:absolute;inset:0'></span><button>Go</button>",
    ],
)
async def test_what_a_click_waits_for_and_scrolls_to(show: Show, html: str) -> None:
    tab = await show(html + LOG)
    await tab.click(await ref(tab, "Go"))
    assert await logged(tab) == "click"


async def test_what_never_stands_still_is_clicked_on_its_way(show: Show) -> None:
    tab = await show(
        "<button id=b style='position:absolute;top:50px'>Go</button><script>let x = 0;"
        "setInterval(() => { b.style.left = `${x = (x + 1) % 600}px`; }, 16);"
        "b.onclick = () => { document.title = 'clicked'; };</script>"
    )
    assert (await tab.click(await ref(tab, "Go"))).text == 'clicked button "Go"'
    assert await tab.page.title() == "clicked"


async def test_an_animation_that_ends_is_waited_for(show: Show) -> None:
    tab = await show(
        "<style>@keyframes in { from { margin-left: 600px; } }</style><button style='animation:in 1s linear'"
        "onclick='document.title = document.getAnimations().length'>Go</button>"
    )
    await tab.click(await ref(tab, "Go"))
    assert await tab.page.title() == "0"


@pytest.mark.parametrize("other", ["<button>Other</button>", "<p>Ground</p>"])
async def test_a_click_that_slips_off_is_not_told_as_done(show: Show, other: str) -> None:
    tab = await show(
        f"<div style='position:absolute;inset:0'>{other}</div><button id=b style='position:absolute;top:0'>Go</button>"
        "<script>b.onmousemove = () => { b.style.top = b.style.top === '0px' ? '200px' : '0px'; };</script>"
    )
    go = await ref(tab, "Go")
    with pytest.raises(NotInteractable, match=r"e\d was not where the click went, which reached .*; look again"):
        await tab.click(go)


async def test_a_button_that_is_drawn_anew_when_pointed_at_is_clicked(show: Show) -> None:
    tab = await show(
        '<div id=d></div><script>const draw = () => { d.innerHTML = \'<button class=x onclick="document.title = 1">Go'
        "</button>'; d.firstChild.onmouseenter = () => { if (!window.once) { once = 1; draw(); } }; }; draw();</script>"
    )
    assert (await tab.click(await ref(tab, "Go"))).text == 'clicked button "Go"'
    assert await tab.page.title() == "1"


async def test_a_link_broken_over_two_lines_is_clicked_on_its_text(show: Show) -> None:
    tab = await show(f"<p style='width:100px'>some words <a href='#x'>and a link that is long</a></p>{LOG}")
    effect = await tab.click(await ref(tab, "and a link that is long"))
    assert effect.navigated
    assert effect.navigated.endswith("#x")


async def test_a_row_with_controls_in_it_can_be_clicked(show: Show) -> None:
    tab = await show(f"<table><tr onclick='1'><td>Anna</td><td><a href='#'>edit</a></td></tr></table>{LOG}")
    seen = await tab.observe()
    assert seen.text.startswith("e1 clickable\nAnna\te2 link edit")
    await tab.click("e1")
    assert await logged(tab) == "click"


async def test_hovering_opens_what_opens_under_the_pointer(show: Show) -> None:
    tab = await show(
        "<style>ul { display: none } div:hover ul { display: block }</style><div tabindex=0>Menu<ul><li>Item</ul>"
    )
    assert "Item" not in (await tab.observe()).text
    assert (await tab.hover(await ref(tab, "Menu"))).text == 'the pointer is on clickable "Menu"'
    assert "Item" in (await tab.observe()).text


UNSEEN = "position:absolute;opacity:0;width:0;height:0"
DRAWN = "<span style='display:inline-block;width:14px;height:14px;border:1px solid'></span>"
LINK = "<a href=#terms>terms and conditions of the shop</a>"


@pytest.mark.parametrize("kind", ["checkbox", "radio"])
@pytest.mark.parametrize(
    "label",
    [
        f"{DRAWN} I accept the {LINK} here",
        f"<div style='width:220px'>{DRAWN} <b>I accept the {LINK}</b></div>",
        f"<p style='display:inline-block;margin:0;padding-left:24px;background:#eee'>{LINK}</p>",
        f"{DRAWN}{LINK * 4}",
        f"<span tabindex=0>I accept</span> <i onclick='location.hash = 1'>the terms and conditions</i>{DRAWN}",
    ],
)
async def test_a_label_is_clicked_beside_what_acts_in_it(show: Show, kind: str, label: str) -> None:
    tab = await show(f"<label><input type={kind} id=k style='{UNSEEN}'>{label}</label>")
    seen = await tab.observe()
    effect = await tab.click(next(one.ref for one in seen.elements.values() if one.role == kind))
    assert effect.navigated is None
    assert await tab.page.evaluate("[k.checked, location.hash]") == [True, ""]


async def test_a_label_of_nothing_but_a_link_is_not_followed(show: Show) -> None:
    tab = await show(f"<label><input type=checkbox id=k style='{UNSEEN}'>{LINK}</label>")
    seen = await tab.observe()
    with pytest.raises(NotInteractable, match='is covered by link "terms and conditions of the shop"'):
        await tab.click(next(one.ref for one in seen.elements.values() if one.role == "checkbox"))


FOLDED: list[tuple[str, Callable[[Tab, str], Awaitable[object]]]] = [
    ("<input id=f aria-label=A>", lambda tab, ref: tab.type(ref, "x")),
    ("<input id=f aria-label=A type=date>", lambda tab, ref: tab.type(ref, "2026-05-31")),
    ("<select id=f aria-label=A><option>x<option>y</select>", lambda tab, ref: tab.select(ref, ["y"])),
    ("<label><input id=f type=checkbox>A</label>", lambda tab, ref: tab.check(ref)),
    ("<button id=f aria-label=A onclick='value = 1'>", lambda tab, ref: tab.press("Enter", ref)),
]


@pytest.mark.parametrize(("field", "act"), FOLDED)
async def test_what_has_been_folded_away_is_not_reached(
    show: Show, field: str, act: Callable[[Tab, str], Awaitable[object]]
) -> None:
    tab = await show(f"<div id=d style='overflow:hidden'><p>{field}</p></div>")
    folded = await ref(tab, "A")
    state = "[f.value, f.checked]"
    before = await tab.page.evaluate(f"d.style.maxHeight = 0, {state}")
    with pytest.raises(NotInteractable, match="e1 is hidden; open what holds it first"):
        await act(tab, folded)
    assert await tab.page.evaluate(state) == before


@pytest.mark.parametrize(("field", "act"), FOLDED)
async def test_what_is_inert_behind_a_dialog_waits_for_it(
    show: Show, field: str, act: Callable[[Tab, str], Awaitable[object]]
) -> None:
    tab = await show(f"<div id=d>{field}</div><div id=m role=dialog aria-label=Sure hidden>Really?</div>")
    behind = await ref(tab, "A")
    await tab.page.evaluate("d.inert = true, m.hidden = false")
    with pytest.raises(NotInteractable, match='e1 is covered by dialog "Sure"; deal with what covers it first'):
        await act(tab, behind)


async def test_what_the_pointer_goes_through_is_told_as_disabled(show: Show) -> None:
    tab = await show("<div style='pointer-events:none'><button>Go</button><a href=#x>On</a><input aria-label=A></div>")
    assert (await tab.observe()).text == 'e1 button Go (disabled)\ne2 link On (disabled)\ne3 textbox A = ""'


async def test_both_handles_of_two_sliders_in_one_place(show: Show) -> None:
    tab = await show(
        "<style>div { position:relative } input { position:absolute; width:300px; margin:0; pointer-events:none }"
        "input::-webkit-slider-thumb { pointer-events:auto }</style><div><input type=range value=20 aria-label=Least>"
        f"<input type=range value=80 aria-label=Most></div>{LOG}"
    )
    seen = await tab.observe()
    assert "covered" not in seen.text
    for slider in seen.elements:
        await tab.click(slider)
    assert await logged(tab) == "click click"
    assert await tab.page.evaluate("Array.from(document.querySelectorAll('input'), (one) => one.value)") == ["20", "80"]
