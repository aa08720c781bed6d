"""Files that pages send: kept, named safely, and told."""

import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from webhand.browser import Browser, Context, Tab

Site = Callable[..., str]


@pytest.fixture
async def context(browser: Browser, tmp_path: Path) -> AsyncIterator[Context]:
    """A context with a folder for downloads that is not there yet."""
    async with await browser.new_context(downloads_dir=tmp_path / "downloads") as context:
        yield context


async def page(context: Context, site: Site, html: str) -> Tab:
    tab = await context.open(site("/page", html=html))
    await tab.observe()
    return tab


@pytest.mark.parametrize("after", [0, 300])
async def test_a_file_behind_a_link(context: Context, site: Site, after: int, tmp_path: Path) -> None:
    there = site("/file", name="price list.txt", html="1,2", after=after)
    tab = await page(context, site, f"<a href='{there}'>Prices</a>")
    effect = await tab.click("e1")
    file = tmp_path / "downloads" / "price list.txt"
    assert effect.downloads == (str(file),)
    assert effect.text == 'clicked link "Prices"; downloaded price list.txt'
    assert file.read_text() == "1,2"
    assert "downloaded price list.txt" in (await tab.observe()).notices


async def test_a_file_made_by_the_page(context: Context, site: Site) -> None:
    html = "<a download='a.csv' href='data:text/csv,1'>Save</a>"
    tab = await page(context, site, html)
    (name,) = (await tab.click("e1")).downloads
    assert Path(name).read_text() == "1"


async def test_two_files_of_one_name_at_once(context: Context, site: Site) -> None:
    html = """<button onclick="for (const text of ['one', 'two']) { const link = document.createElement('a');
        link.download = 'same.txt'; link.href = 'data:text/plain,' + text; link.click(); }">Both</button>"""
    tab = await page(context, site, html)
    await tab.click("e1")
    await context.downloads_done(0)
    assert sorted(path.read_text() for path in context.downloads) == ["one", "two"]
    assert sorted(path.name for path in context.downloads) == ["same (2).txt", "same.txt"]


async def test_an_address_that_is_a_file(context: Context, site: Site) -> None:
    tab = await page(context, site, "Here")
    url = site("/file", name="a.txt", html="hello")
    effect = await tab.goto(url)
    assert effect.text == f"{url} is a file and no page; downloaded a.txt"
    assert Path(effect.downloads[0]).read_text() == "hello"
    assert (await tab.observe()).text == "Here"


async def test_a_file_in_a_new_window(context: Context, site: Site) -> None:
    there = site("/file", name="a.txt", html="hello", after=100)
    tab = await page(context, site, f"<a target=_blank href='{there}'>Get</a>")
    effect = await tab.click("e1")
    assert [Path(name).name for name in effect.downloads] == ["a.txt"]
    assert effect.new_tabs == ()


@pytest.mark.parametrize(
    "suggested", ["../../etc/passwd", "..", "a\\b.txt", ".hidden", "x" * 300 + ".txt", "a:b*c?.txt"]
)
async def test_a_name_from_a_page_is_made_safe(context: Context, site: Site, tmp_path: Path, suggested: str) -> None:
    tab = await page(context, site, "<a>Get</a><button onclick='document.links[0].click()'>Get</button>")
    await tab.page.evaluate(
        "name => Object.assign(document.querySelector('a'), {download: name, href: 'data:,x'})", suggested
    )
    await tab.observe()
    (path,) = (await tab.click("e1")).downloads
    assert Path(path).parent == tmp_path / "downloads"
    assert Path(path).read_text() == "x"
    assert re.fullmatch(r"[\w() -][\w.() -]{0,99}", Path(path).name)


async def test_a_download_that_breaks_off_is_told_and_leaves_no_file(
    context: Context, site: Site, tmp_path: Path
) -> None:
    tab = await page(context, site, f"<a href='{site('/torn', name='a.txt')}'>Get</a>")
    effect = await tab.click("e1")
    assert effect.downloads == ()
    assert any(notice.startswith("the download of a.txt failed") for notice in (await tab.observe()).notices)
    assert list((tmp_path / "downloads").iterdir()) == []
