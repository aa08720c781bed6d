"""Actions that make files."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from webhand import Secret
from webhand.browser import Tab
from webhand.controller import ActionContext, Controller

At = Callable[..., Awaitable[Tab]]


async def test_the_page_as_a_pdf(at_again: At, tmp_path: Path) -> None:
    tab = await at_again("<h1>Invoice</h1>")
    context = ActionContext(workspace=tmp_path / "work")
    result = await Controller().execute({"save_pdf": {"name": "../invoice.pdf"}}, tab, context)
    assert (result.ok, result.text, result.files) == (True, "saved invoice.pdf", (tmp_path / "work" / "invoice.pdf",))
    assert result.files[0].read_bytes().startswith(b"%PDF-")


async def test_without_a_folder_there_is_no_pdf(at_again: At) -> None:
    result = await Controller().execute({"save_pdf": {"name": "a"}}, await at_again("Invoice"))
    assert (result.error, result.text) == ("ActionDenied", "there is no folder to save files in")


async def test_a_download(at_again: At, port: int) -> None:
    tab = await at_again("<a href='/?html=hello'>Hello</a>")
    for call in ({"ref": "e1"}, {"url": f"http://127.0.0.1:{port}/?html=hello"}):
        result = await Controller().execute({"download": call}, tab)
        assert result.ok, result.text
        assert result.files[0].read_text() == "hello"


async def test_notes_are_written_changed_and_read(at_again: At, tmp_path: Path) -> None:
    tab, context, controller = await at_again(""), ActionContext(workspace=tmp_path), Controller()
    for call, told in (
        ({"save": {"name": "a.md", "content": "lamp\n"}}, "saved a.md, 5 bytes now"),
        ({"save": {"name": "a.md", "content": "lamp\n", "append": True}}, "added to a.md, 10 bytes now"),
        ({"replace": {"name": "a.md", "old": "lamp", "new": "chair"}}, "replaced in a.md: 2"),
        ({"open_file": {"name": "a.md"}}, "chair\nchair\n"),
        ({"open_file": {"name": "a.md", "offset": 6}}, "chair\n"),
        ({"open_file": {"name": "a.md", "offset": 60}}, "a.md has no more text"),
        ({"replace": {"name": "a.md", "old": "lamp", "new": "x"}}, "a.md does not hold 'lamp'; open_file shows"),
        ({"replace": {"name": "b.md", "old": "lamp", "new": "x"}}, "b.md does not hold 'lamp'; open_file shows"),
        ({"open_file": {"name": "b.md"}}, "there is no file b.md; files of this task: a.md"),
    ):
        result = await controller.execute(call, tab, context)
        assert result.text.startswith(told)


async def test_what_is_no_text_is_not_changed(at_again: At, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-\xe2\xe3 lamp")
    call = {"replace": {"name": "a.pdf", "old": "lamp", "new": "x"}}
    result = await Controller().execute(call, await at_again(""), ActionContext(workspace=tmp_path))
    assert result.text == "a.pdf is no text that could be changed"


async def test_a_long_file_is_read_on(at_again: At, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 7000)
    context = ActionContext(workspace=tmp_path)
    result = await Controller().execute({"open_file": {"name": "a.txt"}}, await at_again(""), context)
    assert result.text == "x" * 6000 + "\n(characters 0 to 6000 of 7000; open_file on with offset 6000)"


async def test_a_picture_is_shown_with_the_next_look(at_again: At, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    context = ActionContext(workspace=tmp_path)
    result = await Controller().execute({"open_file": {"name": "a.png"}}, await at_again(""), context)
    assert (result.text, result.pictures) == ("a.png is shown below", (tmp_path / "a.png",))


async def test_no_secret_is_written_into_a_file(at_again: At, tmp_path: Path) -> None:
    tab = await at_again("")
    context = ActionContext(workspace=tmp_path, secrets={"pw": Secret("hunter2!", origins=[tab.url])})
    await Controller().execute({"save": {"name": "a.md", "content": "<secret:pw>"}}, tab, context)
    assert (tmp_path / "a.md").read_text() == "<secret:pw>"


async def test_a_script_runs_only_where_that_was_asked_for(at_again: At) -> None:
    tab = await at_again("<p>Hello</p>")
    call = {"evaluate": {"script": "document.body.textContent"}}
    assert (await Controller().execute(call, tab)).error == "UnknownAction"
    controller = Controller(also=["evaluate"])
    assert (await controller.execute(call, tab)).text == '"Hello"'
    failed = await controller.execute({"evaluate": {"script": "nothing.there"}}, tab)
    assert failed.text == "the script failed: Page.evaluate: ReferenceError: nothing is not defined"
    left = await controller.execute({"evaluate": {"script": "location.search = '?html=other'"}}, tab)
    assert "the page went to " in left.text
    assert left.ends == "decision"
