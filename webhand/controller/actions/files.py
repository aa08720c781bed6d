"""Handing files to pages."""

from pathlib import Path

from webhand.browser import Effect, Tab
from webhand.controller.action import ActionContext, ActionResult, Family
from webhand.errors import ActionDenied, InvalidArguments

family = Family()


@family.action()
async def upload(tab: Tab, context: ActionContext, ref: str, files: list[str]) -> Effect:
    """Give files to a file input or upload button."""
    return await tab.upload(ref, [_readable(file, context) for file in files])


@family.action()
async def download(tab: Tab, ref: str | None = None, url: str | None = None) -> Effect:
    """Save as a file what a link or button gives (ref) or what is at an address (url)."""
    return await tab.download(ref, url)


@family.action(changes=False)
async def save_pdf(tab: Tab, context: ActionContext, name: str) -> ActionResult:
    """Save the page as a PDF file."""
    if context.workspace is None:
        raise ActionDenied("there is no folder to save files in")
    path = context.workspace / f"{Path(name).stem or 'page'}.pdf"
    context.workspace.mkdir(parents=True, exist_ok=True)
    path.write_bytes(await tab.pdf())
    return ActionResult(action="save_pdf", ok=True, text=f"saved {path.name}", data=path.name, files=(path,))


def _readable(name: str, context: ActionContext) -> Path:
    """The file, if the run may read it: it is listed, or lies in the workspace."""
    allowed = [path.resolve() for path in context.files]
    folder = context.workspace.resolve() if context.workspace else None
    path = (folder / name if folder and not Path(name).is_absolute() else Path(name)).resolve()
    by_name = [one for one in allowed if one.name == name]
    if path not in allowed and len(by_name) == 1:
        path = by_name[0]
    if path not in allowed and not (folder and path.is_relative_to(folder)):
        known = ", ".join(str(one) for one in allowed) or "none"
        raise ActionDenied(f"{name} may not be read; files of this task: {known}")
    if not path.is_file():
        raise InvalidArguments(f"there is no file {name}")
    return path
