"""Files given to a page, fetched from it, and made of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.conftest import Configured
from webhand.browser import Browser, BrowserConfig, Context, Tab
from webhand.errors import ActionTimeout, InvalidArguments, NotInteractable

Show = Callable[[str], Awaitable[Tab]]
Heard = Callable[..., Awaitable[list[str]]]
Site = Callable[..., str]

TOLD = "onchange='o.textContent = Array.from(files, (file) => file.webkitRelativePath || file.name)'><p id=o>"


@pytest.fixture
async def context(browser: Browser, tmp_path: Path) -> AsyncIterator[Context]:
    """A context whose downloads are looked at."""
    async with await browser.new_context(downloads_dir=tmp_path / "downloads") as context:
        yield context


async def first(tab: Tab) -> str:
    return next(iter((await tab.observe()).elements))


def made(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    return paths


@pytest.mark.parametrize(
    "html",
    [
        f"<input type=file multiple aria-label=Photos {TOLD}",
        f"<input type=file multiple hidden {TOLD}",
        f"<button onclick='i.showPicker()'>Add</button><input id=i type=file multiple style='opacity:0' {TOLD}",
        f"<button onclick='i.showPicker()'>Add</button><input id=i type=file multiple style='display:none' {TOLD}",
        f"<label tabindex=0>Add<input type=file multiple style='display:none' {TOLD}</label>",
    ],
)
async def test_several_files(show: Show, heard: Heard, tmp_path: Path, html: str) -> None:
    tab = await show(html)
    await heard(tab.page)
    effect = await tab.upload(await first(tab), made(tmp_path, "one.txt", "two.txt"))
    assert effect.value == "one.txt, two.txt"
    assert await tab.page.locator("#o").inner_text() == "one.txt,two.txt"
    assert len(await heard(tab.page, "change")) == 1


@pytest.mark.parametrize(
    "html",
    [
        f"<input type=file webkitdirectory aria-label=Folder {TOLD}",
        f"<button onclick='i.showPicker()'>Add</button><input id=i type=file webkitdirectory hidden {TOLD}",
    ],
)
async def test_a_folder(show: Show, tmp_path: Path, html: str) -> None:
    made(tmp_path / "all", "one.txt", "deep/two.txt")
    tab = await show(html)
    assert (await tab.upload(await first(tab), [tmp_path / "all"])).value == "all"
    told = await tab.page.locator("#o").inner_text()
    assert sorted(told.split(",")) == ["all/deep/two.txt", "all/one.txt"]


@pytest.mark.parametrize(
    ("attributes", "names", "why"),
    [
        ("", ["one.txt", "two.txt"], "e1 takes one file, not 2"),
        ("multiple", [], "there are no files to give"),
        ("multiple", ["one.txt", "gone.txt"], "there is no file .*gone.txt"),
        ("", ["folder"], "folder is a folder, and e1 takes files"),
        ("webkitdirectory", ["one.txt"], "e1 takes a folder, and one.txt is none"),
    ],
)
async def test_what_an_input_does_not_take(
    show: Show, tmp_path: Path, attributes: str, names: list[str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A chooser comes by itself; how soon says more about the machine.
    monkeypatch.setattr("webhand.browser.transfer.CHOOSER_LIMIT", 60)
    made(tmp_path, "one.txt", "two.txt", "folder/three.txt")
    tab = await show(f"<input type=file aria-label=A {attributes} {TOLD}")
    ref = await first(tab)
    with pytest.raises(InvalidArguments, match=why):
        await tab.upload(ref, [tmp_path / name for name in names])
    assert await tab.page.locator("#o").inner_text() == ""
    if attributes != "webkitdirectory":
        button = f"<button onclick='i.showPicker()'>Add</button><input id=i type=file hidden {attributes} {TOLD}"
        tab = await show(button)
        with pytest.raises(InvalidArguments, match=why.replace("e1", "e[0-9]+")):
            await tab.upload(await first(tab), [tmp_path / name for name in names])


async def test_files_of_another_kind_than_asked_for_are_told(show: Show, tmp_path: Path) -> None:
    tab = await show(f"<input type=file aria-label=Scan accept='.pdf,image/*' {TOLD}")
    (path,) = made(tmp_path, "one.txt")
    effect = await tab.upload(await first(tab), [path])
    assert effect.text == 'gave one.txt to file "Scan"; it asks for .pdf,image/*'
    (picture,) = made(tmp_path, "one.png")
    assert (await tab.upload(await first(tab), [picture])).text == 'gave one.png to file "Scan"'


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_what_a_link_leads_to(context: Context, site: Site, tmp_path: Path, host: str) -> None:
    there = site("/page", host=host, html="<p>Shown in the tab otherwise")
    tab = await context.open(site("/page", html=f"<a href='{there}'>Report</a>"))
    effect = await tab.download(await first(tab))
    (path,) = effect.downloads
    assert effect.text == f'fetched link "Report"; downloaded {Path(path).name}'
    assert Path(path).read_text() == "<p>Shown in the tab otherwise"
    assert (effect.navigated, effect.new_tabs) == (None, ())


async def test_what_a_button_makes(context: Context, site: Site) -> None:
    make = "const a = document.createElement('a'); a.download = 'a.csv'; a.href = 'data:text/csv,1'; a.click()"
    tab = await context.open(site("/page", html=f'<button onclick="{make}">Export</button>'))
    effect = await tab.download(await first(tab))
    assert effect.text == 'fetched button "Export"; downloaded a.csv'


async def test_a_picture_of_the_page(context: Context, site: Site) -> None:
    gif = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    html = f"<img alt=Plan tabindex=0 src='{gif}' style='width:50px;height:50px'>"
    tab = await context.open(site("/page", html=html))
    (path,) = (await tab.download(await first(tab))).downloads
    assert Path(path).read_bytes()[:3] == b"GIF"


async def test_an_address(context: Context, site: Site) -> None:
    tab = await context.open(site("/page", html="Here"))
    other = await context.open(site("/page", html="There"))
    await context.switch(tab.number)
    effect = await tab.download(url=site("/file", name="list.txt", html="1,2"))
    assert effect.text.startswith("fetched http://127.0.0.1")
    assert effect.text.endswith("; downloaded list.txt")
    assert Path(effect.downloads[0]).read_text() == "1,2"
    assert (context.active, context.tabs) == (tab, (tab, other))


async def test_what_gives_no_file(site: Site, configured: Configured) -> None:
    hasty = await configured(BrowserConfig(navigation_timeout=0.5))
    tab = await hasty.context.open(site("/page", html="<button>Export</button>"))
    with pytest.raises(NotInteractable, match="e1 was clicked but gave no file"):
        await tab.download(await first(tab))
    with pytest.raises(ActionTimeout, match="gave no file within 0.5 s"):
        await tab.download(url=site("/never"))
    with pytest.raises(InvalidArguments, match="download takes a ref or a url"):
        await tab.download()
    with pytest.raises(InvalidArguments, match="that is no address"):
        await tab.download(url="list.txt")
    assert hasty.tabs == (tab,)


async def test_a_pdf(show: Show) -> None:
    tab = await show("<h1>Invoice</h1>")
    assert (await tab.pdf()).startswith(b"%PDF-")


async def test_markdown(show: Show) -> None:
    tab = await show(
        """<nav><a href=/>Home</a></nav><main><h1>Boots &amp; more</h1>
        <p>Good <b>leather</b> and <i>rubber</i>, see <a href="https://example.com/care">care</a>.<br>Since 1990*</p>
        <ul><li>Black<ul><li>matt</li></ul></li><li>Brown</li></ul><ol start=3><li>Third</li></ol>
        <table><tr><th>Size</th><th>Price</th></tr><tr><td>42</td><td>80 | 90</td></tr></table>
        <blockquote><p>Fine!</p></blockquote><pre>x = 1
y = 2</pre><p>Run <code>make</code></p><img alt="A boot" src="https://example.com/b.png"><hr>
        <p hidden>secret</p><script>1</script><div id=host></div></main><footer>Imprint</footer>
        <script>host.attachShadow({mode: "open"}).innerHTML = "<h2>Inside</h2><slot></slot>"</script>"""
    )
    assert await tab.markdown() == (
        "# Boots & more\n\n"
        "Good **leather** and *rubber*, see [care](https://example.com/care).  \nSince 1990\\*\n\n"
        "- Black\n  - matt\n- Brown\n\n3. Third\n\n"
        "| Size | Price |\n| --- | --- |\n| 42 | 80 \\| 90 |\n\n"
        "> Fine!\n\n```\nx = 1\ny = 2\n```\n\nRun `make`\n\n"
        "![A boot](https://example.com/b.png)\n\n---\n\n## Inside"
    )


async def test_a_button_that_opens_no_file_chooser(show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhand.browser.transfer.CHOOSER_LIMIT", 0.5)
    tab = await show("<button>Add</button>")
    with pytest.raises(NotInteractable, match="e1 was clicked but opened no file chooser"):
        await tab.upload(await first(tab), made(tmp_path, "a.txt"))
