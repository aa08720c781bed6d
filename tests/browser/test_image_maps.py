"""Areas of image maps are links that are clicked where the browser has them."""

from collections.abc import Awaitable, Callable

import pytest

from webhand.browser import Tab
from webhand.errors import NotInteractable

Show = Callable[[str], Awaitable[Tab]]
IMAGE = (
    "<img id=image usemap='#m' width=200 height=100 style='STYLE' alt=Plan src=\"data:image/svg+xml,"
    "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='10'/>\">"
)


@pytest.fixture
def show(shown_again: Show) -> Show:
    return shown_again


def plan(areas: str, style: str = "") -> str:
    return f"{IMAGE.replace('STYLE', style)}<map name=m>{areas}</map>"


async def clicked(tab: Tab, name: str) -> str:
    """Which area got the click on the one of this name."""
    seen = await tab.observe()
    await tab.page.evaluate("() => { window.hit = ''; onclick = event => { window.hit = event.target.alt; }; }")
    await tab.click(next(one.ref for one in seen.elements.values() if one.name == name))
    return str(await tab.page.evaluate("window.hit"))


@pytest.mark.parametrize(
    ("shape", "style"),
    [
        ("shape=rect coords=150,50,200,100", ""),
        ("shape=rect coords='200,100 150,50'", ""),
        ("shape=circle coords=100,50,30", ""),
        ("shape=circ coords=100,50,30", ""),
        ("shape=poly coords=0,0,50,0,50,50", ""),
        ("shape=poly coords=0,0,100,0,100,10,10,10,10,90,100,90,100,100,0,100", ""),  # its middle is not in it
        ("shape=default", ""),
        ("shape=rect coords=150,0,200,50", "padding:20px 30px;border:7px solid"),
        ("shape=rect coords=150,0,200,50", "transform:scale(2);transform-origin:0 0"),
        ("shape=rect coords=150,0,200,50", "margin-top:3000px"),
        ("shape=rect coords=2900,2900,3000,3000", "width:3000px;height:3000px"),
    ],
)
async def test_a_shape_gets_the_click(show: Show, shape: str, style: str) -> None:
    tab = await show(plan(f"<area {shape} href='#a' alt=Part>", style))
    assert await clicked(tab, "Part") == "Part"
    assert tab.url.endswith("#a")


async def test_where_areas_overlap_each_is_clicked_where_it_is_on_top(show: Show) -> None:
    inner = "<area shape=circle coords=100,50,40 href='#a' alt=Inner>"
    tab = await show(
        plan(f"<area shape=default href='#c' alt=Rest>{inner}<area coords=50,0,150,100 href='#b' alt=Ring>")
    )
    assert [await clicked(tab, name) for name in ("Inner", "Ring", "Rest")] == ["Inner", "Ring", "Rest"]


async def test_an_area_without_address_that_listens(show: Show) -> None:
    tab = await show(plan("<area shape=default alt=Part>"))
    await tab.page.evaluate("document.querySelector('area').addEventListener('click', () => {})")
    assert await clicked(tab, "Part") == "Part"


async def test_an_area_that_is_covered_says_by_what(show: Show) -> None:
    over = "<button style='position:absolute;left:0;top:0;width:300px;height:300px'>Over</button>"
    tab = await show(plan("<area shape=default href='#a' alt=Part>") + over)
    seen = await tab.observe()
    (part, _) = seen.elements.values()
    assert part.cover == 'button "Over"'
    with pytest.raises(NotInteractable, match='covered by button "Over"'):
        await tab.click(part.ref)


async def test_an_area_lies_where_its_image_is_and_not_where_its_map_stands(show: Show) -> None:
    areas = "<div style='overflow:hidden;height:0'><map name=m><area shape=default href='#a' alt=Part></map></div>"
    tab = await show(f"{areas}<p style='margin-top:2000px'>Below</p>{IMAGE.replace('STYLE', '')}")
    (part,) = (await tab.observe()).elements.values()
    assert not part.in_view
    assert part.box is not None
    assert (part.box.width, part.box.height) == (200, 100)
    assert await clicked(tab, "Part") == "Part"


async def test_a_map_far_from_the_view_is_found_with_its_image(show: Show) -> None:
    far = "".join(f"<p style='height:90px'>{number}</p>" for number in range(200))
    tab = await show(far + plan("<area shape=default href='#a' alt=Part>"))
    (part,) = (await tab.observe()).elements.values()
    assert not part.in_view
    assert await clicked(tab, "Part") == "Part"
