"""References: one node keeps one for its life, and none ever means another element."""

from collections.abc import Awaitable, Callable, Sequence

import pytest

from tests.browser.conftest import ref
from webhand.browser import Context, Tab
from webhand.errors import StaleRef

Show = Callable[[str], Awaitable[Tab]]


async def test_a_node_keeps_its_ref_whatever_happens_around_it(show: Show) -> None:
    tab = await show("<button id=a>A</button><button id=b>B</button>")
    before = await ref(tab, "B")
    await tab.page.evaluate("a.remove(); b.before(document.createElement('hr')); b.textContent = 'C'")
    assert await ref(tab, "C") == before


async def test_a_node_that_is_gone_is_stale(show: Show) -> None:
    tab = await show("<button id=a>A</button>")
    gone = await ref(tab, "A")
    await tab.page.evaluate("a.remove()")
    with pytest.raises(StaleRef, match="e1 is no longer on the page; look again"):
        await tab.click(gone)


async def test_a_ref_of_the_document_before_is_stale_and_its_number_is_not_used_again(
    context: Context, site: Callable[..., str]
) -> None:
    tab = await context.open(site("/page", html="<button>A</button>"))
    old = await ref(tab, "A")
    await tab.goto(site("/page", html="<button>B</button>"))
    assert await ref(tab, "B") == "e2"
    with pytest.raises(StaleRef):
        await tab.click(old)


async def test_a_node_that_became_something_else_is_stale(show: Show) -> None:
    tab = await show("<button id=a>Save</button>")
    save = await ref(tab, "Save")
    await tab.page.evaluate("a.textContent = 'Delete'")
    with pytest.raises(StaleRef, match='was button "Save" and is button "Delete" now'):
        await tab.click(save)
    await tab.observe()
    await tab.click(save)


async def test_a_ref_of_another_tab_says_where_to_go(show: Show) -> None:
    one, two = await show("<button>A</button>"), await show("<button>B</button>")
    first, second = await ref(one, "A"), await ref(two, "B")
    assert first != second
    with pytest.raises(StaleRef, match=rf"{first} is in tab {one.number}; switch_tab\({one.number}\) first"):
        await two.click(first)


@pytest.mark.parametrize("never_given", ["e99", "99", "", "button", "e1e2", "e-1", "#login", "[e99]"])
async def test_a_ref_that_was_never_given(show: Show, never_given: str) -> None:
    tab = await show("<button>A</button>")
    await tab.observe()
    with pytest.raises(StaleRef, match="there is no element"):
        await tab.click(never_given)


@pytest.mark.parametrize("written", ["{}", "[{}]", " {} "])
async def test_a_ref_may_be_written_as_models_write_it(show: Show, written: str) -> None:
    tab = await show("<button onclick='this.textContent = 1'>A</button>")
    await tab.click(written.format(await ref(tab, "A")))
    assert (await tab.observe()).text.startswith("e1 button 1")


async def test_refs_of_a_closed_tab_are_forgotten(show: Show) -> None:
    one, two = await show("<button>A</button>"), await show("<button>B</button>")
    first = await ref(one, "A")
    await one.close()
    with pytest.raises(StaleRef, match="is no longer on the page"):
        await two.click(first)


ROWS = """<ul id=l></ul><script>
  const draw = (...names) => {
    l.innerHTML = names.map((name) => `<li>${name} <button>Open</button><button>Delete</button></li>`).join("");
    for (const one of l.querySelectorAll("button")) one.onclick = () => one.textContent = "Done";
  };
</script>"""


@pytest.mark.parametrize(
    ("later", "stays"),
    [
        pytest.param(("Tea", "Salt", "Rice"), True, id="all as it was"),
        pytest.param(("Tea", "Salt", "Rice", "Oil", "Figs"), True, id="more at the end"),
        pytest.param(("Salt", "Tea!", "Rice"), False, id="another of this name, the one of before renamed"),
        pytest.param(("Rice", "Salt"), False, id="another order"),
    ],
)
async def test_a_twin_stands_where_the_other_one_stood(show: Show, later: Sequence[str], stays: bool) -> None:
    tab = await show(ROWS)
    await tab.page.evaluate("draw('Tea', 'Salt', 'Rice')")
    seen = await tab.observe()
    named = list(seen.elements)[3]
    assert (seen.elements[named].name, seen.elements[named].label) == ("Delete", "Salt")
    await tab.page.evaluate("(names) => draw(...names)", later)
    assert (named in (await tab.observe()).elements) is stays


CALENDAR = """<div id=c></div><script>
  const draw = (month, first, days) => {
    const cells = Array(first).fill("<td>");
    for (let day = 1; day <= days; day++) cells.push(`<td><a href="#">${day}</a>`);
    const rows = Array.from({ length: 5 }, (_, i) => "<tr>" + cells.slice(7 * i, 7 * i + 7).join(""));
    c.innerHTML = `<p>${month}</p><button>Prev</button><table>${rows.join("")}</table>`;
  };
</script>"""


async def test_a_day_of_one_month_is_not_that_of_another(show: Show) -> None:
    tab = await show(CALENDAR)
    await tab.page.evaluate("draw('December', 4, 31)")
    days = {e.name: ref for ref, e in (await tab.observe()).elements.items()}
    await tab.page.evaluate("draw('November', 4, 30)")
    later = {e.name: ref for ref, e in (await tab.observe()).elements.items()}
    assert later["Prev"] == days["Prev"]
    assert not {ref for name, ref in days.items() if name != "Prev"} & set(later.values())
    with pytest.raises(StaleRef):
        await tab.click(days["2"])
