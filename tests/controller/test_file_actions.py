"""Actions that make files."""

from collections.abc import Awaitable, Callable
from pathlib import Path

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
