"""Pages that are too large to be read whole: what was read is told, and that it is not all; actions go on."""

import pytest

from webhand.browser import Context, frames, world
from webhand.browser.script import script

TOP = "<!doctype html><button onclick='top1.textContent = `Done`'>Go</button><h1 id=top1>Top</h1>"


def _filled(count: int, part: str) -> str:
    return f"{TOP}<div id=rest></div><script>rest.innerHTML = `{part}`.repeat({count})</script><p>The last words"


async def test_a_page_of_a_million_nodes(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FRAME_LIMIT", 30.0)  # a busy machine lays it out for longer than a user would wait
    tab = await context.open()
    await tab.page.set_content(_filled(1_000_000, "<i hidden></i>"))
    seen = await tab.observe()
    assert seen.text == "e1 button Go\n# Top"
    (why,) = seen.partial
    assert why.endswith("; the rest was not read")  # after so many nodes, or after so long
    await tab.click("e1")
    assert "# Done" in (await tab.observe()).text
    assert "The last words" in (await tab.find("last words")).text


async def test_a_page_that_takes_long_to_read(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "_script", script().replace("LIMIT_TIME = 1500", "LIMIT_TIME = 0"))
    tab = await context.open()
    await tab.page.set_content(_filled(2000, "<p>Row"))
    seen = await tab.observe()
    assert seen.text.startswith("e1 button Go\n# Top\nRow\n")
    assert seen.partial == ("1,024 nodes took 0 s to read; the rest was not read",)
    assert seen.text.count("Row") < 2000
    assert "The last words" in (await tab.find("last words")).text


@pytest.mark.parametrize(("count", "named"), [(20, True), (41, False)])
async def test_only_a_few_things_without_a_name_are_told_by_their_place(
    count: int, named: bool, context: Context
) -> None:
    tab = await context.open()
    square = "<i onclick='0' style='display:inline-block; width:9px; height:9px; cursor:pointer'></i>"
    await tab.page.set_content(square * count)  # each is compared with its neighbours, which takes long for many
    seen = await tab.observe()
    assert len(seen.elements) == count
    assert [one.name for one in seen.elements.values()] == [
        f"{n + 1} of {count}" if named else "" for n in range(count)
    ]
