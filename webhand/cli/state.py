"""`webhand state`: signing in by hand once, and keeping what the sites keep of it."""

import asyncio
import json
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from webhand.cli.codes import USAGE
from webhand.cli.terminal import one_line

if TYPE_CHECKING:
    from webhand.browser import Browser
    from webhand.cli.people import Person

state = typer.Typer(name="state", help="Keep what sites know a browser by: sign in by hand once.")
Name = Annotated[str, typer.Argument(help="What it is called: letters, digits, - and _.")]


@state.callback(invoke_without_command=True)
def state_help(context: typer.Context) -> None:
    """Keep what sites know a browser by: sign in by hand once."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(USAGE)


@state.command()
def save(name: Name, url: Annotated[str, typer.Argument(help="Where to sign in.")]) -> None:
    """Open a window, wait until you have signed in, and keep cookies and storage for `--state NAME`."""
    from webhand.cli.people import Person
    from webhand.cli.states import State
    from webhand.errors import LaunchFailed

    kept = State(name)
    try:
        content = asyncio.run(_signed_in(url, Person()))
    except LaunchFailed:
        if sys.platform != "linux" or os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}:
            raise
        raise LaunchFailed(
            "signing in needs a window, and there is no display here: neither DISPLAY nor WAYLAND_DISPLAY is set"
        ) from None
    typer.echo(f"kept in {kept.write(content)}: {_told(json.loads(content))}")


@state.command("list")
def listing() -> None:
    """List the states that are kept."""
    from webhand.cli.states import known

    names = known()
    for name in names:
        typer.echo(name)
    if not names:
        typer.echo("there are no states yet; webhand state save NAME URL makes one", err=True)


@state.command()
def delete(name: Name) -> None:
    """Delete a state; the sites may still count its browser as signed in."""
    from webhand.cli.states import State

    State(name).found().unlink()
    typer.echo(f"{name} is deleted")


async def _signed_in(url: str, person: "Person") -> str:
    """What the sites keep once somebody says that they are through, or has closed the window."""
    from playwright.async_api import Error as PlaywrightError

    from webhand.browser import Browser, BrowserConfig
    from webhand.cli.interruption import Interruption
    from webhand.errors import BrowserCrashed

    async with Browser(BrowserConfig(headless=False, viewport=None)) as browser:
        await browser.open(url)
        interruption = Interruption(person.leave, lambda _: None)
        await interruption.watch(through(browser, person))
        if interruption.code is not None:
            raise typer.Exit(interruption.code)
        try:
            return await browser.context.state()
        except PlaywrightError as error:
            reason = one_line(error.message)
            raise BrowserCrashed(f"the browser was ended before its state could be read: {reason}") from None


async def through(browser: "Browser", person: "Person") -> None:
    """Return when somebody has pressed Enter, or has closed the last tab."""
    from webhand.cli.people import NOBODY

    closed = asyncio.Event()

    def look(_: object) -> None:
        if not browser.tabs:
            closed.set()

    def watch(page: Any) -> None:
        page.on("close", look)

    for tab in browser.tabs:
        watch(tab.page)
    browser.context.inner.on("page", watch)

    async def gone() -> None:
        await closed.wait()

    async def said() -> None:
        if await person.answer("Sign in in the browser's window, then press Enter here, or close it.") == NOBODY:
            await gone()

    waiting = [asyncio.ensure_future(said()), asyncio.ensure_future(gone())]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def _told(content: dict[str, Any]) -> str:
    """What was kept, without any value of it."""
    cookies, origins = content.get("cookies", []), content.get("origins", [])
    sites = {str(one["domain"]).lstrip(".") for one in cookies} | {str(one["origin"]) for one in origins}
    count = f"{len(cookies)} cookie{'' if len(cookies) == 1 else 's'}, storage of {len(origins)}"
    return f"{count} site{'' if len(origins) == 1 else 's'} ({one_line(', '.join(sorted(sites))) or 'none'})"
