"""The run's own files: what it notes down, and what it was given to read."""

import asyncio
from pathlib import Path

from webhand.browser import Tab
from webhand.browser.reading import part
from webhand.controller.action import ActionContext, ActionResult, Family
from webhand.controller.documents import PICTURES, text_of
from webhand.errors import InvalidArguments

family = Family()


@family.action(changes=False)
async def save(context: ActionContext, name: str, content: str, append: bool = False) -> ActionResult:
    """Write a file; append adds to it."""
    path = context.room.write(name, content, append=append)
    text = f"{'added to' if append else 'saved'} {name}, {path.stat().st_size:,} bytes now"
    return ActionResult(action="save", ok=True, text=text, data=name, files=(path,))


@family.action(changes=False)
async def replace(context: ActionContext, name: str, old: str, new: str) -> ActionResult:
    """Change a text in a file."""
    file = context.room.writable(name)
    try:
        text = file.read_text("utf-8") if file.is_file() else ""
    except UnicodeDecodeError:
        raise InvalidArguments(f"{name} is no text that could be changed") from None
    if not old or not (count := text.count(old)):
        raise InvalidArguments(f"{name} does not hold {old!r}; open_file shows what it holds")
    path = context.room.write(name, text.replace(old, new))
    return ActionResult(action="replace", ok=True, text=f"replaced in {name}: {count}", data=name, files=(path,))


@family.action(changes=False)
async def open_file(context: ActionContext, name: str, offset: int = 0) -> ActionResult:
    """Read a file of the task."""
    path = context.room.readable(name)
    if path.suffix.lower() in PICTURES:
        return ActionResult(action="open_file", ok=True, text=f"{name} is shown below", pictures=(path,))
    piece, more = part(await asyncio.to_thread(text_of, path), offset, "open_file")
    return ActionResult(action="open_file", ok=True, text=(piece or f"{name} has no more text") + more, data=piece)


@family.action(changes=False)
async def save_pdf(tab: Tab, context: ActionContext, name: str) -> ActionResult:
    """Save the page as PDF."""
    path = context.room.writable(f"{Path(name).stem or 'page'}.pdf")
    path.write_bytes(await tab.pdf())
    return ActionResult(action="save_pdf", ok=True, text=f"saved {path.name}", data=path.name, files=(path,))
