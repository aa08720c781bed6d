"""Faults that a well-known agent showed on real applications, numbered as they were found, each absent here.

Those that are no matter of the page have their tests with the agent: rules and schema that fill the prompt (1), what
follows a change of page in one decision (11) and advice that does not fit (12).
"""

import re
from collections.abc import Awaitable, Callable

import pytest

from tests.browser.conftest import Heard, ref
from webhand.browser import Context, Tab
from webhand.browser.difference import difference
from webhand.errors import StaleRef

Show = Callable[[str], Awaitable[Tab]]
Site = Callable[..., str]

EDITOR = """<!doctype html><style>* { user-select: none }</style><svg width=400 height=200 id=canvas>
<g class=node transform='translate(20,20)' style='cursor:move'><rect width=80 height=30 fill=#9cf></rect>
<text x=10 y=20>inject</text></g>
<g class=node transform='translate(220,20)' style='cursor:move'><rect width=80 height=30 fill=#fc9></rect>
<text x=10 y=20>debug</text></g></svg><p id=log></p><script>
for (const node of document.querySelectorAll('.node')) {
  node.addEventListener('dblclick', () => { log.textContent += 'edit ' + node.textContent.trim() + '. '; });
  node.addEventListener('mousedown', () => { log.textContent += 'from ' + node.textContent.trim() + '. '; });
  node.addEventListener('mouseup', () => { log.textContent += 'to ' + node.textContent.trim() + '. '; });
}
</script>"""


async def test_2_what_is_drawn_can_be_double_clicked_and_dragged(show: Show) -> None:
    tab = await show(EDITOR)
    inject, debug = await ref(tab, "inject"), await ref(tab, "debug")
    await tab.click(inject, count=2)
    assert "edit inject." in (await tab.observe()).text
    await tab.drag(inject, debug)
    assert (await tab.observe()).text.endswith("from inject. to debug.")


async def test_3_what_is_disabled_or_covered_is_listed_as_that(show: Show) -> None:
    tab = await show(
        "<button disabled>Pay</button><p><button>Order</button></p>"
        "<div style='position:fixed;inset:0;background:#fff'>Cookies?</div>"
    )
    text = (await tab.observe()).text
    assert "button Pay (disabled" in text
    assert 'button Order (covered by div "Cookies?")' in text


async def test_4_all_state_is_told(show: Show) -> None:
    options = "".join(f"<option{' selected' * (n == 4)}>Size {n}" for n in range(1, 7))
    stars = "".join(f"<input type=radio name=s aria-label='{n} stars'{' checked' * (n == 3)}>" for n in range(1, 6))
    halves = "<button aria-pressed=false>AM</button><button aria-pressed=true>PM</button>"
    nameless = "".join(f"<div class=tool id=tool{n} tabindex=0 style='width:9px;height:9px'></div>" for n in range(5))
    text = (await (await show(f"<select aria-label=Size>{options}</select>{stars}{halves}{nameless}")).observe()).text
    assert 'Size = "Size 4" {Size 1; Size 2; Size 3; Size 4; Size 5; Size 6}' in text
    assert re.findall(r"\((.)\) (\d) stars", text) == [(" ", "1"), (" ", "2"), ("x", "3"), (" ", "4"), (" ", "5")]
    assert "button AM (not pressed)" in text
    assert "button PM (pressed)" in text
    assert all(f"clickable (tool{number})" in text for number in range(5))


async def test_5_single_signs_and_code_stand_as_they_are(show: Show) -> None:
    code = "".join(f"<div class=view-line style='white-space:pre'>{line}</div>" for line in ("if (a) {", "  b;", "}"))
    text = (await (await show(f"<p>Found <b>1</b></p><table><tr><td>Qty<td>1</table>{code}")).observe()).text
    assert text == "Found 1\nQty\t1\nif (a) {\n  b;\n}"


async def test_6_no_line_is_bare(show: Show) -> None:
    rich = "<div><div class=a><span></span><br><div class=b><div><span>Word</span><i></i></div></div></div></div>" * 20
    seen = await (await show(rich + "<table><tr><td><td></table><button>Go</button>")).observe()
    assert seen.text == "Word\n" * 20 + "e1 button Go"


async def test_7_only_what_changed_is_marked_after_a_dialog(show: Show) -> None:
    rows = "".join(f"<p>Row {number} <button>Open</button>" for number in range(12))
    tab = await show(f"{rows}<dialog id=d><button onclick='d.close()'>Close</button></dialog>")
    before = (await tab.observe()).text
    await tab.page.evaluate("d.showModal()")
    await tab.click(await ref(tab, "Close"))
    after = (await tab.observe()).text
    assert difference(before, after) == difference(before, before)


async def test_8_no_act_hits_anything_else_when_its_element_has_gone(show: Show, heard: Heard) -> None:
    tab = await show("<form onsubmit='return false'><input aria-label=Name><button id=b>Go</button></form>")
    name, go = await ref(tab, "Name"), await ref(tab, "Go")
    await heard(tab.page)
    await tab.page.evaluate("b.replaceWith(Object.assign(document.createElement('button'), { textContent: 'Delete' }))")
    with pytest.raises(StaleRef):
        await tab.click(go)
    assert await heard(tab.page, "click") == []
    await tab.type(name, "Anna")
    await tab.press("Enter", name)
    keys = [f"keydown {key}" for key in (*"Anna", "Enter")]
    assert await heard(tab.page, "keydown change") == [*keys, "change Anna"]


async def test_9_a_page_is_handed_over_when_it_is_there(context: Context, site: Site) -> None:
    loading = """<p id=p>Loading palette 0 of 5</p><script>(async () => {
      for (let part = 1; part <= 5; part++) { await fetch(%r + part); p.textContent = `Loading palette ${part} of 5`; }
      p.textContent = 'Ready'; })()</script>"""
    tab = await context.open()
    await tab.goto(site("/page", html=loading % site("/page", html="", after=60, part="")))
    assert (await tab.observe()).text == "Ready"


async def test_10_every_link_and_box_of_a_list_is_there(show: Show) -> None:
    links = "".join(f"<li><a href=#{number}>Part {number}</a>" for number in range(30))
    rows = "".join(
        f"<tr><td><input type=checkbox><td><a href=#r{number}>Order {number}</a><td>Open" for number in range(10)
    )
    seen = await (await show(f"<nav><ul>{links}</ul></nav><table>{rows}</table>")).observe()
    names = [(one.role, one.name) for one in seen.elements.values()]
    assert all(("link", f"Part {number}") in names for number in range(30))
    assert [role for role, _ in names].count("checkbox") == 10
    assert re.findall(r"\[ \].* link (Order \d)", seen.text) == [f"Order {number}" for number in range(10)]
