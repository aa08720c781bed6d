"""References on pages that draw themselves anew: whatever happens, a click never reaches another thing than was named.

Things have a key that the page knows and nothing shows. What a reference stood for at a look is known from the order of
the page; where the click arrived, the page tells.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from webhand.browser import Tab
from webhand.browser.tab import Observation
from webhand.errors import NotInteractable, StaleRef

PAGE = """<!doctype html><title>Things</title><style>.row { display: flex; gap: 4px; }</style>
<button id=before>Before</button><div id=list></div>
<script>
  let things = [], nodes = new Map(), clicked = null;
  const row = (thing) => {
    const one = document.createElement("div");
    one.className = "row";
    one.innerHTML = "<span></span><button>Open</button><button>Delete</button><a href='#'></a>";
    fill(one, thing);
    return one;
  };
  const fill = (one, thing) => {
    one.firstChild.textContent = one.lastChild.textContent = thing.label;
    for (const part of one.children) part.onclick = (event) => { event.preventDefault(); clicked = thing.key; };
  };
  const put = () => list.replaceChildren(...things.map((thing) => nodes.get(thing.key)));
  const draw = () => { nodes = new Map(things.map((thing) => [thing.key, row(thing)])); put(); };
  const later = () => {
    for (const thing of things) if (!nodes.has(thing.key)) nodes.set(thing.key, row(thing));
    put();
  };
  const reuse = () => {                                    // as a list does that shows many things in a few nodes
    const kept = [...list.children];
    nodes.clear();
    things.slice(0, kept.length).forEach((thing, i) => { fill(kept[i], thing); nodes.set(thing.key, kept[i]); });
    later();
  };
</script>"""

PARTS = 4
"""Elements that a row has."""


@dataclass
class Tally:
    """How the clicks of a game ended."""

    right: int = 0
    refused: int = 0
    wrong: int = 0


class Things:
    """What the page shows, as somebody knows who can see behind it."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.shown: list[dict[str, Any]] = []
        self.last = 0
        for _ in range(4):
            self.add()

    def add(self, label: str | None = None) -> None:
        """A new thing somewhere; named like another one if a label is given."""
        self.last += 1
        place = self.chance.randrange(len(self.shown) + 1)
        self.shown.insert(place, {"key": self.last, "label": label or f"Thing {self.last}"})

    def change(self) -> str:
        """Something happens to the things; how the page draws that."""
        match self.chance.randrange(7):
            case 0 if len(self.shown) < 8:
                self.add()
            case 1 if len(self.shown) < 8:
                self.add(self.chance.choice(self.shown)["label"])
            case 2 if len(self.shown) > 2:
                self.shown.remove(self.chance.choice(self.shown))
            case 3:
                self.chance.shuffle(self.shown)
            case 4:
                self.chance.choice(self.shown)["label"] += "!"
                return "draw"
            case _:
                pass
        alike = len({thing["label"] for thing in self.shown}) < len(self.shown)
        return self.chance.choice(["draw", "draw", "later"] + ["reuse"] * (not alike))


def meaning(seen: Observation, things: Things) -> dict[str, int]:
    """The key of what each reference of a look stands for."""
    refs = list(seen.elements)[1:]
    assert len(refs) == PARTS * len(things.shown), (
        f"a look missed something {seen.partial}: {seen.text!r}, {things.shown}"
    )
    return {ref: things.shown[number // PARTS]["key"] for number, ref in enumerate(refs)}


async def play(tab: Tab, chance: Random, clicks: int) -> Tally:
    """So many clicks on a page that changes all the time, some on references of several looks ago."""
    things, tally, meant = Things(chance), Tally(), dict[str, int]()
    await tab.page.set_content(PAGE)
    await tab.page.evaluate("(to) => { things = to; draw(); }", things.shown)
    for _ in range(clicks):
        if chance.random() < 0.7 or not meant:
            meant |= meaning(await tab.observe(), things)
        for _ in range(chance.randrange(3)):
            how = things.change()
            await tab.page.evaluate(f"(to) => {{ things = to; clicked = null; {how}(); }}", things.shown)
        ref = chance.choice(list(meant)[-40:])
        await tab.page.evaluate("clicked = null")
        try:
            await tab.click(ref)
        except (StaleRef, NotInteractable):
            tally.refused += 1
            continue
        if await tab.page.evaluate("clicked") == meant[ref]:
            tally.right += 1
        else:
            tally.wrong += 1
    return tally


async def test_no_click_reaches_another_thing(shown_again: Callable[[str], Awaitable[Tab]]) -> None:
    """`benchmarks/twins.py` plays it for longer."""
    tally = await play(await shown_again("<p>Wait"), Random(11), 24)
    assert tally.wrong == 0
    assert tally.right > 6, "too many were refused to show anything"


async def test_a_reference_goes_over_to_the_twin(shown_again: Callable[[str], Awaitable[Tab]]) -> None:
    tab = await shown_again(
        "<ul id=l><li>Tea <button>Buy</button><li>Salt <button onclick='o.value = 2'>Buy</button></ul><output id=o>"
    )
    await tab.observe()
    await tab.page.evaluate("l.innerHTML = l.innerHTML")
    assert "e2 button Buy" in (await tab.observe()).text
    await tab.page.evaluate("l.innerHTML = l.innerHTML")
    await tab.click("e2")
    assert (await tab.observe()).text.endswith("2")


@pytest.mark.parametrize(
    "between",
    [
        ["l.append(l.lastChild.cloneNode(true))", "l.children[1].remove()", "l.innerHTML = l.innerHTML"],
        ["l.append(l.lastChild.cloneNode(true))", "l.children[1].remove(); l.innerHTML = l.innerHTML"],
        ["l.firstChild.firstChild.data = 'Salt'", "l.firstChild.firstChild.data = 'Tea'", "l.innerHTML = l.innerHTML"],
    ],
)
async def test_what_there_were_two_of_has_no_twin(
    shown_again: Callable[[str], Awaitable[Tab]], between: list[str]
) -> None:
    tab = await shown_again("<ul id=l><li>Tea <button>Buy</button><li>Salt <button>Buy</button></ul>")
    assert list((await tab.observe()).elements) == ["e1", "e2"]
    for change in between:
        await tab.page.evaluate(change)
    with pytest.raises(StaleRef):
        await tab.click("e2")


async def test_what_comes_and_goes_beside_it_does_not_matter(shown_again: Callable[[str], Awaitable[Tab]]) -> None:
    tab = await shown_again("<p id=p>1</p><ul id=l><li>Tea <button>Buy</button><li>Salt <button>Buy</button></ul>")
    assert list((await tab.observe()).elements) == ["e1", "e2"]
    for second in range(4):
        await tab.page.evaluate(f"p.firstChild.data = '{second}'; l.innerHTML = l.innerHTML")
    await tab.page.evaluate("for (const one of [...l.children]) { one.remove(); l.append(one.cloneNode(true)); }")
    await tab.click("e2")
