"""Dragging: by events of the pointer, of the mouse, and by HTML's own drag and drop."""

import re
from collections.abc import Awaitable, Callable

import pytest

from tests.browser.conftest import ref
from webhand.browser import Context, Tab

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]

NATIVE = """<div id=a draggable=true>Card</div><div id=b tabindex=0 style='height:90px'>Bin</div><script>
a.ondragstart = (event) => event.dataTransfer.setData("text/plain", "card");
b.ondragover = (event) => event.preventDefault();
b.ondrop = (event) => { b.append(" has " + event.dataTransfer.getData("text/plain")); };
</script>"""
BY_HAND = """<div id=a tabindex=0 style='position:absolute;left:0;top:0;width:50px;height:50px'>Card</div>
<div id=b tabindex=0 style='position:absolute;left:300px;top:200px;width:90px;height:90px'>Bin</div><script>
let held = false;
a.onPRESS = () => { held = true; };
addEventListener("MOVE", ({x, y}) => { if (held) a.style.translate = `${x - 25}px ${y - 25}px`; });
addEventListener("RELEASE", (event) => { held = false; if (event.x > 300 && event.y > 200) b.append(" has card"); });
</script>"""
POINTER = BY_HAND.replace("PRESS", "pointerdown").replace("MOVE", "pointermove").replace("RELEASE", "pointerup")
MOUSE = BY_HAND.replace("PRESS", "mousedown").replace("MOVE", "mousemove").replace("RELEASE", "mouseup")

ITEMS = "".join(f"<li tabindex=0 draggable=DRAGGABLE>{name}</li>" for name in "ABCDE")
LIST = """<style>ul { margin: 0; padding: 0; width: 300px } li { height: 30px; list-style: none; user-select: none }
.row { display: flex } .row li { width: 50px }</style><ul id=l class=CLASS>ITEMS</ul><script>
const across = l.className === "row", middle = (one) => { const box = one.getBoundingClientRect();
  return across ? box.x + box.width / 2 : box.y + box.height / 2; };
let item = null, last = 0;
SCRIPT
</script>"""
BY_MOUSE = """
// As old and common sortable lists do: a neighbour gives way as soon as the pointer is past its middle.
l.onmousedown = (event) => { item = event.target; last = across ? event.x : event.y; };
onmouseup = () => { item?.style.removeProperty("translate"); item = null; };
onmousemove = (event) => {
  if (!item) return;
  const at = across ? event.x : event.y, onwards = at > last;
  if (at === last) return;
  for (const other of l.children) {
    if (other === item) continue;
    const after = item.compareDocumentPosition(other) & 4;
    if (after && onwards && at > middle(other)) other.after(item);
    if (!after && !onwards && at < middle(other)) { other.before(item); break; }
  }
  last = at;
};"""
BY_DRAG = """
l.ondragstart = (event) => { item = event.target; };
l.ondragover = (event) => {
  event.preventDefault();
  const other = event.target.closest("li");
  if (!other || other === item) return;
  if (item.compareDocumentPosition(other) & 4) other.after(item); else other.before(item);
};
l.ondragend = () => { item = null; };"""
ON_DROP = """
l.ondragstart = (event) => { item = event.target; };
l.ondragover = (event) => event.preventDefault();
l.ondrop = (event) => {
  const other = event.target.closest("li");
  if ((across ? event.x : event.y) > middle(other)) other.after(item); else other.before(item);
};"""


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


@pytest.mark.parametrize("html", [NATIVE, POINTER, MOUSE])
async def test_onto_another_element(show: Show, heard: Heard, html: str) -> None:
    tab = await show(html)
    await tab.observe()
    await heard(tab.page)
    effect = await tab.drag("e1", "e2")
    assert re.fullmatch(r'dragged \w+ "Card" to \w+ "Bin"', effect.text)
    assert "Bin has card" in (await tab.observe()).text
    assert await heard(tab.page)


@pytest.mark.parametrize(("script", "draggable"), [(BY_MOUSE, "false"), (BY_DRAG, "true"), (ON_DROP, "true")])
@pytest.mark.parametrize("shape", ["column", "row"])
@pytest.mark.parametrize(
    ("item", "onto", "order"), [(0, 2, "BCADE"), (0, 4, "BCDEA"), (4, 0, "EABCD"), (3, 1, "ADBCE"), (1, 2, "ACBDE")]
)
async def test_an_item_of_a_list_takes_the_place_of_the_one_it_is_dragged_onto(
    show: Show, script: str, draggable: str, shape: str, item: int, onto: int, order: str
) -> None:
    html = LIST.replace("ITEMS", ITEMS).replace("CLASS", shape).replace("SCRIPT", script)
    tab = await show(html.replace("DRAGGABLE", draggable))
    refs = list((await tab.observe()).elements)
    await tab.drag(refs[item], refs[onto])
    assert await tab.page.evaluate("l.textContent") == order


async def test_onto_what_lies_below_the_view(show: Show) -> None:
    html = POINTER.replace("top:200px", "top:1800px").replace("event.y > 200", "event.pageY > 1800")
    tab = await show(html)
    await tab.observe()
    await tab.drag("e1", "e2")
    assert "Bin has card" in (await tab.observe()).text


async def test_in_a_frame(context: Context, site: Callable[..., str]) -> None:
    inner = site("/page", host="localhost", html=LIST.replace("ITEMS", ITEMS).replace("SCRIPT", BY_MOUSE))
    tab = await context.open(site("/page", html=f"<p style='height:300px'></p><iframe src='{inner}' height=300>"))
    refs = list((await tab.observe()).elements)
    await tab.drag(refs[0], refs[2])
    assert await tab.page.frames[1].evaluate("l.textContent") == "BCADE"


async def test_a_dialog_in_the_middle(show: Show) -> None:
    tab = await show(NATIVE.replace("b.ondrop = ", "a.ondragstart = () => confirm('Move?'); b.ondrop = "))
    await tab.observe()
    effect = await tab.drag("e1", "e2")
    assert effect.dialog
    assert effect.dialog.message == "Move?"
    await tab.answer_dialog(accept=False)
    assert "Bin" in (await tab.observe()).text


HANDLES = """<style>li { width: 300px; padding: 8px } .h { cursor: grab }</style>
<ul id=u><li><span class=h>::</span> A</li><li><span class=h>::</span> B</li><li><span class=h>::</span> C</li></ul>
<script>
let moved = null;
u.onpointerdown = (event) => { moved = event.target.className === "h" ? event.target.parentNode : null; };
u.onpointerup = (event) => { if (moved) event.target.closest("li")?.after(moved); };
</script>"""


async def test_a_handle_of_a_list_that_listens_moves_its_item(show: Show) -> None:
    tab = await show(HANDLES)
    first = next(one.ref for one in (await tab.observe()).elements.values() if one.name == "::")
    await tab.drag(first, await ref(tab, ":: C"))
    assert [one.strip() for one in await tab.page.locator("li").all_text_contents()] == [":: B", ":: C", ":: A"]
